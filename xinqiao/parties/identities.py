"""登录身份: whom somebody who vouches let in is the person we know by that account, or by that document's number.

A person is never recognised by name. Neither account nor number is kept, only keyed marks of them.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from xinqiao import keys
from xinqiao.database import statements
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import people
from xinqiao.parties.errors import NotTheSamePerson
from xinqiao.parties.models import LicenceShown, SignOn
from xinqiao.parties.sign_on import Capacity, Vouched, Way

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

FRESH: Final = timedelta(minutes=30)  # how long a licence that was shown can be acted on: an errand, not a day


@dataclass(frozen=True, slots=True)
class ShownLicence:
    """That a person signed on with this business's licence, as what, and when."""

    way: Way
    uscc: Uscc
    capacity: Capacity
    at: datetime


def mark_of(number: str) -> bytes:
    """The keyed mark of a document's number in its one spelling; the number itself is kept nowhere."""
    return keys.mark("person-number", unicodedata.normalize("NFKC", number).replace(" ", "").upper().encode())


@transaction.atomic
def recognise(vouched: Vouched, *, now: datetime) -> PersonId:
    """The person who signed on, who is new here unless the account or the number is known; with the licence, if any.

    Raises `NotTheSamePerson` where account and number belong to two people.
    """
    statements.row("SELECT pg_advisory_xact_lock(hashtextextended('parties:sign-on', 0))")
    account = keys.mark("sign-on-account", f"{vouched.way}\n{vouched.account}".encode())
    number = None if vouched.number is None else mark_of(vouched.number)
    known = SignOn.objects.filter(way=vouched.way, account=account).first()
    same = None if number is None else SignOn.objects.filter(number=number).order_by("id").first()
    _check(known, same, number)
    found = known or same
    person = people.join(vouched.name, now=now) if found is None else PersonId(found.person_id)
    if known is None:
        _add(SignOn(person_id=person, way=vouched.way, account=account, number=number, added_at=now), now)
    people.rename(person, vouched.name, now=now)
    if vouched.licence is not None:
        _show(person, vouched, now)
    return person


def _check(known: SignOn | None, same: SignOn | None, number: bytes | None) -> None:
    if known is None or number is None:
        return
    if known.number is not None and bytes(known.number) != number:
        raise NotTheSamePerson
    if same is not None and same.person_id != known.person_id:
        raise NotTheSamePerson


def _add(row: SignOn, now: datetime) -> None:
    row.save()
    about: dict[str, JsonValue] = {"sign_on": row.pk, "person": row.person_id, "way": row.way}
    log.append(Kind.SIGN_ON_ADDED, now=now, about=about, rows=[state_of(row)])


def _show(person: PersonId, vouched: Vouched, now: datetime) -> None:
    held = vouched.licence
    assert held is not None  # noqa: S101 — the caller looked
    row = LicenceShown.objects.create(person_id=person, way=vouched.way, uscc=held.uscc, capacity=held.capacity, at=now)
    about: dict[str, JsonValue] = {"licence": row.pk, "person": person, "way": vouched.way, "as": held.capacity}
    log.append(Kind.LICENCE_SHOWN, now=now, about=about, rows=[state_of(row)])


# ── reads ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def licence_of(person: PersonId, now: datetime) -> ShownLicence | None:
    """The licence a person signed on with last, if that was within the half hour."""
    row = LicenceShown.objects.filter(person_id=person, at__gt=now - FRESH, at__lte=now).order_by("-id").first()
    return None if row is None else ShownLicence(Way(row.way), Uscc(row.uscc), Capacity(row.capacity), row.at)


def ways_of(person: PersonId) -> list[Way]:
    """By whom a person has signed on: none for whoever came by name and password."""
    return [Way(way) for way in SignOn.objects.filter(person_id=person).order_by("id").values_list("way", flat=True)]


def numbers_of(person: PersonId) -> set[bytes]:
    """The keyed marks of the document's numbers that were vouched for this person."""
    rows = SignOn.objects.filter(person_id=person, number__isnull=False).values_list("number", flat=True)
    return {bytes(one) for one in rows if one is not None}
