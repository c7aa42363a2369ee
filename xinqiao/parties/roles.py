"""岗位: what a person may do here, from a moment to a moment. Ending it closes every page and door that needs it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import BranchId, PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import branch_queries
from xinqiao.parties.errors import (
    AlreadyThere,
    ScopeInvalid,
    UnknownInstitution,
    UnknownPerson,
    UnknownRole,
)
from xinqiao.parties.models import Person
from xinqiao.parties.models import Role as RoleRow
from xinqiao.parties.people_errors import BranchClosed
from xinqiao.parties.rules import WITH_ORGANISATION, Role

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue


@transaction.atomic
def give(
    *,
    person: PersonId,
    role: Role,
    organisation: str = "",
    zone: str = "",
    branch: BranchId | None = None,
    by: PersonId | None = None,
    now: datetime,
) -> int:
    """Give a role from now on, at a branch or at the head office; returns its number. `by`: who let her in.

    Raises `UnknownPerson`, `ScopeInvalid`, `UnknownBranch`, `BranchClosed`, `AlreadyThere`.
    """
    _check(role, organisation, zone, now)
    if branch is not None and branch_queries.branch(branch, of=organisation).closed_at is not None:
        raise BranchClosed
    if Person.objects.select_for_update().filter(pk=person).first() is None:
        raise UnknownPerson
    held = RoleRow.objects.filter(person_id=person, role=role, organisation=organisation, zone=zone, until__isnull=True)
    if held.exists():
        raise AlreadyThere(Saying("这个人已经在这个岗位上"))
    row = RoleRow(person_id=person, role=role, organisation=organisation, zone=zone, branch_id=branch, since=now)
    _written(row, Kind.ROLE_GIVEN, by, now)
    return row.pk


def _check(role: Role, organisation: str, zone: str, now: datetime) -> None:
    if (role in WITH_ORGANISATION) != bool(organisation):
        raise ScopeInvalid(Saying("信息提供单位和接入机构的人员要写明单位，其他岗位不写"))
    if role in WITH_ORGANISATION and role not in _roles_at(organisation, now):
        raise ScopeInvalid(Saying("没有这家单位，或者它没有这个岗位"))
    if zone and zone not in catalogue.city().divisions:
        raise ScopeInvalid(Saying("没有这个行政区划"))


def _roles_at(organisation: str, now: datetime) -> tuple[Role, ...]:
    try:
        return branch_queries.organisation(organisation, on=day_of(now)).roles
    except UnknownInstitution:
        return ()


@transaction.atomic
def end(number: int, *, by: PersonId | None = None, now: datetime) -> None:
    """End a role at once, whatever is open with it (`staffing.end` hands that on). Ending it again changes nothing.

    Raises `UnknownRole`.
    """
    row = RoleRow.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise UnknownRole
    if row.until is not None:
        return
    row.until = now
    _written(row, Kind.ROLE_ENDED, by, now)


def _written(row: RoleRow, kind: Kind, by: PersonId | None, now: datetime) -> None:
    row.save()
    about: dict[str, JsonValue] = {"role": row.pk, "person": row.person_id, "as": row.role, "by": by}
    about |= {"organisation": row.organisation, "branch": row.branch_id}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
