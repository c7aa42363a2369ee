"""Reads of what is signed on line: drafts, edition after edition, their signatures, and the agreements made of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import EventId, InstitutionId, PersonId
from xinqiao.ledger import receipts
from xinqiao.parties.errors import UnknownAgreement
from xinqiao.parties.models import Draft, Ending, Signature, SignedAgreement
from xinqiao.parties.rules import DraftState, Ground, Method, Side, draft_state
from xinqiao.parties.signing_errors import UnknownDraft
from xinqiao.parties.texts import digest_of
from xinqiao_verify.agreements import FORMAT

OPEN_FOR: Final = "agreement_draft_open"  # the city's clock


@dataclass(frozen=True, slots=True)
class SignatureView:
    side: Side
    person: PersonId
    name: str
    method: Method
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class DraftView:
    """One edition. `follows` and `followed_by` are the editions beside it, `agreement` what it became."""

    id: int
    institution: InstitutionId
    institution_name: str
    follows: int | None
    followed_by: int | None
    version: str
    wording: str
    english: str
    items: frozenset[str]
    purposes: frozenset[str]
    since: date
    until: date
    feedback: bool
    signatory: PersonId
    signatory_name: str
    drafted_by: PersonId
    drafted_by_name: str
    drafted_at: datetime
    last_day: date  # on which it can be signed
    state: DraftState
    signatures: tuple[SignatureView, ...]
    withdrawn_because: str
    agreement: int | None

    @property
    def digest(self) -> str:
        return digest_of(self.wording)


@dataclass(frozen=True, slots=True)
class EndingView:
    side: Side
    name: str
    ground: Ground
    because: str
    last_day: date | None
    ended_at: datetime


def draft(number: int, now: datetime) -> DraftView:
    """Raises `UnknownDraft`."""
    found = _views(Draft.objects.filter(pk=number), now)
    if not found:
        raise UnknownDraft
    return found[0]


def of(institution: str, now: datetime) -> list[DraftView]:
    """Every edition an institution has had, the newest first."""
    return _views(Draft.objects.filter(institution_id=institution).order_by("-pk"), now)


def every(now: datetime) -> list[DraftView]:
    """The newest first."""
    return _views(Draft.objects.order_by("-pk"), now)


def last_day(drafted_at: datetime) -> date:
    """The last day on which an edition can be signed."""
    return day_of(drafted_at) + timedelta(days=catalogue.city().clocks[OPEN_FOR].within)


def _views(found: Any, now: datetime) -> list[DraftView]:
    rows = list(found.select_related("institution", "signatory", "drafted_by"))
    numbers = [row.pk for row in rows]
    later = dict(Draft.objects.filter(follows__in=numbers).values_list("follows_id", "pk"))
    made = dict(SignedAgreement.objects.filter(draft__in=numbers).values_list("draft_id", "agreement_id"))
    signed = list(Signature.objects.filter(draft__in=numbers).select_related("person").order_by("pk"))
    return [
        _view(row, [s for s in signed if s.draft_id == row.pk], later.get(row.pk), made.get(row.pk), now)
        for row in rows
    ]


def _view(
    row: Draft, signed: Iterable[Signature], followed_by: int | None, agreement: int | None, now: datetime
) -> DraftView:
    signatures = tuple(signature_view(one) for one in signed)
    by = last_day(row.drafted_at)
    return DraftView(
        id=row.pk,
        institution=InstitutionId(row.institution_id),
        institution_name=row.institution.name,
        follows=row.follows_id,
        followed_by=followed_by,
        version=row.version,
        wording=row.wording,
        english=row.english,
        items=frozenset(row.items),
        purposes=frozenset(row.purposes),
        since=row.since,
        until=row.until,
        feedback=row.feedback,
        signatory=PersonId(row.signatory_id),
        signatory_name=row.signatory.name,
        drafted_by=PersonId(row.drafted_by_id),
        drafted_by_name=row.drafted_by.name,
        drafted_at=row.drafted_at,
        last_day=by,
        state=draft_state(
            replaced=followed_by is not None,
            withdrawn=row.withdrawn_at is not None,
            signed=frozenset(one.side for one in signatures),
            last_day=by,
            on=day_of(now),
        ),
        signatures=signatures,
        withdrawn_because=row.withdrawn_because,
        agreement=agreement,
    )


def signature_view(row: Signature) -> SignatureView:
    return SignatureView(Side(row.side), PersonId(row.person_id), row.person.name, Method(row.method), row.signed_at)


def signed_file(agreement: int) -> dict[str, Any]:
    """The signed agreement as both keep it, text and all; `xinqiao verify` checks it. Raises `UnknownAgreement` also
    for one made on paper."""
    row = SignedAgreement.objects.filter(agreement_id=agreement).select_related("draft").first()
    if row is None:
        raise UnknownAgreement
    file = receipts.file(FORMAT, row.body, bytes(row.signature), EventId(row.event))
    return {**file, "text": row.draft.wording}


def drafts_of(agreements: Iterable[int]) -> dict[int, int]:
    """Of which draft each agreement was made; those made on paper are missing."""
    rows = SignedAgreement.objects.filter(agreement_id__in=list(agreements))
    return dict(rows.values_list("agreement_id", "draft_id"))


def last_signatory(institution: str) -> PersonId | None:
    """Who signed for the institution last."""
    rows = Signature.objects.filter(draft__institution_id=institution, side=Side.INSTITUTION)
    person = rows.order_by("-pk").values_list("person_id", flat=True).first()
    return None if person is None else PersonId(person)


def ending_of(agreement: int) -> EndingView | None:
    """How an agreement was ended on line."""
    row = Ending.objects.filter(agreement_id=agreement).select_related("person").first()
    if row is None:
        return None
    side, ground = Side(row.side), Ground(row.ground)
    return EndingView(side, row.person.name, ground, row.because, row.last_day, row.ended_at)
