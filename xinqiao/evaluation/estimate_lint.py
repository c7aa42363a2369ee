"""What is wrong with a set of rules, beyond its form: every fault with its place, so that its author can act on it."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from xinqiao.evaluation.estimate_language import Case, Condition, Points, Rules
from xinqiao.evaluation.estimating import Blank, Value, judge
from xinqiao.evaluation.indicator_language import CataloguedIndicator, Polarity, Type

Fault = tuple[tuple[str | int, ...], str]
Catalogued = Mapping[str, CataloguedIndicator]
NUMBERS: Final = frozenset({Type.COUNT, Type.DAYS, Type.MONEY, Type.PERCENT})
BETTER, WORSE = Polarity.HIGHER_IS_BETTER, Polarity.HIGHER_IS_WORSE
WORDS: Final = {"true": True, "false": False}


def faults(rules: Rules, known: Catalogued) -> list[Fault]:
    """None where the rules can be used. Cases are worked only where nothing else is wrong."""
    found = [*_reads(rules, known)]
    if not found:
        found += [*_admission(rules, known), *_scorecard(rules, known), *_grades(rules), *_amount(rules, known)]
    return found or [*_cases(rules, known)]


def _reads(rules: Rules, known: Catalogued) -> Iterator[Fault]:
    used = {one.indicator for one in rules.admission} | rules.scorecard.keys() | set(rules.amount.of)
    for name in sorted(used - rules.reads.keys()):
        yield ("reads",), f"用到了 {name}，reads 里没有写；写明不知道的时候怎么办"
    for name, read in rules.reads.items():
        if name not in known:
            yield ("reads", name), f"指标目录里没有 {name}"
        elif name not in used:
            yield ("reads", name), f"读了 {name}，哪里也没有用到"
        elif (known[name].none == "empty") != (read.empty is not None):
            yield (
                ("reads", name),
                "这个指标会是空的（来源有回答、没有可算的），写明 empty"
                if read.empty is None
                else "这个指标不会是空的，不写 empty",
            )


def _admission(rules: Rules, known: Catalogued) -> Iterator[Fault]:
    for place, one in enumerate(rules.admission):
        at = ("admission", place)
        indicator = known[one.indicator]
        if one.tests != 1:
            yield at, "at_least、below、is、one_of 写一个，只写一个"
        elif not _fits(one, indicator.type):
            yield at, f"{one.indicator} 的类型是 {indicator.type.value}：数用 at_least、below，是否用 is，代码用 one_of"
        elif (cut := one.at_least if one.at_least is not None else one.below) is not None:
            yield from ((at, said) for said in _cut(one.indicator, indicator, cut))
            against = WORSE if one.at_least is not None else BETTER
            if indicator.polarity is against:
                way = "越大越不利，用 below" if against is WORSE else "越大越好，用 at_least"
                yield at, f"方向反了：{one.indicator} {way}"


def _fits(one: Condition, type_: Type) -> bool:
    if one.is_ is not None:
        return type_ is Type.FLAG
    return (type_ is Type.CODE) if one.one_of else type_ in NUMBERS


def _cut(name: str, indicator: CataloguedIndicator, cut: Decimal) -> Iterator[str]:
    if indicator.width is not None and cut % indicator.width:
        yield f"{name} 按 {indicator.width} 一档告知，界限应是它的整数倍，这里是 {cut}"


def _scorecard(rules: Rules, known: Catalogued) -> Iterator[Fault]:
    for name, one in rules.scorecard.items():
        at, indicator = ("scorecard", name), known[name]
        if indicator.polarity is Polarity.NONE or indicator.type is Type.CODE:
            yield at, f"{name} 不分好坏，不能计分"
        elif indicator.type is Type.FLAG:
            yield from ((at, said) for said in _of_flag(one, indicator.polarity))
        else:
            yield from ((at, said) for said in _of_number(name, one, indicator))


def _of_flag(one: Points, polarity: Polarity) -> Iterator[str]:
    if one.steps or one.yes is None or one.no is None:
        yield "是否型的指标写 yes 和 no 各多少分"
    elif (one.yes - one.no) * (1 if polarity is BETTER else -1) < 0:
        yield "分数的方向与指标相反"


def _of_number(name: str, one: Points, indicator: CataloguedIndicator) -> Iterator[str]:
    if one.yes is not None or one.no is not None or not one.steps:
        yield "数值型的指标写 steps"
        return
    first, *rest = one.steps
    cuts = [step.from_ for step in rest if step.from_ is not None]
    if first.from_ is not None or len(cuts) != len(rest) or any(a >= b for a, b in pairwise(cuts)):
        yield "第一档不写 from，后面每档写，从小到大"
    for cut in cuts:
        yield from _cut(name, indicator, cut)
    sign = 1 if indicator.polarity is BETTER else -1
    if any((b.points - a.points) * sign < 0 for a, b in pairwise(one.steps)):
        yield "分数的方向与指标相反，或者忽高忽低"


def _grades(rules: Rules) -> Iterator[Fault]:
    *upper, last = rules.grades
    cuts = [one.at_least for one in upper if one.at_least is not None]
    if last.at_least is not None or len(cuts) != len(upper) or any(a <= b for a, b in pairwise(cuts)):
        yield ("grades",), "从好到差写，每级写 at_least，从大到小；最后一级不写"
    if len({one.grade for one in rules.grades}) != len(rules.grades):
        yield ("grades",), "等级的名字重了"
    for place, (better, worse) in enumerate(pairwise(rules.grades), start=1):
        if (worse.ceiling or 0) > (better.ceiling or 0) or (worse.percent or 0) > (better.percent or 0):
            yield ("grades", place), "差一级的额度上限、比例不能比好一级的高"
    for place, one in enumerate(rules.grades):
        if (one.ceiling is None) and one.percent is not None:
            yield ("grades", place), "写了比例就要写上限 ceiling"
        if one.ceiling is not None and rules.amount.of and one.percent is None:
            yield ("grades", place), "额度按指标的比例算，这一级要写 percent"


def _amount(rules: Rules, known: Catalogued) -> Iterator[Fault]:
    for name in rules.amount.of:
        if known[name].type is not Type.MONEY or known[name].polarity is not BETTER:
            yield ("amount", "of"), f"额度只能按越大越好的金额算，{name} 不是"


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _cases(rules: Rules, known: Catalogued) -> Iterator[Fault]:
    for place, case in enumerate(rules.cases):
        at = ("cases", place)
        if strange := sorted(case.given.keys() - rules.reads.keys()):
            yield at, f"规则不读 {'、'.join(strange)}"
            continue
        try:
            values = {name: _value(known[name], case.given.get(name, Blank.UNKNOWN)) for name in rules.reads}
        except (ArithmeticError, KeyError):
            yield at, "看不懂给的值：数写数，是否写 true 或 false，没有写 empty，不知道写 unknown"
            continue
        yield from ((at, said) for said in _differs(case, rules, values))
    if len({case.expect.decision for case in rules.cases}) == 1:
        yield ("cases",), "案例都是同一种结论；至少再写一个别的结论的"


def _value(indicator: CataloguedIndicator, said: str) -> Value:
    if said in set(Blank):
        return Blank(said)
    if indicator.type is Type.FLAG:
        return WORDS[said]
    if indicator.type is Type.CODE:
        return said
    number, width = Decimal(said), indicator.width or Decimal(1)
    low = number // width * width
    return low - width if low > number else low


def _differs(case: Case, rules: Rules, values: Mapping[str, Value]) -> Iterator[str]:
    got, wanted = judge(rules, values), case.expect
    grade = got.grade.grade if got.grade else None
    told: Sequence[tuple[str, object, object]] = (
        ("decision", wanted.decision.value, got.decision.value),
        ("grade", wanted.grade, grade),
        ("amount", wanted.amount or Decimal(0), got.amount),
    )
    for name, expected, came in told:
        if expected != came:
            yield f"案例“{case.name}”：{name} 应为 {expected}，得到 {came}"
