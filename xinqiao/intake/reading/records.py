"""Cutting text into records and cells, as RFC 4180 has it: the slow and exact way, one record at a time.

Used for header rows, for blocks whose quoting is not in order, and to fetch single rows again. `blocks` does the same
for whole blocks at once where everything is in order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xinqiao.intake.reading import limits


@dataclass(frozen=True, slots=True)
class Record:
    """One row of cells, or (`cells` None) a line whose quotes do not pair; `begin` and `end` are byte offsets."""

    begin: int
    end: int
    cells: tuple[str, ...] | None
    raw: bytes

    @property
    def blank(self) -> bool:
        """Nothing in it: an empty line, or only separators, as spreadsheets leave behind their last row."""
        return self.cells is not None and not any(cell.strip(limits.WHITE) for cell in self.cells)


@lru_cache
def _cell(separator: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    s = re.escape(separator)
    # Possessive, so that no input makes them go back.
    quoted = re.compile(rb'"((?:[^"]++|"")*+)"(' + s + rb"|\r?\n|\Z)")
    plain = re.compile(rb"([^\n" + s + rb"]*+)(" + s + rb"|\n|\Z)")
    return quoted, plain


def records(text: bytes, separator: bytes, *, at_end: bool) -> Iterator[Record]:
    """The records of `text`, which begins at one; stops before a record that may go on in what is not read yet.

    A quote counts only at the start of a cell. A record whose quotes do not pair, or that outgrows the limit, is its
    first line alone; reading goes on with the next line.
    """
    begin = 0
    while begin < len(text):
        record = _record(text, begin, separator, at_end=at_end)
        if record is None:
            return
        yield record
        begin = record.end


def _record(text: bytes, begin: int, separator: bytes, *, at_end: bool) -> Record | None:
    quoted, plain = _cell(separator)
    cells: list[bytes] = []
    here = begin
    while True:
        is_quoted = text[here : here + 1] == b'"'
        match = (quoted if is_quoted else plain).match(text, here)
        if match is None:
            return _broken(text, begin, at_end=at_end)
        here = match.end()
        finished = match[2] != separator
        if not match[2] and not at_end:
            return None if len(text) - begin <= limits.RECORD else _broken(text, begin, at_end=at_end)
        cells.append(match[1].replace(b'""', b'"') if is_quoted else match[1])
        if finished:
            break
    if here - begin > limits.RECORD:
        return _broken(text, begin, at_end=at_end)
    if not is_quoted:
        cells[-1] = cells[-1].removesuffix(b"\r")
    return Record(begin, here, tuple(c.decode() for c in cells), text[begin:here])


def _broken(text: bytes, begin: int, *, at_end: bool) -> Record | None:
    """The first line as a record without cells; None while an open quote may yet be closed by what follows."""
    if not at_end and len(text) - begin <= limits.RECORD:
        return None
    newline = text.find(b"\n", begin)
    end = newline + 1 if newline >= 0 else len(text)
    return Record(begin, end, None, text[begin:end])
