"""所属期: which day, month, quarter or year a delivery is of."""

import re
from datetime import date, timedelta
from typing import Final, Literal

Kind = Literal["day", "month", "quarter", "year"]

FORMS: Final[dict[Kind, str]] = {"day": "2026-03-31", "month": "2026-03", "quarter": "2026-Q1", "year": "2026"}
_PATTERNS: Final[dict[Kind, str]] = {
    "day": r"([1-9]\d{3})-(\d\d)-(\d\d)",
    "month": r"([1-9]\d{3})-(\d\d)",
    "quarter": r"([1-9]\d{3})-?Q([1-4])",
    "year": r"([1-9]\d{3})",
}
_MONTHS: Final[dict[Kind, int]] = {"month": 1, "quarter": 3, "year": 12}


def first_day(period: str, kind: Kind) -> date | None:
    """The day a period begins, or None where the text is no period of this kind."""
    found = re.fullmatch(_PATTERNS[kind], period, re.ASCII)
    if found is None:
        return None
    year, month, day = (*map(int, found.groups()), 1, 1)[:3]
    try:
        return date(year, month * 3 - 2 if kind == "quarter" else month, day)
    except ValueError:
        return None


def following(begins: date, kind: Kind) -> date:
    """The first day of the period after the one that begins here."""
    if kind == "day":
        return begins + timedelta(days=1)
    years, month = divmod(begins.month - 1 + _MONTHS[kind], 12)
    return date(begins.year + years, month + 1, 1)


def containing(day: date, kind: Kind) -> date:
    """The first day of the period this day lies in."""
    if kind == "day":
        return day
    months = _MONTHS[kind]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def written(begins: date, kind: Kind) -> str:
    """The period that begins here, as deliveries name it."""
    if kind == "quarter":
        return f"{begins.year}-Q{(begins.month + 2) // 3}"
    return begins.isoformat()[: {"day": 10, "month": 7, "year": 4}[kind]]
