"""个人信息保护影响评估 (个人信息保护法 §55–56) of items and purposes, in the city's `assessments/<name>.yml`.

Before an item that holds personal information is opened, or a purpose: its three contents, by one person, approved by
another. It says which fields of which items it looked at, so that a personal field added later wants one anew. A file
is not taken away when another comes in its place, which names it (`replaces`); §56 has it kept three years at least.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final

from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.pack import Pack, Placed
from xinqiao.catalogue.schema import Assessment, FieldType, Item
from xinqiao.kernel.subject_kinds import SubjectKind

PERSONAL: Final = frozenset({FieldType.PERSON_NAME, FieldType.ID_NUMBER, FieldType.PHONE})
SHORTEST: Final = 20  # characters of each content: a word that fills the line is no assessment


def personal_fields(item: Item) -> frozenset[str]:
    """The fields that are of a natural person by what they are."""
    persons = {name for person in item.persons for name in person.fields}
    return frozenset(
        name for name, field in item.fields.items() if field.type in PERSONAL or field.mask or name in persons
    )


def holds_personal(item: Item, natural: frozenset[SubjectKind]) -> bool:
    """Whether an item holds personal information: such fields, or a subject who is a natural person at once."""
    return bool(personal_fields(item)) or not natural.isdisjoint(item.subject.kinds)


def mistakes_in(pack: Pack) -> Iterator[Mistake]:
    """What an assessment lacks, and the open items no assessment looks at."""
    items = {placed.entry.item: placed.entry for placed in pack.items}
    names = {placed.entry.assessment for placed in pack.assessments}
    for one in pack.assessments:
        yield from _one(one, items, names)
    natural = frozenset(pack.city.entry.natural_persons.kinds if pack.city else ())
    for placed in pack.items:
        if placed.entry.whole and holds_personal(placed.entry, natural):
            yield from _uncovered(placed, pack)


def _one(placed: Placed[Assessment], items: dict[str, Item], names: set[str]) -> Iterator[Mistake]:
    said = placed.entry
    for name in ("lawful", "impact", "measures"):
        if len(getattr(said, name)) < SHORTEST:
            yield placed.mistake(f"{name} 至少写 {SHORTEST} 个字（个人信息保护法第五十六条）", name)
    if said.assessed_by == said.approved_by:
        yield placed.mistake("评估的人不能批准自己的评估", "approved_by")
    if said.approved_on < said.assessed_on:
        yield placed.mistake("批准日期早于评估日期", "approved_on")
    if said.replaces is not None and said.replaces not in names:
        yield placed.mistake(f"它接替的评估“{said.replaces}”不在这里，评估至少保存三年", "replaces")
    if said.again < said.approved_on:
        yield placed.mistake("再次评估的日期早于批准日期", "again")
    for name, fields in said.items.items():
        if name not in items:
            yield placed.mistake(f"没有名为“{name}”的数据项", "items", name)
        elif strange := sorted(set(fields) - items[name].fields.keys()):
            yield placed.mistake(f"“{name}”没有这些信息项：{'、'.join(strange)}", "items", name)


def unassessed(purposes: Collection[str], of: Iterable[Assessment]) -> list[str]:
    """Those of the purposes that no assessment speaks of."""
    return sorted(set(purposes) - {name for one in of for name in one.purposes})


def _uncovered(placed: Placed[Item], pack: Pack) -> Iterator[Mistake]:
    """Every personal field has been looked at by some assessment of the item."""
    item = placed.entry
    looked = [one.entry.items[item.item] for one in pack.assessments if item.item in one.entry.items]
    if not looked:
        yield placed.mistake(
            "含有个人信息，启用前要有批准的影响评估（assessments/，个人信息保护法第五十五条）", "whole"
        )
    elif missed := sorted(personal_fields(item) - set[str]().union(*looked)):
        yield placed.mistake(
            f"这些个人信息没有评估过：{'、'.join(missed)}（个人信息保护法第五十五条）", "fields", missed[0]
        )


def overdue(one: Assessment, on: date) -> bool:
    """Whether it was to be looked at again by now. It still stands: what was opened is not shut by a date."""
    return on > one.again
