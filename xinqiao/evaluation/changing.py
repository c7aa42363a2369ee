"""What would change a grade (怎样会变): repair, time, and what could still be shown, each tried by the engine itself.

Nothing is kept. Whatever is not supposed stays as it is known now, and the model is the one in force: what is found
holds as long as neither facts nor model move.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from xinqiao.evaluation import prospects, reaching, supposing
from xinqiao.evaluation.explaining import Outcome, explain
from xinqiao.evaluation.prospects import Change, Changes, File, Way
from xinqiao.evaluation.supposing import Supposed
from xinqiao.evaluation.views import IndicatorView
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import queries as ledger

MOST: Final = 5  # of each way: nobody acts on a longer list


def changes(subject_id: SubjectId, *, now: datetime) -> Changes:
    """What would change this subject's grade, each by itself. Raises `UnknownSubject`, `NoModelInForce`."""
    position, on = ledger.latest_position(), day_of(now)
    file = prospects.opened(subject_id, on=on, position=position, now=now)
    model = file.bound.model
    found = (*_repaired(file), *_in_time(file, now), *_shown(file))
    return Changes(file.then(file.outcome), on, position, model.model, model.version, found)


# ── 修复 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _repaired(file: File) -> list[Change]:
    """Each fact of 失信 alone; and all of them at once, where one alone would not do."""
    adverse = supposing.adverse_facts(file.bound, file.outcome)
    each = [frozenset({fact}) for fact in adverse]
    together = [frozenset(adverse)] if len(adverse) > 1 else []
    outcomes = supposing.outcomes(file.model, file.known, [Supposed(one) for one in [*each, *together]])
    told = [_repair(file, *one) for one in zip([*each, *together], outcomes, strict=True)]
    made = [one for one in told[: len(each)] if one.then != file.then(file.outcome)]
    return [*sorted(made, key=_worth, reverse=True)[:MOST], *told[len(each) :]]


def _repair(file: File, facts: frozenset[int], outcome: Outcome) -> Change:
    about = tuple(_counted_in(file, facts))
    return Change(Way.REPAIR, about, tuple(map(FactId, sorted(facts))), file.known.on, file.then(outcome))


def _counted_in(file: File, facts: frozenset[int]) -> Iterator[Saying]:
    """The titles of what these facts count in, once each."""
    told = explain(file.bound, file.outcome, file.known.on)
    indicators = [one.title for part in told.parts for one in part.indicators if facts & set(one.facts)]
    limits = [one.title for one in told.limits if facts & set(one.facts)]
    yield from (Saying(title) for title in dict.fromkeys([*indicators, *limits]))


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _in_time(file: File, now: datetime) -> Iterator[Change]:
    """The days on which time alone makes another grade or other points, the soonest first."""
    before, found = file, 0
    for day in supposing.days_to_come(file.bound, file.outcome, file.known.on):
        later = prospects.opened(file.subject_id, on=day, position=file.position, now=now)
        if (then := later.then(later.outcome)) != before.then(before.outcome):
            found += 1
            yield Change(Way.TIME, tuple(_moved(before, later)), (), day, then)
        if found == MOST:
            return
        before = later


def _moved(before: File, later: File) -> Iterator[Saying]:
    """Which indicators have other points then, and which limits hold no more."""
    model, was, will = later.bound.model, before.outcome.counted, later.outcome.counted
    yield from (Saying(one.title) for name, one in model.indicators.items() if was[name].points != will[name].points)
    yield from (
        Saying(limit.title) for name, limit, _ in model.limits() if bool(was[name].count) != bool(will[name].count)
    )


# ── what could still be shown ────────────────────────────────────────────────────────────────────────────────────────


def _shown(file: File) -> list[Change]:
    """What could still be earned, indicator by indicator, as far as the engine confirms it."""
    told = explain(file.bound, file.outcome, file.known.on)
    short = [one for part in told.parts for one in part.indicators if not one.adverse and one.points < one.max_points]
    made = [(one, _example(file, one)) for one in short]
    tried = [(one, supposed) for one, supposed in made if supposed is not None]
    outcomes = supposing.outcomes(file.model, file.known, [supposed for _, supposed in tried])
    return _better(file, [_show(file, one, outcome) for (one, _), outcome in zip(tried, outcomes, strict=True)])


def _example(file: File, one: IndicatorView) -> Supposed | None:
    rows = reaching.rows(file.bound, one.name, file.known.on)
    return None if rows is None else Supposed(rows={file.bound.model.indicators[one.name].reads: rows})


def _show(file: File, one: IndicatorView, outcome: Outcome) -> Change:
    more = outcome.counted[one.name].points - one.points
    said = Saying("{title}，最多再得 {n} 分", title=Saying(one.title), n=more)
    return Change(Way.SHOW, (said,), (), file.known.on, file.then(outcome))


def _better(file: File, found: Sequence[Change]) -> list[Change]:
    """Those that make it better, the largest difference first."""
    now = file.then(file.outcome)
    better = [one for one in found if _worth(one) > (now.score or 0, now.points)]
    return sorted(better, key=_worth, reverse=True)[:MOST]


def _worth(change: Change) -> tuple[int, int]:
    return (change.then.score or 0, change.then.points)
