"""Every copy has a term, and when it ends the copy is gone and the log says so."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.intake.builders import NOW, a_code, a_row, businesses, csv_of, intact, judged
from xinqiao import catalogue, store
from xinqiao.intake import expiry, queries, returns
from xinqiao.intake.errors import RowsGone
from xinqiao.intake.rules.states import State

ITEM = "tax_arrears"


def after(term: timedelta) -> datetime:
    return NOW + term + timedelta(hours=1)


def test_raw_file_and_quarantine_end_and_the_counts_stay(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    view = judged(ITEM, csv_of([a_row(ITEM, uscc=code), a_row(ITEM, uscc="?"), a_row(ITEM, uscc=a_code(9))]), tmp_path)
    assert expiry.expire(NOW + timedelta(days=1)) == 0
    assert expiry.expire(after(expiry.RAW)) == 2  # the registration's file as well
    assert not store.exists(view.digest)
    with pytest.raises(RowsGone):
        returns.workbook(view.number)
    assert queries.findings(view.number).findings == []
    later = queries.delivery(view.number)
    assert later.rows == view.rows
    assert expiry.expire(after(expiry.RAW)) == 0
    intact()


def test_typed_rows_end_once_they_are_long_taken_up(city_db: str, tmp_path: Path) -> None:
    (code,) = businesses(tmp_path, 1)
    view = judged(ITEM, csv_of([a_row(ITEM, uscc=code)]), tmp_path)
    expiry.expire(after(expiry.TAKEN_UP))
    with pytest.raises(RowsGone):
        list(queries.accepted_frames(view.number))
    assert store.exists(view.digest)


def test_a_file_with_rows_the_law_forbids_is_kept_a_week(city_db: str, tmp_path: Path) -> None:
    name = "administrative_penalty"
    case = next(c for c in catalogue.cases_of(catalogue.city(), name) if c.findings == ("uscc:refuse_when",))
    view = judged(name, csv_of([case.row]), tmp_path)
    expiry.expire(after(expiry.RAW_WITH_REFUSED))
    assert not store.exists(view.digest)
    intact()


def test_a_row_whose_subject_never_appeared_is_forgotten_in_a_year(city_db: str, tmp_path: Path) -> None:
    view = judged(ITEM, csv_of([a_row(ITEM, uscc=a_code(9))]), tmp_path)
    expiry.expire(after(expiry.UNPLACED_ROWS))
    businesses(tmp_path, 9, period="2026-07-03")
    from xinqiao.intake import placing

    assert placing.place(NOW) == 0
    assert queries.delivery(view.number).unplaced == 1
    intact()


def test_a_list_nobody_vouches_for_is_withdrawn(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 6))
    name = "abnormal_operation"
    judged(name, csv_of([a_row(name, uscc=c) for c in codes]), tmp_path, mode="full", period="2026-07-10")
    view = judged(name, csv_of([a_row(name, uscc=codes[0])]), tmp_path, mode="full", period="2026-07-11")
    expiry.expire(after(expiry.HELD_ROWS))
    assert queries.delivery(view.number).state is State.WITHDRAWN
    intact()


def test_a_copy_that_another_delivery_shares_stays(city_db: str, tmp_path: Path) -> None:
    """The same bytes for two months are one file in the room."""
    (code,) = businesses(tmp_path, 1)
    content = csv_of([a_row("registration_exit", uscc=code)])
    judged("registration_exit", content, tmp_path, period="2026-07-10")
    late = NOW + timedelta(days=100)
    second = judged("registration_exit", content, tmp_path, period="2026-07-11", now=late)
    expiry.expire(after(expiry.RAW))
    assert store.exists(second.digest)
    expiry.expire(late + expiry.RAW + timedelta(days=1))
    assert not store.exists(second.digest)
