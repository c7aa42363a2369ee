"""个人信息安全事件 (个人信息保护法 §57): what may follow what once information has leaked, been changed or lost. Pure.

The authority is told of every one. Those concerned need not be told only where what was done keeps harm away from them;
that, and the words they are told, one proposes and another approves.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from xinqiao.catalogue.schema import Clock as Term
from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.kernel.sayings import Saying
from xinqiao.rights.rules.objections import Clock

TOLD: Final = "incident_told"


class State(StrEnum):
    REPORTED = "reported"
    ASSESSED = "assessed"  # one of two has said whether those concerned are told, and in which words
    APPROVED = "approved"  # they have been told, or need not be
    NOTIFIED = "notified"  # and the authority has been


class Act(StrEnum):
    ASSESS = "assess"
    TURN_BACK = "turn_back"
    APPROVE = "approve"
    NOTIFY = "notify"


STATE_TITLES: Final = {
    State.REPORTED: Saying("等评估"),
    State.ASSESSED: Saying("等第二人批准"),
    State.APPROVED: Saying("等报告主管部门"),
    State.NOTIFIED: Saying("已经报告主管部门"),
}
NEXT: Final[Mapping[State, Mapping[Act, State]]] = {
    State.REPORTED: {Act.ASSESS: State.ASSESSED},
    State.ASSESSED: {Act.TURN_BACK: State.REPORTED, Act.APPROVE: State.APPROVED},
    State.APPROVED: {Act.NOTIFY: State.NOTIFIED},
    State.NOTIFIED: {},
}


def after(state: State, act: Act) -> State | None:
    """The state an act leads to; None where it is not allowed."""
    return NEXT[state].get(act)


def told_clock(reported: date, done: date | None, terms: Mapping[str, Term], calendar: WorkingCalendar) -> Clock:
    """Until when those concerned and the authority are told; the law says at once."""
    return Clock(TOLD, calendar.add_working_days(reported, terms[TOLD].within), done)
