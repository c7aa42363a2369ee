"""A business objects, its source is heard, the platform decides, and everybody who was told the wrong line hears."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection, connections

from tests.authorisation.builders import a_bank_under_agreement, a_business, a_grant, a_representative
from tests.disclosure.builders import on_file
from tests.evaluation.worlds import models_in_force
from tests.parties.builders import BANK, NOW, a_bank, an_agreement, an_officer
from tests.rights.builders import ITEM, SOURCE, TEXT, City, a_city, days
from xinqiao import work
from xinqiao.authorisation import mandates
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.errors import WrongStanding
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrected, queries, reading, receipts
from xinqiao.disclosure.querying import query
from xinqiao.evaluation import following as regrading
from xinqiao.evaluation import grading
from xinqiao.evaluation import results as grades
from xinqiao.kernel.ids import FactId, InstitutionId
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import checking, identity, sequencing
from xinqiao.ledger import receipts as house
from xinqiao.ledger.events import Kind
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights import deciding, escalating, following, objections, sources, stopping
from xinqiao.rights import queries as rights
from xinqiao.rights.errors import (
    AlreadyObjected,
    DeliveryMismatch,
    NotFound,
    NotParty,
    SignerNotAuthorised,
    UnknownLine,
    WordsInvalid,
    WrongState,
)
from xinqiao.rights.rules.objections import HARD_STOP, OWN, WITH_SOURCE, State
from xinqiao.rights.rules.objections import SOURCE as SOURCES_CLOCK
from xinqiao_verify import receipts as verifier

pytestmark = pytest.mark.furnished(by=a_city)

OTHER_BANK = InstitutionId("pds_other_bank")


@pytest.fixture
def city(furnished: City) -> City:
    return furnished


def line_of(report: Any, fact: FactId) -> dict[str, Any] | None:
    lines = [one for family in report["families"] for item in family["items"] for one in item["lines"]]
    return next((line for line in lines if line["fact"] == fact), None)


def kinds_about(fact: FactId) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind FROM ledger_event WHERE kind LIKE 'rights:%%' AND (body::jsonb -> 'about' ->> 'fact')::bigint"
            " = %s ORDER BY id",
            [fact],
        )
        return [kind for (kind,) in cursor.fetchall()]


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_objected_to_is_disputed_at_once_in_what_the_bank_reads_next(city: City) -> None:
    opened = city.object()
    assert opened.reference == "O-20260601-000001"
    line = line_of(city.world.ask().report, city.penalty)
    assert line is not None
    assert line["standing"] == "disputed"
    assert line["annotations"] == []  # the statement comes with a rejection, not before


def test_a_disputed_line_still_counts_and_the_grade_is_shown_with_and_without_it(city: City) -> None:
    models_in_force(now=NOW)
    grading.grade(city.world.business, now=NOW)
    city.object()
    sequencing.sequence(NOW)
    assert regrading.follow(NOW) == 1
    grade = grades.latest(city.world.business)
    assert grade is not None
    assert grade.without_disputed is not None


def test_the_source_is_asked_with_the_opening_but_for_what_the_platform_sees_for_itself(city: City) -> None:
    asked = city.object()
    assert (asked.state, asked.asked_at) == (State.ASKED, NOW)
    sales = creditfile.facts_of(city.world.business, items=("tax_declared_sales",))[0].id
    own = city.object(fact=sales, reason="term_over")
    assert (own.state, own.asked_at) == (State.OPENED, None)
    passed_on = sources.ask(own.number, by=city.operator, now=NOW + days(1))
    assert passed_on.state is State.ASKED
    assert {one.name for one in own.clocks()} == {OWN, HARD_STOP}
    assert {one.name for one in passed_on.clocks()} == {SOURCES_CLOCK, WITH_SOURCE, HARD_STOP}


def test_the_same_words_twice_are_one_objection_and_other_words_have_to_wait(city: City) -> None:
    first = city.object()
    assert city.object() == first
    with pytest.raises(AlreadyObjected, match=first.reference):
        city.object(text="别的说法，完全不同。")
    assert kinds_about(city.penalty) == [Kind.OBJECTION_OPENED, Kind.OBJECTION_ASKED, Kind.OBJECTION_REFUSED]


def test_a_button_pressed_twice_at_the_same_moment_is_one_objection(city: City) -> None:
    numbers: list[int] = []

    def press() -> None:
        try:
            numbers.append(city.object().number)
        finally:
            connections.close_all()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert numbers == [1, 1, 1, 1]


def test_nobody_objects_for_a_business_they_do_not_act_for_nor_to_anothers_line(city: City) -> None:
    other = a_business(2, "另一家示例有限公司")
    stranger = a_representative(other, "刘二")
    with pytest.raises(SignerNotAuthorised):
        city.object(by=stranger)
    answers = []
    for fact in (city.penalty, FactId(999_999)):
        with pytest.raises(UnknownLine) as refused:
            city.object(subject_id=other, by=stranger, fact=fact)
        answers.append(refused.value.as_dict())
    assert answers[0] == answers[1]
    mandates.end(person=city.world.representative, subject_id=city.world.business, now=NOW)
    with pytest.raises(SignerNotAuthorised):
        city.object(now=NOW + days(1))
    assert standing.of(city.penalty) is Standing.GOOD


@pytest.mark.parametrize("said", [{"text": " "}, {"text": "字" * 2001}, {"reason": "because"}])
def test_an_objection_says_why_in_words_that_fit_a_page(city: City, said: dict[str, Any]) -> None:
    with pytest.raises(WordsInvalid):
        city.object(**said)
    assert standing.of(city.penalty) is Standing.GOOD


def test_what_is_told_to_nobody_any_more_cannot_be_disputed(city: City) -> None:
    standing.mark(city.penalty, Standing.REPAIRED, because="信用修复", by="test", now=NOW)
    with pytest.raises(WrongStanding):
        city.object()
    newer = city.redelivered([{"facts": "改过的内容"}])
    with pytest.raises(WrongState):
        city.object()
    assert city.object(fact=newer).state is State.ASKED


# ── the source ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_source_answers_for_its_own_lines_and_sees_no_others(city: City) -> None:
    opened = city.object()
    mine, others = (Scope(city.clerk, Role.PROVIDER, source) for source in (SOURCE, "tax_bureau"))
    assert [one.number for one in rights.objections(mine, open_=True)] == [opened.number]
    assert rights.objections(others) == []
    with pytest.raises(NotFound):
        rights.objection(opened.number, of=others)
    for by in (city.operator, city.world.officer, city.world.representative):
        with pytest.raises(NotFound):
            sources.answer(opened.number, verdict="right", text="没有错", by=by, now=NOW)
    answered = city.answer(opened, "right")
    assert (answered.state, answered.answer) == (State.ANSWERED, "right")
    with pytest.raises(WrongState):
        city.answer(opened, "remove")


def test_a_correcting_delivery_has_to_be_the_sources_own(city: City) -> None:
    opened = city.object()
    for delivery in (0, 7, 2**70):
        with pytest.raises(DeliveryMismatch):
            city.answer(opened, "corrected", delivery=delivery)
    with pytest.raises(DeliveryMismatch):
        city.answer(opened, "right", delivery=1)
    assert rights.objection(opened.number).state is State.ASKED
    assert city.answer(opened, "corrected").answer_delivery is None


# ── upheld ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_upheld_the_line_leaves_reports_and_grades_and_every_past_recipient_is_told(city: City) -> None:
    other = another_bank(city)
    first, second, third = city.world.ask(), city.world.ask(), ask_as(other, city)
    models_in_force(now=NOW)
    grading.grade(city.world.business, now=NOW)
    opened = city.object()
    city.answer(opened)
    upheld, told = city.uphold(opened, now=NOW + days(2))
    assert upheld.state is State.UPHELD
    assert standing.of(city.penalty) is Standing.WITHDRAWN
    assert line_of(city.world.ask(now=NOW + days(2)).report, city.penalty) is None
    [to_bank], [to_other] = corrected.newest(BANK), corrected.newest(OTHER_BANK)
    assert {to_bank.receipt, to_other.receipt} == set(told)
    assert [one["receipt"] for one in to_bank.said["reports"]] == [first.number, second.number]
    assert [one["receipt"] for one in to_other.said["reports"]] == [third.number]
    assert to_bank.said["outcome"] == "withdrawn"
    assert to_bank.said["lines"] == [{"fact": city.penalty, "item": ITEM, "source": SOURCE, "delivery": 1, "line": 2}]
    sequencing.sequence(NOW)
    assert regrading.follow(NOW + days(2)) == 1
    assert [one.institution for one in corrected.told_of([city.penalty])] == [OTHER_BANK, BANK]


def test_a_correction_is_receipted_proven_and_holds_no_value(city: City) -> None:
    city.world.ask()
    _upheld, [number] = city.uphold(city.object())
    sequencing.sequence(NOW)
    [notice] = corrected.newest(BANK)
    file = receipts.receipt(number, of=BANK) | {"report": dict(notice.said)}
    text = json.dumps(file, ensure_ascii=False, separators=(",", ":"))
    verdict = verifier.verify(text, {key.name: key for key in (identity.key(), house.key())})
    assert verdict.standing is verifier.Standing.PROVEN
    for value in ("42000", "平环罚", "未按规定", "王小明"):
        assert value not in text


def test_the_business_sees_who_was_told_of_the_correction(city: City) -> None:
    city.world.ask()
    city.uphold(city.object())
    look = queries.who_looked(city.world.business).looks[0]
    assert (look.kind, look.institution) == (Kind.CORRECTION_TOLD, BANK)
    assert [look.kind for look in queries.looks_of(BANK).looks] == [Kind.REPORT_TOLD]  # it did not ask for this one


def test_who_was_told_nothing_of_the_line_hears_nothing(city: City) -> None:
    another_bank(city)
    _upheld, told = city.uphold(city.object())
    assert told == []
    assert corrected.newest(BANK) == corrected.newest(OTHER_BANK) == []


def test_the_same_wrong_row_sent_again_stays_out_and_another_row_is_a_new_fact(city: City) -> None:
    city.uphold(city.object())
    assert city.redelivered([{}], delivery=8) == city.penalty
    assert line_of(city.world.ask().report, city.penalty) is None
    newer = city.redelivered([{"facts": "情节轻微，不予处罚"}])
    line = line_of(city.world.ask().report, newer)
    assert line is not None
    assert line["standing"] == "good"


def test_a_correction_delivered_in_time_takes_the_lines_place_and_is_free_of_the_dispute(city: City) -> None:
    told = city.world.ask()
    opened = city.object()
    newer = city.redelivered([{"fine": "1000.00"}])
    following.follow(NOW)
    assert standing.of(newer) is Standing.DISPUTED  # not decided yet
    city.answer(opened, "corrected")
    city.uphold(opened)
    assert standing.of(newer) is Standing.GOOD
    line = line_of(city.world.ask().report, newer)
    assert line is not None
    [notice] = corrected.newest(BANK)
    assert (notice.said["outcome"], [one["receipt"] for one in notice.said["reports"]]) == ("replaced", [told.number])


def test_a_newer_row_that_is_wrong_as_well_goes_too_and_its_readers_are_told(city: City) -> None:
    opened = city.object()
    newer = city.redelivered([{"authority": "平顶山市生态环境局鲁山分局"}])
    told = city.world.ask()
    city.uphold(opened, newer_is_right=False)  # the dispute is brought up to it, though no follower came by
    assert standing.of(newer) is Standing.WITHDRAWN
    [notice] = corrected.newest(BANK)
    assert (notice.said["outcome"], [one["fact"] for one in notice.said["lines"]]) == ("withdrawn", [newer])
    assert [one["receipt"] for one in notice.said["reports"]] == [told.number]


def test_an_institution_that_was_being_told_while_it_was_decided_hears_of_it_too(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The telling has read the line; the decision is made; the telling commits: still a past recipient."""
    opened, read, go_on = city.object(), threading.Event(), threading.Event()
    material = reading.material

    def slow(*args: Any, **named: Any) -> Any:
        found = material(*args, **named)
        read.set()
        assert go_on.wait(timeout=30)
        return found

    monkeypatch.setattr(reading, "material", slow)
    with ThreadPoolExecutor(2) as pool:
        telling = pool.submit(_and_close, city.world.ask)
        assert read.wait(timeout=30)
        deciding_ = pool.submit(_and_close, lambda: city.uphold(opened)[1])
        with pytest.raises(TimeoutError):
            deciding_.result(timeout=0.5)
        go_on.set()
        told, [number] = telling.result(timeout=30), deciding_.result(timeout=30)
    [notice] = corrected.newest(BANK)
    assert (notice.receipt, [one["receipt"] for one in notice.said["reports"]]) == (number, [told.number])


def test_an_institution_that_was_just_being_told_what_is_open_needs_no_grant_to_hear_of_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_bank(OTHER_BANK)
    an_agreement(OTHER_BANK, items=("tax_arrears",))
    officer = an_officer(institution=OTHER_BANK)
    opened, read, go_on = city.object(), threading.Event(), threading.Event()
    facts = reading.facts

    def slow(*args: Any, **named: Any) -> Any:
        found = facts(*args, **named)
        read.set()
        assert go_on.wait(timeout=30)
        return found

    monkeypatch.setattr(reading, "facts", slow)
    asked = {"asker": OTHER_BANK, "officer": officer, "uscc": city.world.code, "purpose": "loan_review"}
    with ThreadPoolExecutor(2) as pool:
        telling = pool.submit(_and_close, lambda: query(**asked, items=frozenset({ITEM}), now=NOW))  # type: ignore[arg-type]
        assert read.wait(timeout=30)
        deciding_ = pool.submit(_and_close, lambda: city.uphold(opened)[1])
        with pytest.raises(TimeoutError):
            deciding_.result(timeout=0.5)
        go_on.set()
        told, _ = telling.result(timeout=30), deciding_.result(timeout=30)
    [notice] = corrected.newest(OTHER_BANK)
    assert [one["receipt"] for one in notice.said["reports"]] == [told.number]


def _and_close(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


def test_whoever_dies_between_deciding_and_telling_the_worker_tells_and_nobody_hears_twice(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.world.ask()
    opened = city.object()

    def die(*_args: Any, **_named: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(deciding, "tell_recipients", die)
        with pytest.raises(SystemExit):
            city.uphold(opened)
    assert corrected.newest(BANK) == []
    work.drain()
    assert len(corrected.newest(BANK)) == 1
    assert deciding.tell_recipients(opened.number, now=NOW) == []


# ── rejected, withdrawn ──────────────────────────────────────────────────────────────────────────────────────────────


def test_rejected_the_business_is_heard_beside_its_line_from_then_on(city: City) -> None:
    opened = city.object()
    city.answer(opened, "right")
    rejected = city.reject(opened)
    assert rejected.state is State.REJECTED
    line = line_of(city.world.ask().report, city.penalty)
    assert line is not None
    assert line["standing"] == "good"
    [note] = line["annotations"]
    assert (note["kind"], note["text"]) == ("statement", TEXT)
    assert corrected.newest(BANK) == []


def test_the_statement_goes_with_the_line_when_its_source_sends_it_anew(city: City) -> None:
    city.reject(city.object())
    newer = city.redelivered([{"authority": "平顶山市生态环境局鲁山分局"}])
    following.follow(NOW)
    line = line_of(city.world.ask().report, newer)
    assert line is not None
    assert [note["text"] for note in line["annotations"]] == [TEXT]


def test_taken_back_the_line_is_as_it_was_and_may_be_objected_to_again(city: City) -> None:
    opened = city.object()
    with pytest.raises(NotFound):
        objections.withdraw(opened.number, by=city.clerk, now=NOW)
    assert objections.withdraw(opened.number, by=city.world.representative, now=NOW).state is State.WITHDRAWN
    assert standing.of(city.penalty) is Standing.GOOD
    assert city.object().number != opened.number


def test_an_ended_objection_does_not_move_any_more(city: City) -> None:
    opened = city.object()
    city.uphold(opened)
    acts: list[Any] = [
        lambda: city.reject(opened),
        lambda: city.uphold(opened),
        lambda: city.answer(opened),
        lambda: objections.withdraw(opened.number, by=city.world.representative, now=NOW),
        lambda: stopping.pause(opened.number, ground="test", note="送检", by=city.operator, now=NOW),
    ]
    for act in acts:
        with pytest.raises(WrongState):
            act()


def test_only_an_operator_decides_passes_on_and_stops_the_clocks(city: City) -> None:
    opened = city.object()
    for by in (city.clerk, city.world.officer, city.world.representative):
        acts: list[Any] = [
            lambda by=by: deciding.uphold(opened.number, because="核实", by=by, now=NOW),
            lambda by=by: deciding.reject(opened.number, because="核实", by=by, now=NOW),
            lambda by=by: sources.ask(opened.number, by=by, now=NOW),
            lambda by=by: stopping.pause(opened.number, ground="test", note="送检", by=by, now=NOW),
        ]
        for act in acts:
            with pytest.raises(NotParty):
                act()
    assert rights.objection(opened.number) == opened


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_while_an_expert_looks_the_clocks_stand_and_afterwards_they_have_lost_nothing(city: City) -> None:
    opened = city.object()  # on Monday, 1 June 2026
    due = {one.name: one.due for one in opened.clocks()}
    assert (due[SOURCES_CLOCK], due[WITH_SOURCE]) == (date(2026, 6, 4), date(2026, 6, 10))
    paused = stopping.pause(opened.number, ground="experts", note="请三位专家", by=city.operator, now=NOW + days(1))
    assert paused.stopped is not None
    assert {one.name: one.due for one in paused.clocks()} == {SOURCES_CLOCK: None, WITH_SOURCE: None} | {
        HARD_STOP: due[HARD_STOP]
    }
    with pytest.raises(WrongState):
        stopping.pause(opened.number, ground="test", note="再送检", by=city.operator, now=NOW + days(1))
    with pytest.raises(WordsInvalid):
        stopping.pause(city.object().number, ground="holiday", note="放假", by=city.operator, now=NOW + days(1))
    resumed = stopping.resume(opened.number, by=city.operator, now=NOW + days(4))  # three working days later
    due = {one.name: one.due for one in resumed.clocks()}
    assert (due[SOURCES_CLOCK], due[WITH_SOURCE]) == (date(2026, 6, 9), date(2026, 6, 15))


def test_undecided_after_twenty_days_it_goes_up_once_and_can_still_be_decided(city: City) -> None:
    opened = city.object()
    assert escalating.escalate(NOW + days(21)) == 0  # 21 June is a Sunday: the term ends on Monday
    assert escalating.escalate(NOW + days(22)) == 1
    assert escalating.escalate(NOW + days(23)) == 0
    assert rights.objection(opened.number).escalated_at == NOW + days(22)
    assert city.uphold(opened, now=NOW + days(23))[0].state is State.UPHELD
    assert kinds_about(city.penalty)[-2:] == [Kind.OBJECTION_ESCALATED, Kind.OBJECTION_UPHELD]


def test_the_log_answers_for_every_row_and_holds_none_of_the_words(city: City) -> None:
    city.world.ask()
    opened = city.object()
    stopping.pause(opened.number, ground="test", note="送检三天", by=city.operator, now=NOW)
    city.answer(opened)
    city.uphold(opened)
    sequencing.sequence(NOW)
    assert checking.check().found == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(body, '') FROM ledger_event")
        whole = cursor.fetchone()[0]
    assert not [said for said in (TEXT[:8], "送检三天", "查过卷宗", "来源确认有错") if said in whole]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rights_objection SET because = '别的' WHERE id = %s", [opened.number])
    assert [one.table for one in checking.check().found] == ["rights_objection"]


# ── others ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def another_bank(city: City) -> Any:
    """A second institution that is allowed to look, and its officer."""
    a_bank_under_agreement(OTHER_BANK)
    officer = an_officer(OTHER_BANK, "钱经理")
    a_grant(city.world.business, by=city.world.representative, to=OTHER_BANK)
    return officer


def ask_as(officer: Any, city: City) -> Any:
    return city.world.ask(asker=OTHER_BANK, officer=officer)


def test_of_a_refusal_nothing_stays_but_its_line_in_the_log(city: City) -> None:
    with pytest.raises(Problem):
        city.object(reason="")
    on_file(city.world.business, "tax_declared_sales", [], delivery=5)
    assert kinds_about(city.penalty) == [Kind.OBJECTION_REFUSED]
