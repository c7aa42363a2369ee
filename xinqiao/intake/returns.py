"""What goes back to a source: its own rows as a workbook, faulty ones first, to be mended there and handed in again.

Made anew whenever it is asked for, so no copy of it is kept here and none has to be erased.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from xinqiao import catalogue, store
from xinqiao.catalogue.headers import folded
from xinqiao.catalogue.schema import Item
from xinqiao.documents import workbooks
from xinqiao.documents.workbooks import Row
from xinqiao.intake import copies, queries
from xinqiao.intake.errors import NothingToReturn
from xinqiao.intake.models import Delivery
from xinqiao.intake.reading.blocks import LINE
from xinqiao.intake.reading.tables import open_table
from xinqiao.intake.rules import headers
from xinqiao.intake.rules.reasons import WARNINGS
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.kernel.sayings import recalled

# Faulty rows in one workbook: nobody mends more by hand, and a file with more of them has one cause, not many.
FAULTY_MAX: Final = 50_000
# Up to here the good rows come too, so that the mended workbook can take the place of the whole file (about 10 s).
WHOLE_MAX: Final = 100_000
BEFORE_CELLS: Final = 2  # the columns of ours that stand before the file's own


@dataclass(frozen=True, slots=True)
class Fault:
    """What was found in one row: where, and what is told."""

    columns: tuple[int, ...]
    said: str


def workbook(number: DeliveryNumber) -> bytes:
    """An .xlsx: 原行号, 错误原因, then the columns as sent; faulty cells red, all cells text, good rows below.

    Handed in again with what is mended it is read like any file: the two columns of ours are passed over. Of rows the
    law forbids to take in only line and reason stand. Raises `UnknownDelivery`, `NothingToReturn`, `RowsGone`.
    """
    delivery = queries.row(number)
    if not delivery.rejected:
        raise NothingToReturn(recalled(delivery.told, delivery.told_kept) if delivery.told else None)
    item = catalogue.city().item(delivery.item)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "returned.xlsx"
        header = [headers.ORIGINAL_LINE, headers.REASON, *map(str, delivery.header)]
        rows = _rows(delivery, item, Path(folder))
        workbooks.write(path, title=item.title, header=header, rows=rows, notes=_notes(delivery, item))
        return path.read_bytes()


def _rows(delivery: Delivery, item: Item, folder: Path) -> Iterator[Row]:
    rejected = pl.concat(copies.frames(delivery, "rejected")).sort(LINE).head(FAULTY_MAX)
    faults = _faults(delivery, item, rejected[LINE])
    whole_file = Fault((), delivery.told)
    for line, *cells in rejected.iter_rows():
        fault = faults.get(line, whole_file)
        yield _row(line, fault.said, cells, fault.columns)
    if _with_good_rows(delivery):
        yield from _good_rows(delivery, item, set(rejected[LINE]), folder)


def _row(line: int, said: str, cells: Sequence[str | None], red: tuple[int, ...]) -> Row:
    marked = (1, *(column + BEFORE_CELLS for column in red)) if said else ()
    return Row([str(line), said, *(cell or "" for cell in cells)], marked)


def _faults(delivery: Delivery, item: Item, lines: pl.Series) -> dict[int, Fault]:
    """By line: the columns to mark and every reason, in the order they were found."""
    columns = headers.match([str(title) for title in delivery.header], item).of
    found: dict[int, Fault] = {}
    for frame in copies.frames(delivery, "findings"):
        told = frame.filter(pl.col(LINE).is_in(lines.implode()) & ~pl.col("rule").is_in(sorted(WARNINGS)))
        for line, field, saying in told.select(LINE, "field", "saying").iter_rows():
            before = found.get(line, Fault((), ""))
            said = f"{before.said}；{saying}" if before.said else saying
            found[line] = Fault((*before.columns, *([columns[field]] if field in columns else [])), said)
    return found


def _with_good_rows(delivery: Delivery) -> bool:
    return delivery.delivered <= WHOLE_MAX and delivery.raw_erased_at is None


def _good_rows(delivery: Delivery, item: Item, faulty: set[int], folder: Path) -> Iterator[Row]:
    known = headers.recognised(item)
    with store.borrow(delivery.digest) as path:
        table = open_table(path, folder, lambda header: folded(header) in known)
        for block in table.blocks():
            for line, _, *cells in block.rows.iter_rows():
                if line not in faulty:
                    yield _row(line, "", cells, ())


def _notes(delivery: Delivery, item: Item) -> list[str]:
    notes = [
        f"第{delivery.pk}批，{item.title}，{delivery.period}",
        f"报送{delivery.delivered}行，退回{delivery.rejected}行。",
        "退回的行排在前面，红色的是有问题的单元格，“错误原因”一列写明了原因。请直接在表里改正，不要改动表头。",
    ]
    if _with_good_rows(delivery):
        notes.append(
            f"没有问题的行排在后面。改好后整份重新报送，并写明替换第{delivery.pk}批；“原行号”“错误原因”两列可以留着。"
        )
    else:
        notes.append(
            f"数据较多，表里只有退回的行。请在本单位系统中改正后导出完整文件，重新报送并写明替换第{delivery.pk}批。"
        )
    if delivery.rejected > FAULTY_MAX:
        notes.append(f"退回的行超过{FAULTY_MAX}行，这里列出前{FAULTY_MAX}行；其余多半是同样的原因。")
    if delivery.refused:
        notes.append(f"有{delivery.refused}行依法不能归集，内容没有保存，请不要再报送。")
    return notes
