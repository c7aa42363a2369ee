"""A delivery is read strictly and judged: accepted, returned with reasons, or held.

Until the last transaction nothing of it is seen. A process killed anywhere before leaves a delivery that is still
`received`, and whoever inspects it next does the same again; one killed after leaves a judged delivery.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import transaction

from xinqiao import catalogue, home, store
from xinqiao.catalogue.schema import DeliveryMode, Item
from xinqiao.intake import copies, gate, keeping, keysets, progress, queries
from xinqiao.intake.errors import FileReturned, Unreadable
from xinqiao.intake.gate import Sifted
from xinqiao.intake.keeping import Verdict
from xinqiao.intake.models import Delivery
from xinqiao.intake.queries import DeliveryView
from xinqiao.intake.rules import reasons, sayings
from xinqiao.intake.rules.compiling import Compiled, compile_item
from xinqiao.intake.rules.rows import findings_of
from xinqiao.intake.rules.states import Counts, State
from xinqiao.intake.settling import settle
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.kernel.sayings import Saying, recalled
from xinqiao.ledger import locks


def inspect(number: DeliveryNumber, *, now: datetime) -> DeliveryView:
    """Judge a delivery, or find it judged. Outside transactions; two inspectors of one delivery work one after another.

    A file that cannot be read is judged too: returned, with the reason. Raises `UnknownDelivery`.
    """
    with alone_with(number):
        delivery = queries.row(number)
        if delivery.state == State.RECEIVED:
            with workspace(number) as folder, store.naming():
                verdict = _judge(delivery, folder, now)
                with transaction.atomic():
                    keeping.judged(number, verdict, now=now)
        return queries.delivery(number)


def refuse_unreadable(number: DeliveryNumber) -> None:
    """For whoever waits at the counter: raises `FileReturned` where nothing of the file could be read as a table."""
    delivery = queries.row(number)
    if delivery.state == State.RETURNED and not delivery.header:
        raise FileReturned(recalled(delivery.told, delivery.told_kept))


@contextmanager
def alone_with(number: DeliveryNumber) -> Iterator[None]:
    """Nobody else inspects, releases or withdraws this delivery meanwhile, in any process."""
    with locks.held(f"intake:delivery:{number}", wait=True):
        yield


@contextmanager
def workspace(number: DeliveryNumber) -> Iterator[Path]:
    """A folder of our own for plain rows on their way. What a killed predecessor left in it is removed first."""
    folder = home.make_home() / "intake" / str(number)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _judge(delivery: Delivery, folder: Path, now: datetime) -> Verdict:
    city = catalogue.city()
    compiled = compile_item(city.item(delivery.item), city, on=delivery.received_on)
    full = delivery.mode == DeliveryMode.FULL
    meter = progress.Meter(delivery, now)
    try:
        with store.borrow(delivery.digest) as path:
            sifted = gate.sift(path, compiled, folder, full=full, progress=meter)
            return _verdict(delivery, compiled, sifted, folder, now)
    except Unreadable as problem:
        return _unreadable(problem)


def _unreadable(problem: Unreadable) -> Verdict:
    told = findings_of([(None, None, problem.type, None, problem.detail)])
    summary = reasons.Summary()
    summary.add(told)
    said = summary.as_kept()
    return Verdict(State.RETURNED, Counts(delivered=0), told=problem.detail, findings=[told], found=1, reasons=said)


def _verdict(delivery: Delivery, compiled: Compiled, sifted: Sifted, folder: Path, now: datetime) -> Verdict:
    item = compiled.item
    full = delivery.mode == DeliveryMode.FULL and not sifted.unfit
    listed = keysets.listed(item, compiled.key, sifted.keys.frames()) if full else {}
    doubt = _doubt(delivery, item, listed) if full else None
    verdict = _held(sifted, folder, doubt) if doubt else _taken_up(item, sifted, folder, now)
    if sifted.unfit:
        verdict.state, verdict.told = State.RETURNED, sifted.unfit
    verdict.header, verdict.encoding = sifted.header, sifted.encoding
    verdict.outputs |= {"rejected": copies.keep(sifted.rejected), "keys": copies.keep(sifted.keys)}
    verdict.sets = {scope: (len(hashes), keysets.put(hashes)) for scope, hashes in listed.items()}
    _tell(verdict, sifted, folder)
    return verdict


def _doubt(delivery: Delivery, item: Item, listed: dict[str, keysets.Hashes]) -> Saying | None:
    """Why a full delivery is not believed at once, or nothing."""
    before, lost = keysets.gone(delivery.source, item, listed)
    if lost <= before * item.delivery.max_drop:
        return None
    return sayings.implausible_drop(before, lost, share=f"{item.delivery.max_drop * 100:.0f}%")


def _held(sifted: Sifted, folder: Path, doubt: Saying) -> Verdict:
    """Everything that passed waits, as it is. A list without a single row waits too, with nothing held back."""
    held = gate.Parts(folder, "held")
    for frame in sifted.accepted():
        held.add(frame)
    counts = Counts(delivered=sifted.delivered, rejected=sifted.rejected.rows, held=held.rows)
    return Verdict(State.HELD, counts, told=doubt, outputs={"held": copies.keep(held)})


def _taken_up(item: Item, sifted: Sifted, folder: Path, now: datetime) -> Verdict:
    settled = settle(item, sifted.accepted(), folder, now=now)
    counts = Counts(
        delivered=sifted.delivered,
        rejected=sifted.rejected.rows,
        accepted=settled.accepted.rows,
        unplaced=settled.unplaced.rows,
    )
    outputs = {"accepted": copies.keep(settled.accepted), "unplaced": copies.keep(settled.unplaced)}
    return Verdict(counts.state, counts, outputs=outputs, settled=settled)


def _tell(verdict: Verdict, sifted: Sifted, folder: Path) -> None:
    """All findings into one copy, warnings with them; the first of them, and what they come to, for pages."""
    every = gate.Parts(folder, "told")
    warnings = verdict.settled.warnings if verdict.settled is not None else []
    summary = reasons.Summary()
    for frame in (sifted.told, *sifted.findings.frames(), *warnings):
        every.add(frame)
        summary.add(frame)
        if sum(f.height for f in verdict.findings) < keeping.FINDINGS_SHOWN:
            verdict.findings.append(frame)
    verdict.found, verdict.refused = every.rows, summary.refused
    verdict.reasons = summary.as_kept()
    verdict.outputs["findings"] = copies.keep(every)
