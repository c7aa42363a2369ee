"""A small city in which every covered table holds rows, furnished by the verbs alone."""

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from joserfc.jwk import OKPKey

from tests.intake import builders as intake
from tests.journeys import test_the_path_of_a_record as journey
from xinqiao.cli import road
from xinqiao.creditfile import annotations, erasure
from xinqiao.kernel.ids import FactId
from xinqiao.ledger import covering, following, sequencing, witnessing
from xinqiao.ledger.events import Kind
from xinqiao.parties import clients

SECRET: Final = "tax_declared_sales"
FULL: Final = "tax_arrears"
NOW: Final = journey.NOW


def furnish(folder: Path) -> None:
    """One record's whole way, and beside it what the journey does not touch; everything in its place in the log."""
    journey.test_one_row_from_the_departments_file_to_the_bank_and_back_to_the_business(folder)
    codes = intake.businesses(folder, *range(5), now=NOW)
    for item, mode in ((SECRET, "changes"), (FULL, "full")):
        rows = [intake.a_row(item, uscc=code) for code in codes]
        intake.judged(item, intake.csv_of(rows), folder, mode=mode, now=NOW)
    road.settle(NOW)
    first, second, *_ = _facts()
    annotations.add(first, kind="statement", text="企业说明", by="test", now=NOW)
    erasure.erase([second], basis="保存期限届满", by="test", now=NOW)
    key = OKPKey.import_key(Ed25519PrivateKey.generate().public_key())
    clients.register(id="pds_sample_bank_1", institution=journey.BANK, public_jwk=key.as_dict(private=False), now=NOW)
    following.follow("soak", lambda event: None, kinds=[Kind.REPORT_TOLD], now=NOW)
    for _ in range(2):
        sequencing.sequence(NOW)
        witnessing.show(NOW)
        following.follow("soak", lambda event: None, kinds=[Kind.REPORT_TOLD], now=NOW, limit=1)
    sequencing.sequence(NOW)


def empty_tables() -> list[str]:
    """Covered tables nobody furnished: extend `furnish` when a domain brings a new one."""
    found = []
    with connection.cursor() as cursor:
        for relation in sorted({covered.relation for covered in covering.registered().values()}):
            cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {relation})")
            if cursor.fetchone() == (True,):
                found.append(relation)
    return found


def _facts() -> list[FactId]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM creditfile_fact WHERE closed_event IS NULL ORDER BY id DESC")
        return [FactId(fact) for (fact,) in cursor.fetchall()]
