"""Everything that needs a key asks here; nobody else holds one.

`provider()` gives the process its provider. The software provider keeps keys in files and refuses to run in production;
an HSM or a signing server takes its place there behind the same five verbs.
"""

import functools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from xinqiao.keys.software import SoftwareKeys


class KeyProvider(Protocol):
    """What every provider can do. Names and purposes are fixed words of the code, never input."""

    def sign(self, name: str, message: bytes) -> bytes:
        """An Ed25519 signature, 64 bytes."""

    def public(self, name: str) -> bytes:
        """The public key of `name`, 32 bytes."""

    def seal(self, purpose: str, row: str, plaintext: bytes) -> bytes:
        """Encrypt for one row of one purpose; opened under another row or purpose it is refused."""

    def unseal(self, purpose: str, row: str, sealed: bytes) -> bytes:
        """What was sealed, whichever generation of key it was sealed under. Raises `Tampered`."""

    def seal_many(self, purpose: str, rows: Iterable[tuple[str, bytes]]) -> list[bytes]:
        """`seal` for a whole chunk, with the key looked up once."""

    def mark(self, purpose: str, data: bytes) -> bytes:
        """A keyed 32-byte mark: equal for equal data, and of no use to whoever guesses without the key."""


@functools.cache
def provider() -> KeyProvider:
    """The process's provider, made on first use."""
    return SoftwareKeys(Path(os.environ["XINQIAO_HOME"]) / "keys", mode=os.environ.get("XINQIAO_MODE", "sample"))
