"""Showing the newest checkpoint to the witnesses, and keeping what they sign."""

import logging
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import connection, transaction

from xinqiao import home
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import entries, identity, locks, queries, seals
from xinqiao.ledger.errors import NotGrown, SetBack
from xinqiao.ledger.witnesses import FileWitness, Witness
from xinqiao_verify.notes import NotTrusted, open_cosignature

log = logging.getLogger(__name__)

# How much of the newest log a rolled-back database could hide from the witnesses: five seconds of acts.
EVERY: Final = 5.0  # seconds between two visits by the leading sequencer


def witnesses() -> tuple[Witness, ...]:
    """The witnesses of this installation: for now a folder, `XINQIAO_WITNESS` or one beside the data.

    Beside the data it finds a database set back alone; to find a whole machine set back, put it on another one.
    """
    folder = os.environ.get("XINQIAO_WITNESS")
    name = identity.origin().replace("/log", "/witness")
    return (FileWitness(name, Path(folder) if folder else home.make_home() / "witness", identity.key()),)


def seen() -> dict[str, str]:
    """The newest checkpoint each witness has seen, by its name, for `checking.check(witnessed=…)`.

    Waits for a visit that is under way: what a witness has signed by then is kept here as well. Outside transactions.
    """
    with locks.held(locks.VISIT, wait=True):
        return {witness.key.name: note for witness in witnesses() if (note := witness.last()) is not None}


def refuse_set_back() -> None:
    """Before a door opens: raises `SetBack` where a witness has signed a log this one does not contain.

    An old backup put back would bring to life again what was revoked, repaired, withdrawn or erased since.
    """
    for name, note in seen().items():
        size = identity.opened(note).size
        if queries.checkpoint_of(size) != note:
            raise SetBack(
                Saying(
                    "见证方 {name} 见过 {size} 条的日志，这个数据库里没有那一份；请恢复更新的备份。",
                    name=name,
                    size=size,
                )
            )


def show(now: datetime, to: Iterable[Witness] | None = None) -> int:
    """Have the witnesses cosign the newest checkpoint; returns how many did. A refusal is said in the program's log.

    Outside transactions only.
    """
    cosigned = 0
    with locks.held(locks.VISIT, wait=True):
        for witness in witnesses() if to is None else to:
            try:
                cosigned += _show(witness, now)
            except (NotGrown, NotTrusted, OSError):
                log.exception("the witness %s did not cosign", witness.key.name)
    return cosigned


def _show(witness: Witness, now: datetime) -> bool:
    if (newest := queries.checkpoint()) is None:
        return False
    new, last = identity.opened(newest), witness.last()
    old = identity.opened(last).size if last is not None else 0
    if last is not None and old >= new.size and last != newest:
        raise NotGrown(
            Saying(
                "见证方 {name} 见过 {seen} 条的日志，现在的日志只有 {size} 条。",
                name=witness.key.name,
                seen=old,
                size=new.size,
            )
        )
    if last is not None and last == queries.checkpoint_of(old) and not _is_kept(old, witness.key.name):
        _cosign(witness, last, [], now)  # a visit that was cut short: what it signed then, it signs again
    if old == new.size:
        return False
    _cosign(witness, newest, queries.consistency(old, new.size) if old else [], now)
    return True


def _cosign(witness: Witness, note: str, proof: Sequence[bytes], now: datetime) -> None:
    checkpoint, line = identity.opened(note), witness.cosign(note, proof, now=now)
    open_cosignature(line, checkpoint, witness.key)
    _keep(checkpoint.size, witness.key.name, line, now)


def _is_kept(size: int, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_cosignature WHERE size = %s AND witness = %s", (size, name))
        return bool(cursor.fetchone()[0])


def _keep(size: int, name: str, line: str, now: datetime) -> None:
    at = entries.instant(now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(size), 0) FROM ledger_cosignature WHERE witness = %s", (name,))
        (before,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO ledger_cosignature (size, witness, before, line, at, seal) VALUES (%s, %s, %s, %s, %s, %s)",
            (size, name, before, line, at, seals.seal(seals.COSIGNATURE, size, name, before, at, line)),
        )
