"""How what the door told is shown. The catalogue says what each field is, so a new item needs no code here.

What may be shown was decided by the door; this only finds words. Masked values arrive masked and stay so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

from xinqiao import catalogue, language
from xinqiao.catalogue.schema import FieldType, Item
from xinqiao.kernel.sayings import with_unit
from xinqiao.portal import naming, wording
from xinqiao.rights.declaration_rows import SOURCE as SELF

Json = Mapping[str, Any]

MONEY: Final = frozenset({FieldType.MONEY_YUAN, FieldType.MONEY_WAN})
TELLING: Final = frozenset(
    {
        FieldType.TEXT,
        FieldType.LONG_TEXT,
        FieldType.CODE,
        FieldType.INTEGER,
        FieldType.DECIMAL,
        FieldType.MONTH,
        FieldType.YEAR,
    }
)
CODES: Final = frozenset(
    {FieldType.USCC, FieldType.ID_NUMBER, FieldType.ORGANISATION_CODE, FieldType.REGISTRATION_NUMBER}
)
NUMBERED: Final = re.compile(r"[0-9A-Za-z-]{10,}", re.ASCII)  # an identifier tells a person nothing
HEADLINE_FIELDS: Final = 2
HEADLINE_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class Chip:
    tone: str
    word: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of a fact: its label, its value in words, and whether it is a code to be set in one width."""

    label: str
    value: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One fact as a page shows it. Every line names its source, delivery, row and day."""

    fact: int | None  # None, and no delivery, where its source was asked for it a moment ago
    title: str
    headline: str
    amount: str
    since: str
    until: str
    nature: str
    chips: tuple[Chip, ...]
    source: str
    delivery: int | None
    row: int
    received: str
    fields: tuple[Shown, ...]
    withheld: tuple[str, ...]
    hers: tuple[str, ...]  # withheld for want of the person's own consent
    notes: tuple[str, ...]
    disputed: bool
    counts: bool  # neither repaired, expired nor taken out: others are told it too


@dataclass(frozen=True, slots=True)
class ItemLines:
    """The lines of one item, the newest first."""

    title: str
    lines: tuple[Line, ...]

    @property
    def sources(self) -> str:
        return _("、").join(dict.fromkeys(line.source for line in self.lines))


@dataclass(frozen=True, slots=True)
class Family:
    """The items of one family, and how many of their lines are 失信."""

    name: str
    title: str
    items: tuple[ItemLines, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for item in self.items for line in item.lines)

    @property
    def sources(self) -> int:
        return len({line.source for line in self.lines})

    @property
    def adverse(self) -> int:
        return sum(line.nature == "breach" and line.counts for line in self.lines)


def families(told: Iterable[Json], uscc: str) -> list[Family]:
    """A report's families, in its own order. `uscc` is the subject's own code, which no line needs to repeat."""
    return [
        Family(family["family"], naming.family(family["family"]), tuple(_item(one, uscc) for one in family["items"]))
        for family in told
    ]


def item_lines(told: Iterable[Json], uscc: str) -> list[ItemLines]:
    """Of items told one by one, those that have a line."""
    return [_item(one, uscc) for one in told if one["lines"]]


def empty_families(report: Json, *, heard: bool) -> str:
    """Families without a line: those of which everything asked for has come from its sources, or the others.

    Only of the first can it be said that there is nothing.
    """
    items = catalogue.city().items
    never = {item["item"] for source in report["sources"] for item in source["never"]}
    answering = {"answered", "stale"}
    silent = {name for source in report["sources"] if source["state"] not in answering for name in source["items"]}
    unheard = {items[name].family for name in never | silent if name in items}
    empty = [one["family"] for one in report["summary"] if not one["facts"]]
    return _("、").join(naming.family(name) for name in empty if (name not in unheard) is heard)


def _item(told: Json, uscc: str) -> ItemLines:
    lines = sorted((_line(told, line, uscc) for line in told["lines"]), key=lambda line: line.since, reverse=True)
    return ItemLines(naming.item(told["item"]), tuple(lines))


def _line(told: Json, line: Json, uscc: str) -> Line:
    item = catalogue.city().item(told["item"])
    values, codes = line["values"], told.get("codes", {})
    said = [name for name in values if not _names_subject(item, name) and values[name] != uscc]
    words = {name: _value(item, name, values[name], codes.get(name, {})) for name in said}
    return Line(
        fact=line["fact"],
        title=naming.item(item.item),
        headline=_headline(item, said, words),
        amount=_amount(item, values, words),
        since=line["valid_from"] or _first_date(item, values),
        until=line["valid_to"] or "",
        nature=line["nature"],
        chips=(*_of_itself(line["source"]), *_chips(line["nature"], line["standing"])),
        source=naming.source(line["source"], date.fromisoformat(line["received_on"])),
        delivery=line["delivery"],
        row=line["line"],
        received=line["received_on"],
        fields=tuple(Shown(_label(item, name), words[name], item.fields[name].type in CODES) for name in said),
        withheld=tuple(_withheld(item, told, values, None)),
        hers=tuple(_withheld(item, told, values, "person_consent")),
        notes=tuple(_note(note) for note in line["annotations"] if note.get("text")),
        disputed=line["standing"] == "disputed",
        counts=line["standing"] in {"good", "disputed"},
    )


def _withheld(item: Item, told: Json, values: Json, wants: str | None) -> Iterator[str]:
    """The fields of this line that are not told, by what would open them."""
    for one in told.get("withheld", ()):
        if one.get("wants") == wants and one["field"] not in values:
            yield naming.field(item, one["field"])


def _note(note: Json) -> str:
    """Whose words they are stands before them: a business's own are no finding of a department's."""
    text = str(note["text"])
    return _("企业说明：%(text)s") % {"text": text} if note["kind"] == "statement" else text


def _names_subject(item: Item, field: str) -> bool:
    return field in {item.subject.field, item.subject.name}


def _label(item: Item, name: str) -> str:
    """A money field's title may name its unit; ours stands beside the number."""
    label = naming.field(item, name)
    return label.removesuffix("（万元）").removesuffix("（元）") if item.fields[name].type in MONEY else label


def _headline(item: Item, said: Sequence[str], words: Mapping[str, str]) -> str:
    """What a person would read out: the fields the catalogue names, else the first that tell something."""
    chosen = [name for name in item.headline if name in said] or _telling(item, said, words)
    text = " · ".join(words[name] for name in chosen)
    return text if len(text) <= HEADLINE_LENGTH else f"{text[: HEADLINE_LENGTH - 1]}…"


def _telling(item: Item, said: Sequence[str], words: Mapping[str, str]) -> list[str]:
    telling = [name for name in said if item.fields[name].type in TELLING and not NUMBERED.fullmatch(words[name])]
    return sorted(telling, key=lambda name: not item.fields[name].required)[:HEADLINE_FIELDS]


def _amount(item: Item, values: Json, words: Mapping[str, str]) -> str:
    """The largest sum a line speaks of; nought only where the department had to say it."""
    sums = {name: amount for name in words if item.fields[name].type in MONEY and (amount := _decimal(values[name]))}
    if sums:
        return words[max(sums, key=lambda name: abs(sums[name]))]
    return next((words[name] for name in words if item.fields[name].type in MONEY and item.fields[name].required), "")


def _first_date(item: Item, values: Json) -> str:
    return next((str(values[name]) for name in values if item.fields[name].type is FieldType.DATE), "")


def _of_itself(source: str) -> list[Chip]:
    """What a business says of itself is never taken for official, whatever page it stands on."""
    return [Chip("", _("自主申报"))] if source == SELF else []


def _chips(nature: str, standing: str) -> Iterable[Chip]:
    """What this is (colour always with its word), then how it stands."""
    if nature == "breach":
        yield Chip("bad", _("失信"))
    elif nature == "attention":
        yield Chip("care", _("关注"))
    if standing == "disputed":
        yield Chip("care", _("有异议"))
    elif standing == "repaired":
        yield Chip("good", _("已修复"))
    elif standing == "expired":
        yield Chip("", _("已到期"))
    elif standing == "withdrawn":
        yield Chip("", _("已撤下"))


def _value(item: Item, name: str, said: Any, codes: Mapping[str, str]) -> str:
    """One value in words: codes by their titles, money in 元 or 万元, yes and no."""
    field = item.fields[name]
    match field.type:
        case FieldType.BOOLEAN:
            return _("是") if said in {True, "true"} else _("否")
        case FieldType.MONEY_YUAN | FieldType.MONEY_WAN:
            return wording.money(amount) if (amount := _decimal(said)) is not None else str(said)
        case FieldType.DECIMAL | FieldType.INTEGER:
            return _number(_decimal(said), field.unit) or str(said)
        case FieldType.CODE:
            codes_said = said if isinstance(said, list) else [said]
            return _("、").join(language.said(codes.get(str(one), str(one))) for one in codes_said)
        case _:
            return _referred(field.reference, str(said))


def _number(amount: Decimal | None, unit: str | None) -> str:
    if amount is None:
        return ""
    text = wording.number(amount)
    return language.said(with_unit(text, amount, unit)) if unit else text


def _referred(reference: str | None, said: str) -> str:
    match reference:
        case "division":
            return naming.division(said) or said
        case "industry":
            return (
                _("%(title)s（%(code)s）") % {"title": title, "code": said}
                if (title := naming.industry(said))
                else said
            )
        case "source":
            return naming.source(said)
        case _:
            return said


def _decimal(said: Any) -> Decimal | None:
    try:
        return Decimal(str(said))
    except InvalidOperation:
        return None
