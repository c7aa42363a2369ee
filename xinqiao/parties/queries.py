"""Reads of parties. Roles and agreements are read live: what has ended a moment ago does not open anything."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q

from xinqiao.database import statements
from xinqiao.kernel.ids import BranchId, InstitutionId, PersonId
from xinqiao.parties.errors import UnknownAgreement, UnknownInstitution
from xinqiao.parties.models import Agreement, Institution, Person, Role, Suspension
from xinqiao.parties.rules import UNGRANTED, InstitutionKind, Scope, in_force, suspends
from xinqiao.parties.rules import Role as RoleName


@dataclass(frozen=True, slots=True)
class InstitutionView:
    id: InstitutionId
    name: str
    kind: InstitutionKind
    contact: str


@dataclass(frozen=True, slots=True)
class AgreementView:
    """A sharing agreement; both days belong to its term."""

    id: int
    institution: InstitutionId
    document: str
    items: frozenset[str]
    purposes: frozenset[str]
    since: date
    until: date
    ended_at: datetime | None
    feedback: bool  # whether it may tell what became of those it looked at

    def in_force(self, on: date) -> bool:
        return in_force(since=self.since, until=self.until, ended_at=self.ended_at, on=on)


@dataclass(frozen=True, slots=True)
class SuspensionView:
    """暂停接入; `until` its last day, None: until somebody takes access up again."""

    id: int
    institution: InstitutionId
    ground: str
    until: date | None
    suspended_by: PersonId
    suspended_at: datetime
    ended_at: datetime | None
    ended_because: str

    def stands(self, on: date) -> bool:
        return suspends(until=self.until, ended_at=self.ended_at, on=on)


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person; as one who acts for an organisation, also at which branch of it (its head office: None, no name)."""

    id: PersonId
    name: str
    branch: BranchId | None = None
    branch_name: str = ""


def institution(institution_id: str) -> InstitutionView:
    """Raises `UnknownInstitution`."""
    row = statements.row("SELECT id, name, kind, contact FROM parties_institution WHERE id = $1", institution_id)
    if row is None:
        raise UnknownInstitution
    return InstitutionView(InstitutionId(row[0]), row[1], InstitutionKind(row[2]), row[3])


def institutions(scope: Scope) -> list[InstitutionView]:
    """Who has access is public: a business must see whom it can authorise. An officer sees its own first.

    Departments and associations are none of them: no grant is given to one.
    """
    found = Institution.objects.exclude(kind__in=UNGRANTED)
    rows = sorted(found, key=lambda row: (row.pk != scope.organisation, row.pk))
    return [_institution(row) for row in rows]


def admitted() -> list[InstitutionView]:
    """Every institution and association, by name; departments aside."""
    found = Institution.objects.exclude(kind=InstitutionKind.DEPARTMENT).order_by("pk")
    return [_institution(row) for row in found]


def departments() -> list[InstitutionView]:
    """Those that may be given a sharing basis, by name."""
    return [_institution(row) for row in Institution.objects.filter(kind=InstitutionKind.DEPARTMENT).order_by("pk")]


def _institution(row: Institution) -> InstitutionView:
    return InstitutionView(InstitutionId(row.pk), row.name, InstitutionKind(row.kind), row.contact)


_IN_FORCE: Final = """
SELECT id, institution_id, document, items, purposes, since, until, ended_at, feedback
  FROM parties_agreement
 WHERE institution_id = $1 AND since <= $2 AND until >= $2 AND ended_at IS NULL
   AND NOT EXISTS (SELECT FROM parties_suspension s
                    WHERE s.institution_id = $1 AND s.ended_at IS NULL AND (s.until IS NULL OR s.until >= $2))
 ORDER BY id DESC LIMIT 1
"""


def agreement_in_force(institution_id: str, on: date) -> AgreementView | None:
    """The one agreement that holds on a day (Asia/Shanghai), or None; none holds while access is suspended."""
    return _agreement_row(_IN_FORCE, institution_id, on)


def agreement_held(institution_id: str, on: date) -> AgreementView | None:
    """The same, locked until the transaction ends: whoever ends it or suspends access waits, or we see it done.

    Whoever wants to end it is next in line (`agreements.end`): a row's lock alone would let one reader after the other
    go before, for as long as there are any.
    """
    statements.row(IN_LINE_TO_READ, institution_id)
    return _agreement_row(_IN_FORCE + " FOR SHARE", institution_id, on)


IN_LINE_TO_READ: Final = "SELECT pg_advisory_xact_lock_shared(hashtextextended('parties:agreement:' || $1, 0))"
IN_LINE_TO_END: Final = "SELECT pg_advisory_xact_lock(hashtextextended('parties:agreement:' || $1, 0))"


def _agreement_row(sql: str, institution_id: str, on: date) -> AgreementView | None:
    row = statements.row(sql, institution_id, on)
    if row is None:
        return None
    number, holder, document, items, purposes, since, until, ended_at, feedback = row
    return AgreementView(
        number, InstitutionId(holder), document, frozenset(items), frozenset(purposes), since, until, ended_at, feedback
    )


def agreements_of(institution_id: str) -> list[AgreementView]:
    """Every agreement an institution has had, the newest first."""
    return [_agreement(row) for row in Agreement.objects.filter(institution_id=institution_id).order_by("-id")]


def suspension_of(institution_id: str, on: date) -> SuspensionView | None:
    """The suspension of an institution's access that stands on a day (Asia/Shanghai), or None."""
    rows = Suspension.objects.filter(institution_id=institution_id, ended_at__isnull=True)
    return next((view for view in map(_suspension, rows) if view.stands(on)), None)


def suspended(on: date) -> dict[InstitutionId, SuspensionView]:
    """Everybody whose access is suspended on a day."""
    views = map(_suspension, Suspension.objects.filter(ended_at__isnull=True))
    return {view.institution: view for view in views if view.stands(on)}


def suspensions_of(institution_id: str) -> list[SuspensionView]:
    """Every suspension an institution has had, the newest first."""
    return [_suspension(row) for row in Suspension.objects.filter(institution_id=institution_id).order_by("-id")]


def suspension(number: int) -> SuspensionView | None:
    row = Suspension.objects.filter(pk=number).first()
    return None if row is None else _suspension(row)


def _suspension(row: Suspension) -> SuspensionView:
    return SuspensionView(
        id=row.pk,
        institution=InstitutionId(row.institution_id),
        ground=row.ground,
        until=row.until,
        suspended_by=PersonId(row.suspended_by_id),
        suspended_at=row.suspended_at,
        ended_at=row.ended_at,
        ended_because=row.ended_because,
    )


def agreement(number: int) -> AgreementView:
    """Raises `UnknownAgreement`."""
    row = Agreement.objects.filter(pk=number).first()
    if row is None:
        raise UnknownAgreement
    return _agreement(row)


def _agreement(row: Agreement) -> AgreementView:
    return AgreementView(
        row.pk,
        InstitutionId(row.institution_id),
        row.document,
        frozenset(row.items),
        frozenset(row.purposes),
        row.since,
        row.until,
        row.ended_at,
        row.feedback,
    )


def person_of_user(user_id: int) -> PersonView | None:
    """The person who signs in as this user of the framework's."""
    row = Person.objects.filter(user_id=user_id).first()
    return None if row is None else PersonView(PersonId(row.pk), row.name)


def user_of(person_id: PersonId) -> int | None:
    """The framework's user this person signs in as, None where they do not."""
    return Person.objects.filter(pk=person_id).values_list("user_id", flat=True).first()


def person(person_id: PersonId) -> PersonView | None:
    row = Person.objects.filter(pk=person_id).first()
    return None if row is None else PersonView(PersonId(row.pk), row.name)


def scopes_of(person_id: PersonId, now: datetime) -> list[Scope]:
    """In which roles a person may act at this moment, in the order they were given."""
    rows = Role.objects.filter(_holding(now), person_id=person_id).order_by("id")
    return [Scope(person_id, RoleName(row.role), row.organisation, row.zone, _branch(row.branch_id)) for row in rows]


def _branch(number: int | None) -> BranchId | None:
    return None if number is None else BranchId(number)


def acts_as(person_id: PersonId, role: RoleName, organisation: str, now: datetime) -> bool:
    """Whether a person holds this role at this moment."""
    return acting(person_id, role, organisation, now) is not None


def people_in(role: RoleName, organisation: str, now: datetime) -> list[PersonId]:
    """Who holds a role at this moment, in the order it was given."""
    rows = Role.objects.filter(_holding(now), role=role, organisation=organisation).order_by("id")
    return [PersonId(person) for person in rows.values_list("person_id", flat=True)]


_ACTING: Final = """
SELECT p.id, p.name, r.branch_id, coalesce(b.name, '')
  FROM parties_person p JOIN parties_role r ON r.person_id = p.id LEFT JOIN parties_branch b ON b.id = r.branch_id
 WHERE p.id = $1 AND r.role = $2 AND r.organisation = $3 AND r.since <= $4 AND (r.until IS NULL OR r.until > $4)
 LIMIT 1
"""


def acting(person_id: PersonId, role: RoleName, organisation: str, now: datetime) -> PersonView | None:
    """The person, if they hold this role at this moment; None otherwise. Read live, for every act."""
    row = statements.row(_ACTING, person_id, str(role), organisation, now)
    return None if row is None else PersonView(PersonId(row[0]), row[1], _branch(row[2]), row[3])


def _holding(now: datetime) -> Q:
    return Q(since__lte=now) & (Q(until__isnull=True) | Q(until__gt=now))
