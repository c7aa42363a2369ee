"""文件: what was told, handed out as a file: decided, told and receipted as every answer, and a receipt of the file.

The file is made inside the transaction that decided, so that it cannot leave without its trace; it is not kept.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from django.db import connection

from xinqiao import catalogue
from xinqiao.disclosure import credentials, printing, tables
from xinqiao.disclosure.canonical import canonical
from xinqiao.disclosure.models import Document
from xinqiao.disclosure.telling import Told, instant
from xinqiao.documents import marks, pdf, sealing
from xinqiao.kernel.ids import DocumentNumber, EventId, ReceiptNumber
from xinqiao.ledger import identity, log, receipts
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of

FORMAT: Final = "xinqiao-document/1"
TEMPLATE: Final = (Path(__file__).parent / "report.typ").read_text(encoding="utf-8")
REASON: Final = "出具公共信用信息报告"
Check = Callable[[str, str], str]
"""Where anybody checks a report, from its number and digest: only a way in knows the platform's address."""


CHECKED_AT: Final = "/verify/"  # the page every city's platform has there: it is printed on paper


def checked_at(platform: Callable[[str], str]) -> Check:
    """The page where it is checked, at a platform's own address, which `platform` puts before a path."""
    return lambda number, digest: platform(f"{CHECKED_AT}?{urlencode({'number': number, 'digest': digest})}")


@dataclass(frozen=True, slots=True)
class Form:
    """A form a report can be handed out in. `make` gets the telling, the number hidden in the file, and the address."""

    form: str
    media: str
    suffix: str
    make: Callable[["Making"], bytes]
    signed: Callable[[bytes], bytes] = lambda whole: whole  # the part of the file its receipt is of


@dataclass(frozen=True, slots=True)
class Making:
    """What a file is made from."""

    told: Told
    number: DocumentNumber
    check: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was handed out."""

    number: DocumentNumber
    receipt: ReceiptNumber
    name: str
    media: str
    content: bytes


def issue(told: Told, form: Form, *, check: Check, now: datetime) -> Paper:
    """Make a file of what was told and write down that it was made; in the transaction that tells.

    Raises `NoFont`.
    """
    number = _next_number()
    address = check(told.report["number"], told.receipt.report_digest)
    content = form.make(Making(told, number, address, now))
    name = f"{told.report['number']}-{number}{form.suffix}"
    signed = form.signed(content)
    file: dict[str, Any] = {
        "name": name,
        "media": form.media,
        "sha256": sha256(signed).hexdigest(),
        "bytes": len(signed),
    }
    body = canonical(_body(number, told, form, file, now))
    event = log.reserve_event_id()
    row = Document.objects.create(
        number=number,
        receipt=told.receipt,
        form=form.form,
        officer=told.receipt.officer,
        sha256=file["sha256"],
        size=len(signed),
        body=body,
        signature=receipts.sign(FORMAT, body),
        event=event,
        issued_at=now,
    )
    _append(row, event, now)
    return Paper(number, told.number, name, form.media, content)


def _body(number: int, told: Told, form: Form, file: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What is signed: the file's digest beside all that its telling was."""
    report = told.report
    return {
        "document": number,
        "log": identity.origin(),
        "issued_at": instant(now),
        "form": form.form,
        "file": file,
        "receipt": told.number,
        "report": report["number"],
        "report_digest": told.receipt.report_digest,
        "recipient": report["recipient"],
        "subject": report["subject"]["uscc"],
        "purpose": told.receipt.purpose,
        "nonce": os.urandom(receipts.NONCE).hex(),
    }


def _append(row: Document, event: EventId, now: datetime) -> None:
    about: dict[str, str | int] = {
        "document": row.pk,
        "receipt": row.receipt_id,
        "form": row.form,
        "receipt_digest": receipts.digest(row.body),
        "to": row.receipt.institution_id or row.receipt.kind.partition(":")[2],
    }
    log.append(Kind.DOCUMENT_ISSUED, now=now, about=about, rows=[state_of(row)], event_id=event)


def _next_number() -> DocumentNumber:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('disclosure_document_number_seq')")
        return DocumentNumber(cursor.fetchone()[0])


def _pdf(making: Making) -> bytes:
    report, told = making.told.report, making.told
    data = printing.printed(report, catalogue.city()) | {
        "watermark": printing.watermark(report),
        "copy": f"文件 {making.number}",
        "mark": marks.colours(marks.of(making.number)),
        "qr": pdf.qr(making.check),
        "check": making.check,
        "digest": told.receipt.report_digest,
    }
    made = pdf.render(TEMPLATE, data)
    return sealing.sealed(made, reason=REASON, place=catalogue.city().title, now=making.now)


def _hidden(making: Making) -> str:
    return marks.invisible(marks.of(making.number))


def _credential(making: Making) -> bytes:
    report = making.told.report
    return credentials.issued(report, document=making.number, check=making.check, now=making.now).encode()


PDF: Final = Form("pdf", "application/pdf", ".pdf", _pdf)
XLSX: Final = Form(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsx",
    lambda making: tables.workbook(making.told.report, _hidden(making)),
)
CSV: Final = Form("csv", "text/csv", ".csv", lambda making: tables.listed(making.told.report, _hidden(making)))
SD_JWT: Final = Form("sd-jwt", "application/dc+sd-jwt", ".sdjwt", _credential, lambda whole: whole.partition(b"~")[0])
FORMS: Final = {form.form: form for form in (PDF, XLSX, CSV, SD_JWT)}
