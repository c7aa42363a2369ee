"""How a run over the city is shown: distributions as bars with their numbers beside, who moves, segments, drift."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.evaluation.compiling import NONE, SILENT
from xinqiao.evaluation.fit_language import BANDS
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.tallying import order_of
from xinqiao.evaluation.trial_queries import TrialView, against_the_fit, input_drifts, score_drift
from xinqiao.evaluation.trials import Purpose
from xinqiao.kernel.ids import SubjectId
from xinqiao.language import said
from xinqiao.portal import naming, pictures, wording
from xinqiao.subjects import queries as subjects
from xinqiao.validation.drift import Alarm, Drift

PURPOSES: Final[dict[Purpose, Callable[[], str]]] = {
    Purpose.TRIAL: lambda: _("试算"),
    Purpose.SHADOW: lambda: _("陪跑"),
    Purpose.MONITOR: lambda: _("监测"),
}
ALARMS: Final[dict[Alarm, tuple[str, Callable[[], str]]]] = {
    Alarm.CALM: ("good", lambda: _("平稳")),
    Alarm.WATCH: ("care", lambda: _("要留意")),
    Alarm.ACT: ("bad", lambda: _("要处理")),
}
DIMENSIONS: Final[dict[str, Callable[[], str]]] = {
    "county": lambda: _("县（市、区）"),
    "sector": lambda: _("行业"),
    "age": lambda: _("成立年限"),
    "size": lambda: _("规模"),
    "ownership": lambda: _("市场主体类型"),
}
CODES: Final = {"size": "size_class", "ownership": "entity_type"}
NOBODY: Final = "—"


def line(one: TrialView) -> dict[str, Any]:
    """One run in a list."""
    return {
        "id": one.id,
        "title": PURPOSES[one.purpose](),
        "version": one.bound.model.version,
        "at": wording.instant(one.begun_at),
        "by": one.by,
        "ended": one.result is not None,
        "drift": _drift(score_drift(one.result)) if one.result else None,
    }


def shown(one: TrialView) -> dict[str, Any]:
    """The whole of it; while it runs, how far it is."""
    told = line(one) | {"model": said(one.bound.model.title), "kind": naming.kind(one.bound.model.kind)}
    told |= {"against": _against(one), "done": one.done, "whole": one.whole, "position": one.position, "on": one.on}
    return told if one.result is None else told | _result(one, one.result)


def _against(one: TrialView) -> str:
    if one.purpose is Purpose.MONITOR:
        return _("启用时")
    return _("在用的 %(version)s") % {"version": one.against} if one.against else ""


def _result(one: TrialView, result: Mapping[str, Any]) -> dict[str, Any]:
    mine, theirs = result["mine"], result["theirs"]
    grades = [*order_of(one.bound), one.bound.model.thin_file.grade]
    return {
        "subjects": sum(mine["states"].values()),
        "graded": mine["states"].get("rated", 0),
        "grades": [_both(grade, mine["grades"], theirs and theirs["grades"]) for grade in grades],
        "scores": (scores := _scores(mine, theirs)),
        "spread": pictures.scores(scores),
        "psi": _drift(score_drift(result)),
        "fit": _drift(None if (held := against_the_fit(one.bound, result)) is None else score_drift(held)),
        "moved": sum(n for move, n in result["moves"].items() if len(set(move.split(">"))) > 1),
        "moves": _moves(grades, result["moves"]) if theirs else [],
        "columns": grades,
        "inputs": _inputs(one, result),
        "segments": [_segment(name, groups) for name, groups in result["segments"].items()],
        "outcomes": result["outcomes"] and _outcomes(result["outcomes"], order_of(one.bound)),
        "codes": [one.uscc for one in subjects.views(map(SubjectId, result["movers"]))],
    }


def _both(name: str, mine: Mapping[str, int], theirs: Mapping[str, int] | None) -> dict[str, Any]:
    return {"name": name, "mine": mine.get(name, 0), "theirs": theirs.get(name, 0) if theirs is not None else None}


def _scores(mine: Mapping[str, Any], theirs: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Bands of the scale, those at either end that nobody reached left out."""
    step = mine["scale"] // BANDS
    sides = list(zip(mine["scores"], theirs["scores"] if theirs else [None] * BANDS, strict=True))
    reached = [place for place, pair in enumerate(sides) if any(pair)]
    if not reached:
        return []
    return [_band(place * step, step, *sides[place]) for place in range(reached[0], reached[-1] + 1)]


def _band(since: int, step: int, mine: int, theirs: int | None) -> dict[str, Any]:
    return {"since": since, "name": f"{since}–{since + step - 1}", "mine": mine, "theirs": theirs}


def _drift(found: Drift | None) -> dict[str, Any] | None:
    if found is None:
        return None
    tone, word = ALARMS[found.alarm]
    return {"psi": f"{found.psi:.3f}", "tone": tone, "word": word()}


def _moves(grades: Sequence[str], moves: Mapping[str, int]) -> list[dict[str, Any]]:
    """From which grade (a row) to which (a column)."""
    return [
        {"name": old, "to": [{"n": moves.get(f"{old}>{new}", 0), "same": old == new, "name": new} for new in grades]}
        for old in grades
    ]


def _inputs(one: TrialView, result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """CSI of each indicator, the most moved first: against what the same version saw, whose bins are the same."""
    sides = {}
    if one.purpose is Purpose.MONITOR:
        sides[_("启用时")] = input_drifts(result)
    if (held := against_the_fit(one.bound, result)) is not None:
        sides[_("拟合样本")] = input_drifts(held)
    found = {name: _held(one.bound, name, sides) for name in one.bound.model.indicators}
    told = [{"title": said(one.bound.model.indicators[name].title), "held": of} for name, of in found.items() if of]
    return sorted(told, key=lambda row: -max(side["moved"] for side in row["held"]))


def _held(bound: Bound, name: str, sides: Mapping[str, Mapping[str, Drift]]) -> list[dict[str, Any]]:
    """One indicator against each side it is held against."""
    of = [(against, found[name]) for against, found in sides.items() if name in found]
    return [
        {"against": against, "moved": drift.psi, "bins": _bins(bound, name, drift)} | (_drift(drift) or {})
        for against, drift in of
    ]


def _bins(bound: Bound, name: str, found: Drift) -> list[dict[str, str]]:
    return [
        {"name": _bin(bound, name, int(shift.bin)), "then": percent(shift.then), "now": percent(shift.now)}
        for shift in found.shifts
    ]


def _bin(bound: Bound, name: str, bin_: int) -> str:
    if bin_ == NONE:
        return _("没有信息")
    if bin_ == SILENT:
        return _("尚未归集")
    step = bound.model.indicators[name].steps[bin_]
    if step.up_to is not None:
        return f"≤ {step.up_to}"
    return _("、").join(step.is_in) if step.is_in else _("其余")


def percent(share: float | None) -> str:
    return NOBODY if share is None else f"{share:.1%}"


def _segment(name: str, groups: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    rows = sorted(groups.items(), key=lambda pair: -pair[1]["subjects"])
    return {"title": DIMENSIONS[name](), "rows": [_group(name, value, of) for value, of in rows]}


def _group(name: str, value: str, of: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": _value(name, value) or _("没有登记"),
        "subjects": of["subjects"],
        "coverage": percent(of["graded"] / of["subjects"]),
        "mean": of["total"] // of["graded"] if of["graded"] else None,
        "before": of["before"] // of["before_graded"] if of["before_graded"] else None,
        "up": of["up"],
        "down": of["down"],
    }


def _value(name: str, value: str) -> str:
    match name:
        case "county":
            return naming.division(value)
        case "sector":
            return naming.industry(value)
        case "age":
            return _AGES.get(value, lambda: "")()
    listed = catalogue.city().codes.get(CODES[name])
    known = listed.values.get(value) if listed else None
    return said(known.title) if known else value


_AGES: Final[dict[str, Callable[[], str]]] = {
    "<2": lambda: _("不到 2 年"),
    "2-5": lambda: _("2 至 5 年"),
    "5-10": lambda: _("5 至 10 年"),
    ">=10": lambda: _("10 年以上"),
}


def _outcomes(proof: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    figures = [(_("这个版本"), proof["mine"]), (_("对照"), proof["theirs"])]
    return {
        "asked": proof["asked"],
        "found": proof["found"],
        "since": proof["days"][0],
        "until": proof["days"][1],
        "level": _level(proof.get("level")),
        "picture": pictures.became(proof["grades"], order),
        "figures": [
            {"name": name} | {key: three(of[key]) for key in ("auc", "ks", "gini")} for name, of in figures if of
        ],
        "grades": [
            {"name": grade, "count": of["count"], "bad": of["bad"], "rate": percent(of["rate"])}
            | {"low": percent(of["low"]), "high": percent(of["high"])}
            for grade, of in proof["grades"].items()
        ],
    }


def _level(told: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Whether as many failed as were said to, all grades together."""
    if told is None:
        return None
    tone, word = ALARMS[Alarm.ACT if told["alarm"] else Alarm.CALM]
    shares = {"said": told["predicted"], "seen": told["observed"], "low": told["low"], "high": told["high"]}
    return {name: percent(share) for name, share in shares.items()} | {"tone": tone, "word": word()}


def three(figure: float | None) -> str:
    return NOBODY if figure is None else f"{figure:.3f}"
