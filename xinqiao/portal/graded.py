"""How a grade is shown, to the business and to an institution alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from xinqiao.evaluation import versions
from xinqiao.evaluation.language import Model
from xinqiao.evaluation.prospects import Then
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said

TEXTS: Final = frozenset({"title", "model_title", "group", "shown", "reason", "basis", "note"})
TOP_REASONS: Final = 4
SCALE_WIDTH: Final = 360  # of the picture's view box
GAP: Final = 3
PARTS_NAMED: Final = 2
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
    moved: str
    parts: tuple[Mapping[str, Any], ...]
    limits: tuple[Mapping[str, Any], ...]
    reasons: tuple[str, ...]
    more_reasons: tuple[str, ...]
    missing: tuple[Mapping[str, Any], ...]
    without_disputed: str
    override: Mapping[str, Any] | None
    model_title: str
    version: str
    on: date
    picture: Scale | None


@dataclass(frozen=True, slots=True)
class Absent:
    """Why no grade is shown: what is said in its place."""

    title: str
    detail: str


def absent(state: str) -> Absent:
    """`renewing`: what the last grade rested on has just changed; `none`: there has been none."""
    if state == "renewing":
        return Absent(_("正在重新评价"), _("原来的评价所依据的信息刚有变化，过一会儿再看。"))
    return Absent(_("还没有评价"), _("第一批信息归集以后会有等级和理由。没有评价不是坏评价。"))


def shown(told: Mapping[str, Any]) -> ShownGrade:
    """From the grade as the door tells it (`GradeView.as_dict`), in the reader's language."""
    grade = in_words(told)
    rated = grade["state"] == "rated"
    without = grade.get("without_disputed")
    return ShownGrade(
        rated=rated,
        grade=grade["grade"],
        title=grade["title"],
        words=in_short(grade),
        score=grade["score"],
        points=grade["points"],
        base=grade["base"],
        scale=grade["scale"],
        lead=_lead(grade),
        moved=_moved(grade.get("before"), grade["score"]),
        parts=tuple(sorted(grade["parts"], key=lambda part: -part["max_points"])) if rated else (),
        limits=tuple(grade["limits"]),
        reasons=tuple(grade["reasons"][:TOP_REASONS]),
        more_reasons=tuple(grade["reasons"][TOP_REASONS:]),
        missing=tuple(grade["missing"]),
        without_disputed=in_short(without) if without else "",
        override=grade.get("override"),
        model_title=grade["model_title"],
        version=grade["version"],
        on=date.fromisoformat(grade["on"]),
        picture=_scale(grade) if rated else None,
    )


def in_words(told: Any) -> Any:
    """Every text of it that people read."""
    match told:
        case Mapping():
            return {key: said(one) if key in TEXTS and one else in_words(one) for key, one in told.items()}
        case list():
            return [said(one) if isinstance(one, Saying) else in_words(one) for one in told]
        case _:
            return told


def words(then: Then) -> str:
    """A grade as it would be, said as the one in force is."""
    return in_short({"grade": then.grade, "title": said(Saying(then.title)), "score": then.score})


def in_short(grade: Mapping[str, Any]) -> str:
    """B 良，742 分; or only its title where no score was given."""
    if grade["score"] is None:
        return str(grade["title"])
    return _("%(grade)s %(title)s，%(score)s 分") % {key: grade[key] for key in ("grade", "title", "score")}


def _moved(before: Mapping[str, Any] | None, score: int | None) -> str:
    """Against the grade before it, where both have a score."""
    if before is None or before["score"] is None or score is None:
        return ""
    change = score - before["score"]
    if change == 0:
        return _("与上次相同。")
    said = _("比上次高 %(n)s 分。") if change > 0 else _("比上次低 %(n)s 分。")
    return said % {"n": abs(change)}


def _lead(grade: Mapping[str, Any]) -> str:
    """What decided it, in a sentence: what limits it, else what keeps it from the next grade."""
    if grade["limits"]:
        return str(grade["limits"][0]["reason"])
    model = _model(grade)
    above = [band for band in model.grades if band.since > (grade["score"] or 0)] if model else []
    if grade["state"] != "rated" or grade["score"] is None or not model:
        return next(iter(grade["reasons"]), "")
    if not above:
        return _("已经是最高等级。")
    gaps = sorted(grade["parts"], key=lambda part: part["points"] - part["max_points"])[:PARTS_NAMED]
    named = _("、").join(
        _("%(part)s少 %(n)s 分") % {"part": part["title"], "n": part["max_points"] - part["points"]}
        for part in gaps
        if part["max_points"] > part["points"]
    )
    short = {"grade": above[-1].grade, "n": above[-1].since - grade["score"], "where": named}
    return _("离 %(grade)s 还差 %(n)s 分：%(where)s。") % short


def _model(grade: Mapping[str, Any]) -> Model | None:
    """The model that gave it, as it was frozen; a grade of an invented answer (the sandbox) has none."""
    bound = versions.named(grade["model"], grade["version"])
    return bound.model if bound is not None else None


def _scale(grade: Mapping[str, Any]) -> Scale | None:
    """The bands of the model side by side, and where this score stands."""
    model = _model(grade)
    if model is None or grade["score"] is None:
        return None
    edges = [*(band.since for band in reversed(model.grades)), model.scale]
    bands = [
        _band(band.grade, low, high, model.scale, on=band.grade == grade["grade"])
        for band, low, high in zip(reversed(model.grades), edges, edges[1:], strict=False)
    ]
    at = max(POINTER, min(SCALE_WIDTH - POINTER, _place(grade["score"], model.scale)))
    return Scale(tuple(bands), at, in_short(grade))


def _band(grade: str, low: int, high: int, scale: int, *, on: bool) -> BandOnScale:
    return BandOnScale(grade, _place(low, scale), _place(high, scale) - _place(low, scale) - GAP, on)


def _place(score: int, scale: int) -> int:
    return SCALE_WIDTH * score // scale
