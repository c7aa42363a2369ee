"""The stand-in for a key service: real cryptography, keys in files beside the data. For trying only.

Sealed text is `01 ‖ generation (4 bytes) ‖ nonce (12) ‖ AES-256-GCM ciphertext and tag`, with `purpose:row` as the
additional data. Nonces are random, so one generation should seal no more than 2³² texts (NIST SP 800-38D §8.3).
"""

import hmac
import os
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from cryptography.hazmat.primitives.hmac import HMAC

from xinqiao.kernel.sayings import Saying
from xinqiao.keys import issuing
from xinqiao.keys.errors import Tampered, UnknownKey
from xinqiao.keys.vault import Key, Vault

_FORM: Final = b"\x01"
_HEAD: Final = 1 + 4
_NONCE: Final = 12
_SHORTEST: Final = _HEAD + _NONCE + 16
# A running process notices that another one renewed a data key after this many seconds.
_RENEWAL_NOTICED: Final = 30.0
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # FIPS 186-5, SEC 2 §2.4.2

DATA, SIGNING, MARKS, SECRETS, SEALS, PSEUDONYMS = "data", "signing", "marks", "secrets", "seals", "pseudonyms"
SEAL, ROOT = "documents", "sample-root"


class _Current(NamedTuple):
    cipher: AESGCM
    head: bytes
    until: float


class SoftwareKeys:
    """A `KeyProvider` over a `Vault`. Keys are read once per process."""

    stand_in = (
        "密钥保存在本机文件中（软件密钥），只供试用，生产环境会拒绝启动。 · "
        "Keys lie in files on this machine: for trying only, production refuses them."
    )

    def __init__(self, folder: Path) -> None:
        self.vault = Vault(folder)
        self._current: dict[str, _Current] = {}
        self._signing = lru_cache(self._load_signing)
        self._marking = lru_cache(self._load_marking)
        self._cipher = lru_cache(self._load_cipher)
        self._pseudonym = lru_cache(self._load_pseudonym)
        self.secret = lru_cache(self._load_secret)

    def sign(self, name: str, message: bytes) -> bytes:
        return self._signing(name).sign(message)

    def public(self, name: str) -> bytes:
        return self._signing(name).public_key().public_bytes_raw()

    def seal(self, purpose: str, row: str, plaintext: bytes) -> bytes:
        key = self._sealing(purpose)
        nonce = os.urandom(_NONCE)
        return key.head + nonce + key.cipher.encrypt(nonce, plaintext, f"{purpose}:{row}".encode())

    def seal_many(self, purpose: str, rows: Iterable[tuple[str, bytes]]) -> list[bytes]:
        return [self.seal(purpose, row, plaintext) for row, plaintext in rows]

    def unseal(self, purpose: str, row: str, sealed: bytes) -> bytes:
        cipher = self._cipher(purpose, generation_of(sealed))
        nonce = sealed[_HEAD : _HEAD + _NONCE]
        try:
            return cipher.decrypt(nonce, sealed[_HEAD + _NONCE :], f"{purpose}:{row}".encode())
        except InvalidTag:
            raise Tampered(Saying("内容已被改动，或不属于这一行。")) from None

    def mark(self, purpose: str, data: bytes) -> bytes:
        return self.marker(purpose)(data)

    def marker(self, purpose: str) -> Callable[[bytes], bytes]:
        key = self._marking(purpose)
        return lambda data: hmac.digest(key, data, "sha256")

    def seal_document(self, message: bytes) -> bytes:
        return self._sealing_key(SEAL).sign(message, ECDSA(SHA256()))

    def certificates(self) -> Sequence[bytes]:
        def made() -> bytes:
            return issuing.sample_chain(self._sealing_key(ROOT), self._sealing_key(SEAL).public_key())

        return issuing.as_der(self.vault.kept("documents.pem", made))

    def pseudonym(self, purpose: str, data: bytes, generation: int | None = None) -> bytes:
        keyed = HMAC(self._pseudonym_key(purpose, generation), SM3())
        keyed.update(data)
        return keyed.finalize()

    def pseudonym_generations(self, purpose: str) -> Sequence[int]:
        return self.vault.generations(PSEUDONYMS, purpose)

    def renew_pseudonyms(self, purpose: str) -> int:
        return self.vault.renew(PSEUDONYMS, purpose)

    def _load_secret(self, name: str) -> bytes:
        """32 random bytes that stay the same for this installation, for a framework that wants a secret of its own."""
        return self.vault.newest(SECRETS, name).material

    def renew_data_key(self, purpose: str) -> int:
        """From now on seal under a new key; what older generations sealed still opens. Returns the generation."""
        generation = self.vault.renew(DATA, purpose)
        self._current.pop(purpose, None)
        return generation

    def destroy_data_key(self, purpose: str, generation: int) -> None:
        """Forget a generation whose rows were all sealed anew, or that must never be opened again."""
        self.vault.destroy(DATA, purpose, generation)
        self._cipher.cache_clear()

    def renew_master_key(self) -> int:
        """Wrap every key under a new master key; no row is touched. Returns the master's generation."""
        return self.vault.renew_master()

    def _sealing(self, purpose: str) -> _Current:
        key = self._current.get(purpose)
        if key is None or key.until < time.monotonic():
            newest = self.vault.newest(DATA, purpose)
            head = _FORM + newest.generation.to_bytes(4)
            key = _Current(AESGCM(newest.material), head, time.monotonic() + _RENEWAL_NOTICED)
            self._current[purpose] = key
        return key

    def _load_cipher(self, purpose: str, generation: int) -> AESGCM:
        try:
            return AESGCM(self.vault.get(DATA, purpose, generation).material)
        except UnknownKey:
            raise Tampered(
                Saying(
                    "密封所用的密钥（{purpose} 第 {generation} 代）已不存在。", purpose=purpose, generation=generation
                )
            ) from None

    def _load_signing(self, name: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.vault.newest(SIGNING, name).material)

    def _sealing_key(self, name: str) -> EllipticCurvePrivateKey:
        """A P-256 key from 32 random bytes (the order is so near 2²⁵⁶ that the bias is under 2⁻³²)."""
        number = int.from_bytes(self.vault.newest(SEALS, name).material)
        return derive_private_key(number % (_P256_ORDER - 1) + 1, SECP256R1())

    def _pseudonym_key(self, purpose: str, generation: int | None) -> bytes:
        if generation is None:
            return self.vault.newest(PSEUDONYMS, purpose).material
        return self._pseudonym(purpose, generation)

    def _load_pseudonym(self, purpose: str, generation: int) -> bytes:
        if generation == 1:
            self.vault.newest(PSEUDONYMS, purpose)  # made on first use
        return self.vault.get(PSEUDONYMS, purpose, generation).material

    def _load_marking(self, purpose: str) -> bytes:
        """Always the first generation: a mark made under another key would no longer match those kept."""
        first: Key = self.vault.newest(MARKS, purpose)
        return first.material


def generation_of(sealed: bytes) -> int:
    """Which generation of its purpose's data key sealed this text; raises `Tampered` when it is no sealed text."""
    if len(sealed) < _SHORTEST or not sealed.startswith(_FORM):
        raise Tampered(Saying("这不是密封内容。"))
    return int.from_bytes(sealed[1:_HEAD])
