"""What of a fact may be told to whom: by class of row and field, deny by default. Pure.

Four readers: an institution (what is open, and what the business granted), a department (what is open, and of what its
legal basis names what is shared), the business itself (everything held, which is its right under 条例 §40), and the
operator (a grade and its reasons only; no rule here opens facts to it).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any, Final

from xinqiao.authorisation.rules import ConsentTerms, Range
from xinqiao.catalogue.meaning import adverse_nature, field_class, row_class, sealed_fields
from xinqiao.catalogue.schema import AdverseNature, DeliveryMode, FieldType, Item, ItemField, SharingClass
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure.masking import MASKS
from xinqiao.kernel.ids import FactId, InstitutionId

Values = Mapping[str, object]

PERSONAL: Final = {FieldType.PERSON_NAME: "name", FieldType.ID_NUMBER: "id_number", FieldType.PHONE: "phone"}
EMPTY: Final = (None, "")
# 条例 §19, §41, §42, 信用修复管理办法: to nobody but the subject.
NEVER_TOLD: Final = frozenset({"expired", "repaired", "withdrawn"})


class By(Enum):
    """What opens an item to a reader: nothing, the business's grant, or a department's duty by law."""

    NOTHING = "nothing"
    GRANT = "grant"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Reader:
    """On whose behalf facts are read. `granted` names the items a grant opens, `ranges` from which days each; `duty`
    those a department's legal basis opens; `own` is the subject itself. `withheld` are items granted that lack a
    natural person's separate consent; `consents` open what is a person's in the items they name. `known_to` is the
    institution the business allowed to look: it is told pseudonyms beside what is covered."""

    granted: frozenset[str] = frozenset()
    own: bool = False
    ranges: Mapping[str, Range] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    consents: tuple[ConsentTerms, ...] = ()
    duty: frozenset[str] = frozenset()
    known_to: InstitutionId | None = None

    def by(self, item: str) -> By:
        if item in self.granted:
            return By.GRANT
        return By.DUTY if item in self.duty else By.NOTHING


@dataclass(frozen=True, slots=True)
class Plan:
    """How one item's rows are told to one kind of reader, worked out once and used for every row.

    `told` are the fields, in the catalogue's order; `masked` those of them that are covered; `withheld` what the reader
    does not get to see, which is said, `personal` those of them that only their person's own consent opens. `by_row`,
    `adverse_varies`: each row has to be asked for its class, for its nature.
    """

    item: Item
    by: By
    own: bool
    told: tuple[str, ...]
    told_at_all: frozenset[str]
    masked: Mapping[str, Callable[[str], str]]
    withheld: tuple[str, ...]
    personal: frozenset[str]
    pseudonyms: tuple[str, ...]  # the covered fields that have one
    opens: bool  # some of what is told is kept sealed
    by_row: bool
    adverse_varies: bool


def plan(item: Item, reader: Reader) -> Plan | None:
    """None when the item as a whole is closed to this reader, whatever its rows say."""
    by = reader.by(item.item)
    if not (reader.own or open_to(by, item.sharing.classed) or _any_row_open(item, by)):
        return None
    key = (id(item), by, reader.own)  # the plan keeps its item, so the id stays its own
    if key not in _plans:
        _plans[key] = _worked_out(item, by, reader.own)
    return _plans[key]


_plans: dict[tuple[int, By, bool], Plan] = {}


def _worked_out(item: Item, by: By, own: bool) -> Plan:
    told = tuple(name for name in item.fields if own or _field_told(item, name, by))
    return Plan(
        item=item,
        by=by,
        own=own,
        told=told,
        told_at_all=frozenset(told),
        masked={name: mask for name in told if (mask := _mask(item.fields[name], own)) is not None},
        withheld=tuple(name for name in item.fields if name not in told),
        personal=frozenset(name for person in item.persons for name in person.fields if name not in told),
        pseudonyms=tuple(name for name in sorted(told) if item.fields[name].pseudonym is not None and not own),
        opens=not sealed_fields(item).isdisjoint(told),
        by_row=bool(item.sharing.cases) and not own,
        adverse_varies=bool(item.adverse.cases),
    )


def open_to(by: By, classed: SharingClass) -> bool:
    """What is open is open to all. A grant opens the rest but what is shared (政务共享), which is for departments; a
    duty opens that and no more."""
    match by:
        case By.GRANT:
            return classed is not SharingClass.SHARED
        case By.DUTY:
            return classed in {SharingClass.OPEN, SharingClass.SHARED}
        case By.NOTHING:
            return classed is SharingClass.OPEN


def _any_row_open(item: Item, by: By) -> bool:
    return any(open_to(by, case.classed) for case in item.sharing.cases)


def _field_told(item: Item, name: str, by: By) -> bool:
    """A grant opens an item. It opens secret fields only where the item itself is secret, so that the business agreed
    to exactly that; and a firm's grant never opens a person's secrets (个人信息保护法 §29)."""
    classed = field_class(item, name)
    if classed is SharingClass.SECRET:
        granted = by is By.GRANT and item.sharing.classed is SharingClass.SECRET
        return granted and not _personal(item.fields[name])
    return open_to(by, classed)


def _personal(field: ItemField) -> bool:
    return field.type in PERSONAL or field.mask is not None


def _mask(field: ItemField, own: bool) -> Callable[[str], str] | None:
    """Names, numbers and phones are covered for institutions; for the business itself only document numbers are, since
    an accountant reads its file too."""
    kind = field.mask or PERSONAL.get(field.type)
    if kind is None or (own and kind not in {"id_number", "account"}):
        return None
    return MASKS[kind]


def grade_holds(grade: Mapping[str, Any], standings: Mapping[FactId, Standing]) -> bool:
    """Whether every fact behind a grade may still be used as the grade used it: not repaired, run out, erased or
    disputed since, nor free of a dispute. `standings` are those of this moment; an erased fact has none."""
    used = [one for part in grade["parts"] for one in part["indicators"]] + list(grade["limits"])
    counted = {fact for one in used for fact in one["facts"]}
    disputed = {fact for one in used for fact in one["disputed"]}
    return all(standings.get(fact) is (Standing.DISPUTED if fact in disputed else Standing.GOOD) for fact in counted)


def row_told(plan: Plan, values: Values, standing: str, shown_until: date | None, on: date) -> bool:
    """Whether this row is told on this day: its standing, its own class, and the legal end of its being shown."""
    if plan.own:
        return True
    if standing in NEVER_TOLD:
        return False
    if shown_until is not None and on > shown_until:
        return False
    return not plan.by_row or open_to(plan.by, row_class(plan.item, values))


def in_range(item: Item, within: Range, since: date | None, until: date | None) -> bool:
    """Whether a line belongs to the days a grant opens: whether it was going on in any of them.

    A line that names no end stands to this day where its item has ends to name, or lists what stands: what was
    mortgaged ten years ago and still is must not drop out of sight. Where lines are happenings, each lasts as long as
    its day, its month or its year.
    """
    begins = item.validity.since
    if until is None and since is not None and begins is not None and item.validity.until is None:
        kind = item.fields[begins].type
        if kind in {FieldType.MONTH, FieldType.YEAR} or DeliveryMode.FULL not in item.delivery.modes:
            until = _last_day(since, kind)
    return within.touches(since, until)


def _last_day(since: date, kind: FieldType) -> date:
    if kind is FieldType.MONTH:
        return (since.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return since.replace(month=12, day=31) if kind is FieldType.YEAR else since


def fields_told(plan: Plan, values: Values, hers: Collection[str] = ()) -> dict[str, object]:
    """The values a reader gets, by name in canonical order, empty ones left out, personal ones covered; those that are
    of a person who consented as they are (`fields_of`)."""
    open_to = plan.told_at_all
    told = {n: values[n] for n in sorted(values) if (n in open_to or n in hers) and values[n] not in EMPTY}
    for name, mask in plan.masked.items():
        if name in told and name not in hers:
            told[name] = mask(str(told[name]))
    return told


def fields_of(
    item: Item, values: Values, persons: Collection[bytes], mark_of: Callable[[str], bytes]
) -> frozenset[str]:
    """The fields of a row that belong to these persons, who are known by the mark of their document's number and by
    nothing else: not by name, which others bear too (条例 §16)."""
    return frozenset(
        name
        for person in item.persons
        if (number := values.get(person.number)) not in EMPTY and mark_of(str(number)) in persons
        for name in person.fields
    )


def nature(plan: Plan, values: Values) -> AdverseNature:
    return adverse_nature(plan.item, values) if plan.adverse_varies else plan.item.adverse.otherwise
