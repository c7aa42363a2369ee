"""Writes a city's files to a folder, with a manifest of what they are and the truth about what is in them."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from xinqiao import catalogue
from xinqiao.catalogue.schema import CodeList, Item
from xinqiao_city import faults, plan, population, records, writing
from xinqiao_city.faults import Row
from xinqiao_city.population import Business
from xinqiao_city.records import Said, Values

TODAY: Final = date(
    2026, 10, 31
)  # the day the city is looked at unless told: the same seed gives the same bytes for ever
SPOILED: Final = 0.012  # shares of rows; departments' real files lie between nothing and a tenth
DISGUISED: Final = 0.03
REPEATED: Final = 0.004
STRANGE: Final = 0.004  # about somebody the city does not know


class CityMismatch(Exception):
    """The generator says something the catalogue has no word for: one of the two must change."""


@dataclass
class Made:
    """The rows of one file and what is wrong with them. Lines as a person counts them: the header is line 1."""

    rows: list[Row] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    unplaced: list[int] = field(default_factory=list)

    def add(self, row: Row) -> int:
        self.rows.append(row)
        return len(self.rows) + 1

    def reject(self, line: int, fault: faults.Fault) -> None:
        self.rejected.append({"line": line, "field": fault.field, "fault": fault.name})


def make(*, subjects: int, seed: int, to: Path, today: date = TODAY) -> dict[str, Any]:
    """Write the files, `manifest.json` and `truth.json` to `to` and return the truth without its lists.

    The same arguments give the same bytes. Raises `CityMismatch` where generator and catalogue disagree.
    """
    to.mkdir(parents=True, exist_ok=True)
    people = list(population.people(subjects, seed, today))
    city = catalogue.city()
    entries = []
    for number, delivery in enumerate(plan.plan(today), start=1):
        item = city.items[delivery.item]
        rng = random.Random(f"{seed}:{number}")
        made = _made(rng, item, city.codes, _said(delivery, people), today)
        name = f"{number:02d}-{item.title}-{delivery.period}{delivery.part}.{writing.suffix(delivery.form)}"
        writing.write(_sheet(item, delivery.generation, made), delivery.form, to / name)
        entries.append(_entry(delivery, name, made, people))
    truth = {
        "seed": seed,
        "subjects": subjects,
        "today": today.isoformat(),
        "kinds": dict(Counter(str(b.kind) for b in people)),
        "counties": dict(sorted(Counter(b.county.code for b in people).items())),
        "rows": sum(entry["delivered"] for entry in entries),
    }
    said = ("file", "item", "source", "period", "mode")
    _dump(to / "manifest.json", {"deliveries": [{k: e[k] for k in said} for e in entries]})
    _dump(to / "truth.json", truth | {"deliveries": entries, "businesses": [_known(b) for b in people]})
    return truth


def _said(delivery: plan.Delivery, people: Iterable[Business]) -> Iterator[Values]:
    for business in people:
        yield from delivery.rows(business)


def _made(rng: random.Random, item: Item, lists: Mapping[str, CodeList], said: Iterable[Values], today: date) -> Made:
    """Rows with faults drawn one by one. A row has one fault at most, so that what is found can be told exactly."""
    made = Made()
    for values in said:
        row = _row(item, lists, {name: value for name, value in values.items() if name != records.UNLAWFUL})
        draw = rng.random()
        if records.UNLAWFUL in values:
            made.reject(made.add(row), faults.Fault("unlawful", str(values[records.UNLAWFUL])))
        elif draw < SPOILED:
            fault = faults.spoil(rng, row, item, today)
            line = made.add(row)
            if fault:
                made.reject(line, fault)
        elif draw < SPOILED + STRANGE and item.introduces is None:
            row[item.subject.field] = records.someone_else(rng, row[item.subject.field])
            made.unplaced.append(made.add(row))
        elif draw < SPOILED + STRANGE + REPEATED:
            made.add(row)
            made.reject(made.add(dict(row)), faults.Fault("repeated", item.delivery.key[0]))
        else:
            if draw > 1 - DISGUISED:
                faults.disguise(rng, row, item)
            made.add(row)
    return made


def _row(item: Item, lists: Mapping[str, CodeList], values: Values) -> Row:
    if unknown := values.keys() - item.fields.keys():
        raise CityMismatch(f"{item.item}: the catalogue has no {', '.join(sorted(unknown))}")
    return {name: _text(item, lists, name, values.get(name, "")) for name in item.fields}


def _text(item: Item, lists: Mapping[str, CodeList], name: str, value: str | Said) -> str:
    if isinstance(value, str):
        return value
    known = lists[item.fields[name].codes or ""]
    for code, meaning in known.values.items():
        if value.title in (meaning.title, code, *meaning.also):
            return code
    if known.open:
        return value.title
    raise CityMismatch(f"{item.item}.{name}: the list {known.list} has no {value.title}")


def _sheet(item: Item, generation: int, made: Made) -> writing.Sheet:
    names = list(item.fields)
    header = [_header(item, name, generation) for name in names]
    return writing.Sheet(header, [[row[n] for n in names] for row in made.rows])


def _header(item: Item, name: str, generation: int) -> str:
    other = item.fields[name].headers
    return other[min(generation, len(other)) - 1] if generation and other else item.fields[name].title


def _entry(delivery: plan.Delivery, name: str, made: Made, people: list[Business]) -> dict[str, Any]:
    late = {str(b.uscc) for b in people if plan.registers_late(b)}
    return {
        "file": name,
        "item": delivery.item,
        "source": delivery.source,
        "period": delivery.period,
        "mode": delivery.mode,
        "form": delivery.form,
        "delivered": len(made.rows),
        "rejected": made.rejected,
        "strangers": made.unplaced,
        "late": sum(row.get("uscc", "").strip().upper() in late for row in made.rows),
    }


def _known(b: Business) -> dict[str, Any]:
    return {
        "uscc": str(b.uscc),
        "name": b.name,
        "kind": str(b.kind),
        "division": b.county.code,
        "soundness": round(b.soundness, 4),
    }


def _dump(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
