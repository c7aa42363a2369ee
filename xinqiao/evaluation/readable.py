"""What evaluation may read at all: the items, fields and rows a public grade may ever be made of. Pure.

The same classes that `lawfulness` holds every model to (条例 §10, §18, §27), taken over the whole catalogue: a snapshot
of the city holds this and no more. Secret fields, market information and what needs a grant are in none.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from xinqiao.catalogue import City
from xinqiao.catalogue.meaning import field_class
from xinqiao.catalogue.schema import FieldType, Item, Nature
from xinqiao.evaluation import binding
from xinqiao.evaluation.expressions import ibis
from xinqiao.evaluation.lawfulness import PERSONAL, PUBLIC
from xinqiao.evaluation.selecting import every, shared

Fields = Mapping[str, FieldType]
_UTILITY: Final = "utility"


def items(city: City) -> dict[str, Fields]:
    """Each item a model may name, with the fields it may name and those the catalogue itself needs to class a row."""
    return {name: _fields(item) for name, item in sorted(city.items.items()) if _may_read(item, city)}


def _may_read(item: Item, city: City) -> bool:
    return (
        item.whole
        and item.withdrawn is None
        and item.called is None
        and item.nature is Nature.PUBLIC
        and item.sharing.classed in PUBLIC
        and not any(city.sources[name].kind == _UTILITY for name in item.sources if name in city.sources)
    )


def _fields(item: Item) -> Fields:
    needed = set(_of_law(item))
    return {
        name: field.type
        for name, field in sorted(item.fields.items())
        if name in needed or (field_class(item, name) in PUBLIC and field.type not in PERSONAL)
    }


def _of_law(item: Item) -> Iterator[str]:
    """The fields by which the catalogue tells a row's nature and class: without them no row could be judged."""
    for conditions in (*(case.when for case in item.adverse.cases), *(case.when for case in item.sharing.cases)):
        yield from (when.field for when in conditions)


def rows_sql(city: City, item: Item, columns: Mapping[str, str]) -> str | None:
    """SQL that keeps of table `rows` those a public grade may read; None where it may read every row of the item."""
    rows = ibis.table(dict(columns), name="rows")
    conditions = shared(binding.read_item(city, item, sorted(set(_of_law(item)))), rows)
    return str(ibis.to_sql(rows.filter(every(conditions).fill_null(False)), dialect="duckdb")) if conditions else None
