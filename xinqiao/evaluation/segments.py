"""By what groups of businesses a model is looked at: kind, county, sector, age, size and who owns them.

What the register and the directory of small businesses tell, by their codes; "" where they tell nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from xinqiao import catalogue
from xinqiao.creditfile import queries as creditfile
from xinqiao.kernel.ids import Position, SubjectId
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.queries import SubjectView

UNKNOWN: Final = ""
YOUNG, SETTLED, OLD = 2, 5, 10  # whole years since it was established
TOLD_BY: Final = {"size": ("small_business_directory", "scale"), "ownership": ("registration_basics", "entity_type")}
DIMENSIONS: Final = ("county", "sector", "age", *TOLD_BY)


def of(whom: Sequence[SubjectId], *, on: date, at: Position) -> dict[SubjectId, dict[str, str]]:
    """Each subject's value in every dimension."""
    told = {name: _told(item, field, whom, on=on, at=at) for name, (item, field) in TOLD_BY.items()}
    return {
        one.id: {"county": one.division, "sector": _sector(one.industry), "age": _age(one, on)}
        | {name: values.get(one.id, UNKNOWN) for name, values in told.items()}
        for one in subjects.views(whom)
    }


def _told(item: str, field: str, whom: Sequence[SubjectId], *, on: date, at: Position) -> Mapping[SubjectId, str]:
    """The newest fact's value; a city whose catalogue has no such item tells nothing."""
    if item not in catalogue.city().items:
        return {}
    frame = creditfile.frame(item, subjects=whom, at=at, on=on)
    rows = frame.sort("fact_id").select("subject_id", field).iter_rows()
    return {SubjectId(subject): value or UNKNOWN for subject, value in rows}


def _sector(industry: str) -> str:
    """The section (门类) of GB/T 4754: registers write C1391, 1391 or C."""
    if industry[:1].isalpha():
        return industry[:1].upper()
    listed = catalogue.city().industries.get(industry[:2])
    return listed.section if listed else UNKNOWN


def _age(one: SubjectView, on: date) -> str:
    if one.established is None:
        return UNKNOWN
    years = on.year - one.established.year - ((on.month, on.day) < (one.established.month, one.established.day))
    if years < YOUNG:
        return f"<{YOUNG}"
    if years < SETTLED:
        return f"{YOUNG}-{SETTLED}"
    return f"{SETTLED}-{OLD}" if years < OLD else f">={OLD}"
