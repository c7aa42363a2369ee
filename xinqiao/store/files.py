"""Keeping files by their content."""

import contextlib
import fcntl
import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from xinqiao import home
from xinqiao.kernel.sayings import Saying
from xinqiao.store import frames
from xinqiao.store.clearing import naming
from xinqiao.store.errors import NotKept

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stored:
    """`digest` is the SHA-256 of the plain content in lower-case hex, `size` its bytes."""

    digest: str
    size: int


def put(source: Path | BinaryIO) -> Stored:
    """Keep the file, or the rest of the stream, in constant memory. It is on the disk when this returns.

    The same content twice is one file. A process that dies on the way leaves a draft, never a half file.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return put(stream)
    draft = _folder("drafts") / secrets.token_hex(16)
    with naming():
        try:
            with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as out:
                stored = _seal(source, out)
            target = _place(stored.digest)
            _folder(target.parent.name)
            draft.replace(target)
            _sync(target.parent)
        finally:
            draft.unlink(missing_ok=True)
    return stored


def put_bytes(content: bytes) -> Stored:
    """`put` for what is in memory already."""
    return put(io.BytesIO(content))


def open_(digest: str) -> BinaryIO:
    """The plain content, as a stream to be closed. Raises `NotKept`; reading raises `Tampered` where it was altered."""
    try:
        stored = _place(digest).open("rb")
    except FileNotFoundError:
        raise NotKept(Saying("没有保存摘要为 {digest} 的文件。", digest=digest)) from None
    return io.BufferedReader(frames.PlainStream(digest, stored), frames.FRAME)


def read_bytes(digest: str) -> bytes:
    """The whole plain content in memory; for small files."""
    with open_(digest) as stream:
        return stream.read()


@contextlib.contextmanager
def borrow(digest: str, *, suffix: str = "") -> Iterator[Path]:
    """A plain file only we can read, for the length of a block. One left by a process that died goes with the next."""
    _clear_abandoned()
    with open_(digest) as stream, _private_file(suffix) as path:
        with path.open("wb") as out:
            while chunk := stream.read(frames.FRAME):
                out.write(chunk)
        yield path


def exists(digest: str) -> bool:
    return _place(digest).exists()


def _seal(source: BinaryIO, out: BinaryIO) -> Stored:
    hashed, size = hashlib.sha256(), 0

    def chunks() -> Iterator[bytes]:
        nonlocal size
        while chunk := _read_full(source):
            hashed.update(chunk)
            size += len(chunk)
            yield chunk

    writer = frames.Writer(out)
    writer.write(chunks())
    writer.finish(hashed.hexdigest())
    out.flush()
    os.fsync(out.fileno())
    return Stored(hashed.hexdigest(), size)


def _read_full(source: BinaryIO) -> bytes:
    """A whole frame, however little a pipe or an upload gives at a time; less only at the end."""
    parts, wanted = [], frames.FRAME
    while wanted and (part := source.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


@contextlib.contextmanager
def _private_file(suffix: str) -> Iterator[Path]:
    """A named file, locked as long as we live, so that others can tell it from an abandoned one."""
    while True:
        path = _folder("borrowed") / f"{secrets.token_hex(16)}{suffix}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if path.exists():  # else it was cleared away between these two lines
            break
        os.close(handle)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _clear_abandoned() -> None:
    for path in _folder("borrowed").iterdir():
        with contextlib.suppress(FileNotFoundError), path.open("rb") as handle, contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _place(digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        raise NotKept(Saying("这不是文件的摘要。"))
    return home.home() / "store" / digest[:2] / digest[2:]


def _folder(name: str) -> Path:
    folder = home.make_home() / "store" / name
    if not folder.is_dir():
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)
    return folder


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
