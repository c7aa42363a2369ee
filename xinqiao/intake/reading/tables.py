"""A delivered file as a table: its header row, and its rows in blocks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from xinqiao.intake.errors import NoHeader, OldLineEnds, TooManyColumns
from xinqiao.intake.reading import blocks, limits, surveying, workbooks
from xinqiao.intake.reading.blocks import Block, Layout
from xinqiao.intake.reading.records import Record, records

SEPARATORS: Final = (b",", b"\t", b";", b"|")

Recognise = Callable[[str], bool]
_SHORT: Final = 4096  # bytes that hold most rows


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of a file before its rows. `lines` are those of the text; `sheets` a workbook's other sheets."""

    header: tuple[str, ...]
    encoding: str
    lines: int
    layout: Layout
    sheets: tuple[str, ...] = ()

    def blocks(self) -> Iterator[Block]:
        return blocks.blocks(self.layout)

    def rows(self, offsets: Iterable[int]) -> Iterator[tuple[str, ...]]:
        """Single rows' cells again, as they came."""
        with self.layout.path.open("rb") as file:
            for offset in offsets:
                yield self._row(file, offset)

    def _row(self, file: BinaryIO, offset: int) -> tuple[str, ...]:
        """Reads little first: most rows are short, and a million of them may be asked for."""
        for size, at_end in ((_SHORT, False), (limits.RECORD, True)):
            file.seek(offset)
            record = next(records(file.read(size), self.layout.separator, at_end=at_end), None)
            if record is not None:
                return record.cells or ()
        return ()


def open_table(path: Path, workspace: Path, recognise: Recognise) -> Table:
    """Survey the file and find its header: the first row that is not blank. `workspace` takes transcriptions.

    Of the separators that occur, the one that yields most columns `recognise` knows is taken. Raises `Unreadable`.
    """
    sheets: tuple[str, ...] = ()
    if workbooks.is_workbook(path):
        path, sheets = workbooks.as_text(path, workspace)
    text = surveying.survey(path, workspace)
    with text.path.open("rb") as file:
        file.seek(text.start)
        head = file.read(limits.RECORD)
    if b"\n" not in head and b"\r" in head.rstrip(b"\r"):
        raise OldLineEnds
    separator, line, record = _header(head, recognise)
    header = record.cells or ()
    if len(header) > limits.COLUMNS:
        raise TooManyColumns(limits.COLUMNS)
    below = line + record.raw.count(b"\n")
    layout = Layout(text.path, separator, len(header), text.start + record.end, below)
    return Table(header, "xlsx" if sheets else text.encoding, text.lines, layout, sheets[1:])


def _header(head: bytes, recognise: Recognise) -> tuple[bytes, int, Record]:
    found = [(s, *_first(head, s)) for s in SEPARATORS if s in head or s == SEPARATORS[0]]
    return max(found, key=lambda f: _recognised(f[2].cells or (), recognise))


def _first(head: bytes, separator: bytes) -> tuple[int, Record]:
    line = 1
    for record in records(head, separator, at_end=True):
        if not record.blank:
            return line, record
        line += record.raw.count(b"\n")
    raise NoHeader


def _recognised(cells: Sequence[str], recognise: Recognise) -> tuple[int, int]:
    return sum(map(recognise, cells)), len(cells)
