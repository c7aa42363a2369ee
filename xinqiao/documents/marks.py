"""暗记: a number hidden in a file that leaves, so that a copy found elsewhere names whom it was made for.

A mark is 12 bytes: the number, and a tag only this house can make, so that nobody can be accused by a forged one. It is
written where each kind of file carries it: as the colours of tiny squares on every page of a PDF, as signs without
width in every row of a list or a workbook. One intact page or row is enough to read it. What it survives and what not
is told in docs/marks.md.
"""

import hmac
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Final

from xinqiao import keys

NUMBER, TAG = 6, 6  # bytes
LENGTH: Final = NUMBER + TAG
_KEY: Final = "document-mark"
SIGNS: Final = "\u200b\u200c\u200d\u2060"  # no width, two bits each
_SIGNS_IN_A_MARK: Final = LENGTH * 4
_BITS: Final = 2
# Near white: three channels of two bits a square, so 16 squares hold a mark.
LIGHTEST: Final = 255
SQUARES: Final = LENGTH * 8 // 6
STREAMS_READ: Final = 20_000
UNPACKED_MOST: Final = 64 * 1024 * 1024  # bytes of one file, unpacked: what we hand out is a hundredth of it
TRIED_MOST: Final = 100_000  # places a mark might stand at; a file made of nothing else is nobody's leak


def of(number: int) -> bytes:
    """The mark of a number."""
    raw = number.to_bytes(NUMBER)
    return raw + keys.mark(_KEY, raw)[:TAG]


def read(mark: bytes) -> int | None:
    """The number of a mark that was made here; None for anything else."""
    raw, tag = mark[:NUMBER], mark[NUMBER:]
    return int.from_bytes(raw) if hmac.compare_digest(tag, keys.mark(_KEY, raw)[:TAG]) else None


# ── signs without width ──────────────────────────────────────────────────────────────────────────────────────────────


def invisible(mark: bytes) -> str:
    """The mark as text nobody sees; sorted, filtered or copied elsewhere, a cell keeps it."""
    return "".join(SIGNS[(byte >> shift) & 3] for byte in mark for shift in (6, 4, 2, 0))


def in_text(text: str) -> Iterator[int]:
    """Every number a text carries."""
    runs = re.finditer(f"[{SIGNS}]{{{_SIGNS_IN_A_MARK},}}", text)
    return _told(_from_signs(run[0][at : at + _SIGNS_IN_A_MARK]) for run in runs for at in _starts(run[0]))


def _starts(run: str) -> range:
    return range(len(run) - _SIGNS_IN_A_MARK + 1)


def _told(tried: Iterable[bytes]) -> Iterator[int]:
    return (number for mark in islice(tried, TRIED_MOST) if (number := read(mark)) is not None)


def _from_signs(run: str) -> bytes:
    values = [SIGNS.index(sign) for sign in run]
    return bytes(
        values[at] << 6 | values[at + 1] << 4 | values[at + 2] << 2 | values[at + 3] for at in range(0, len(values), 4)
    )


# ── colours of squares ───────────────────────────────────────────────────────────────────────────────────────────────


def colours(mark: bytes) -> list[list[int]]:
    """The mark as near-white colours, red, green and blue from 252 to 255."""
    bits = int.from_bytes(mark)
    pairs = [(bits >> shift) & 3 for shift in range(LENGTH * 8 - _BITS, -1, -_BITS)]
    return [[LIGHTEST - pair for pair in pairs[at : at + 3]] for at in range(0, len(pairs), 3)]


_SHADE: Final = rb"(0?\.\d+|1(?:\.0+)?)"
_FILL: Final = re.compile(rb"(?<![\d.])" + rb"\s+".join([_SHADE] * 3) + rb"\s+(?:scn?|rg)\b")


def in_pdf(content: bytes) -> Iterator[int]:
    """Every number the pages of a PDF carry."""
    drawn = (list(_fills(stream)) for stream in _streams(content))
    return _told(_from_colours(fills[at : at + SQUARES]) for fills in drawn for at in range(len(fills) - SQUARES + 1))


def _fills(stream: bytes) -> Iterator[tuple[int, ...]]:
    """The near-white colours a stream fills with, in their order."""
    found = (_near_white(match.groups()) for match in islice(_FILL.finditer(stream), TRIED_MOST))
    return (shades for shades in found if shades is not None)


def _near_white(channels: Iterable[bytes]) -> tuple[int, ...] | None:
    shades = tuple(LIGHTEST - round(float(channel) * LIGHTEST) for channel in channels)
    return shades if max(shades) <= 3 else None  # noqa: PLR2004 - two bits


def _from_colours(fills: Iterable[tuple[int, ...]]) -> bytes:
    bits = 0
    for fill in fills:
        for shade in fill:
            bits = bits << _BITS | shade
    return bits.to_bytes(LENGTH)


def _streams(content: bytes) -> Iterator[bytes]:
    """What the streams of a PDF say, unpacked; a stream that cannot be is passed over."""
    left, view = UNPACKED_MOST, memoryview(content)
    for number, match in enumerate(re.finditer(rb"stream\r?\n", content)):
        if number == STREAMS_READ or left <= 0:
            return
        try:
            unpacked = zlib.decompressobj().decompress(view[match.end() :], min(left, UNPACKED_MOST))
        except zlib.error:
            unpacked = content[match.end() : content.find(b"endstream", match.end())]
        left -= len(unpacked)
        yield unpacked


# ── any file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def numbers_in(content: bytes) -> list[int]:
    """The numbers of all marks in a file of any kind we give out, each once, in the order they are met."""
    if content.startswith(b"PK"):
        found = _in_package(content)
    elif b"%PDF-" in content[:1024]:
        found = in_pdf(content)
    else:
        found = in_text(_decoded(content))
    return list(dict.fromkeys(found))


def _in_package(content: bytes) -> Iterator[int]:
    """A workbook, or anything else that is a package of texts (OPC, ODF)."""
    left = UNPACKED_MOST
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            for part in package.infolist():
                if (left := left - part.file_size) < 0:
                    return
                yield from in_text(package.read(part).decode("utf-8", "ignore"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
        return


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "ignore")
