"""The facts of one item, added up: one row a subject, with how many, the value and the newest day of each selection.

By subject and kind first, each condition of the item's plan once (`grouping`); then a subject's kinds abreast, and each
selection put together from its own. What does not follow from sums (how many different ones, the value of the newest)
is taken from the subject's facts as they are, and so is which facts counted for what (`marks`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Final

from xinqiao.evaluation import grouping, marks, measuring
from xinqiao.evaluation.expressions import ibis
from xinqiao.evaluation.grouping import Plan
from xinqiao.evaluation.language import Bound, Indicator, ReadItem, Selection
from xinqiao.evaluation.selecting import Expr, literal, meets_all, with_days

KIND: Final = "_kind"  # no name of a field begins so
WHOSE: Final = "whose"

Columns = dict[str, Expr]
Take = Callable[[str, int], Expr]  # a part's column, of a kind


@dataclass(frozen=True, slots=True)
class Parts:
    """The columns a selection is put together from."""

    count: str
    day: str | None
    value: str | None


def per_subject(bound: Bound, item: str, facts: Expr, run: Expr) -> Expr:
    """`of_ITEM` and, of each selection NAME on it: `n_NAME`, `d_NAME`, and `v_NAME` and `f_NAME` where it has one."""
    mine = {name: one for (_, name), one in bound.model.selections() if one.reads == item}
    return _Adding(bound, item, mine, grouping.plan(bound, item)).up(facts.cross_join(run))


@dataclass(frozen=True)
class _Adding:
    bound: Bound
    item: str
    mine: Mapping[str, Selection]
    plan: Plan

    @property
    def _read(self) -> ReadItem:
        return self.bound.items[self.item]

    def up(self, facts: Expr) -> Expr:
        rows = self._told_apart(with_days(facts))
        subject = {f"of_{self.item}": rows.subject_id}
        direct, words = self._direct(rows), self._words(rows)
        kept = [*subject, *direct]
        if self.plan.telling is None:
            whole = rows.group_by(**subject).aggregate(**self._sums(rows), **direct, **words)
            return self._put_together(whole, lambda part, _: whole[part], kept)
        by_kind = rows.group_by(**{WHOSE: rows.subject_id, KIND: rows[KIND]}).aggregate(**self._sums(rows))
        abreast = self._abreast(by_kind)
        beside = rows.group_by(**subject).aggregate(**direct, **words)
        both = beside.join(abreast, beside[f"of_{self.item}"] == abreast[WHOSE])
        return self._put_together(both, lambda part, kind: both[f"{KIND}_{kind}"][part], kept)

    def _told_apart(self, rows: Expr) -> Expr:
        """With the kind of each row, and whether it meets each condition."""
        kind = ibis.literal(0, "int64")
        if self.plan.telling is not None:
            field = self.bound.field(self.item, self.plan.telling)
            codes = [[literal(field, code) for code in some] for some in self.plan.kinds]
            told = [(rows[self.plan.telling].isin(some), ibis.literal(n, "int64")) for n, some in enumerate(codes)]
            kind = ibis.cases(*told, else_=ibis.literal(len(codes), "int64"))
        met = {_met(n): meets_all(self.bound, one, rows) for n, one in enumerate(self.plan.conditions)}
        return rows.mutate(**{KIND: kind}, **met)

    # ── what adds up ─────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _parts(self) -> dict[str, Parts]:
        """Selections that share a condition share what they count, and what they measure where that is one as well."""
        found, measured = dict[str, Parts](), dict[tuple[int, str], str]()
        for name, one in sorted(self.mine.items()):
            if measuring.adds_up(one):
                n, dated = self.plan.places[name].condition, measuring.dated_by(one)
                value = None
                if isinstance(one, Indicator) and not measuring.counted(one):
                    value = measured.setdefault((n, one.measure.model_dump_json()), f"v_{len(measured)}")
                found[name] = Parts(f"n_{n}", dated and f"d_{n}_{dated}", value)
        return found

    def _sums(self, rows: Expr) -> Columns:
        columns: Columns = {}
        for name, parts in self._parts.items():
            one, met = self.mine[name], rows[_met(self.plan.places[name].condition)]
            columns.setdefault(parts.count, rows.count(where=met))
            if parts.day is not None:
                columns.setdefault(parts.day, measuring.newest_day(one, rows, met))
            if parts.value is not None and isinstance(one, Indicator):
                columns.setdefault(parts.value, measuring.part(self._read, one, rows, met))
        return columns

    def _abreast(self, by_kind: Expr) -> Expr:
        """A row a subject, with a column a kind that holds its sums: there is one row of each kind at most."""
        sums = ibis.struct({name: by_kind[name] for name in by_kind.columns if name not in (WHOSE, KIND)})
        kinds = {f"{KIND}_{n}": sums.arbitrary(where=by_kind[KIND] == n) for n in self.plan.kinds_counted()}
        return by_kind.group_by(by_kind[WHOSE]).aggregate(**kinds)

    def _put_together(self, whole: Expr, take: Take, kept: Sequence[str]) -> Expr:
        columns: Columns = {}
        for name, parts in self._parts.items():
            one, kinds = self.mine[name], self.plan.places[name].kinds
            count = _sum(take(parts.count, kind).fill_null(0) for kind in kinds)
            columns[f"n_{name}"] = count
            days = [take(parts.day, kind) for kind in kinds] if parts.day else [ibis.literal(None, "int64")]
            columns[f"d_{name}"] = measuring.largest(days)
            if isinstance(one, Indicator):
                values = [take(parts.value, kind) for kind in kinds] if parts.value else []
                columns[f"v_{name}"] = measuring.together(self.bound, one, count, values)
        packed = {word.column: whole[word.column].sort() for word in marks.words(self.item, self.plan)}
        return whole.select(*kept, **columns, **packed)

    # ── what does not ────────────────────────────────────────────────────────────────────────────────────────────────

    def _direct(self, rows: Expr) -> Columns:
        columns: Columns = {}
        for name, one in self.mine.items():
            if isinstance(one, Indicator) and not measuring.adds_up(one):
                columns |= self._as_it_is(name, one, rows)
        return columns

    def _words(self, rows: Expr) -> Columns:
        columns: Columns = {}
        for word in marks.words(self.item, self.plan):
            met = _sum(rows[_met(n)].ifelse(1 << bit, 0).cast("int64") for bit, n in enumerate(word.bits))
            mark = rows.fact_id * marks.BITS_OVER + rows[KIND] * word.kind_over + met
            columns[word.column] = mark.collect(where=(met > 0) & self._counted(rows))
        return columns

    def _as_it_is(self, name: str, one: Indicator, rows: Expr) -> Columns:
        place = self.plan.places[name]
        flag = rows[_met(place.condition)]
        if len(place.kinds) < self.plan.kinds_in_all:
            flag &= rows[KIND].isin(place.kinds)
        day, fact = measuring.newest_day(one, rows, flag), measuring.deciding(one, rows, flag)
        columns = {
            f"n_{name}": rows.count(where=flag),
            f"v_{name}": measuring.value(self._read, one.measure, one.window, rows, flag),
            f"d_{name}": ibis.literal(None, "int64") if day is None else day,
        }
        return columns if fact is None else columns | {f"f_{name}": fact}

    def _counted(self, rows: Expr) -> Expr:
        """Whether any selection takes facts of this kind."""
        counted = self.plan.kinds_counted()
        return ibis.literal(True) if len(counted) == self.plan.kinds_in_all else rows[KIND].isin(counted)


def _met(condition: int) -> str:
    return f"_meets_{condition}"


def _sum(terms: Iterable[Expr]) -> Expr:
    return reduce(lambda a, b: a + b, terms)
