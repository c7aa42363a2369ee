"""A full list that suddenly loses too much is not believed at once."""

from pathlib import Path

import pytest

from tests.intake.builders import LATER, NOW, a_row, all_rows, businesses, csv_of, intact, judged
from xinqiao.intake import held, queries
from xinqiao.intake.errors import NotHeld
from xinqiao.intake.queries import DeliveryView
from xinqiao.intake.rules.states import State

ITEM = "abnormal_operation"


def a_list(codes: list[str], folder: Path, day: str) -> DeliveryView:
    return judged(ITEM, csv_of([a_row(ITEM, uscc=code) for code in codes]), folder, mode="full", period=day)


def test_an_ordinary_loss_is_taken_up(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 11))
    assert a_list(codes, tmp_path, "2026-07-10").state is State.ACCEPTED
    assert a_list(codes[:8], tmp_path, "2026-07-11").state is State.ACCEPTED  # a fifth less: just allowed


def test_an_implausible_loss_holds_every_row_and_says_why(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 11))
    a_list(codes, tmp_path, "2026-07-10")
    view = a_list(codes[:7], tmp_path, "2026-07-11")
    assert (view.state, view.held, view.accepted, view.unplaced) == (State.HELD, 7, 0, 0)
    assert "10" in view.told
    assert "3" in view.told
    intact()


def test_a_list_without_a_single_row_is_held_too(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, 1)
    a_list(codes, tmp_path, "2026-07-10")
    header = csv_of([a_row(ITEM, uscc=codes[0])]).splitlines()[0] + b"\r\n"
    view = judged(ITEM, header, tmp_path, mode="full", period="2026-07-11")
    assert (view.state, view.delivered, view.held) == (State.HELD, 0, 0)


def test_a_released_list_is_taken_up_and_the_next_is_compared_with_it(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 11))
    a_list(codes, tmp_path, "2026-07-10")
    view = a_list(codes[:3], tmp_path, "2026-07-11")
    released = held.release(view.number, because="清理完毕", by=None, now=LATER)
    assert (released.state, released.held, released.accepted) == (State.ACCEPTED, 0, 3)
    assert all_rows(queries.accepted_frames(view.number))["uscc"].to_list() == codes[:3]
    assert a_list(codes[:3], tmp_path, "2026-07-12").state is State.ACCEPTED
    with pytest.raises(NotHeld):
        held.release(view.number, by=None, now=LATER)
    intact()


def test_a_withdrawn_list_changes_nothing(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 11))
    a_list(codes, tmp_path, "2026-07-10")
    view = a_list(codes[:3], tmp_path, "2026-07-11")
    assert held.withdraw(view.number, because="漏报", by=None, now=LATER).state is State.WITHDRAWN
    assert a_list(codes[:3], tmp_path, "2026-07-12").state is State.HELD  # still compared with the tenth
    intact()


def test_a_row_sent_with_a_fault_is_listed_all_the_same(city_db: str, tmp_path: Path) -> None:
    """Or its fact would end because of a slip in another column."""
    codes = businesses(tmp_path, 1, 2)
    rows = [a_row(ITEM, uscc=codes[0]), a_row(ITEM, uscc=codes[1], listed_by="")]
    view = judged(ITEM, csv_of(rows), tmp_path, mode="full")
    assert (view.accepted, view.rejected) == (1, 1)
    keys = all_rows(queries.full_keys(view.number))
    assert keys.height == 2
    assert set(keys.columns) == {"subject_id", "uscc", "listed_on", "listed_reason"}


def test_a_list_of_one_period_is_compared_with_that_period_only(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 6))
    name = "environmental_rating"

    def rated(batch: str, some: list[str], period: str) -> DeliveryView:
        rows = [a_row(name, uscc=code, batch=batch) for code in some]
        return judged(name, csv_of(rows), tmp_path, mode="full", period=period)

    assert rated("2024", codes, "2024").state is State.ACCEPTED
    assert rated("2025", codes[:1], "2025").state is State.ACCEPTED
    assert rated("2024", codes[:1], "2023").state is State.HELD


def test_held_rows_introduce_nobody(city_db: str, tmp_path: Path) -> None:
    name = "registration_basics"
    from tests.intake.builders import a_code
    from xinqiao.subjects import matching

    def registry(serials: range, day: str) -> DeliveryView:
        rows = [a_row(name, uscc=a_code(n)) for n in serials]
        return judged(name, csv_of(rows), tmp_path, mode="full", period=day, now=NOW)

    assert registry(range(10), "2026-07-01").accepted == 10
    view = registry(range(5, 12), "2026-07-02")
    assert view.state is State.HELD
    assert matching.place([a_code(11)]) == {}
    held.release(view.number, by=None, now=LATER)
    assert len(matching.place([a_code(11)])) == 1
