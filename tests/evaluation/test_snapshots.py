"""A snapshot holds what was known at a place in the log, never changes, and none is taken that is not whole."""

import itertools
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evaluation import worlds
from tests.evaluation.worlds import NOW
from xinqiao import catalogue
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.evaluation import depots, following, grading, model_files, readable, repeating, results, snapshots
from xinqiao.evaluation.compiling import tables_of
from xinqiao.evaluation.errors import PositionUnknown, SnapshotAltered, SnapshotNotKept
from xinqiao.evaluation.views import GradeView
from xinqiao.kernel.ids import Position
from xinqiao.ledger import checking
from xinqiao.ledger import queries as ledger

pytestmark = pytest.mark.usefixtures("city_db", "_room")


@pytest.fixture
def _room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINQIAO_SNAPSHOTS", str(tmp_path / "room"))


def test_everything_a_model_reads_is_in_a_snapshot_and_nothing_secret_personal_or_of_the_market() -> None:
    city = catalogue.city()
    told = readable.items(city)
    for file in model_files.load(city).values():
        for table, columns in tables_of(file.bound).items():
            if table.startswith("facts_"):
                own = {"fact_id", "subject_id", "standing", "valid_from", "valid_to", "received_on"}
                assert set(columns) - own <= set(told[table.removeprefix("facts_")])
    assert "legal_person_name" not in told["registration_basics"]
    assert not {"electricity_arrears", "tax_declared_sales"} & set(told)


def test_a_snapshot_is_what_was_known_there_whatever_came_since() -> None:
    first, second, _ = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    number = snapshots.cut(now=NOW)
    worlds.delivered("administrative_penalty", worlds.penalty(1, fine="9"), worlds.penalty(2), period="2026-11-21")
    again = snapshots.cut(now=NOW, at=_position_of(number))
    assert again == number, "one snapshot a place"
    with snapshots.opened(number) as city, snapshots.opened(snapshots.cut(now=NOW)) as later:
        assert _fines(city) == [(first, "5000.00")]
        assert _fines(later) == [(first, "90000.00"), (second, "5000.00")]
        assert city.manifest.facts == 4
        assert city.manifest.subjects == 3


def test_a_snapshot_that_was_changed_is_not_graded_from() -> None:
    worlds.a_city(1)
    number = snapshots.cut(now=NOW)
    with snapshots.opened(number) as city:
        path = city.folder / "registration_basics.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"x")
    with pytest.raises(SnapshotAltered, match="registration_basics"), snapshots.opened(number):
        pass
    path.write_bytes(whole)
    (path.parent / "manifest.json").write_text("{}")
    with pytest.raises(SnapshotAltered, match="manifest"), snapshots.opened(number):
        pass


def test_a_snapshot_that_was_never_finished_is_nobodys_and_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds.a_city(1)
    with monkeypatch.context() as patched:
        patched.setattr(depots.Folder, "publish", _killed)
        with pytest.raises(KeyboardInterrupt):
            snapshots.cut(now=NOW)
    with pytest.raises(SnapshotNotKept):
        snapshots.kept_at(ledger.latest_position())
    (tmp_path / "room" / f"{depots.DRAFT}left").mkdir()
    snapshots.cut(now=NOW)
    assert [path.name[:3] for path in (tmp_path / "room").iterdir()] == ["at-"]


def test_nobody_cuts_where_the_log_has_not_come_to() -> None:
    worlds.a_city(1)
    with pytest.raises(PositionUnknown):
        snapshots.cut(now=NOW, at=Position(ledger.latest_position() + 1))


def test_an_old_grade_is_given_again_bit_for_bit_while_its_snapshot_is_kept() -> None:
    first, *_ = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    done = grading.grade_all(now=NOW)
    worlds.settle()
    worlds.delivered("judgment_defaulter", worlds.defaulter(1))
    grading.grade_all(now=NOW + timedelta(days=1))
    assert repeating.repeat(first, at=done.position).grade == "B"
    assert snapshots.remove_old(now=NOW + timedelta(days=snapshots.KEPT_DAYS, seconds=1)) == 1
    with pytest.raises(SnapshotNotKept):
        repeating.repeat(first, at=done.position)
    worlds.settle()
    assert [found for found in checking.check().found if found.table.startswith("evaluation")] == []


def test_a_bucket_gives_back_what_a_folder_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worlds.a_city(2)
    here = grading.grade_all(now=NOW)
    snapshots.remove_old(now=NOW + timedelta(days=365))
    monkeypatch.setenv("XINQIAO_SNAPSHOTS", f"{tmp_path.as_uri()}/bucket")
    there = grading.grade_all(now=NOW, at=here.position)
    assert (there.checksum, there.subjects) == (here.checksum, 2)
    assert len(list((tmp_path / "bucket").iterdir())) == 1
    snapshots.remove_old(now=NOW + timedelta(days=365))
    assert list((tmp_path / "bucket").iterdir()) == []


def test_the_database_refuses_to_change_a_snapshot_but_to_remove_it_once() -> None:
    worlds.a_city(1)
    snapshots.cut(now=NOW)
    for sql in ("UPDATE evaluation_snapshot SET facts = 0", "DELETE FROM evaluation_snapshot"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


WHAT = ("administrative_penalty", "judgment_defaulter", "disputed", "repaired")


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(news=st.lists(st.tuples(st.sampled_from(WHAT), st.integers(1, 3)), min_size=2, max_size=4))
def test_whom_news_moved_gets_the_grade_the_whole_city_gives_at_that_place(news: list[tuple[str, int]]) -> None:
    """Increments and the full run read by two roads, database and snapshot, and must never differ. What one example
    leaves behind the next begins with. (That a source speaks for the first time moves everybody: the night's work.)"""
    everybody = worlds.a_city(4)
    for what in WHAT[:2]:
        _happens(what, 4)
    for what, serial in news:
        following.follow(NOW)
        _happens(what, serial)
    following.follow(NOW)
    followed = {one: results.latest(one) for one in everybody}
    worlds.settle()
    grading.grade_all(now=NOW)
    for one in everybody:
        assert _said(results.latest(one)) == _said(followed[one])


_DAYS = itertools.count()


def _happens(what: str, serial: int) -> None:
    day = next(_DAYS)
    rows = {
        "administrative_penalty": worlds.penalty(serial, doc_no=f"第{day}号", severity=str(1 + day % 3)),
        "judgment_defaulter": worlds.defaulter(serial),
    }
    if what in rows:
        worlds.delivered(what, rows[what], period=(date(2026, 1, 1) + timedelta(days=day)).isoformat())
        return
    penalties = creditfile.facts_of(worlds.subject(serial), items=["administrative_penalty"])
    for fact in penalties[:1]:
        if fact.standing is Standing.GOOD:
            standing.mark(fact.id, Standing(what), because="示例", by="示例", now=NOW)
    worlds.settle()


def _said(given: GradeView | None) -> tuple[object, ...]:
    assert given is not None
    return given.grade, given.score, given.parts, given.reasons, given.limits, given.missing, given.without_disputed


def _position_of(number: int) -> Position:
    with snapshots.opened(number) as city:
        return city.manifest.position


def _fines(city: snapshots.Opened) -> list[tuple[int, str]]:
    path = city.path("administrative_penalty")
    assert path is not None
    table = pl.read_parquet(path).select("subject_id", pl.col("fine").cast(pl.String))
    return sorted(table.iter_rows())


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
