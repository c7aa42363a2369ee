"""Who was told what: for the business (查询记录), for a correction that must reach past recipients, for the public."""

import hmac
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from xinqiao.creditfile import queries as creditfile
from xinqiao.database import statements
from xinqiao.disclosure.models import Deferral, Document, Receipt
from xinqiao.disclosure.rules import NEVER_TOLD
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import (
    BranchId,
    DocumentNumber,
    EventId,
    FactId,
    GrantId,
    InstitutionId,
    ReceiptNumber,
    SubjectId,
)
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.events import Kind

PAGE: Final = 50
NO_DIGEST: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Handed:
    """What was told was handed out as a file of this form."""

    number: DocumentNumber
    form: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a business's file, as the business sees it."""

    number: ReceiptNumber
    subject_id: SubjectId
    told_at: datetime
    kind: Kind
    institution: InstitutionId | None
    institution_name: str
    branch_name: str  # empty at its head office, and of a program
    officer: str
    client: str
    purpose: str
    items: tuple[str, ...]
    grants: tuple[GrantId, ...]
    files: tuple[Handed, ...] = ()
    verified: tuple[str, str] | None = None  # of a verification: the claim, and what it was answered
    shared: "Shared | None" = None  # of a department's look
    measured: tuple[str, ...] = ()  # the indicators that were told


@dataclass(frozen=True, slots=True)
class Shared:
    """Why a department was told: by which law, and in which matter of its own; shown later than it happened, by which
    law that. `grade`: it asked for the grade too."""

    ground: str
    matter: str
    deferred: str = ""
    grade: bool = False


@dataclass(frozen=True, slots=True)
class Looks:
    """A page of looks, the newest first. `before` fetches the next page; None when there is none."""

    looks: tuple[Look, ...]
    before: ReceiptNumber | None


def who_looked(
    subject_id: SubjectId,
    *,
    own: bool = True,
    deferred: bool = False,
    before: ReceiptNumber | None = None,
    size: int = PAGE,
) -> Looks:
    """Everybody who was told anything about a business: there the moment the telling commits.

    Itself included, unless `own` is False: its own looks are many and would hide the others'. `deferred`: also what it
    is shown later by law, which is for the platform's eyes.
    """
    rows = Receipt.objects.filter(subject_id=subject_id)
    rows = rows if deferred else rows.exclude(pk__in=hidden())
    return _page(rows if own else rows.exclude(kind=str(Kind.OWN_FILE_TOLD)), before, size)


def looks_of(
    institution: InstitutionId,
    *,
    within: Collection[BranchId] | None = None,
    before: ReceiptNumber | None = None,
    size: int = PAGE,
) -> Looks:
    """What an institution has asked, for its own records, at these branches (without: all of it); what it was told
    unasked is `corrected.newest`."""
    asked = Receipt.objects.filter(institution_id=institution).exclude(kind=str(Kind.CORRECTION_TOLD))
    return _page(asked if within is None else asked.filter(branch__in=within), before, size)


def told_about(institution: InstitutionId, since: datetime) -> list[SubjectId]:
    """The businesses an institution was told anything about since then."""
    rows = Receipt.objects.filter(institution_id=institution, told_at__gte=since)
    return [SubjectId(one) for one in rows.order_by("subject_id").values_list("subject_id", flat=True).distinct()]


def looks_under(numbers: Sequence[ReceiptNumber]) -> list[Look]:
    """The tellings with these receipts, the newest first: for a person whose consent they were told under."""
    rows = Receipt.objects.filter(pk__in=numbers).select_related("institution", "branch").defer("body", "facts")
    return [_look(row, None, ()) for row in rows.order_by("-number")]


def _page(rows: QuerySet[Receipt], before: ReceiptNumber | None, size: int) -> Looks:
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows.select_related("institution", "branch").defer("body", "facts").order_by("-number")[: size + 1])
    verified, shared, measured = _verified(found[:size]), _shared(found[:size]), _measured(found[:size])
    files = _files(found[:size])
    looks = tuple(
        _look(row, verified.get(row.pk), files.get(row.pk, ()), shared.get(row.pk), measured.get(row.pk, ()))
        for row in found[:size]
    )
    return Looks(looks, looks[-1].number if len(found) > size else None)


def _files(rows: Sequence[Receipt]) -> dict[int, tuple[Handed, ...]]:
    """The files that were made of each, in order."""
    found: dict[int, tuple[Handed, ...]] = {}
    made = Document.objects.filter(receipt__in=[row.pk for row in rows]).order_by("pk")
    for number, told, form, at in made.values_list("number", "receipt", "form", "issued_at"):
        found[told] = (*found.get(told, ()), Handed(DocumentNumber(number), form, at))
    return found


def _verified(rows: Sequence[Receipt]) -> dict[int, tuple[str, str]]:
    """What verifications among them were about and came to, as their receipts say."""
    numbers = [row.pk for row in rows if row.kind == str(Kind.VERIFICATION_TOLD)]
    bodies = Receipt.objects.filter(pk__in=numbers).values_list("number", "body") if numbers else ()
    told = {number: json.loads(body)["verified"] for number, body in bodies}
    return {number: (one["claim"], one["answer"]) for number, one in told.items()}


def _measured(rows: Sequence[Receipt]) -> dict[int, tuple[str, ...]]:
    """Which indicators were told, as their receipts say."""
    numbers = [row.pk for row in rows if row.kind == str(Kind.INDICATORS_TOLD)]
    bodies = Receipt.objects.filter(pk__in=numbers).values_list("number", "body") if numbers else ()
    return {number: tuple(json.loads(body)["measured"]["indicators"]) for number, body in bodies}


def hidden() -> QuerySet[Deferral]:
    """The looks that are not shown to their business yet."""
    return Deferral.objects.filter(shown_at__isnull=True).values("receipt_id")  # type: ignore[return-value]


def _shared(rows: Sequence[Receipt]) -> dict[int, Shared]:
    """Of departments' looks the ground, as their receipts say."""
    numbers = [row.pk for row in rows if row.kind == str(Kind.SHARED_TOLD)]
    bodies = Receipt.objects.filter(pk__in=numbers).values_list("number", "body") if numbers else ()
    later = dict(Deferral.objects.filter(pk__in=numbers).values_list("receipt_id", "law")) if numbers else {}
    told = {number: json.loads(body) for number, body in bodies}
    return {
        number: Shared(body["basis"]["ground"], body["matter"], later.get(number, ""), body.get("grade", False))
        for number, body in told.items()
    }


def _look(
    row: Receipt,
    verified: tuple[str, str] | None,
    files: tuple[Handed, ...],
    shared: Shared | None = None,
    measured: tuple[str, ...] = (),
) -> Look:
    institution = row.institution
    return Look(
        number=ReceiptNumber(row.pk),
        subject_id=SubjectId(row.subject_id),
        told_at=row.told_at,
        kind=Kind(row.kind),
        institution=None if institution is None else InstitutionId(institution.pk),
        institution_name="" if institution is None else institution.name,
        branch_name="" if row.branch is None else row.branch.name,
        officer=row.officer,
        client=row.client,
        purpose=row.purpose,
        items=tuple(row.items),
        grants=tuple(GrantId(g) for g in row.grants),
        files=files,
        verified=verified,
        shared=shared,
        measured=measured,
    )


def recipients_of(fact: FactId) -> list[ReceiptNumber]:
    """Every telling this fact was part of, in order: whom a correction has to reach."""
    found = Receipt.objects.filter(facts__contains=[fact]).order_by("number").values_list("number", flat=True)
    return [ReceiptNumber(number) for number in found]


def institutions_told(fact: FactId) -> dict[InstitutionId, list[ReceiptNumber]]:
    """Every institution that was told this fact, or something that rested on it, with the receipts; notices of
    corrections aside, which tell no facts."""
    found = Receipt.objects.filter(facts__contains=[fact], institution__isnull=False).order_by("institution", "number")
    told: dict[InstitutionId, list[ReceiptNumber]] = {}
    for institution, number in found.values_list("institution_id", "number"):
        told.setdefault(InstitutionId(institution), []).append(ReceiptNumber(number))
    return told


@dataclass(frozen=True, slots=True)
class PublicCheck:
    """Whether a report with this number and digest was told here, whether the log proves it, and how many of its lines
    have been taken out, repaired or replaced since. Nothing else."""

    genuine: bool
    proven: bool = False
    changed: int = 0


def public_check(number: int, digest: str) -> PublicCheck:
    """For anybody who holds a report: its number and the SHA-256 (hex) of its canonical text.

    A wrong digest and an unknown number get the same answer.
    """
    row = Receipt.objects.filter(pk=number).defer("body").first()
    proven = ledger.position_of(EventId(row.event if row else 0)) is not None
    kept = row.report_digest if row else NO_DIGEST
    genuine = row is not None and hmac.compare_digest(kept.encode(), digest.strip().lower().encode())
    return PublicCheck(genuine, genuine and proven, changed(row) if row is not None and genuine else 0)


def changed(told: Receipt) -> int:
    """How many of the lines that were told are not so any more: replaced, erased; told to others, also taken out,
    repaired or past their term (a business's own file has those, marked)."""
    facts = [FactId(fact) for fact in told.facts]
    current = {place.id for place in creditfile.places(facts) if place.closed_event is None}
    if told.institution_id is not None:
        standings = creditfile.standings_now(facts, day_of(told.told_at))
        current -= {fact for fact in facts if standings.get(fact) in NEVER_TOLD}
    return len(set(facts) - current)


_ASKED: Final = (
    Kind.REPORT_TOLD,
    Kind.QUERY_TOLD,
    Kind.VERIFICATION_TOLD,
    Kind.INDICATORS_TOLD,
    Kind.ESTIMATE_TOLD,
    Kind.PROFILE_TOLD,
    Kind.WATCH_TOLD,
)
_USES: Final = (
    "SELECT count(*) FROM disclosure_receipt WHERE subject_id = $1 AND told_at >= $2 AND kind = ANY($3) AND number < $4"
)
_EVERY: Final = ReceiptNumber(2**63 - 1)


def asked_since(subject_id: SubjectId, since: datetime, *, before: ReceiptNumber | None = None) -> int:
    """How often institutions were told about a business since then (条例 §40: a report says how it has been used);
    with `before`, up to that receipt."""
    kinds = [str(kind) for kind in _ASKED]
    ((counted,),) = statements.rows(_USES, subject_id, since, kinds, before or _EVERY)
    return int(counted)
