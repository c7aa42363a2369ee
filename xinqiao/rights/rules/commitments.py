"""信用承诺: what may follow what after a commitment was given, and after somebody says it was broken. Pure.

Nobody withdraws a commitment: it is kept, broken, or its term ends. A break is one person's claim until the business
has had its say, or its time for it is over, and a second person has looked.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from xinqiao.catalogue.meaning import months_after
from xinqiao.catalogue.schema import Clock as Term
from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.kernel.sayings import Saying
from xinqiao.rights.rules.objections import Clock

ANSWERED: Final = "commitment_break_answered"
SHOWN: Final = "commitment_break_shown"


class State(StrEnum):
    """Where a commitment stands. All but the first are final."""

    IN_FORCE = "in_force"
    KEPT = "kept"  # whom it was made to says so
    ENDED = "ended"  # its term is over, and nobody established a breach
    BROKEN = "broken"


class Claim(StrEnum):
    """Where the claim that it was broken stands, and later the repair of that."""

    PROPOSED = "proposed"
    DISMISSED = "dismissed"
    ESTABLISHED = "established"
    MENDING = "mending"  # the business asks for repair
    AGREED = "agreed"  # one of two has agreed
    MENDED = "mended"


class Act(StrEnum):
    ANSWER = "answer"
    DISMISS = "dismiss"
    ESTABLISH = "establish"
    ASK = "ask"
    AGREE = "agree"
    CONFIRM = "confirm"
    REFUSE = "refuse"


STATE_TITLES: Final = {
    State.IN_FORCE: Saying("履行中"),
    State.KEPT: Saying("已履约"),
    State.ENDED: Saying("期满"),
    State.BROKEN: Saying("已认定违诺"),
}
CLAIM_TITLES: Final = {
    Claim.PROPOSED: Saying("有人提出违诺"),
    Claim.DISMISSED: Saying("没有认定违诺"),
    Claim.ESTABLISHED: Saying("已认定违诺"),
    Claim.MENDING: Saying("申请了修复，等平台办理"),
    Claim.AGREED: Saying("一人已同意修复，等第二人确认"),
    Claim.MENDED: Saying("已经修复"),
}
OPEN: Final = frozenset({Claim.PROPOSED, Claim.MENDING, Claim.AGREED})  # somebody still has to act
NEXT: Final[Mapping[Claim, Mapping[Act, Claim]]] = {
    Claim.PROPOSED: {Act.ANSWER: Claim.PROPOSED, Act.DISMISS: Claim.DISMISSED, Act.ESTABLISH: Claim.ESTABLISHED},
    Claim.DISMISSED: {},
    Claim.ESTABLISHED: {Act.ASK: Claim.MENDING},
    Claim.MENDING: {Act.AGREE: Claim.AGREED, Act.REFUSE: Claim.ESTABLISHED},
    Claim.AGREED: {Act.CONFIRM: Claim.MENDED, Act.REFUSE: Claim.ESTABLISHED},
    Claim.MENDED: {},
}


def after(claim: Claim, act: Act) -> Claim | None:
    """The state an act leads to; None where it is not allowed."""
    return NEXT[claim].get(act)


def may_establish(proposed: date, today: date, *, answered: bool, clock: Clock) -> bool:
    """Once the business has answered, or its last day for it is over."""
    return answered or (clock.due is not None and today > clock.due and today > proposed)


def answer_clock(proposed: date, answered: date | None, terms: Mapping[str, Term], calendar: WorkingCalendar) -> Clock:
    """Until when the business may answer before anybody decides."""
    return Clock(ANSWERED, calendar.add_working_days(proposed, terms[ANSWERED].within), answered)


def mend_from(established: date, terms: Mapping[str, Term]) -> date:
    """The first day on which repair may be asked for: after the shortest time a breach has to be shown."""
    return months_after(established, terms[SHOWN].within) + timedelta(days=1)


def term_ends(made: date, months: int) -> date:
    """The last day a commitment holds."""
    return months_after(made, months)
