"""Whose grade moved: who comes out otherwise than the grade in force says. A night keeps these and nobody else.

A count of days goes on every day; that is no move as long as it stays in its bin. Whose grade in force could soon not
be reckoned again, its snapshot being gone or old, is given it anew too.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from xinqiao.evaluation import keeping, results
from xinqiao.evaluation.explaining import Outcome
from xinqiao.evaluation.keeping import Run
from xinqiao.evaluation.language import Bound, DaysLeft, DaysSinceFirst, DaysSinceLast
from xinqiao.evaluation.models import Grade, Snapshot
from xinqiao.evaluation.scoring import Scored
from xinqiao.evaluation.snapshots import KEPT_DAYS
from xinqiao.kernel.ids import EventId

# So a grade in force has its snapshot for a week more, whatever night fails.
ANEW: Final = timedelta(days=KEPT_DAYS // 2)
OF_THE_ACT: Final = {"id", "subject_id", "event", "ordinal", "on", "position", "given_at"}
TOLD: Final = [column for column in keeping.COLUMNS if column not in {*OF_THE_ACT, "outcome"}]


def fresh(now: datetime) -> frozenset[int]:
    """The places in the log from which a grade can be reckoned again for a good while."""
    kept = Snapshot.objects.filter(removed_at=None, cut_at__gt=now - ANEW)
    return frozenset(kept.values_list("position", flat=True))


def moved(run: Run, scored: Sequence[Scored], places: Collection[int]) -> list[Scored]:
    """Those to be graded anew; `places` as `fresh` gives them."""
    kept = results.in_force([one.subject_id for one in scored])
    days = _counting_days(run.model.bound)

    def is_due(one: Scored) -> bool:
        row = kept.get(one.subject_id)
        if row is None:
            return True
        if row.position > run.position:  # graded meanwhile, by who knew more
            return False
        return row.position not in places or _differs(run, one, row, days)

    return [one for one in scored if is_due(one)]


def _differs(run: Run, one: Scored, row: Grade, days: Collection[str]) -> bool:
    found = keeping.row(run, one, EventId(row.event), row.ordinal)
    if any(found[name] != getattr(row, name) for name in TOLD):
        return True
    if found["outcome"] == row.outcome:
        return False
    return _but_for(days, one.outcome) != _but_for(days, results.outcome(row, run.model))


def _but_for(days: Collection[str], outcome: Outcome) -> Outcome:
    counted = {name: replace(one, value=None) if name in days else one for name, one in outcome.counted.items()}
    return replace(outcome, counted=counted)


def _counting_days(bound: Bound) -> frozenset[str]:
    """The indicators whose value is another every day."""
    days = DaysSinceFirst | DaysSinceLast | DaysLeft
    return frozenset(name for name, one in bound.model.indicators.items() if isinstance(one.measure, days))
