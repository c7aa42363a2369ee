"""Who may keep an organisation's people: its administrators, each as far as her place reaches; operators, all of it.

Acts on one organisation's people come one after the other, so that two cannot end each other's last administrator.
"""

from datetime import datetime
from typing import Final

from xinqiao.database import statements
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import BranchId, PersonId
from xinqiao.parties import branch_queries, queries, staff_queries
from xinqiao.parties.people_errors import NotAnAdministrator, UnknownBranch
from xinqiao.parties.rules import Role, reaches

_IN_LINE: Final = "SELECT pg_advisory_xact_lock(hashtextextended('parties:people:' || $1, 0))"


def over(organisation: str, place: BranchId | None, *, by: PersonId, now: datetime) -> None:
    """Whether this person keeps the people at a place of an organisation; others wait until the transaction ends.

    Raises `UnknownInstitution`; `UnknownBranch`, also for what is beyond her place; `NotAnAdministrator`.
    """
    branch_queries.organisation(organisation, on=day_of(now))
    in_line(organisation)
    if operator(by, now):
        return
    hers = staff_queries.place_of(by, Role.ADMINISTRATOR, organisation, now)
    if hers is None:
        raise NotAnAdministrator
    above = branch_queries.parents(organisation)
    if place is not None and place not in above:
        raise UnknownBranch
    if not reaches(hers.branch, place, above):
        raise UnknownBranch


def in_line(organisation: str) -> None:
    """Whoever changes an organisation's people waits for who does so at this moment."""
    statements.row(_IN_LINE, organisation)


def operator(by: PersonId, now: datetime) -> bool:
    return queries.acts_as(by, Role.OPERATOR, "", now)
