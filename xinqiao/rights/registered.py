"""Whom the register names as representing a business: read for comparing, and told to nobody."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from xinqiao import catalogue
from xinqiao.catalogue.schema import Item
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.rules import Standing
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, PersonId, SubjectId
from xinqiao.parties import identities
from xinqiao.parties import queries as parties
from xinqiao.rights.rules.representing import Fit, Named, fit

COUNTS: Final = frozenset({Standing.GOOD, Standing.DISPUTED})


def items() -> Mapping[str, Item]:
    """The city's items that name who represents their subject."""
    return {item.item: item for item in catalogue.city().whole_items() if item.represented is not None}


def compares_numbers() -> bool:
    """Whether any of them holds a document's number; else names alone are compared."""
    return any(_secret(item) for item in items().values())


def named(subject_id: SubjectId, now: datetime) -> list[Named]:
    """Whom each current line of the register names."""
    known, with_secret = items(), [name for name, item in items().items() if _secret(item)]
    facts = creditfile.facts_of(subject_id, items=sorted(known), live=True, with_secret=with_secret)
    current = [one for one in facts if one.known_to is None and one.standing in COUNTS]
    standing = [one for one in current if one.valid_to is None or one.valid_to >= day_of(now)]
    return list(_named((known[one.item], one.values, one.id) for one in standing))


def named_before(fact: FactId) -> list[Named]:
    """Whom the version before this line named; nobody where it is the first."""
    earlier = [one for one in creditfile.versions(fact) if one < fact]
    if not earlier:
        return []
    one = creditfile.fact(earlier[-1])
    return list(_named([(catalogue.city().item(one.item), one.values, one.id)]))


def _named(lines: Iterable[tuple[Item, Mapping[str, Any], FactId]]) -> Iterable[Named]:
    for item, values, fact in lines:
        by = item.represented
        if by is None or (by.only is not None and values.get(by.only) is not True) or not values.get(by.name):
            continue
        number = values.get(by.number) if by.number else None
        yield Named(str(values[by.name]), identities.mark_of(str(number)) if number else None, fact)


def _secret(item: Item) -> bool:
    return item.represented is not None and item.represented.number is not None


def fits(person: PersonId, subject_id: SubjectId, now: datetime) -> tuple[Fit, FactId | None]:
    """Whether the person is whom the register names, and the line that says so or speaks against it."""
    known = parties.person(person)
    return fit(known.name if known else "", identities.numbers_of(person), named(subject_id, now))
