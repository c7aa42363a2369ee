"""撤下: the act behind a line was annulled, its source says so, and the line goes (河南省社会信用条例 §42). Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from xinqiao.catalogue.schema import Clock as Term
from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.kernel.sayings import Saying
from xinqiao.rights.rules.objections import Clock

REMOVED: Final = "revoked_act_removed"


class State(StrEnum):
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    DECLINED = "declined"  # it was another line, or no such decision; the source may report anew


STATE_TITLES: Final = {
    State.REPORTED: Saying("等平台确认"),
    State.CONFIRMED: Saying("已经撤下"),
    State.DECLINED: Saying("没有撤下"),
}


def clock(reported: date, ended: date | None, terms: Mapping[str, Term], calendar: WorkingCalendar) -> Clock:
    """One working day from when the source said so."""
    return Clock(REMOVED, calendar.add_working_days(reported, terms[REMOVED].within), ended)
