"""信用修复: which line may be repaired from which day, and what may follow what (信用修复管理办法, Order 36). Pure.

Nobody here decides whether a finding of a department is repaired: who made it does.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from xinqiao.catalogue import meaning
from xinqiao.catalogue.meaning import Values
from xinqiao.catalogue.schema import AdverseNature, Item
from xinqiao.catalogue.schema import Clock as Term
from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.kernel.sayings import Saying
from xinqiao.rights.rules.objections import Clock

MINOR: Final = "1"  # codes of the list `severity`
ANSWERED: Final = "repair_answered"
CARRIED_OUT: Final = "repair_carried_out"
_BRACKETS: Final = str.maketrans("[](){}【】", "〔〕〔〕〔〕〔〕")


class State(StrEnum):
    """Where an application stands. The last three are final; whoever is refused applies anew."""

    PREPARING = "preparing"  # the business collects its papers
    SUBMITTED = "submitted"  # complete, on its way to the window
    HANDED_OVER = "handed_over"  # with Credit China, under its number
    GRANTED = "granted"
    REFUSED = "refused"
    DROPPED = "dropped"


class Act(StrEnum):
    SUBMIT = "submit"
    HAND_OVER = "hand_over"
    GRANT = "grant"
    REFUSE = "refuse"
    DROP = "drop"


class May(StrEnum):
    """Whether a line may be repaired on a day."""

    NOW = "now"
    LATER = "later"  # the shortest time it has to be shown is not over
    NOT_NEEDED = "not_needed"  # it is not held against anybody, or nobody is told it
    NO_WAY = "no_way"  # nobody has said how


STATE_TITLES: Final = {
    State.PREPARING: Saying("正在准备材料"),
    State.SUBMITTED: Saying("正在移交“信用中国”"),
    State.HANDED_OVER: Saying("“信用中国”正在办理"),
    State.GRANTED: Saying("已经修复"),
    State.REFUSED: Saying("没有准予修复"),
    State.DROPPED: Saying("已放弃"),
}
OPEN: Final = frozenset({State.PREPARING, State.SUBMITTED, State.HANDED_OVER})

# A result may arrive for whoever applied elsewhere meanwhile.
_DECIDED: Final = {Act.GRANT: State.GRANTED, Act.REFUSE: State.REFUSED}
NEXT: Final[Mapping[State, Mapping[Act, State]]] = {
    State.PREPARING: {Act.SUBMIT: State.SUBMITTED, Act.DROP: State.DROPPED, **_DECIDED},
    State.SUBMITTED: {Act.HAND_OVER: State.HANDED_OVER, **_DECIDED},
    State.HANDED_OVER: _DECIDED,
    State.GRANTED: {},
    State.REFUSED: {},
    State.DROPPED: {},
}


def after(state: State, act: Act) -> State | None:
    """The state an act leads to; None where it is not allowed."""
    return NEXT[state].get(act)


@dataclass(frozen=True, slots=True)
class Guidance:
    """`since` is the first day on which repair may be asked for; `ends` the last on which the line is shown at all."""

    may: May
    severity: str | None = None
    since: date | None = None
    ends: date | None = None


def guidance(item: Item, values: Values, today: date, *, has_way: bool) -> Guidance:
    """What a business may do about a line. `has_way`: the city says how this kind of line is repaired.

    The shortest time counts from the day of the document; the day after it is full repair may be asked for.
    """
    shown, least = meaning.shown_for(item, values), meaning.shown_at_least(item, values)
    severity, ends = shown.severity if shown else None, meaning.shown_until(item, values)
    since = least + timedelta(days=1) if least is not None and shown is not None and shown.at_least_months else None
    over = ends is not None and ends < today
    if over or severity == MINOR or meaning.adverse_nature(item, values) is AdverseNature.NONE:
        return Guidance(May.NOT_NEEDED, severity, None, ends)
    if not has_way:
        return Guidance(May.NO_WAY, severity, None, ends)
    return Guidance(May.LATER if since is not None and today < since else May.NOW, severity, since, ends)


def answer_clock(submitted: date, ended: date | None, terms: Mapping[str, Term], calendar: WorkingCalendar) -> Clock:
    """Until when Credit China answers."""
    return Clock(ANSWERED, calendar.add_working_days(submitted, terms[ANSWERED].within), ended)


def carrying_clock(received: date, done: date | None, terms: Mapping[str, Term], calendar: WorkingCalendar) -> Clock:
    """Until when a decision that has arrived is carried out here."""
    return Clock(CARRIED_OUT, calendar.add_working_days(received, terms[CARRIED_OUT].within), done)


def plain(document: object) -> str:
    """A document's number as people mean it, however brackets, spaces and widths were typed."""
    folded = unicodedata.normalize("NFKC", str(document or ""))
    return re.sub(r"\s", "", folded).translate(_BRACKETS)
