"""Whether a model may read what it reads, and may hold against a subject what it holds.

The public grade reads public credit information that is open or shared, no data on persons, no market information.
Only what 河南省社会信用条例 §20 calls 失信 may cost points or limit a grade, for five years at most (§19); unconfirmed
arrears of utilities never (§27); and a source's silence costs nobody anything.
"""

from collections.abc import Iterator
from typing import Final

from xinqiao.catalogue import City
from xinqiao.catalogue.meaning import field_class
from xinqiao.catalogue.schema import AdverseNature, FieldType, Item, Nature, SharingClass
from xinqiao.evaluation.language import Ended, Indicator, Model, Selection
from xinqiao.evaluation.reading import fields_named

Place = tuple[str | int, ...]
Fault = tuple[Place, str]

PERSONAL: Final = frozenset({FieldType.ID_NUMBER, FieldType.PERSON_NAME, FieldType.PHONE})
PUBLIC: Final = (SharingClass.OPEN, SharingClass.SHARED)
LONGEST_MONTHS: Final = 60  # 条例 §19: adverse information is shown for five years at most
LONGEST_DAYS: Final = 1826


def faults(model: Model, city: City) -> Iterator[Fault]:
    for at, selection in model.selections():
        item = city.items.get(selection.reads)
        if item is None:
            yield (*at, "reads"), f"清单里没有数据项 {selection.reads}"
            continue
        yield from _may_read(model, city, item, (*at, "reads"))
        yield from _fields(item, selection, at)
        yield from _adverse(item, selection, at)


def _may_read(model: Model, city: City, item: Item, at: Place) -> Iterator[Fault]:
    if not item.whole or item.withdrawn is not None:
        yield at, f"“{item.title}”尚未完整定义或已停用，没有数据可读"
    if item.called is not None:
        yield at, f"“{item.title}”由接口随问随调，不留存，没有数据可读"
    if item.nature is not Nature.PUBLIC:
        yield at, f"“{item.title}”是市场信用信息，公共信用评价不能使用（条例第十条；水电气欠费另见第二十七条）"
    if item.sharing.classed not in PUBLIC:
        yield at, f"“{item.title}”不是公开公示或政务共享信息，公共信用评价不能使用（条例第十八条）"
    if model.kind not in item.subject.kinds:
        yield at, f"“{item.title}”不适用于这一类主体（{model.kind.value}）"
    if any(city.sources[name].kind == "utility" for name in item.sources if name in city.sources):
        yield at, f"“{item.title}”来自公用事业单位，未经确认的欠费不能作为依据（条例第二十七条）"


def _fields(item: Item, selection: Selection, at: Place) -> Iterator[Fault]:
    for name in dict.fromkeys(fields_named(selection)):
        field = item.fields.get(name)
        if field is None:
            yield at, f"“{item.title}”没有信息项 {name}"
            continue
        if field_class(item, name) not in PUBLIC:
            yield at, f"信息项“{field.title}”要授权才能查询，公共信用评价不能使用"
        if field.type in PERSONAL:
            yield at, f"信息项“{field.title}”是个人信息，不能进入模型"


def _adverse(item: Item, selection: Selection, at: Place) -> Iterator[Fault]:
    if isinstance(selection, Ended):
        return
    breach = selection.nature is AdverseNature.BREACH
    if breach:
        yield from _breach(item, selection, at)
    if isinstance(selection, Indicator):
        yield from _costs(selection, at, breach=breach)
    elif not breach:
        yield at, "一票否决和等级上限只能依据失信信息，应写 nature: breach（条例第二十条）"


def _breach(item: Item, selection: Selection, at: Place) -> Iterator[Fault]:
    told = {item.adverse.otherwise, *(case.nature for case in item.adverse.cases)}
    if AdverseNature.BREACH not in told:
        yield (*at, "nature"), f"清单没有把“{item.title}”中的任何情形列为失信（条例第二十条）"
    still_there = any(where.open for where in selection.where)
    if not still_there and not _short_enough(selection):
        yield (
            at,
            f"失信信息最多看五年：window 不超过 {LONGEST_MONTHS} 个月，或用 open 限于尚在名单内的（条例第十九条）",
        )


def _short_enough(selection: Selection) -> bool:
    window = selection.window
    if window is None:
        return False
    return (window.months or 0) <= LONGEST_MONTHS and (window.days or 0) <= LONGEST_DAYS


def _costs(indicator: Indicator, at: Place, *, breach: bool) -> Iterator[Fault]:
    """Measured against what a subject gets of whom the source knows nothing."""
    full = max(one.points for one in indicator.weight)  # on any day: shares keep their order, points are the same
    none = indicator.none.worth(full)
    for place, step in enumerate(indicator.steps):
        if not breach and step.worth(full) < none:
            yield (
                (*at, "steps", place),
                "比没有记录时得分低就是减分，只有失信信息可以减分，应写 nature: breach（条例第二十条）",
            )
        if breach and step.worth(full) > none:
            yield (*at, "steps", place), "失信信息不能比没有记录时得分高"
    if indicator.silent.worth(full) < none:
        yield (*at, "silent"), "单位没有报送，不能让主体少得分：silent 的分不能低于 none 的"
