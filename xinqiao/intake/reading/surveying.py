"""The first pass over a delivered text: its encoding, its lines, and whatever makes it no text at all.

Every refusal of a whole file happens here, before a row is looked at.
"""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from xinqiao.intake.errors import BrokenEncoding, LineTooLong, NulByte
from xinqiao.intake.reading import limits

# Longest first: the mark of UTF-32 begins with that of UTF-16.
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A file as UTF-8: the file itself, or its transcription. `start` skips the byte order mark."""

    path: Path
    start: int
    encoding: str
    lines: int


class _Bad(Exception):
    """A byte that does not belong, at this offset after the mark."""

    def __init__(self, offset: int) -> None:
        self.offset = offset


def survey(path: Path, workspace: Path) -> Text:
    """Read the file once and say how to read it again; text that is not UTF-8 is transcribed into `workspace`.

    A byte order mark is believed; without one UTF-8 is tried strictly, then GB18030 strictly. Raises `BrokenEncoding`
    (naming the first bad byte of whichever encoding came further), `NulByte` and `LineTooLong`.
    """
    mark, encoding = _mark(path)
    if encoding == "utf-8" or mark == b"":
        try:
            return Text(path, len(mark), "utf-8", _lines(_utf8(path, len(mark))))
        except _Bad as bad:
            if mark:
                raise _broken(path, bad.offset + len(mark), encoding) from None
            return _transcribed(path, workspace, b"", "gb18030", at_least=bad.offset)
    return _transcribed(path, workspace, mark, encoding, at_least=0)


def _mark(path: Path) -> tuple[bytes, str]:
    with path.open("rb") as file:
        head = file.read(4)
    return next(((mark, encoding) for mark, encoding in MARKS if head.startswith(mark)), (b"", ""))


def _utf8(path: Path, start: int) -> Iterator[bytes]:
    """The file's blocks, each ending at a line's end, each proven to be UTF-8."""
    offset = 0
    with path.open("rb") as file:
        file.seek(start)
        for block in whole_lines(file):
            try:
                pl.Series([block]).cast(pl.String)  # the fastest strict decoder at hand: 5 GB a second
            except pl.exceptions.ComputeError:
                raise _Bad(offset + _first_bad(block, "utf-8")) from None
            offset += len(block)
            yield block


def _transcribed(path: Path, workspace: Path, mark: bytes, encoding: str, *, at_least: int) -> Text:
    target = workspace / "text.utf8"
    with target.open("wb") as out:
        try:
            lines = _lines(_written(block, out) for block in _decoded(path, len(mark), encoding))
        except _Bad as bad:
            raise _broken(path, len(mark) + max(bad.offset, at_least), encoding if mark else "") from None
    return Text(target, 0, encoding, lines)


def _written(block: bytes, out: BinaryIO) -> bytes:
    out.write(block)
    return block


def _decoded(path: Path, start: int, encoding: str) -> Iterator[bytes]:
    """The file's text as UTF-8 blocks that end at a line's end."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0

    def read(size: int) -> bytes:
        nonlocal offset
        raw = file.read(size)
        before = decoder.getstate()[0]
        try:
            text = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            raise _Bad(offset - len(before) + error.start) from None
        offset += len(raw)
        # a short read is the end for `whole_lines`, so an empty decoding of a non-empty read must not look like one
        return text.encode() if text or not raw else read(size)

    with path.open("rb") as file:
        file.seek(start)
        yield from whole_lines(read)


def whole_lines(source: BinaryIO | Callable[[int], bytes]) -> Iterator[bytes]:
    """Blocks that end after a newline (the last one maybe not); raises `LineTooLong` and `NulByte` with the line."""
    read = source if callable(source) else source.read
    rest, before = b"", 0
    while piece := read(limits.BLOCK):
        block = rest + piece
        cut = block.rfind(b"\n") + 1
        block, rest = block[:cut], block[cut:]
        _refuse_poison(block, rest, before)
        before += block.count(b"\n")
        if block:
            yield block
    if rest:
        yield rest


def _refuse_poison(block: bytes, rest: bytes, before: int) -> None:
    for part in (block, rest):
        if (nul := part.find(b"\0")) >= 0:
            raise NulByte(before + (block.count(b"\n") if part is rest else 0) + part.count(b"\n", 0, nul) + 1)
    start = 0
    while len(block) - start > limits.RECORD:
        end = block.rfind(b"\n", start, start + limits.RECORD)
        if end < 0:
            raise LineTooLong(before + block.count(b"\n", 0, start) + 1, limits.RECORD)
        start = end + 1
    if len(rest) > limits.RECORD:
        raise LineTooLong(before + block.count(b"\n") + 1, limits.RECORD)


def _lines(blocks: Iterator[bytes]) -> int:
    """How many lines there are as a person counts them: a last line without its newline counts."""
    lines, last = 0, b"\n"
    for block in blocks:
        lines += block.count(b"\n")
        last = block[-1:]
    return lines + (last != b"\n")


def _first_bad(block: bytes, encoding: str) -> int:
    try:
        block.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return len(block)


def _broken(path: Path, offset: int, marked: str) -> BrokenEncoding:
    """Where a person finds the byte at this offset: the line, and the column of the table."""
    line, begin = 1, 0
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(min(limits.MIB, offset - file.tell())), b""):
            line += piece.count(b"\n")
            if (last := piece.rfind(b"\n")) >= 0:
                begin = file.tell() - len(piece) + last + 1
        file.seek(begin)
        head = file.read(offset - begin)
        byte = file.read(1)
    separator = max((b",", b"\t", b";", b"|"), key=head.count)
    return BrokenEncoding(line, head.count(separator) + 1, byte[0] if byte else 0, marked=marked.upper())
