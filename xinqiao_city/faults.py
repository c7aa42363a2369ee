"""The mistakes real deliveries carry, put in on purpose and written down, so that every one can be looked for."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from xinqiao.catalogue.schema import FieldType, Item, NotBefore
from xinqiao_city import codes

Row = dict[str, str]
MONEY: Final = (FieldType.MONEY_YUAN, FieldType.MONEY_WAN)


@dataclass(frozen=True)
class Fault:
    """What was done to a row, and on which field a reader must find it."""

    name: str
    field: str


def _filled(row: Row, item: Item, *types: FieldType) -> list[str]:
    return [f for f, field in item.fields.items() if field.type in types and row.get(f)]


def _one(rng: random.Random, fields: list[str]) -> str | None:
    return rng.choice(fields) if fields else None


def _spoiled_code(rng: random.Random, row: Row, item: Item, _: date) -> str | None:
    field = item.subject.field
    row[field] = codes.spoil_check(rng, row[field])
    return field


def _missing_code(_rng: random.Random, row: Row, item: Item, _: date) -> str | None:
    row[item.subject.field] = ""
    return item.subject.field


def _missing(rng: random.Random, row: Row, item: Item, _: date) -> str | None:
    keys = {item.subject.field, *item.delivery.key}
    field = _one(rng, [f for f, d in item.fields.items() if d.required and row.get(f) and f not in keys])
    if field:
        row[field] = ""
    return field


def _impossible_date(rng: random.Random, row: Row, item: Item, _: date) -> str | None:
    field = _one(rng, _filled(row, item, FieldType.DATE))
    if field:
        row[field] = rng.choice(("2026-02-30", "20261301", "二〇二六年三月", "2025/13/01"))
    return field


def _future_date(rng: random.Random, row: Row, item: Item, _today: date) -> str | None:
    past = [f for f in _filled(row, item, FieldType.DATE) if not item.fields[f].future]
    field = _one(rng, past)
    if field:
        row[field] = f"{date(2099, 1, 1) + timedelta(days=rng.randrange(300)):%Y-%m-%d}"
    return field


def _unknown_value(rng: random.Random, row: Row, item: Item, _: date) -> str | None:
    field = _one(rng, _filled(row, item, FieldType.CODE))
    if field:
        row[field] = "※待定※"
    return field


def _worded_amount(rng: random.Random, row: Row, item: Item, _: date) -> str | None:
    field = _one(rng, _filled(row, item, *MONEY, FieldType.INTEGER, FieldType.DECIMAL))
    if field:
        row[field] = rng.choice(("约三万", "1.2.3", "见附件", "12O0"))
    return field


def _wrong_order(rng: random.Random, row: Row, item: Item, _: date) -> str | None:
    orders = [c for c in item.checks if isinstance(c, NotBefore) and row.get(c.field) and row.get(c.other)]
    if not orders:
        return None
    check = rng.choice(orders)
    if item.fields[check.field].type is not FieldType.DATE:
        return None
    row[check.field] = "1993-05-01"
    return check.field


KINDS: Final[Mapping[str, Callable[[random.Random, Row, Item, date], str | None]]] = {
    "spoiled-code": _spoiled_code,
    "missing-code": _missing_code,
    "missing-value": _missing,
    "impossible-date": _impossible_date,
    "future-date": _future_date,
    "unknown-value": _unknown_value,
    "worded-amount": _worded_amount,
    "wrong-order": _wrong_order,
}


def spoil(rng: random.Random, row: Row, item: Item, today: date) -> Fault | None:
    """One fault put into the row, or None where the row offers no place for the one that was drawn."""
    name = rng.choice(list(KINDS))
    field = KINDS[name](rng, row, item, today)
    return Fault(name, field) if field else None


WIDE: Final = str.maketrans("0123456789.", "０１２３４５６７８９．")


def disguise(rng: random.Random, row: Row, item: Item) -> None:
    """What looks odd and is right: lower-case codes, spaces around, full-width digits, other ways to write a day."""
    match rng.randrange(4):
        case 0:
            row[item.subject.field] = row[item.subject.field].lower()
        case 1:
            row[item.subject.field] = f" {row[item.subject.field]}　"
        case 2:
            for field in _filled(row, item, *MONEY)[:1]:
                row[field] = row[field].translate(WIDE)
        case _:
            for field in _filled(row, item, FieldType.DATE):
                day = date.fromisoformat(row[field])
                row[field] = f"{day.year}/{day.month}/{day.day}"
