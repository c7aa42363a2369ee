"""The key room: signing, sealing and keyed marks. Nobody else in the house touches a key.

    keys.sign("log", message)                    Ed25519, 64 bytes
    keys.seal("creditfile-secret", row, text)    AES-256-GCM under the purpose's own data key
    keys.mark("ledger-row", data)                HMAC-SHA256: content that could be guessed is never hashed plainly

A purpose is a short name of lower-case letters, digits and hyphens. `row` names the place the sealed text belongs to:
a sealed value copied to another row does not open.
"""

from collections.abc import Callable, Iterable

from xinqiao.keys.errors import NotForProduction, Tampered, UnknownKey
from xinqiao.keys.provider import KeyProvider, provider

__all__ = [
    "KeyProvider",
    "NotForProduction",
    "Tampered",
    "UnknownKey",
    "mark",
    "marker",
    "provider",
    "public",
    "seal",
    "seal_many",
    "sign",
    "unseal",
]


def sign(name: str, message: bytes) -> bytes:
    """Ed25519 over `message` by the signing key of that name: 64 bytes."""
    return provider().sign(name, message)


def public(name: str) -> bytes:
    """The raw 32-byte public key of a signing key."""
    return provider().public(name)


def seal(purpose: str, row: str, plaintext: bytes) -> bytes:
    """Sealed text, about 33 bytes longer, that opens only for the same purpose and row."""
    return provider().seal(purpose, row, plaintext)


def seal_many(purpose: str, rows: Iterable[tuple[str, bytes]]) -> list[bytes]:
    """`seal` for (row, plaintext) pairs, in their order."""
    return provider().seal_many(purpose, rows)


def unseal(purpose: str, row: str, sealed: bytes) -> bytes:
    """The plain text; raises `Tampered` when it was altered or belongs elsewhere."""
    return provider().unseal(purpose, row, sealed)


def mark(purpose: str, data: bytes) -> bytes:
    """A keyed 32-byte mark: the same data gives the same mark here, and nobody without the key can guess back."""
    return provider().mark(purpose, data)


def marker(purpose: str) -> Callable[[bytes], bytes]:
    """`mark` for one purpose, for whoever marks thousands in a row: the key is looked up once."""
    return provider().marker(purpose)
