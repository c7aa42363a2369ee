"""The cases papers may lie with: whose one is, whether it takes papers still, who may see it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from xinqiao.kernel.city_time import day_of as day
from xinqiao.kernel.ids import SubjectId
from xinqiao.parties.rules import Scope
from xinqiao.rights import commitments, committing, declarations, keeping, queries, repairs
from xinqiao.rights.errors import NotFound, UnknownCommitment, UnknownDeclaration, UnknownRepair
from xinqiao.rights.models import Declaration, Repair
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.rules.declarations import State as Declared
from xinqiao.rights.rules.objections import OPEN, State
from xinqiao.rights.rules.repairs import State as Preparing

__all__ = ["LARGEST", "About", "Case", "day", "ended_on", "locked", "may_see"]


class About(StrEnum):
    OBJECTION = "objection"
    REPAIR = "repair"
    COMMITMENT = "commitment"
    DECLARATION = "declaration"


@dataclass(frozen=True, slots=True)
class Case:
    subject_id: SubjectId
    takes_papers: bool


def locked(about: About, number: int) -> Case:
    """The case, for this transaction alone. Raises `NotFound`."""
    if about is About.REPAIR:
        return _repair(number)
    if about is About.COMMITMENT:
        return _commitment(number)
    if about is About.DECLARATION:
        return _declaration(number)
    row = keeping.locked(number)
    return Case(SubjectId(row.subject_id), State(row.state) in OPEN)


def _repair(number: int) -> Case:
    """It takes papers until it is handed in."""
    row = Repair.objects.select_for_update(of=("self",)).filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None:
        raise UnknownRepair
    return Case(SubjectId(row.subject_id), row.state == Preparing.PREPARING)


def _commitment(number: int) -> Case:
    committing.locked(number)
    view = commitments.commitment(number)
    return Case(view.subject_id, view.takes_papers)


def _declaration(number: int) -> Case:
    """It takes papers while it stands."""
    rows = Declaration.objects.select_for_update(of=("self",))
    row = rows.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None:
        raise UnknownDeclaration
    return Case(SubjectId(row.subject_id), row.state == Declared.STANDING)


def may_see(about: About, number: int, of: SubjectId | Scope) -> bool:
    """Whoever may see a case may see what lies with it: its business, the source that was asked, an operator."""
    try:
        _SEEN[about](number, of=of)
    except (NotFound, UnknownRepair, UnknownCommitment, UnknownDeclaration):
        return False
    return True


def ended_on(about: About, number: int) -> date | None:
    """The day a case ended, in the city; None while it is open."""
    ended = _SEEN[about](number).ended_at
    return None if ended is None else day(ended)


_SEEN: Final[dict[About, Any]] = {
    About.OBJECTION: queries.objection,
    About.REPAIR: repairs.repair,
    About.COMMITMENT: commitments.commitment,
    About.DECLARATION: declarations.declaration,
}
