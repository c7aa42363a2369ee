"""Reading a business's file for a report (facts to JSON), against the bare SQL read of the same rows.

Both in one process over one connection, CPU of this process and of the server's backend together. The bare read fetches
the same rows and the same sealed values by subject, with the driver's own decoding, and does nothing with them. Ours
decides what may be told, opens what is sealed, covers names, adds codes in words, counts, and writes canonical JSON.
Goal: at most three times the bare read. The whole telling (grant, receipt, signatures, log) is printed beside it.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.db import connection, transaction

from xinqiao import catalogue
from xinqiao.authorisation import grants, mandates, notices
from xinqiao.catalogue.schema import FieldType, Item, ItemField
from xinqiao.creditfile import facts
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.facts import Origin
from xinqiao.disclosure import composing
from xinqiao.disclosure.canonical import report_text
from xinqiao.disclosure.reports import disclose_report
from xinqiao.disclosure.rules import Reader
from xinqiao.disclosure.writing import IN_ORDER
from xinqiao.kernel.ids import DeliveryNumber, InstitutionId, SubjectId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import queries as ledger
from xinqiao.ledger import sequencing
from xinqiao.parties import agreements, institutions, people
from xinqiao.parties.rules import InstitutionKind
from xinqiao.subjects import registration
from xinqiao.subjects.rules import Introduction
from xinqiao_bench import scratch
from xinqiao_bench.measures import Measure
from xinqiao_city import population

SUBJECTS: Final = 1_000
READS: Final = 1_000
TELLINGS: Final = 200
ROUNDS: Final = 3
GOAL: Final = 3.0
BANK: Final = InstitutionId("bench_bank")
NOW: Final = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY: Final = date(2026, 11, 23)
OTHERS: Final = 3  # of the columns that may be empty, one in so many is filled
# What a middling enterprise has: 40 lines, a third of them sealed.
LINES: Final = {
    "administrative_licence": 10,
    "administrative_penalty": 2,
    "honour": 2,
    "tax_arrears": 3,
    "tax_credit_level": 3,
    "tax_declared_sales": 12,
    "tender_award": 8,
}

_BARE: Final = """
SELECT f.id, f.item, f.source, f.payload, f.valid_from, f.valid_to, f.delivery, f.line, f.received_on, s.sealed
  FROM creditfile_fact f LEFT JOIN creditfile_secret s ON s.fact_id = f.id
 WHERE f.subject_id = %s AND f.closed_event IS NULL AND f.item = ANY(%s) ORDER BY f.item, f.valid_from DESC
"""


def run(subjects: int = SUBJECTS) -> dict[str, Measure]:
    with scratch.database():
        usccs = _fill(subjects)
        ids = list(usccs)
        ours, bare = [], []
        for _ in range(ROUNDS):
            bare.append(_cost(_bare, ids, READS))
            ours.append(_cost(_read, ids, READS))
        value, baseline = sorted(ours)[ROUNDS // 2], sorted(bare)[ROUNDS // 2]
        whole = _cost(lambda subject: _tell(usccs[subject]), ids, TELLINGS)
    return {
        "report": Measure(value, "ms CPU", baseline, value / baseline, GOAL),
        "report-told": Measure(whole, "ms CPU", baseline, whole / baseline),
    }


def _cost(act: Callable[[SubjectId], object], ids: list[SubjectId], times: int) -> float:
    """CPU milliseconds an act costs, here and in the server."""
    for subject in ids[:20]:
        act(subject)
    backend = _backend()
    before = _cpu(backend)
    for n in range(times):
        act(ids[n % len(ids)])
    return (_cpu(backend) - before) * 1000 / times


def _backend() -> Path | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    return stat if stat.exists() else None  # another machine's server: its CPU is not ours to read


def _cpu(backend: Path | None) -> float:
    mine = os.times()
    total = mine.user + mine.system
    if backend is not None:
        fields = backend.read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime, stime: proc(5)
    return total


def _bare(subject: SubjectId) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_BARE, [subject, list(LINES)])
        return list(cursor.fetchall())


def _read(subject: SubjectId) -> str:
    """What a report does between the decision and the receipt, its grade aside."""
    city = catalogue.city()
    told = composing.asked(city, Reader(frozenset(LINES)))
    sealed = [name for name, lines in told.items.items() if lines.plan.opens]
    found = creditfile.facts_of(subject, items=told.items, at=ledger.latest_position(), with_secret=sealed)
    composing.answer(told, found, city=city, on=TODAY)
    return report_text({"families": composing.families(told, city), "summary": composing.summary(told, city)}, IN_ORDER)


def _tell(uscc: Uscc) -> str:
    return disclose_report(asker=BANK, officer=None, client="bench", uscc=uscc, purpose="loan_review", now=NOW).text


# ── the world ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fill(count: int) -> dict[SubjectId, Uscc]:
    made = list(population.people(count, 1, date(2026, 10, 31)))
    rows = [Introduction(b.uscc, b.name, b.kind, b.county.code, b.trade.industry, b.established, "1") for b in made]
    ids = {number: uscc for uscc, number in registration.introduce(rows, now=NOW).items()}
    for delivery, (name, lines) in enumerate(LINES.items(), start=1):
        item = catalogue.city().item(name)
        _file(item, list(ids), lines, DeliveryNumber(delivery))
    _allow(ids)
    sequencing.sequence(NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return ids


TYPES: Final[Mapping[FieldType, Any]] = {
    FieldType.INTEGER: pl.Int64,
    FieldType.YEAR: pl.Int64,
    FieldType.BOOLEAN: pl.Boolean,
    FieldType.DATE: pl.Date,
    FieldType.MONEY_YUAN: pl.Decimal(18, 2),
    FieldType.MONEY_WAN: pl.Decimal(18, 2),
}


def _file(item: Item, subjects: list[SubjectId], lines: int, delivery: DeliveryNumber) -> None:
    """Rows with what is required and some of the rest; each line another, days recent enough to be told."""
    pairs = [(subject, n) for subject in subjects for n in range(lines)]
    columns = {
        name: pl.Series(
            [_value(field, n) if field.required or place % OTHERS == 0 else None for _, n in pairs],
            dtype=TYPES.get(field.type, pl.String),
        )
        for place, (name, field) in enumerate(item.fields.items())
    }
    frame = pl.DataFrame({"line": range(2, len(pairs) + 2), "subject_id": [s for s, _ in pairs], **columns})
    origin = Origin(item, item.sources[0], delivery, TODAY)
    for chunk in frame.iter_slices(facts.CHUNK):
        with transaction.atomic():
            facts.store(origin, chunk, now=NOW)


def _value(field: ItemField, n: int) -> Any:
    plain: Mapping[FieldType, Any] = {
        FieldType.INTEGER: n,
        FieldType.YEAR: TODAY.year - n,
        FieldType.BOOLEAN: n % 2 == 0,
        FieldType.DATE: TODAY - timedelta(days=n),
        FieldType.MONEY_YUAN: Decimal(n * 1_000 + 100) / 100,
        FieldType.MONEY_WAN: Decimal(n * 1_000 + 100) / 100,
        FieldType.MONTH: f"{TODAY.year - n // 12}-{n % 12 + 1:02d}",
    }
    codes = list(catalogue.city().codes[field.codes].values) if field.codes else []
    return plain.get(field.type, codes[n % len(codes)] if codes else f"示例{field.title}{n}")


def _allow(ids: Mapping[SubjectId, Uscc]) -> None:
    institutions.admit(id=BANK, name="基准银行", kind=InstitutionKind.BANK, contact="0375-0000000", now=NOW)
    agreements.make(
        institution=BANK,
        document="基准",
        items=LINES,
        purposes=["loan_review"],
        since=TODAY,
        until=TODAY + timedelta(days=400),
        now=NOW,
    )
    person = people.add(name="基准经办人", now=NOW)
    for subject in list(ids)[:TELLINGS]:
        mandates.give(person=person, subject_id=subject, now=NOW)
        grants.give(
            subject_id=subject,
            to=BANK,
            items=LINES,
            purpose="loan_review",
            until=TODAY + timedelta(days=90),
            notice=notices.current("loan_review"),
            by=person,
            now=NOW,
        )
