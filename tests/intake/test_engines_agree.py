"""Two engines on one catalogue: whatever a row holds, both find the same faults and read the same values."""

from collections import defaultdict
from datetime import date
from functools import cache

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import TRIES_OTHERS
from tests.intake import sql_engine
from tests.intake.builders import a_code
from xinqiao import catalogue
from xinqiao.catalogue.schema import RowCase
from xinqiao.intake import cases
from xinqiao.intake.reading.blocks import LINE, OFFSET, Block
from xinqiao.intake.rules import headers, rows
from xinqiao.intake.rules.compiling import compile_item

ON = date(2026, 7, 15)
# What costs is putting the rules together, and a row more costs next to nothing.
ROWS, EXAMPLES = (12, 24) if TRIES_OTHERS else (24, 4)
WHOLE = [item.item for item in catalogue.city().whole_items()]

NAUGHTY = (
    *(
        "",
        " ",
        "　",
        "\u200b",
        "\\N",
        "NULL",
        "null",
        "--",
        "—",
        "无",
        "0",
        "-0",
        "00",
        "1",
        "-1",
        "+1",
        "1.",
        ".5",
        "1e5",
        "１２．５",
    ),
    *(
        "1,234.50",
        "12,34",
        "1 000",
        "99999999999999999",
        "0.001",
        "0.000001",
        "0.0000001",
        "1.230000",
        "-0.00",
        "约三万",
        "5元",
    ),
    *(
        "2026-03-31",
        "2026-3-1",
        "2026/3/1",
        "20260331",
        "2026.3.1",
        "2026年3月1日",
        "2026-02-30",
        "2026-13-01",
        "0001-01-01",
    ),
    *(
        "9999-09-09",
        "9999-12-31",
        "2099-12-31",
        "1899-01-01",
        "2026-07-15",
        "2026-07-16",
        "2026-03-31 00:00:00",
        "2026-03-31 08:00",
    ),
    *(
        "2026-03",
        "202603",
        "2026/3",
        "2026年3月",
        "2026-00",
        "2026",
        "0999",
        "是",
        "否",
        "true",
        "TRUE",
        "Y",
        "y",
        "N",
        "真",
    ),
    *(
        "91410402MA40TE5TXF",
        "91410402ma40te5txf",
        "９１４１０４０２ＭＡ４０ＴＥ５ＴＸＦ",
        " 91410402MA40TE5TXF ",
        "91410402MA40TE5TXG",
    ),
    *(
        "92410403MA41AB122Q",
        "93410421MA3XQ0C19R",
        "12410400MB0000000X",
        "91410402MA40TE5TX",
        "91410402MAI0TE5TXF",
        "410402100012345",
    ),
    *(
        "11010519491231002X",
        "11010519491231002x",
        "110105194912310021",
        "110105491231002",
        "110105490231002",
        "000000194912310021",
    ),
    *(
        "12345678-9",
        "MA40TE5T-X",
        "MA40TE5TX",
        "410402",
        "４１０４０２",
        "410412",
        "320100",
        "F5212",
        "5212",
        "A5212",
        "F",
        "Z",
        "99",
    ),
    *(
        "13800000000",
        "0375-2660000",
        "1",
        "ß",
        "İ",
        "ﬁ",
        "𠮷䶮",
        "a'b",
        'a"b',
        "a\\b",
        "a\nb",
        "a\tb",
        "=1+1",
        "\u202eabc",
        "e\u0301",
    ),
)


@cache
def good_rows(name: str) -> list[RowCase]:
    return list(catalogue.cases_of(catalogue.city(), name))


@st.composite
def a_file(draw: st.DrawFn, name: str) -> list[dict[str, str]]:
    """Rows that are near enough to good ones that most rules are reached."""
    item = catalogue.city().item(name)
    words = st.sampled_from(NAUGHTY)
    for_codes = [
        text
        for field in item.fields.values()
        if field.codes
        for code, value in catalogue.city().codes[field.codes].values.items()
        for text in (code, value.title, *value.also)
    ]
    cell = st.one_of(words, st.text(max_size=6), *([st.sampled_from(for_codes)] if for_codes else []))
    found = []
    for _ in range(draw(st.integers(1, ROWS))):
        case = draw(st.sampled_from(good_rows(name)))
        columns = headers.match(list(case.row), item).of
        row = {field: list(case.row.values())[number] for field, number in columns.items()}
        spoiled = draw(st.lists(st.sampled_from(list(item.fields)), max_size=3))
        found.append(row | {field: draw(cell) for field in spoiled})
    return found


@pytest.mark.parametrize("name", WHOLE)
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data())
def test_both_engines_judge_alike(name: str, data: st.DataObject) -> None:
    sent = data.draw(a_file(name))
    city, item = catalogue.city(), catalogue.city().item(name)
    fields = list(item.fields)
    cells = pl.DataFrame({str(n): [row.get(f, "") for row in sent] for n, f in enumerate(fields)})
    lines = pl.Series(LINE, range(2, len(sent) + 2), pl.Int64)
    block = Block(
        cells.insert_column(0, lines).insert_column(1, lines.alias(OFFSET)), frozenset(range(len(fields))), ()
    )
    judged = rows.judge(block, headers.match(fields, item), compile_item(item, city, on=ON))
    raw = cells.drop(OFFSET).rename({str(n): f for n, f in enumerate(fields)})
    findings, values = sql_engine.judged(raw, item, city, ON)
    assert set(judged.findings.select(LINE, "field", "rule").rows()) == findings
    said = {row[LINE]: {f: row[f] for f in fields} for row in judged.passed.rows(named=True)}
    assert {line: sql_engine.as_text(row) for line, row in said.items()} == values


@pytest.mark.parametrize("name", WHOLE)
def test_every_case_of_the_catalogue_comes_out_as_it_says(name: str) -> None:
    city = catalogue.city()
    for case in good_rows(name):
        assert cases.disagreements(city, city.item(name), case) == [], case.name


@pytest.mark.parametrize("name", WHOLE)
def test_every_case_of_the_catalogue_comes_out_as_it_says_in_sql_too(name: str) -> None:
    city, item = catalogue.city(), catalogue.city().item(name)
    together: defaultdict[tuple[date, tuple[str, ...]], list[tuple[RowCase, dict[str, str]]]] = defaultdict(list)
    for case in good_rows(name):
        columns = headers.match(list(case.row), item).of
        row = {field: list(case.row.values())[number] for field, number in columns.items()}
        together[case.on, tuple(sorted(row))].append((case, row))
    for (on, _), sent in together.items():
        table = pl.DataFrame([{LINE: line, **row} for line, (_, row) in enumerate(sent)])
        found, _ = sql_engine.judged(table, item, city, on)
        for line, (case, _) in enumerate(sent):
            assert {f"{field}:{rule}" for at, field, rule in found if at == line} == set(case.findings), case.name


def test_codes_are_not_taken_for_numbers() -> None:
    assert a_code(0).startswith("91410402MA000000")
