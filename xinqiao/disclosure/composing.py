"""From facts to what a reader gets: families, items, lines, counts. Pure, and on the hot path: a row is looked at once.

Everything here is JSON-ready: text, whole numbers, true, false, None, lists and objects; money and fractions are text,
so that the report has one canonical form (RFC 8785) and one digest.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from xinqiao.authorisation.rules import EVER, ConsentTerms, Range
from xinqiao.catalogue import City
from xinqiao.catalogue.schema import AdverseNature, CodeList, Item
from xinqiao.creditfile.queries import Before, Fact, Note
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure.pseudonyms import Named
from xinqiao.disclosure.rules import Plan, Reader, fields_of, fields_told, in_range, nature, open_to, plan, row_told
from xinqiao.disclosure.telling import instant
from xinqiao.kernel.ids import FactId
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.parties.identities import mark_of

Json = dict[str, Any]
PERSON: Final = "person_consent"  # what would open what is not told
GRANT: Final = "grant"


@dataclass(slots=True)
class Lines:
    """What is told of one item."""

    plan: Plan
    within: Range  # the days a grant opens
    beyond: Plan | None  # how a line from other days is told: as without the grant
    coded: tuple[tuple[str, CodeList], ...]
    consents: tuple[ConsentTerms, ...] = ()  # of persons who may stand in a line
    lines: list[Json] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    pseudonyms: bool = False  # stand beside what is covered in its lines
    call: int | None = None  # of an item that is asked for over its source's interface: the call that brought it


@dataclass(slots=True)
class Contents:
    """What is told altogether: by item, with counts, and the ids of every fact in it."""

    items: dict[str, Lines]
    closed: list[Json]
    facts: list[FactId]
    sources: dict[str, list[str]]  # asked: source → items
    changed: Mapping[FactId, Json] = field(default_factory=dict)  # why a line is not what it was
    called: dict[str, list[str]] = field(default_factory=dict)  # of those asked over their interfaces
    named: Named | None = None  # by which pseudonyms its reader is told persons apart


def asked(city: City, kind: SubjectKind, reader: Reader, only: Collection[str] | None = None) -> Contents:
    """What a reader may ask about a subject of this kind, nothing answered yet; of the items in `only`, where given.

    What is closed to it is named whether or not there is anything: naming it tells nothing about the business.
    """
    told = Contents({}, [], [], {})
    for item in city.whole_items():
        if kind not in item.subject.kinds or (only is not None and item.item not in only):
            continue
        planned = plan(item, reader)
        if planned is None:
            told.closed.append(_closed(item, reader))
            continue
        consents = tuple(one for one in reader.consents if item.item in one.items)
        lines = Lines(planned, *_days(item, reader, planned), _coded(planned, city), consents)
        lines.pseudonyms = reader.known_to is not None and bool(planned.pseudonyms)
        told.items[item.item] = lines
        asked_how = told.sources if item.called is None else told.called
        for source in item.sources:
            asked_how.setdefault(source, []).append(item.item)
    return told


def _closed(item: Item, reader: Reader) -> Json:
    """An item that is not told, and whether it is a natural person's separate consent that it wants for (条例 §46)."""
    because = PERSON if item.item in reader.withheld else GRANT
    return {"item": item.item, "title": item.title, "class": item.sharing.classed.value, "wants": because}


def answer(told: Contents, facts: Iterable[Fact], *, city: City, on: date) -> None:
    """Sort out what the reader gets of these facts on this day; they keep their order within an item."""
    for lines, planned, fact in visible(told, facts, on):
        _add(told, lines, planned, fact)


def visible(told: Contents, facts: Iterable[Fact], on: date) -> Iterator[tuple[Lines, Plan, Fact]]:
    """Those of the facts that the reader may have on this day, each with the item it is of and how it is told."""
    for fact in facts:
        lines = told.items.get(fact.item)
        if lines is None:
            continue
        as_planned = lines.plan if _inside(lines, fact) else lines.beyond
        if as_planned is not None and row_told(as_planned, fact.values, fact.standing, fact.shown_until, on):
            yield lines, as_planned, fact


def _days(item: Item, reader: Reader, planned: Plan) -> tuple[Range, Plan | None]:
    """The days a grant opens of this item; of other days what is open without it stays open, row by row and field by
    field."""
    within = reader.ranges.get(item.item, EVER)
    return within, planned if within is EVER else plan(item, Reader())


def _inside(lines: Lines, fact: Fact) -> bool:
    return lines.within is EVER or in_range(lines.plan.item, lines.within, fact.valid_from, fact.valid_to)


def _add(told: Contents, lines: Lines, planned: Plan, fact: Fact) -> None:
    """One line. Its keys stand in order, so that writing it canonically has nothing to sort."""
    kind = nature(planned, fact.values)
    hers = _hers(lines, fact) if lines.consents else frozenset[str]()
    values = fields_told(planned, fact.values, hers)
    if lines.coded:
        _note_codes(lines, values)
    since, until = fact.valid_from, fact.valid_to
    kept = fact.id != 0  # what was asked for live has a call in place of a fact of a delivery
    lines.lines.append(
        {
            "annotations": [note_json(note) for note in fact.annotations] if fact.annotations else [],
            "call": None if kept else lines.call,
            "changed": told.changed.get(fact.id),
            "delivery": fact.delivery if kept else None,
            "fact": fact.id if kept else None,
            "line": fact.line,
            "nature": str(kind),
            "pseudonyms": _pseudonyms(told, lines, planned, fact, hers) if lines.pseudonyms else {},
            "received_on": fact.received_on.isoformat(),
            "source": fact.provider,
            "standing": str(fact.standing),
            "valid_from": None if since is None else since.isoformat(),
            "valid_to": None if until is None else until.isoformat(),
            "values": values,
        }
    )
    if kept:
        told.facts.append(fact.id)


def _pseudonyms(told: Contents, lines: Lines, planned: Plan, fact: Fact, hers: frozenset[str]) -> Json:
    """Beside what is covered in this line; not of days the grant does not reach, nor of whom it names anyway."""
    if told.named is None or planned is not lines.plan:
        return {}
    return told.named.beside(planned.item, fact.values, [name for name in planned.pseudonyms if name not in hers])


def _hers(lines: Lines, fact: Fact) -> frozenset[str]:
    """What of this line is of persons who have consented, each to days of her own."""
    item = lines.plan.item
    marks = {one.mark for one in lines.consents if in_range(item, one.range, fact.valid_from, fact.valid_to)}
    return fields_of(item, fact.values, marks, mark_of)


def note_json(note: Note) -> Json:
    """What somebody entitled to it wrote beside the line."""
    return {"at": instant(note.at), "by": note.by, "kind": note.kind, "text": note.text}


WHY: Final = {
    Standing.WITHDRAWN: Saying("原来的内容有错，已经撤下，来源单位重新报送"),
    Standing.DISPUTED: Saying("原来的内容有异议，来源单位重新报送"),
}
RENEWED: Final = Saying("来源单位报送了新的内容")


def change_json(earlier: Before) -> Json:
    """Why a line is not what it was: what it took the place of, and how that one stood in the end."""
    return {
        "earlier": earlier.id,
        "received_on": earlier.received_on.isoformat(),
        "why": str(WHY.get(earlier.standing, RENEWED)),
    }


def _note_codes(lines: Lines, values: Mapping[str, Any]) -> None:
    """A code is told with its words, once per item."""
    for name, codes in lines.coded:
        said = values.get(name)
        for code in said if isinstance(said, list) else (said,):
            if code is not None and (entry := codes.values.get(code)) is not None:
                lines.codes.setdefault(name, {})[code] = entry.title


def _coded(planned: Plan, city: City) -> tuple[tuple[str, CodeList], ...]:
    key = (id(planned), id(city.codes))
    if key not in _coded_fields:
        fields = planned.item.fields
        found = [(n, city.codes[c]) for n in planned.told if (c := fields[n].codes) is not None and c in city.codes]
        _coded_fields[key] = tuple(found)
    return _coded_fields[key]


_coded_fields: dict[tuple[int, int], tuple[tuple[str, CodeList], ...]] = {}


def families(told: Contents, city: City) -> list[Json]:
    """Details by family, in the city's order; families with nothing in them are left to the summary.

    Every object in it is built with its keys in canonical order (`canonical.report_text`).
    """
    by_family: dict[str, list[Json]] = {}
    for lines in told.items.values():
        if lines.lines:
            by_family.setdefault(lines.plan.item.family, []).append(item_json(lines))
    return [
        {"family": name, "items": by_family[name], "title": family.title}
        for name, family in city.families.items()
        if name in by_family
    ]


def item_json(lines: Lines) -> Json:
    """An item with its lines; of its fields those that any line fills."""
    filled = set[str]().union(*(line["values"] for line in lines.lines))
    head, fields = _header(lines.plan)
    codes = {name: dict(sorted(lines.codes[name].items())) for name in sorted(lines.codes)}
    told = {
        **head,
        "codes": codes,
        "fields": [described for name, described in fields if name in filled],
        "lines": lines.lines,
    }
    return {name: told[name] for name in sorted(told)}


def rows_withheld(planned: Plan) -> list[Json]:
    """Which rows of an item are kept back from this reader, whether or not there are any."""
    kept = [case for case in planned.item.sharing.cases if not open_to(planned.by, case.classed)]
    return [{"basis": case.basis, "class": case.classed.value} for case in kept]


def _header(planned: Plan) -> tuple[Json, list[tuple[str, Json]]]:
    """What holds for every line of an item, and its fields: worked out once."""
    key = id(planned)
    if key not in _headers:
        item = planned.item
        head = {
            "item": item.item,
            "code": item.code,
            "title": item.title,
            "class": item.sharing.classed.value,
            "nature": item.nature.value,
            "withheld": [
                {"field": name, "title": item.fields[name].title, "wants": PERSON if name in planned.personal else None}
                for name in planned.withheld
            ],
        }
        shown = [name for name in item.fields if name in planned.told_at_all or name in planned.personal]
        _headers[key] = head, [(name, _field(item, name, name in planned.masked)) for name in shown]
    return _headers[key]


_headers: dict[int, tuple[Json, list[tuple[str, Json]]]] = {}


def _field(item: Item, name: str, masked: bool) -> Json:
    described = item.fields[name]
    return {
        "field": name,
        "masked": masked,
        "title": described.title,
        "type": described.type.value,
        "unit": described.unit,
    }


def sections(told: Contents, city: City) -> list[Json]:
    """The chapters of the standard report, each with what stands in it, by item; a chapter with nothing says so."""
    by_section: dict[str, list[Lines]] = {name: [] for name in city.sections}
    for name, lines in told.items.items():
        by_section[city.section_of[name]].append(lines)
    return [_section(city.sections[name].title, name, asked) for name, asked in by_section.items()]


def _section(title: str, name: str, asked: Sequence[Lines]) -> Json:
    return {
        "section": name,
        "title": title,
        "asked": len(asked),
        "items": [
            {
                "item": one.plan.item.item,
                "title": one.plan.item.title,
                "facts": len(one.lines),
                "breach": sum(line["nature"] == AdverseNature.BREACH for line in one.lines),
            }
            for one in asked
            if one.lines
        ],
    }


def summary(told: Contents, city: City) -> list[Json]:
    """Counts by family: what is adverse first, then what deserves attention, then the city's order (摘要)."""
    by_family: dict[str, list[Json]] = {}
    for lines in told.items.values():
        by_family.setdefault(lines.plan.item.family, []).extend(lines.lines)
    counted = [
        _counted(name, family.title, by_family[name]) for name, family in city.families.items() if name in by_family
    ]
    return sorted(counted, key=lambda c: (-c["breach"], -c["attention"]))


def _counted(name: str, title: str, lines: list[Json]) -> Json:
    return {
        "family": name,
        "title": title,
        "facts": len(lines),
        "breach": sum(line["nature"] == AdverseNature.BREACH for line in lines),
        "attention": sum(line["nature"] == AdverseNature.ATTENTION for line in lines),
        "disputed": sum(line["standing"] == Standing.DISPUTED for line in lines),
    }
