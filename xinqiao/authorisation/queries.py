"""Reads of authorisation. Grants are always read live; nothing here is cached."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from xinqiao.authorisation.models import Grant, Mandate, ShownText
from xinqiao.authorisation.rules import GrantTerms, State, state
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, SubjectId


@dataclass(frozen=True, slots=True)
class GrantView:
    """One grant as its two parties may see it."""

    id: GrantId
    subject_id: SubjectId
    institution: InstitutionId
    institution_name: str
    contact: str
    items: tuple[str, ...]
    purpose: str
    method: str
    notice_version: str
    notice_digest: str
    statement_digest: str
    translation_digest: str | None  # of the English shown beside both, where it was
    given_by: str
    given_at: datetime
    starts_at: datetime
    until: date
    ends_at: datetime
    revoked_at: datetime | None

    def state(self, now: datetime) -> State:
        return state(self.terms, now)

    @property
    def terms(self) -> GrantTerms:
        return GrantTerms(
            id=self.id,
            subject_id=self.subject_id,
            institution=self.institution,
            items=frozenset(self.items),
            purpose=self.purpose,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            revoked_at=self.revoked_at,
        )


@dataclass(frozen=True, slots=True)
class MandateView:
    id: int
    subject_id: SubjectId
    capacity: str
    since: datetime


def mandates_of(person: PersonId, now: datetime) -> list[MandateView]:
    """For whom a person may act at this moment, in the order the mandates were given."""
    rows = Mandate.objects.filter(_holding(now), person_id=person).order_by("id")
    return [MandateView(row.pk, SubjectId(row.subject_id), row.capacity, row.since) for row in rows]


def subjects_of(person: PersonId, now: datetime) -> list[SubjectId]:
    return [mandate.subject_id for mandate in mandates_of(person, now)]


def people_of(subject_id: SubjectId, now: datetime) -> list[PersonId]:
    """Who may act for a business at this moment, in the order the mandates were given."""
    rows = Mandate.objects.filter(_holding(now), subject_id=subject_id).order_by("id")
    return [PersonId(person) for person in rows.values_list("person_id", flat=True)]


def acts_for(person: PersonId, subject_id: SubjectId, now: datetime) -> bool:
    """Whether a person may act for this business at this moment: read live, for every act."""
    return Mandate.objects.filter(_holding(now), person_id=person, subject_id=subject_id).exists()


def _holding(now: datetime) -> Q:
    return Q(since__lte=now) & (Q(until__isnull=True) | Q(until__gt=now))


def grants_of(subject_id: SubjectId) -> list[GrantView]:
    """Every grant a business has ever given, the newest first."""
    return _views(Grant.objects.filter(subject_id=subject_id))


def grants_to(institution: InstitutionId, *, subject_id: SubjectId | None = None) -> list[GrantView]:
    """Every grant an institution has ever been given, the newest first."""
    found = Grant.objects.filter(institution_id=institution)
    return _views(found if subject_id is None else found.filter(subject_id=subject_id))


def grant(grant_id: GrantId) -> GrantView | None:
    return next(iter(_views(Grant.objects.filter(pk=grant_id))), None)


def live_grants(subject_id: SubjectId, to: InstitutionId, purpose: str, now: datetime) -> list[GrantView]:
    """The grants that hold at this moment between these two for this purpose."""
    given = grants_to(to, subject_id=subject_id)
    return [g for g in given if g.purpose == purpose and g.state(now) is State.GIVEN]


def shown_text(digest: str) -> str | None:
    """A text somebody was shown, to the letter."""
    return ShownText.objects.filter(pk=digest).values_list("text", flat=True).first()


def _views(rows: QuerySet[Grant]) -> list[GrantView]:
    return [_view(row) for row in rows.select_related("institution", "given_by", "notice").order_by("-id")]


def _view(row: Grant) -> GrantView:
    return GrantView(
        id=GrantId(row.pk),
        subject_id=SubjectId(row.subject_id),
        institution=InstitutionId(row.institution_id),
        institution_name=row.institution.name,
        contact=row.contact,
        items=tuple(row.items),
        purpose=row.purpose,
        method=row.method,
        notice_version=row.notice.version,
        notice_digest=row.notice_id,
        statement_digest=row.statement_id,
        translation_digest=row.translation_id,
        given_by=row.given_by.name,
        given_at=row.given_at,
        starts_at=row.starts_at,
        until=row.until,
        ends_at=row.ends_at,
        revoked_at=row.revoked_at,
    )


_HELD: Final = """
SELECT id, items, purpose, starts_at, ends_at, revoked_at
  FROM authorisation_grant
 WHERE subject_id = %s AND institution_id = %s
 ORDER BY id FOR SHARE
"""


def grants_held(subject_id: SubjectId, to: InstitutionId) -> list[GrantTerms]:
    """Every grant between these two, locked until the transaction ends.

    Whoever revokes one of them waits for us, or has committed and we see it revoked: what is told is told wholly before
    the revocation or not at all. Call inside the transaction that tells.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [subject_id, to])
        rows = cursor.fetchall()
    return [
        GrantTerms(GrantId(number), subject_id, to, frozenset(items), purpose, starts_at, ends_at, revoked_at)
        for number, items, purpose, starts_at, ends_at, revoked_at in rows
    ]


_UNDER_WAY: Final = "SELECT id FROM authorisation_grant WHERE subject_id = %s ORDER BY id FOR NO KEY UPDATE"


def wait_for_tellings(subject_id: SubjectId) -> None:
    """Come back when every telling about a business that was under way has committed: each holds its grants
    (`grants_held`). Who has just changed what may be told, and committed it, finds every past recipient after this."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDER_WAY, [subject_id])
