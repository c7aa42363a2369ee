"""Versions of models for whoever looks after them: those frozen, what was decided about each, and the city's drafts."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from xinqiao import catalogue
from xinqiao.evaluation import adopting, model_files
from xinqiao.evaluation.errors import UnknownVersion
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.models import AdoptedModel, ModelLife, Shadow, Trial
from xinqiao.evaluation.rules import Life, Stage, Term, stage
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.subject_kinds import SubjectKind


@dataclass(frozen=True, slots=True)
class Decided:
    """Who did something with a version, and when; `because` where a reason was asked."""

    by: str
    at: datetime
    because: str = ""


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version. `id` is None while its words stand in the city's folder alone; `document` is their digest; `shadows`
    says that it is run every night."""

    id: int | None
    bound: Bound
    document: str
    stage: Stage
    shadows: bool = False
    carried: bool = False
    proposed: Decided | None = None
    proposed_by: PersonId | None = None
    decided: Decided | None = None
    retired: Decided | None = None

    @property
    def kind(self) -> SubjectKind:
        return self.bound.model.kind

    @property
    def since(self) -> date:
        return self.bound.model.effective.since


def every(now: datetime) -> list[VersionView]:
    """By kind of subject; of each what stands in the folder first, then the newest."""
    found = [*drafts(), *(_view(row, now) for row in _rows(_lived()))]
    order = {kind: place for place, kind in enumerate(SubjectKind)}
    return sorted(found, key=lambda one: (order[one.kind], one.id is not None, -(one.id or 0)))


def drafts() -> list[VersionView]:
    """What stands in the city's folder, is sound, and was neither proposed nor run along yet."""
    frozen = set(_lived().values_list("model", "version"))
    bounds = [file.bound for file in model_files.sound(catalogue.city()).values()]
    fresh = [
        (bound, adopting.digest(bound)) for bound in bounds if (bound.model.model, bound.model.version) not in frozen
    ]
    return [VersionView(None, bound, text, Stage.TRIED if tried(text) else Stage.DRAFT) for bound, text in fresh]


def tried(document: str) -> bool:
    """Whether these very words were run over the whole city."""
    return Trial.objects.filter(document_sha256=document, ended_at__isnull=False).exists()


def version(number: int, now: datetime) -> VersionView:
    """Raises `UnknownVersion`."""
    found = _rows(_lived().filter(pk=number))
    if not found:
        raise UnknownVersion
    return _view(found[0], now)


def of(model: str, now: datetime) -> list[VersionView]:
    """Every version of one model, as `every` orders them."""
    return [one for one in every(now) if one.bound.model.model == model]


def in_force(*, on: date, now: datetime) -> dict[SubjectKind, Bound]:
    """What grades each kind of subject on a day; kinds nobody grades are left out."""
    numbers = {kind: adopting.chosen(kind, on=on, now=now) for kind in SubjectKind}
    return {kind: adopting.recall(number).bound for kind, number in numbers.items() if number is not None}


def without(view: VersionView, now: datetime) -> Bound | None:
    """What would grade its kind today if this version were retired."""
    number = adopting.chosen(view.kind, on=day_of(now), now=now, but=view.id or 0)
    return None if number is None else adopting.recall(number).bound


def named(model: str, version: str) -> Bound | None:
    """A frozen version by its name, as a grade carries it."""
    number = AdoptedModel.objects.filter(model=model, version=version).values_list("pk", flat=True).first()
    return None if number is None else adopting.recall(number).bound


def life(row: ModelLife) -> Life:
    by = None if row.proposed_by_id is None else PersonId(row.proposed_by_id)
    return Life(Term(row.since, row.until), by, row.approved, retired=row.retired_at is not None)


def stage_of(row: ModelLife, now: datetime) -> Stage:
    return _stage(row.model, row, now)


def _stage(model: AdoptedModel, row: ModelLife | None, now: datetime) -> Stage:
    on = day_of(now)
    return stage(
        life(row) if row else None,
        on=on,
        grades=adopting.chosen(SubjectKind(model.kind), on=on, now=now) == model.pk,
        tried=tried(model.document_sha256),
        shadows=shadows(model.pk),
    )


def shadows(number: int) -> bool:
    """Whether it is run every night beside the one in force."""
    return Shadow.objects.filter(model_id=number, ended_at=None).exists()


def _lived() -> QuerySet[AdoptedModel]:
    """Versions of models something was done with. What else is frozen (rules of signals) has no life of this kind."""
    proposed, shadowed = ModelLife.objects.values("model_id"), Shadow.objects.values("model_id")
    return AdoptedModel.objects.filter(Q(pk__in=proposed) | Q(pk__in=shadowed))


Row = tuple[AdoptedModel, ModelLife | None]


def _rows(models: QuerySet[AdoptedModel]) -> list[Row]:
    people = ("proposed_by", "decided_by", "retired_by")
    lives = {row.model_id: row for row in ModelLife.objects.filter(model__in=models).select_related(*people)}
    return [(model, lives.get(model.pk)) for model in models.order_by("pk")]


def _view(row: Row, now: datetime) -> VersionView:
    model, life_ = row
    bound = adopting.recall(model.pk).bound
    found = VersionView(model.pk, bound, model.document_sha256, _stage(model, life_, now), shadows=shadows(model.pk))
    return found if life_ is None else replace(found, **_decided(life_))


def _decided(row: ModelLife) -> dict[str, Any]:
    return {
        "carried": row.carried,
        "proposed": _done(row.proposed_by, row.proposed_at, row.because),
        "proposed_by": None if row.proposed_by_id is None else PersonId(row.proposed_by_id),
        "decided": _done(row.decided_by, row.decided_at),
        "retired": _done(row.retired_by, row.retired_at, row.retired_because),
    }


def _done(by: Any, at: datetime | None, because: str = "") -> Decided | None:
    return None if at is None else Decided(by.name if by else "", at, because)
