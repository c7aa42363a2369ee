"""The copies intake makes of rows, as files in the file room: written part by part, read back part by part."""

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import polars as pl

from xinqiao import store
from xinqiao.intake.errors import RowsGone
from xinqiao.intake.gate import Parts
from xinqiao.intake.models import Delivery
from xinqiao.kernel.ids import DeliveryNumber

# accepted: typed rows with their subject · unplaced: typed rows without · held: typed rows waiting for a word ·
# rejected: rows as sent · findings: every reason · keys: the business keys a full delivery listed
Copy = Literal["accepted", "unplaced", "held", "rejected", "findings", "keys"]
Outputs = Mapping[str, Sequence[Sequence[int | str]]]

LINE: Final = "line"


def keep(parts: Parts) -> list[list[int | str]]:
    """Put every part into the file room: its digest and rows, in order. The same content again is the same file."""
    return [[store.put(path).digest, rows] for path, rows in zip(parts.paths, parts.sizes, strict=True)]


def frames(delivery: Delivery, copy: Copy) -> Iterator[pl.DataFrame]:
    """The parts of one copy, one at a time. Raises `RowsGone` when its term has ended."""
    parts = delivery.outputs.get(copy, [])
    if parts is None:
        raise RowsGone(DeliveryNumber(delivery.pk))
    return (pl.read_parquet(io.BytesIO(store.read_bytes(digest))) for digest, _ in parts)


def in_folder(delivery: Delivery, copy: Copy, folder: Path) -> Parts:
    """A copy laid out as plain files again, for work that reads it more than once."""
    parts = Parts(folder, copy)
    for frame in frames(delivery, copy):
        parts.add(frame)
    return parts
