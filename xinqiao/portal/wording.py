"""Numbers, days and clocks as people say them. Pure, but for the language of the words, which is the reader's.

Business days are dates; instants are shown in the city's time (Asia/Shanghai).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.kernel.city_time import CITY_TIME, day_of

WAN: Final = Decimal(10_000)
SMALLEST_IN_WAN: Final = Decimal(100)  # 0.01 万元: two decimals of 万元 lose nothing
SHORTENED: Final = 12


@dataclass(frozen=True, slots=True)
class Clock:
    """A day something is due, in words; `late` when it has passed."""

    due: date
    words: str
    late: bool


def clock(due: date, today: date, calendar: WorkingCalendar) -> Clock:
    """期限 as people count it, in working days (工作日). A day off moves it to the next working day (民法典 §203)."""
    due = calendar.add_working_days(due, 0)
    days = calendar.working_days_between(today, due)
    if due == today:
        return Clock(due, _("今天到期"), late=False)
    if due < today:
        return Clock(due, ngettext("已逾期 %(n)d 个工作日", "已逾期 %(n)d 个工作日", -days) % {"n": -days}, late=True)
    return Clock(due, ngettext("还有 %(n)d 个工作日", "还有 %(n)d 个工作日", days) % {"n": days}, late=False)


def moment(at: datetime, now: datetime) -> str:
    """今天 09:41 · 昨天 18:20 · 11-20 09:41 · 2025-11-20 09:41."""
    local, day, today = at.astimezone(CITY_TIME), day_of(at), day_of(now)
    time = f"{local:%H:%M}"
    if day == today:
        return _("今天 %(time)s") % {"time": time}
    if day == today - timedelta(days=1):
        return _("昨天 %(time)s") % {"time": time}
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def instant(at: datetime) -> str:
    """2026-11-23 09:41, for places where a date must stand alone."""
    return f"{at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"


def count(number: int) -> str:
    return f"{number:,}"


def money(yuan: Decimal) -> str:
    """万元 where people say 万元 and nothing is lost by it; else 元 to the fen. English has no such word."""
    if abs(yuan) >= WAN and yuan % SMALLEST_IN_WAN == 0 and get_language() != "en":
        return f"{yuan / WAN:,.2f} 万元"
    return _("%(amount)s 元") % {"amount": f"{yuan:,.2f}"}


def number(value: Decimal) -> str:
    """With commas, without the zeros nobody wrote."""
    whole = f"{value:,f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def short(digest: str) -> str:
    """4f1c…a902: enough to compare by eye; the whole digest stands in the file."""
    return digest if len(digest) <= SHORTENED else f"{digest[:4]}…{digest[-4:]}"


def share(part: int, whole: int) -> str:
    """1.8 %, and never 0 % or 100 % of what is not nothing or all."""
    if whole == 0 or part in {0, whole}:
        return "100%" if part and part == whole else "0%"
    percent = min(max(100 * part / whole, 0.1), 99.9)
    return f"{percent:.1f}%"


def days_left(until: date, today: date) -> str:
    """How long a permission still holds, its last day included."""
    days = (until - today).days + 1
    if days <= 0:
        return _("已到期")
    return ngettext("还有 %(n)d 天", "还有 %(n)d 天", days) % {"n": days}


def term(days: int) -> str:
    """How long something lasts, in years where it is about as many whole ones."""
    years = round(days / 365.25)
    if years and abs(days - years * 365.25) <= years + 1:
        return ngettext("%(n)d 年", "%(n)d 年", years) % {"n": years}
    return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}
