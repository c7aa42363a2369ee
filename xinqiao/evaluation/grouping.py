"""How the facts of one item are added up for many selections at once: a plan, worked out from the model alone.

Selections of one item mostly differ in a code (a penalty's severity, a licence's kind) and share what is left: the same
windows, the same natures. So facts are added up by subject and by that *telling* field first, each shared condition
once, and the few sums that come of it are put together for each selection. Sixty indicators of ten kinds are six
conditions. Pure; the compiler turns a plan into an expression, and `marks` reads from it which facts counted for what.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xinqiao.evaluation.language import Bound, Indicator, Selection, Where
from xinqiao.evaluation.measuring import fields_needed
from xinqiao.evaluation.selecting import Condition, dtype_of

MOST_KINDS: Final = 200  # of a telling field; each is a column of its own on the way


@dataclass(frozen=True, slots=True)
class Place:
    """Where a selection finds its facts: its condition's number, and the kinds whose facts it takes."""

    condition: int
    kinds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`kinds`: of the telling field's codes those that no selection tells apart; a row of none of them is of the kind
    after the last. Without a telling field every row is of kind 0. `conditions`: what is left of the selections."""

    telling: str | None
    kinds: tuple[tuple[str, ...], ...]
    conditions: tuple[Condition, ...]
    places: Mapping[str, Place]

    @property
    def kinds_in_all(self) -> int:
        return len(self.kinds) + 1

    def kinds_counted(self) -> list[int]:
        """The kinds of which any selection takes facts."""
        return sorted({kind for place in self.places.values() for kind in place.kinds})


def plan(bound: Bound, item: str) -> Plan:
    """The same for the same words in whatever order they are held: what is frozen must be compiled to again."""
    mine = {name: one for (_, name), one in bound.model.selections() if one.reads == item}
    mine = dict(sorted(mine.items()))
    telling = _telling(bound, item, mine)
    kinds = _kinds(telling, mine)
    left = {name: _left(one, telling) for name, one in mine.items()}
    conditions = tuple(dict.fromkeys(left.values()))
    numbers = {condition: number for number, condition in enumerate(conditions)}
    places = {name: Place(numbers[left[name]], _kinds_of(_said(one, telling), kinds)) for name, one in mine.items()}
    return Plan(telling, kinds, conditions, places)


def _telling(bound: Bound, item: str, mine: Mapping[str, Selection]) -> str | None:
    """The field without which the fewest conditions are left; None where every one leaves as many."""
    told = {where.field for one in mine.values() for where in one.where if _tells(bound, item, where)}
    saved = {field: _distinct(mine, None) - _distinct(mine, field) for field in told if _few(field, mine)}
    best = max(sorted(saved), key=lambda field: saved[field], default=None)
    return best if best is not None and saved[best] > 0 else None


def _tells(bound: Bound, item: str, where: Where) -> bool:
    """Whether a condition only names codes of a field that has one."""
    field = bound.field(item, where.field)
    return _only_codes(where) and not field.several and dtype_of(field) == "string"


def _only_codes(where: Where) -> bool:
    return bool(where.is_in) and set(where.model_dump(exclude_none=True)) == {"field", "is_in"}


def _few(field: str, mine: Mapping[str, Selection]) -> bool:
    return len(_kinds(field, mine)) < MOST_KINDS


def _distinct(mine: Mapping[str, Selection], telling: str | None) -> int:
    return len({_left(one, telling) for one in mine.values()})


def _said(selection: Selection, telling: str | None) -> Where | None:
    """The condition on the telling field, where the selection has just one and it only names codes."""
    found = [where for where in selection.where if where.field == telling]
    return found[0] if len(found) == 1 and _only_codes(found[0]) else None


def _left(selection: Selection, telling: str | None) -> Condition:
    """The selection without what the kinds already say. What a measure needs filled is a condition as any other."""
    said = _said(selection, telling)
    needed = fields_needed(selection.measure) if isinstance(selection, Indicator) else ()
    wheres = tuple(where for where in selection.where if where is not said)
    return Condition(selection.reads, selection.nature, wheres, selection.window, selection.in_force, needed)


def _kinds(telling: str | None, mine: Mapping[str, Selection]) -> tuple[tuple[str, ...], ...]:
    """The codes that are named, those together that always are."""
    named: dict[str, list[str]] = {}
    for name, one in mine.items():
        said = _said(one, telling)
        for code in () if said is None else said.is_in or ():
            named.setdefault(code, []).append(name)
    together: dict[tuple[str, ...], list[str]] = {}
    for code in sorted(named):
        together.setdefault(tuple(named[code]), []).append(code)
    return tuple(tuple(codes) for codes in together.values())


def _kinds_of(said: Where | None, kinds: Sequence[Iterable[str]]) -> tuple[int, ...]:
    """Of a selection that names no codes: every kind, and the rest."""
    if said is None:
        return tuple(range(len(kinds) + 1))
    wanted = set(said.is_in or ())
    return tuple(number for number, codes in enumerate(kinds) if wanted.issuperset(codes))
