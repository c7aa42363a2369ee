"""Reads of letters signed on line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from xinqiao.database import statements
from xinqiao.kernel.ids import EventId, PersonId
from xinqiao.ledger import receipts
from xinqiao.parties.models import Letter
from xinqiao.parties.signing_errors import UnknownLetter
from xinqiao_verify.agreements import LETTER


@dataclass(frozen=True, slots=True)
class LetterView:
    id: int
    text: str
    version: str
    wording: str
    organisation: str
    person: PersonId
    name: str
    signed_at: datetime


_HELD: Final = """
SELECT FROM parties_letter WHERE text = $1 AND version = $2 AND organisation = $3 AND person_id = $4
"""


def held(text: str, version: str, organisation: str, person: PersonId) -> bool:
    """Whether this person signed this version for this organisation. Asked with every look (0008)."""
    return bool(statements.rows(_HELD, text, version, organisation, person))


def of(organisation: str, text: str | None = None) -> list[LetterView]:
    """The newest first."""
    rows = Letter.objects.filter(organisation=organisation).select_related("person").order_by("-pk")
    return [_view(row) for row in (rows if text is None else rows.filter(text=text))]


def letter(number: int) -> LetterView:
    """Raises `UnknownLetter`."""
    row = Letter.objects.filter(pk=number).select_related("person").first()
    if row is None:
        raise UnknownLetter
    return _view(row)


def signed_file(number: int) -> dict[str, Any]:
    """The letter as its signer keeps it, text and all. Raises `UnknownLetter`."""
    row = Letter.objects.filter(pk=number).first()
    if row is None:
        raise UnknownLetter
    return {**receipts.file(LETTER, row.body, bytes(row.signature), EventId(row.event)), "text": row.wording}


def _view(row: Letter) -> LetterView:
    return LetterView(
        row.pk, row.text, row.version, row.wording, row.organisation, PersonId(row.person_id), row.person.name,
        row.signed_at,
    )  # fmt: skip
