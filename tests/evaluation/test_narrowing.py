"""A grade explained to whoever is told of some items only: of the rest not a word, whatever there is."""

from collections.abc import Iterator, Set
from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao import catalogue
from xinqiao.evaluation import explaining, model_files
from xinqiao.evaluation.compiling import ENDED, NONE, THIN
from xinqiao.evaluation.explaining import Counted, Outcome
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.narrowing import Narrowed, narrowed
from xinqiao.kernel.ids import FactId

ON = date(2026, 6, 30)
RATED = 0


@cache
def enterprise() -> Bound:
    return model_files.load(catalogue.city())["enterprise"].bound


def selections() -> list[tuple[str, str]]:
    """Everything the city's model for enterprises reads facts by, with the item it reads."""
    return [(name, one.reads) for (_, name), one in enterprise().model.selections()]


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    """Of each selection nothing, or one fact that bears the selection's place as its number; some disputed."""
    found = draw(st.sets(st.sampled_from(range(len(selections())))))
    counted = {
        name: Counted(1, None, None, 0, 1, (FactId(place),)) if place in found else Counted(0, None, None, NONE, 0, ())
        for place, (name, _) in enumerate(selections())
    }
    state = draw(st.sampled_from([RATED, THIN, ENDED] if counted["deregistered"].count else [RATED, THIN]))
    return Outcome(state, 0, 500, 500, counted, frozenset(draw(st.sets(st.sampled_from(sorted(found) or [0])))))


ITEMS = st.deferred(lambda: st.sets(st.sampled_from(sorted({item for _, item in selections()}))))
FACTS = st.deferred(lambda: st.sets(st.sampled_from([FactId(place) for place in range(len(selections()))])))


def spoken_of(told: Narrowed) -> Iterator[str]:
    yield from (one.name for one in told.indicators)
    yield from (one.name for one in told.limits)
    yield from (one.indicator for one in told.missing)


@settings(max_examples=60, deadline=None)
@given(outcomes(), ITEMS, FACTS)
def test_nothing_is_said_of_an_item_or_a_fact_that_is_not_told(
    outcome: Outcome, items: Set[str], facts: Set[FactId]
) -> None:
    told = narrowed(enterprise(), outcome, ON, items=items, facts=facts)
    reads = dict(selections())
    assert {reads[name] for name in spoken_of(told)} <= items
    named = [one.facts for one in told.indicators] + [one.facts for one in told.limits]
    assert {fact for some in named for fact in some} <= facts
    assert set(told.beyond) == set(reads.values()) - items


@settings(max_examples=60, deadline=None)
@given(outcomes(), outcomes(), ITEMS)
def test_two_businesses_that_differ_only_in_what_is_not_told_are_explained_alike(
    one: Outcome, other: Outcome, items: Set[str]
) -> None:
    """Reasons as sentences too, which name no item: what is not told leaves no trace in any of them."""
    same = {name: one.counted[name] if item in items else other.counted[name] for name, item in selections()}
    facts = {fact for name, item in selections() if item in items for fact in one.counted[name].facts}
    disputed = (one.disputed & facts) | (other.disputed - facts)
    alike = Outcome(RATED, 0, 500, 500, same, frozenset(disputed))
    first, second = (
        narrowed(enterprise(), Outcome(RATED, 0, 500, 500, of.counted, of.disputed), ON, items=items, facts=facts)
        for of in (one, alike)
    )
    assert first == second


@settings(max_examples=20, deadline=None)
@given(outcomes())
def test_whoever_is_told_everything_has_every_reason(outcome: Outcome) -> None:
    everything = {item for _, item in selections()}
    told = narrowed(
        enterprise(), outcome, ON, items=everything, facts={FactId(place) for place in range(len(selections()))}
    )
    whole = explaining.explain(enterprise(), outcome, ON)
    assert (told.reasons, told.limits, told.missing) == (whole.reasons, whole.limits, whole.missing)
    assert told.beyond == {}
