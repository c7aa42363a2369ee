"""A city's model fitted from outcomes: the draft of a model file, and the card that says what it is worth."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.evaluation import binding, model_files
from xinqiao.evaluation.fit_language import Fit
from xinqiao.evaluation.language import Bound, Model
from xinqiao.fitting import exporting, leakage, model_card, observations, recording, scorecard, trials
from xinqiao.fitting.errors import FitFaults
from xinqiao.fitting.observations import Observed
from xinqiao.fitting.samples import checked
from xinqiao.fitting.scorecard import Card
from xinqiao.fitting.specification import Specification
from xinqiao.kernel.city_time import day_of
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind

FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """Where it was written, and its figures on rows it had not seen."""

    folder: Path
    model: str
    version: str
    rows: int
    bad: int
    left_out: dict[str, int]
    flagged: list[str]  # inputs the leakage check asks a person to look at
    figures: dict[str, dict[str, Any]]


def draft(spec: Specification, labels: Path, *, out: Path, now: datetime) -> Draft:
    """Fit the indicators of the city's model from these outcomes and write `<out>/<fit>/`: `model.yml`, `card.md`.

    Nobody is graded by a draft: it has no cases, and two people have not looked at it. That it was fitted, from which
    labels and up to which place in the log, is in the log. Raises `FitFaults`, `TooFewOutcomes`, `ModelFaults`.
    """
    base = _base(spec)
    spec = observations.lawful(spec, base)
    found = observations.observed(observations.read_labels(labels), spec, base)
    sample = checked(found.sample, spec)
    card = scorecard.fit(sample, spec)
    model = _model(card, base.model, day_of(now))
    tried = {
        name: trials.in_folds(sample, spec, risk, folds=FOLDS, seeds=[spec.seed]) for name, risk in trials.RISKS.items()
    }
    figures = {name: model_card.figures_of(trial) for name, trial in tried.items()}
    rows, bad = len(sample), int(sample.bad.sum())
    flags = leakage.check(sample, spec)  # the day keeps the future out; a label may still have been taken for an input
    drawn = _drawn(spec, labels, found)
    said = model_card.text(card, tried, rows=rows, bad=bad, on=day_of(now), flags=flags, drawn=drawn)
    fit = recording.recorded(
        binding.bind(model, catalogue.city()),
        card,
        found,
        on=day_of(now),
        labels=observations.digest(labels),
        figures=figures,
        flags=flags,
    )
    folder = _write(out / spec.fit, exporting.text(model.model_copy(update={"fit": fit})), said, figures)
    _log(spec, fit, now)
    flagged = sorted(leakage.by_column(flags))
    return Draft(folder, spec.fit, model.version, rows, bad, dict(found.left_out), flagged, figures)


def _base(spec: Specification) -> Bound:
    files = model_files.load(catalogue.city())
    if spec.model not in files:
        raise FitFaults([f"说明里的 model 应是这些之一：{'、'.join(files)}"])
    return files[spec.model].bound


def _model(card: Card, base: Model, on: date) -> Model:
    """The draft, as sound and as lawful as any model of the city must be."""
    model = exporting.refitted(card, base, on=on, version=f"{on.year}.1")
    if mistakes := [f"{'.'.join(map(str, at))}：{said}" for at, said in binding.faults(model, catalogue.city())]:
        raise FitFaults(mistakes)
    return model


def _drawn(spec: Specification, labels: Path, found: Observed) -> str:
    days, places = sorted(found.positions), sorted(found.positions.values())
    left = "，".join(f"{why} {count} 个" for why, count in sorted(found.left_out.items()))
    return (
        f"标签文件 {labels.name}，观察日 {days[0].isoformat()} 至 {days[-1].isoformat()}"
        f"（日志位置 {places[0]} 至 {places[-1]}），指标取自模型 {spec.model}"
        + (f"；没有用上的：{left}" if left else "")
    )


def _write(folder: Path, model: str, card: str, figures: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.yml").write_text(model, encoding="utf-8")
    (folder / "card.md").write_text(card, encoding="utf-8")
    (folder / "figures.json").write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return folder


def _log(spec: Specification, fit: Fit, now: datetime) -> None:
    about = {
        "fit": spec.fit,
        "model": spec.model,
        "labels": fit.labels,
        "rows": fit.rows,
        "position": fit.position,
        "record": fit.sha256,
    }
    with transaction.atomic():
        log.append(Kind.MODEL_FITTED, now=now, about=about)
