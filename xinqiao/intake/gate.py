"""The gate: one delivered file against one item of the catalogue, in bounded memory and without a database.

What passes is kept typed, what does not is kept as sent with every reason; nothing is lost between them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from xinqiao.catalogue.headers import folded
from xinqiao.catalogue.schema import Rule
from xinqiao.intake.duplicates import KEPT, Keys
from xinqiao.intake.reading.blocks import LINE, OFFSET, Block
from xinqiao.intake.reading.tables import Table, open_table
from xinqiao.intake.rules import headers, rows, sayings
from xinqiao.intake.rules.compiling import Compiled
from xinqiao.intake.rules.headers import Columns
from xinqiao.intake.rules.reasons import OTHER_SHEET
from xinqiao.intake.rules.rows import Judged, findings_of
from xinqiao.kernel.sayings import Saying

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Parts:
    """Frames written one after another as Parquet files; memory never holds more than one."""

    folder: Path
    name: str
    compression: Literal["zstd", "lz4"] = "zstd"
    paths: list[Path] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(self.sizes)

    def add(self, frame: pl.DataFrame) -> None:
        if not frame.height:
            return
        path = self.folder / f"{self.name}-{len(self.paths):05d}.parquet"
        level = 1 if self.compression == "zstd" else None
        frame.write_parquet(path, compression=self.compression, compression_level=level, statistics=False)
        self.paths.append(path)
        self.sizes.append(frame.height)

    def frames(self, columns: list[str] | None = None) -> Iterator[pl.DataFrame]:
        return (pl.read_parquet(path, columns=columns) for path in self.paths)


@dataclass(frozen=True, slots=True)
class Sifted:
    """What the gate made of a file. delivered = passed + rejected, always.

    `passed` still holds the rows that lost to another of their key: read it through `accepted`. `rejected`: line and
    the cells as sent. `findings`: every reason. `keys`: for a full delivery, the business keys of all its legible rows.
    `missing`: the titles of required columns that are not there. `told`: findings on the file itself, whose line is
    null.
    """

    header: tuple[str, ...]
    encoding: str
    delivered: int
    passed: Parts
    rejected: Parts
    findings: Parts
    keys: Parts
    losers: pl.DataFrame
    missing: list[Saying]
    told: pl.DataFrame

    def accepted(self) -> Iterator[pl.DataFrame]:
        """The rows that passed and stand for their key: line and every field, typed."""
        lost = self.losers[LINE]
        for frame in self.passed.frames():
            rest = frame.drop(OFFSET)
            yield rest.filter(~pl.col(LINE).is_in(lost.implode())) if len(lost) else rest

    @property
    def unfit(self) -> Saying | None:
        """Why no row of the file could pass, or nothing: required columns that are not there."""
        return sayings.missing_columns(self.missing) if self.missing else None


def sift(
    path: Path, compiled: Compiled, workspace: Path, *, full: bool = False, progress: Progress | None = None
) -> Sifted:
    """Read the file, judge every row, find duplicates. `progress` hears lines done and lines in all.

    Everything is written into `workspace`. A file without a required column passes no row. Raises `Unreadable`.
    """
    known = headers.recognised(compiled.item)
    table = open_table(path, workspace, lambda header: folded(header) in known)
    columns = headers.match(table.header, compiled.item)
    sifting = _Sifting(table, columns, compiled, workspace, full=full)
    for block in table.blocks():
        sifting.take(block)
        if progress is not None:
            progress(sifting.lines, table.lines)
    return sifting.finish()


class _Sifting:
    """One file on its way through the gate."""

    def __init__(self, table: Table, columns: Columns, compiled: Compiled, workspace: Path, *, full: bool) -> None:
        self.table, self.columns, self.compiled, self.full = table, columns, compiled, full
        self.lines = self.delivered = 0
        # Read again within the minute and then dropped: packing them well would cost more than it saves.
        self.passed = Parts(workspace, "passed", "lz4")
        self.rejected = Parts(workspace, "rejected")
        self.findings = Parts(workspace, "findings")
        self.keys = Parts(workspace, "keys")
        self.hashes = Keys(workspace, compiled.key, table.lines)
        self.filled: set[int] = set()

    def take(self, block: Block) -> None:
        self.delivered += block.rows.height + len(block.broken)
        self._notice_nameless(block)
        judged = self._judged(block)
        self.passed.add(judged.passed)
        self.rejected.add(judged.rejected)
        self.findings.add(judged.findings)
        if judged.passed.height:
            self.hashes.add(judged.passed)
        if self.full:
            self.keys.add(judged.keys)
        if block.rows.height:
            self.lines = int(block.rows[LINE][-1])

    def _judged(self, block: Block) -> Judged:
        if self.columns.missing:
            return rows.unjudged(block)
        return rows.judge(block, self.columns, self.compiled)

    def _notice_nameless(self, block: Block) -> None:
        for number in set(self.columns.nameless) - self.filled:
            if (block.rows[str(number)] != "").any():
                self.filled.add(number)

    def finish(self) -> Sifted:
        losers = self._losers()
        for lost in losers.iter_slices(20_000):
            self._reject(lost)
        return Sifted(
            header=self.table.header,
            encoding=self.table.encoding,
            delivered=self.delivered,
            passed=self.passed,
            rejected=self.rejected,
            findings=self.findings,
            keys=self.keys,
            losers=losers,
            missing=[Saying(self.compiled.item.fields[name].title) for name in self.columns.missing],
            told=self._told(),
        )

    def _losers(self) -> pl.DataFrame:
        """`line`, `kept` and the `offset` at which the losing row stands in the text."""
        rules = self.compiled.item.delivery
        losers = self.hashes.losers(rules.duplicate, rules.order_by, self._fetch)
        if not losers.height:
            return losers.with_columns(pl.lit(0, pl.Int64).alias(OFFSET))
        offsets = self._fetch(losers[LINE], OFFSET)
        return losers.join(offsets, on=LINE, how="left", maintain_order="left")

    def _fetch(self, lines: pl.Series, *wanted: str) -> pl.DataFrame:
        order = self.compiled.item.delivery.order_by
        columns = list(dict.fromkeys((LINE, *(wanted or (*self.compiled.key, *([order] if order else ()))))))
        return pl.concat(f.filter(pl.col(LINE).is_in(lines.implode())) for f in self.passed.frames(columns))

    def _reject(self, lost: pl.DataFrame) -> None:
        cells = list(self.table.rows(lost[OFFSET]))
        names = self.table.layout.names
        sent = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")
        self.rejected.add(sent.insert_column(0, lost[LINE]))
        self.findings.add(self._duplicate(lost, sent))

    def _duplicate(self, lost: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame:
        item = self.compiled.item
        names = [name for name in item.delivery.key if name in self.columns.of] or [item.subject.field]
        all_lose = item.delivery.duplicate == "reject_all"
        key = [Saying(item.fields[name].title) for name in names]
        values = sent[str(self.columns.of[names[0]])]
        return findings_of(
            (line, names[0], str(Rule.DUPLICATE), value, sayings.duplicate(kept, key, all_lose=all_lose))
            for line, value, kept in zip(lost[LINE], values, lost[KEPT], strict=True)
        )

    def _told(self) -> pl.DataFrame:
        item = self.compiled.item
        unknown = [*self.columns.unknown, *(sayings.nth_column(number + 1) for number in sorted(self.filled))]
        other = [title for title in self.table.sheets if title != headers.NOTES_SHEET]
        return findings_of(
            [
                *((None, None, str(Rule.UNKNOWN_COLUMN), str(t), sayings.unknown_column(t)) for t in unknown),
                *(
                    (
                        None,
                        name,
                        str(Rule.MISSING_COLUMN),
                        None,
                        sayings.missing_column(Saying(item.fields[name].title)),
                    )
                    for name in self.columns.missing
                ),
                *((None, None, OTHER_SHEET, t, sayings.other_sheet(t)) for t in other),
            ]
        )
