"""A grade as it would be, and by what it would come to that: what `changing` finds and `imagining` is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from xinqiao.evaluation import adopting, inputs, supposing
from xinqiao.evaluation.explaining import Outcome, verdict
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.scoring import Known, Runnable
from xinqiao.evaluation.supposing import Supposed
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, Position, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.errors import UnknownSubject

Row = Mapping[str, str]


class Way(StrEnum):
    """By what a grade changes."""

    REPAIR = "repair"  # 失信 counted no more, since it was repaired (修复) or withdrawn
    TIME = "time"
    SHOW = "show"  # something its source would have to send, or the business to earn


@dataclass(frozen=True, slots=True)
class Then:
    """The grade as it would be. `score` is None where there is none."""

    grade: str
    title: str
    score: int | None
    points: int


@dataclass(frozen=True, slots=True)
class Change:
    """`about`: what is repaired, passes or is shown, in the model's words. `on`: the day it is reckoned for."""

    way: Way
    about: tuple[Saying, ...]
    facts: tuple[FactId, ...]
    on: date
    then: Then


@dataclass(frozen=True, slots=True)
class Changes:
    """The grade as reckoned now, and what would make another of it: each alone, the largest difference first."""

    now: Then
    on: date
    position: Position
    model: str
    version: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody supposes: facts repaired, rows of items as their sources write them, another day."""

    repaired: frozenset[int] = frozenset()
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    on: date | None = None

    def as_dict(self) -> dict[str, object]:
        on = None if self.on is None else self.on.isoformat()
        return {
            "repaired": sorted(self.repaired),
            "rows": {name: list(some) for name, some in self.rows.items()},
            "on": on,
        }


@dataclass(frozen=True, slots=True)
class File:
    """One subject's file on a day, by the model in force now, and its outcome as it stands."""

    subject_id: SubjectId
    model: Runnable
    known: Known
    position: Position
    outcome: Outcome

    @property
    def bound(self) -> Bound:
        return self.model.bound

    def then(self, outcome: Outcome) -> Then:
        told = verdict(self.bound, outcome)
        return Then(told.grade, told.title, told.score, outcome.points)


def opened(subject_id: SubjectId, *, on: date, position: Position, now: datetime) -> File:
    """With what is known at a place in the log, looked at on a day, which may be to come.

    Raises `UnknownSubject`, `NoModelInForce`.
    """
    found = subjects.views([subject_id])
    if not found:
        raise UnknownSubject(Saying("平台还没有收录这个主体"))
    model = adopting.in_force(found[0].kind, on=day_of(now), now=now).runnable
    known = inputs.known(model.bound, [subject_id], on=on, at=position)
    [outcome] = supposing.outcomes(model, known, [Supposed()])
    return File(subject_id, model, known, position, outcome)
