"""Reads of persons' consents: her own for her, the institution's own for it. Nobody else sees any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from xinqiao.authorisation.errors import ConsentUnknown
from xinqiao.authorisation.models import Consent, ConsentUse
from xinqiao.authorisation.rules import ConsentTerms, Frequency, Range, State, Used, consent_state
from xinqiao.database import statements
from xinqiao.kernel.ids import ConsentId, GrantId, InstitutionId, PersonId, ReceiptNumber, SubjectId


@dataclass(frozen=True, slots=True)
class ConsentView:
    terms: ConsentTerms
    name: str
    capacity: str
    institution: InstitutionId
    institution_name: str
    contact: str
    subject_id: SubjectId
    purpose: str
    asked_by: str
    asked_at: datetime
    person: PersonId | None
    given_at: datetime | None
    revoked_at: datetime | None
    until: date
    asked_until: date  # the last day of the grant it is asked for
    text_digest: str

    def state(self, now: datetime) -> State:
        return consent_state(self.terms, now)

    @property
    def id(self) -> ConsentId:
        return self.terms.id

    @property
    def grant(self) -> GrantId:
        return self.terms.grant

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(sorted(self.terms.items))


def known(consent: ConsentId) -> ConsentView:
    """A consent that is there. Raises `ConsentUnknown`."""
    if found := _views(Consent.objects.filter(pk=consent)):
        return found[0]
    raise ConsentUnknown


def hers(consent: ConsentId, person: PersonId) -> ConsentView:
    """One of her own. Raises `ConsentUnknown`, also for another's."""
    if found := _views(Consent.objects.filter(pk=consent, person_id=person)):
        return found[0]
    raise ConsentUnknown


def known_to(consent: ConsentId, institution: InstitutionId) -> ConsentView:
    """One that this institution asked for. Raises `ConsentUnknown`, also for another's."""
    if found := _views(Consent.objects.filter(pk=consent, grant__institution_id=institution)):
        return found[0]
    raise ConsentUnknown


def of_person(person: PersonId) -> list[ConsentView]:
    """Everything she was asked, the newest first."""
    return _views(Consent.objects.filter(person_id=person))


def these(numbers: Sequence[ConsentId]) -> list[ConsentView]:
    """Consents by their numbers, the newest first."""
    return _views(Consent.objects.filter(pk__in=numbers))


def of_grant(grant: GrantId) -> list[ConsentView]:
    return _views(Consent.objects.filter(grant_id=grant))


def asked_by(institution: InstitutionId, *, size: int) -> list[ConsentView]:
    """Whom an institution has asked, the newest first."""
    numbers = Consent.objects.filter(grant__institution_id=institution).order_by("-id").values("pk")[:size]
    return _views(Consent.objects.filter(pk__in=numbers))


def receipts_of(consent: ConsentId) -> list[ReceiptNumber]:
    """The tellings that hers was opened for, the newest first."""
    rows = ConsentUse.objects.filter(consent=consent).order_by("-id").values_list("receipt", flat=True)
    return [ReceiptNumber(number) for number in rows]


_HELD: Final = """
SELECT c.id, u.total, u.lately FROM authorisation_consent c CROSS JOIN LATERAL (
       SELECT count(*) AS total,
              count(*) FILTER (WHERE u.at > $1::timestamptz - make_interval(days => c.frequency_days)) AS lately
         FROM authorisation_consentuse u WHERE u.consent_id = c.id AND u.receipt <> $2) u
 WHERE c.grant_id = ANY($3)
"""


def held(grants: Sequence[GrantId], now: datetime, *, repeating: ReceiptNumber | None = None) -> list[ConsentTerms]:
    """The consents within these grants, which the caller holds (`grants_held`): whoever takes one back waits."""
    if not grants:
        return []
    counted = statements.rows(_HELD, now, repeating or 0, list(grants))
    used = {number: Used(total, lately) for number, total, lately in counted}
    if not used:
        return []
    return [_terms(row, used[row.pk]) for row in Consent.objects.filter(pk__in=used).order_by("id")]


def _views(rows: QuerySet[Consent]) -> list[ConsentView]:
    found = list(rows.select_related("grant", "grant__institution").order_by("-id"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT consent_id, count(*) FROM authorisation_consentuse WHERE consent_id = ANY(%s) GROUP BY consent_id",
            [[row.pk for row in found]],
        )
        used = dict(cursor.fetchall())
    return [_view(row, used.get(row.pk, 0)) for row in found]


def _view(row: Consent, used: int) -> ConsentView:
    grant = row.grant
    return ConsentView(
        terms=_terms(row, Used(used)),
        name=row.name,
        capacity=row.capacity,
        institution=InstitutionId(grant.institution_id),
        institution_name=grant.institution.name,
        contact=grant.contact,
        subject_id=SubjectId(grant.subject_id),
        purpose=grant.purpose,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        person=None if row.person_id is None else PersonId(row.person_id),
        given_at=row.given_at,
        revoked_at=row.revoked_at,
        until=row.until,
        asked_until=grant.until,
        text_digest=row.text_id or "",
    )


def _terms(row: Consent, used: Used) -> ConsentTerms:
    often = row.frequency_most is not None and row.frequency_days is not None
    return ConsentTerms(
        id=ConsentId(row.pk),
        grant=GrantId(row.grant_id),
        items=frozenset(row.items),
        mark=bytes(row.mark),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        range=Range(row.data_since),
        keep_days=row.keep_days,
        frequency=Frequency(row.frequency_most or 0, row.frequency_days or 0) if often else None,
        most_uses=row.most_uses,
        asked=row.given_at is None,
        declined=row.declined_at is not None,
        withdrawn=row.withdrawn_at is not None,
        revoked_at=row.revoked_at,
        used=used,
    )
