"""见证: somebody outside who keeps checkpoints and signs that the log has only grown.

With one, a database set back to yesterday is found, and so are two logs shown to two people. A second city, the
province or a chain is another class with these verbs; the one here keeps its file wherever it is told to, best on
another machine.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.errors import NotGrown
from xinqiao_verify import merkle
from xinqiao_verify.notes import COSIGNATURE, Checkpoint, Key, cosignature_line, cosigned, open_checkpoint, open_note


class Witness(Protocol):
    """Whoever keeps the last checkpoint it has seen of a log and cosigns a later one (C2SP tlog-witness)."""

    @property
    def key(self) -> Key:
        """The key it cosigns with, under its name."""

    def last(self) -> str | None:
        """The newest checkpoint it has cosigned, as the log signed it; None before the first."""

    def cosign(self, note: str, proof: Sequence[bytes], *, now: datetime) -> str:
        """Its cosignature line under a later checkpoint; `proof` leads there from `last`. Raises `NotGrown`."""


class FileWitness:
    """A witness that is a folder: its key, and the newest checkpoint it has seen. Only its owner can read it."""

    _KEY: Final = "key"
    _SEEN: Final = "checkpoint"

    def __init__(self, name: str, folder: Path, log: Key) -> None:
        self._name, self._folder, self._log = name, folder, log

    @property
    def key(self) -> Key:
        return Key(self._name, self._signing().public_key().public_bytes_raw(), COSIGNATURE)

    def last(self) -> str | None:
        """Raises `NotTrusted` when the file holds something the log never signed."""
        seen = self._folder / self._SEEN
        if not seen.exists():
            return None
        note = seen.read_text(encoding="utf-8")
        open_note(note, self._log)
        return note

    def cosign(self, note: str, proof: Sequence[bytes], *, now: datetime) -> str:
        new, time = open_checkpoint(note, self._log), int(now.timestamp())
        line = cosignature_line(self.key, time, self._signing().sign(cosigned(time, new)))
        with self._alone():
            self._grown(new, proof)
            _write(self._folder / self._SEEN, note.encode())  # kept before it is given: never two words on one size
        return line

    def _grown(self, new: Checkpoint, proof: Sequence[bytes]) -> None:
        if (last := self.last()) is None:
            return
        old = open_checkpoint(last, self._log)
        if not merkle.grown(old.size, new.size, proof, old.root, new.root):
            raise NotGrown(
                Saying(
                    "见证方 {name} 见过 {seen} 条的日志，它不是现在这 {size} 条日志的开头。",
                    name=self._name,
                    seen=old.size,
                    size=new.size,
                )
            )

    def _signing(self) -> Ed25519PrivateKey:
        file = self._folder / self._KEY
        if not file.exists():
            with self._alone():
                if not file.exists():
                    _write(file, os.urandom(32))
        return Ed25519PrivateKey.from_private_bytes(file.read_bytes())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time; the kernel lets go when a process dies."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _write(file: Path, content: bytes) -> None:
    """The whole file or none of it, on the disk when this returns, readable by the owner alone."""
    draft = file.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
