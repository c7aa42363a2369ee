"""批量推送: a worker makes a file of public information: all a subscription is of, or what has changed.

A line is told as a query of what is open tells it, by the same rules, row by row. What was told before and may not be
told any more, or is no longer wanted, is in the next file of changes as a removal, without values.
"""

import contextlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.db import connection, transaction

from xinqiao import catalogue, store
from xinqiao.catalogue import City
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.queries import Fact
from xinqiao.disclosure import composing, pushed, subscribing
from xinqiao.disclosure.canonical import canonical
from xinqiao.disclosure.door import MANY, Asked
from xinqiao.disclosure.models import Push, Pushed, PushOrder, Subscription
from xinqiao.disclosure.pushed import FORMAT, FORMS, Wanted
from xinqiao.disclosure.pushfiles import Files
from xinqiao.disclosure.rules import NEVER_TOLD, Reader
from xinqiao.disclosure.telling import Basis, Recipient, instant
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, InstitutionId, SubjectId
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import identity, log, receipts
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.queries import SubjectView

AT_ONCE: Final = 2_000  # businesses
NOTHING: Final = "nothing-changed"
_MAKING: Final = "hashtextextended('disclosure:push', 0)"


def make(order: int, *, now: datetime) -> int | None:
    """Make the file that was ordered; its number, or None where nothing has changed or the door refuses by now.

    Corrections wait until it is made, so that none misses a line that is on its way into it (`wait_for_pushes`). Made
    again after a crash it begins anew; an order that has ended is left alone.
    """
    asked = PushOrder.objects.select_related("subscription").filter(pk=order, ended_at__isnull=True).first()
    if asked is None:
        return None
    with _alone(), store.naming(), TemporaryDirectory() as folder:
        return _made(asked, Path(folder), now)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """A lock of the session, not of a transaction: progress is seen meanwhile. It ends with its connection."""
    _lock("pg_advisory_lock_shared")
    try:
        yield
    finally:
        _lock("pg_advisory_unlock_shared")


def wait_for_pushes() -> None:
    """Until every file that is being made stands; none begins before the caller's transaction ends."""
    _lock("pg_advisory_xact_lock")


def _lock(act: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {act}({_MAKING})")


@dataclass
class _Making:
    """What becomes of one order. `before` is what the subscription's files have told and not taken out."""

    order: PushOrder
    wanted: Wanted
    since: Push | None
    on: date
    city: City
    put: list[Pushed] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)  # ids of `Pushed`
    seen: set[SubjectId] = field(default_factory=set)


def _made(order: PushOrder, folder: Path, now: datetime) -> int | None:
    row = order.subscription
    last = Push.objects.filter(subscription=row).order_by("-pk").first()
    making = _Making(order, pushed.wanted(row), None if order.full else last, day_of(now), catalogue.city())
    if isinstance(refused := _allowed(row, now), Problem):
        _ended(order, refused.type, now)
        return None
    with Files(folder, _head(making, row, now), making.city) as files:
        everybody = subjects.selected(
            divisions=divisions(making.wanted, making.city),
            industries=industries(making.wanted, making.city),
            kinds=making.wanted.kinds,
        )
        _progress(order, 0, len(everybody))
        for begin in range(0, len(everybody), AT_ONCE):
            some = everybody[begin : begin + AT_ONCE]
            _write(making, files, some)
            _progress(order, begin + len(some), len(everybody))
        _left(making, files)
    if making.since is not None and not making.put and not making.removed:
        _ended(order, NOTHING, now)
        return None
    return _kept(making, files, now)


def _allowed(row: Subscription, now: datetime) -> tuple[Recipient, Basis] | Problem:
    with transaction.atomic():
        return subscribing.allowed(_asked(row, now))


def _asked(row: Subscription, now: datetime) -> Asked:
    return Asked(InstitutionId(row.institution_id), MANY, row.purpose, now, on_behalf=row.by)


def _progress(order: PushOrder, done: int, of: int) -> None:
    PushOrder.objects.filter(pk=order.pk).update(done=done, of=of)


def _ended(order: PushOrder, because: str, now: datetime) -> None:
    PushOrder.objects.filter(pk=order.pk).update(ended_at=now, because=because)


def _head(making: _Making, row: Subscription, now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "subscription": row.pk,
        "since": making.since and making.since.pk,
        "made_at": instant(now),
        "position": ledger.latest_position(),
        "recipient": row.institution.name,
        "wanted": making.wanted.as_json(),
    }


def divisions(wanted: Wanted, city: City) -> list[str]:
    """Those named and those they took the place of; the city itself is all of them."""
    if city.code in wanted.divisions:
        return []
    before = {one.code for one in city.divisions.values() if one.now in wanted.divisions}
    return sorted({*wanted.divisions, *before})


def industries(wanted: Wanted, city: City) -> list[str]:
    """Those named, and of a section its two-digit divisions."""
    inside = {code for code, one in city.industries.items() if one.section in wanted.industries}
    return sorted({*wanted.industries, *inside})


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _write(making: _Making, files: Files, some: Collection[SubjectId]) -> None:
    """The lines of some businesses: in a full file all, else those that are new or stand otherwise; then removals."""
    sized = subscribing.sized(making.city) if making.wanted.sizes else None
    asked = {*making.wanted.items, *([sized[0]] if sized else [])}
    facts: dict[SubjectId, list[Fact]] = {}
    for fact in creditfile.facts_of_many(some, asked):
        facts.setdefault(fact.subject_id, []).append(fact)
    before: dict[SubjectId, dict[int, Pushed]] = {}
    for row in Pushed.objects.filter(subscription=making.order.subscription, subject__in=some, removed=None):
        before.setdefault(SubjectId(row.subject_id), {})[row.fact] = row
    for subject in subjects.views(some):
        making.seen.add(subject.id)
        had = before.get(subject.id, {})
        told = _tell(making, files, subject, facts.get(subject.id, []), had)
        _take_out(making, files, [row for fact, row in had.items() if fact not in told])


def _tell(
    making: _Making, files: Files, subject: SubjectView, facts: list[Fact], had: dict[int, Pushed]
) -> set[FactId]:
    """Write what is told of one business; returns the facts it may know, written now or before."""
    told = composing.asked(making.city, subject.kind, Reader(), only=making.wanted.items)
    if not _large_enough(making, subject, facts):
        return set()
    composing.answer(told, facts, city=making.city, on=making.on)
    for name, lines in told.items.items():
        fresh = [line for line in lines.lines if making.since is None or _news(had.get(line["fact"]), line)]
        files.put(subject, composing.item_json(lines) if fresh else {}, fresh)
        making.put += [
            Pushed(fact=one["fact"], subject_id=subject.id, item=name, standing=one["standing"]) for one in fresh
        ]
    return set(told.facts)


def _news(had: Pushed | None, line: dict[str, Any]) -> bool:
    return had is None or had.standing != line["standing"]


def _large_enough(making: _Making, subject: SubjectView, facts: list[Fact]) -> bool:
    sized = subscribing.sized(making.city)
    if not making.wanted.sizes or sized is None:
        return True
    item, name = sized
    told = composing.asked(making.city, subject.kind, Reader(), only=[item])
    shown = composing.visible(told, facts, making.on)
    return any(fact.values.get(name) in making.wanted.sizes for _, _, fact in shown)


def _take_out(making: _Making, files: Files, rows: Any) -> None:
    """What was told and is not told any more: no values, why. A full file begins anew and lists none."""
    gone = list(rows)
    making.removed += [row.pk for row in gone]
    if making.since is None or not gone:
        return
    facts = [FactId(row.fact) for row in gone]
    standings = creditfile.standings_now(facts, making.on)
    current = {place.id for place in creditfile.places(facts) if place.closed_event is None}
    whose = {one.id: one for one in subjects.views({SubjectId(row.subject_id) for row in gone})}
    for row in gone:
        fact = FactId(row.fact)
        files.remove(whose[SubjectId(row.subject_id)], row.item, fact, _because(standings.get(fact), fact in current))


def _left(making: _Making, files: Files) -> None:
    """Businesses that are no longer among those wanted."""
    had = Pushed.objects.filter(subscription=making.order.subscription, removed=None)
    gone = sorted(set(had.values_list("subject", flat=True).distinct()) - making.seen)
    for begin in range(0, len(gone), AT_ONCE):
        _take_out(making, files, had.filter(subject__in=gone[begin : begin + AT_ONCE]).order_by("subject", "item"))


def _because(standing: str | None, current: bool) -> str:
    if standing is None:
        return "erased"
    if standing in NEVER_TOLD:
        return str(standing)
    return "out" if current else "replaced"  # out: not wanted, or not open, any more


# ── the receipt ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _kept(making: _Making, files: Files, now: datetime) -> int | None:
    """The file is kept, signed for and in the log, under the agreement as it stands now."""
    row = making.order.subscription
    stored = {form: store.put(path) for form, path in files.paths.items()}
    with transaction.atomic(durable=True):
        outcome = subscribing.allowed(_asked(row, now))
        if isinstance(outcome, Problem):
            _ended(making.order, outcome.type, now)
            return None
        number = _next_number()
        body = canonical(_body(number, making, outcome, stored, now))
        event = log.reserve_event_id()
        push = Push.objects.create(
            number=number,
            subscription=row,
            since=making.since,
            jsonl=stored["jsonl"].digest,
            csv=stored["csv"].digest,
            put=len(making.put),
            removed=0 if making.since is None else len(making.removed),
            body=body,
            signature=receipts.sign(FORMAT, body),
            event=event,
            made_at=now,
        )
        _remember(making, push)
        PushOrder.objects.filter(pk=making.order.pk).update(ended_at=now, push=push)
        about: dict[str, Any] = {
            "push": number,
            "subscription": row.pk,
            "institution": row.institution_id,
            "receipt_digest": receipts.digest(body),
        }
        log.append(Kind.PUSH_TOLD, now=now, about=about, rows=[state_of(push)], event_id=event)
    return number


def _remember(making: _Making, push: Push) -> None:
    """What the recipient has from now on."""
    Pushed.objects.filter(pk__in=making.removed).update(removed=push)
    for one in making.put:
        one.subscription, one.push = push.subscription, push
    Pushed.objects.bulk_create(
        making.put,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["subscription", "fact"],
        update_fields=["standing", "push", "removed"],
    )


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('disclosure_push_number_seq')")
        return int(cursor.fetchone()[0])


def _body(
    number: int, making: _Making, decided: tuple[Recipient, Basis], stored: dict[str, store.Stored], now: datetime
) -> dict[str, Any]:
    """What is signed; docs/evidence-format.md says what each part is."""
    to, basis = decided
    kind = "full" if making.since is None else "changes"
    return {
        "push": number,
        "log": identity.origin(),
        "told_at": instant(now),
        "recipient": to.as_json(),
        "purpose": basis.purpose,
        "basis": basis.as_json(),
        "subscription": making.order.subscription_id,
        "since": making.since and making.since.pk,
        "wanted": making.wanted.as_json(),
        "lines": {"put": len(making.put), "removed": 0 if making.since is None else len(making.removed)},
        "files": [
            {
                "form": form,
                "name": f"P-{day_of(now):%Y%m%d}-{number:06d}-{kind}.{form}",
                "media": FORMS[form],
                "sha256": one.digest,
                "bytes": one.size,
            }
            for form, one in stored.items()
        ],
        "nonce": os.urandom(receipts.NONCE).hex(),
    }
