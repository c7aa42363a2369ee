"""An invented city for the speed of evaluation: one public item of ten kinds of matters, and a model of 60 indicators.

Each kind has six: how many in 90, 365 and 1,095 days, the sum of a year, the largest and how long ago the last was.
The same facts for the same seed, written as a snapshot's files are.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pyarrow as pa

from xinqiao import catalogue
from xinqiao.catalogue import City
from xinqiao.catalogue.schema import Item
from xinqiao.creditfile import queries as creditfile
from xinqiao.evaluation import binding, trying, writing
from xinqiao.evaluation.engines import Job
from xinqiao.evaluation.language import Bound, Model
from xinqiao.evaluation.manifests import SUBJECTS, Manifest
from xinqiao.evaluation.scoring import Runnable
from xinqiao.evaluation.snapshots import Opened
from xinqiao.kernel.ids import Position
from xinqiao.kernel.subject_kinds import SubjectKind

ITEM: Final = "matters"
KINDS: Final = "abcdefghij"
SEED: Final = 20261123
ON: Final = date(2026, 6, 30)
DAYS: Final = 5 * 365  # over which the matters of a firm are spread
FACTS_EACH: Final = 50


def item() -> Item:
    return Item.model_validate(
        {
            "item": ITEM,
            "code": "BEN-01",
            "title": "事项",
            "title_en": "Matters",
            "family": "administration",
            "sources": ["market_regulation"],
            "nature": "public",
            "basis": [{"document": "示例"}],
            "sharing": {"mode": "physical", "classed": "open"},
            "coverage": "全市",
            "cadence": {"every": "day"},
            "subject": {"field": "uscc", "kinds": ["enterprise"]},
            "adverse": {"otherwise": "none"},
            "delivery": {"key": ["number"], "period": "day"},
            "validity": {"since": "taken_on"},
            "retention": {"years": 5},
            "fields": {
                "uscc": {"title": "统一社会信用代码", "type": "uscc", "required": True},
                "number": {"title": "编号", "type": "text", "required": True},
                "grade": {"title": "程度", "type": "text"},
                "amount": {"title": "金额", "type": "money_yuan"},
                "taken_on": {"title": "受理日期", "type": "date"},
            },
            "whole": True,
        }
    )


def city() -> City:
    whole = catalogue.city()
    return replace(whole, items=MappingProxyType({**whole.items, ITEM: item()}))


def runnable(indicators: int = 60) -> Runnable:
    return trying.runnable(bound(indicators))


def bound(indicators: int = 60) -> Bound:
    named = dict(list(_indicators())[:indicators])
    return binding.bind(Model.model_validate(_model(named)), city())


def _indicators() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in KINDS:
        for days in ("90", "365", "1095"):
            yield f"{kind}_count_{days}", _indicator(kind, days, {"take": "count"}, ("0", "2", "5"))
        yield f"{kind}_sum", _indicator(kind, "365", {"take": "sum", "field": "amount"}, ("1000", "9000", "90000"))
        yield f"{kind}_max", _indicator(kind, None, {"take": "largest", "field": "amount"}, ("1000", "5000", "9000"))
        last = {"take": "days_since_last", "field": "taken_on"}
        yield f"{kind}_last", _indicator(kind, None, last, ("30", "180", "900"))


def _indicator(kind: str, days: str | None, measure: dict[str, Any], bounds: tuple[str, ...]) -> dict[str, Any]:
    steps = [{"up_to": b, "share": str(share), "reason": "x"} for b, share in zip(bounds, (30, 60, 80), strict=True)]
    return {
        "title": kind,
        "part": "law",
        "group": "matters",
        "reads": ITEM,
        "where": [{"field": "grade", "is_in": [kind]}],
        "window": {"field": "taken_on", "days": days} if days else None,
        "measure": measure,
        "weight": [{"since": "2026-01-01", "points": "10", "set_by": "示例"}],
        "none": {"share": "0", "reason": "x"},
        "silent": {"share": "0", "reason": "x"},
        "steps": [*steps, {"share": "100", "reason": "x"}],
    }


def _model(indicators: dict[str, Any]) -> dict[str, Any]:
    bands = (("A", "700"), ("B", "600"), ("C", "500"), ("D", "0"))
    return {
        "model": "bench",
        "version": "2026.1",
        "title": "测速",
        "kind": "enterprise",
        "effective": {"since": "2026-01-01"},
        "basis": [{"document": "示例"}],
        "scale": "1000",
        "base": str(1000 - 10 * len(indicators)),
        "parts": {"law": {"title": "遵纪守法", "groups": {"matters": "事项"}}},
        "indicators": indicators,
        "grades": [{"grade": grade, "title": grade, "since": since} for grade, since in bands],
        "thin_file": {"grade": "—", "title": "数据不足", "reason": "x", "items_at_least": "1"},
    }


def snapshot(folder: Path, subjects: int, facts: int) -> Opened:
    """A city of that many firms and facts, the firms in no order, as `writing` writes them."""
    schema = creditfile.export_schema({name: field.type for name, field in item().fields.items()})
    runs = (run.sort_by("subject_id") for run in _runs(subjects, facts, schema))
    people = pa.table({"subject_id": pa.array(range(1, subjects + 1), pa.int64()), "kind": ["enterprise"] * subjects})
    parts = (writing.written(folder, ITEM, runs, schema), writing.written(folder, SUBJECTS, [people], people.schema))
    manifest = Manifest("410400", Position(1), (ITEM,), (ITEM,), parts)
    return Opened(1, manifest, folder, str(folder))


def job(model: Runnable, city: Opened, only: list[int] | None = None) -> Job:
    return Job(model, city, SubjectKind.ENTERPRISE, ON, only)


def _runs(subjects: int, facts: int, schema: pa.Schema) -> Iterator[pa.Table]:
    chance = np.random.default_rng(SEED)
    for start in range(0, facts, writing.RUN):
        yield rows(chance, start, min(writing.RUN, facts - start), subjects, schema)


def rows(chance: np.random.Generator, start: int, count: int, subjects: int, schema: pa.Schema) -> pa.Table:
    """Facts `start` to `start + count`, whose they are and what they say as chance has it."""
    whose = chance.integers(1, subjects + 1, count)
    days = (np.datetime64(ON) - chance.integers(0, DAYS, count)).astype("datetime64[D]")
    fen = chance.integers(100, 1_000_000, count)
    known = {
        "fact_id": np.arange(start + 1, start + count + 1),
        "subject_id": whose,
        "standing": pa.array(["good"], pa.string()).take(pa.array(np.zeros(count, np.int32))),
        "valid_from": days,
        "taken_on": days,
        "grade": pa.array(list(KINDS)).take(pa.array(chance.integers(0, len(KINDS), count))),
        "amount": money(fen),
    }
    columns = [_column(known.get(field.name), field.type, count) for field in schema]
    return pa.table(columns, schema=schema)


def money(fen: Any) -> pa.Array:
    """Whole fen as yuan with two places: the same digits, read with another scale."""
    words = np.zeros((len(fen), 2), np.int64)
    words[:, 0] = fen
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(fen), [None, pa.py_buffer(words.tobytes())])


def _column(values: Any, kind: pa.DataType, count: int) -> pa.Array:
    if values is None:
        return pa.nulls(count, kind)
    return values if isinstance(values, pa.Array) else pa.array(values).cast(kind)
