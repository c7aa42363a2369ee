"""评价怎么来的: the models in force, in words and numbers. Nothing about any business is read here."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from xinqiao import catalogue
from xinqiao.evaluation import model_files, versions
from xinqiao.evaluation.language import Bound, Indicator, Model, Veto
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.language import said
from xinqiao.portal import naming


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator: what is looked at, and how many points it can bring."""

    title: str
    item: str
    points: int
    silent: str


@dataclass(frozen=True, slots=True)
class PartOf:
    title: str
    max_points: int
    indicators: tuple[Measured, ...]

    @property
    def points(self) -> int:
        return self.max_points


@dataclass(frozen=True, slots=True)
class Band:
    grade: str
    title: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Limit:
    title: str
    at_most: str
    basis: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One model for people who do not read YAML."""

    title: str
    version: str
    since: date
    scale: int
    base: int
    parts: tuple[PartOf, ...]
    bands: tuple[Band, ...]
    limits: tuple[Limit, ...]
    thin: str
    thin_reason: str
    basis: tuple[str, ...]
    cases: int


def how_grades_work(request: HttpRequest) -> HttpResponse:
    """The model of one kind of subject; enterprises first."""
    today, digest = day_of(timezone.now()), catalogue.city().digest
    models = {kind: bound.model for kind, bound in versions.in_force(on=today, now=timezone.now()).items()}
    asked = request.GET.get("kind", "")
    chosen = SubjectKind(asked) if asked in models else next(iter(models), None)
    model = models[chosen] if chosen else None
    told = model and _explained(digest, model.model, model.version, today, get_language())
    tabs = [(kind, naming.kind(kind), kind == chosen) for kind in models]
    return render(request, "portal/public/grades.html", {"kinds": tabs, "model": told})


@lru_cache(maxsize=16)
def _explained(digest: str, model: str, version: str, on: date, language: str) -> Explained | None:
    """A version on a day, in a language; the city's digest makes a changed folder read anew."""
    bound, file = versions.named(model, version), model_files.sound(catalogue.city()).get(model)
    same = file is not None and file.bound.model.version == version
    return None if bound is None else _explain(bound, len(file.cases) if file and same else 0, on)


def _explain(bound: Bound, cases: int, on: date) -> Explained:
    model = bound.model
    return Explained(
        title=said(model.title),
        version=model.version,
        since=model.effective.since,
        scale=model.scale,
        base=model.base,
        parts=tuple(_part(bound, name, on) for name in model.parts),
        bands=_bands(model),
        limits=tuple(_limits(model)),
        thin=said(model.thin_file.title),
        thin_reason=said(model.thin_file.reason),
        basis=tuple(said(f"{basis.document}{basis.clause or ''}") for basis in model.basis),
        cases=cases,
    )


def _part(bound: Bound, name: str, on: date) -> PartOf:
    model = bound.model
    mine = [indicator for indicator in model.indicators.values() if indicator.part == name]
    measured = tuple(_measured(bound, one, on) for one in mine)
    return PartOf(said(model.parts[name].title), sum(one.points for one in measured), measured)


def _measured(bound: Bound, one: Indicator, on: date) -> Measured:
    points = bound.model.weight_on(one, on).points
    return Measured(said(one.title), said(bound.items[one.reads].title), points, said(one.silent.reason))


def _bands(model: Model) -> tuple[Band, ...]:
    tops = [model.scale, *(band.since - 1 for band in model.grades)]
    return tuple(
        Band(band.grade, said(band.title), band.since, top) for band, top in zip(model.grades, tops, strict=False)
    )


def _limits(model: Model) -> list[Limit]:
    lowest = model.grades[-1].grade
    named: list[tuple[Veto, str]] = [(veto, lowest) for veto in model.vetoes.values()]
    named += [(cap, cap.at_most) for cap in model.caps.values()]
    return [Limit(said(one.title), grade, said(one.basis)) for one, grade in named]
