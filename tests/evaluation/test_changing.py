"""What would change a grade: found and supposed by the engine that gives it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluation import builders, worlds
from tests.evaluation.builders import usual
from tests.evaluation.worlds import NOW, TODAY
from xinqiao import catalogue
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.evaluation import changing, grading, imagining, model_files, reaching, supposing, trying
from xinqiao.evaluation.errors import SuppositionInvalid
from xinqiao.evaluation.language import DaysLeft, DaysSinceFirst, DaysSinceLast, Window
from xinqiao.evaluation.prospects import Asked, Way
from xinqiao.evaluation.scoring import Known, score
from xinqiao.evaluation.supposing import Supposed
from xinqiao.kernel.ids import SubjectId
from xinqiao.ledger import sequencing
from xinqiao.subjects.errors import UnknownSubject

ME = [SubjectId(1)]
days = st.dates(date(2023, 1, 1), date(2026, 6, 30))


@settings(max_examples=15)
@given(taken=st.lists(st.tuples(days, st.sampled_from(["good", "disputed"])), min_size=1, max_size=4), data=st.data())
def test_supposing_a_fact_repaired_is_its_being_marked_so(taken: list[tuple[date, str]], data: st.DataObject) -> None:
    rows = [builders.a_row(n, taken_on=day, standing=mark) for n, (day, mark) in enumerate(taken, 1)]
    chosen = data.draw(st.sets(st.sampled_from([row.fact_id for row in rows])))
    marked = [replace(row, standing="repaired") if row.fact_id in chosen else row for row in rows]
    [supposed] = supposing.outcomes(usual(), builders.knowing(usual().bound, *rows), [Supposed(frozenset(chosen))])
    [repaired] = score(usual(), ME, builders.knowing(usual().bound, *marked))
    assert supposed == repaired.outcome


@settings(max_examples=15)
@given(day=days)
def test_a_fact_leaves_its_window_on_the_day_that_was_foretold(day: date) -> None:
    gone = supposing.day_after(Window(field="taken_on", months=36), day)
    for on, counted in ((gone - timedelta(days=1), 1), (gone, 0)):
        [one] = score(usual(), ME, builders.knowing(usual().bound, builders.a_row(taken_on=day), on=on))
        assert one.outcome.counted["matters"].count == counted


def test_whatever_the_citys_models_still_offer_is_reached_by_the_row_made_for_it() -> None:
    by_time = (DaysLeft, DaysSinceFirst, DaysSinceLast)
    for file in model_files.load(catalogue.city()).values():
        ready = trying.runnable(file.bound)
        for name, one in file.bound.model.indicators.items():
            full = file.bound.model.weight_on(one, TODAY).points
            best = max(step.worth(full) for step in one.steps)
            if isinstance(one.measure, by_time) or best <= one.none.worth(full):
                continue
            rows = reaching.rows(file.bound, name, TODAY)
            assert rows is not None, name
            nothing = Known(TODAY, {}, frozenset(file.bound.items))
            [then] = supposing.outcomes(ready, nothing, [Supposed(rows={one.reads: rows})])
            assert then.counted[name].points == best, name


def test_a_business_is_told_what_repair_time_and_showing_would_do_and_so_it_comes(city_db: str) -> None:
    (first, *_) = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    given_ = grading.grade(first, now=NOW)
    found = changing.changes(first, now=NOW)
    assert (found.now.grade, found.now.score, found.on) == (given_.grade, given_.score, TODAY)
    [repair] = [one for one in found.changes if one.way is Way.REPAIR]
    [fact] = creditfile.facts_of(first, items=["administrative_penalty"])
    assert repair.facts == (fact.id,)
    assert set(repair.about) == {"一般行政处罚", "罚款合计"}
    standing.mark(fact.id, Standing.REPAIRED, because="信用修复", by="受理员", now=NOW)
    sequencing.sequence(NOW)
    after = grading.grade(first, now=NOW)
    assert (repair.then.grade, repair.then.points) == (after.grade, after.points)
    assert after.score is None, "of two items nothing can be said, once neither speaks of 失信"
    shown = [one for one in found.changes if one.way is Way.SHOW]
    assert shown == sorted(shown, key=lambda one: one.then.score or 0, reverse=True)
    assert all((one.then.score or 0) > (found.now.score or 0) for one in shown)
    soonest = next(one for one in found.changes if one.way is Way.TIME)
    then = changing.changes(first, now=NOW + (soonest.on - TODAY))
    assert then.now == soonest.then, "that day has come"


def test_somebody_supposes_a_repair_rows_and_a_day(city_db: str) -> None:
    (first, *_) = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    [fact] = creditfile.facts_of(first, items=["administrative_penalty"])
    honour = {"granted_on": TODAY.isoformat(), "level": "1", "granted_by": "省政府"}
    now, repaired = imagining.what_if(first, Asked(frozenset({fact.id})), now=NOW)
    _, honoured = imagining.what_if(first, Asked(rows={"honour": [honour]}), now=NOW)
    _, later = imagining.what_if(first, Asked(on=TODAY + timedelta(days=700)), now=NOW)
    assert repaired.points == now.points + 34
    assert honoured.points > now.points
    assert later.points >= repaired.points, "a general penalty counts for a year"


@pytest.mark.parametrize(
    "asked",
    [
        Asked(frozenset({999})),
        Asked(on=TODAY - timedelta(days=1)),
        Asked(on=TODAY + timedelta(days=2000)),
        Asked(rows={"housing_fund": [{}]}),
        Asked(rows={"honour": [{"colour": "red"}]}),
        Asked(rows={"honour": [{"granted_on": "明天"}]}),
    ],
    ids=["no-fact-of-it", "yesterday", "too-far", "item-not-read", "no-field", "no-date"],
)
def test_what_cannot_be_supposed_is_refused(city_db: str, asked: Asked) -> None:
    (first, *_) = worlds.a_city()
    with pytest.raises(SuppositionInvalid):
        imagining.what_if(first, asked, now=NOW)
    with pytest.raises(UnknownSubject):
        imagining.what_if(SubjectId(10**6), asked, now=NOW)
