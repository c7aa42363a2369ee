"""The rules across fields and the conditions they, the adverse nature, the class and the terms are stated with."""

import re
from collections.abc import Iterator
from typing import Final, assert_never

from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.field_consistency import MONEY
from xinqiao.catalogue.pack import E, Placed
from xinqiao.catalogue.schema import (
    AdverseNature,
    Check,
    FieldType,
    Item,
    ItemField,
    MustBe,
    NotBefore,
    OneOfRequired,
    RefuseWhen,
    RequiredWhen,
    SumOf,
    When,
)
from xinqiao.catalogue.surroundings import Surroundings

At = tuple[int | str, ...]

# Which types can be compared with one another: the same sort only.
SORTS: Final = {
    **dict.fromkeys(MONEY, "money"),
    FieldType.INTEGER: "number",
    FieldType.DECIMAL: "number",
    FieldType.DATE: "date",
    FieldType.MONTH: "month",
    FieldType.YEAR: "year",
}
# How a value of these types is written once it is read: what `is_in` must be written as.
CANONICAL: Final = {
    FieldType.BOOLEAN: r"true|false",
    FieldType.DATE: r"\d{4}-\d{2}-\d{2}",
    FieldType.MONTH: r"\d{4}-\d{2}",
    FieldType.YEAR: r"\d{4}",
    FieldType.INTEGER: r"-?(0|[1-9]\d*)",
    FieldType.MONEY_YUAN: r"-?(0|[1-9]\d*)\.\d{2}",
    FieldType.MONEY_WAN: r"-?(0|[1-9]\d*)\.\d{2}",
}


def mistakes_in(placed: Placed[Item], around: Surroundings) -> Iterator[Mistake]:
    """What is wrong with an item's conditions and rules."""
    for at, when in _conditions(placed.entry):
        yield from condition_mistakes(placed, placed.entry, around, when, at)
    for i, check in enumerate(placed.entry.checks):
        yield from _check(placed, around, check, ("checks", i))
    yield from _adverse(placed)


def _conditions(item: Item) -> Iterator[tuple[At, When]]:
    """Every condition of an item and where it stands."""
    for i, case in enumerate(item.adverse.cases):
        yield from (((*("adverse", "cases", i, "when"), j), w) for j, w in enumerate(case.when))
    for i, classed in enumerate(item.sharing.cases):
        yield from (((*("sharing", "cases", i, "when"), j), w) for j, w in enumerate(classed.when))
    for i, shown in enumerate(item.retention.shown):
        yield from (((*("retention", "shown", i, "when"), j), w) for j, w in enumerate(shown.when))
    for i, check in enumerate(item.checks):
        match check:
            case RequiredWhen():
                yield ("checks", i, "when"), check.when
            case MustBe():
                yield from ((("checks", i, "when", j), w) for j, w in enumerate(check.when))
            case RefuseWhen():
                yield from ((("checks", i, "all", j), w) for j, w in enumerate(check.all))
            case NotBefore() | OneOfRequired() | SumOf():
                pass
            case _:
                assert_never(check)


def condition_mistakes(
    placed: Placed[E], item: Item, around: Surroundings, when: When, at: At, *, said_otherwise: bool = False
) -> Iterator[Mistake]:
    """What is wrong with a condition on a field of an item, wherever it is stated; `said_otherwise`: it has parts of
    its own besides."""
    field = item.fields.get(when.field)
    if field is None:
        yield placed.mistake(f"没有名为“{when.field}”的信息项", *at, "field")
        return
    stated = (when.is_in, when.only_in, when.filled, when.starts_with, when.natural_person)
    if all(part is None for part in stated) and not said_otherwise:
        yield placed.mistake("条件里没有写怎样才算（is_in、only_in、filled、starts_with、natural_person）", *at)
    for key in ("is_in", "only_in"):
        if (values := getattr(when, key)) is not None:
            yield from _values(placed, around, field, values, (*at, key))
    if when.only_in is not None and not field.several:
        yield placed.mistake(f"“{when.field}”只有一个代码，写 is_in 就可以", *at, "only_in")
    if when.starts_with is not None and field.several:
        yield placed.mistake(f"“{when.field}”可以有几个代码，不能用 starts_with", *at, "starts_with")
    if when.filled and field.required:
        yield placed.mistake(f"“{when.field}”是必填的，filled: true 总是成立", *at, "filled")
    if when.natural_person and (when.field != item.subject.field or when.starts_with is not None):
        message = "natural_person 只能写在主体代码上，由 city.yml 决定代码的开头"
        yield placed.mistake(message, *at, "natural_person")


def _values(
    placed: Placed[E], around: Surroundings, field: ItemField, values: tuple[str, ...], at: At
) -> Iterator[Mistake]:
    """The values of a condition must be ones a row can have after reading, or it would never hold."""
    if not values:
        yield placed.mistake("没有写任何值", *at)
    listed = around.closed_list(field.codes)
    form = CANONICAL.get(field.type)
    for i, value in enumerate(values):
        if listed is not None and value not in listed.values:
            yield placed.mistake(f"代码表 {listed.list} 里没有代码“{value}”", *at, i)
        if form is not None and re.fullmatch(form, value) is None:
            yield placed.mistake(f"“{value}”不是 {field.type} 读成之后的写法", *at, i)


def _check(placed: Placed[Item], around: Surroundings, check: Check, at: At) -> Iterator[Mistake]:
    """One rule across fields: the fields exist, and the rule can bite."""
    for key, name in _named(check):
        if name not in placed.entry.fields:
            yield placed.mistake(f"没有名为“{name}”的信息项", *at, key)
            return
    match check:
        case NotBefore():
            yield from _comparable(placed, (check.field, check.other), at)
        case SumOf():
            yield from _comparable(placed, (check.field, *check.parts), at)
        case MustBe():
            yield from _values(placed, around, placed.entry.fields[check.field], check.is_in, (*at, "is_in"))
        case RequiredWhen() | OneOfRequired() | RefuseWhen():
            pass
        case _:
            assert_never(check)
    if (idle := _idle(placed.entry, check)) is not None:
        yield placed.mistake(idle, *at)


def _idle(item: Item, check: Check) -> str | None:
    """Why a rule says nothing, or says what is said already."""
    match check:
        case SumOf(parts=()):
            return "没有写由哪些项相加（parts）"
        case OneOfRequired(fields=fields) if len(fields) < 2:  # noqa: PLR2004 — one of one is `required`
            return "至少要有两个信息项（fields）"
        case RefuseWhen(all=()):
            return "没有条件的拒收会拒收每一行"
        case RequiredWhen(field=name) if item.fields[name].required:
            return f"“{name}”已经是必填的"
        case _:
            return None


def _named(check: Check) -> Iterator[tuple[str, str]]:
    """The fields a rule names itself, by the key under which it does; its conditions are looked at elsewhere."""
    match check:
        case NotBefore():
            yield from (("field", check.field), ("other", check.other))
        case SumOf():
            yield "field", check.field
            yield from (("parts", part) for part in check.parts)
        case RequiredWhen() | MustBe():
            yield "field", check.field
        case OneOfRequired():
            yield from (("fields", name) for name in check.fields)
        case RefuseWhen():
            pass
        case _:
            assert_never(check)


def _comparable(placed: Placed[Item], names: tuple[str, ...], at: At) -> Iterator[Mistake]:
    sorts = {SORTS.get(placed.entry.fields[name].type) for name in names}
    if len(sorts) != 1 or None in sorts:
        yield placed.mistake(f"这几项不能相互比较：{'、'.join(names)}", *at)


def _adverse(placed: Placed[Item]) -> Iterator[Mistake]:
    """条例 §20 is a closed list: who calls something 失信 says under which number."""
    for i, case in enumerate(placed.entry.adverse.cases):
        if case.nature is AdverseNature.BREACH and not case.basis:
            yield placed.mistake("认定为失信的应写明依据（basis）", "adverse", "cases", i)
        if not case.when:
            yield placed.mistake("没有条件的一条应写成 otherwise", "adverse", "cases", i)
