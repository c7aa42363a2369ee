"""Which column is which field: every column is used, expressly ignored, or told about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from xinqiao.catalogue.headers import folded
from xinqiao.catalogue.schema import Item
from xinqiao.intake.errors import ColumnsUnclear, HeaderUnknown

# The columns we add to what we send back: a corrected workbook comes in again with them.
REASON: Final = "错误原因"
ORIGINAL_LINE: Final = "原行号"
# And the sheet of explanations beside them (documents.workbooks).
NOTES_SHEET: Final = "填写说明"


@dataclass(frozen=True, slots=True)
class Columns:
    """`of` maps fields to column numbers; `unknown` are told about; `nameless` are too, should anything be in them."""

    of: dict[str, int]
    unknown: tuple[str, ...]
    nameless: tuple[int, ...]
    missing: tuple[str, ...]


def known_headers(item: Item) -> dict[str, str]:
    """Every spelling of every field's header, as compared."""
    return {
        folded(header): name for name, field in item.fields.items() for header in (name, field.title, *field.headers)
    }


def recognised(item: Item) -> frozenset[str]:
    """Every header, as compared, that means something here."""
    return frozenset(known_headers(item)) | ignored(item)


def ignored(item: Item) -> frozenset[str]:
    return frozenset(map(folded, (*item.delivery.ignore, REASON, ORIGINAL_LINE)))


def match(header: Sequence[str], item: Item) -> Columns:
    """Raises `ColumnsUnclear` where two columns claim one field, `HeaderUnknown` where none does."""
    known, unwanted = known_headers(item), ignored(item)
    of: dict[str, int] = {}
    unknown, nameless = [], []
    for number, title in enumerate(header):
        text = folded(title)
        if (name := known.get(text)) is not None:
            if name in of:
                raise ColumnsUnclear(header[of[name]], title, item.fields[name].title)
            of[name] = number
        elif not text:
            nameless.append(number)
        elif text not in unwanted:
            unknown.append(title.strip())
    if not of:
        raise HeaderUnknown(header, [item.fields[name].title for name in _missing(item, of)])
    return Columns(of, tuple(unknown), tuple(nameless), tuple(_missing(item, of)))


def _missing(item: Item, of: Iterable[str]) -> Iterable[str]:
    there = set(of)
    return (name for name, field in item.fields.items() if field.required and name not in there)
