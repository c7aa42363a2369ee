"""A second, slow and plain judgement of one row, straight from the catalogue's words: the oracle of cases.

It shares no code with intake, which judges whole files at once; the two must agree on every case.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.catalogue.cells import BadCell, value_of
from xinqiao.catalogue.city import City
from xinqiao.catalogue.headers import folded
from xinqiao.catalogue.meaning import adverse_nature, holds, row_class, shown_until
from xinqiao.catalogue.schema import (
    Check,
    FieldType,
    Item,
    MustBe,
    NotBefore,
    OneOfRequired,
    RefuseWhen,
    RequiredWhen,
    RowCase,
    SumOf,
)
from xinqiao.kernel.subject_kinds import kind_of
from xinqiao.kernel.uscc import Uscc

Values = Mapping[str, Any]
DAYS = {FieldType.DATE, FieldType.MONTH, FieldType.YEAR}


def findings_of(city: City, item: Item, row: Mapping[str, str], on: date) -> tuple[list[str], dict[str, Any]]:
    """The findings of a row as `field:rule`, sorted, and the canonical values of its good fields."""
    cells = _by_field(item, row)
    values: dict[str, Any] = {}
    found: dict[str, str] = {}
    for name, field in item.fields.items():
        try:
            values[name] = value_of(city, field, cells.get(name, ""), on)
        except BadCell as bad:
            found[name] = str(bad)
    for refuse in item.checks:
        if isinstance(refuse, RefuseWhen) and all(holds(w, values) for w in refuse.all):
            return [f"{refuse.all[0].field}:refuse_when"], {}
    subject = values.get(item.subject.field, "")
    if subject and kind_of(Uscc(subject)) not in item.subject.kinds:
        found[item.subject.field] = "kind"
    crossing = {f for check in item.checks if not found.keys() & _fields(check) for f in _broken(item, check, values)}
    return sorted({f"{name}:{rule}" for name, rule in found.items()} | crossing), values


def disagreements(city: City, item: Item, case: RowCase) -> Iterator[str]:
    """In what the row comes out otherwise than the case says."""
    found, values = findings_of(city, item, case.row, case.on)
    if found != sorted(case.findings):
        yield f"应为 {sorted(case.findings)}，实为 {found}"
        return
    if found:
        return
    for what, said, really in (
        ("性质", case.adverse, adverse_nature(item, values)),
        ("共享属性", case.classed, row_class(item, values)),
        ("公示至", case.shown_until, shown_until(item, values)),
        *((name, expected, as_written(values[name])) for name, expected in case.values.items()),
    ):
        if said is not None and said != really:
            yield f"{what} 应为 {said!r}，实为 {really!r}"


def as_written(value: str | list[str]) -> str:
    """As a case writes it."""
    return "、".join(value) if isinstance(value, list) else value


def _by_field(item: Item, row: Mapping[str, str]) -> dict[str, str]:
    owner = {folded(h): n for n, f in item.fields.items() for h in (n, f.title, *f.headers)}
    return {owner[folded(column)]: cell for column, cell in row.items()}


def _fields(check: Check) -> set[str]:
    """A rule across fields waits until each of these stands."""
    match check:
        case NotBefore():
            return {check.field, check.other}
        case RequiredWhen():
            return {check.field, check.when.field}
        case OneOfRequired():
            return set(check.fields)
        case SumOf():
            return {check.field, *check.parts}
        case MustBe():
            return {check.field, *(w.field for w in check.when)}
        case RefuseWhen():
            return set()


def _broken(item: Item, check: Check, values: Values) -> Iterator[str]:
    match check:
        case NotBefore() if values[check.field] and values[check.other]:
            if _earlier(item, check, values):
                yield f"{check.field}:not_before"
        case RequiredWhen() if holds(check.when, values) and not values[check.field]:
            yield f"{check.field}:required_when"
        case OneOfRequired() if not any(values[name] for name in check.fields):
            yield f"{check.fields[0]}:one_of_required"
        case SumOf() if all(values[name] for name in _fields(check)):
            total = sum((Decimal(values[name]) for name in check.parts), Decimal(0))
            if abs(Decimal(values[check.field]) - total) > check.tolerance:
                yield f"{check.field}:sum_of"
        case MustBe() if all(holds(w, values) for w in check.when) and values[check.field] not in check.is_in:
            yield f"{check.field}:must_be"
        case _:
            pass


def _earlier(item: Item, check: NotBefore, values: Values) -> bool:
    one, other = values[check.field], values[check.other]
    return one < other if item.fields[check.field].type in DAYS else Decimal(one) < Decimal(other)
