"""From one row of the engine's answer to a grade that explains itself. Pure: frozen model and row are enough."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from xinqiao.catalogue.schema import AdverseNature
from xinqiao.evaluation import measuring
from xinqiao.evaluation.compiling import ENDED, NONE, SILENT, THIN
from xinqiao.evaluation.language import Bound, Ended, Indicator, Latest, Step, Veto, Worth
from xinqiao.evaluation.views import (
    IndicatorView,
    LimitView,
    MissingView,
    PartView,
    Seen,
    State,
    Value,
    WithoutDisputed,
)
from xinqiao.kernel.ids import FactId
from xinqiao.kernel.sayings import Saying, with_unit

STATES: Final = {ENDED: State.ENDED, THIN: State.THIN}
A_YEAR: Final = 365
YEARS_FROM: Final = 2 * A_YEAR  # below two years days are clearer than years
WAN: Final = 10_000
EPOCH: Final = date(1970, 1, 1).toordinal()
NOTHING: Final = Saying("")
UNDATED: Final = Saying("日期不详")


@dataclass(frozen=True, slots=True)
class Counted:
    """What the engine found for one indicator, veto, cap or end."""

    count: int
    value: int | str | None  # money as text in yuan
    day: int | None
    bin: int
    points: int
    facts: tuple[FactId, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One subject's row, unpacked. `counted` has every selection of the model; limits have no bin and no points."""

    state: int
    rank: int
    score: int
    points: int
    counted: Mapping[str, Counted]
    disputed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Grade, its title and the score, as far as there is one."""

    state: State
    grade: str
    title: str
    score: int | None


@dataclass(frozen=True, slots=True)
class Explained:
    verdict: Verdict
    parts: tuple[PartView, ...]
    limits: tuple[LimitView, ...]
    reasons: tuple[Saying, ...]
    missing: tuple[MissingView, ...]


def explain(bound: Bound, outcome: Outcome, on: date) -> Explained:
    parts = tuple(_part(bound, name, outcome, on) for name in bound.model.parts)
    limits, everything = tuple(_limits(bound, outcome)), [one for part in parts for one in part.indicators]
    return Explained(
        verdict=verdict(bound, outcome),
        parts=parts,
        limits=limits,
        reasons=(*outside(bound, outcome, bound.model.ended), *reasons(everything, limits)),
        missing=tuple(_missing(bound, parts)),
    )


def verdict(bound: Bound, outcome: Outcome) -> Verdict:
    """The grade in the model's words; a thin file and a subject that has ended have no score."""
    model = bound.model
    state = STATES.get(outcome.state, State.RATED)
    match state:
        case State.RATED:
            band = model.grades[outcome.rank]
            return Verdict(state, band.grade, band.title, outcome.score)
        case State.THIN:
            return Verdict(state, model.thin_file.grade, model.thin_file.title, None)
        case State.ENDED:
            ended = next(one for name, one in model.ended.items() if outcome.counted[name].count)
            return Verdict(state, model.thin_file.grade, ended.title, None)


def without_disputed(bound: Bound, outcome: Outcome) -> WithoutDisputed:
    told = verdict(bound, outcome)
    return WithoutDisputed(told.grade, told.title, told.score)


# ── parts and indicators ─────────────────────────────────────────────────────────────────────────────────────────────


def _part(bound: Bound, name: str, outcome: Outcome, on: date) -> PartView:
    part = bound.model.parts[name]
    mine = [
        _indicator(bound, one_name, one, outcome, on)
        for one_name, one in bound.model.indicators.items()
        if one.part == name
    ]
    return PartView(name, part.title, sum(i.points for i in mine), sum(i.max_points for i in mine), tuple(mine))


def _indicator(bound: Bound, name: str, indicator: Indicator, outcome: Outcome, on: date) -> IndicatorView:
    counted = outcome.counted[name]
    value = value_of(bound, indicator, counted)
    shown = shown_as(bound, indicator, value)
    dated = day_of(counted.day)
    return IndicatorView(
        name=name,
        title=indicator.title,
        group=bound.model.parts[indicator.part].groups[indicator.group],
        seen={NONE: Seen.NONE, SILENT: Seen.SILENT}.get(counted.bin, Seen.SEEN),
        value=value,
        shown=shown,
        points=counted.points,
        max_points=bound.model.weight_on(indicator, on).points,
        reason=filled(worth_of(indicator, counted.bin).reason, dated, shown),
        dated=dated,
        facts=counted.facts,
        disputed=_disputed(counted, outcome.disputed),
        adverse=indicator.nature is AdverseNature.BREACH,
    )


def _disputed(counted: Counted, disputed: frozenset[int]) -> tuple[FactId, ...]:
    return tuple(fact for fact in counted.facts if fact in disputed) if disputed else ()


def worth_of(indicator: Indicator, bin_: int) -> Worth | Step:
    return {NONE: indicator.none, SILENT: indicator.silent}.get(bin_) or indicator.steps[bin_]


def value_of(bound: Bound, indicator: Indicator, counted: Counted) -> Value:
    """The value in its own type; a fading count in facts, not hundredths."""
    if counted.value is None or counted.count == 0:
        return None
    if measuring.is_money(bound, indicator):
        return Decimal(counted.value)
    if isinstance(counted.value, int) and measuring.scale_of(indicator) != 1:
        return Decimal(counted.value) / measuring.scale_of(indicator)
    return counted.value


def shown_as(bound: Bound, indicator: Indicator, value: Value) -> Saying:
    """With its unit, as a person would say it: 3 条, 约 5 年, 4.2 万元, 绿牌."""
    if value is None:
        return NOTHING
    if measuring.is_money(bound, indicator):
        return money(Decimal(value))
    if isinstance(indicator.measure, Latest):
        return Saying(bound.field(indicator.reads, indicator.measure.field).titles.get(str(value), str(value)))
    if isinstance(value, int) and indicator.unit == "天":
        return days(value)
    return with_unit(str(value), Decimal(value), indicator.unit) if indicator.unit else Saying(str(value))


def money(amount: Decimal) -> Saying:
    """In 万元 from one on; other languages have no such word and say the same sum in yuan."""
    if abs(amount) < WAN:
        return Saying("{yuan} 元", yuan=f"{amount:,.2f}")
    wan = (amount / WAN).quantize(Decimal("0.01"))
    return Saying("{wan} 万元", wan=f"{wan.normalize():,f}", yuan=f"{wan * WAN:,.0f}")


def days(count: int) -> Saying:
    if abs(count) < YEARS_FROM:
        return Saying("{n} 天", n=count)
    return Saying("{n} 年多", n=count // A_YEAR)


def filled(reason: str, dated: date | None, shown: Saying | None = None) -> Saying:
    """A reason of the model with what it leaves open."""
    return Saying(reason, value=shown or NOTHING, date=dated.isoformat() if dated else UNDATED)


def day_of(number: int | None) -> date | None:
    return None if number is None else date.fromordinal(EPOCH + number)


# ── limits, reasons, what is missing ─────────────────────────────────────────────────────────────────────────────────


def _limits(bound: Bound, outcome: Outcome) -> Iterator[LimitView]:
    for name, limit, place in bound.model.limits():
        counted = outcome.counted[name]
        if counted.count:
            yield _limit(name, limit, bound.model.grades[place].grade, counted, outcome.disputed)


def _limit(name: str, limit: Veto, at_most: str, counted: Counted, disputed: frozenset[int]) -> LimitView:
    return LimitView(
        name=name,
        title=limit.title,
        at_most=at_most,
        reason=filled(limit.reason, day_of(counted.day)),
        basis=limit.basis,
        facts=counted.facts,
        disputed=_disputed(counted, disputed),
    )


def reasons(everything: Sequence[IndicatorView], limits: Sequence[LimitView]) -> Iterator[Saying]:
    """What decides comes first; of two that weigh the same, the one the model names first."""
    noted = [one for one in everything if one.seen is Seen.SEEN and not one.max_points]
    losses = [one for one in everything if one.adverse and one.points < one.max_points]
    gains = [one for one in everything if not one.adverse and one.seen is Seen.SEEN and one.max_points]
    absent = [one for one in everything if not one.adverse and one.seen is Seen.NONE and one.points < one.max_points]
    yield from (_marked(_capped(limit), limit.disputed) for limit in limits)
    for one in sorted(losses, key=lambda i: i.points - i.max_points):
        said = Saying("{reason}，减 {n} 分", reason=one.reason, n=one.max_points - one.points)
        yield _marked(said, one.disputed)
    yield from (_marked(Saying("{reason}，属于关注信息，不影响得分", reason=one.reason), one.disputed) for one in noted)
    for one in sorted(gains, key=lambda i: -i.points):
        yield _marked(_earned(one), one.disputed)
    for one in sorted(absent, key=lambda i: i.points - i.max_points):
        yield _earned(one)


def _capped(limit: LimitView) -> Saying:
    return Saying("{reason}，等级最高为 {grade}", reason=limit.reason, grade=limit.at_most)


def _earned(one: IndicatorView) -> Saying:
    return Saying("{reason}，得 {n} 分（满分 {most}）", reason=one.reason, n=one.points, most=one.max_points)


def outside(bound: Bound, outcome: Outcome, ends: Mapping[str, Ended]) -> Iterator[Saying]:
    """Why there is no grade, as far as these ends may be spoken of."""
    if outcome.state == THIN:
        yield Saying(bound.model.thin_file.reason)
    if outcome.state == ENDED:
        for name, ended in ends.items():
            if (counted := outcome.counted[name]).count:
                yield filled(ended.reason, day_of(counted.day))


def _marked(sentence: Saying, disputed: Sequence[Any]) -> Saying:
    return Saying("{sentence}（其中有异议处理中的信息）", sentence=sentence) if disputed else sentence


def _missing(bound: Bound, parts: Sequence[PartView]) -> Iterator[MissingView]:
    for one in (one for part in parts for one in part.indicators):
        wanted = bound.model.indicators[one.name].wanted
        if one.seen is Seen.SILENT or (one.seen is Seen.NONE and wanted):
            yield MissingView(one.name, one.title, one.seen, one.reason)
