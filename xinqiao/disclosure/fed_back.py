"""Reads of what institutions fed back: each its own, a business all of what was said of it; nobody another's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from xinqiao.disclosure.errors import NoSuchFeedback
from xinqiao.disclosure.feedback import Content, What, recalled
from xinqiao.disclosure.models import Feedback
from xinqiao.kernel.ids import EventId, InstitutionId, ReceiptNumber, SubjectId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger.events import Kind
from xinqiao.ledger.tracing import path

SHOWN: Final = 200
# The looks a business allowed; what was told unasked, and what is open to everybody, is none.
LOOKS: Final = tuple(
    map(
        str,
        (
            Kind.REPORT_TOLD,
            Kind.QUERY_TOLD,
            Kind.VERIFICATION_TOLD,
            Kind.INDICATORS_TOLD,
            Kind.ESTIMATE_TOLD,
            Kind.WATCH_TOLD,
        ),
    )
)


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """One entry. `replaced`: a newer one took its place; `withdrawn_because`: why it was taken back."""

    number: int
    institution: InstitutionId
    institution_name: str
    subject_id: SubjectId
    uscc: Uscc
    name: str
    receipt: ReceiptNumber
    content: Content
    teller: str
    told_at: datetime
    ended_at: datetime | None
    withdrawn_because: str

    @property
    def replaced(self) -> bool:
        return self.ended_at is not None and not self.withdrawn_because


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of one look, for labels: the look's event has the place in the log."""

    subject_id: SubjectId
    uscc: Uscc
    receipt: ReceiptNumber
    looked_at: datetime
    event: EventId
    content: Content


def one(number: int, *, of: InstitutionId) -> FeedbackView:
    """Raises `NoSuchFeedback`, for another's too."""
    found = _views(Feedback.objects.filter(pk=number, institution_id=of))
    if not found:
        raise NoSuchFeedback
    return found[0]


def of_institution(institution: InstitutionId, *, before: int | None = None, size: int = SHOWN) -> list[FeedbackView]:
    """Its own, the newest first."""
    rows = Feedback.objects.filter(institution_id=institution)
    return _views((rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[:size])


def about(subject: SubjectId, *, size: int = SHOWN) -> list[FeedbackView]:
    """Whatever anybody said of a business, the newest first: for itself."""
    return _views(Feedback.objects.filter(subject_id=subject).order_by("-pk")[:size])


def of_batch(number: int) -> list[FeedbackView]:
    """What a batch brought that was new, in its order."""
    return _views(Feedback.objects.filter(batch_id=number).order_by("pk"))


def outcomes() -> Iterator[Standing]:
    """Every outcome that stands, look by look: never leaves but as a label, on the record (`labels`)."""
    rows = Feedback.objects.filter(what=What.OUTCOME, ended_at__isnull=True).order_by("receipt_id", "pk")
    for row in rows.select_related("receipt", "subject").defer("receipt__body").iterator(chunk_size=2000):
        yield Standing(
            SubjectId(row.subject_id),
            Uscc(row.subject.uscc),
            ReceiptNumber(row.receipt_id),
            row.receipt.told_at,
            EventId(row.receipt.event),
            recalled(row.what, row.said),
        )


def of_feedback(number: int) -> dict[str, Any]:
    """For `xinqiao trace`: numbers and events, none of its words. Raises `NoSuchFeedback`."""
    row = Feedback.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchFeedback
    said = {"subject": row.subject_id, "institution": row.institution_id, "receipt": row.receipt_id}
    told = path("batch", row.batch_id, {})["events"]
    said |= {"batch": row.batch_id, "replaces": row.replaces_id, "standing": row.ended_at is None}
    mine = path("feedback", number, said)
    return mine | {"events": [*told, *mine["events"]]}


def _views(rows: QuerySet[Feedback]) -> list[FeedbackView]:
    found = rows.select_related("institution", "subject", "batch")
    return [
        FeedbackView(
            row.pk,
            InstitutionId(row.institution_id),
            row.institution.name,
            SubjectId(row.subject_id),
            Uscc(row.subject.uscc),
            row.subject.name,
            ReceiptNumber(row.receipt_id),
            recalled(row.what, row.said),
            row.batch.teller,
            row.batch.told_at,
            row.ended_at,
            row.withdrawn_because,
        )
        for row in found
    ]
