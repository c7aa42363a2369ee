"""投诉: what may follow what: somebody complains, the operator answers, who is not content goes above it. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from xinqiao.catalogue.schema import Clock as Term
from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.kernel.sayings import Saying
from xinqiao.rights.rules.objections import Clock

ANSWERED: Final = "complaint_answered"
ABOVE: Final = "complaint_above"


class State(StrEnum):
    """Where a complaint stands. Settled and referred are final; an answer is, while nobody says it is not enough."""

    MADE = "made"
    ANSWERED = "answered"
    ESCALATED = "escalated"  # with those above the operator
    SETTLED = "settled"  # they have answered themselves
    REFERRED = "referred"  # they have passed it on to the regulator


class Act(StrEnum):
    ANSWER = "answer"
    ESCALATE = "escalate"
    SETTLE = "settle"
    REFER = "refer"


class About(StrEnum):
    """Whom it is about."""

    INSTITUTION = "institution"
    SOURCE = "source"
    PLATFORM = "platform"


STATE_TITLES: Final = {
    State.MADE: Saying("等平台答复"),
    State.ANSWERED: Saying("平台已经答复"),
    State.ESCALATED: Saying("已经提交检查人员"),
    State.SETTLED: Saying("检查人员已经答复"),
    State.REFERRED: Saying("已经转给监管部门"),
}
ABOUT_TITLES: Final = {
    About.INSTITUTION: Saying("接入机构"),
    About.SOURCE: Saying("信息提供单位"),
    About.PLATFORM: Saying("平台自己"),
}
NEXT: Final[Mapping[State, Mapping[Act, State]]] = {
    State.MADE: {Act.ANSWER: State.ANSWERED, Act.ESCALATE: State.ESCALATED},
    State.ANSWERED: {Act.ESCALATE: State.ESCALATED},
    State.ESCALATED: {Act.SETTLE: State.SETTLED, Act.REFER: State.REFERRED},
    State.SETTLED: {},
    State.REFERRED: {},
}
WAITING: Final = frozenset({State.MADE, State.ESCALATED})  # somebody still has to answer


def after(state: State, act: Act) -> State | None:
    """The state an act leads to; None where it is not allowed."""
    return NEXT[state].get(act)


def may_escalate(state: State, today: date, clock: Clock) -> bool:
    """Once the operator has answered, or its last day for it is over."""
    return state is State.ANSWERED or (state is State.MADE and clock.due is not None and today > clock.due)


def answer_clock(made: date, answered: date | None, terms: Mapping[str, Term], calendar: WorkingCalendar) -> Clock:
    return Clock(ANSWERED, calendar.add_working_days(made, terms[ANSWERED].within), answered)


def above_clock(escalated: date, ended: date | None, terms: Mapping[str, Term], calendar: WorkingCalendar) -> Clock:
    """Thirty days, as the regulator has for a complaint (征信业管理条例 §26); a last day off moves on (民法典 §203)."""
    last = escalated.fromordinal(escalated.toordinal() + terms[ABOVE].within)
    return Clock(ABOVE, calendar.add_working_days(last, 0), ended)
