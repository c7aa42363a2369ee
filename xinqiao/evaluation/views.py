"""What a grade looks like to those who may read it: all that a page or a report shows, in words fit for its reader."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from xinqiao.kernel.ids import EventId, FactId, Position, SubjectId
from xinqiao.kernel.sayings import Saying

ADVICE: Final = Saying("仅供参考")

Value = int | str | Decimal | None


class State(StrEnum):
    RATED = "rated"
    THIN = "thin"  # 数据不足: a class of its own
    ENDED = "ended"  # no longer in being: not graded


class Seen(StrEnum):
    """Why an indicator has the value it has."""

    SEEN = "seen"  # facts were found
    NONE = "none"  # its source delivers, and has nothing on this subject
    SILENT = "silent"  # its source has never delivered


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """`value` as measured (money in yuan, codes as codes), `shown` with its unit; `dated` the newest fact's day."""

    name: str
    title: str
    group: str
    seen: Seen
    value: Value
    shown: Saying
    points: int
    max_points: int
    reason: Saying
    dated: date | None
    facts: tuple[FactId, ...]
    disputed: tuple[FactId, ...]  # those of `facts` the subject disputes
    adverse: bool  # whether it is 失信 that costs points here


@dataclass(frozen=True, slots=True)
class PartView:
    """A first-level part (一级指标)."""

    name: str
    title: str
    points: int
    max_points: int
    indicators: tuple[IndicatorView, ...]


@dataclass(frozen=True, slots=True)
class LimitView:
    """A veto or a cap that holds, and the best grade it leaves."""

    name: str
    title: str
    at_most: str
    reason: Saying
    basis: str
    facts: tuple[FactId, ...]
    disputed: tuple[FactId, ...]


@dataclass(frozen=True, slots=True)
class MissingView:
    """What was not there to be counted, and that it was not held against the subject."""

    indicator: str
    title: str
    seen: Seen
    reason: Saying


@dataclass(frozen=True, slots=True)
class WithoutDisputed:
    """What the grade would be if every disputed fact were left out."""

    grade: str
    title: str
    score: int | None


@dataclass(frozen=True, slots=True)
class GradeView:
    """One grade, as given and as it will always be explained.

    `points` is what the indicators and the base add up to; `score` is that, held under the top of the grade where a
    veto or a cap limits it, and None where no grade was given. `reasons` are sentences: limits, then losses from the
    largest, then gains, then what was not reached. `on` is the business day, `position` the place in the log up to
    which facts were known.
    """

    subject_id: SubjectId
    state: State
    grade: str
    title: str
    score: int | None
    points: int
    base: int
    scale: int
    parts: tuple[PartView, ...]
    limits: tuple[LimitView, ...]
    reasons: tuple[Saying, ...]
    missing: tuple[MissingView, ...]
    without_disputed: WithoutDisputed | None  # None where nothing that counted is disputed
    model: str
    model_title: str
    version: str
    sql_sha256: str
    position: Position
    on: date
    given_at: datetime | None = None  # None for a trial that is not kept
    event: EventId | None = None
    note: Saying = ADVICE

    def indicators(self) -> tuple[IndicatorView, ...]:
        return tuple(one for part in self.parts for one in part.indicators)

    def facts(self) -> tuple[FactId, ...]:
        """Every fact that counted, once, in order."""
        used = [one.facts for one in self.indicators()] + [limit.facts for limit in self.limits]
        return tuple(sorted({fact for facts in used for fact in facts}))

    def as_dict(self) -> dict[str, Any]:
        return plain(asdict(self))


def plain(told: Mapping[str, object]) -> dict[str, Any]:
    """JSON-ready: dates and instants as ISO text, money as text."""
    return {key: _plain(one) for key, one in told.items()}


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value
