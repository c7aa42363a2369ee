"""Models and files for tests: a small item with every type of field, and models said in the words of the language."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from tests.evaluation.by_hand import Row
from xinqiao import catalogue
from xinqiao.catalogue import City
from xinqiao.catalogue.schema import Item
from xinqiao.evaluation import binding, trying
from xinqiao.evaluation.engine import POLARS
from xinqiao.evaluation.language import Bound, Model
from xinqiao.evaluation.scoring import Known, Runnable
from xinqiao.evaluation.selecting import DTYPES

ROOT = Path(__file__).resolve().parents[2]
ON = date(2026, 6, 30)


def an_item(name: str = "matters", **changes: Any) -> Item:
    """An open public item: matters of some grade, with amounts and days; 失信 when proven and not of grade a."""
    written: dict[str, Any] = {
        "item": name,
        "code": "TST-01",
        "title": "事项",
        "title_en": "Matters",
        "family": "administration",
        "sources": ["market_regulation"],
        "nature": "public",
        "basis": [{"document": "示例"}],
        "sharing": {
            "mode": "physical",
            "classed": "open",
            "cases": [{"classed": "authorised", "when": [{"field": "grade", "is_in": ["x"]}], "basis": "示例"}],
        },
        "coverage": "全市",
        "cadence": {"every": "day"},
        "subject": {"field": "uscc", "kinds": ["enterprise", "individual_business"]},
        "adverse": {
            "otherwise": "attention",
            "cases": [
                {"nature": "none", "when": [{"field": "grade", "is_in": ["a"]}]},
                {"nature": "none", "when": [{"field": "ways", "only_in": ["1", "7"]}]},
                {"nature": "breach", "when": [{"field": "proven", "is_in": ["true"]}]},
            ],
        },
        "delivery": {"key": ["number"], "period": "day"},
        "validity": {"since": "taken_on", "until": "closed_on"},
        "retention": {"years": 5},
        "fields": {
            "uscc": {"title": "统一社会信用代码", "type": "uscc", "required": True},
            "number": {"title": "编号", "type": "text", "required": True},
            "grade": {"title": "程度", "type": "code", "codes": "matter_grade"},
            "proven": {"title": "是否生效", "type": "boolean"},
            "ways": {"title": "方式", "type": "code", "codes": "penalty_kind", "separators": ["、"]},
            "size": {"title": "数量", "type": "integer"},
            "amount": {"title": "金额", "type": "money_yuan"},
            "taken_on": {"title": "受理日期", "type": "date"},
            "closed_on": {"title": "办结日期", "type": "date"},
            "person": {"title": "负责人", "type": "person_name"},
            "account": {"title": "账户", "type": "text", "classed": "secret"},
        },
        "whole": True,
    }
    return Item.model_validate(written | changes)


def a_city(*items: Item) -> City:
    """The first city with these items (and nothing else) in its catalogue."""
    named = {item.item: item for item in items or (an_item(),)}
    return replace(catalogue.load(ROOT / "cities" / "pingdingshan"), items=MappingProxyType(named))


def an_indicator(**changes: Any) -> dict[str, Any]:
    """How many proven matters in three years; a hundred points for none."""
    return {
        "title": "事项数量",
        "part": "law",
        "group": "matters",
        "reads": "matters",
        "nature": "breach",
        "window": {"field": "taken_on", "months": "36"},
        "measure": {"take": "count"},
        "unit": "件",
        "weight": [{"since": "2026-01-01", "points": "100", "set_by": "示例"}],
        "none": {"share": "100", "reason": "没有事项"},
        "silent": {"share": "100", "reason": "事项尚未归集"},
        "steps": [
            {"up_to": "1", "share": "50", "reason": "有 {value}，最近一次 {date}"},
            {"share": "0", "reason": "有 {value}，最近一次 {date}"},
        ],
    } | changes


def a_model(indicators: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A model as a file would say it: text throughout. `base` fills up to 1,000 whatever the indicators are worth."""
    named = dict(indicators or {"matters": an_indicator()})
    worth = sum(int(one["weight"][0]["points"]) for one in named.values())
    return {
        "model": "test",
        "version": "2026.1",
        "title": "测试模型",
        "kind": "enterprise",
        "effective": {"since": "2026-01-01"},
        "basis": [{"document": "示例"}],
        "scale": "1000",
        "base": str(1000 - worth),
        "parts": {"law": {"title": "遵纪守法", "groups": {"matters": "事项"}}},
        "indicators": named,
        "grades": [
            {"grade": "A", "title": "优", "since": "950"},
            {"grade": "B", "title": "良", "since": "900"},
            {"grade": "C", "title": "中", "since": "800"},
            {"grade": "D", "title": "差", "since": "0"},
        ],
        "thin_file": {"grade": "—", "title": "数据不足", "reason": "掌握的信息太少", "items_at_least": "1"},
    } | changes


def said(written: Mapping[str, Any]) -> Model:
    return Model.model_validate(written)


def bound(written: Mapping[str, Any] | None = None, city: City | None = None) -> Bound:
    """A model that the loader takes, bound to its city."""
    city = city or a_city()
    model = said(written or a_model())
    assert list(binding.faults(model, city)) == []
    return binding.bind(model, city)


def ready(written: Mapping[str, Any] | None = None, city: City | None = None) -> Runnable:
    return trying.runnable(bound(written, city))


@cache
def usual() -> Runnable:
    """The model as it stands above; compiled when a test asks, not by every process that reads a module of tests."""
    return ready()


def a_row(number: int = 1, *, subject: int = 1, standing: str = "good", **values: Any) -> Row:
    """A proven matter of grade b, taken up half a year before the day of evaluation."""
    whole: dict[str, Any] = {"grade": "b", "proven": True, "taken_on": date(2026, 1, 1)} | values
    return Row(number, subject, standing, whole.get("taken_on"), whole.get("closed_on"), whole)


def frames(model: Bound, rows: Mapping[str, Sequence[Row]]) -> dict[str, pl.DataFrame]:
    """Rows as the credit file hands them over."""
    return {item: frame(model, item, some) for item, some in rows.items()}


def frame(model: Bound, item: str, rows: Sequence[Row]) -> pl.DataFrame:
    fields = model.items[item].fields
    schema: dict[str, Any] = {"fact_id": pl.Int64, "subject_id": pl.Int64, "standing": pl.String}
    schema |= {"valid_from": pl.Date, "valid_to": pl.Date}
    schema |= {name: POLARS[DTYPES.get(field.type, "string")] for name, field in fields.items()}
    made = [
        (
            row.fact_id,
            row.subject_id,
            row.standing,
            row.valid_from,
            row.valid_to,
            *(_kept(row.values.get(f)) for f in fields),
        )
        for row in rows
    ]
    return pl.DataFrame(made, schema=schema, orient="row")


def _kept(value: Any) -> Any:
    """Several codes as PostgreSQL writes the list."""
    return json.dumps(value) if isinstance(value, list) else value


def knowing(model: Bound, *rows: Row, on: date = ON, silent: Sequence[str] = ()) -> Known:
    """What is known of these matters on the day; every item has been delivered but the silent ones."""
    return Known(on, frames(model, {"matters": rows}), frozenset(model.items) - set(silent))
