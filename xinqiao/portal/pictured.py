"""Indicators and profiles as pages show them: what was told, in the reader's words; a picture with the same numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from xinqiao.disclosure.measured import WHY, Because
from xinqiao.kernel.sayings import with_unit
from xinqiao.language import in_english, said
from xinqiao.portal import bars, wording
from xinqiao.portal.bars import Segment

YUAN: Final = "元"
GOOD: Final = "good"
CARE: Final = "care"
PLAIN: Final = "brand"
UNKNOWN: Final = "unknown"
_TONES: Final = {"good": GOOD, "care": CARE, "plain": PLAIN}


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator. `word` says it in the city's words where it is part of a profile; `tone` is how it is drawn."""

    title: str
    item: str
    shown: str
    word: str
    tone: str
    on: str
    disputed: bool
    without: str


@dataclass(frozen=True, slots=True)
class Side:
    """One dimension of a profile: how many of its indicators speak for the business, and so on, and each of them."""

    title: str
    about: str
    segments: list[Segment]
    label: str
    lines: tuple[Line, ...]

    @property
    def tags(self) -> list[Line]:
        """标签: the words that speak for the business or want looking at; what is only to be known stands below."""
        return [one for one in self.lines if one.word and one.tone in {GOOD, CARE}]


def sides(dimensions: Iterable[Mapping[str, Any]]) -> list[Side]:
    return [_side(one) for one in dimensions]


def _side(told: Mapping[str, Any]) -> Side:
    lines = tuple(line(one) for one in told["traces"])
    segments = bars.stacked(
        [(tone, _counted(tone, lines), _many(tone, lines)) for tone in (GOOD, PLAIN, CARE, UNKNOWN)]
    )
    label = _("，").join(one.label for one in segments if one.number)
    english = "_en" if in_english() else ""
    return Side(told[f"title{english}"], told[f"about{english}"], segments, label, lines)


def _many(tone: str, lines: Sequence[Line]) -> int:
    return sum(one.tone == tone for one in lines)


def _counted(tone: str, lines: Sequence[Line]) -> str:
    words = {
        GOOD: _("有利 %(n)d 项"),
        PLAIN: _("供了解 %(n)d 项"),
        CARE: _("要留意 %(n)d 项"),
        UNKNOWN: _("不知道 %(n)d 项"),
    }
    return words[tone] % {"n": _many(tone, lines)}


def line(told: Mapping[str, Any]) -> Line:
    """Of an indicator as it was told; `word` and `title_en` are there in a profile."""
    word = told.get("word")
    english = in_english() and "title_en" in told
    return Line(
        title=told["title_en"] if english else told["title"],
        item=said(told["item_title"]),
        shown=shown(told, told, known=told["known"]),
        word="" if word is None else word["says_en" if in_english() else "says"],
        tone=UNKNOWN if not told["known"] else PLAIN if word is None else _TONES[word["tone"]],
        on=told["as_of"] or "",
        disputed=told["disputed"],
        without=shown(told, told["without_disputed"], known=True) if told["without_disputed"] else "",
    )


def shown(told: Mapping[str, Any], value: Mapping[str, Any], *, known: bool) -> str:
    """A value as people say it: yes, a word, a number with its unit, a band; nothing; or why it is not known."""
    if not known:
        return said(str(WHY[Because(told["unknown_because"])]))
    unit = told["unit"] or ""
    match value["value"], value["band"]:
        case None, None:
            return _("没有")
        case None, band:
            return _band(Decimal(band["at_least"]), Decimal(band["below"]), unit)
        case bool(yes), _:
            return _("是") if yes else _("否")
        case int(number), _:
            return said(with_unit(wording.count(number), number, unit))
        case code, _:
            return said(value["value_title"] or str(code))


def _band(low: Decimal, high: Decimal, unit: str) -> str:
    if unit == YUAN:
        return _("%(low)s 到不足 %(high)s") % {"low": wording.money(low), "high": wording.money(high)}
    below = said(with_unit(wording.number(high), high, unit))
    return _("%(low)s 到不足 %(high)s") % {"low": wording.number(low), "high": below}
