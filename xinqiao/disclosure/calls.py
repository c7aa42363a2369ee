"""接口调用: asking sources that keep their data themselves, and what each call came to, in the log.

A call has two acts around the wait. First it is decided, written down, signed and logged that a source is asked; only
then is it asked, outside any transaction. What came back is written down with whatever is told with it, or without,
where by then nothing may be told any more.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from xinqiao import catalogue, keys
from xinqiao.authorisation.rules import GrantTerms, Range
from xinqiao.catalogue.schema import Called
from xinqiao.database import statements
from xinqiao.disclosure import breaking, hops, interfaces
from xinqiao.disclosure.breaking import Line, Outcome, Past
from xinqiao.disclosure.canonical import canonical
from xinqiao.disclosure.door import Allowed
from xinqiao.disclosure.hops import Hop
from xinqiao.disclosure.interfaces import Interface
from xinqiao.disclosure.models import Call
from xinqiao.disclosure.telling import instant
from xinqiao.kernel.ids import ReceiptNumber
from xinqiao.ledger import identity, log, promises, receipts
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao_verify.gate import FORMAT
from xinqiao_verify.notes import Key, read_trust

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

GOOD_FOR: Final = timedelta(minutes=1)  # an ask that was caught on the way is worth nothing soon
KEPT: Final = timedelta(days=7)  # as long as a question may be repeated under its caller's key
PURPOSE: Final = "source-answer"  # what answers are sealed for
_MANY: Final = 8  # sources asked at a time for one question


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of one item: the fields to be asked for, and from which days."""

    fields: tuple[str, ...]
    within: Range


@dataclass(frozen=True, slots=True)
class Due:
    """A source that is to be asked now, the ask written down and signed."""

    row: Call
    interface: Interface
    called: Called
    entry: str  # what the log says of it

    def file(self) -> str:
        """The ask as the source gets it, once the act is committed: evidence it can check by itself."""
        signed = receipts.signed(FORMAT, self.row.ask, bytes(self.row.signature))
        return canonical({**signed, "event": self.entry, "promise": promises.promise_of(self.entry)["note"]})


def prepare(
    allowed: Allowed, wanted: Mapping[str, Mapping[str, Wanted]], now: datetime
) -> tuple[list[Due], dict[str, list[str]]]:
    """Write down whom we ask, in the transaction that decided it; and what is not asked for, since its source has no
    interface yet or is left alone for a while.

    `wanted`: source → item → what of it.
    """
    places, due, resting = interfaces.of_sources(sorted(wanted)), list[Due](), dict[str, list[str]]()
    for source, items in sorted(wanted.items()):
        called, place = _patience(items), places.get(source)
        if place is None or breaking.line(called, _past(source), now) is Line.OPEN:
            resting[source] = list(items)
        else:
            due.append(_due(allowed, place, called, items, now))
    return due, resting


def _patience(items: Mapping[str, Wanted]) -> Called:
    """Of several items of one source asked for at once, the one with the least of it."""
    entries = [catalogue.city().item(item).called for item in items]
    return min((entry for entry in entries if entry is not None), key=lambda entry: entry.within_seconds)


_TRIAL: Final = "SELECT pg_advisory_xact_lock(hashtextextended('disclosure:source:' || $1, 0))"


def _past(source: str) -> list[Past]:
    """Its newest calls; who asks next waits until ours is written down, so that one tries and not many."""
    statements.row(_TRIAL, source)
    return interfaces.past(source)


def _due(allowed: Allowed, interface: Interface, called: Called, items: Mapping[str, Wanted], now: datetime) -> Due:
    event, number = log.reserve_event_id(), _next_number()
    ask = canonical(_body(number, allowed, interface, items, now))
    row = Call.objects.create(
        pk=number,
        source=interface.source,
        interface_id=interface.id,
        subject_id=allowed.subject.id,
        institution_id=allowed.ask.institution,
        items=sorted(items),
        ask=ask,
        signature=receipts.sign(FORMAT, ask),
        event=event,
        asked_at=now,
        outcome=Outcome.ASKED,
    )
    about: dict[str, JsonValue] = {"call": number, "source": interface.source, "receipt_digest": receipts.digest(ask)}
    entry = log.append_reserved(event, Kind.SOURCE_ASKED, now=now, about=about, rows=[state_of(row)])
    return Due(row, interface, called, entry)


def _next_number() -> int:
    ((number,),) = statements.rows("SELECT nextval('disclosure_call_id_seq')")
    return int(number)


def _body(
    number: int, allowed: Allowed, interface: Interface, items: Mapping[str, Wanted], now: datetime
) -> dict[str, Any]:
    """What is signed: all that the source's own gate needs to decide (`xinqiao_verify.gate`)."""
    agreement = allowed.agreement
    return {
        "ask": number,
        "log": identity.origin(),
        "asked_at": instant(now),
        "good_until": instant(now + GOOD_FOR),
        "audience": interface.source,
        "recipient": {"id": allowed.to.institution, "name": allowed.to.name},
        "subject": allowed.subject.uscc,
        "purpose": allowed.basis.purpose,
        "items": {name: {"fields": list(one.fields), **_days(one.within)} for name, one in items.items()},
        "agreement": {
            "document": agreement.document,
            "items": sorted(agreement.items),
            "purposes": sorted(agreement.purposes),
        },
        "grants": [_grant(grant, allowed) for grant in allowed.grants],
        "nonce": os.urandom(receipts.NONCE).hex(),
    }


def _grant(grant: GrantTerms, allowed: Allowed) -> dict[str, Any]:
    return {
        "grant": grant.id,
        "recipient": grant.institution,
        "subject": allowed.subject.uscc,
        "items": sorted(grant.items),
        "purpose": grant.purpose,
        "fetch": grant.fetch.value,
        "starts_at": instant(grant.starts_at),
        "ends_at": instant(grant.ends_at),
        **_days(grant.range),
        "most_uses": grant.most_uses,
        "uses": grant.used.total,
    }


def _days(within: Range) -> dict[str, str | None]:
    days = {"since": within.since, "until": within.until}
    return {name: None if day is None else day.isoformat() for name, day in days.items()}


# ── the wait ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def ask(due: Sequence[Due], clock: Callable[[], datetime]) -> list[Hop]:
    """Ask them all at once, each for as long as it has; after the commit, outside any transaction."""
    with ThreadPoolExecutor(min(_MANY, len(due))) as pool:
        return list(pool.map(lambda one: _hop(one, clock), due))


def _hop(one: Due, clock: Callable[[], datetime]) -> Hop:
    digest = receipts.digest(one.row.ask)
    within = one.called.within_seconds
    return hops.call(one.interface.address, one.interface.key, one.file(), digest, within_seconds=within, clock=clock)


# ── what became of it ────────────────────────────────────────────────────────────────────────────────────────────────


def heard(
    answered: Sequence[tuple[Due, Hop]], rejected: Mapping[int, int], *, receipt: ReceiptNumber | None, now: datetime
) -> None:
    """Write down what came back, and what was told with it; inside the transaction that tells."""
    rows = [_settled(due.row, hop, rejected.get(due.row.pk, 0), receipt, now) for due, hop in answered]
    about: dict[str, JsonValue] = {
        "calls": [row.pk for row in rows],
        "outcomes": [row.outcome for row in rows],
        "receipt": receipt,
    }
    log.append(Kind.SOURCE_HEARD, now=now, about=about, rows=[state_of(row) for row in rows])


def _settled(row: Call, hop: Hop, rejected: int, receipt: ReceiptNumber | None, now: datetime) -> Call:
    row.outcome, row.sent_at, row.arrived_at = hop.outcome, hop.sent_at, hop.arrived_at
    row.rejected, row.receipt = rejected, receipt
    if hop.answer is not None:
        row.received_at, row.answered_at = hop.answer.received_at, hop.answer.answered_at
        row.refused = hop.answer.refused[:40]
        row.answer_digest = receipts.digest(hop.content)
        if receipt is not None:
            row.answer, row.kept_until = keys.seal(PURPOSE, str(row.pk), hop.content.encode()), now + KEPT
    row.save()
    return row


_SWEPT: Final = 500


@transaction.atomic
def forget(now: datetime) -> int:
    """Drop some of what was kept for repeating beyond its term; how many. That it was given, and when, remains."""
    rows = list(Call.objects.select_for_update().filter(kept_until__lt=now, answer__isnull=False)[:_SWEPT])
    for row in rows:
        row.answer = None
        row.save(update_fields=["answer"])
    if rows:
        log.append(
            Kind.SOURCE_ANSWERS_DROPPED,
            now=now,
            about={"calls": [row.pk for row in rows]},
            rows=[state_of(row) for row in rows],
        )
    return len(rows)


def digest_of(row: Call) -> str:
    """What an answer names as the ask it answers."""
    return receipts.digest(row.ask)


def key_of(row: Call) -> Key:
    """The key the source signed with when it was asked."""
    (key,) = read_trust([row.interface.key]).values()
    return key


def kept(receipt: ReceiptNumber) -> Iterator[tuple[Call, str]]:
    """The calls a telling was made with, and what was answered to each, where it is still kept ("" for no answer)."""
    for row in Call.objects.select_related("interface").filter(receipt=receipt).order_by("id"):
        content = "" if row.answer is None else keys.unseal(PURPOSE, str(row.pk), bytes(row.answer)).decode()
        yield row, content
