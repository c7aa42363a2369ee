"""The engine of the product and a clerk with a pencil must come to the same result on whatever facts there are."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import ibis
import polars as pl
import polars.selectors as cs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.evaluation import builders, by_hand
from tests.evaluation.by_hand import Row
from xinqiao import catalogue
from xinqiao.catalogue.schema import FieldType
from xinqiao.evaluation import compiling, engine, grouping, measuring, model_files, trying
from xinqiao.evaluation.explaining import Counted, Outcome
from xinqiao.evaluation.language import Bound, Indicator, ReadField, ReadItem
from xinqiao.evaluation.scoring import Known, Runnable, score
from xinqiao.kernel.ids import SubjectId

CROWD = 40
STANDINGS = ("good", "good", "good", "disputed", "repaired", "expired")
ONS = (date(2024, 2, 29), date(2026, 6, 29), date(2026, 6, 30), date(2026, 12, 1), date(2027, 1, 1))
# Days back on which a window, a fading step or a removal turns over, and the days beside them.
TURNS = (-1, 0, 0, 1, 180, 181, 396, 400, 400, 401, 730, 731, 1095, 1096)


def every_word() -> dict[str, Any]:
    """A model that uses every word of the language at once."""
    of_text = [{"is_in": ["b"], "share": "100", "reason": "{value}"}, {"share": "100", "reason": "{value}"}]
    numbers = [{"up_to": n, "share": "100", "reason": "{value}"} for n in ("0", "1", "3")]
    steps = [*numbers, {"share": "100", "reason": "{value}"}]
    falling = [{"up_to": n, "share": s, "reason": "x"} for n, s in (("1", "60"), ("2", "40"))]
    falling.append({"share": "0", "reason": "x"})
    money = [{"up_to": n, "share": s, "reason": "x"} for n, s in (("100.5", "80"), ("10000", "40"))]
    money.append({"share": "0", "reason": "x"})
    coded = [{"is_in": ["2", "-1"], "share": "60", "reason": "x"}, *steps]
    carded = [{"is_in": ["0.01", "9000"], "points": "20", "reason": "x"}]
    carded += [{"up_to": "100.5", "points": "17", "reason": "x"}, {"points": "3", "reason": "x"}]
    points = {"points": "20", "reason": "x"}
    plain: dict[str, Any] = {"nature": None, "window": None, "unit": None}
    twice = [
        {"since": "2024-01-01", "points": "20", "set_by": "甲"},
        {"since": "2026-06-30", "points": "40", "set_by": "乙"},
        {"since": "2026-12-01", "points": "60", "set_by": "丙"},
    ]
    measures: dict[str, Any] = {
        "is_there": plain | {"measure": {"take": "exists"}, "steps": steps[-1:]},
        "how_many": {"measure": {"take": "count"}, "steps": falling, "window": {"field": "taken_on", "days": "400"}},
        "fading": {
            "measure": {
                "take": "count",
                "fading": [{"up_to_days": "180", "percent": "100"}, {"up_to_days": "730", "percent": "45"}],
            },
            "steps": [{"up_to": "0.45", "share": "80", "reason": "x"}, *falling],
            "weight": twice,
        },
        "kinds": plain | {"measure": {"take": "distinct", "field": "grade"}, "steps": steps},
        "owed": {"measure": {"take": "sum", "field": "amount"}, "steps": money, "weight": twice},
        "sized": plain | {"measure": {"take": "sum", "field": "size"}, "steps": steps},
        "largest": {"measure": {"take": "largest", "field": "amount"}, "steps": money},
        "fitted": {
            "measure": {"take": "largest", "field": "amount"},
            "steps": carded,
            "none": points,
            "silent": points,
        },
        "smallest": plain
        | {
            "measure": {"take": "smallest", "field": "size"},
            "steps": coded,
            "none": {"share": "60", "reason": "x"},
        },
        "latest": plain | {"measure": {"take": "latest", "field": "grade", "by": "taken_on"}, "steps": of_text},
        "first": plain | {"measure": {"take": "days_since_first", "field": "taken_on"}, "steps": steps, "unit": "天"},
        "last": plain | {"measure": {"take": "days_since_last", "field": "taken_on"}, "steps": steps, "unit": "天"},
        "left": plain | {"measure": {"take": "days_left", "field": "closed_on"}, "steps": steps, "in_force": "true"},
        "percent": plain
        | {
            "measure": {"take": "percent", "of": [{"field": "grade", "not_in": ["b", "x"]}]},
            "steps": [{"up_to": "33", "share": "100", "reason": "x"}, {"share": "100", "reason": "x"}],
            "nature": "attention",
        },
    }
    wheres = {
        "is_there": {"field": "closed_on", "open": "true"},
        "kinds": {"field": "closed_on", "passed": "true"},
        "owed": {"field": "size", "at_least": "1", "at_most": "3"},
        "sized": {"field": "amount", "at_most": "5000.00"},
        "largest": {"field": "size", "filled": "false"},
        "smallest": {"field": "closed_on", "lasts": "true"},
        "latest": {"field": "grade", "filled": "true"},
        "first": {"field": "proven", "is_in": ["true"]},
        "how_many": {"field": "ways", "is_in": ["2", "5"]},
        "left": {"field": "ways", "not_in": ["9"]},
    }
    measures = {name: one | ({"where": [wheres[name]]} if name in wheres else {}) for name, one in measures.items()}
    told = {name: builders.an_indicator(**changes) for name, changes in measures.items()}
    for one in told.values():
        one["weight"] = (
            one["weight"] if one["weight"] is twice else [{"since": "2024-01-01", "points": "20", "set_by": "甲"}]
        )
    return builders.a_model(
        told,
        base=str(1000 - 20 * len(told)),
        effective={"since": "2024-01-01"},
        scale="1000",
        vetoes={
            "closed": {
                "reads": "matters",
                "nature": "breach",
                "where": [{"field": "closed_on", "open": "true"}, {"field": "size", "at_least": "5"}],
                "title": "否决",
                "reason": "否决",
                "basis": "示例",
            }
        },
        caps={
            "large": {
                "reads": "matters",
                "nature": "breach",
                "window": {"field": "taken_on", "months": "13"},
                "where": [{"field": "amount", "at_least": "9000"}],
                "title": "上限",
                "reason": "上限",
                "basis": "示例",
                "at_most": "C",
            }
        },
        ended={
            "gone": {
                "reads": "matters",
                "where": [{"field": "grade", "is_in": ["z"]}],
                "title": "不再评价",
                "reason": "已结束",
            }
        },
        thin_file={
            "grade": "—",
            "title": "数据不足",
            "reason": "太少",
            "items_at_least": "2",
            "known_for": {"indicator": "first", "at_least": "730"},
        },
    )


def model_of_every_word() -> Bound:
    """Weights change on the way, so no scale fits every day: this one model is bound without the loader's sums."""
    from xinqiao.evaluation import binding

    model = builders.said(every_word())
    city = builders.a_city()
    faults = [message for _, message in binding.faults(model, city) if "不等于" not in message]
    assert faults == []
    return binding.bind(model, city)


def values(field: ReadField, days: Sequence[date]) -> st.SearchStrategy[Any]:
    """Small ranges, so that ties, repeats and the bounds of steps come up all the time; nothing, quite often."""
    codes = list(field.titles)
    match field.type:
        case FieldType.CODE if field.several:
            some: st.SearchStrategy[Any] = st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True)
        case FieldType.INTEGER:
            some = st.integers(-1, 6)
        case FieldType.MONEY_YUAN | FieldType.MONEY_WAN:
            some = st.sampled_from(["0", "0.01", "100.50", "100.51", "5000", "9000", "10000", "10000.01", "200000"])
            some = some.map(Decimal)
        case FieldType.DATE:
            some = st.sampled_from(days)
        case FieldType.BOOLEAN:
            some = st.booleans()
        case _:
            some = st.sampled_from([*codes, "其他"] if codes else ["a", "b", "x", "z"])
    return st.none() | some | some | some | some


@st.composite
def files(draw: st.DrawFn, bound: Bound) -> tuple[dict[str, list[Row]], date]:
    """Facts about two subjects on every item the model reads, and the day; on few days, so that ties are frequent."""
    on = draw(st.sampled_from(ONS))
    days = [on - timedelta(days=back) for back in draw(st.lists(st.sampled_from(TURNS), min_size=2, max_size=4))]
    number, made = 0, {}
    for item, read in bound.items.items():
        rows = []
        for _ in range(draw(st.integers(0, 9))):
            number += 1
            held = {name: draw(values(f, days)) for name, f in read.fields.items()}
            since, until = (draw(st.none() | st.sampled_from(days)) for _ in range(2))
            rows.append(
                Row(number, draw(st.sampled_from((1, 2))), draw(st.sampled_from(STANDINGS)), since, until, held)
            )
        made[item] = rows
    return made, on


def expected(
    bound: Bound, rows: Mapping[str, Sequence[Row]], on: date, there: frozenset[str], subject: int
) -> by_hand.Result:
    mine = {item: [row for row in some if row.subject_id == subject] for item, some in rows.items()}
    return by_hand.grade(bound, mine, on, there)


def sheet(counted: Counted, bound: Bound, name: str) -> by_hand.Sheet:
    """The engine's cells in the clerk's form: money as numbers."""
    indicator = bound.model.indicators.get(name)
    value: Any = counted.value if counted.count else None
    if isinstance(indicator, Indicator) and isinstance(value, str) and measuring.is_money(bound, indicator):
        value = Decimal(value)
    return by_hand.Sheet(counted.count, value, counted.day, counted.bin, counted.points, counted.facts)


def same(bound: Bound, outcome: Outcome, result: by_hand.Result) -> None:
    assert {name: sheet(one, bound, name) for name, one in outcome.counted.items()} == dict(result.sheets)
    found = (outcome.state, outcome.rank, outcome.score, outcome.points)
    assert found == (result.state, result.rank, result.score, result.points)


def compared(
    model: Runnable, rows: Mapping[str, Sequence[Row]], on: date, there: frozenset[str], whom: Sequence[int] = (1, 2)
) -> None:
    subjects = [SubjectId(n) for n in whom]
    known = Known(on, builders.frames(model.bound, rows), there)
    undisputed = {item: [row for row in some if row.standing != "disputed"] for item, some in rows.items()}
    scored = score(model, subjects, known)
    assert [one.subject_id for one in scored] == subjects
    for one in scored:
        same(model.bound, one.outcome, expected(model.bound, rows, on, there, one.subject_id))
        if one.without is not None:
            same(model.bound, one.without, expected(model.bound, undisputed, on, there, one.subject_id))


SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
EVERY_WORD = model_of_every_word()


@cache
def ready() -> Runnable:
    """Compiled once, and when a test asks for it: every process of a run reads this module, and one of them runs it."""
    return trying.runnable(EVERY_WORD)


@SLOW
@given(file=files(EVERY_WORD), silent=st.booleans())
def test_every_word_of_the_language_means_the_same_to_both_engines(
    file: tuple[dict[str, list[Row]], date], silent: bool
) -> None:
    compared(ready(), *file, frozenset() if silent else frozenset(EVERY_WORD.items))


def told_apart_by_a_code() -> Bound:
    """Every measure there is, of one code, of two, of others and of all: what they share is added up once."""
    every = every_word()["indicators"]
    codes = {"a": ["a"], "ab": ["a", "b"], "bz": ["b", "z"], "all": None}
    worths = (
        "how_many",
        "fading",
        "owed",
        "largest",
        "smallest",
        "first",
        "last",
        "left",
        "percent",
        "kinds",
        "latest",
    )
    told = {
        f"{name}_{of}": every[name] | _of_codes(every[name], named) for name in worths for of, named in codes.items()
    }
    return builders.bound(builders.a_model(told, effective={"since": "2024-01-01"}))


def _of_codes(one: Mapping[str, Any], codes: list[str] | None) -> dict[str, Any]:
    """The same of some codes only, worth one point whatever comes out: what is compared is what was measured."""
    left = [where for where in one.get("where", ()) if where["field"] != "grade"]
    point = {"share": "100", "reason": "x"}
    return {
        "where": [{"field": "grade", "is_in": codes}, *left] if codes else left,
        "weight": [{"since": "2024-01-01", "points": "1", "set_by": "甲"}],
        "none": point,
        "silent": point,
        "steps": [point],
    }


TOLD_APART = told_apart_by_a_code()


@cache
def told_apart_ready() -> Runnable:
    return trying.runnable(TOLD_APART)


@settings(SLOW, max_examples=25)
@given(file=files(TOLD_APART))
def test_what_is_added_up_by_a_code_first_comes_to_the_same(file: tuple[dict[str, list[Row]], date]) -> None:
    plan = grouping.plan(TOLD_APART, "matters")
    assert (plan.telling, plan.kinds) == ("grade", (("a",), ("b",), ("z",)))
    assert len(plan.conditions) < len(plan.places) / 3
    compared(told_apart_ready(), *file, frozenset(TOLD_APART.items))


@pytest.mark.parametrize("bound", [EVERY_WORD, TOLD_APART], ids=["every word", "told apart by a code"])
def test_polars_comes_to_the_same_from_the_very_expression(bound: Bound) -> None:
    """An engine that reads no SQL at all, over forty subjects. Of no facts one has an empty list where one has none."""
    compiled, chance = compiling.once(bound), Random(20261129)
    for on in ONS[1:3]:
        frames = {f"facts_{item}": one for item, one in builders.frames(bound, a_crowd(bound, chance, on)).items()}
        frames["subjects"] = pl.DataFrame({"subject_id": range(1, CROWD + 1)})
        frames["run"] = pl.DataFrame({"on_date": [on], "delivered_matters": [chance.random() < 0.5]})
        tables = {name: engine.fitted(frames[name], columns) for name, columns in compiled.tables.items()}
        connection: Any = ibis.polars.connect(tables)
        found = engine.in_order(connection.to_polars(compiled.expression))
        told = engine.run(compiled.sql, compiled.tables, frames)
        without = cs.list().fill_null([])
        assert_frame_equal(found.with_columns(without), told.with_columns(without), check_dtypes=False)


def test_month_windows_end_on_the_corresponding_day_or_the_months_last() -> None:
    """民法典 §202, over leap years and short months, against the calendar itself."""
    model = builders.ready(
        builders.a_model({"matters": builders.an_indicator(window={"field": "taken_on", "months": "12"})})
    )
    starts = [date(2024, 1, 28) + timedelta(days=n) for n in range(40)]
    for on in [date(2025, 1, 28) + timedelta(days=n) for n in range(0, 40, 3)]:
        rows = [builders.a_row(n + 1, taken_on=start) for n, start in enumerate(starts)]
        (scored,) = score(model, [SubjectId(1)], builders.knowing(model.bound, *rows, on=on))
        counted = {starts[fact - 1] for fact in scored.outcome.counted["matters"].facts}
        assert counted == {s for s in starts if s <= on <= by_hand.months_after(s, 12)}


def city_models() -> list[str]:
    return sorted(p.parent.name for p in (builders.ROOT / "cities/pingdingshan/models").glob("*/model.yml"))


@pytest.mark.parametrize("name", city_models())
def test_the_citys_own_models_mean_the_same_to_both_engines(name: str) -> None:
    """Forty subjects at once: a model this wide takes the engine a moment to plan, however many there are."""
    bound = model_files.load(catalogue.load(builders.ROOT / "cities/pingdingshan"))[name].bound
    ready = trying.runnable(bound)

    @settings(SLOW, max_examples=4)
    @given(seed=st.integers(0, 2**32), there=st.frozensets(st.sampled_from(sorted(bound.items))))
    def agree(seed: int, there: frozenset[str]) -> None:
        chance = Random(seed)
        on = chance.choice([day for day in ONS if day >= bound.model.effective.since])
        compared(ready, a_crowd(bound, chance, on), on, there or frozenset(bound.items), range(1, CROWD + 1))

    agree()


def a_crowd(bound: Bound, chance: Random, on: date) -> dict[str, list[Row]]:
    """Facts about forty subjects, none to six an item each, on the days that matter."""
    days = [on - timedelta(days=back) for back in (*TURNS, 365, 366, 1825, 1826, 1827)]
    number = itertools.count(1)
    return {
        item: [
            Row(
                next(number), subject, chance.choice(STANDINGS), chance.choice(days), chance.choice([None, *days]), some
            )
            for subject in range(1, CROWD + 1)
            for some in chance.choices(rows_of(read, chance, days), k=chance.choice([0, 0, 1, 1, 2, 6]))
        ]
        for item, read in bound.items.items()
    }


def rows_of(read: ReadItem, chance: Random, days: Sequence[date]) -> list[dict[str, Any]]:
    def value(field: ReadField) -> Any:
        match field.type:
            case FieldType.CODE if field.several:
                return chance.sample(sorted(field.titles), chance.choice([1, 1, 2, 3]))
            case FieldType.INTEGER:
                return chance.choice([0, 3, 10, 11, 50, 51, 200, 1000, 1001])
            case FieldType.MONEY_YUAN | FieldType.MONEY_WAN:
                return Decimal(chance.choice(["0.01", "5000", "5000.01", "10000", "100000.01", "500000", "1000000"]))
            case FieldType.DATE:
                return chance.choice(days)
            case FieldType.BOOLEAN:
                return chance.random() < 0.8
            case _:
                return chance.choice([*field.titles, "甲", "乙"])

    return [{name: value(f) if chance.random() < 0.85 else None for name, f in read.fields.items()} for _ in range(40)]
