"""Keys in files, for the sample profile: a master key wraps one data key per purpose; signing keys stand beside it.

Envelope: changing the master key re-wraps the data keys and touches no row; a new data key is used from then on while
the older ones go on opening what they sealed.
"""

import base64
import fcntl
import hmac
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xinqiao.keys.errors import NotForProduction, Tampered

NONCE: Final = 12
GENERATION: Final = 2  # bytes before the nonce: which data key of the purpose
log = logging.getLogger("xinqiao.keys")


class SoftwareKeys:
    """A folder of 0600 files. Safe to be opened by several processes at once; makes what is missing."""

    def __init__(self, folder: Path, *, mode: str) -> None:
        if mode == "production":
            raise NotForProduction("软件密钥库只供样例环境使用；生产环境请接入密码机或签名验签服务")
        log.warning("sample key store in use: keys are files in %s", folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._signers: dict[str, Ed25519PrivateKey] = {}
        self._data: dict[str, list[AESGCM]] = {}
        self._marks: dict[str, bytes] = {}

    def sign(self, name: str, message: bytes) -> bytes:
        return self._signer(name).sign(message)

    def public(self, name: str) -> bytes:
        return self._signer(name).public_key().public_bytes_raw()

    def seal(self, purpose: str, row: str, plaintext: bytes) -> bytes:
        return self.seal_many(purpose, [(row, plaintext)])[0]

    def seal_many(self, purpose: str, rows: Iterable[tuple[str, bytes]]) -> list[bytes]:
        keys = self._data_keys(purpose)
        newest, generation = keys[-1], (len(keys) - 1).to_bytes(GENERATION, "big")
        sealed = []
        for row, plaintext in rows:
            nonce = os.urandom(NONCE)
            sealed.append(generation + nonce + newest.encrypt(nonce, plaintext, f"{purpose}:{row}".encode()))
        return sealed

    def unseal(self, purpose: str, row: str, sealed: bytes) -> bytes:
        generation, nonce = int.from_bytes(sealed[:GENERATION], "big"), sealed[GENERATION : GENERATION + NONCE]
        keys = self._data_keys(purpose)
        if generation >= len(keys):  # another process has turned the key since we read it
            self._data.pop(purpose)
            keys = self._data_keys(purpose)
        try:
            return keys[generation].decrypt(nonce, sealed[GENERATION + NONCE :], f"{purpose}:{row}".encode())
        except (InvalidTag, IndexError, ValueError) as error:
            raise Tampered(f"{purpose} {row}：内容被改动，或不属于这一行") from error

    def mark(self, purpose: str, data: bytes) -> bytes:
        if purpose not in self._marks:
            self._marks[purpose] = hmac.digest(self._secret("mark"), purpose.encode(), sha256)
        return hmac.digest(self._marks[purpose], data, sha256)

    def renew_data_key(self, purpose: str) -> int:
        """From now on seal `purpose` under a new key; returns its generation."""
        with self._locked():
            wrapped = [*self._wrapped(purpose), self._wrap(purpose, os.urandom(32))]
            self._write(self._data_file(purpose), json.dumps(wrapped).encode())
        self._data.pop(purpose, None)
        return len(wrapped) - 1

    def renew_master_key(self) -> None:
        """Wrap every data key under a new master key; rows stay as they are."""
        with self._locked():
            plain = {file: self._unwrapped(file) for file in sorted(self.folder.glob("data-*.json"))}
            self._write(self.folder / "master.next", os.urandom(32))
            new = AESGCM((self.folder / "master.next").read_bytes())
            for file, keys in plain.items():
                purpose = file.stem.removeprefix("data-")
                self._write(file.with_suffix(".next"), json.dumps([self._wrap(purpose, k, new) for k in keys]).encode())
            for file in plain:
                file.with_suffix(".next").replace(file)
            (self.folder / "master.next").replace(self.folder / "master")

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _signer(self, name: str) -> Ed25519PrivateKey:
        if name not in self._signers:
            self._signers[name] = Ed25519PrivateKey.from_private_bytes(self._secret(f"sign-{name}"))
        return self._signers[name]

    def _data_keys(self, purpose: str) -> list[AESGCM]:
        if purpose not in self._data:
            file = self._data_file(purpose)
            if not file.exists():
                self._make(file, lambda: json.dumps([self._wrap(purpose, os.urandom(32))]).encode())
            self._data[purpose] = [AESGCM(key) for key in self._unwrapped(file)]
        return self._data[purpose]

    def _data_file(self, purpose: str) -> Path:
        return self.folder / f"data-{purpose}.json"

    def _wrapped(self, purpose: str) -> list[str]:
        file = self._data_file(purpose)
        return list(json.loads(file.read_bytes())) if file.exists() else []

    def _unwrapped(self, file: Path) -> list[bytes]:
        purpose, master = file.stem.removeprefix("data-"), self._master()
        bodies = [base64.b64decode(w) for w in json.loads(file.read_bytes())]
        return [master.decrypt(b[:NONCE], b[NONCE:], purpose.encode()) for b in bodies]

    def _wrap(self, purpose: str, key: bytes, master: AESGCM | None = None) -> str:
        nonce = os.urandom(NONCE)
        return base64.b64encode(nonce + (master or self._master()).encrypt(nonce, key, purpose.encode())).decode()

    def _master(self) -> AESGCM:
        return AESGCM(self._secret("master"))

    def _secret(self, name: str) -> bytes:
        file = self.folder / name
        if not file.exists():
            self._make(file, lambda: os.urandom(32))
        return file.read_bytes()

    def _make(self, file: Path, content: Callable[[], bytes]) -> None:
        with self._locked():
            if not file.exists():  # somebody else may have been first
                self._write(file, content())

    def _write(self, file: Path, content: bytes) -> None:
        """Whole or not at all, and on the disk before anything is sealed with it."""
        half = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, content)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        half.replace(file)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time; re-entered by the holder."""
        if getattr(self, "_held", False):
            yield
            return
        with (self.folder / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            self._held = True
            try:
                yield
            finally:
                self._held = False

