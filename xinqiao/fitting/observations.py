"""Training rows of a city: who was looked at on which day, what became of it, and what was known on that day.

Known time is log position: a day's place is the last checkpoint signed before it ended, and facts are read as they were
known there. What came later, corrected, repaired or merely delivered late, is not seen.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from xinqiao.catalogue.schema import AdverseNature
from xinqiao.evaluation import inputs, measuring, trying
from xinqiao.evaluation.compiling import NONE, SILENT
from xinqiao.evaluation.explaining import Counted
from xinqiao.evaluation.language import Bound, Indicator
from xinqiao.evaluation.scoring import score
from xinqiao.fitting.errors import FitFaults
from xinqiao.fitting.samples import Sample
from xinqiao.fitting.specification import Specification
from xinqiao.kernel.city_time import end_of
from xinqiao.kernel.ids import Position, SubjectId
from xinqiao.kernel.uscc import NotAUscc, Uscc
from xinqiao.ledger import queries as ledger
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.errors import UnknownSubject

HEADS: Final = ("uscc", "observed", "outcome")  # and, of labels drawn from feedback, `position`
OUTCOMES: Final = {"bad": True, "good": False}
AMOUNT: Final = pl.Decimal(18, 2)
FENS: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Label:
    """What became of a business after the day it was looked at. `position`: the place of that look in the log, where it
    is known; without it the day's last place counts."""

    uscc: Uscc
    observed: date
    bad: bool
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Those who were looked at on one day, as known at one place in the log."""

    on: date
    at: Position
    whom: tuple[SubjectId, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """The rows, and the labels that gave none, counted by why. `looks`: who was looked at, by day and place in the log;
    `positions`: the last place of each day."""

    sample: Sample
    left_out: Counter[str]
    positions: dict[date, Position]
    looks: tuple[Look, ...] = ()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_labels(path: Path) -> list[Label]:
    """A CSV with `uscc,observed,outcome`; outcomes are `bad` and `good`. Raises `FitFaults` with every bad line."""
    if not path.is_file():
        raise FitFaults([f"没有文件 {path.name}"])
    labels, faults = [], []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := [head for head in HEADS if head not in (rows.fieldnames or ())]:
            raise FitFaults([f"{path.name} 缺少列：{'、'.join(missing)}"])
        for row in rows:
            try:
                labels.append(_label(row))
            except (ValueError, NotAUscc) as fault:
                faults.append(f"{path.name} 第 {rows.line_num} 行：{fault}")
    twice = [key for key, count in Counter((one.uscc, one.observed) for one in labels).items() if count > 1]
    faults += [f"{uscc} 在 {day.isoformat()} 有几个结果" for uscc, day in twice]
    if faults:
        raise FitFaults(faults)
    return labels


def _label(row: dict[str, str]) -> Label:
    if row["outcome"] not in OUTCOMES:
        raise ValueError(f"outcome 应写 bad 或 good，这里是“{row['outcome']}”")
    try:
        observed = date.fromisoformat(row["observed"])
    except ValueError:
        raise ValueError(f"observed 应写成 2026-04-01 的形式，这里是“{row['observed']}”") from None
    if (place := row.get("position") or "") and not (place.isdecimal() and place.isascii()):
        raise ValueError(f"position 应是日志里的位次，这里是“{place}”")
    return Label(Uscc.parse(row["uscc"]), observed, OUTCOMES[row["outcome"]], Position(int(place)) if place else None)


def lawful(spec: Specification, model: Bound) -> Specification:
    """The specification over this model's indicators, absence held to what the law lets it cost.

    Only 失信 may be held against a business (条例 §20): where there is none of it, that is the best bin; where there is
    nothing else, that is the worst, so that what is known never costs points. Raises `FitFaults`.
    """
    faults = list(_strange(spec, model))
    if faults:
        raise FitFaults(faults)
    held = {}
    for name, one in spec.inputs.items():
        breach = model.model.indicators[name].nature is AdverseNature.BREACH
        held[name] = one.model_copy(update={"missing": "best" if breach else "worst"})
    return spec.model_copy(update={"inputs": held})


def _strange(spec: Specification, model: Bound) -> Iterator[str]:
    for name, one in spec.inputs.items():
        if (indicator := model.model.indicators.get(name)) is None:
            yield f"模型 {model.model.model} 没有指标 {name}"
        elif (kind := "code" if measuring.is_text(model, indicator) else "number") != one.kind:
            yield f"{name} 的 kind 应写 {kind}"


def observed(labels: Sequence[Label], spec: Specification, model: Bound) -> Observed:
    """A row for each label of a business of the model's kind whose day the log knows."""
    ready, left_out = trying.runnable(model), Counter[str]()
    placed = list(_placed(labels, model, left_out))
    values: list[list[Any]] = []
    bad: list[bool] = []
    positions: dict[date, Position] = {}
    looks: list[Look] = []
    for (day, place), of_place in groupby(sorted(placed, key=_order), lambda one: (one[1].observed, one[1].position)):
        last = ledger.position_before(end_of(day))
        if last is None or (place or 0) > last:
            why = "那一天日志里还什么都没有" if last is None else "位次晚于那一天"
            left_out[why] += len(list(of_place))
            continue
        at = last if place is None else place
        positions[day] = max(at, positions.get(day, at))
        outcomes = {subject: label.bad for subject, label in of_place}
        whom = list(outcomes)
        looks.append(Look(day, at, tuple(whom)))
        for scored in score(ready, whom, inputs.known(model, whom, on=day, at=at)):
            counted = scored.outcome.counted
            values.append([_value(model, model.model.indicators[name], counted[name]) for name in spec.inputs])
            bad.append(outcomes[scored.subject_id])
    schema = {name: _type(model, model.model.indicators[name]) for name in spec.inputs}
    sample = Sample(pl.DataFrame(values, schema=schema, orient="row"), np.array(bad, bool))
    return Observed(sample, left_out, positions, tuple(looks))


def _order(placed: tuple[SubjectId, Label]) -> tuple[date, int, SubjectId]:
    subject, label = placed
    return label.observed, -1 if label.position is None else label.position, subject


def _placed(labels: Sequence[Label], model: Bound, left_out: Counter[str]) -> Iterator[tuple[SubjectId, Label]]:
    for label in labels:
        try:
            view = subjects.known_as(label.uscc)
        except UnknownSubject:
            left_out["平台没有收录"] += 1
            continue
        if view.kind is not model.model.kind:
            left_out["不是这个模型评价的一类主体"] += 1
            continue
        yield view.id, label


def _type(model: Bound, indicator: Indicator) -> Any:
    if measuring.is_text(model, indicator):
        return pl.String
    fractions = measuring.is_money(model, indicator) or measuring.scale_of(indicator) != 1
    return AMOUNT if fractions else pl.Int64


def _value(model: Bound, indicator: Indicator, counted: Counted) -> Any:
    if counted.bin in (NONE, SILENT) or counted.value is None:
        return None
    if _type(model, indicator) != AMOUNT:
        return counted.value
    return (Decimal(counted.value) / measuring.scale_of(indicator)).quantize(FENS)
