"""Each field of an item: its type against its limits, lists, patterns, class and mask."""

import re
from collections.abc import Iterator
from typing import Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.headers import folded
from xinqiao.catalogue.meaning import stricter
from xinqiao.catalogue.pack import Placed
from xinqiao.catalogue.schema import A_PERSON, FieldType, Item, ItemField
from xinqiao.catalogue.surroundings import Surroundings

DAYS: Final = frozenset({FieldType.DATE, FieldType.MONTH, FieldType.YEAR})
MONEY: Final = frozenset({FieldType.MONEY_YUAN, FieldType.MONEY_WAN})
NUMBERS: Final = MONEY | {FieldType.INTEGER, FieldType.DECIMAL, FieldType.YEAR}
TEXTS: Final = frozenset(FieldType) - NUMBERS - DAYS - {FieldType.BOOLEAN, FieldType.CODE}
MASKS: Final = {
    FieldType.PERSON_NAME: frozenset({"name"}),
    FieldType.ID_NUMBER: frozenset({"id_number"}),
    FieldType.PHONE: frozenset({"phone"}),
    FieldType.TEXT: frozenset({"name", "id_number", "account", None}),
}
# What a limit is about; elsewhere it would never be looked at.
MEANT_FOR: Final = {
    "codes": frozenset({FieldType.CODE}),
    "separators": frozenset({FieldType.CODE}),
    "at_least": NUMBERS,
    "at_most": NUMBERS,
    "not_before": DAYS,
    "pattern": TEXTS,
    "max_length": TEXTS,
    "reference": frozenset({FieldType.TEXT, FieldType.USCC}),
}


def mistakes_in(placed: Placed[Item], around: Surroundings) -> Iterator[Mistake]:
    """What is wrong with the fields one by one, and with their column names together."""
    for name, field in placed.entry.fields.items():
        for key, message in _field(name, field, placed.entry, around):
            yield placed.mistake(f"{name}：{message}", "fields", name, key)
    yield from _headers(placed)


def _field(name: str, field: ItemField, item: Item, around: Surroundings) -> Iterator[tuple[str, str]]:
    for key, types in MEANT_FOR.items():
        if getattr(field, key) not in (None, ()) and field.type not in types:
            yield key, f"{key} 对 {field.type} 类型没有意义"
    if field.future and field.type not in DAYS:
        yield "future", f"future 对 {field.type} 类型没有意义"
    yield from _codes(field, around)
    yield from _several(field, item, around)
    yield from _limits(field)
    yield from _pattern(field, item)
    yield from _class_and_mask(field, item)
    yield from _pseudonym(name, field, item)


def _codes(field: ItemField, around: Surroundings) -> Iterator[tuple[str, str]]:
    if field.type is FieldType.CODE and field.codes is None:
        yield "type", "代码类型必须写明代码表（codes）"
    if field.codes is not None and field.codes not in around.codes and field.codes not in around.unread_codes:
        yield "codes", f"没有名为“{field.codes}”的代码表"


def _several(field: ItemField, item: Item, around: Surroundings) -> Iterator[tuple[str, str]]:
    """What parts codes must not be one, and what each is must be known, or nobody could tell where one ends."""
    if not field.several:
        return
    listed = around.codes.get(field.codes or "")
    if listed is not None and listed.open:
        yield "separators", f"代码表 {listed.list} 还没有内容（open），无法把几个代码分开"
    spelt = (
        {text for code, value in listed.values.items() for text in (code, value.title, *value.also)} if listed else ()
    )
    for sign in field.separators:
        if sign in spelt:
            yield "separators", f"“{sign}”是代码表里的一种写法，不能又作分隔符"
    unsafe = [code for code in (listed.values if listed else ()) if set(code) & {'"', "\\"}]
    if unsafe:
        yield "codes", f"可以并列的代码里不能有引号和反斜杠：{'、'.join(unsafe)}"
    singly = (*item.delivery.key, item.delivery.order_by, item.subject.field, item.retention.while_empty)
    if any(item.fields.get(name or "") is field for name in singly):
        yield "separators", "业务键、先后和主体要用到的信息项只能有一个代码"


def _limits(field: ItemField) -> Iterator[tuple[str, str]]:
    if field.at_least is not None and field.at_most is not None and field.at_least > field.at_most:
        yield "at_least", "下限大于上限"
    if field.max_length is not None and field.max_length < 1:
        yield "max_length", "最大长度至少是 1"


def _pattern(field: ItemField, item: Item) -> Iterator[tuple[str, str]]:
    """Linear-time in the engine that judges rows, and known to Python's too: no look-around, no back-reference."""
    if field.pattern is None:
        if field.form is not None:
            yield "form", "没有 pattern，form 没有意义"
        return
    if item.whole and field.form is None:
        yield "pattern", "完整的数据项要写明该怎么填（form），否则被退回的人不知道怎么改"
    try:
        SchemaValidator(core_schema.str_schema(pattern=field.pattern, regex_engine="rust-regex"))
        re.compile(field.pattern)
    except (SchemaError, re.error):
        yield "pattern", f"不是可用的表达式（不能用前后断言和反向引用）：{field.pattern}"


def _class_and_mask(field: ItemField, item: Item) -> Iterator[tuple[str, str]]:
    if field.classed is not None and stricter(field.classed, item.sharing.classed) is not field.classed:
        yield "classed", f"信息项的共享属性不能比数据项的（{item.sharing.classed}）宽"
    if field.type in MASKS and field.mask not in MASKS[field.type]:
        yield "mask" if field.mask else "type", f"{field.type} 类型的遮盖方式应是 {_said(MASKS[field.type])}"
    if field.type not in MASKS and field.mask is not None:
        yield "mask", f"{field.type} 类型不能遮盖"


def _pseudonym(name: str, field: ItemField, item: Item) -> Iterator[tuple[str, str]]:
    """Beside a mask only; a person's is made of her number, for names are borne by others too (条例 §16)."""
    by = field.pseudonym
    if by is None:
        return
    if field.mask is None:
        yield "pseudonym", "只有遮盖的信息项才有假名"
    elif by.kind != A_PERSON and by.of != name:
        yield "pseudonym", "不是个人的，假名由它自己的值得出"
    elif by.kind == A_PERSON and not any(by.of == one.number and name in one.fields for one in item.persons):
        yield "pseudonym", "个人的假名由同一个人（persons）的证件号码得出"


def _said(masks: frozenset[str | None]) -> str:
    return "、".join(sorted(mask for mask in masks if mask))


def _headers(placed: Placed[Item]) -> Iterator[Mistake]:
    """One column name means one field, and is not thrown away at the same time."""
    item = placed.entry
    owners: dict[str, str] = {}
    for name, field in item.fields.items():
        for header in (name, field.title, *field.headers):
            if owners.setdefault(folded(header), name) != name:
                message = f"列名“{header}”同时属于 {owners[folded(header)]} 和 {name}"
                yield placed.mistake(message, "fields", name)
    for i, header in enumerate(item.delivery.ignore):
        if folded(header) in owners:
            message = f"列名“{header}”属于 {owners[folded(header)]}，不能又忽略"
            yield placed.mistake(message, "delivery", "ignore", i)
