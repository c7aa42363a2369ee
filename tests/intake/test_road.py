"""A delivery from the counter to accepted rows."""

from pathlib import Path

import pytest

from tests.intake.builders import (
    LATER,
    NOW,
    a_code,
    a_delivery,
    a_row,
    all_rows,
    businesses,
    csv_of,
    intact,
    judged,
    kinds_logged,
)
from xinqiao import catalogue
from xinqiao.intake import deliveries, inspection, placing, queries
from xinqiao.intake.errors import (
    DeliveryConflict,
    ItemNotWhole,
    ModeNotAllowed,
    NothingToReplace,
    NotItsSource,
    PeriodInvalid,
    UnknownDelivery,
)
from xinqiao.intake.rules.states import State
from xinqiao.kernel.ids import DeliveryNumber, EventId
from xinqiao.ledger import queries as ledger
from xinqiao.ledger import sequencing
from xinqiao.ledger.events import Kind
from xinqiao.parties.rules import PUBLIC, Role, Scope


def test_a_good_file_is_accepted_whole(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, 1, 2)
    rows = [a_row("tax_arrears", uscc=code) for code in codes]
    view = judged("tax_arrears", csv_of(rows), tmp_path)
    assert (view.state, view.delivered, view.accepted, view.rejected) == (State.ACCEPTED, 2, 2, 0)
    frame = all_rows(queries.accepted_frames(view.number))
    assert frame["uscc"].to_list() == codes
    assert frame["line"].to_list() == [2, 3]
    assert frame["subject_id"].null_count() == 0
    before = ledger.latest_position()
    sequencing.sequence(LATER)
    assert "tax_arrears" in queries.items_delivered(ledger.latest_position())
    assert "tax_arrears" not in queries.items_delivered(before)  # the log had not placed it by then


def test_faulty_rows_go_back_and_the_others_are_taken_up(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    good = a_row("tax_arrears", uscc=code)
    bad = a_row("tax_arrears", uscc=code, arrears_balance="约三万", notice_on="2026-02-30", tax_kind="01")
    view = judged("tax_arrears", csv_of([good, bad]), tmp_path)
    assert (view.state, view.delivered, view.accepted, view.rejected) == (State.PARTIAL, 2, 1, 1)
    found = {(f.line, f.field, f.rule, f.value) for f in queries.findings(view.number).findings if f.rejects}
    assert found == {(3, "arrears_balance", "type", "约三万"), (3, "notice_on", "type", "2026-02-30")}
    assert [r.rows for r in queries.reasons(view.number) if r.rejects] == [1, 1]


def test_the_same_file_twice_is_one_delivery(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    content = csv_of([a_row("tax_arrears", uscc=code)])
    first = judged("tax_arrears", content, tmp_path)
    again = judged("tax_arrears", content, tmp_path, now=LATER)
    assert again == first
    assert kinds_logged().count(Kind.DELIVERY_JUDGED) == 2  # the registration, and this one once


def test_another_content_for_the_same_period_is_refused_unless_it_says_what_it_replaces(
    city_db: str, tmp_path: Path
) -> None:
    (code,) = businesses(tmp_path, 1)
    first = judged("tax_arrears", csv_of([a_row("tax_arrears", uscc=code)]), tmp_path)
    other = csv_of([a_row("tax_arrears", uscc=code, arrears_balance="9.00")])
    with pytest.raises(DeliveryConflict) as refused:
        a_delivery("tax_arrears", other, tmp_path)
    assert refused.value.number == first.number
    with pytest.raises(NothingToReplace):
        a_delivery("tax_arrears", other, tmp_path, replaces=DeliveryNumber(first.number + 100))
    second = judged("tax_arrears", other, tmp_path, replaces=first.number)
    assert second.state is State.ACCEPTED
    assert queries.delivery(first.number).state is State.REPLACED


def test_the_replaced_ends_in_the_log_before_the_new_is_taken_up(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    first = judged("tax_arrears", csv_of([a_row("tax_arrears", uscc=code)]), tmp_path)
    other = csv_of([a_row("tax_arrears", uscc=code, arrears_balance="9.00")])
    judged("tax_arrears", other, tmp_path, replaces=first.number)
    assert kinds_logged()[-2:] == [Kind.DELIVERY_REPLACED, Kind.DELIVERY_JUDGED]


def test_a_returned_correction_leaves_what_it_wanted_to_replace_in_force(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    first = judged("tax_arrears", csv_of([a_row("tax_arrears", uscc=code)]), tmp_path)
    spoiled = csv_of([a_row("tax_arrears", uscc="不详")])
    second = judged("tax_arrears", spoiled, tmp_path, replaces=first.number)
    assert second.state is State.RETURNED
    assert queries.delivery(first.number).state is State.ACCEPTED
    third = csv_of([a_row("tax_arrears", uscc=code, arrears_balance="9.00")])
    assert judged("tax_arrears", third, tmp_path, replaces=second.number).state is State.ACCEPTED
    assert queries.delivery(first.number).state is State.REPLACED


def test_a_delivery_replaced_before_it_was_looked_into_brings_no_rows(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    slow = a_delivery("tax_arrears", csv_of([a_row("tax_arrears", uscc=code)]), tmp_path)
    other = csv_of([a_row("tax_arrears", uscc=code, arrears_balance="9.00")])
    judged("tax_arrears", other, tmp_path, replaces=slow)
    assert inspection.inspect(slow, now=LATER).state is State.REPLACED


def test_a_row_about_an_unknown_subject_waits_and_is_placed_when_the_subject_appears(
    city_db: str, tmp_path: Path
) -> None:
    code = a_code(7)
    view = judged("tax_arrears", csv_of([a_row("tax_arrears", uscc=code)]), tmp_path)
    assert (view.state, view.accepted, view.unplaced) == (State.ACCEPTED, 0, 1)
    assert placing.place(NOW) == 0
    businesses(tmp_path, 7)
    intact()  # sequences the log, which tells of the new subject
    assert placing.follow(LATER) == 1
    assert placing.follow(LATER) == 0
    later = queries.delivery(view.number)
    assert (later.delivered, later.accepted, later.unplaced) == (1, 1, 0)
    event = EventId(max(intact(placed=True)))
    frame = all_rows(queries.placed_frames(event))
    assert frame["uscc"].to_list() == [code]
    assert frame.columns[:2] == ["line", "subject_id"]


def test_only_a_declared_source_delivers_a_whole_item_for_a_real_period(city_db: str, tmp_path: Path) -> None:
    content = csv_of([a_row("tax_arrears", uscc=a_code(1))])
    path = tmp_path / "sent"
    path.write_bytes(content)

    def sent(**said: str) -> None:
        usual = {"source": "tax_bureau", "item": "tax_arrears", "period": "2026-Q2"}
        deliveries.take_in(**(usual | said), file=path, filename="x.csv", by=None, now=NOW)  # type: ignore[arg-type]

    with pytest.raises(NotItsSource):
        sent(source="power_supply")
    with pytest.raises(ItemNotWhole):
        sent(item=next(i.item for i in catalogue.city().items.values() if not i.whole))
    for period in ("2026-Q5", "2026", "2027-Q1", "昨天"):
        with pytest.raises(PeriodInvalid):
            sent(period=period)
    with pytest.raises(ModeNotAllowed):
        sent(source="power_supply", item="electricity_arrears", period="2026-06", mode="full")


def test_a_source_sees_its_own_deliveries_only(city_db: str, tmp_path: Path) -> None:
    businesses(tmp_path, 1)
    (number,) = [d.number for d in queries.deliveries(Scope(None, Role.OPERATOR))]
    mine, other = Scope(None, Role.PROVIDER, "market_regulation"), Scope(None, Role.PROVIDER, "tax_bureau")
    assert queries.delivery(number, scope=mine).number == number
    assert queries.deliveries(other) == queries.deliveries(PUBLIC) == []
    for scope in (other, PUBLIC):
        with pytest.raises(UnknownDelivery):
            queries.delivery(number, scope=scope)


def test_a_name_that_differs_is_told_and_rejects_nothing(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    rows = [
        a_row("tax_arrears", uscc=code, subject_name="平顶山市第1商贸有限公司"),
        a_row("tax_arrears", uscc=code, subject_name="平顶山市别家商贸有限公司", tax_kind="03"),
    ]
    view = judged("tax_arrears", csv_of(rows), tmp_path)
    assert (view.state, view.accepted) == (State.ACCEPTED, 2)
    (told,) = queries.findings(view.number).findings
    assert (told.line, told.rule, told.rejects) == (3, "name_differs", False)


def test_the_log_vouches_for_everything_a_delivery_left(city_db: str, tmp_path: Path) -> None:
    businesses(tmp_path, 1)
    judged("tax_arrears", csv_of([a_row("tax_arrears", uscc="不详"), a_row("tax_arrears", uscc=a_code(9))]), tmp_path)
    businesses(tmp_path, 9, period="2026-07-02")
    placing.place(LATER)
    intact()
