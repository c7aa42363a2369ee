"""任职邀请: somebody is asked by real name to take a role at a place of an organisation, and accepts having signed on.

An organisation's first administrator is asked by an operator, on the organisation's signed paper, and confirmed by
another operator; from then on its administrators ask whom they need, each within her own reach.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from django.db.models import QuerySet

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import BranchId, PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log, recording
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import branch_queries, invitations, keeping_people, limits, operators, roles, staff_queries
from xinqiao.parties.errors import FourEyes, ScopeInvalid
from xinqiao.parties.limits import Limit
from xinqiao.parties.models import Appointment
from xinqiao.parties.people_errors import (
    AppointmentNotOpen,
    BranchClosed,
    CeilingExceeded,
    InvitationUnknown,
    NotAnAdministrator,
    UnknownBranch,
)
from xinqiao.parties.rules import Role, reaches

OPEN_FOR: Final = timedelta(days=14)
LONGEST_NAME: Final = 60
LONGEST_DOCUMENT: Final = 200
MOST_OPEN: Final = 100
CODES: Final = "appointment"
TRIES: Final = Limit("appointments", 10, timedelta(days=1))
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Appointed:
    """`waits`: for a second operator. `open`: whoever is named can accept it at this moment."""

    number: int
    organisation: str
    branch: BranchId | None
    branch_name: str
    role: Role
    name: str
    until: date
    invited_by: PersonId
    invited_by_name: str
    invited_at: datetime
    document: str
    waits: bool
    open: bool


def invite(
    *, organisation: str, name: str, role: Role, branch: BranchId | None = None, by: PersonId, now: datetime
) -> Appointed:
    """Ask somebody by real name, by an administrator who keeps that place; nobody is let in until they accept.

    Raises `NotAnAdministrator`, `UnknownBranch`, `BranchClosed`, `ScopeInvalid`, `CeilingExceeded`.
    """

    def act() -> Appointed:
        if keeping_people.operator(by, now):
            raise NotAnAdministrator(Saying("平台只请一家单位的第一位管理员，其他人由管理员自己请"))
        keeping_people.over(organisation, branch, by=by, now=now)
        return _asked(organisation, name, role, branch, "", by, now)

    return _on_the_record(act, organisation, by, now)


def propose(*, organisation: str, name: str, document: str, by: PersonId, now: datetime) -> Appointed:
    """Ask somebody to be an administrator at the head office, by an operator on the organisation's signed paper; it
    opens once another operator has confirmed it. Raises `NotAnOperator`, `UnknownInstitution`, `ScopeInvalid`."""

    def act() -> Appointed:
        operators.required(by, now)
        keeping_people.over(organisation, None, by=by, now=now)
        if not 0 < len(document.strip()) <= LONGEST_DOCUMENT:
            raise ScopeInvalid(Saying("请写单位盖章的文件编号"))
        return _asked(organisation, name, Role.ADMINISTRATOR, None, document.strip(), by, now)

    return _on_the_record(act, organisation, by, now)


def confirm(number: int, *, by: PersonId, now: datetime) -> Appointed:
    """The second operator has looked at the paper. Raises `NotAnOperator`, `InvitationUnknown`, `FourEyes`,
    `AppointmentNotOpen`."""

    def act() -> Appointed:
        operators.required(by, now)
        row = _locked(number)
        if not _view(row, now).waits:
            raise AppointmentNotOpen
        if row.invited_by_id == by:
            raise FourEyes(Saying("提出的人不能复核，请另一位运营人员办理"))
        row.confirmed_by_id, row.confirmed_at = by, now
        return _written(row, Kind.APPOINTMENT_CONFIRMED, by, now)

    return _on_the_record(act, "", by, now)


def withdraw(number: int, *, by: PersonId, now: datetime) -> Appointed:
    """Take back what nobody accepted: by whoever keeps that place, or an operator. Raises `InvitationUnknown`,
    `AppointmentNotOpen`."""

    def act() -> Appointed:
        row = _locked(number)
        try:
            keeping_people.over(row.organisation, _branch(row), by=by, now=now)
        except (NotAnAdministrator, UnknownBranch) as beyond:
            raise InvitationUnknown from beyond
        if not ((view := _view(row, now)).open or view.waits):
            raise AppointmentNotOpen
        row.withdrawn_at = now
        return _written(row, Kind.APPOINTMENT_WITHDRAWN, by, now)

    return _on_the_record(act, "", by, now)


def code_of(number: int) -> str:
    return invitations.code_of(CODES, number)


def appointed(code: str, now: datetime) -> Appointed:
    """What a code leads to. Raises `InvitationUnknown`."""
    number = invitations.number_of(CODES, code)
    if number is None:
        raise InvitationUnknown
    return one(number, now)


def one(number: int, now: datetime) -> Appointed:
    """Raises `InvitationUnknown`."""
    row = _rows().filter(pk=number).first()
    if row is None:
        raise InvitationUnknown
    return _view(row, now)


def accept(code: str, *, by: PersonId, now: datetime) -> int:
    """Act for the organisation from now on; returns the role's number.

    Raises `InvitationUnknown`, `SignOnFirst`, `NotInvited`, `AppointmentNotOpen` (also where whoever asked keeps that
    place no more), `BranchClosed`, `AlreadyThere`, `TooOften`.
    """
    found = appointed(code, now)
    limits.count(TRIES, f"{found.number}\n{by}", now=now)

    def act() -> int:
        keeping_people.in_line(found.organisation)
        row = _locked(found.number)
        if not _view(row, now).open:
            raise AppointmentNotOpen
        invitations.check_name(row.name, by)
        asked = PersonId(row.invited_by_id)
        role, organisation, branch = Role(row.role), row.organisation, _branch(row)
        row.given_id = roles.give(person=by, role=role, organisation=organisation, branch=branch, by=asked, now=now)
        row.accepted_at = now
        _written(row, Kind.APPOINTMENT_ACCEPTED, by, now)
        return row.given_id

    return _on_the_record(act, found.organisation, by, now)


# ── reads ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def waiting(organisation: str, at: BranchId | None, now: datetime) -> list[Appointed]:
    """What nobody has answered yet, at a place or below it, the newest first."""
    above = branch_queries.parents(organisation)
    views = [_view(row, now) for row in _unanswered().filter(organisation=organisation)]
    return [one for one in views if (one.open or one.waits) and reaches(at, one.branch, above)]


def to_confirm(now: datetime) -> list[Appointed]:
    """What waits for a second operator, of every organisation."""
    rows = _unanswered().exclude(document="").filter(confirmed_at__isnull=True)
    return [one for one in (_view(row, now) for row in rows) if one.waits]


def _rows() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("branch", "invited_by").order_by("-id")


def _unanswered() -> QuerySet[Appointment]:
    return _rows().filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


def _view(row: Appointment, now: datetime) -> Appointed:
    live = row.accepted_at is None and row.withdrawn_at is None and day_of(now) <= row.until
    waits = live and bool(row.document) and row.confirmed_at is None
    return Appointed(
        number=row.pk,
        organisation=row.organisation,
        branch=_branch(row),
        branch_name=row.branch.name if row.branch else "",
        role=Role(row.role),
        name=row.name,
        until=row.until,
        invited_by=PersonId(row.invited_by_id),
        invited_by_name=row.invited_by.name,
        invited_at=row.invited_at,
        document=row.document,
        waits=waits,
        open=live and not waits and _stands(row, now),
    )


def _stands(row: Appointment, now: datetime) -> bool:
    """Whether whoever asked still keeps that place; two operators' word stands for itself."""
    if row.document:
        return True
    hers = staff_queries.place_of(PersonId(row.invited_by_id), Role.ADMINISTRATOR, row.organisation, now)
    return hers is not None and reaches(hers.branch, _branch(row), branch_queries.parents(row.organisation))


# ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _asked(
    organisation: str, name: str, role: Role, branch: BranchId | None, document: str, by: PersonId, now: datetime
) -> Appointed:
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise ScopeInvalid(Saying("请写他的真实姓名，和他登录时的一致"))
    if role not in branch_queries.organisation(organisation, on=day_of(now)).roles:
        raise ScopeInvalid(Saying("没有这家单位，或者它没有这个岗位"))
    if branch is not None and branch_queries.branch(branch, of=organisation).closed_at is not None:
        raise BranchClosed
    if len(waiting(organisation, None, now)) >= MOST_OPEN:
        raise CeilingExceeded(Saying("还有 {most} 个邀请没有答复，先等一等或收回几个", most=MOST_OPEN))
    row = Appointment(organisation=organisation, branch_id=branch, role=role, name=name.strip(), document=document)
    row.until, row.invited_by_id, row.invited_at = day_of(now + OPEN_FOR), by, now
    return _written(row, Kind.APPOINTMENT_MADE, by, now)


def _locked(number: int) -> Appointment:
    row = _rows().select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        raise InvitationUnknown
    return row


def _branch(row: Appointment) -> BranchId | None:
    return None if row.branch_id is None else BranchId(row.branch_id)


def _written(row: Appointment, kind: Kind, by: PersonId, now: datetime) -> Appointed:
    row.save()
    where = {"organisation": row.organisation, "branch": row.branch_id, "role": row.given_id}
    log.append(kind, now=now, about={"appointment": row.pk, **where, "by": by}, rows=[state_of(row)])
    return _view(row, now)


def _on_the_record(act: Callable[[], T], organisation: str, by: PersonId, now: datetime) -> T:
    return recording.on_the_record(act, Kind.PEOPLE_REFUSED, by=by, now=now, organisation=organisation)
