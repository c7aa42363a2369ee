"""From intake's judgement to facts: everything accepted is filed once, and ends when what said it ends."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.creditfile.builders import ARREARS, stored
from tests.intake.builders import LATER, a_row, businesses, csv_of, intact, judged
from xinqiao.creditfile import facts, filing, following, queries
from xinqiao.creditfile.errors import FilingMismatch
from xinqiao.creditfile.queries import Fact
from xinqiao.intake import held, placing
from xinqiao.intake import queries as intake
from xinqiao.intake.queries import DeliveryView
from xinqiao.kernel.ids import DeliveryNumber, EventId, SubjectId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import following as ledger_following
from xinqiao.ledger import queries as log
from xinqiao.ledger import sequencing
from xinqiao.ledger.events import Kind
from xinqiao.subjects import matching

pytestmark = pytest.mark.usefixtures("city_db")

LIST = "abnormal_operation"
MONTHLY = "insured_headcount"
ARREARS_ITEM = "tax_arrears"


def filed() -> int:
    """Whatever intake has said is taken up."""
    sequencing.sequence(LATER)
    done = following.follow(LATER)
    sequencing.sequence(LATER)
    return done


def known(code: str, item: str, **more: object) -> list[Fact]:
    (subject,) = matching.place([code]).values()
    return queries.facts_of(subject, items=[item], **more)  # type: ignore[arg-type]


def a_list(codes: list[str], folder: Path, day: str, **more: str) -> DeliveryView:
    rows = [a_row(LIST, uscc=code, **more) for code in codes]
    return judged(LIST, csv_of(rows), folder, mode="full", period=day)


def headcounts(codes: list[str], folder: Path, month: str, count: str = "8", **more: object) -> DeliveryView:
    rows = [a_row(MONTHLY, uscc=code, period=month, insured_total=count) for code in codes]
    return judged(MONTHLY, csv_of(rows), folder, mode="full", period=month, **more)


def arrears(balances: dict[str, str], folder: Path, quarter: str, **more: object) -> DeliveryView:
    rows = [
        a_row(ARREARS_ITEM, uscc=code, arrears_balance=balance, notice_on="2026-06-30", settled_on="")
        for code, balance in balances.items()
    ]
    return judged(ARREARS_ITEM, csv_of(rows), folder, mode="changes", period=quarter, **more)


def test_every_accepted_row_becomes_a_fact_that_names_its_file_and_line(tmp_path: Path) -> None:
    one, two = businesses(tmp_path, 1, 2)
    view = headcounts([one, two], tmp_path, "2026-06")
    assert filed() == 2
    (fact,) = known(two, MONTHLY)
    assert (fact.delivery, fact.line, fact.received_on) == (view.number, 3, date(2026, 7, 15))
    assert fact.values["insured_total"] == 8
    assert filing.is_filed(view.number)
    assert filing.counts(view.number).stored == 2
    intact()


def test_filing_twice_stores_nothing_twice(tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    headcounts([code], tmp_path, "2026-06")
    filed()
    assert filed() == 0
    assert len(known(code, MONTHLY)) == 1


def test_a_full_list_ends_what_it_no_longer_has(tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 11))
    a_list(codes, tmp_path, "2026-07-10")
    filed()
    before = log.latest_position()
    view = a_list(codes[1:], tmp_path, "2026-07-11")
    filed()
    assert known(codes[0], LIST) == []
    assert len(known(codes[0], LIST, at=before)) == 1
    assert filing.counts(view.number).confirmed == 9
    assert [fact.delivery for fact in known(codes[1], LIST)] == [view.number - 1]
    intact()


def test_a_row_that_was_listed_and_turned_back_ends_nothing(tmp_path: Path) -> None:
    codes = businesses(tmp_path, 1, 2)
    a_list(codes, tmp_path, "2026-07-10")
    filed()
    rows = [a_row(LIST, uscc=codes[0]), a_row(LIST, uscc=codes[1], listed_by="")]
    view = judged(LIST, csv_of(rows), tmp_path, mode="full", period="2026-07-11")
    assert view.rejected == 1
    filed()
    assert len(known(codes[1], LIST)) == 1


def test_julys_list_does_not_end_junes_facts(tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 7))
    headcounts(codes, tmp_path, "2026-05")
    headcounts(codes[1:], tmp_path, "2026-06")
    filed()
    assert [fact.values["period"] for fact in known(codes[0], MONTHLY)] == ["2026-05"]
    assert {fact.values["period"] for fact in known(codes[1], MONTHLY)} == {"2026-05", "2026-06"}


def test_a_delivery_that_is_replaced_ends_but_for_what_is_said_again(tmp_path: Path) -> None:
    one, two, three = businesses(tmp_path, 1, 2, 3)
    wrong = arrears({one: "8", two: "8", three: "8"}, tmp_path, "2026-Q2")
    filed()
    right = arrears({one: "8", two: "9"}, tmp_path, "2026-Q2", replaces=wrong.number)
    filed()
    assert [fact.delivery for fact in known(one, ARREARS_ITEM)] == [wrong.number]
    assert [(f.delivery, f.values["arrears_balance"]) for f in known(two, ARREARS_ITEM)] == [(right.number, "9.00")]
    assert known(three, ARREARS_ITEM) == []
    intact()


def test_a_held_list_is_filed_once_it_is_released(tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 11))
    a_list(codes, tmp_path, "2026-07-10")
    view = a_list(codes[:3], tmp_path, "2026-07-11")
    filed()
    assert len(known(codes[9], LIST)) == 1
    held.release(view.number, because="清理完毕", by=None, now=LATER)
    filed()
    assert known(codes[9], LIST) == []
    assert filing.counts(view.number).confirmed == 3
    intact()


def test_a_row_that_found_its_subject_late_is_filed_then(tmp_path: Path) -> None:
    (one,) = businesses(tmp_path, 1)
    stranger = headcounts([one, _code_of(2)], tmp_path, "2026-06")
    assert stranger.unplaced == 1
    filed()
    (two,) = businesses(tmp_path, 2, period="2026-07-02")
    sequencing.sequence(LATER)
    assert placing.place(LATER) == 1
    filed()
    (fact,) = known(two, MONTHLY)
    assert (fact.delivery, fact.line) == (stranger.number, 3)
    intact()


def test_what_comes_late_from_an_earlier_period_is_kept_and_never_current(tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    item = ARREARS_ITEM
    for quarter, balance in (("2026-Q2", "500"), ("2026-Q1", "900")):
        arrears({code: balance}, tmp_path, quarter)
        filed()
    (fact,) = known(code, item)
    assert fact.values["arrears_balance"] == "500.00"
    (late,) = (queries.fact(version) for version in queries.versions(fact.id) if version != fact.id)
    assert late.values["arrears_balance"] == "900.00"
    assert late.known_to is not None
    assert late.known_from is not None
    assert late.known_to < late.known_from
    for position in range(log.latest_position() + 1):
        assert len(known(code, item, at=position)) <= 1
    intact()


def test_two_rows_with_one_key_in_one_file_leave_the_later_line() -> None:
    stored("tax_arrears", ARREARS, ARREARS | {"arrears_balance": Decimal("1.00")}, ARREARS | {"tax_kind": "10104"})
    found = queries.facts_of(SubjectId(1))
    assert sorted((fact.values["tax_kind"], fact.line) for fact in found) == [("10101", 3), ("10104", 4)]


def test_a_part_that_is_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies between two parts goes on after the first."""
    codes = businesses(tmp_path, *range(1, 8))
    filed()
    view = headcounts(codes, tmp_path, "2026-06")
    monkeypatch.setattr(facts, "CHUNK", 3)
    whole, parts = facts.store, []

    def dying(*args: object, **more: object) -> object:
        parts.append(args)
        if len(parts) == 3:
            raise KeyboardInterrupt
        return whole(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(facts, "store", dying)
    with pytest.raises(KeyboardInterrupt):
        filed()
    assert filing.counts(view.number).stored == 6
    monkeypatch.setattr(facts, "store", whole)
    monkeypatch.setattr(facts, "CHUNK", 2)
    filed()
    assert filing.counts(view.number).stored == 7
    assert [len(known(code, MONTHLY)) for code in codes] == [1] * 7
    intact()


def test_a_delivery_is_not_called_filed_when_rows_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = businesses(tmp_path, 1, 2)
    headcounts(codes, tmp_path, "2026-06")
    whole = intake.accepted_frames
    monkeypatch.setattr(intake, "accepted_frames", lambda number: (frame.head(1) for frame in whole(number)))
    with pytest.raises(FilingMismatch):
        filed()
    assert ledger_following.behind("creditfile") == 0


def test_what_replaces_is_filed_before_what_it_replaces_ends() -> None:
    def due(event: int, delivery: int, what: Kind, by: int | None = None) -> filing.Due:
        number = None if by is None else DeliveryNumber(by)
        return filing.Due(EventId(event), DeliveryNumber(delivery), what, number, None)

    old = due(1, 7, Kind.DELIVERY_REPLACED, 8)
    new, other = due(2, 8, Kind.DELIVERY_JUDGED), due(3, 9, Kind.DELIVERY_JUDGED)
    assert filing.in_order([old, new, other], filed=()) == [new, old, other]
    assert filing.in_order([old, other], filed=()) == [other]
    assert filing.in_order([old, other], filed={8}) == [old, other]


def _code_of(serial: int) -> str:
    from tests.intake.builders import a_code

    return Uscc.parse(a_code(serial))
