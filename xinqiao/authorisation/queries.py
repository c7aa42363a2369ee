"""Reads of authorisation. Grants are always read live; nothing here is cached."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet

from xinqiao.authorisation import templates
from xinqiao.authorisation.capacities import May
from xinqiao.authorisation.clocks import Clocks, Wish
from xinqiao.authorisation.errors import NotFound
from xinqiao.authorisation.models import Grant, Mandate, ShownText
from xinqiao.authorisation.rules import LIVE, Fetch, Frequency, GrantTerms, Range, State, Used, state
from xinqiao.database import statements
from xinqiao.kernel.ids import CaseId, GrantId, InstitutionId, PersonId, ReceiptNumber, SubjectId


@dataclass(frozen=True, slots=True)
class GrantView:
    """One grant as its two parties may see it. What was only asked for has neither texts nor a signer."""

    terms: GrantTerms
    institution_name: str
    contact: str
    template: str
    method: str
    agreement: int
    notice_version: str
    notice_digest: str
    statement_digest: str
    translation_digest: str | None  # of the English shown beside both, where it was
    written_digest: str | None  # of the separate consent, where there is one
    asked_by: str
    asked_at: datetime | None
    prepared_by: PersonId | None  # where two people were needed: the first of them
    prepared_by_name: str
    prepared_at: datetime | None
    given_by: str
    scan: str  # of a grant on paper: the SHA-256 of the scan
    given_at: datetime | None
    until: date
    paused_at: datetime | None

    def state(self, now: datetime) -> State:
        return state(self.terms, now)

    def live(self, now: datetime) -> bool:
        """Whether the institution can see anything by it at this moment, were it not for how often."""
        return self.state(now) in LIVE and not self.terms.case_closed

    @property
    def id(self) -> GrantId:
        return self.terms.id

    @property
    def subject_id(self) -> SubjectId:
        return self.terms.subject_id

    @property
    def institution(self) -> InstitutionId:
        return self.terms.institution

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(sorted(self.terms.items))

    @property
    def purpose(self) -> str:
        return self.terms.purpose

    @property
    def fetch(self) -> Fetch:
        return self.terms.fetch

    @property
    def case(self) -> CaseId | None:
        return self.terms.case

    @property
    def revoked_at(self) -> datetime | None:
        return self.terms.revoked_at

    @property
    def starts_at(self) -> datetime:
        return self.terms.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.terms.ends_at

    @property
    def wish(self) -> Wish:
        """Its clocks, as one would ask for them again."""
        often, uses = self.terms.frequency, self.terms.most_uses
        return Wish(self.terms.range.since, self.terms.keep_days, often, uses)


@dataclass(frozen=True, slots=True)
class MandateView:
    id: int
    subject_id: SubjectId
    capacity: str
    since: datetime


def mandates_of(person: PersonId, now: datetime) -> list[MandateView]:
    """For whom a person may act at this moment, in the order the mandates were given."""
    rows = Mandate.objects.filter(holding(now), person_id=person).order_by("id")
    return [MandateView(row.pk, SubjectId(row.subject_id), row.capacity, row.since) for row in rows]


def subjects_of(person: PersonId, now: datetime) -> list[SubjectId]:
    return [mandate.subject_id for mandate in mandates_of(person, now)]


def people_of(subject_id: SubjectId, now: datetime, what: May = May.READ) -> list[PersonId]:
    """Who may do this for a business at this moment, in the order the mandates were given."""
    rows = Mandate.objects.filter(holding(now), subject_id=subject_id, may__contains=[what]).order_by("id")
    return [PersonId(person) for person in rows.values_list("person_id", flat=True)]


def acts_for(person: PersonId, subject_id: SubjectId, now: datetime, what: May = May.READ) -> bool:
    """Whether a person may do this for this business at this moment: read live, for every act. Reading is in all."""
    rows = Mandate.objects.filter(holding(now), person_id=person, subject_id=subject_id)
    return rows.filter(may__contains=[what]).exists()


def holding(now: datetime) -> Q:
    """Of mandates: those that have begun and neither ended nor run out."""
    begun = Q(since__lte=now)
    return begun & (Q(until__isnull=True) | Q(until__gt=now)) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))


def these(numbers: Collection[GrantId]) -> list[GrantView]:
    """Grants by their numbers, the newest first."""
    return _views(Grant.objects.filter(pk__in=numbers))


def grants_of(subject_id: SubjectId) -> list[GrantView]:
    """Every grant a business has ever given, the newest first."""
    return _views(Grant.objects.filter(subject_id=subject_id))


def grants_to(institution: InstitutionId, *, subject_id: SubjectId | None = None) -> list[GrantView]:
    """Every grant an institution has ever been given, the newest first."""
    found = Grant.objects.filter(institution_id=institution)
    return _views(found if subject_id is None else found.filter(subject_id=subject_id))


def grant(grant_id: GrantId) -> GrantView | None:
    return next(iter(_views(Grant.objects.filter(pk=grant_id))), None)


def known(grant_id: GrantId) -> GrantView:
    """A grant that is there. Raises `NotFound`."""
    if (found := grant(grant_id)) is None:
        raise NotFound
    return found


def clocks_of(one: GrantView) -> Clocks | None:
    """A grant's clocks, in the words of the template it was held to; None where that has changed since."""
    template = templates.templates().get(one.template.partition("@")[0])
    if template is None or template.reference != one.template or one.terms.keep_days is None:
        return None
    return Clocks(template, one.terms.range, one.terms.keep_days, one.terms.frequency, one.terms.most_uses)


def subject_of(grant_id: GrantId) -> SubjectId | None:
    """Whose grant it is."""
    found = Grant.objects.filter(pk=grant_id).values_list("subject_id", flat=True).first()
    return None if found is None else SubjectId(found)


def live_grants(subject_id: SubjectId, to: InstitutionId, purpose: str, now: datetime) -> list[GrantView]:
    """The grants that hold at this moment between these two for this purpose."""
    given = grants_to(to, subject_id=subject_id)
    return [g for g in given if g.purpose == purpose and g.live(now)]


def shown_text(digest: str) -> str | None:
    """A text somebody was shown, to the letter."""
    return ShownText.objects.filter(pk=digest).values_list("text", flat=True).first()


def _views(rows: QuerySet[Grant]) -> list[GrantView]:
    found = list(rows.select_related("institution", "prepared_by", "given_by", "notice", "case").order_by("-id"))
    used = _used([row.pk for row in found])
    return [_view(row, used.get(row.pk, Used())) for row in found]


def _view(row: Grant, used: Used) -> GrantView:
    return GrantView(
        terms=_terms(row, used),
        institution_name=row.institution.name,
        contact=row.contact,
        template=row.template,
        method=row.method,
        agreement=row.agreement_id,
        notice_version=row.notice.version if row.notice else "",
        notice_digest=row.notice_id or "",
        statement_digest=row.statement_id or "",
        translation_digest=row.translation_id,
        written_digest=row.written_text_id,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        prepared_by=None if row.prepared_by_id is None else PersonId(row.prepared_by_id),
        prepared_by_name=row.prepared_by.name if row.prepared_by else "",
        prepared_at=row.prepared_at,
        given_by=row.given_by.name if row.given_by else row.signed_by,
        scan=row.scan,
        given_at=row.given_at,
        until=row.until,
        paused_at=row.paused_at,
    )


def _terms(row: Grant, used: Used) -> GrantTerms:
    often = row.frequency_most is not None and row.frequency_days is not None
    return GrantTerms(
        id=GrantId(row.pk),
        subject_id=SubjectId(row.subject_id),
        institution=InstitutionId(row.institution_id),
        items=frozenset(row.items),
        purpose=row.purpose,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        fetch=Fetch(row.fetch),
        range=Range(row.data_since, row.data_until),
        keep_days=row.keep_days,
        frequency=Frequency(row.frequency_most or 0, row.frequency_days or 0) if often else None,
        most_uses=row.most_uses,
        asked=row.given_at is None,
        prepared=row.prepared_at is not None,
        declined=row.declined_at is not None,
        paused=row.paused_at is not None and row.resumed_at is None,
        resumed=row.resumed_at is not None,
        revoked_at=row.revoked_at,
        case=None if row.case_id is None else CaseId(row.case_id),
        case_closed=row.case is not None and row.case.closed_at is not None,
        used=used,
        written=frozenset(row.written),
    )


_USED: Final = "SELECT grant_id, count(*) FROM authorisation_use WHERE grant_id = ANY(%s) GROUP BY grant_id"


def _used(grants: Sequence[int]) -> dict[int, Used]:
    with connection.cursor() as cursor:
        cursor.execute(_USED, [list(grants)])
        return {number: Used(total) for number, total in cursor.fetchall()}


_SPENT: Final = """
SELECT g.id FROM authorisation_grant g JOIN authorisation_use u ON u.grant_id = g.id AND u.receipt = %s
 WHERE g.id = ANY(%s)
   AND g.most_uses = (SELECT count(*) FROM authorisation_use o WHERE o.grant_id = g.id AND o.id <= u.id)
 ORDER BY g.id
"""


def spent_by(receipt: ReceiptNumber, grants: Sequence[GrantId]) -> list[GrantId]:
    """Those of these grants whose last use this telling was."""
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, [receipt, list(grants)])
        return [GrantId(number) for (number,) in cursor.fetchall()]


# What has ended for good opens nothing and is not locked: a business may have given thousands of them.
_LOCK: Final = """
SELECT id, case_id FROM authorisation_grant
 WHERE subject_id = $1 AND institution_id = $2 AND given_at IS NOT NULL AND revoked_at IS NULL AND ends_at > $3
 ORDER BY id FOR NO KEY UPDATE
"""
_ENDED: Final = """
SELECT id FROM authorisation_grant
 WHERE subject_id = $1 AND institution_id = $2 AND given_at IS NOT NULL AND (revoked_at IS NOT NULL OR ends_at <= $3)
"""
_LOCK_CASES: Final = "SELECT FROM authorisation_case WHERE id = ANY($1) ORDER BY id FOR SHARE"
_HELD: Final = """
SELECT g.id, g.items, g.purpose, g.starts_at, g.ends_at, g.fetch, g.data_since, g.data_until, g.keep_days,
       g.frequency_most, g.frequency_days, g.most_uses, g.given_at IS NULL, g.declined_at IS NOT NULL,
       g.paused_at IS NOT NULL AND g.resumed_at IS NULL, g.resumed_at IS NOT NULL, g.revoked_at, g.case_id,
       c.closed_at IS NOT NULL, u.total, u.lately, g.written
  FROM authorisation_grant g LEFT JOIN authorisation_case c ON c.id = g.case_id
 CROSS JOIN LATERAL (
       SELECT count(*) AS total,
              count(*) FILTER (WHERE u.at > $1::timestamptz - make_interval(days => g.frequency_days)) AS lately
         FROM authorisation_use u WHERE u.grant_id = g.id AND u.receipt <> $2) u
 WHERE g.id = ANY($3) ORDER BY g.id
"""


_OPENED: Final = """
SELECT EXISTS (SELECT FROM authorisation_grant
                WHERE subject_id = $1 AND institution_id = $2 AND items && $3 AND given_at IS NOT NULL)
"""


def opened_between(subject_id: SubjectId, to: InstitutionId, items: Collection[str]) -> bool:
    """Whether any grant ever given between these two names one of these items."""
    ((opened,),) = statements.rows(_OPENED, subject_id, to, sorted(items))
    return bool(opened)


def grants_held(
    subject_id: SubjectId, to: InstitutionId, now: datetime, *, repeating: ReceiptNumber | None = None
) -> list[GrantTerms]:
    """Every grant given between these two that has not run out, with its uses, locked until the transaction ends.

    Whoever revokes one of them, or would use it too, waits for us, or has committed and we see it: what is told is told
    wholly before the revocation or not at all, and no use is counted twice. Call inside the transaction that tells.
    They are read after they are locked, so that what others committed while we waited is seen. The use that `repeating`
    was told under is left out.
    """
    telling_under_way(subject_id)
    held = statements.rows(_LOCK, subject_id, to, now)
    if cases := [case for _, case in held if case is not None]:
        statements.rows(_LOCK_CASES, cases)  # a grant given while its case was being closed is seen closed
    return _terms_of([number for number, _ in held], subject_id, to, now, repeating)


def grants_ended(subject_id: SubjectId, to: InstitutionId, now: datetime) -> list[GrantTerms]:
    """The grants between these two that were revoked or ran out: none of them comes back, so none is locked. They say
    why nothing is seen."""
    return _terms_of([number for (number,) in statements.rows(_ENDED, subject_id, to, now)], subject_id, to, now)


def _terms_of(
    grants: list[int], subject_id: SubjectId, to: InstitutionId, now: datetime, repeating: ReceiptNumber | None = None
) -> list[GrantTerms]:
    found = statements.rows(_HELD, now, repeating or 0, grants)
    return [_held(row, subject_id, to) for row in found]


def _held(row: tuple[Any, ...], subject_id: SubjectId, to: InstitutionId) -> GrantTerms:
    number, items, purpose, starts_at, ends_at, fetch, since, until, keep_days, most, days, most_uses, *rest = row
    asked, declined, paused, resumed, revoked_at, case, case_closed, total, lately, written = rest
    return GrantTerms(
        id=GrantId(number),
        subject_id=subject_id,
        institution=to,
        items=frozenset(items),
        purpose=purpose,
        starts_at=starts_at,
        ends_at=ends_at,
        fetch=Fetch(fetch),
        range=Range(since, until),
        keep_days=keep_days,
        frequency=None if most is None else Frequency(most, days),
        most_uses=most_uses,
        asked=asked,
        declined=declined,
        paused=paused,
        resumed=resumed,
        revoked_at=revoked_at,
        case=None if case is None else CaseId(case),
        case_closed=case_closed,
        used=Used(total, lately),
        written=frozenset(written),
    )


# Beside the grants, since what is open is told without any.
_UNDER_WAY: Final = (
    "SELECT pg_advisory_xact_lock_shared(hashtextextended('authorisation:telling:' || $1::bigint::text, 0))"
)
_ALL_DONE: Final = "SELECT pg_advisory_xact_lock(hashtextextended('authorisation:telling:' || $1::bigint::text, 0))"


def telling_under_way(subject_id: SubjectId) -> None:
    """For a telling under no grant: whoever has to reach everybody who was told waits for this transaction too."""
    statements.rows(_UNDER_WAY, subject_id)


def wait_for_tellings(subject_id: SubjectId) -> None:
    """Come back when every telling about a business that was under way has committed: each began with `grants_held` or
    `telling_under_way`.

    Who has just changed what may be told, and committed it, finds every past recipient after this; tellings that begin
    meanwhile wait until its transaction ends.
    """
    statements.rows(_ALL_DONE, subject_id)
