"""A run's counts as pictures: how scores are spread on either side, and what became of each grade."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from xinqiao.portal.charts import slots
from xinqiao.portal.charts.frame import Axis
from xinqiao.portal.charts.slots import Rate, SlotChart, Spread


def percent(value: float) -> str:
    return f"{100 * value:.2f}".rstrip("0").rstrip(".") + "%"


SHARES: Final = Axis(percent, least=0.1, floor=0, ceiling=1)


def scores(rows: Sequence[Mapping[str, Any]]) -> SlotChart | None:
    """Of each band the share of those with a score, since the two sides need not be equally many."""
    mine, theirs = (_shares([row[side] or 0 for row in rows]) for side in ("mine", "theirs"))
    about = _("横着是分数，竖着是这一段占多少户。")
    names = [str(row["since"]) for row in rows]
    return slots.spread("scores", _("分数怎样分布"), about, names, Spread(mine, theirs), SHARES)


def _shares(counts: Sequence[int]) -> list[float]:
    whole = sum(counts)
    return [count / whole for count in counts] if whole else []


def became(grades: Mapping[str, Mapping[str, float]], order: Sequence[str]) -> SlotChart | None:
    """The bad rate of each grade with its interval, the best grade first; what has no grade stands last."""
    places = {grade: place for place, grade in enumerate(order)}
    known = sorted(grades.items(), key=lambda pair: places.get(pair[0], len(places)))
    seen = [Rate(grade, of["rate"], of["low"], of["high"], of.get("said")) for grade, of in known]
    about = _("每个等级里没有按约还款的比例，竖线是九成五的区间；等级越差，应当越高。")
    return slots.rates("became", _("各等级实际怎样"), about, seen, SHARES)
