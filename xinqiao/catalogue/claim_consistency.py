"""A claim and the item it is about must agree: fields there are, of types that can be asked so, of the item's own
class; bands that cover everything; answers in words; and cases that show each of them, which are tried."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from xinqiao.catalogue import claim_meaning
from xinqiao.catalogue.claim_meaning import NO, UNKNOWN, YES, Asked, Because, Heard, Row
from xinqiao.catalogue.claims import Bands, Claim, ClaimCase, Condition, EveryMonth, Match, NoneOf, Rows, Some
from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.field_consistency import MONEY
from xinqiao.catalogue.meaning import field_class, months_after
from xinqiao.catalogue.pack import Placed
from xinqiao.catalogue.rule_consistency import At, condition_mistakes
from xinqiao.catalogue.schema import FieldType, Item, SharingClass
from xinqiao.catalogue.surroundings import Surroundings

LONGEST_MONTHS: Final = 36  # as far back as a loan review looks
FEWEST_BANDS: Final = 2
NUMBERS: Final = frozenset({FieldType.INTEGER, FieldType.DECIMAL, *MONEY})
COMPARED: Final = frozenset({FieldType.TEXT, FieldType.USCC, FieldType.PERSON_NAME, FieldType.REGISTRATION_NUMBER})
MARK: Final = "disputed"
MONTHS_HEARD: Final = 36


def mistakes_in(placed: Placed[Claim], items: Mapping[str, Item], around: Surroundings) -> Iterator[Mistake]:
    """Everything wrong with one claim."""
    item = items.get(placed.entry.item)
    if item is None or not item.whole:
        yield placed.mistake(f"没有名为“{placed.entry.item}”的、可以交付的数据项", "item")
        return
    found = [*_fields(placed, item), *_form(placed), *_rows(placed, item, around), *_words(placed)]
    found += _case_names(placed, item)
    yield from found
    if not found:
        yield from _tried(placed, item)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


def _fields(placed: Placed[Claim], item: Item) -> Iterator[Mistake]:
    """The fields it names itself; what a condition reads is looked at with the conditions."""
    for key, name, types in _named(placed.entry):
        field = item.fields.get(name)
        if field is None:
            yield placed.mistake(f"没有名为“{name}”的信息项", "asks", key)
        elif field.type not in types:
            yield placed.mistake(f"“{name}”的类型 {field.type} 不能这样问", "asks", key)
        else:
            yield from _classed(placed, item, name, ("asks", key))


def _named(claim: Claim) -> Iterator[tuple[str, str, frozenset[FieldType]]]:
    match claim.asks:
        case Match(field=name):
            yield "field", name, COMPARED
        case Bands(field=name, month=month):
            yield "field", name, NUMBERS
            yield "month", month, frozenset({FieldType.MONTH})
        case EveryMonth(month=month):
            yield "month", month, frozenset({FieldType.MONTH})
        case _:
            pass


def _classed(placed: Placed[Claim], item: Item, name: str, at: At) -> Iterator[Mistake]:
    """A grant opens an item; what is stricter than its item would be opened by nobody."""
    if field_class(item, name) is not item.sharing.classed:
        yield placed.mistake(f"“{name}”比数据项本身更严，核验不能读它", *at)


def _form(placed: Placed[Claim]) -> Iterator[Mistake]:
    match placed.entry.asks:
        case EveryMonth(months=months) | Bands(months=months) if not 0 < months <= LONGEST_MONTHS:
            yield placed.mistake(f"应在 1 和 {LONGEST_MONTHS} 个月之间", "asks", "months")
        case _:
            pass
    if isinstance(placed.entry.asks, Bands):
        yield from _bands(placed, placed.entry.asks)


def _bands(placed: Placed[Claim], asks: Bands) -> Iterator[Mistake]:
    names, ends = [band.band for band in asks.bands], [band.below for band in asks.bands]
    if len(names) < FEWEST_BANDS:
        yield placed.mistake("至少要有两档", "asks", "bands")
    for i, name in enumerate(names):
        if name in {YES, NO, UNKNOWN} or name in names[:i]:
            yield placed.mistake(f"档位的名字“{name}”已有别的意思", "asks", "bands", i, "band")
    for i, end in enumerate(ends):
        last = i == len(ends) - 1
        if last is not (end is None):
            yield placed.mistake("只有最后一档没有上限（below）", "asks", "bands", i)
        elif end is not None and i and (before := ends[i - 1]) is not None and end <= before:
            yield placed.mistake("上限（below）应一档比一档高", "asks", "bands", i, "below")


def _rows(placed: Placed[Claim], item: Item, around: Surroundings) -> Iterator[Mistake]:
    asks = placed.entry.asks
    if isinstance(asks, Bands):
        return
    wanted = asks.rows
    if isinstance(asks, Some | NoneOf) and wanted == Rows():
        yield placed.mistake("没有写哪些信息算数（rows）", "asks", "rows")
    if wanted.last_months is not None and not 0 < wanted.last_months <= LONGEST_MONTHS:
        yield placed.mistake(f"应在 1 和 {LONGEST_MONTHS} 个月之间", "asks", "rows", "last_months")
    if (wanted.in_force or wanted.last_months is not None) and item.validity.since is None:
        yield placed.mistake("这个数据项没有有效期，不能按时间问", "asks", "rows")
    timeless = not (wanted.in_force or wanted.last_months is not None or isinstance(asks, EveryMonth))
    if timeless and item.sharing.classed is not SharingClass.OPEN:
        yield placed.mistake("需要授权的数据项，应写明看现在（in_force）还是看几个月（last_months）", "asks", "rows")
    for i, condition in enumerate(wanted.all):
        yield from _condition(placed, item, around, condition, ("asks", "rows", "all", i))


def _condition(
    placed: Placed[Claim], item: Item, around: Surroundings, condition: Condition, at: At
) -> Iterator[Mistake]:
    measured = condition.at_least is not None or condition.at_most is not None
    yield from condition_mistakes(placed, item, around, condition, at, said_otherwise=measured)
    field = item.fields.get(condition.field)
    if field is None:
        return
    if measured and field.type not in NUMBERS:
        yield placed.mistake(f"“{condition.field}”不是数字，不能比大小", *at)
    if condition.natural_person:
        yield placed.mistake("核验不按主体类型分别回答", *at, "natural_person")
    yield from _classed(placed, item, condition.field, (*at, "field"))


def _words(placed: Placed[Claim]) -> Iterator[Mistake]:
    claim, banded = placed.entry, isinstance(placed.entry.asks, Bands)
    for key in ("yes", "no"):
        if (getattr(claim, key) is None) is not banded:
            yield placed.mistake("回答的文字（yes、no）和档位（bands）写且只写一样", key)


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _case_names(placed: Placed[Claim], item: Item) -> Iterator[Mistake]:
    claim, answers = placed.entry, _answers(placed.entry)
    for i, case in enumerate(claim.cases):
        for name in sorted({field for row in case.given for field in row} - {MARK, *item.fields}):
            yield placed.mistake(f"没有名为“{name}”的信息项", "cases", i, "given")
        for key in ("answer", "without_disputed"):
            said = getattr(case, key)
            if said is not None and said not in answers:
                yield placed.mistake(f"“{said}”不是它的回答，只有 {'、'.join(answers)}", "cases", i, key)
        if case.because is not None and case.because not in frozenset(Because):
            yield placed.mistake(f"“{case.because}”不在可用的词里：{'、'.join(Because)}", "cases", i, "because")
        if bool(case.value) is not isinstance(claim.asks, Match):
            yield placed.mistake("比对的值（value）写且只写在比对的核验里", "cases", i)
    shown = {case.answer for case in claim.cases}
    if missing := [answer for answer in answers if answer not in shown]:
        yield placed.mistake(f"没有用例得出：{'、'.join(missing)}", "cases")


def _answers(claim: Claim) -> tuple[str, ...]:
    if isinstance(claim.asks, Bands):
        return (*(band.band for band in claim.asks.bands), UNKNOWN)
    return (YES, NO, UNKNOWN)


def _tried(placed: Placed[Claim], item: Item) -> Iterator[Mistake]:
    """Every case comes out as it says."""
    claim = placed.entry
    for i, case in enumerate(claim.cases):
        rows, asked = [_row(item, row) for row in case.given], _asked(case)
        found = claim_meaning.verdict(claim, item, rows, asked)
        apart = claim_meaning.without_disputed(claim, item, rows, asked).answer
        said = (
            ("回答", case.answer, found.answer),
            ("原因", case.because, found.because and found.because.value),
            ("剔除异议", case.without_disputed, apart),
        )
        for what, expected, came in said:
            if expected is not None and expected != came:
                yield placed.mistake(f"用例“{case.name}”：{what} 应为 {expected}，实为 {came}", "cases", i)


def _row(item: Item, row: Mapping[str, str]) -> Row:
    values = {name: value for name, value in row.items() if name != MARK}
    since, until = (_day(values.get(name or "")) for name in (item.validity.since, item.validity.until))
    return Row(values, since, until, row.get(MARK) == "true")


def _day(said: str | None) -> date | None:
    """A month or year begins on its first day, as facts keep it."""
    return date.fromisoformat(f"{said}-01-01"[:10]) if said else None


def _asked(case: ClaimCase) -> Asked:
    months = case.months
    if months is None:
        this = case.on.replace(day=1)
        months = tuple(months_after(this, -back).strftime("%Y-%m") for back in range(1, MONTHS_HEARD + 1))
    return Asked(case.on, Heard(case.heard), frozenset(months), case.value)
