"""检查: what may follow what when an inspector checks an institution, or the operator itself. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from xinqiao.kernel.sayings import Saying
from xinqiao.rights.rules.objections import Clock

MENDED: Final = "inspection_mended"  # not a clock of the city's: the inspector sets the day


class State(StrEnum):
    OPENED = "opened"
    MENDING = "mending"  # something was found that must be mended by a day
    REPORTED = "reported"  # the checked says it is done
    CLOSED = "closed"


class Act(StrEnum):
    FIND = "find"  # with something to mend
    REPORT = "report"
    SEND_BACK = "send_back"
    CLOSE = "close"


STATE_TITLES: Final = {
    State.OPENED: Saying("正在检查"),
    State.MENDING: Saying("等整改"),
    State.REPORTED: Saying("说已改好，等检查人员看"),
    State.CLOSED: Saying("检查结束"),
}
NEXT: Final[Mapping[State, Mapping[Act, State]]] = {
    State.OPENED: {Act.FIND: State.MENDING, Act.CLOSE: State.CLOSED},
    State.MENDING: {Act.REPORT: State.REPORTED},
    State.REPORTED: {Act.SEND_BACK: State.MENDING, Act.CLOSE: State.CLOSED},
    State.CLOSED: {},
}


def after(state: State, act: Act) -> State | None:
    """The state an act leads to; None where it is not allowed."""
    return NEXT[state].get(act)


def mend_clock(due: date | None, mended: date | None) -> Clock:
    """Until when it must be mended; `mended`: the day of the report that was accepted."""
    return Clock(MENDED, due, mended)
