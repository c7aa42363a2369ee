"""Who is where in an organisation. Read live, like every role."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from xinqiao.kernel.ids import BranchId, PersonId
from xinqiao.parties import branch_queries
from xinqiao.parties.errors import UnknownRole
from xinqiao.parties.models import Role as RoleRow
from xinqiao.parties.rules import Role, reaches


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a role at a place of an organisation; `role` is its number, `branch` None at the head office."""

    role: int
    person: PersonId
    name: str
    acts_as: Role
    organisation: str
    branch: BranchId | None
    branch_name: str
    zone: str
    since: datetime


def staff(organisation: str, at: BranchId | None, now: datetime) -> list[Member]:
    """Everybody who acts for an organisation at a place or below it, in the order they came."""
    above = branch_queries.parents(organisation)
    return [one for one in _members(_now(organisation, now)) if reaches(at, one.branch, above)]


def member(number: int, now: datetime) -> Member:
    """The person behind a role that is held at this moment. Raises `UnknownRole`."""
    found = _members(RoleRow.objects.filter(_holding(now), pk=number).exclude(organisation=""))
    if not found:
        raise UnknownRole
    return found[0]


def able(organisation: str, place: BranchId | None, now: datetime) -> list[Member]:
    """Who may do what is at a place: those who act for the organisation there or above; its administrators do not."""
    above = branch_queries.parents(organisation)
    working = (one for one in staff(organisation, None, now) if one.acts_as is not Role.ADMINISTRATOR)
    return [one for one in working if reaches(one.branch, place, above)]


def colleagues(of: Member, now: datetime) -> list[Member]:
    """Who may take over from somebody: others in the same role, at the same place or above."""
    others = able(of.organisation, of.branch, now)
    return [one for one in others if one.acts_as is of.acts_as and one.person != of.person]


def administrators(organisation: str, now: datetime) -> list[Member]:
    return [one for one in staff(organisation, None, now) if one.acts_as is Role.ADMINISTRATOR]


def place_of(person: PersonId, role: Role, organisation: str, now: datetime) -> Member | None:
    """Where a person acts in this role for an organisation, if she does."""
    rows = _now(organisation, now).filter(person_id=person, role=role)
    return next(iter(_members(rows)), None)


def _now(organisation: str, now: datetime) -> QuerySet[RoleRow]:
    return RoleRow.objects.filter(_holding(now), organisation=organisation)


def _holding(now: datetime) -> Q:
    return Q(since__lte=now) & (Q(until__isnull=True) | Q(until__gt=now))


def _members(rows: QuerySet[RoleRow]) -> list[Member]:
    return [
        Member(
            role=row.pk,
            person=PersonId(row.person_id),
            name=row.person.name,
            acts_as=Role(row.role),
            organisation=row.organisation,
            branch=None if row.branch_id is None else BranchId(row.branch_id),
            branch_name="" if row.branch is None else row.branch.name,
            zone=row.zone,
            since=row.since,
        )
        for row in rows.select_related("person", "branch").order_by("id")
    ]
