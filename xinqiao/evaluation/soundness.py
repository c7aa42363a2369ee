"""Whether a model is well made: types fit, steps leave nothing out, points add up, on every day it is in force."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise, takewhile
from typing import Final

from xinqiao.catalogue.schema import FieldType, Item
from xinqiao.evaluation import fit_language
from xinqiao.evaluation.language import (
    DATE,
    VALUE,
    Count,
    DaysLeft,
    DaysSinceFirst,
    DaysSinceLast,
    Distinct,
    Indicator,
    Largest,
    Latest,
    Measure,
    Model,
    Percent,
    Selection,
    Smallest,
    Step,
    Sum,
    Where,
    Worth,
)
from xinqiao.evaluation.measuring import dated_by
from xinqiao.evaluation.reading import fields_named

Place = tuple[str | int, ...]
Fault = tuple[Place, str]

NUMBERS: Final = frozenset({FieldType.INTEGER, FieldType.MONEY_YUAN, FieldType.MONEY_WAN})
MONEY: Final = frozenset({FieldType.MONEY_YUAN, FieldType.MONEY_WAN})
DATES: Final = frozenset({FieldType.DATE})
CHOICES: Final = frozenset({FieldType.CODE, FieldType.TEXT, FieldType.MONTH, FieldType.YEAR})
LISTED: Final = CHOICES | {FieldType.BOOLEAN}
OPENINGS: Final = re.compile(r"\{[^}]*\}?|\}")
WHOLE: Final = 100
WHOLE_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,15})")
AMOUNT: Final = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,2})?")
OWN_COLUMNS: Final = frozenset({"fact_id", "subject_id", "standing", "valid_from", "valid_to", "on_date"})


def faults(model: Model, items: "dict[str, Item]") -> Iterator[Fault]:
    """`items` are the catalogue's, by name; what they do not know, lawfulness has already said."""
    yield from _names(model)
    yield from _grades(model)
    yield from _sums(model)
    for at, selection in model.selections():
        if (item := items.get(selection.reads)) is not None:
            yield from selection_faults(item, selection, at)
            if OWN_COLUMNS & set(fields_named(selection)):
                yield (*at, "reads"), "信息项的名字与系统自用的列重名"
    for name, indicator in model.indicators.items():
        yield from _indicator(model, indicator, items.get(indicator.reads), ("indicators", name))
    yield from _thin(model, items)
    if model.fit is not None:
        yield from fit_language.faults(model.fit, model.indicators)


def _names(model: Model) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, _ in model.selections():
        if at[1] in seen:
            yield at, f"名字 {at[1]} 用了两次"
        seen.add(at[1])


# ── grades ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _grades(model: Model) -> Iterator[Fault]:
    for place, (better, worse) in enumerate(pairwise(model.grades)):
        if better.since <= worse.since:
            yield ("grades", place + 1), "等级应从好到差排列，起点分依次降低"
    if model.grades[-1].since != 0:
        yield ("grades", len(model.grades) - 1), "最后一个等级应从 0 分起，否则有的分数没有等级"
    if model.grades[0].since > model.scale:
        yield ("grades", 0), f"最高等级的起点超过了满分 {model.scale}"
    known = [band.grade for band in model.grades]
    if len(set(known)) < len(known) or model.thin_file.grade in known:
        yield ("grades",), "等级代号不能重复，也不能与数据不足的代号相同"
    for name, cap in model.caps.items():
        if cap.at_most not in known:
            yield ("caps", name, "at_most"), f"没有等级 {cap.at_most}"
    for kind, limits in (("vetoes", model.vetoes), ("caps", model.caps), ("ended", model.ended)):
        for name, one in limits.items():
            yield from _reason(one.reason, (kind, name), dated=dated_by(one) is not None, valued=False)


def _sums(model: Model) -> Iterator[Fault]:
    """On every day a weight changes, base and full points make the scale."""
    weights = [w for one in model.indicators.values() for w in one.weight]
    for day in sorted({model.effective.since, *(w.since for w in weights if w.since >= model.effective.since)}):
        full = _full_points(model, day)
        if full is not None and model.base + full != model.scale:
            yield ("scale",), f"{day} 起基础分 {model.base} 加各指标满分 {full} 不等于 {model.scale}"


def _full_points(model: Model, day: date) -> int | None:
    if any(all(w.since > day for w in one.weight) for one in model.indicators.values()):
        return None  # said where the indicator is looked at
    return sum(model.weight_on(one, day).points for one in model.indicators.values())


def _thin(model: Model, items: "dict[str, Item]") -> Iterator[Fault]:
    known = model.thin_file.known_for
    if known is None:
        return
    indicator = model.indicators.get(known.indicator)
    item = items.get(indicator.reads) if indicator else None
    if indicator is None:
        yield ("thin_file", "known_for", "indicator"), f"没有指标 {known.indicator}"
    elif item is not None and not _counts_whole(indicator, item):
        yield ("thin_file", "known_for", "indicator"), f"指标 {known.indicator} 的值不是整数"


# ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def selection_faults(item: Item, selection: Selection, at: Place) -> Iterator[Fault]:
    """What is wrong with which facts are looked at."""
    for place, where in enumerate(selection.where):
        yield from _where(item, where, (*at, "where", place))
    if (window := selection.window) is not None:
        if (window.days is None) == (window.months is None):
            yield (*at, "window"), "window 应写 days 或 months 中的一个"
        if (window.days or window.months or 0) <= 0:
            yield (*at, "window"), "window 应大于 0"
        yield from typed(item, window.field, DATES, (*at, "window"), "日期")
    if selection.dated is not None:
        yield from typed(item, selection.dated, DATES, (*at, "dated"), "日期")


def _where(item: Item, where: Where, at: Place) -> Iterator[Fault]:
    stated = where.model_dump(exclude={"field"}, exclude_none=True)
    if not stated:
        yield at, "条件没有内容"
    if where.is_in is not None or where.not_in is not None:
        yield from typed(item, where.field, LISTED, at, "代码、文字或是否")
        yield from _boolean_words(item, where, at)
    if where.at_least is not None or where.at_most is not None:
        yield from typed(item, where.field, NUMBERS, at, "整数或金额")
    if where.open is not None or where.passed is not None or where.lasts is not None:
        yield from typed(item, where.field, DATES, at, "日期")


def _boolean_words(item: Item, where: Where, at: Place) -> Iterator[Fault]:
    field = item.fields.get(where.field)
    words = {*(where.is_in or ()), *(where.not_in or ())}
    if field is not None and field.type is FieldType.BOOLEAN and words - {"true", "false"}:
        yield at, "“是否”的取值只能写 true 或 false"


def typed(item: Item, name: str, types: frozenset[FieldType], at: Place, said: str) -> Iterator[Fault]:
    field = item.fields.get(name)
    if field is not None and field.type not in types:
        yield at, f"信息项“{field.title}”（{field.type.value}）不能这样用，这里要{said}"


# ── an indicator ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _indicator(model: Model, indicator: Indicator, item: Item | None, at: Place) -> Iterator[Fault]:
    part = model.parts.get(indicator.part)
    if part is None or indicator.group not in part.groups:
        yield (*at, "part"), f"没有 {indicator.part} 下的 {indicator.group}"
    yield from _weights(model, indicator, at)
    for place, worth in (("none", indicator.none), ("silent", indicator.silent)):
        yield from _reason(worth.reason, (*at, place), dated=False, valued=False)
    for number, step in enumerate(indicator.steps):
        yield from _reason(step.reason, (*at, "steps", number), dated=dated_by(indicator) is not None)
    if item is not None:
        yield from _measure(item, indicator, at)
        yield from (_text_steps if _is_text(indicator, item) else _number_steps)(indicator, item, at)


def _weights(model: Model, indicator: Indicator, at: Place) -> Iterator[Fault]:
    days = [w.since for w in indicator.weight]
    if days != sorted(set(days)) or days[0] > model.effective.since:
        yield (*at, "weight"), "权重应按日期先后排列，第一个不晚于模型生效日"
    worths = (indicator.none, indicator.silent, *indicator.steps)
    for weight in indicator.weight:
        if any(weight.points * (worth.share or 0) % WHOLE for worth in worths):
            yield (*at, "weight"), f"满分 {weight.points} 乘以各档比例不都是整分"
        if weight.points < 0:
            yield (*at, "weight"), "满分不能是负数"
    if any(worth.points is not None for worth in worths):
        yield from _of_points(indicator, worths, at)


def _of_points(indicator: Indicator, worths: Sequence[Worth], at: Place) -> Iterator[Fault]:
    """Points are fitted together and change together: another fit is another version, not another weight."""
    if any(worth.points is None for worth in worths):
        yield at, "同一指标的各档要么都写 share，要么都写 points"
    if len(indicator.weight) > 1:
        yield (*at, "weight"), "各档写 points 的指标只能有一行权重：分数变了就是新的版本"
    if indicator.weight[-1].points != max(worth.points or 0 for worth in worths):
        yield (*at, "weight"), "各档写 points 时，权重的 points 应等于其中最高的一档"


def _reason(text: str, at: Place, *, dated: bool, valued: bool = True) -> Iterator[Fault]:
    allowed = ({VALUE} if valued else set()) | ({DATE} if dated else set())
    for found in sorted(set(OPENINGS.findall(text)) - allowed):
        yield at, f"理由里不能用 {found}" + ("" if allowed else "；这里没有值和日期可填")


_TAKES: Final[dict[type, tuple[frozenset[FieldType], str]]] = {
    Sum: (NUMBERS, "整数或金额"),
    Largest: (NUMBERS, "整数或金额"),
    Smallest: (NUMBERS, "整数或金额"),
    Latest: (CHOICES, "代码或文字"),
    Distinct: (LISTED, "代码、文字或是否"),
    DaysSinceFirst: (DATES, "日期"),
    DaysSinceLast: (DATES, "日期"),
    DaysLeft: (DATES, "日期"),
}


def _measure(item: Item, indicator: Indicator, at: Place) -> Iterator[Fault]:
    here = (*at, "measure")
    if isinstance(indicator.measure, Count) and indicator.measure.fading:
        yield from _fading(indicator, indicator.measure, here)
    yield from measure_faults(item, indicator.measure, here)


def measure_faults(item: Item, taken: Measure, here: Place) -> Iterator[Fault]:
    """Whether what is taken can be taken of these fields."""
    if isinstance(taken, Percent):
        for place, where in enumerate(taken.of):
            yield from _where(item, where, (*here, "of", place))
    if isinstance(taken, Latest):
        yield from typed(item, taken.by, DATES, here, "日期")
    if type(taken) in _TAKES:
        yield from _single(item, getattr(taken, "field"), here)  # noqa: B009 — all of these have one
        yield from typed(item, getattr(taken, "field"), *_args(taken, here))  # noqa: B009 — all of these have one


def _single(item: Item, name: str, at: Place) -> Iterator[Fault]:
    field = item.fields.get(name)
    if field is not None and field.several:
        yield at, f"信息项“{field.title}”可以有几个代码，不能取作一个值"


def _args(taken: object, here: Place) -> tuple[frozenset[FieldType], Place, str]:
    types, said = _TAKES[type(taken)]
    return types, here, said


def _fading(indicator: Indicator, count: Count, at: Place) -> Iterator[Fault]:
    if indicator.window is None:
        yield at, "随时间递减要有 window 的日期"
    for one, next_ in pairwise(count.fading):
        if next_.up_to_days <= one.up_to_days or next_.percent >= one.percent:
            yield at, "递减各档的天数应依次增加，比例依次降低"
    if not all(0 < one.percent <= WHOLE for one in count.fading):
        yield at, "递减比例应在 1 到 100 之间"


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _field(indicator: Indicator, item: Item) -> FieldType | None:
    match indicator.measure:
        case Sum(field=name) | Largest(field=name) | Smallest(field=name) | Latest(field=name) if name in item.fields:
            return item.fields[name].type
        case _:
            return None


def _is_text(indicator: Indicator, item: Item) -> bool:
    return isinstance(indicator.measure, Latest) and _field(indicator, item) in CHOICES


def _counts_whole(indicator: Indicator, item: Item) -> bool:
    return not _is_text(indicator, item) and _field(indicator, item) not in MONEY


def _last_is_open(steps: tuple[Step, ...], at: Place) -> Iterator[Fault]:
    if steps[-1].up_to is not None or steps[-1].is_in is not None:
        yield (*at, "steps", len(steps) - 1), "最后一档不写界限，接住其余的值"


def _number_steps(indicator: Indicator, item: Item, at: Place) -> Iterator[Fault]:
    yield from _last_is_open(indicator.steps, at)
    special = len(list(takewhile(lambda step: step.is_in is not None, indicator.steps)))
    yield from _special(indicator, item, indicator.steps[:special], at)
    bounds = [step.up_to for step in indicator.steps[special:-1]]
    for place, step in enumerate(indicator.steps[:-1]):
        if place >= special and (step.up_to is None or step.is_in is not None):
            yield (*at, "steps", place), "这一档应写 up_to，即到多少为止（含）"
    known = [b for b in bounds if b is not None]
    for place, (one, next_) in enumerate(pairwise(known)):
        if next_ <= one:
            yield (*at, "steps", special + place + 1), "各档的 up_to 应依次增大，否则有一档永远用不到"
    if _counts_whole(indicator, item) and not getattr(indicator.measure, "fading", ()):
        yield from ((at, f"这里的值是整数，{b} 不是") for b in known if b != b.to_integral_value())
    yield from _monotone(indicator.steps[special:], at)


def _special(indicator: Indicator, item: Item, steps: tuple[Step, ...], at: Place) -> Iterator[Fault]:
    """Codes among numbers (-999: does not apply): written as the numbers they are, each in one step."""
    seen: set[str] = set()
    for place, step in enumerate(steps):
        here = (*at, "steps", place)
        if step.up_to is not None:
            yield here, "特殊代码的一档只写 is_in"
        for code in step.is_in or ():
            if not (WHOLE_NUMBER if _counts_whole(indicator, item) else AMOUNT).fullmatch(code):
                yield here, f"特殊代码 {code} 不是这个指标的值能有的数"
            if code in seen:
                yield here, f"{code} 出现在两档里"
            seen.add(code)


def _monotone(steps: tuple[Step, ...], at: Place) -> Iterator[Fault]:
    """More of one thing may not help first and hurt later: a slip, or a story nobody can tell a shopkeeper."""
    shares = [step.worth(WHOLE) for step in steps]
    rising: Callable[[int, int], bool] = lambda a, b: a <= b  # noqa: E731 — two words, used side by side
    falling: Callable[[int, int], bool] = lambda a, b: a >= b  # noqa: E731
    if not any(all(order(a, b) for a, b in pairwise(shares)) for order in (rising, falling)):
        yield (*at, "steps"), "各档得分应一路上升或一路下降"


def _text_steps(indicator: Indicator, item: Item, at: Place) -> Iterator[Fault]:
    yield from _last_is_open(indicator.steps, at)
    seen: set[str] = set()
    for place, step in enumerate(indicator.steps[:-1]):
        if step.is_in is None or step.up_to is not None:
            yield (*at, "steps", place), "这一档应写 is_in，即是哪些值"
        again = seen & set(step.is_in or ())
        if again:
            yield (*at, "steps", place), f"{'、'.join(sorted(again))} 出现在两档里"
        seen |= set(step.is_in or ())
