"""What templates may say by themselves: forms of numbers and days. They decide nothing."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from xinqiao import language
from xinqiao.portal import bars, wording
from xinqiao.portal.charts.over_time import LineChart
from xinqiao.portal.charts.slots import SlotChart

register = template.Library()
DATE: Final = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?: \d\d:\d\d)?")


@register.filter
def moment(at: datetime | None) -> str:
    return wording.moment(at, timezone.now()) if at else ""


@register.filter
def instant(at: datetime | None) -> str:
    return wording.instant(at) if at else ""


@register.filter
def day(on: date | None) -> str:
    return on.isoformat() if on else ""


@register.filter
def dates_whole(text: str) -> SafeString:
    """A sentence whose dates are never broken over two lines: a browser takes their hyphens for places to break."""
    whole = DATE.sub(lambda found: f'<span class="nowrap">{found[0]}</span>', escape(text))
    return mark_safe(whole)  # noqa: S308 - escaped one line above


@register.filter
def count(number: int | None) -> str:
    return wording.count(number) if number is not None else ""


@register.filter
def money(yuan: Decimal | str | None) -> str:
    return wording.money(Decimal(yuan)) if yuan is not None else ""


@register.filter
def short(digest: str | None) -> str:
    return wording.short(digest or "")


@register.filter
def said(text: str) -> str:
    """What a domain says, in the reader's language."""
    return language.said(text)


@register.inclusion_tag("portal/parts/bar.html")
def bar(segments: list[bars.Segment], label: str) -> dict[str, Any]:
    """A stacked bar; `label` says the same numbers in words."""
    return {"segments": segments, "label": label}


@register.inclusion_tag("portal/parts/track.html")
def track(value: int, whole: int, tone: str = "brand") -> dict[str, Any]:
    """One filled track; its number must stand beside it, since the picture is hidden from screen readers."""
    return {"width": bars.filled(value, whole), "tone": tone}


@register.inclusion_tag("portal/parts/line_chart.html")
def line_chart(chart: LineChart) -> dict[str, Any]:
    """Lines over time; the page has a table of the same figures."""
    return {"chart": chart}


@register.inclusion_tag("portal/parts/slot_chart.html")
def slot_chart(chart: SlotChart, mine: str, other: str = "", *, untitled: bool = False) -> dict[str, Any]:
    """Figures side by side; `mine` and `other` name the two sides. The page has a table of the same figures; `untitled`
    where its heading is the chart's too."""
    return {"chart": chart, "mine": mine, "other": other, "untitled": untitled}
