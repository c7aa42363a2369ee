"""Rows of one delivery with the same business key, found on disk: memory holds one bucket of hashes at a time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from xinqiao.catalogue.schema import DuplicatePolicy
from xinqiao.intake.reading.blocks import LINE

KEPT: Final = "kept"  # the line that stands for all of its key
# Hashes only point out suspects, the keys themselves decide; so the seed changes no outcome.
SEED: Final = 0x5851
# One bucket's hashes and lines are 16 bytes a row: 32 MB.
ROWS_IN_BUCKET: Final = 2_000_000

Hashes = npt.NDArray[np.uint64]
Fetch = Callable[[pl.Series], pl.DataFrame]


class Keys:
    """The business keys of a delivery's rows, as hashes in bucket files of `folder`."""

    def __init__(self, folder: Path, key: tuple[str, ...], expected: int) -> None:
        self._key = key
        self._paths = [folder / f"keys-{n}" for n in range(expected // ROWS_IN_BUCKET + 1)]

    def add(self, rows: pl.DataFrame) -> None:
        parts = [pl.col(name).cast(pl.String).fill_null("\x00") for name in self._key]
        hashes = rows.select(pl.concat_str(parts, separator="\x1f").hash(SEED))[:, 0].to_numpy()
        pairs = np.column_stack((hashes, rows[LINE].to_numpy().astype(np.uint64)))
        bucket = hashes % np.uint64(len(self._paths))
        for number, path in enumerate(self._paths):
            with path.open("ab") as file:
                pairs[bucket == number].tofile(file) if len(self._paths) > 1 else pairs.tofile(file)

    def losers(self, policy: DuplicatePolicy, order_by: str | None, fetch: Fetch) -> pl.DataFrame:
        """Lines that give way and the line each gives way to (`line`, `kept`), in the order of lines.

        `fetch` reads line, key columns and `order_by` of the lines named, which come sorted.
        """
        found = [_losers(fetch(lines), self._key, policy, order_by) for lines in self._suspects()]
        return pl.concat([pl.DataFrame(schema={LINE: pl.Int64, KEPT: pl.Int64}), *found]).sort(LINE)

    def _suspects(self) -> Iterator[pl.Series]:
        """Lines whose hash is not alone, as many buckets' together as memory takes."""
        waiting: list[npt.NDArray[np.int64]] = []
        for path in self._paths:
            if path.exists():
                waiting.append(_sharing(np.fromfile(path, np.uint64).reshape(-1, 2)))
            if sum(map(len, waiting)) > ROWS_IN_BUCKET:
                yield pl.Series(LINE, np.sort(np.concatenate(waiting)))
                waiting = []
        if any(map(len, waiting)):
            yield pl.Series(LINE, np.sort(np.concatenate(waiting)))


def _sharing(pairs: Hashes) -> npt.NDArray[np.int64]:
    order = np.argsort(pairs[:, 0])
    hashes = pairs[order, 0]
    same = np.zeros(len(hashes) + 1, bool)
    same[1:-1] = hashes[1:] == hashes[:-1]
    lines: npt.NDArray[np.int64] = pairs[order[same[1:] | same[:-1]], 1].astype(np.int64)
    return lines


def _losers(rows: pl.DataFrame, key: tuple[str, ...], policy: DuplicatePolicy, order_by: str | None) -> pl.DataFrame:
    """`last_wins`: the greatest value stays, of equals the first; a row without one gives way to any with."""
    if policy is DuplicatePolicy.LAST_WINS and order_by is not None:
        rows = rows.sort(order_by, LINE, descending=[True, False], nulls_last=True)
    else:
        rows = rows.sort(LINE)
    first, second = (pl.col(LINE).slice(n, 1).first().over(key) for n in (0, 1))
    rows = rows.select(LINE, first.alias(KEPT), second.alias("second"))
    if policy is DuplicatePolicy.REJECT_ALL:
        kept = pl.when(pl.col(LINE) == pl.col(KEPT)).then("second").otherwise(KEPT)
        return rows.filter(pl.col("second").is_not_null()).select(LINE, kept.alias(KEPT))
    return rows.filter(pl.col(LINE) != pl.col(KEPT)).select(LINE, KEPT)
