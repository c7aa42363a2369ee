"""The city's decision on who counts as a natural person (条例 §13), written into the rules that ask for it."""

from typing import Final

from xinqiao.catalogue.schema import Check, Item, NaturalPersons, RefuseWhen, When
from xinqiao.kernel.subject_kinds import SubjectKind, kind_of
from xinqiao.kernel.uscc import CATEGORIES, Uscc

_BEGINNINGS: Final = [department + category for department, all_ in CATEGORIES.items() for category in all_]


def beginnings_of(kinds: tuple[SubjectKind, ...]) -> tuple[str, ...]:
    """The first two characters of the codes of these kinds."""
    return tuple(two for two in _BEGINNINGS if kind_of(Uscc(two)) in kinds)


def with_decision(item: Item, decision: NaturalPersons) -> Item:
    """The item with every `natural_person: true` told which codes that is; other items as they are."""
    if not any(isinstance(c, RefuseWhen) and any(w.natural_person for w in c.all) for c in item.checks):
        return item
    return item.model_copy(update={"checks": tuple(_decided(check, decision) for check in item.checks)})


def _decided(check: Check, decision: NaturalPersons) -> Check:
    if not isinstance(check, RefuseWhen):
        return check
    return check.model_copy(update={"all": tuple(_told(when, decision) for when in check.all)})


def _told(when: When, decision: NaturalPersons) -> When:
    if not when.natural_person:
        return when
    return when.model_copy(update={"starts_with": beginnings_of(decision.kinds)})
