"""异议: what may follow what, and which clock runs until when (河南省社会信用条例 §41, 征信业管理条例 §25). Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from xinqiao.catalogue.schema import Clock as Term
from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.kernel.sayings import Saying


class State(StrEnum):
    """Where an objection stands. The last three are final: who still disagrees complains to the regulator."""

    OPENED = "opened"  # with the platform, whose own matter it is
    ASKED = "asked"  # with the source
    ANSWERED = "answered"  # with the platform again
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    ASK = "ask"
    ANSWER = "answer"
    UPHOLD = "uphold"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Reason(StrEnum):
    """Why a line is objected to."""

    WRONG = "wrong"
    NOT_MINE = "not_mine"
    SETTLED = "settled"
    TERM_OVER = "term_over"
    UNLAWFUL = "unlawful"
    OTHER = "other"


class Answer(StrEnum):
    """What a source says of its own line. It corrects by delivering: nobody here writes values for it."""

    RIGHT = "right"
    CORRECTED = "corrected"
    REMOVE = "remove"


class Ground(StrEnum):
    """For what the clocks stop (条例 §41 第三款)."""

    TEST = "test"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERTS = "experts"


STATE_TITLES: Final = {
    State.OPENED: Saying("平台正在核查"),
    State.ASKED: Saying("等来源单位答复"),
    State.ANSWERED: Saying("平台正在处理"),
    State.UPHELD: Saying("异议成立"),
    State.REJECTED: Saying("异议不成立"),
    State.WITHDRAWN: Saying("已撤回异议"),
}
REASON_TITLES: Final = {
    Reason.WRONG: Saying("内容有错"),
    Reason.NOT_MINE: Saying("不是我的"),
    Reason.SETTLED: Saying("已经变更、履行或撤销"),
    Reason.TERM_OVER: Saying("已经过了展示期限"),
    Reason.UNLAWFUL: Saying("依法不该归集或公开"),
    Reason.OTHER: Saying("其他"),
}
ANSWER_TITLES: Final = {
    Answer.RIGHT: Saying("核对过，没有错"),
    Answer.CORRECTED: Saying("确实有错，已经或将要报送更正"),
    Answer.REMOVE: Saying("确实有错，应当撤下"),
}
GROUND_TITLES: Final = {
    Ground.TEST: Saying("检验、检测"),
    Ground.QUARANTINE: Saying("检疫"),
    Ground.APPRAISAL: Saying("鉴定"),
    Ground.EXPERTS: Saying("专家评审"),
}

# What the platform sees for itself: everything else only its source can know, and is asked at once.
OWN_MATTER: Final = frozenset({Reason.TERM_OVER, Reason.UNLAWFUL})
OPEN: Final = frozenset({State.OPENED, State.ASKED, State.ANSWERED})

_ENDS: Final = {Act.UPHOLD: State.UPHELD, Act.REJECT: State.REJECTED, Act.WITHDRAW: State.WITHDRAWN}
NEXT: Final[Mapping[State, Mapping[Act, State]]] = {
    State.OPENED: {Act.ASK: State.ASKED, **_ENDS},
    # A silent source keeps nobody from being answered.
    State.ASKED: {Act.ANSWER: State.ANSWERED, **_ENDS},
    State.ANSWERED: _ENDS,
    State.UPHELD: {},
    State.REJECTED: {},
    State.WITHDRAWN: {},
}


def after(state: State, act: Act) -> State | None:
    """The state an act leads to; None where it is not allowed."""
    return NEXT[state].get(act)


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────

OWN: Final = "objection_own_matter"
WITH_SOURCE: Final = "objection_with_source"
SOURCE: Final = "source_answers_objection"
HARD_STOP: Final = "objection_hard_stop"


@dataclass(frozen=True, slots=True)
class Stopped:
    """Days on which the clocks stood: after `since`, up to and including `until`; None while they still stand."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which an objection came, was passed on, answered and decided."""

    opened: date
    asked: date | None = None
    answered: date | None = None
    ended: date | None = None
    stopped: tuple[Stopped, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """One statutory clock of an objection: `name` as in the city's clocks.yml. `due` None: it stands still."""

    name: str
    due: date | None
    met: date | None

    def late(self, today: date) -> bool:
        return self.due is not None and (self.met or today) > self.due


def clocks(days: Days, terms: Mapping[str, Term], calendar: WorkingCalendar) -> list[Clock]:
    """Every clock that runs or has run, the one that ends first for whoever must act now first.

    The hard stop runs on whatever happens: 征信业管理条例 §25 knows no time that does not count.
    """
    return list(_clocks(days, terms, calendar))


def _clocks(days: Days, terms: Mapping[str, Term], calendar: WorkingCalendar) -> Iterator[Clock]:
    if days.asked is not None:
        source = due(terms[SOURCE].within, days.asked, days.stopped, calendar)
        yield Clock(SOURCE, source, days.answered or days.ended)
    name = OWN if days.asked is None else WITH_SOURCE
    yield Clock(name, due(terms[name].within, days.opened, days.stopped, calendar), days.ended)
    yield Clock(HARD_STOP, hard_stop(days.opened, terms, calendar), days.ended)


def due(within: int, since: date, stopped: Iterable[Stopped], calendar: WorkingCalendar) -> date | None:
    """The last of so many working days after `since`, days on which the clocks stood not counted."""
    stops = tuple(stopped)
    if any(stop.until is None for stop in stops):
        return None
    day, left = since, within
    while left > 0 or not calendar.is_working(day):
        day += timedelta(days=1)
        left -= calendar.is_working(day) and not any(stop.since < day <= (stop.until or day) for stop in stops)
    return day


def hard_stop(opened: date, terms: Mapping[str, Term], calendar: WorkingCalendar) -> date:
    """The last day; one that ends on a day off is extended to the next working day (民法典 §203)."""
    return calendar.add_working_days(opened + timedelta(days=terms[HARD_STOP].within), 0)
