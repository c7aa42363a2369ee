"""假名: what stands beside a covered particular, so that its reader can tell one person from another, and only he can.

HMAC-SM3 of the particular's one spelling under a key of that recipient: the same whatever business she stands in, never
the same for two recipients, and nothing to guess by without the key. What is told of a person may so be put together by
whoever the business allowed to look, and by nobody else: no file of many businesses has any, nor what is open to all.

The key is renewed for one recipient at a time. For the days of transition both generations are told beside each other,
so that he can carry over what he keeps; each is named.
"""

import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from xinqiao import keys
from xinqiao.catalogue.schema import A_PERSON, Item
from xinqiao.database import statements
from xinqiao.disclosure.errors import TransitionInvalid
from xinqiao.disclosure.models import PseudonymRenewal
from xinqiao.kernel.id_number import IdNumber, NotAnIdNumber
from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries as parties

LONGEST: Final = timedelta(days=90)  # whoever keeps both so long has joined what was to be parted
_NEWEST: Final = """
SELECT generation, earlier, earlier_until FROM disclosure_pseudonymrenewal
WHERE institution_id = $1 ORDER BY generation DESC LIMIT 1
"""
_IN_LINE: Final = "SELECT pg_advisory_xact_lock(hashtextextended('disclosure:pseudonyms:' || $1, 0))"


@dataclass(frozen=True, slots=True)
class Named:
    """Under which generations one recipient is told pseudonyms, the newest first."""

    recipient: str
    generations: tuple[int, ...]

    def beside(self, item: Item, values: Mapping[str, Any], covered: Sequence[str]) -> dict[str, Any]:
        """By covered field, where the catalogue has one for it and the row has what it is made of."""
        made = {}
        for name in covered:
            by = item.fields[name].pseudonym
            if by is not None and (whose := values.get(by.of)):
                made[name] = self._of(f"{by.kind}\n{spelling(str(whose), by.kind)}".encode())
        return made

    def _of(self, whose: bytes) -> list[dict[str, Any]]:
        return [
            {"generation": number, "value": _text(keys.pseudonym(self.recipient, whose, number))}
            for number in self.generations
        ]


def spelling(text: str, kind: str) -> str:
    """One spelling for one number: of a citizen's number its eighteen characters, also where the old form was sent."""
    said = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    if kind != A_PERSON:
        return said
    try:
        return IdNumber.parse(said).in_full()
    except NotAnIdNumber:  # another document's
        return said


def told_to(institution: InstitutionId, now: datetime) -> Named:
    """What this institution is told by at this moment."""
    newest = statements.row(_NEWEST, institution)
    if newest is None:
        return Named(_purpose(institution), (1,))
    generation, earlier, until = newest
    return Named(_purpose(institution), (generation, earlier) if now < until else (generation,))


@transaction.atomic
def renew(institution: str, *, transition: timedelta, now: datetime) -> int:
    """From now on this institution is told other pseudonyms, and for `transition` the earlier ones beside them.

    Returns the generation. Raises `UnknownInstitution`, `TransitionInvalid`.
    """
    named = parties.institution(institution).id
    if not timedelta() <= transition <= LONGEST:
        raise TransitionInvalid(LONGEST.days)
    statements.rows(_IN_LINE, named)
    [earlier, *_] = told_to(named, now).generations
    keys.pseudonym(_purpose(named), b"", earlier)  # the first is made when it is first used
    row = PseudonymRenewal(
        institution_id=named,
        generation=keys.renew_pseudonyms(_purpose(named)),
        earlier=earlier,
        earlier_until=now + transition,
        renewed_at=now,
    )
    row.save()
    log.append(
        Kind.PSEUDONYMS_RENEWED,
        now=now,
        about={"institution": named, "generation": row.generation},
        rows=[state_of(row)],
    )
    return row.generation


def _purpose(institution: InstitutionId) -> str:
    """The key's name in the key room, which knows hyphens where an institution's id has underscores."""
    return f"to-{institution.replace('_', '-')}"


def _text(made: bytes) -> str:
    return urlsafe_b64encode(made).decode().rstrip("=")
