"""Catalogued indicators: what they come to, told by hand and by the engine; bands; and what the lint refuses."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinqiao import catalogue
from xinqiao.catalogue.claim_meaning import Heard
from xinqiao.evaluation import indicator_files, indicator_lint, indicators, rows
from xinqiao.evaluation.indicator_files import Indicators
from xinqiao.evaluation.indicator_language import CataloguedIndicator, Growth, Mean, MonthsSeen, Newest, Ratio
from xinqiao.evaluation.indicators import Known, Reading, State, band
from xinqiao.kernel.ids import SubjectId

ON = date(2026, 11, 28)
SALES = "tax_declared_sales"
ASKED_BY_BANKS = 113  # what banks asked a sister city for


@pytest.fixture(scope="module")
def city_indicators() -> Indicators:
    return indicator_files.load(catalogue.city())


def test_the_catalogue_is_as_wide_as_banks_asked_and_every_case_comes_out(city_indicators: Indicators) -> None:
    assert len(city_indicators.catalogue.indicators) >= ASKED_BY_BANKS
    assert list(indicator_files.differences(catalogue.city(), city_indicators)) == []


def test_a_case_that_says_otherwise_is_named(city_indicators: Indicators) -> None:
    case = city_indicators.cases[0]
    wrong = case.model_copy(update={"expect": dict.fromkeys(list(case.expect)[:2], "4711")})
    changed = Indicators(city_indicators.catalogue, city_indicators.groups, city_indicators.group_of, (wrong,))
    assert len(list(indicator_files.differences(catalogue.city(), changed))) == 2


# ── bands ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_width(width: int) -> CataloguedIndicator:
    return (
        indicator_files.load(catalogue.city())
        .catalogue.indicators["declared_sales_12m"]
        .model_copy(update={"width": Decimal(width)})
    )


@given(
    st.one_of(st.integers(-(10**15), 10**15), st.decimals("-1e12", "1e12", places=2)),
    st.sampled_from([1, 5, 30, 10_000, 100_000]),
)
def test_a_value_lies_in_its_band_and_every_value_of_the_band_has_the_same(value: Any, width: int) -> None:
    told = band(of_width(width), value)
    assert told is not None
    assert told.low <= value < told.high
    assert told.high - told.low == width
    assert told.low % width == 0
    assert band(of_width(width), told.low) == told
    assert band(of_width(width), told.high - Decimal("0.01")) == told


# ── the engine and a clerk with a pencil ─────────────────────────────────────────────────────────────────────────────

Row = Mapping[str, Any]
MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025, 2026) for month in range(1, 13)]
MONEY = st.integers(0, 40_000).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
FILED = st.lists(
    st.fixed_dictionaries(
        {"period": st.sampled_from(MONTHS), "sales": MONEY, "tax_declared": MONEY},
        optional={"standing": st.sampled_from(["disputed", "repaired", "expired"]), "exempt_sales": MONEY},
    ),
    max_size=40,
    unique_by=lambda row: row["period"],
)


def by_hand(one: CataloguedIndicator, facts: Sequence[Row], newest: str) -> int | Decimal | None:
    counted = [row for row in facts if row.get("standing", "good") in ("good", "disputed")]
    back = {row["period"]: MONTHS.index(newest) - MONTHS.index(row["period"]) for row in counted}
    if one.months is not None:
        counted = [row for row in counted if 0 <= back[row["period"]] < one.months.last]
    match one.measure:
        case Newest(field=field):
            told = [row for row in counted if row.get(field)]
            return Decimal(max(told, key=lambda row: row["period"])[field]) if told else None
        case Mean(field=field):
            fen = [_fen(row, field) for row in counted if row.get(field)]
            return Decimal(sum(fen) // len(fen)) / 100 if fen else None
        case Ratio(field=field, to=to):
            both = [row for row in counted if row.get(field) and row.get(to)]
            whole = sum(_fen(row, to) for row in both)
            return sum(_fen(row, field) for row in both) * 100 // whole if whole else None
        case MonthsSeen():
            return len({row["period"] for row in counted if _meets(one, row)})
        case Growth(field=field, months=many, against=against):
            now = [row for row in counted if 0 <= back[row["period"]] < many and row.get(field)]
            then = [row for row in counted if against <= back[row["period"]] < against + many and row.get(field)]
            before = sum(_fen(row, field) for row in then)
            if len(now) < many or len(then) < many or not before:
                return None
            return (sum(_fen(row, field) for row in now) - before) * 100 // before
        case _:
            raise AssertionError(one.measure)


def _meets(one: CataloguedIndicator, row: Row) -> bool:
    return all(Decimal(row.get(where.field) or 0) >= (where.at_least or 0) for where in one.where)


def _fen(row: Row, field: str) -> int:
    return int(Decimal(row[field]) * 100)


def measured(names: Sequence[str], files: Mapping[int, Sequence[Row]], newest: str = "2026-10") -> Any:
    """Each subject's rows as facts, numbered as they are written."""
    item = catalogue.city().item(SALES)
    made: list[dict[str, Any]] = []
    for subject, filed in files.items():
        made += [rows.row(item, row, len(made) + 1 + place, subject) for place, row in enumerate(filed)]
    known = Known(ON, {SALES: rows.frame(item, made)}, {SALES: Heard.ANSWERED}, {SALES: newest})
    found = indicator_files.load(catalogue.city()).catalogue
    return indicators.measure(found, names, [SubjectId(one) for one in files], known)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(FILED, min_size=8, max_size=8), st.sampled_from(MONTHS[24:]))
def test_the_engine_comes_to_what_a_clerk_does(filed: list[list[Row]], newest: str) -> None:
    all_of = indicator_files.load(catalogue.city()).catalogue.of_item(SALES)
    new = {n: o for n, o in all_of.items() if isinstance(o.measure, Newest | Mean | Ratio | MonthsSeen | Growth)}
    assert len(new) > 10
    files = dict(enumerate(filed, start=1))
    for subject, readings in measured(list(new), files, newest).items():
        for name, one in new.items():
            expected = by_hand(one, files[int(subject)], newest)
            got = readings[name].value
            assert (got or 0) == (expected or 0) if one.none == "zero" else got == expected, (name, files[int(subject)])


def test_one_business_comes_to_the_same_alone_and_in_the_city() -> None:
    filed = {n: [{"period": m, "sales": f"{n}00.00", "tax_declared": "1.00"} for m in MONTHS[-9:-2]] for n in (1, 2, 3)}
    names = ["declared_sales_12m", "declared_sales_growth_3m", "declared_tax_burden_12m"]
    together = measured(names, filed)
    for subject, mine in filed.items():
        alone = measured(names, {subject: mine})
        assert [one.value for one in alone[subject].values()] == [one.value for one in together[subject].values()]


# ── what is not known, and what is disputed ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("heard", "state", "value"),
    [(Heard.ANSWERED, State.NONE, 0), (Heard.SILENT, State.SILENT, None), (Heard.STALE, State.STALE, None)],
)
def test_nothing_is_nought_only_where_the_source_has_spoken_in_time(
    heard: Heard, state: State, value: int | None, city_indicators: Indicators
) -> None:
    known = Known(ON, {}, {"administrative_penalty": heard}, {})
    [readings] = indicators.measure(city_indicators.catalogue, ["penalties_total"], [SubjectId(1)], known).values()
    assert readings["penalties_total"] == Reading("penalties_total", state, value)


def test_what_is_disputed_counts_and_it_is_said_what_it_would_be_without() -> None:
    filed = [
        {"period": "2026-10", "sales": "500.00", "tax_declared": "1.00"},
        {"period": "2026-09", "sales": "300.00", "tax_declared": "1.00", "standing": "disputed"},
    ]
    reading = measured(["declared_sales_12m"], {1: filed})[1]["declared_sales_12m"]
    assert (reading.value, reading.facts, reading.disputed) == (Decimal(800), (1, 2), (2,))
    assert reading.newest == date(2026, 10, 1)
    assert reading.without is not None
    assert reading.without.value == Decimal(500)


# ── what the lint refuses ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("tax_credit_newest", {"polarity": "higher_is_better"}, "代码没有高低"),
        ("penalties_12m", {"type": "money"}, "这样取出来的是 count"),
        ("penalties_12m", {"unit": None}, "缺少单位"),
        ("penalties_12m", {"window": {"field": "authority", "months": "12"}}, "日期"),
        ("penalties_12m", {"nature": None, "where": []}, "不算不利信息"),
        ("declared_sales_12m", {"width": "100"}, "不能小于 10000"),
        ("customers_12m", {"width": "1"}, "不能小于 5"),
        ("fines_12m", {"unit": "万元"}, "单位应是“元”"),
        ("penalties_12m", {"reads": "patent"}, "尚未完整定义"),
        ("penalties_12m", {"reads": "credit_repair"}, "只在政府部门之间共享"),
        ("registration_status_code", {"measure": {"take": "newest", "field": "legal_person_name"}}, "个人信息"),
        ("electricity_owed_count", {"nature": None}, "没有确认的欠费"),
        ("fines_12m", {"where": [{"field": "is_final", "is_in": ["no"]}]}, "true 或 false"),
    ],
)
def test_an_indicator_that_is_not_fit_to_be_told_is_refused(
    name: str, change: dict[str, Any], said: str, city_indicators: Indicators
) -> None:
    written = city_indicators.catalogue.indicators[name].model_dump(mode="json") | change
    one = CataloguedIndicator.model_validate(_texts(written))
    assert any(said in fault for _, fault in indicator_lint.faults(name, one, catalogue.city()))


def _texts(value: Any) -> Any:
    """As a file has it: every number and every yes and no as text."""
    match value:
        case dict():
            return {key: _texts(one) for key, one in value.items() if one is not None}
        case list():
            return [_texts(one) for one in value]
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def test_two_that_measure_the_same_are_one_too_many(city_indicators: Indicators) -> None:
    one = city_indicators.catalogue.indicators["penalties_12m"]
    other = one.model_copy(update={"code": "CF-999", "title": "另一个名字", "title_en": "Another name"})
    assert [said for _, said in indicator_lint.twins({"penalties_12m": one, "again": other})] == [
        "含义与 penalties_12m 相同"
    ]
