"""保存期限: what an institution was told is kept no longer than agreed.

It attests that it has deleted it, or names the law that makes it keep it and says that it uses it no more; who is late
is marked, and the business sees all of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from xinqiao.disclosure import kept
from xinqiao.disclosure.errors import AlreadyAttested, LawUnnamed, NotFound, NotParty, ScopeInvalid
from xinqiao.disclosure.kept import How, Kept
from xinqiao.disclosure.models import Disposal, Overdue
from xinqiao.kernel.ids import InstitutionId, PersonId, ReceiptNumber
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import clients
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role

MOST_AT_ONCE: Final = 500
LAW_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Attested:
    """What is attested of which tellings: deleted, or kept because of a law (named) and used no more."""

    receipts: Sequence[ReceiptNumber]
    how: How
    law: str = ""


def attest_in_person(attested: Attested, *, of: InstitutionId, person: PersonId, now: datetime) -> int:
    """An officer attests on a page. Returns for how many tellings. Raises `NotParty` and as `attest_signed`."""
    officer = parties.acting(person, Role.OFFICER, of, now)
    if officer is None:
        raise NotParty
    return _attest(attested, of, now, officer=officer.name, person_id=person)


def attest_as(attested: Attested, *, of: InstitutionId, officer: str, now: datetime) -> int:
    """The sample's command line attests in an institution's name; as `attest_in_person`."""
    return _attest(attested, of, now, officer=officer)


def attest_signed(jws: str, *, of: InstitutionId, client: str, now: datetime) -> int:
    """A program attests with its key: a JWS whose claims are `iss` (the client), `iat`, `receipts`, `how` and `law`.

    Raises `BadSignature`, `StaleTimestamp`, `ScopeInvalid`, `LawUnnamed`, `NotFound`, `AlreadyAttested`.
    """
    claims = clients.signed_by(client, jws, now=now)
    return _attest(_said(claims), of, now, client=client, signed=jws)


def _said(claims: Any) -> Attested:
    numbers, how, law = claims.get("receipts"), claims.get("how"), claims.get("law", "")
    whole = isinstance(numbers, list) and all(type(number) is int for number in numbers) and isinstance(law, str)
    if not whole or how not in set(How):
        raise ScopeInvalid(Saying("请写明 receipts（回执编号）和 how（deleted 或 retained）"))
    return Attested([ReceiptNumber(number) for number in numbers], How(how), law)


@transaction.atomic
def _attest(attested: Attested, of: InstitutionId, now: datetime, **by: Any) -> int:
    """All of them or none, one event for all."""
    numbers, law = sorted(set(attested.receipts)), attested.law.strip()
    if not 0 < len(numbers) <= MOST_AT_ONCE:
        raise ScopeInvalid(Saying("一次证明 1 至 {most} 份回执", most=MOST_AT_ONCE))
    if (attested.how is How.RETAINED) != bool(law) or len(law) > LAW_LONGEST:
        raise LawUnnamed
    _check(numbers, of)
    event = log.reserve_event_id()
    rows = [
        Disposal(receipt_id=number, institution_id=of, how=attested.how.value, law=law, event=event, at=now, **by)
        for number in numbers
    ]
    Disposal.objects.bulk_create(rows)
    about = {"to": of, "how": attested.how.value, "count": len(rows)}
    log.append(Kind.KEEPING_ATTESTED, now=now, about=about, rows=[state_of(row) for row in rows], event_id=event)
    return len(rows)


def _check(numbers: Collection[ReceiptNumber], of: InstitutionId) -> None:
    """Each is a telling to this institution with a term, and not attested yet."""
    if kept.with_term(numbers, of) != len(numbers):
        raise NotFound
    if Disposal.objects.filter(receipt__in=numbers).exists():
        raise AlreadyAttested


@transaction.atomic
def mark_overdue(on: date, *, now: datetime) -> int:
    """Mark what was to be deleted before this day and nobody has attested; returns how many are newly marked."""
    late = kept.outstanding(ended_before=on, size=MOST_AT_ONCE, unmarked=True)
    for one in late:
        _mark(one, now)
    return len(late)


def _mark(late: Kept, now: datetime) -> None:
    event = log.reserve_event_id()
    row = Overdue.objects.create(receipt_id=late.receipt, until=late.until, event=event, at=now)
    about: dict[str, str | int] = {"receipt": late.receipt, "to": late.institution, "until": late.until.isoformat()}
    log.append(Kind.KEEPING_OVERDUE, now=now, about=about, rows=[state_of(row)], event_id=event)
