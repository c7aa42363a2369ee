"""The form of a file at rest: frames of 1 MiB and a head, all sealed.

    part   = length of the sealed text (4 bytes, big-endian) ‖ sealed text
    file   = head ‖ frame …
    head   = a part: 16 random bytes, the file's mark, sealed for `digest:head`
    frame  = a part: plain bytes, sealed for `mark:number:more|last`

The head ties the file to its name, the mark ties the frames to the head: files cannot be exchanged, nor frames moved,
dropped or cut off, without being found out. An empty file is one empty last frame.
"""

import io
import secrets
from collections.abc import Iterator
from typing import BinaryIO, Final

from xinqiao import keys
from xinqiao.kernel.sayings import Saying
from xinqiao.keys import Tampered

PURPOSE: Final = "store"
FRAME: Final = 1024 * 1024  # bytes of plain text: large enough to be fast, small enough to be held many times over
_MARK: Final = 16
_LENGTH: Final = 4
_SEALED_MAX: Final = FRAME + 256  # a longer part is damage, not a reason to read gigabytes


class Writer:
    """Writes one file whose digest is known only at its end: the head is put in last."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._mark = secrets.token_bytes(_MARK)
        self._keys = keys.provider()
        _put(out, self._keys.seal(PURPOSE, "", self._mark))  # keeps the room; a head is always equally long

    def write(self, chunks: Iterator[bytes]) -> None:
        """Seal chunks of `FRAME` bytes; the last may be shorter."""
        number, chunk = 0, next(chunks, b"")
        for following in chunks:
            self._frame(number, chunk, last=False)
            number, chunk = number + 1, following
        self._frame(number, chunk, last=True)

    def finish(self, digest: str) -> None:
        self._out.seek(0)
        _put(self._out, self._keys.seal(PURPOSE, f"{digest}:head", self._mark))

    def _frame(self, number: int, chunk: bytes, *, last: bool) -> None:
        _put(self._out, self._keys.seal(PURPOSE, _row(self._mark, number, last=last), chunk))


def read(digest: str, stored: BinaryIO) -> Iterator[bytes]:
    """The plain chunks, one at a time; raises `Tampered` where the file is not what was written."""
    provider = keys.provider()
    mark = provider.unseal(PURPOSE, f"{digest}:head", _take(stored))
    number, sealed, last = 0, _take(stored), False
    while not last:
        following = _take(stored)
        last = not following
        yield provider.unseal(PURPOSE, _row(mark, number, last=last), sealed)
        number, sealed = number + 1, following


class PlainStream(io.RawIOBase):
    """The plain content as a stream that is read once, from its start."""

    def __init__(self, digest: str, stored: BinaryIO) -> None:
        self._stored = stored
        self._chunks = read(digest, stored)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        self._stored.close()
        super().close()


def _row(mark: bytes, number: int, *, last: bool) -> str:
    return f"{mark.hex()}:{number}:{'last' if last else 'more'}"


def _put(out: BinaryIO, sealed: bytes) -> None:
    out.write(len(sealed).to_bytes(_LENGTH))
    out.write(sealed)


def _take(stored: BinaryIO) -> bytes:
    """The next sealed text, or nothing at the end."""
    head = stored.read(_LENGTH)
    length = int.from_bytes(head)
    if head and (len(head) < _LENGTH or not 0 < length <= _SEALED_MAX):
        raise Tampered(Saying("文件的分段已损坏。"))
    sealed = stored.read(length)
    if len(sealed) < length:
        raise Tampered(Saying("文件不完整。"))
    return sealed
