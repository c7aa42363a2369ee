"""Which fields of the catalogue a model reads, its own conditions and the law's together."""

from collections.abc import Iterator

from xinqiao.evaluation.language import Indicator, Model, Percent, ReadItem, Selection
from xinqiao.evaluation.measuring import dated_by, fields_needed


def items_read(model: Model) -> list[str]:
    """Every item, once, in the order of their names."""
    return sorted({selection.reads for _, selection in model.selections()})


def fields_named(selection: Selection) -> Iterator[str]:
    """The fields the model itself names."""
    yield from (where.field for where in selection.where)
    if selection.window is not None:
        yield selection.window.field
    if (dated := dated_by(selection)) is not None:
        yield dated
    if isinstance(selection, Indicator):
        yield from fields_needed(selection.measure)
        if isinstance(selection.measure, Percent):
            yield from (where.field for where in selection.measure.of)


def fields_read(model: Model, item: ReadItem, name: str) -> set[str]:
    """Those, and the ones the catalogue needs to tell a row's nature and class."""
    whens = [case.when for case in item.adverse.cases] + [case.when for case in item.classed]
    of_law = {when.field for conditions in whens for when in conditions}
    return of_law.union(*(fields_named(one) for _, one in model.selections() if one.reads == name))
