"""Cutting whole blocks of text into columns: NumPy looks where records and cells end, Polars copies them out.

What is not in order (quotes that do not pair, records beyond the limit) goes through `records`, so that the outcome
does not depend on where a block happens to end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from xinqiao.intake.reading import limits
from xinqiao.intake.reading.records import Record, records

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

LINE: Final = "line"
OFFSET: Final = "offset"
NEWLINE, RETURN, QUOTE = b'\n\r"'

# `limits.WHITE` in UTF-8: one byte, or two or three of which the first is one of these.
_BLANK: Final = np.zeros(256, bool)
_BLANK[[ord(c) for c in limits.WHITE if ord(c) < 0x80]] = True  # noqa: PLR2004 — ASCII
_BLANK_LEAD: Final = np.zeros(256, bool)
_BLANK_LEAD[[c.encode()[0] for c in limits.WHITE if ord(c) >= 0x80]] = True  # noqa: PLR2004
_BLANK_LAST: Final = np.zeros(256, bool)
_BLANK_LAST[[c.encode()[-1] for c in limits.WHITE if ord(c) >= 0x80]] = True  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that does not fit the header: too few or too many cells, or quotes that do not pair (`cells` None)."""

    line: int
    offset: int
    cells: tuple[str, ...] | None
    raw: str


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of text. `rows`: `line` (of the file, from 1), `offset` (of the UTF-8 text) and cells "0", "1", …

    `padded` are the columns in which some cell may begin or end with white space.
    """

    rows: pl.DataFrame
    padded: frozenset[int]
    broken: tuple[Broken, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text is laid out: separator, number of columns, and where its first record after the header begins."""

    path: Path
    separator: bytes
    columns: int
    offset: int
    line: int

    @property
    def names(self) -> list[str]:
        return [str(i) for i in range(self.columns)]


def blocks(layout: Layout) -> Iterator[Block]:
    """All rows below the header. Blank lines are no rows but count as lines."""
    offset, line = layout.offset, layout.line
    with layout.path.open("rb") as file:
        file.seek(offset)
        text, at_end = b"", False
        while text or not at_end:
            if not at_end and len(text) < limits.BLOCK:
                piece = file.read(limits.BLOCK)
                at_end = len(piece) < limits.BLOCK
                text += piece if not at_end or (text + piece).endswith(b"\n") else piece + b"\n"
            block, used, lines = _block(layout, text, offset, line, at_end=at_end)
            if block is not None:
                yield block
            offset, line, text = offset + used, line + lines, text[used:]


def _block(layout: Layout, text: bytes, offset: int, line: int, *, at_end: bool) -> tuple[Block | None, int, int]:
    ends = _record_ends(text, layout.separator)
    if ends is None or layout.columns == 1:
        return _carefully(layout, text, offset, line, at_end=at_end)
    if not len(ends):
        return None, 0, 0
    used = int(ends[-1]) + 1
    lines = text.count(b"\n", 0, used)
    return _at_once(layout, text[:used], ends, offset, line), used, lines


def _record_ends(text: bytes, separator: bytes) -> Ints | None:
    """Where records end, or None where quoting or length is not in order."""
    seen = np.frombuffer(text, np.uint8)
    newlines = np.flatnonzero(seen == NEWLINE)
    if b'"' not in text:
        return newlines[: limits.ROWS]
    quotes = np.flatnonzero(seen == QUOTE)
    outside = np.searchsorted(quotes, newlines) % 2 == 0
    ends = newlines[outside][: limits.ROWS]
    if not len(ends):
        return None
    quotes = quotes[: np.searchsorted(quotes, ends[-1])]
    longest = int(np.diff(ends, prepend=-1).max())
    return ends if longest <= limits.RECORD and _quotes_pair(seen, quotes, separator[0]) else None


def _quotes_pair(seen: Bytes, quotes: Ints, separator: int) -> bool:
    """Every opening quote stands first in its cell and every closing one last; a doubled one closes and opens."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = seen[opening - 1]
    first = (opening == 0) | (before == separator) | (before == NEWLINE)
    first[1:] |= opening[1:] == closing[:-1] + 1
    after = seen[closing + 1]
    last = (after == separator) | (after == NEWLINE)
    last |= (after == RETURN) & (seen[np.minimum(closing + 2, len(seen) - 1)] == NEWLINE)
    last[:-1] |= closing[:-1] + 1 == opening[1:]
    return bool(first.all() and last.all())


def _at_once(layout: Layout, text: bytes, ends: Ints, offset: int, line: int) -> Block:
    begins = np.concatenate(([0], ends[:-1] + 1))
    lines = _lines(text, begins, line)
    cuts = _cuts(text, layout.separator)
    whole, grid = _grid(cuts, begins, ends, layout.columns - 1)
    broken: tuple[Broken, ...] = ()
    if not whole.all():
        broken = tuple(_misfits(layout, text, begins, ends, lines, whole, offset))
        text = b"".join(text[b : e + 1] for b, e in _runs(begins, ends, whole))
        begins, ends, lines = begins[whole], np.cumsum((ends - begins + 1)[whole]) - 1, lines[whole]
        grid = _cuts(text, layout.separator).reshape(len(begins), layout.columns - 1)
    padded = _padded(text, layout.separator, ends, grid) if len(ends) else frozenset()
    return Block(_frame(layout, text, lines, begins + offset, padded), padded, broken)


def _lines(text: bytes, begins: Ints, line: int) -> Ints:
    """The file's line of each record; quoted cells may hold newlines of their own."""
    if b'"' not in text:
        return np.arange(line, line + len(begins), dtype=np.int64)
    newlines = np.flatnonzero(np.frombuffer(text, np.uint8) == NEWLINE)
    return np.add(np.searchsorted(newlines, begins), line, dtype=np.int64)


def _cuts(text: bytes, separator: bytes) -> Ints:
    """Where separators stand, outside quotes."""
    seen = np.frombuffer(text, np.uint8)
    cuts = np.flatnonzero(seen == separator[0])
    if b'"' not in text:
        return cuts
    quotes = np.flatnonzero(seen == QUOTE)
    outside: Ints = cuts[np.searchsorted(quotes, cuts) % 2 == 0]
    return outside


def _grid(cuts: Ints, begins: Ints, ends: Ints, expected: int) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Which records have the expected number of separators, and the separators by record where all have."""
    if len(cuts) == len(ends) * expected:
        grid = cuts.reshape(len(ends), expected)
        if (grid[:, 0] >= begins).all() and (grid[:, -1] < ends).all():
            return np.ones(len(ends), bool), grid
    counts = np.diff(np.searchsorted(cuts, ends), prepend=0)
    return counts == expected, cuts[:0]


def _misfits(
    layout: Layout, text: bytes, begins: Ints, ends: Ints, lines: Ints, whole: npt.NDArray[np.bool_], offset: int
) -> Iterator[Broken]:
    for i in np.flatnonzero(~whole):
        begin, end = int(begins[i]), int(ends[i]) + 1
        for record in records(text[begin:end], layout.separator, at_end=True):
            if not record.blank:
                yield _as_broken(record, int(lines[i]), offset + begin)


def _as_broken(record: Record, line: int, offset: int) -> Broken:
    return Broken(line, offset, record.cells, record.raw[: limits.SHOWN * 4].decode(errors="ignore").strip())


def _runs(begins: Ints, ends: Ints, whole: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Stretches of whole records, as first and last byte."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], whole, [False])).astype(np.int8)))
    for first, past in edges.reshape(-1, 2):
        yield int(begins[first]), int(ends[past - 1])


def _padded(text: bytes, separator: bytes, ends: Ints, grid: Ints) -> frozenset[int]:
    """The columns where some cell may begin or end with white space. Cells in quotes: nobody looked, so all may."""
    rows, columns = len(ends), grid.shape[1] + 1
    if b'"' in text:
        return frozenset(range(columns))
    seen = np.frombuffer(text, np.uint8)
    past = np.column_stack((grid, ends - (seen[ends - 1] == RETURN))).ravel()
    first = np.concatenate(([0], np.column_stack((grid, ends)).ravel()[:-1] + 1))
    found = _blank_edges(seen, first, past, separator[0]).reshape(rows, columns).any(axis=0)
    return frozenset(np.flatnonzero(found).tolist())


def _blank_edges(seen: Bytes, first: Ints, past: Ints, separator: int) -> npt.NDArray[np.bool_]:
    """Which cells may begin or end with white space; may say so of a Chinese letter, never misses a blank."""
    blank = _BLANK.copy()
    blank[[separator, NEWLINE]] = False  # an empty cell begins and ends with its neighbours' separators
    end = seen[past - 1]
    found = (blank | _BLANK_LEAD)[seen[first]] | blank[end]
    wide = np.flatnonzero(_BLANK_LAST[end])
    found[wide] |= _BLANK_LEAD[seen[past[wide] - 2]] | _BLANK_LEAD[seen[past[wide] - 3]]
    return found


def _frame(layout: Layout, text: bytes, lines: Ints, offsets: Ints, padded: frozenset[int]) -> pl.DataFrame:
    if not len(lines):
        return _empty(layout)
    cells = pl.read_csv(
        text,
        has_header=False,
        separator=layout.separator.decode(),
        schema=dict.fromkeys(layout.names, pl.String),
        quote_char='"' if b'"' in text else None,
        empty_string_is_null=False,
    )
    if cells.height != len(lines):
        raise AssertionError(f"{len(lines)} records became {cells.height} rows")
    rows = cells.insert_column(0, pl.Series(LINE, lines)).insert_column(1, pl.Series(OFFSET, offsets))
    first = rows["0"].str.strip_chars(limits.WHITE) if 0 in padded else rows["0"]
    return _without_blank(rows, first == "")


def _without_blank(rows: pl.DataFrame, maybe: pl.Series) -> pl.DataFrame:
    """Rows of nothing but separators are left out, as spreadsheets export them below their last row."""
    if not maybe.any():
        return rows
    cells = pl.all().exclude(LINE, OFFSET).str.strip_chars(limits.WHITE)
    blank = rows.filter(maybe).filter(pl.all_horizontal(cells == ""))[LINE]
    return rows.filter(~pl.col(LINE).is_in(blank.implode())) if len(blank) else rows


def _empty(layout: Layout) -> pl.DataFrame:
    return pl.DataFrame(schema={LINE: pl.Int64, OFFSET: pl.Int64, **dict.fromkeys(layout.names, pl.String)})


def _carefully(layout: Layout, text: bytes, offset: int, line: int, *, at_end: bool) -> tuple[Block, int, int]:
    lines: list[int] = []
    offsets: list[int] = []
    rows: list[tuple[str, ...]] = []
    broken: list[Broken] = []
    used, here = 0, line
    for record in records(text, layout.separator, at_end=at_end):
        if record.cells is not None and len(record.cells) == layout.columns:
            if not record.blank:
                lines.append(here)
                offsets.append(offset + record.begin)
                rows.append(record.cells)
        elif not record.blank:
            broken.append(_as_broken(record, here, offset + record.begin))
        used, here = record.end, here + record.raw.count(b"\n")
    cells = pl.DataFrame(rows, schema=dict.fromkeys(layout.names, pl.String), orient="row")
    frame = cells.insert_column(0, pl.Series(LINE, lines, pl.Int64)).insert_column(
        1, pl.Series(OFFSET, offsets, pl.Int64)
    )
    return Block(frame, frozenset(range(layout.columns)), tuple(broken)), used, here - line
