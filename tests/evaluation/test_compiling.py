"""One expression, the same everywhere, frozen as text."""

from datetime import date
from typing import Any

import ibis
import polars as pl
import pytest

from tests.evaluation import builders
from xinqiao import catalogue
from xinqiao.evaluation import adopting, compiling, engine, grouping, marks, model_files, portability, trying
from xinqiao.evaluation.errors import NotPortable
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.scoring import score
from xinqiao.kernel.ids import SubjectId

TABLE = ibis.table(
    {"n": "int64", "m": "int64", "text": "string", "day": "date", "amount": "decimal(18, 2)", "at": "timestamp"},
    name="t",
)


# Of the model below. It may change with a release of ibis or sqlglot, never from one process to the next.
DIGEST = "688a9d69dd96613bab17518e0b7cc0417cbe3759e8b3a4a5d624aeb243dc3675"


def test_the_same_model_compiles_to_the_same_text_in_every_process() -> None:
    one, again = (compiling.compile(builders.bound()) for _ in range(2))
    assert one.sql == again.sql
    assert one.digest == again.digest == DIGEST


def test_another_weight_is_another_text() -> None:
    weight = [{"since": "2026-01-01", "points": "120", "set_by": "示例"}]
    other = builders.a_model({"matters": builders.an_indicator(weight=weight)})
    assert compiling.compile(builders.bound()).digest != compiling.compile(builders.bound(other)).digest


def test_the_expression_runs_through_ibis_as_the_frozen_text_runs_without_it() -> None:
    """Holds the versions together: ibis 12 with a newer DuckDB or sqlglot imports well, and then cannot do this."""
    bound = builders.bound()
    compiled = compiling.compile(bound)
    rows = [builders.a_row(1), builders.a_row(2, subject=2, standing="disputed"), builders.a_row(3, subject=2)]
    frames = {
        "subjects": pl.DataFrame({"subject_id": [1, 2, 3]}),
        "run": pl.DataFrame({"on_date": [builders.ON], "delivered_matters": [True]}),
        "facts_matters": builders.frame(bound, "matters", rows),
    }
    connection: Any = ibis.duckdb.connect()
    for name, columns in compiled.tables.items():
        connection.create_table(name, engine.fitted(frames[name], columns))
    by_ibis = connection.to_polars(compiled.expression).sort("subject_id")
    by_text = engine.run(compiled.sql, compiled.tables, frames)
    assert by_ibis.cast(by_text.schema).equals(by_text)


def test_a_weight_changes_on_its_day_without_another_compilation() -> None:
    weight = [
        {"since": "2026-01-01", "points": "100", "set_by": "甲"},
        {"since": "2027-01-01", "points": "200", "set_by": "乙"},
    ]
    other = builders.an_indicator(
        nature=None,
        window=None,
        measure={"take": "exists"},
        weight=[weight[1] | {"since": "2026-01-01"}, weight[0] | {"since": "2027-01-01"}],
        steps=[{"share": "100", "reason": "有"}],
    )
    written = builders.a_model({"matters": builders.an_indicator(weight=weight), "other": other}, base="700")
    model = builders.ready(written)
    rows = [builders.a_row(taken_on=date(2026, 12, 1))]
    found = {}
    for on in (date(2026, 12, 31), date(2027, 1, 1)):
        (scored,) = score(model, [SubjectId(1)], builders.knowing(model.bound, *rows, on=on))
        found[on.year] = (scored.outcome.counted["matters"].points, scored.outcome.counted["other"].points)
    assert found == {2026: (50, 200), 2027: (100, 100)}


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("division", TABLE.n / TABLE.m),
        ("whole division by what may be nought", TABLE.n // TABLE.m),
        ("hash", TABLE.text.hash()),
        ("upper case", TABLE.text.upper()),
        ("substring", TABLE.text.substr(0, 2)),
        ("logarithm", TABLE.n.log10()),
        ("rounding cast", TABLE.amount.cast("int64")),
        ("text read as a number", TABLE.text.cast("int64")),
        ("floating number", TABLE.n.cast("float64")),
        ("time stamp", TABLE["at"]),
        ("months between", TABLE.day.delta(ibis.date(2026, 1, 1), unit="month")),
        ("four places", TABLE.amount.cast("decimal(18, 4)")),
        ("now", ibis.now()),
        ("chance", ibis.random()),
        ("mean", TABLE.amount.mean()),
    ],
)
def test_what_engines_do_not_agree_about_is_refused(name: str, expression: Any) -> None:
    with pytest.raises(NotPortable):
        portability.check(expression)


def test_whole_division_by_what_cannot_be_nought_is_let_through() -> None:
    portability.check(TABLE.n // TABLE.m.nullif(0))


def test_one_subject_is_graded_as_it_is_among_a_thousand() -> None:
    model = builders.ready()
    rows = [builders.a_row(n, subject=n % 1000 + 1, taken_on=date(2026, 1, n % 28 + 1)) for n in range(1, 2000)]
    everybody = score(model, [SubjectId(n) for n in range(1, 1001)], builders.knowing(model.bound, *rows))
    mine = [row for row in rows if row.subject_id == 77]
    (alone,) = score(model, [SubjectId(77)], builders.knowing(model.bound, *mine))
    assert everybody[76] == alone


def test_a_model_compiles_to_what_was_frozen_whether_its_file_has_it_or_the_log() -> None:
    """The file's own order and the canonical one differ; what one wrote the other must read."""
    for file in model_files.load(catalogue.city()).values():
        frozen = Bound.model_validate_json(adopting.canonical(file.bound))
        assert all(grouping.plan(frozen, item) == grouping.plan(file.bound, item) for item in frozen.items)
        assert compiling.compile(frozen).digest == trying.runnable(file.bound).sql_sha256


def test_what_a_model_frozen_with_a_bit_for_each_selection_kept_can_still_be_read() -> None:
    meaning = marks.meanings(builders.bound(), ["m0_matters", "subject_id"])["m0_matters"]
    assert marks.facts_of([7 * marks.BITS_OVER + 1, 8 * marks.BITS_OVER], meaning) == {"matters": [7]}
