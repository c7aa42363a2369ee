"""From the indicators over one item to one expression over its facts, and its SQL: one row a subject that has any.

One subject or the whole city is only the size of the table. Whose facts these may be, and which of their rows and
fields whoever asks may be told, is decided before: what is in the table is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xinqiao.evaluation import indicator_measuring, marks
from xinqiao.evaluation.compiling import DIALECT, ENVELOPE
from xinqiao.evaluation.expressions import ibis
from xinqiao.evaluation.indicator_language import CataloguedIndicator
from xinqiao.evaluation.indicator_measuring import ANCHOR
from xinqiao.evaluation.language import COUNTED_STANDINGS, ReadItem
from xinqiao.evaluation.selecting import Expr, asked_for, day_of, dtype_of, every, with_days

FACTS: Final = "facts"
RUN: Final = "run"
Named = Mapping[str, CataloguedIndicator]
Word = tuple[str, list[str]]  # a column, and the indicators it has a bit for


@dataclass(frozen=True, slots=True)
class ItemCompiled:
    """`sql` reads `tables` and gives of each indicator `n_`, `v_`, `d_` (count, value, day number of the newest fact);
    `words` are the columns that say which facts counted for which (`marks`)."""

    sql: str
    tables: dict[str, dict[str, str]]
    words: Mapping[str, marks.Meaning]


def compile_item(item: ReadItem, mine: Named) -> ItemCompiled:
    """Refuses with `NotPortable` whatever engines would not agree about."""
    from xinqiao.evaluation import portability  # in Ibis's own words: as late as Ibis itself

    tables, words = _tables(item), tuple(_words(sorted(mine)))
    expression = _measured(
        item, mine, words, {name: ibis.table(columns, name=name) for name, columns in tables.items()}
    )
    portability.check(expression)
    meanings = {column: marks.bit_each(names) for column, names in words}
    return ItemCompiled(str(ibis.to_sql(expression, dialect=DIALECT)), tables, meanings)


def _tables(item: ReadItem) -> dict[str, dict[str, str]]:
    fields = {name: dtype_of(field) for name, field in sorted(item.fields.items())}
    return {FACTS: ENVELOPE | fields, RUN: {"on_date": "date", ANCHOR: "int64"}}


def _words(names: list[str]) -> list[Word]:
    starts = range(0, len(names), marks.BITS)
    return [(f"m{place}", names[start : start + marks.BITS]) for place, start in enumerate(starts)]


def _measured(item: ReadItem, mine: Named, words: tuple[Word, ...], tables: Mapping[str, Expr]) -> Expr:
    rows = indicator_measuring.with_months(with_days(tables[FACTS].cross_join(tables[RUN])))
    rows = rows.mutate(**{f"s_{name}": _counts(item, one, rows) for name, one in sorted(mine.items())})
    rows = rows.mutate(**{column: marks.marked(rows, names) for column, names in words})
    columns: dict[str, Expr] = {}
    for name, one in sorted(mine.items()):
        flag = rows[f"s_{name}"]
        columns[f"n_{name}"] = rows.count(where=flag)
        columns[f"v_{name}"] = indicator_measuring.value(item, one, rows, flag)
        columns[f"d_{name}"] = day_of(rows, indicator_measuring.dated_by(one)).max(where=flag)
    for column, _ in words:
        columns[column] = rows[column].collect(where=rows[column] > rows.fact_id * marks.BITS_OVER).sort()
    return rows.group_by(rows.subject_id).aggregate(**columns)


def _counts(item: ReadItem, one: CataloguedIndicator, rows: Expr) -> Expr:
    """Standing, what the selection asks, the months, and the fields the measure cannot do without."""
    asked = [rows.standing.isin(COUNTED_STANDINGS), *asked_for(item, one, rows)]
    asked += indicator_measuring.within(one.months, rows)
    asked += [rows[name].notnull() for name in indicator_measuring.fields_needed(one)]
    return every(asked).fill_null(False)
