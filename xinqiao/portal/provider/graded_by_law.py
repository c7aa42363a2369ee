"""The public credit grade on a department's desk: the result, and of its reasons those it may be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xinqiao.language import said
from xinqiao.portal import graded, naming


@dataclass(frozen=True, slots=True)
class Shown:
    """A grade in words, or why there is none (`absent`). `not_told`: items the model reads that were not asked for."""

    absent: graded.Absent | None = None
    rated: bool = False
    grade: Mapping[str, Any] | None = None
    without_disputed: str = ""
    not_told: str = ""
    caution: str = ""
    on: date | None = None


def shown(report: Mapping[str, Any]) -> Shown | None:
    """None where the answer speaks of no grade, since none was asked for."""
    state, told = report.get("grade_state"), report.get("grade")
    if state is None:
        return None
    if told is None:
        return Shown(absent=graded.absent(state))
    grade, without = graded.in_words(told), told["without_disputed"]
    return Shown(
        rated=grade["state"] == "rated",
        grade=grade,
        without_disputed=graded.in_short(graded.in_words(without)) if without else "",
        not_told=_("、").join(naming.item(one["item"]) for one in told["not_told"]),
        caution=said(told["caution"]) if told["caution"] else "",
        on=date.fromisoformat(told["on"]),
    )
