"""The only way out. What is told is composed, receipted, signed and logged in one transaction, and leaves after it.

Whoever tells anybody anything derived from facts does it here: an institution's report, a business's own file, the
grade an operator looks at.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from django.db.models import Model

from xinqiao.database import statements
from xinqiao.disclosure.canonical import canonical, report_text
from xinqiao.disclosure.models import Receipt
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import (
    BranchId,
    ConsentId,
    EventId,
    FactId,
    GrantId,
    InstitutionId,
    PersonId,
    ReceiptNumber,
    SubjectId,
)
from xinqiao.ledger import identity, log, receipts
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of
from xinqiao.subjects.queries import SubjectView

FORMAT: Final = "xinqiao-receipt/1"


class RecipientKind(StrEnum):
    INSTITUTION = "institution"
    DEPARTMENT = "department"
    SUBJECT = "subject"  # the business itself
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told. `officer` is the name a business will read; `person` who was signed in, `client` which program."""

    kind: RecipientKind
    officer: str
    institution: InstitutionId | None = None
    name: str = ""
    person: PersonId | None = None
    client: str = ""
    branch: BranchId | None = None
    branch_name: str = ""  # as the business reads it beside the institution; empty at its head office

    def as_json(self) -> dict[str, Any]:
        told = {"kind": self.kind.value, "id": self.institution, "name": self.name, "branch": self.branch_name}
        told |= {"officer": self.officer}
        return {key: value for key, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Basis:
    """Why it may be told: under which agreement and grants, by which department's legal basis, or by whose right."""

    purpose: str
    ground: str
    agreement: int | None = None
    grants: tuple[GrantId, ...] = ()
    keep_days: int | None = None  # how long the recipient may keep what it is told
    consents: tuple[ConsentId, ...] = ()  # of the natural persons whose particulars were opened
    sharing: int | None = None  # the number of a department's basis

    def as_json(self) -> dict[str, Any]:
        told = {"ground": self.ground, "agreement": self.agreement, "grants": list(self.grants)}
        kept = {} if self.keep_days is None else {"keep_days": self.keep_days}
        shared = {} if self.sharing is None else {"sharing": self.sharing}
        return told | kept | shared | ({"consents": list(self.consents)} if self.consents else {})


class Content(NamedTuple):
    """What is told: the report, JSON-ready, the facts in it, and the items it may speak of.

    `in_order` names the report's members whose keys stand in canonical order throughout. `rests_on` are facts behind
    what is told that are not told themselves, so that a correction finds whoever was told; `signed` is what the receipt
    itself says besides.
    """

    report: dict[str, Any]
    facts: Sequence[FactId]
    items: Sequence[str]
    in_order: frozenset[str] = frozenset()
    rests_on: Sequence[FactId] = ()
    signed: Mapping[str, Any] = MappingProxyType({})


class Told(NamedTuple):
    """What has been told, once the transaction commits: the report's text, its receipt, and what the log says of it."""

    number: ReceiptNumber
    report: dict[str, Any]
    text: str
    receipt: Receipt
    entry: str


def report_number(number: int, now: datetime) -> str:
    """R-20261123-000417: the day it was told in the city, and the receipt's number."""
    return f"R-{day_of(now):%Y%m%d}-{number:06d}"


def tell(
    *,
    to: Recipient,
    about: SubjectView,
    basis: Basis,
    kind: Kind,
    compose: Callable[[ReceiptNumber], Content],
    keep: Callable[[ReceiptNumber, str], Sequence[Model]] = lambda *_: (),
    now: datetime,
) -> Told:
    """Write down what is told, to whom, about whom, on what ground; inside the transaction that decided it may be.

    `compose` gets the number the report will carry. `keep` writes rows beside the receipt, from its number and the text
    that is told; the same event vouches for them. The caller hands the text out after the commit, never before.
    """
    number = _next_number()
    content = compose(number)
    text = report_text(content.report, content.in_order)
    digest = sha256(text.encode()).hexdigest()
    body = canonical(_body(number, to, about, basis, content, digest, now))
    event = log.reserve_event_id()
    row = _row(number, kind, to, about.id, basis, content, body, digest, event, now)
    entry = _append(row, to, body, event, now, [state_of(one) for one in keep(number, text)])
    return Told(number, content.report, text, row, entry)


def _next_number() -> ReceiptNumber:
    ((number,),) = statements.rows("SELECT nextval('disclosure_receipt_number_seq')")
    return ReceiptNumber(number)


def _body(
    number: int, to: Recipient, about: SubjectView, basis: Basis, content: Content, digest: str, now: datetime
) -> dict[str, Any]:
    """What is signed; docs/evidence-format.md says what each part is."""
    return {
        "number": number,
        "log": identity.origin(),
        "told_at": instant(now),
        "recipient": to.as_json(),
        "subject": about.uscc,
        "purpose": basis.purpose,
        "basis": basis.as_json(),
        "items": sorted(content.items),
        "report_digest": digest,
        "facts": list(content.facts),
        **content.signed,
        "nonce": os.urandom(receipts.NONCE).hex(),
    }


def instant(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _row(
    number: ReceiptNumber,
    kind: Kind,
    to: Recipient,
    subject_id: SubjectId,
    basis: Basis,
    content: Content,
    body: str,
    digest: str,
    event: EventId,
    now: datetime,
) -> Receipt:
    return Receipt(
        number=number,
        kind=str(kind),
        subject_id=subject_id,
        institution_id=to.institution,
        person_id=to.person,
        officer=to.officer,
        branch_id=to.branch,
        client=to.client,
        purpose=basis.purpose,
        grants=list(basis.grants),
        items=sorted(content.items),
        facts=[*content.facts, *content.rests_on],
        body=body,
        signature=receipts.sign(FORMAT, body),
        report_digest=digest,
        event=event,
        told_at=now,
    )


def _append(row: Receipt, to: Recipient, body: str, event: EventId, now: datetime, beside: Sequence[RowState]) -> str:
    """The receipt and its event; a plain insert, because this is the hot path."""
    _insert(row)
    return log.append_reserved(
        event,
        Kind(row.kind),
        now=now,
        about={
            "receipt": row.pk,
            "receipt_digest": receipts.digest(body),
            "subject": row.subject_id,
            "to": to.institution or to.kind.value,
            "grants": list(row.grants),
        },
        rows=[state_of(row), *beside],
    )


_COLUMNS: Final = tuple(f.column for f in Receipt._meta.concrete_fields)  # noqa: SLF001 — the framework's public word for it
_ATTRIBUTES: Final = tuple(f.attname for f in Receipt._meta.concrete_fields)  # noqa: SLF001
_PLACES: Final = ", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))
_INSERT: Final = f"INSERT INTO disclosure_receipt ({', '.join(map(str, _COLUMNS))}) VALUES ({_PLACES})"


def _insert(row: Receipt) -> None:
    statements.rows(_INSERT, *[getattr(row, name) for name in _ATTRIBUTES])
