"""查处侵权: what may follow what once an institution is suspected to have infringed upon a business's rights. Pure.

One operator opens a case or an inspector does; the institution is heard; one operator proposes what it comes to, and
another confirms. Nobody finds against an institution before it has had its say, or its time for it is over.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from xinqiao.catalogue.schema import Clock as Term
from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.kernel.sayings import Saying
from xinqiao.rights.rules.objections import Clock

ANSWERED: Final = "infringement_answered"
DECIDED: Final = "infringement_decided"


class State(StrEnum):
    """Where a case stands. Dismissed, referred and closed are final."""

    OPENED = "opened"
    PROPOSED = "proposed"  # one of two has said what it comes to
    ESTABLISHED = "established"
    DISMISSED = "dismissed"
    REFERRED = "referred"  # to the regulator, under a reference
    CLOSED = "closed"  # established, and ended here with reasons


class Act(StrEnum):
    ANSWER = "answer"
    SUSPEND = "suspend"
    PROPOSE = "propose"
    TURN_BACK = "turn_back"
    ESTABLISH = "establish"
    DISMISS = "dismiss"
    REFER = "refer"
    CLOSE = "close"


class Finding(StrEnum):
    """What a case is proposed to come to."""

    INFRINGED = "infringed"
    NOT_INFRINGED = "not_infringed"


class Origin(StrEnum):
    """What brought it up."""

    MARK = "mark"  # a look that stands out (authorisation.marks)
    COMPLAINT = "complaint"
    OPERATOR = "operator"
    INSPECTOR = "inspector"


STATE_TITLES: Final = {
    State.OPENED: Saying("正在查"),
    State.PROPOSED: Saying("等第二人复核"),
    State.ESTABLISHED: Saying("认定侵权，等处理"),
    State.DISMISSED: Saying("没有侵权，已经结案"),
    State.REFERRED: Saying("认定侵权，已经移送"),
    State.CLOSED: Saying("认定侵权，已经结案"),
}
ORIGIN_TITLES: Final = {
    Origin.MARK: Saying("要留意的查看"),
    Origin.COMPLAINT: Saying("投诉"),
    Origin.OPERATOR: Saying("平台自己发现"),
    Origin.INSPECTOR: Saying("检查人员发现"),
}
FINDING_TITLES: Final = {
    Finding.INFRINGED: Saying("侵犯了企业的权益"),
    Finding.NOT_INFRINGED: Saying("没有侵犯企业的权益"),
}

NEXT: Final[Mapping[State, Mapping[Act, State]]] = {
    State.OPENED: {Act.ANSWER: State.OPENED, Act.SUSPEND: State.OPENED, Act.PROPOSE: State.PROPOSED},
    State.PROPOSED: {
        Act.SUSPEND: State.PROPOSED,
        Act.TURN_BACK: State.OPENED,
        Act.ESTABLISH: State.ESTABLISHED,
        Act.DISMISS: State.DISMISSED,
    },
    State.ESTABLISHED: {Act.SUSPEND: State.ESTABLISHED, Act.REFER: State.REFERRED, Act.CLOSE: State.CLOSED},
    State.DISMISSED: {},
    State.REFERRED: {},
    State.CLOSED: {},
}
OPEN: Final = frozenset(state for state, acts in NEXT.items() if acts)
FOUND: Final = frozenset({State.ESTABLISHED, State.REFERRED, State.CLOSED})


def after(state: State, act: Act) -> State | None:
    """The state an act leads to; None where it is not allowed."""
    return NEXT[state].get(act)


def confirmed(finding: Finding) -> Act:
    """What the second person's yes does to a proposal."""
    return Act.ESTABLISH if finding is Finding.INFRINGED else Act.DISMISS


def heard(today: date, *, answered: bool, clock: Clock) -> bool:
    """Whether it may be found against the institution: it has answered, or its last day for it is over."""
    return answered or (clock.due is not None and today > clock.due)


def answer_clock(opened: date, answered: date | None, terms: Mapping[str, Term], calendar: WorkingCalendar) -> Clock:
    return Clock(ANSWERED, calendar.add_working_days(opened, terms[ANSWERED].within), answered)


def decision_clock(opened: date, decided: date | None, terms: Mapping[str, Term], calendar: WorkingCalendar) -> Clock:
    return Clock(DECIDED, calendar.add_working_days(opened, terms[DECIDED].within), decided)
