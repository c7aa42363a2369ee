"""Judging one block of rows: what passes, what is rejected, and every reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from xinqiao.catalogue.schema import FieldType, ItemField, Rule
from xinqiao.intake.reading import limits
from xinqiao.intake.reading.blocks import LINE, OFFSET, Block, Broken
from xinqiao.intake.rules import sayings
from xinqiao.intake.rules.across import Across
from xinqiao.intake.rules.columns import RULES, Column
from xinqiao.intake.rules.compiling import Compiled
from xinqiao.intake.rules.headers import Columns
from xinqiao.intake.rules.judging import MANGLED
from xinqiao.intake.rules.reasons import RAGGED
from xinqiao.kernel.sayings import Saying

Bools = npt.NDArray[np.bool_]

IDENTIFIERS: Final = frozenset(
    {FieldType.TEXT, FieldType.USCC, FieldType.ID_NUMBER, FieldType.REGISTRATION_NUMBER, FieldType.ORGANISATION_CODE}
)
ROUNDED: Final = "^[0-9]{15}000$"  # eighteen digits of which a spreadsheet kept fifteen
FINDINGS: Final = {
    LINE: pl.Int64(),
    "field": pl.String(),
    "rule": pl.String(),
    "value": pl.String(),  # as sent; null where it may not be kept
    "saying": pl.String(),  # the sentence as it is told
    "kept": pl.String(),  # and how it was made (`Saying.kept`)
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What one block came to.

    `passed`: line, offset and every field, typed. `rejected`: line and the cells as sent ("0", "1", …), emptied where
    the law forbids keeping them. `findings`: one row a reason. `keys`: every business key that stands.
    """

    passed: pl.DataFrame
    rejected: pl.DataFrame
    findings: pl.DataFrame
    keys: pl.DataFrame


def judge(block: Block, columns: Columns, compiled: Compiled) -> Judged:
    rows = block.rows
    judged = {f.name: _column(f.name, block, columns, compiled) for f in compiled.fields}
    refused = _any([check.broken(judged) for check in compiled.refusals], rows.height)
    crossed = [(check, check.broken(judged)) for check in compiled.checks]
    faulty = [c.fault != 0 for c in judged.values() if c.fault is not None]
    bad = _any([refused, *faulty, *(broken for _, broken in crossed)], rows.height)
    findings = [
        *_of_fields(rows, judged, columns, compiled, refused),
        *_of_checks(rows, crossed, columns, refused),
        *_of_refusals(rows, judged, compiled),
        _of_broken(block.broken, columns, rows.width - 2),
    ]
    return Judged(
        passed=_typed(rows, judged, ~bad),
        rejected=_as_sent(rows, block.broken, bad, refused),
        findings=pl.concat(findings),
        keys=_keys(judged, compiled),
    )


def _column(name: str, block: Block, columns: Columns, compiled: Compiled) -> Column:
    rules = next(f for f in compiled.fields if f.name == name)
    if (number := columns.of.get(name)) is None:
        return rules.absent(block.rows.height)
    return rules.judge(block.rows[str(number)], padded=number in block.padded)


def _any(found: list[Bools], size: int) -> Bools:
    return np.logical_or.reduce(found) if found else np.zeros(size, bool)


def _typed(rows: pl.DataFrame, judged: dict[str, Column], good: Bools) -> pl.DataFrame:
    frame = pl.DataFrame([rows[LINE], rows[OFFSET], *(c.value.alias(name) for name, c in judged.items())])
    return frame if good.all() else frame.filter(pl.Series(good))


def _as_sent(rows: pl.DataFrame, broken: tuple[Broken, ...], bad: Bools, refused: Bools) -> pl.DataFrame:
    """Rejected rows as they came, in the order of their lines; of a refused row only the line stays."""
    cells = rows.drop(LINE, OFFSET).columns
    sent = rows.drop(OFFSET).filter(pl.Series(bad))
    if refused.any():
        hidden = pl.lit(pl.Series(refused[bad]))
        sent = sent.with_columns(pl.when(hidden).then(None).otherwise(pl.col(name)).alias(name) for name in cells)
    if not broken:
        return sent
    misfits = pl.DataFrame([(b.line, *_fitted(b, len(cells))) for b in broken], schema=sent.schema, orient="row")
    return pl.concat([sent, misfits]).sort(LINE)


def _fitted(broken: Broken, width: int) -> tuple[str, ...]:
    """A misfit's cells under the header's columns; what is too much stays together in the last."""
    cells = broken.cells or (broken.raw,)
    if len(cells) > width:
        return (*cells[: width - 1], " ".join(cells[width - 1 :]))
    return (*cells, *[""] * (width - len(cells)))


def _of_fields(
    rows: pl.DataFrame, judged: dict[str, Column], columns: Columns, compiled: Compiled, refused: Bools
) -> Iterator[pl.DataFrame]:
    for name, column in judged.items():
        if column.fault is None:
            continue
        faults = np.where(refused, 0, column.fault)
        for number in np.unique(faults[faults > 0]):
            rule = RULES[number - 1]
            found = _findings(rows, faults == number, name, rule, columns.of.get(name), compiled.saying(name, rule))
            yield _mangled(found, compiled.item.fields[name], rule)


def _of_checks(
    rows: pl.DataFrame, crossed: list[tuple[Across, Bools]], columns: Columns, refused: Bools
) -> Iterator[pl.DataFrame]:
    for check, broken in crossed:
        where = broken & ~refused
        if where.any():
            yield _findings(rows, where, check.field, check.rule, columns.of.get(check.field), check.saying)


def _of_refusals(rows: pl.DataFrame, judged: dict[str, Column], compiled: Compiled) -> Iterator[pl.DataFrame]:
    """A refused row's only finding, without the value: the first rule that refuses it."""
    left = np.ones(rows.height, bool)
    for check in compiled.refusals:
        where = check.broken(judged) & left
        left &= ~where
        if where.any():
            yield _findings(rows, where, check.field, check.rule, None, check.saying)


def _findings(
    rows: pl.DataFrame, where: Bools, field: str, rule: Rule, number: int | None, saying: Saying
) -> pl.DataFrame:
    mask = pl.Series(where)
    lines = rows[LINE].filter(mask)
    value = pl.lit(None, pl.String) if number is None else pl.lit(rows[str(number)].filter(mask))
    told = {"saying": pl.lit(str(saying)), "kept": pl.lit(saying.kept())}
    return lines.to_frame().with_columns(field=pl.lit(field), rule=pl.lit(str(rule)), value=value, **told)


def _mangled(found: pl.DataFrame, field: ItemField, rule: Rule) -> pl.DataFrame:
    """Cells a spreadsheet made a number of get the sentence that says so: looking for a slip would find none."""
    if rule not in (Rule.TYPE, Rule.CHECK_DIGIT) or field.type not in IDENTIFIERS:
        return found
    said = Saying(sayings.MANGLED, field=Saying(field.title))
    lost = pl.when(pl.col("value").str.strip_chars(limits.WHITE).str.contains(f"{MANGLED}|{ROUNDED}"))
    told = {"saying": str(said), "kept": said.kept()}
    return found.with_columns(lost.then(pl.lit(text)).otherwise(name).alias(name) for name, text in told.items())


def _of_broken(broken: tuple[Broken, ...], columns: Columns, width: int) -> pl.DataFrame:
    return findings_of((b.line, None, RAGGED, b.raw[:200], _misfit(b, width)) for b in broken)


def findings_of(told: Iterable[tuple[int | None, str | None, str, str | None, Saying]]) -> pl.DataFrame:
    """A frame of findings: line, field, rule, value and what is told."""
    rows = [(line, field, rule, value, str(said), said.kept()) for line, field, rule, value, said in told]
    return pl.DataFrame(rows, schema=FINDINGS, orient="row")


def _misfit(broken: Broken, width: int) -> Saying:
    if broken.cells is None:
        return sayings.QUOTES
    return sayings.ragged(len(broken.cells), width)


def _keys(judged: dict[str, Column], compiled: Compiled) -> pl.DataFrame:
    stands = [s for name in compiled.key if (s := judged[name].stands()) is not None]
    frame = pl.DataFrame([judged[name].value.alias(name) for name in compiled.key])
    return frame.filter(pl.Series(np.logical_and.reduce(stands))) if stands else frame


def unjudged(block: Block) -> Judged:
    """All rows rejected as they came: the file lacks a required column, and its one finding says so."""
    bad = np.ones(block.rows.height, bool)
    nothing = pl.DataFrame(schema={LINE: pl.Int64})
    return Judged(nothing, _as_sent(block.rows, block.broken, bad, ~bad), pl.DataFrame(schema=FINDINGS), nothing)
