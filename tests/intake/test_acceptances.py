"""A source holds in hand what it handed in: signed, in the log, and checked without asking us."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.intake.builders import LATER, NOW, a_code, a_delivery, a_row, businesses, csv_of, intact, judged
from xinqiao.intake import held, placing, queries
from xinqiao.intake.errors import UnknownDelivery
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.ledger import identity, receipts, sequencing
from xinqiao.parties.rules import Role, Scope
from xinqiao_verify import cli
from xinqiao_verify.notes import Trust, read_trust

ITEM = "tax_arrears"
LIST = "abnormal_operation"


def trust() -> Trust:
    return read_trust([identity.key().line, receipts.key().line])


def answer(folder: Path, file: Any, keys: Trust | None = None) -> cli.Answer:
    path = folder / "acceptance.json"
    path.write_text(json.dumps(file, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return cli.judge(path, keys or trust())


def test_a_receipt_is_promised_at_once_and_proven_a_moment_later(city_db: str, tmp_path: Path) -> None:
    content = csv_of([a_row(ITEM, uscc=a_code(9))])
    number = a_delivery(ITEM, content, tmp_path, filename="七月欠税.csv")
    promised = queries.acceptance(number)
    assert answer(tmp_path, promised).standing == "promised"
    said = promised["receipt"]
    assert (said["delivery"], said["state"]) == (number, "received")
    assert said["file"] == {
        "name": "七月欠税.csv",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }
    sequencing.sequence(LATER)
    assert answer(tmp_path, queries.acceptance(number)).standing == "proven"


def test_the_receipt_of_a_judged_delivery_holds_its_counts_for_ever(city_db: str, tmp_path: Path) -> None:
    """Rows placed later change what the page shows, and not what was signed."""
    (code,) = businesses(tmp_path, 1)
    rows = [a_row(ITEM, uscc=code), a_row(ITEM, uscc="?"), a_row(ITEM, uscc=a_code(9))]
    view = judged(ITEM, csv_of(rows), tmp_path)
    businesses(tmp_path, 9, period="2026-07-03")
    assert placing.place(LATER) == 1
    sequencing.sequence(LATER)
    file = queries.acceptance(view.number)
    assert answer(tmp_path, file).standing == "proven"
    counts = {"delivered": 3, "accepted": 1, "rejected": 1, "held": 0, "unplaced": 1}
    assert (file["receipt"]["state"], file["receipt"]["rows"]) == ("partial", counts)
    intact()


@pytest.mark.parametrize(
    ("part", "lie"),
    [
        ("rows", {"delivered": 1, "accepted": 0, "rejected": 1, "held": 0, "unplaced": 0}),
        ("state", "returned"),
        ("file", {"name": "sent.csv", "sha256": "0" * 64, "bytes": 1}),
        ("delivery", 7),
    ],
)
def test_no_word_of_it_can_be_changed(city_db: str, tmp_path: Path, part: str, lie: Any) -> None:
    file = queries.acceptance(judged(ITEM, csv_of([a_row(ITEM, uscc=a_code(9))]), tmp_path).number)
    file["receipt"][part] = lie
    assert answer(tmp_path, file).code == 1


def test_it_needs_keys_from_outside_and_passes_for_no_other_kind(city_db: str, tmp_path: Path) -> None:
    file = queries.acceptance(judged(ITEM, csv_of([a_row(ITEM, uscc=a_code(9))]), tmp_path).number)
    assert answer(tmp_path, file, read_trust([identity.key().line])).code == 1
    assert answer(tmp_path, file | {"format": "xinqiao-receipt/1"}).code == 1


def test_every_turn_of_a_delivery_is_signed_for(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 6))
    rows = [a_row(LIST, uscc=c) for c in codes]
    judged(LIST, csv_of(rows), tmp_path, mode="full", period="2026-07-10")
    short = judged(LIST, csv_of(rows[:1]), tmp_path, mode="full", period="2026-07-11")
    assert queries.acceptance(short.number)["receipt"]["state"] == "held"
    held.release(short.number, by=None, now=LATER)
    assert queries.acceptance(short.number)["receipt"]["rows"]["accepted"] == 1
    newer = judged(LIST, csv_of(rows[:2]), tmp_path, mode="full", period="2026-07-11", replaces=short.number)
    assert newer.state == "accepted"
    assert queries.acceptance(short.number)["receipt"]["state"] == "replaced"
    assert queries.acceptance(newer.number)["receipt"]["replaces"] == short.number
    intact()


def test_another_source_s_receipt_is_as_unknown_as_none(city_db: str, tmp_path: Path) -> None:
    number = a_delivery(ITEM, csv_of([a_row(ITEM, uscc=a_code(9))]), tmp_path, now=NOW)
    for asked, source in ((number, "court"), (DeliveryNumber(number + 1), "taxation")):
        with pytest.raises(UnknownDelivery):
            queries.acceptance(asked, scope=Scope(person=None, role=Role.PROVIDER, organisation=source))
