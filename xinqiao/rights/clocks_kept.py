"""When each matter of rights came, was due and was done: for the figures of how well the clocks are kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from xinqiao.kernel.city_time import day_of
from xinqiao.rights import annulled, queries, repairs
from xinqiao.rights.rules.objections import HARD_STOP, SOURCE, Clock


@dataclass(frozen=True, slots=True)
class Kept:
    """`due` None: the clock stands still; `met` None: it is not done. `source` is whose line it was."""

    came: date
    due: date | None
    met: date | None
    source: str


def objections(since: datetime) -> Iterator[Kept]:
    """Those that came since, against the platform's own term; time that does not count is not counted."""
    for view in queries.opened_since(since):
        own = next(clock for clock in view.clocks() if clock.name not in {SOURCE, HARD_STOP})
        yield _kept(view.opened_at, own, view.source)


def annulments(since: datetime) -> Iterator[Kept]:
    """撤下: one working day from when the source said so."""
    for view in annulled.reported_since(since):
        yield _kept(view.reported_at, view.clock(), view.source)


def repair_results(since: datetime) -> Iterator[Kept]:
    """修复: one working day from when the decision came."""
    for view in repairs.received_since(since):
        yield _kept(view.received_at, view.clock(), "")


def _kept(came: datetime, clock: Clock, source: str) -> Kept:
    return Kept(day_of(came), clock.due, clock.met, source)
