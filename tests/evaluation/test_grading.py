"""Grades are given, kept, explained, and given again when something happens."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.evaluation import worlds
from tests.evaluation.worlds import NOW, TODAY
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.evaluation import engines, following, grading, keeping, repeating, results, snapshots
from xinqiao.evaluation.grading import Summary
from xinqiao.evaluation.scoring import Scored
from xinqiao.evaluation.views import GradeView, Seen, State
from xinqiao.kernel.ids import EventId, Position, SubjectId
from xinqiao.ledger import checking, sequencing
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.checking.report import Found
from xinqiao.subjects.errors import UnknownSubject

pytestmark = pytest.mark.usefixtures("city_db")


def test_a_department_file_becomes_a_grade_that_names_its_facts_and_its_place_in_the_log() -> None:
    (first, *_) = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    given = grading.grade(first, now=NOW)
    by_name = {one.name: one for one in given.indicators()}
    (fact,) = creditfile.facts_of(first, items=["administrative_penalty"])
    assert by_name["general_penalties"].facts == by_name["fines"].facts == (fact.id,)
    assert (by_name["general_penalties"].points, by_name["fines"].points) == (56, 30)
    assert by_name["court_defaults"].seen is Seen.SILENT
    assert (given.model, given.version, given.on, given.note) == ("enterprise", "2026.1", TODAY, "仅供参考")
    assert given.position == ledger.latest_position()
    assert results.latest(first) == given
    # 380 + 350 - 24 - 10 + 40 years + 20 status
    assert (given.grade, given.score) == ("B", 756)
    assert len(given.sql_sha256) == 64
    assert given.as_dict()["grade"] == "B"


def test_a_regrade_is_a_new_result_and_the_old_one_stays() -> None:
    (first, *_) = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    before = grading.grade(first, now=NOW)
    worlds.delivered("judgment_defaulter", worlds.defaulter(1))
    after = grading.grade(first, now=NOW)
    assert (before.grade, after.grade, after.score) == ("B", "D", 549)
    assert results.history(first) == [after, before]


def test_a_dispute_regrades_and_shows_the_grade_without_the_disputed_fact() -> None:
    (first, second, third) = worlds.a_city()
    worlds.delivered("judgment_defaulter", worlds.defaulter(1))
    worlds.delivered("administrative_penalty", worlds.penalty(2))
    worlds.delivered("registration_exit", worlds.deregistration(3))
    following.follow(NOW)
    (fact,) = creditfile.facts_of(first, items=["judgment_defaulter"])
    standing.mark(fact.id, Standing.DISPUTED, because="主体提出异议", by="受理员", now=NOW)
    sequencing.sequence(NOW)
    assert following.follow(NOW) == 1
    given = results.latest(first)
    assert given is not None
    assert given.grade == "D"
    assert given.without_disputed is not None
    assert (given.without_disputed.grade, given.without_disputed.score) == ("B", 790)
    assert any("异议" in reason for reason in given.reasons)
    assert [len(results.history(one)) for one in (first, second, third)] == [2, 1, 1]


def test_following_grades_whom_news_moved_once_however_much_came() -> None:
    everybody = worlds.a_city(5)
    worlds.delivered(
        "administrative_penalty", *(worlds.penalty(n, doc_no=f"第{n}-{m}号") for n in (1, 2) for m in (1, 2))
    )
    assert following.follow(NOW) == 5
    assert following.follow(NOW) == 0
    worlds.delivered("judgment_defaulter", worlds.defaulter(4))
    assert following.follow(NOW) == 1
    assert {one: len(results.history(one)) for one in everybody} == {
        one: 2 if one == worlds.subject(4) else 1 for one in everybody
    }


def test_whom_the_nightly_run_has_graded_meanwhile_the_follower_leaves_alone() -> None:
    worlds.a_city(3)
    grading.grade_all(now=NOW)
    assert following.follow(NOW) == 0
    worlds.delivered("judgment_defaulter", worlds.defaulter(2))
    assert following.follow(NOW) == 1


def test_the_whole_city_is_graded_and_the_same_facts_give_the_same_checksum() -> None:
    worlds.a_city(6)
    worlds.delivered("administrative_penalty", worlds.penalty(2))
    one, again = (grading.grade_all(now=NOW) for _ in range(2))
    assert (one.subjects, one.graded, one.thin_file) == (6, 1, 5)  # five of them no list spoke of yet
    assert one.checksum == again.checksum
    worlds.delivered("judgment_defaulter", worlds.defaulter(5))
    assert grading.grade_all(now=NOW).checksum != one.checksum


def night(days: int) -> Summary:
    """What the night so many days on did; the log has come to rest before it."""
    worlds.settle()
    return grading.grade_moved(now=NOW + timedelta(days=days))


def test_a_night_keeps_whom_it_moved_and_reckons_everybody() -> None:
    """The checksum is that of everybody, kept or not."""
    everybody = worlds.a_city(5)
    worlds.delivered("administrative_penalty", *(worlds.penalty(n, doc_no=f"第{n}号") for n in (1, 2)))
    worlds.delivered("judgment_defaulter", worlds.defaulter(5))
    assert night(0).kept == 5
    still = (night(1), night(2))
    assert [(one.subjects, one.kept) for one in still] == [(5, 0), (5, 0)]
    worlds.delivered("administrative_penalty", worlds.penalty(3, doc_no="第3号"), period="2026-11-21")
    assert night(3).kept == 1
    assert [len(results.history(one)) for one in everybody] == [1, 1, 2, 1, 1]
    assert grading.grade_all(now=NOW + timedelta(days=3)).checksum == night(3).checksum


def test_a_penalty_whose_time_is_up_moves_its_business_and_nobody_else() -> None:
    (first, second, third) = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    (fact,) = creditfile.facts_of(first, items=["administrative_penalty"])
    assert fact.shown_until is not None
    last = (fact.shown_until - TODAY).days
    night(last - 1)
    assert night(last).kept == 0
    assert night(last + 1).kept == 1
    assert [len(results.history(one)) for one in (first, second, third)] == [2, 1, 1]
    told = results.latest(first)
    assert told is not None
    assert fact.id not in told.facts()


def test_another_fact_moves_its_business_though_it_costs_no_point_more() -> None:
    """A grade names what it stands on."""
    (first, *_) = worlds.a_city()
    many = [worlds.penalty(1, doc_no=f"第{n}号") for n in range(9)]
    worlds.delivered("administrative_penalty", *many)
    night(0)
    worlds.delivered("administrative_penalty", *many, worlds.penalty(1, doc_no="第9号"), period="2026-11-21")
    assert night(1).kept == 1
    newer, older = results.history(first)
    assert (newer.score, len(newer.facts())) == (older.score, len(older.facts()) + 1)


def test_a_night_killed_half_way_is_made_good_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = worlds.a_city(4)
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    monkeypatch.setattr(engines, "CHUNK", 2)
    kept, keep = list[int](), keeping.keep

    def dies(run: keeping.Run, scored: Sequence[Scored]) -> EventId:
        kept.append(len(scored))
        if len(kept) > 1:
            raise MemoryError
        return keep(run, scored)

    with monkeypatch.context() as dying:
        dying.setattr(keeping, "keep", dies)
        with pytest.raises(MemoryError):
            night(0)
    assert night(0).kept == 2
    assert [len(results.history(one)) for one in everybody] == [1, 1, 1, 1]


def test_who_moved_not_at_all_is_graded_anew_before_its_snapshot_is_gone() -> None:
    """So that every grade in force can be reckoned again, bit for bit, whatever night it is."""
    (first, *_) = worlds.a_city()
    for days in range(0, 3 * snapshots.KEPT_DAYS, 2):
        night(days)
        snapshots.remove_old(now=NOW + timedelta(days=days))
        told = results.latest(first)
        assert told is not None
        assert repeating.repeat(first, at=told.position) == told
    assert len(results.history(first)) < 3 * snapshots.KEPT_DAYS / 6


def test_a_grade_given_by_the_way_is_given_anew_from_a_snapshot_by_the_next_night() -> None:
    (first, *_) = worlds.a_city()
    night(0)
    worlds.settle()
    grading.grade(first, now=NOW)
    assert night(1).kept == 1


def test_a_source_that_delivered_an_empty_hand_is_not_silent() -> None:
    (first, *_) = worlds.a_city()
    assert grading.grade(first, now=NOW).state is State.THIN
    worlds.delivered("administrative_penalty", worlds.penalty(2))
    worlds.delivered("judgment_defaulter", worlds.defaulter(3))
    worlds.delivered("registration_exit", worlds.deregistration(3))
    given = grading.grade(first, now=NOW)
    assert (given.state, given.grade, given.score) == (State.RATED, "B", 790)
    assert {one.indicator for one in given.missing} >= {"tenders_won", "licences"}


def given_as_of(patch: pytest.MonkeyPatch, position: Position, subject: SubjectId) -> GradeView:
    with patch.context() as then:
        then.setattr(ledger, "latest_position", lambda: position)
        return grading.grade(subject, now=NOW)


def test_a_grade_can_be_given_again_bit_for_bit_whatever_came_since(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts, standing and silence are those of its place in the log; erased facts apart."""
    (first, *_) = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    before = grading.grade(first, now=NOW)
    (fact,) = creditfile.facts_of(first, items=["administrative_penalty"])
    standing.mark(fact.id, Standing.DISPUTED, because="主体提出异议", by="受理员", now=NOW)
    worlds.delivered("judgment_defaulter", worlds.defaulter(1))
    worlds.delivered("administrative_penalty", worlds.penalty(1, severity="3"), period="2026-11-21")
    now_known = grading.grade(first, now=NOW)
    again = given_as_of(monkeypatch, before.position, first)
    assert (again.parts, again.reasons, again.missing) == (before.parts, before.reasons, before.missing)
    assert (again.score, again.without_disputed) == (before.score, None)
    assert now_known.score != before.score
    assert results.latest(first) == now_known


def test_who_knew_more_gave_the_newer_grade_whoever_wrote_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run over the whole city takes minutes; a dispute in the middle of it is not undone by its end."""
    (first, *_) = worlds.a_city()
    earlier = ledger.latest_position()
    worlds.delivered("judgment_defaulter", worlds.defaulter(1))
    newer = grading.grade(first, now=NOW)
    given_as_of(monkeypatch, earlier, first)
    assert results.latest(first) == newer
    assert results.lines([first])[first].grade == newer.grade


def test_an_adverse_fact_counts_on_its_last_day_and_not_the_day_after() -> None:
    """Whether or not anybody has marked it: the day decides."""
    (first, *_) = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    (fact,) = creditfile.facts_of(first, items=["administrative_penalty"])
    assert fact.shown_until is not None
    days = {day: datetime.combine(fact.shown_until + timedelta(days=day), time(3), UTC) for day in (0, 1)}
    counted = {day: grading.grade(first, now=now).facts() for day, now in days.items()}
    assert fact.id in counted[0]
    assert fact.id not in counted[1]


def test_a_list_of_grades_names_the_newest_of_each() -> None:
    (first, second, third) = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(2))
    grading.grade_some([first, second], now=NOW)
    lines = results.lines([first, second, third])
    assert {one: line.grade for one, line in lines.items()} == {first: "—", second: "B"}


def test_nobody_unknown_is_graded() -> None:
    with pytest.raises(UnknownSubject):
        grading.grade(SubjectId(999), now=NOW)


def test_the_log_answers_for_every_grade_and_names_one_that_was_altered() -> None:
    worlds.a_city(3)
    grading.grade_all(now=NOW)
    sequencing.sequence(NOW)
    assert faults() == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE evaluation_grade DISABLE TRIGGER USER")
        cursor.execute("UPDATE evaluation_grade SET grade = 'A', score = 900 WHERE ordinal = 1")
        cursor.execute("ALTER TABLE evaluation_grade ENABLE TRIGGER USER")
    assert len(faults()) == 1


def faults() -> list[Found]:
    return [one for one in checking.check().found if one.table.startswith("evaluation")]


def test_the_database_refuses_to_change_or_remove_a_grade_or_a_model() -> None:
    (first,) = worlds.a_city(1)
    grading.grade(first, now=NOW)
    for table in ("evaluation_grade", "evaluation_model"):
        for sql in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql.format(table))
