"""Whether an indicator is well made, lawful and fit to be told: what `xinqiao indicator check` and loading look at.

One direction; a type that is what the measure gives; a unit; bands no finer than the class of what it reads allows; no
personal data; nothing that measures what another one measures.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from xinqiao.catalogue import City
from xinqiao.catalogue.meaning import field_class
from xinqiao.catalogue.schema import AdverseNature, FieldType, Item, Nature, SharingClass
from xinqiao.evaluation import soundness
from xinqiao.evaluation.indicator_language import (
    MONTHLY,
    CataloguedIndicator,
    Growth,
    Mean,
    MonthsSeen,
    Newest,
    Polarity,
    Ratio,
    Type,
)
from xinqiao.evaluation.indicator_measuring import BEGINS, dated_by, fields_needed
from xinqiao.evaluation.language import (
    Count,
    DaysLeft,
    DaysSinceFirst,
    DaysSinceLast,
    Distinct,
    Exists,
    Largest,
    Percent,
    Smallest,
    Sum,
)
from xinqiao.evaluation.lawfulness import PERSONAL
from xinqiao.evaluation.soundness import MONEY, NUMBERS

Place = tuple[str | int, ...]
Fault = tuple[Place, str]

UNITS: Final = {Type.MONEY: "元", Type.PERCENT: "%", Type.DAYS: "天"}
WITHOUT_WIDTH: Final = frozenset({Type.FLAG, Type.CODE})
# 最小分档宽度, by how closed the item is: what everybody may see may be told to the unit; what a grant opens never to
# the fen; of what is secret no single invoice or month must be found by taking one answer from another.
LEAST: Final[dict[SharingClass, dict[Type, Decimal]]] = {
    SharingClass.OPEN: dict.fromkeys(Type, Decimal(1)),
    SharingClass.AUTHORISED: dict.fromkeys(Type, Decimal(1)) | {Type.MONEY: Decimal(10_000)},
    SharingClass.SECRET: {
        Type.MONEY: Decimal(10_000),
        Type.COUNT: Decimal(5),
        Type.DAYS: Decimal(30),
        Type.PERCENT: Decimal(5),
    },
}


def fields_named(one: CataloguedIndicator) -> Iterator[str]:
    """The fields the file itself names."""
    yield from (where.field for where in one.where)
    if one.window is not None:
        yield one.window.field
    if (dated := dated_by(one)) != BEGINS:
        yield dated
    yield from fields_needed(one)
    if isinstance(one.measure, Percent):
        yield from (where.field for where in one.measure.of)


def faults(name: str, one: CataloguedIndicator, city: City) -> Iterator[Fault]:
    """Everything for which it cannot stand in this city's catalogue of indicators."""
    item = city.items.get(one.reads)
    if item is None:
        yield ("reads",), f"清单里没有数据项 {one.reads}"
        return
    yield from _may_read(item, city)
    yield from _fields(one, item)
    yield from _held_against(one, item, city)
    yield from soundness.selection_faults(item, one, ())
    yield from _measure(one, item)
    yield from _told(one, item)


def _own_dates(item: Item) -> frozenset[str]:
    """A field that is the item's own term may be named though a fact's frame has a column of that name: it is the same
    day."""
    terms = {"valid_from": item.validity.since, "valid_to": item.validity.until}
    return frozenset(name for name, said in terms.items() if name == said)


def _may_read(item: Item, city: City) -> Iterator[Fault]:
    if item not in city.whole_items():
        yield ("reads",), f"“{item.title}”尚未完整定义或已停用，没有数据可读"
    if item.sharing.classed is SharingClass.SHARED:
        yield ("reads",), f"“{item.title}”只在政府部门之间共享，不向机构提供"


def _fields(one: CataloguedIndicator, item: Item) -> Iterator[Fault]:
    strange = soundness.OWN_COLUMNS - _own_dates(item)
    for name in dict.fromkeys(fields_named(one)):
        field = item.fields.get(name)
        if name in strange:
            yield ("reads",), "信息项的名字与系统自用的列重名"
        elif field is None:
            yield ("reads",), f"“{item.title}”没有信息项 {name}"
        elif field.type in PERSONAL or any(name in person.fields for person in item.persons):
            yield ("reads",), f"信息项“{field.title}”是个人信息，不能作成指标"
        elif field_class(item, name) is not item.sharing.classed:
            yield ("reads",), f"信息项“{field.title}”比数据项“{item.title}”管得更严，不能作成指标"


def _held_against(one: CataloguedIndicator, item: Item, city: City) -> Iterator[Fault]:
    """What speaks against a business counts no rows of which the catalogue says that they do not (条例 §20, §27)."""
    utility = any(city.sources[name].kind == "utility" for name in item.sources if name in city.sources)
    if utility and one.nature is None:
        yield ("nature",), "没有确认的欠费不能作为依据，应写 nature（条例第二十七条）"
    harmless = [case for case in item.adverse.cases if case.nature is AdverseNature.NONE]
    telling = {when.field for case in item.adverse.cases for when in case.when}
    chosen = one.nature is not None or not telling.isdisjoint(where.field for where in one.where)
    if one.polarity is Polarity.HIGHER_IS_WORSE and harmless and not chosen:
        yield ("nature",), f"“{item.title}”里有的不算不利信息，应写 nature 或者用 where 限定（条例第二十条）"


# ── types ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def type_of(one: CataloguedIndicator, item: Item) -> Type | None:
    """The type its measure gives; None where it names a field there is not."""
    match one.measure:
        case Exists():
            return Type.FLAG
        case Count() | Distinct() | MonthsSeen():
            return Type.COUNT
        case DaysSinceFirst() | DaysSinceLast() | DaysLeft():
            return Type.DAYS
        case Percent() | Ratio() | Growth():
            return Type.PERCENT
        case Sum(field=name) | Largest(field=name) | Smallest(field=name) | Newest(field=name) | Mean(field=name):
            return _of_field(item.fields[name].type) if name in item.fields else None


def _of_field(kind: FieldType) -> Type:
    match kind:
        case FieldType.MONEY_YUAN | FieldType.MONEY_WAN:
            return Type.MONEY
        case FieldType.INTEGER:
            return Type.COUNT
        case _:
            return Type.CODE


def _measure(one: CataloguedIndicator, item: Item) -> Iterator[Fault]:
    here: Place = ("measure",)
    yield from _by_month(one, item, here)
    match one.measure:
        case Newest(field=name, by=by):
            yield from soundness.typed(item, name, NUMBERS | {FieldType.CODE}, here, "代码、整数或金额")
            yield from () if by is None else soundness.typed(item, by, soundness.DATES, here, "日期")
        case Mean(field=name) | Growth(field=name):
            yield from soundness.typed(item, name, NUMBERS, here, "整数或金额")
        case Ratio(field=name, to=to):
            yield from soundness.typed(item, name, NUMBERS, here, "整数或金额")
            yield from soundness.typed(item, to, NUMBERS, here, "整数或金额")
            if {item.fields[f].type in MONEY for f in (name, to) if f in item.fields} == {True, False}:
                yield here, "分子和分母应当都是金额，或者都是个数"
        case MonthsSeen():
            pass
        case taken:
            yield from soundness.measure_faults(item, taken, here)


def _by_month(one: CataloguedIndicator, item: Item, here: Place) -> Iterator[Fault]:
    if (one.months is not None or isinstance(one.measure, MONTHLY)) and item.validity.since is None:
        yield here, f"“{item.title}”没有起始的月份或日期，不能按月份取"
    if isinstance(one.measure, Growth):
        if one.months is not None:
            yield ("months",), "增长率自己写明了月份，不再写 months"
        if item.delivery.key != (item.validity.since,) or len(item.sources) > 1:
            yield here, f"“{item.title}”不是每月一条，说不出一个月有没有"


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _told(one: CataloguedIndicator, item: Item) -> Iterator[Fault]:
    derived = type_of(one, item)
    if derived is not None and derived is not one.type:
        yield ("type",), f"这样取出来的是 {derived.value}，不是 {one.type.value}"
    yield from _direction(one)
    yield from _unit(one)
    yield from _width(one, item)
    if one.none == "zero" and one.type in {Type.CODE, Type.DAYS, Type.PERCENT}:
        yield ("none",), "代码、天数和百分比没有记录时是空，不是 0"
    if one.none == "empty" and one.type is Type.FLAG:
        yield ("none",), "是否类的指标没有记录时就是“否”，应写 zero"


def _direction(one: CataloguedIndicator) -> Iterator[Fault]:
    if one.type is Type.CODE and one.polarity is not Polarity.NONE:
        yield ("polarity",), "代码没有高低，polarity 应写 none"


def _unit(one: CataloguedIndicator) -> Iterator[Fault]:
    if one.type in WITHOUT_WIDTH:
        if one.unit is not None:
            yield ("unit",), "是否和代码没有单位"
    elif one.unit is None:
        yield ("unit",), "缺少单位（unit）"
    elif one.unit != UNITS.get(one.type, one.unit):
        yield ("unit",), f"{one.type.value} 的单位应是“{UNITS[one.type]}”"


def _width(one: CataloguedIndicator, item: Item) -> Iterator[Fault]:
    if one.type in WITHOUT_WIDTH:
        if one.width is not None:
            yield ("width",), "是否和代码不分档，不写 width"
        if one.type is Type.CODE and item.sharing.classed is SharingClass.SECRET:
            yield ("type",), f"“{item.title}”是保密信息，不能直接告诉其中的代码"
        return
    if one.width is None:
        yield ("width",), "缺少最小分档宽度（width）"
    elif one.width <= 0 or one.width != one.width.to_integral_value():
        yield ("width",), "最小分档宽度应是大于 0 的整数"
    elif one.width < (least := least_width(one, item)):
        yield ("width",), f"“{item.title}”不够公开，最小分档宽度不能小于 {least}"


def least_width(one: CataloguedIndicator, item: Item) -> Decimal:
    """How fine its bands may be. Market information is told no finer than what needs a grant."""
    if isinstance(one.measure, MonthsSeen):
        return Decimal(1)  # which months were declared is the source's deliveries, not what was in them
    market = item.nature is Nature.MARKET and item.sharing.classed is SharingClass.OPEN
    return LEAST[SharingClass.AUTHORISED if market else item.sharing.classed][one.type]


# ── among each other ─────────────────────────────────────────────────────────────────────────────────────────────────

TOLD_APART: Final = frozenset(
    {"code", "title", "title_en", "polarity", "unit", "width", "note", "none", "type", "dated"}
)


def twins(indicators: Mapping[str, CataloguedIndicator]) -> Iterator[tuple[str, str]]:
    """Each indicator with the name of an earlier one that measures the very same, has its code or bears its title."""
    met: dict[tuple[str, str], str] = {}
    for name, one in indicators.items():
        keys = {
            ("代码", one.code),
            ("标题", one.title),
            ("英文标题", one.title_en),
            ("含义", one.model_dump_json(exclude=set(TOLD_APART))),
        }
        for what, said in sorted(keys):
            if (earlier := met.setdefault((what, said), name)) != name:
                yield name, f"{what}与 {earlier} 相同"
