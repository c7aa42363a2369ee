"""The key room: signing, sealing and keyed marks. Nobody else in the house touches a key.

    keys.sign("log", message)                    Ed25519, 64 bytes
    keys.seal("creditfile-secret", row, text)    AES-256-GCM under the purpose's own data key
    keys.mark("ledger-row", data)                HMAC-SHA256: content that could be guessed is never hashed plainly
    keys.seal_document(message)                  ECDSA P-256 by the platform's certified key, for signed PDF
    keys.pseudonym("bank-x-modelling", data)     HMAC-SM3 under a key of that recipient and purpose, renewable

A purpose is a short name of lower-case letters, digits and hyphens. `row` names the place the sealed text belongs to:
a sealed value copied to another row does not open.
"""

from collections.abc import Callable, Iterable, Sequence

from xinqiao.keys.errors import NotForProduction, Tampered, UnknownKey
from xinqiao.keys.provider import KeyProvider, provider

__all__ = [
    "KeyProvider",
    "NotForProduction",
    "Tampered",
    "UnknownKey",
    "certificates",
    "mark",
    "marker",
    "provider",
    "pseudonym",
    "pseudonym_generations",
    "public",
    "renew_data_key",
    "renew_pseudonyms",
    "seal",
    "seal_document",
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


def renew_data_key(purpose: str) -> int:
    """From now on texts of this purpose are sealed under a new key; the old ones still open. Its generation."""
    return provider().renew_data_key(purpose)


def seal_document(message: bytes) -> bytes:
    """ECDSA P-256 with SHA-256 over `message`, in DER, by the key the platform's certificate is for."""
    return provider().seal_document(message)


def certificates() -> Sequence[bytes]:
    """The platform's certificate and those above it, in DER, its own first."""
    return provider().certificates()


def pseudonym(purpose: str, data: bytes, generation: int | None = None) -> bytes:
    """HMAC-SM3 of `data`, 32 bytes, by the newest key of `purpose` or an earlier generation of it; the first is made
    when it is first used.

    Raises `UnknownKey` for a generation that was never there or was destroyed.
    """
    return provider().pseudonym(purpose, data, generation)


def pseudonym_generations(purpose: str) -> Sequence[int]:
    """Which generations of a purpose's pseudonym key there are, oldest first."""
    return provider().pseudonym_generations(purpose)


def renew_pseudonyms(purpose: str) -> int:
    """From now on whoever is named under this purpose gets another pseudonym. Returns the generation."""
    return provider().renew_pseudonyms(purpose)
