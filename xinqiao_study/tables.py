"""The real data sets as rows a fit can take: whole numbers, amounts to two places, codes. `DATA.md` tells their origin.

Each gives a `Rows`: the sample with every column the leakage check is to look at, and the day of the decision where one
is known.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from xinqiao.fitting.errors import NoRealData
from xinqiao.fitting.samples import Sample

NAMED_BY: Final = "XINQIAO_REAL_DATA"
TEN_THOUSANDTHS: Final = 10_000
OFTEN: Final = 60  # loans of a bank that is named; the others stand together
LARGEST: Final = 900_000_000_000  # a ratio of a divisor near nought says no more by being larger


@dataclass(frozen=True, slots=True)
class Rows:
    sample: Sample
    decided: pl.Series | None = None

    def where(self, condition: pl.Series) -> "Rows":
        keep = np.flatnonzero(condition.to_numpy())
        return Rows(self.sample.rows(keep), None if self.decided is None else self.decided[keep])


def folder() -> Path:
    """Raises `NoRealData`."""
    if not (named := os.environ.get(NAMED_BY, "")):
        raise NoRealData("")
    if not Path(named).is_dir():
        raise NoRealData(named)
    return Path(named)


def _file(*parts: str) -> Path:
    path = folder().joinpath(*parts)
    if not path.is_file():
        raise NoRealData("/".join(parts))
    return path


def _rows(table: pl.DataFrame, *, bad: str, decided: str | None = None) -> Rows:
    flags = table[bad].to_numpy().astype(np.bool_)
    return Rows(Sample(table.drop(bad, *([decided] if decided else [])), flags), table[decided] if decided else None)


def _whole(number: pl.Expr) -> pl.Expr:
    return number.fill_nan(None).clip(-LARGEST, LARGEST).round().cast(pl.Int64)


# ── the four ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def cumcm() -> Rows:
    """A row a firm: what a bank would read off its invoices. `rating` is there for the leakage check alone."""
    firms = pl.read_csv(_file("cumcm2020c", "att1_firms.csv"))
    out = pl.scan_parquet(_file("cumcm2020c", "att1_invoices.parquet")).filter(pl.col("direction") == "out")
    valid = pl.col("status").str.starts_with("有效")
    told = out.group_by("firm").agg(
        sales=pl.col("amount").cast(pl.Float64).filter(valid).sum(),
        months=pl.col("date").cast(pl.Date).dt.truncate("1mo").filter(valid).n_unique(),
        customers=pl.col("counterparty").filter(valid).n_unique(),
        void=(~valid).mean() * TEN_THOUSANDTHS,
    )
    table = firms.select(firm="企业代号", rating="信誉评级", bad=pl.col("是否违约") == "是")
    table = table.join(told.collect(), on="firm", how="left").sort("firm").drop("firm")
    return _rows(table.with_columns(_whole(pl.col("sales", "months", "customers", "void").cast(pl.Float64))), bad="bad")


def german() -> Rows:
    table = pl.read_csv(_file("german", "germancredit.csv"))
    return _rows(table.with_columns(bad=pl.col("creditability") == "bad").drop("creditability"), bad="bad")


def polish() -> Rows:
    table = pl.read_parquet(_file("polish", "1year.parquet"))
    ratios = [name for name in table.columns if name.startswith("Attr")]
    whole = [_whole(pl.col(name).cast(pl.Float64) * TEN_THOUSANDTHS).alias(name.lower()) for name in ratios]
    return _rows(table.select(*whole, bad=pl.col("class") == 1), bad="bad")


def sba() -> Rows:
    """The balanced sample alone: the other one is the head of a national file, one region and few years."""
    loans = pl.read_parquet(_file("sba", "sba_dev.parquet"))
    loans = loans.filter(pl.col("mis_status").is_not_null() & (pl.col("src") == "nikole26_balanced30k"))
    amounts = ("chg_off_prin_gr", "disbursement_gross", "balance_gross")
    table = loans.select(
        "approval_fy",
        "term",
        "chg_off_date",
        "disbursement_date",
        *(_whole(pl.col(name)) for name in amounts),
        approved=_whole(pl.col("gr_appv")),
        program=(pl.col("sba_appv") / pl.col("gr_appv") * 100).round().cast(pl.Int64).cast(pl.String),
        employees="no_emp",
        retained="retained_job",
        created="create_job",
        is_new=pl.col("new_exist").cast(pl.String),
        urban=pl.col("urban_rural").cast(pl.String),
        revolving="rev_line_cr",
        low_doc="low_doc",
        franchise=pl.when(pl.col("franchise_code") > 1).then(pl.lit("yes")).otherwise(pl.lit("no")),
        sector=(pl.col("naics") // TEN_THOUSANDTHS).cast(pl.String),
        state="state",
        bank=pl.when(pl.len().over("bank") >= OFTEN).then("bank").otherwise(pl.lit("other")),
        local=pl.when(pl.col("bank_state") == pl.col("state")).then(pl.lit("yes")).otherwise(pl.lit("no")),
        decided="approval_date",
        bad=pl.col("mis_status") == "CHGOFF",
    )
    return _rows(table, bad="bad", decided="decided")


TABLES: Final[dict[str, Callable[[], Rows]]] = {"cumcm": cumcm, "german": german, "polish": polish, "sba": sba}
