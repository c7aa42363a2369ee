"""The cases papers may lie with: whose one is, whether it takes papers still, who may see it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from xinqiao.authorisation.rules import day_of as day
from xinqiao.kernel.ids import SubjectId
from xinqiao.parties.rules import Scope
from xinqiao.rights import keeping, queries
from xinqiao.rights.errors import NotFound
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.rules.objections import OPEN, State

__all__ = ["LARGEST", "About", "Case", "day", "ended_on", "locked", "may_see"]


class About(StrEnum):
    OBJECTION = "objection"


@dataclass(frozen=True, slots=True)
class Case:
    subject_id: SubjectId
    takes_papers: bool


def locked(about: About, number: int) -> Case:
    """The case, for this transaction alone. Raises `NotFound`."""
    row = _LOCKED[about](number)
    return Case(SubjectId(row.subject_id), State(row.state) in OPEN)


def may_see(about: About, number: int, of: SubjectId | Scope) -> bool:
    """Whoever may see a case may see what lies with it: its business, the source that was asked, an operator."""
    try:
        _SEEN[about](number, of=of)
    except NotFound:
        return False
    return True


def ended_on(about: About, number: int) -> date | None:
    """The day a case ended, in the city; None while it is open."""
    ended = _SEEN[about](number).ended_at
    return None if ended is None else day(ended)


_LOCKED: Final = {About.OBJECTION: keeping.locked}
_SEEN: Final = {About.OBJECTION: queries.objection}
