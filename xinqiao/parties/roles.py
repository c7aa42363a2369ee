"""岗位: what a person may do here, from a moment to a moment. Ending it closes every page and door that needs it."""

from datetime import datetime

from django.db import transaction

from xinqiao import catalogue
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties.errors import AlreadyThere, ScopeInvalid, UnknownPerson, UnknownRole
from xinqiao.parties.models import Institution, Person
from xinqiao.parties.models import Role as RoleRow
from xinqiao.parties.rules import WITH_ORGANISATION, InstitutionKind, Role


@transaction.atomic
def give(*, person: PersonId, role: Role, organisation: str = "", zone: str = "", now: datetime) -> int:
    """Give a role from now on; returns its number. Raises `UnknownPerson`, `ScopeInvalid`, `AlreadyThere`."""
    _check(role, organisation, zone)
    if Person.objects.select_for_update().filter(pk=person).first() is None:
        raise UnknownPerson
    held = RoleRow.objects.filter(person_id=person, role=role, organisation=organisation, zone=zone, until__isnull=True)
    if held.exists():
        raise AlreadyThere(Saying("这个人已经在这个岗位上"))
    row = RoleRow.objects.create(person_id=person, role=role, organisation=organisation, zone=zone, since=now)
    log.append(
        Kind.ROLE_GIVEN,
        now=now,
        about={"role": row.pk, "person": person, "as": role, "organisation": organisation},
        rows=[state_of(row)],
    )
    return row.pk


def _check(role: Role, organisation: str, zone: str) -> None:
    if (role in WITH_ORGANISATION) != bool(organisation):
        raise ScopeInvalid(Saying("信息提供单位和接入机构的人员要写明单位，其他岗位不写"))
    if role is Role.PROVIDER and organisation not in catalogue.city().sources:
        raise ScopeInvalid(Saying("清单里没有这个信息提供单位"))
    institutions = Institution.objects.exclude(kind=InstitutionKind.DEPARTMENT)  # its people are a source's (PROVIDER)
    if role is Role.OFFICER and not institutions.filter(pk=organisation).exists():
        raise ScopeInvalid(Saying("没有这家接入机构"))
    if zone and zone not in catalogue.city().divisions:
        raise ScopeInvalid(Saying("没有这个行政区划"))


@transaction.atomic
def end(number: int, *, now: datetime) -> None:
    """End a role at once. Ending it again changes nothing. Raises `UnknownRole`."""
    row = RoleRow.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise UnknownRole
    if row.until is not None:
        return
    row.until = now
    row.save(update_fields=["until"])
    log.append(
        Kind.ROLE_ENDED,
        now=now,
        about={
            "role": number,
            "person": row.person_id,
            "as": row.role,
            "organisation": row.organisation,
        },
        rows=[state_of(row)],
    )
