"""Copies of what was handed out: the evidence of one, and whose a copy is that was found where it should not be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from xinqiao.disclosure import queries
from xinqiao.disclosure.canonical import canonical
from xinqiao.disclosure.errors import NotFound
from xinqiao.disclosure.models import Document, Receipt
from xinqiao.disclosure.papers import FORMAT
from xinqiao.disclosure.receipts import LARGEST
from xinqiao.documents import marks
from xinqiao.kernel.ids import DocumentNumber, EventId, InstitutionId, PersonId, ReceiptNumber, SubjectId
from xinqiao.ledger import log, receipts
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.events import Kind
from xinqiao.subjects import queries as subjects


def evidence(number: int, *, of: InstitutionId | SubjectId | None = None) -> dict[str, Any]:
    """The receipt of one file; `of` as for `receipts.receipt`. Raises `NotFound`."""
    row = _documents().filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None or not _belongs(row.receipt, of):
        raise NotFound
    return receipts.file(FORMAT, row.body, bytes(row.signature), EventId(row.event))


def _belongs(told: Receipt, of: InstitutionId | SubjectId | None) -> bool:
    """An institution's files are its own; of what was told to others a business has the receipt, not the file's."""
    match of:
        case None:
            return True
        case str():
            return told.institution_id == of
        case _:
            return told.subject_id == of and told.institution_id is None


@dataclass(frozen=True, slots=True)
class Known:
    """A file that is ours, unaltered: its receipt, whether the log proves it, how many lines have changed since."""

    receipt: Mapping[str, Any]
    proven: bool
    changed: int


def known(content: bytes) -> Known | None:
    """For anybody who holds a file: what its receipt says, which the file says too; None where it is not ours."""
    row = Document.objects.select_related("receipt").filter(sha256=sha256(content).hexdigest()).first()
    if row is None:
        return None
    proven = ledger.position_of(EventId(row.event)) is not None
    return Known(json.loads(row.body), proven, queries.changed(row.receipt))


def altered(content: bytes) -> bool:
    """Whether a file that is not ours was one of ours before somebody changed it: it still carries its mark."""
    return Document.objects.filter(pk__in=marks.numbers_in(content)).exists()


class Found(StrEnum):
    EXACT = "exact"  # this very file, unaltered
    MARK = "mark"  # by the number hidden in it


@dataclass(frozen=True, slots=True)
class Copy:
    """For whom a file was made, which tells who let it out of hand."""

    document: DocumentNumber | None  # None for the report as JSON, which is no file of its own
    found: Found
    form: str
    receipt: ReceiptNumber
    institution: InstitutionId | None
    name: str  # of the institution, or of the business whose own copy it is
    officer: str
    purpose: str
    about: str  # USCC
    told_at: datetime
    issued_at: datetime


@transaction.atomic
def whose(content: bytes, *, by: PersonId | None, now: datetime) -> list[Copy]:
    """Every file this one was made from, by its digest or the marks in it; that it was asked is in the log."""
    digest, numbers = sha256(content).hexdigest(), marks.numbers_in(content)
    told = Receipt.objects.select_related("institution").filter(report_digest__in=_reports_in(content))
    exact = list(_documents().filter(sha256=digest))
    marked = _documents().filter(pk__in=numbers).exclude(pk__in=[row.pk for row in exact])
    found = [*(_copy(row, Found.EXACT) for row in exact), *(_copy(row, Found.MARK) for row in marked.order_by("pk"))]
    found += [_told(row) for row in told]
    log.append(
        Kind.COPY_TRACED, now=now, about={"file": digest, "by": by, "receipts": [copy.receipt for copy in found]}
    )
    return found


def _documents() -> QuerySet[Document]:
    return Document.objects.select_related("receipt__institution").defer("receipt__body")


def _reports_in(content: bytes) -> list[str]:
    """The digest of the report in a file as the interface gives it, or of the report alone."""
    try:
        said = json.loads(content)
        report = said.get("report", said) if isinstance(said, dict) else None
        return [sha256(canonical(report).encode()).hexdigest()] if isinstance(report, dict) else []
    except (ValueError, RecursionError):
        return []


def _copy(row: Document, found: Found) -> Copy:
    return _named(row.receipt, found, DocumentNumber(row.pk), row.form, row.issued_at)


def _told(told: Receipt) -> Copy:
    return _named(told, Found.EXACT, None, "json", told.told_at)


def _named(told: Receipt, found: Found, document: DocumentNumber | None, form: str, at: datetime) -> Copy:
    [about] = subjects.views([SubjectId(told.subject_id)])
    return Copy(
        document,
        found,
        form,
        ReceiptNumber(told.pk),
        None if told.institution_id is None else InstitutionId(told.institution_id),
        told.institution.name if told.institution is not None else about.name,
        told.officer or told.client,
        told.purpose,
        str(about.uscc),
        told.told_at,
        at,
    )
