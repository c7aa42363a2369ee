"""The software key store: one master key, and every other key wrapped by it, as small files only the owner can read.

    keys/master/0001.key              32 bytes: wraps the others, never used on data (KEK)
    keys/<kind>/<name>/0001.json      a key wrapped by a master generation

A file appears whole or not at all and is never changed except by rewrapping. Writers take one lock; readers need none.
"""

import contextlib
import fcntl
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xinqiao.kernel.sayings import Saying
from xinqiao.keys.errors import KeysExposed, UnknownKey

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,62}")
_NONCE: Final = 12  # bytes; the size GCM is specified for (NIST SP 800-38D §5.2.1.1)
_KEY: Final = 32
# A reader may meet a file whose master key was retired between two looks; the second look finds it rewrapped.
_LOOKS: Final = 3


class Key(NamedTuple):
    generation: int
    material: bytes


class Vault:
    """The wrapped keys below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            raise KeysExposed(
                Saying(
                    "密钥目录 {folder} 可以被其他用户读取。请先收回权限（chmod 700），并考虑更换密钥。",
                    folder=str(folder),
                )
            )

    def newest(self, kind: str, name: str) -> Key:
        """The key to use now; made on first use."""
        if not (generations := self.generations(kind, name)):
            with self._writing():
                generations = self.generations(kind, name) or [self._make(kind, name, 1)]
        return self.get(kind, name, generations[-1])

    def get(self, kind: str, name: str, generation: int) -> Key:
        """One generation of a key; raises `UnknownKey`."""
        for look in range(1, _LOOKS + 1):
            try:
                return Key(generation, self._open(kind, name, generation))
            except (FileNotFoundError, InvalidTag) as absent:
                if look == _LOOKS:
                    raise UnknownKey(
                        Saying(
                            "密钥 {kind}/{name} 第 {generation} 代不存在或无法解开。",
                            kind=kind,
                            name=name,
                            generation=generation,
                        )
                    ) from absent
        raise AssertionError

    def generations(self, kind: str, name: str) -> list[int]:
        """Which generations are here, oldest first."""
        if not _NAME.fullmatch(name):
            raise UnknownKey(Saying("“{name}”不是密钥名称：只能用小写字母、数字和连字符。", name=name))
        return _numbers(self.folder / kind / name, ".json")

    def renew(self, kind: str, name: str) -> int:
        """Add a generation; the older ones stay readable. Returns its number."""
        with self._writing():
            return self._make(kind, name, max(self.generations(kind, name), default=0) + 1)

    def destroy(self, kind: str, name: str, generation: int) -> None:
        """Forget an older generation for good: what it sealed can never be opened again."""
        with self._writing():
            if generation not in self.generations(kind, name)[:-1]:
                raise UnknownKey(
                    Saying(
                        "只能销毁 {kind}/{name} 已被更新取代的旧密钥；第 {generation} 代不是。",
                        kind=kind,
                        name=name,
                        generation=generation,
                    )
                )
            self._file(kind, name, generation).unlink(missing_ok=True)
            _sync(self._file(kind, name, generation).parent)

    def kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """A public file beside the keys, made once: two processes that start at once share the first one's."""
        file = self.folder / "public" / name
        if not file.exists():
            made = make()
            with self._writing():
                if not file.exists():
                    _write(file, made)
        return file.read_bytes()

    def renew_master(self) -> int:
        """A new master key: every key is wrapped anew, then the old master forgotten. May be repeated after a crash."""
        with self._writing():
            new = self._make_master()
            for file in sorted(self.folder.glob("*/*/*.json")):
                kind, name, generation = file.parts[-3], file.parts[-2], int(file.stem)
                self._wrap(kind, name, generation, self._open(kind, name, generation), master=new)
            for old in _numbers(self.folder / "master", ".key")[:-1]:
                (self.folder / "master" / f"{old:04}.key").unlink()
            _sync(self.folder / "master")
            return new

    def _make(self, kind: str, name: str, generation: int) -> int:
        masters = _numbers(self.folder / "master", ".key")
        if not masters and any(self.folder.glob("*/*/*.json")):
            raise UnknownKey(
                Saying(
                    "{folder}/master 中没有主密钥，已有的密钥无法解开；请从备份恢复，不会另造一把。",
                    folder=str(self.folder),
                )
            )
        self._wrap(kind, name, generation, secrets.token_bytes(_KEY), master=(masters or [self._make_master()])[-1])
        return generation

    def _make_master(self) -> int:
        number = max(_numbers(self.folder / "master", ".key"), default=0) + 1
        _write(self.folder / "master" / f"{number:04}.key", secrets.token_bytes(_KEY))
        return number

    def _wrap(self, kind: str, name: str, generation: int, material: bytes, *, master: int) -> None:
        nonce = os.urandom(_NONCE)
        wrapped = self._master(master).encrypt(nonce, material, _place(kind, name, generation))
        text = json.dumps({"master": master, "nonce": nonce.hex(), "wrapped": wrapped.hex()})
        _write(self._file(kind, name, generation), text.encode())

    def _open(self, kind: str, name: str, generation: int) -> bytes:
        kept = json.loads(self._file(kind, name, generation).read_bytes())
        nonce, wrapped = bytes.fromhex(kept["nonce"]), bytes.fromhex(kept["wrapped"])
        return self._master(kept["master"]).decrypt(nonce, wrapped, _place(kind, name, generation))

    def _master(self, number: int) -> AESGCM:
        return AESGCM((self.folder / "master" / f"{number:04}.key").read_bytes())

    def _file(self, kind: str, name: str, generation: int) -> Path:
        return self.folder / kind / name / f"{generation:04}.json"

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time, among all processes; the kernel lets go when a process dies."""
        with os.fdopen(os.open(self.folder / "lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _place(kind: str, name: str, generation: int) -> bytes:
    return f"{kind}/{name}/{generation}".encode()


def _numbers(folder: Path, suffix: str) -> list[int]:
    return sorted(int(file.stem) for file in folder.glob(f"[0-9]*{suffix}"))


def _write(file: Path, content: bytes) -> None:
    """The whole file or none of it, on the disk when this returns, readable by the owner alone."""
    for folder in (file.parent.parent, file.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    draft = file.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
