"""How a grade is shown, to the business and to an institution alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.evaluation import model_files

TOP_REASONS: Final = 4
SCALE_WIDTH: Final = 360  # of the picture's view box
GAP: Final = 3
POINTER: Final = 6


@dataclass(frozen=True, slots=True)
class BandOnScale:
    grade: str
    x: int
    width: int
    on: bool

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Scale:
    """The bands side by side and where this score stands; `label` says it in words."""

    bands: tuple[BandOnScale, ...]
    at: int
    label: str

    @property
    def left(self) -> int:
        return self.at - POINTER

    @property
    def right(self) -> int:
        return self.at + POINTER


@dataclass(frozen=True, slots=True)
class ShownGrade:
    """A grade in words. `parts` and `limits` are as evaluation gave them."""

    rated: bool
    grade: str
    title: str
    words: str
    score: int | None
    points: int
    base: int
    scale: int
    lead: str
    parts: tuple[Mapping[str, Any], ...]
    limits: tuple[Mapping[str, Any], ...]
    reasons: tuple[str, ...]
    more_reasons: tuple[str, ...]
    missing: tuple[Mapping[str, Any], ...]
    without_disputed: str
    model_title: str
    version: str
    on: date
    picture: Scale | None


def shown(grade: Mapping[str, Any]) -> ShownGrade:
    """From the grade as the door tells it (`GradeView.as_dict`)."""
    rated = grade["state"] == "rated"
    without = grade.get("without_disputed")
    return ShownGrade(
        rated=rated,
        grade=grade["grade"],
        title=grade["title"],
        words=_words(grade),
        score=grade["score"],
        points=grade["points"],
        base=grade["base"],
        scale=grade["scale"],
        lead=next(iter(grade["reasons"]), ""),
        parts=tuple(grade["parts"]) if rated else (),
        limits=tuple(grade["limits"]),
        reasons=tuple(grade["reasons"][:TOP_REASONS]),
        more_reasons=tuple(grade["reasons"][TOP_REASONS:]),
        missing=tuple(grade["missing"]),
        without_disputed=_words(without) if without else "",
        model_title=grade["model_title"],
        version=grade["version"],
        on=date.fromisoformat(grade["on"]),
        picture=_scale(grade) if rated else None,
    )


def _words(grade: Mapping[str, Any]) -> str:
    """B 良，742 分; or only its title where no score was given."""
    if grade["score"] is None:
        return str(grade["title"])
    return _("%(grade)s %(title)s，%(score)s 分") % {key: grade[key] for key in ("grade", "title", "score")}


def _scale(grade: Mapping[str, Any]) -> Scale | None:
    """The bands of the model that gave it; none where the city's files have moved on from that version."""
    files = model_files.load(catalogue.city())
    model = files[grade["model"]].bound.model if grade["model"] in files else None
    if model is None or model.version != grade["version"] or grade["score"] is None:
        return None
    edges = [*(band.since for band in reversed(model.grades)), model.scale]
    bands = [
        BandOnScale(
            band.grade,
            _place(low, model.scale),
            _place(high, model.scale) - _place(low, model.scale) - GAP,
            band.grade == grade["grade"],
        )
        for band, low, high in zip(reversed(model.grades), edges, edges[1:], strict=False)
    ]
    at = max(POINTER, min(SCALE_WIDTH - POINTER, _place(grade["score"], model.scale)))
    return Scale(tuple(bands), at, _words(grade))


def _place(score: int, scale: int) -> int:
    return SCALE_WIDTH * score // scale
