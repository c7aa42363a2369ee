"""Every copy has a term, and when it ends the copy is gone and the log says so."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.intake.builders import NOW, a_code, a_row, businesses, csv_of, intact, judged
from xinqiao import catalogue, store
from xinqiao.intake import expiry, held, placing, queries, returns
from xinqiao.intake.errors import DeliveryConflict, RowsGone
from xinqiao.intake.models import KeySet
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


def test_a_file_that_was_refused_is_not_kept_for_ever(city_db: str, tmp_path: Path) -> None:
    """It was put away before anybody saw that the period has been delivered already; nothing names it."""
    (code,) = businesses(tmp_path, 1)
    judged(ITEM, csv_of([a_row(ITEM, uscc=code)]), tmp_path)
    other = csv_of([a_row(ITEM, uscc=code), a_row(ITEM, uscc=a_code(9))])
    with pytest.raises(DeliveryConflict):
        judged(ITEM, other, tmp_path)
    digest = hashlib.sha256(other).hexdigest()
    assert store.exists(digest)
    expiry.expire(NOW)
    assert not store.exists(digest)
    intact()


def test_every_copy_a_delivery_still_keeps_outlives_the_clearing(city_db: str, tmp_path: Path) -> None:
    """Accepted, rejected, unplaced and held rows, and the key sets: what is within its term is all still there."""
    codes = businesses(tmp_path, *range(1, 6))
    name = "abnormal_operation"
    rows = [a_row(name, uscc=c) for c in codes]
    first = judged(name, csv_of(rows), tmp_path, mode="full", period="2026-07-10")
    held_ = judged(name, csv_of(rows[:1]), tmp_path, mode="full", period="2026-07-11")
    mixed = judged(ITEM, csv_of([a_row(ITEM, uscc=codes[0]), a_row(ITEM, uscc="?")]), tmp_path)
    expiry.expire(NOW + timedelta(days=1))
    assert len(list(queries.accepted_frames(first.number))) == 1
    assert returns.workbook(mixed.number)
    assert all(store.exists(kept.digest) for kept in KeySet.objects.all())
    assert held.release(held_.number, by=None, now=NOW).accepted == 1


def test_the_key_set_of_a_list_that_was_followed_by_another_is_forgotten(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, *range(1, 6))
    name = "abnormal_operation"
    rows = [a_row(name, uscc=c) for c in codes]
    judged(name, csv_of(rows), tmp_path, mode="full", period="2026-07-10")
    before = KeySet.objects.get().digest
    judged(name, csv_of(rows[:4]), tmp_path, mode="full", period="2026-07-11")
    expiry.expire(NOW)
    assert not store.exists(before)
    assert store.exists(KeySet.objects.get().digest)
