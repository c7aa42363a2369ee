"""A model meets the catalogue: what it reads is looked up, checked, and frozen with it."""

from collections.abc import Iterable, Iterator

from xinqiao.catalogue import City
from xinqiao.catalogue.schema import Item, ItemField
from xinqiao.evaluation import lawfulness, soundness
from xinqiao.evaluation.language import Bound, Model, ReadField, ReadItem
from xinqiao.evaluation.reading import fields_read, items_read

Place = tuple[str | int, ...]


def faults(model: Model, city: City) -> Iterator[tuple[Place, str]]:
    """Everything for which this model cannot be used in this city."""
    yield from lawfulness.faults(model, city)
    yield from soundness.faults(model, dict(city.items))
    yield from _unknown_codes(model, city)


def bind(model: Model, city: City) -> Bound:
    """The model with what it takes from the catalogue; `faults` must have found nothing."""
    return Bound(model=model, items={name: _of_model(model, city, city.items[name]) for name in items_read(model)})


def _of_model(model: Model, city: City, item: Item) -> ReadItem:
    return read_item(city, item, sorted(fields_read(model, read_item(city, item, ()), item.item)))


def read_item(city: City, item: Item, names: Iterable[str]) -> ReadItem:
    """The item with these of its fields, as models read them."""
    fields = {name: _read_field(city, item.fields[name]) for name in names}
    return ReadItem(title=item.title, adverse=item.adverse, classed=item.sharing.cases, fields=fields)


def _read_field(city: City, field: ItemField) -> ReadField:
    listed = city.codes.get(field.codes) if field.codes else None
    titles = {code: value.title for code, value in listed.values.items()} if listed else {}
    return ReadField(title=field.title, type=field.type, several=field.several, titles=titles)


def _unknown_codes(model: Model, city: City) -> Iterator[tuple[Place, str]]:
    """A code that is not on its list would silently select nothing."""
    for at, selection in model.selections():
        item = city.items.get(selection.reads)
        for place, where in enumerate(selection.where if item else ()):
            yield from _stray(
                city, item, where.field, (*(where.is_in or ()), *(where.not_in or ())), (*at, "where", place)
            )
        measured = getattr(getattr(selection, "measure", None), "field", None)
        for place, step in enumerate(getattr(selection, "steps", ()) if item and measured else ()):
            yield from _stray(city, item, str(measured), step.is_in or (), (*at, "steps", place))


def _stray(city: City, item: Item | None, name: str, values: tuple[str, ...], at: Place) -> Iterator[tuple[Place, str]]:
    field = item.fields.get(name) if item else None
    listed = city.codes.get(field.codes) if field and field.codes else None
    if listed is None or listed.open:
        return
    for value in values:
        if value not in listed.values:
            yield at, f"代码表“{listed.title}”里没有 {value}"
