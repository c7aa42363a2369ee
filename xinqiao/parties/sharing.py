"""政务共享依据: by which law a department is told what, for which duty, through whom.

One operator declares it, another approves. It opens what is 公开公示 or 政务共享, and never what only the business
may allow: that stays with grants. The public credit grade it opens where it names that: a basis that does not tells
none, whatever items it names.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.catalogue.assessments import holds_personal
from xinqiao.catalogue.meaning import shareable
from xinqiao.database import statements
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import assessing, operators, queries
from xinqiao.parties.errors import (
    AlreadyEnded,
    BasisDecided,
    DeclaredByYou,
    ScopeInvalid,
    UnknownBasis,
    UnknownInstitution,
    WordsMissing,
)
from xinqiao.parties.models import Client, Institution, SharingBasis
from xinqiao.parties.rules import InstitutionKind, Role

SHORTEST: Final = 2
LONGEST_LAW: Final = 200
LONGEST_DUTY: Final = 60
LONGEST_TERM: Final = 3 * 366  # days: records of such processing are looked at again when three years are over
MOST_DEFERRED: Final = 180  # days that a look may wait until its business is shown it; ours, no law says how many


@dataclass(frozen=True, slots=True)
class Deferral:
    """暂缓告知: on which statutory ground the business is shown a look later, and how many days at most."""

    law: str
    days: int


@dataclass(frozen=True, slots=True)
class Declared:
    """What a basis says. `persons` are the department's people, `clients` its programs: nobody else asks under it."""

    department: str
    law: str
    duty: str
    items: frozenset[str]
    since: date
    until: date
    persons: frozenset[PersonId] = frozenset()
    clients: frozenset[str] = frozenset()
    deferral: Deferral | None = None
    grade: bool = False  # the public credit grade too


@transaction.atomic
def declare(said: Declared, *, by: PersonId, now: datetime) -> int:
    """Write a basis down; it opens nothing until another operator approves it. Returns its number.

    Raises `NotAnOperator`, `UnknownInstitution`, `WordsMissing`, `ScopeInvalid`, `UnknownItem`.
    """
    operators.required(by, now)
    department = Institution.objects.filter(pk=said.department, kind=InstitutionKind.DEPARTMENT).first()
    if department is None:
        raise UnknownInstitution
    _check_words(said)
    _check_scope(said)
    _check_users(said, now)
    row = SharingBasis.objects.create(
        department=department,
        law=said.law.strip(),
        duty=said.duty.strip(),
        items=sorted(said.items),
        grade=said.grade,
        persons=sorted(said.persons),
        clients=sorted(said.clients),
        since=said.since,
        until=said.until,
        deferral_law=said.deferral.law.strip() if said.deferral else "",
        deferral_days=said.deferral.days if said.deferral else None,
        declared_by_id=by,
        declared_at=now,
    )
    _say(Kind.SHARING_DECLARED, row, by, now)
    return row.pk


def _check_words(said: Declared) -> None:
    words = [(said.law, LONGEST_LAW), (said.duty, LONGEST_DUTY)]
    words += [(said.deferral.law, LONGEST_LAW)] if said.deferral else []
    if any(not SHORTEST <= len(text.strip()) <= most for text, most in words):
        raise WordsMissing(Saying("请写明法律条款和履行的职责，暂缓告知的写明依据"))


def _check_scope(said: Declared) -> None:
    if not (said.items or said.grade):
        raise ScopeInvalid(Saying("至少选一个数据项，或者评价等级"))
    for name in sorted(said.items):
        if not shareable(catalogue.city().item(name)):
            raise ScopeInvalid(
                Saying("“{title}”须经企业授权，不能政务共享", title=Saying(catalogue.city().item(name).title))
            )
    if not 0 <= (said.until - said.since).days <= LONGEST_TERM:
        raise ScopeInvalid(Saying("止期不能早于起期，期限最长三年"))
    if said.deferral and not 1 <= said.deferral.days <= MOST_DEFERRED:
        raise ScopeInvalid(Saying("暂缓告知最多 {most} 天", most=MOST_DEFERRED))


def _check_users(said: Declared, now: datetime) -> None:
    clients = Client.objects.filter(pk__in=said.clients, institution=said.department, ended_at__isnull=True)
    people = set(queries.people_in(Role.PROVIDER, said.department, now))
    if not said.persons | said.clients or not said.persons <= people or clients.count() != len(said.clients):
        raise ScopeInvalid(Saying("请写明由哪些经办人或者程序使用，须是这个部门的"))


@transaction.atomic
def approve(number: int, *, by: PersonId, now: datetime) -> None:
    """In force from its first day on; where it tells personal information, on an assessment that covers that (§55).

    Raises `UnknownBasis`, `BasisDecided`, `NotAnOperator`, `DeclaredByYou`, `NotAssessed`.
    """
    row = _decided(number, by, now, approved=True)
    _say(Kind.SHARING_APPROVED, row, by, now, assessment=_assessed(row))


@transaction.atomic
def turn_down(number: int, *, by: PersonId, now: datetime) -> None:
    """It opens nothing. Who declared it may take it back this way. Raises as `approve` does, but `DeclaredByYou`."""
    _say(Kind.SHARING_TURNED_DOWN, _decided(number, by, now, approved=False), by, now)


def _assessed(row: SharingBasis) -> int | None:
    """The department's assessment that the basis rests on; None where nothing in it is of a natural person. A grade
    is of one too, individual businesses having one."""
    city = catalogue.city()
    natural = frozenset(city.natural_persons.kinds)
    personal = [name for name in row.items if holds_personal(city.item(name), natural)]
    if not (personal or row.grade):
        return None
    return assessing.resting_on(row.department_id, personal, (), grade=row.grade, on=row.since)


def _decided(number: int, by: PersonId, now: datetime, *, approved: bool) -> SharingBasis:
    operators.required(by, now)
    row = _held(number)
    if row.decided_at is not None:
        raise BasisDecided
    if approved and by == row.declared_by_id:
        raise DeclaredByYou
    row.decided_by_id, row.decided_at, row.approved = by, now, approved
    row.save(update_fields=["decided_by", "decided_at", "approved"])
    return row


@transaction.atomic
def end(number: int, *, because: str, by: PersonId, now: datetime) -> None:
    """Nothing more is told under it from this commit on. Raises `UnknownBasis`, `AlreadyEnded`, `NotAnOperator`."""
    operators.required(by, now)
    department = SharingBasis.objects.filter(pk=number).values_list("department_id", flat=True).first()
    if department is None:
        raise UnknownBasis
    statements.row(queries.IN_LINE_TO_END, department)  # whoever is being told something at this moment is waited for
    row = _held(number)
    if not row.approved or row.ended_at is not None:
        raise AlreadyEnded
    if not SHORTEST <= len(because.strip()) <= LONGEST_LAW:
        raise WordsMissing
    row.ended_at, row.ended_because = now, because.strip()
    row.save(update_fields=["ended_at", "ended_because"])
    _say(Kind.SHARING_ENDED, row, by, now)


def _held(number: int) -> SharingBasis:
    row = SharingBasis.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        raise UnknownBasis
    return row


def _say(kind: Kind, row: SharingBasis, by: PersonId, now: datetime, **also: int | None) -> None:
    about = {"basis": row.pk, "department": row.department_id, "by": by, **also}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
