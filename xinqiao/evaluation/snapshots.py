"""Snapshots: all that evaluation may read of the whole city as it was known at a place in the log, and never changes.

Cut from the database once, read as often as anybody likes without its load, gone after a term: what was erased from the
credit file meanwhile stays readable here no longer than that. The hash of each one's manifest is in the log.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.evaluation import depots, manifests, readable, writing
from xinqiao.evaluation.errors import PositionUnknown, SnapshotAltered, SnapshotNotKept
from xinqiao.evaluation.manifests import Manifest
from xinqiao.evaluation.models import Snapshot
from xinqiao.intake import queries as intake
from xinqiao.kernel.ids import EventId, Position
from xinqiao.ledger import locks, log
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of

KEPT_DAYS: Final = 14  # a fortnight of nights; at half a gigabyte each for twenty million facts
LOCK: Final = "evaluation:snapshot"


@dataclass(frozen=True, slots=True)
class Opened:
    """A snapshot whose files were found as the log has them; `address` is where other machines read it."""

    id: int
    manifest: Manifest
    folder: Path
    address: str

    def path(self, table: str) -> Path | None:
        """The file of a table; None where the snapshot has no row of it."""
        part = self.manifest.part(table)
        return None if part is None else self.folder / part.file


def cut(*, now: datetime, at: Position | None = None) -> int:
    """A snapshot at a place in the log (now's last one); the one there is, where it is kept still. Returns its id.

    Killed on the way it leaves nothing that anybody would take. Raises `PositionUnknown` for a place the log has not.
    """
    last = ledger.latest_position()
    position = last if at is None else at
    if not 0 <= position <= last:
        raise PositionUnknown(position, last)
    with locks.held(LOCK, wait=True):
        found = _kept(position)
        return found.pk if found is not None else _cut(position, now)


@contextmanager
def opened(number: int) -> Iterator[Opened]:
    """The snapshot as a folder of this machine, every file compared with the manifest, and that with the log's hash.

    Raises `SnapshotNotKept`, `SnapshotAltered`.
    """
    row = Snapshot.objects.get(pk=number)
    if row.removed_at is not None:
        raise SnapshotNotKept(row.position)
    depot = depots.depot()
    with depot.lent(row.name) as folder:
        yield Opened(row.pk, _proven(row, folder), folder, depot.address(row.name))


def kept_at(position: Position) -> int:
    """The snapshot kept of that place in the log. Raises `SnapshotNotKept`."""
    row = _kept(position)
    if row is None:
        raise SnapshotNotKept(position)
    return row.pk


def remove_old(*, now: datetime) -> int:
    """Remove those past their term; returns how many."""
    past = Snapshot.objects.filter(removed_at=None, cut_at__lt=now - timedelta(days=KEPT_DAYS)).order_by("pk")
    with locks.held(LOCK, wait=True):
        return sum(1 for row in list(past) if _remove(row, now))


def _kept(position: Position) -> Snapshot | None:
    return Snapshot.objects.filter(position=position, removed_at=None).order_by("-pk").first()


def _cut(position: Position, now: datetime) -> int:
    name = f"at-{position}-{token_hex(4)}"
    with depots.draft() as draft:
        manifest = Manifest(
            city=catalogue.city().file.code,
            position=position,
            items=tuple(readable.items(catalogue.city())),
            delivered=tuple(sorted(intake.items_delivered(position))),
            parts=tuple(writing.write(draft, catalogue.city(), position)),
        )
        text = manifest.text()
        (draft / manifests.FILE).write_text(text, encoding="utf-8")
        depots.depot().publish(draft, name)
    return _note(manifest, name, manifests.digest(text), now)


@transaction.atomic
def _note(manifest: Manifest, name: str, digest: str, now: datetime) -> int:
    row = Snapshot.objects.create(
        position=manifest.position,
        name=name,
        manifest_sha256=digest,
        facts=manifest.facts,
        subjects=manifest.subjects,
        cut_at=now,
    )
    _say(Kind.SNAPSHOT_CUT, row, now, {"facts": row.facts, "subjects": row.subjects, "manifest": digest})
    return row.pk


def _remove(row: Snapshot, now: datetime) -> bool:
    """Written down first: a removal that is interrupted is finished by the next, and nobody reads it meanwhile."""
    with transaction.atomic():
        row.removed_at = now
        row.save(update_fields=["removed_at"])
        _say(Kind.SNAPSHOT_REMOVED, row, now, {})
    depots.depot().remove(row.name)
    return True


def _say(kind: Kind, row: Snapshot, now: datetime, more: dict[str, Any]) -> EventId:
    about = {"snapshot": row.pk, "known_at": row.position} | more
    return log.append(kind, now=now, about=about, rows=[state_of(row)])


def _proven(row: Snapshot, folder: Path) -> Manifest:
    try:
        text = (folder / manifests.FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SnapshotNotKept(row.position) from None
    if manifests.digest(text) != row.manifest_sha256:
        raise SnapshotAltered(row.position, manifests.FILE)
    manifest = manifests.parse(text)
    for part in manifest.parts:
        if not writing.is_as_written(folder, part):
            raise SnapshotAltered(row.position, part.file)
    return manifest
