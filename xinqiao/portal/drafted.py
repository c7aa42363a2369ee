"""A draft of a model before it is decided about: what is still missing, and of a fitted one what it was made from."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from xinqiao.evaluation.fit_language import Fit
from xinqiao.evaluation.language import Model
from xinqiao.evaluation.rules import Stage
from xinqiao.evaluation.versions import VersionView
from xinqiao.language import said
from xinqiao.portal import pictures


def missing(one: VersionView, *, faults: bool, champion: bool) -> list[str]:
    """What has to happen before it can be approved, in its order."""
    return list(_missing(one, faults, champion))


def _missing(one: VersionView, faults: bool, champion: bool) -> Iterator[str]:
    if faults:
        yield _("案例验算还不相符")
    if champion and one.stage is Stage.DRAFT:
        yield _("还没有用全市的数据试算过；有在用的版本时，没有试算过的不能批准")
    yield _("还没有提请；提请以后由另一位运营人员批准")


def fitted(model: Model) -> dict[str, Any] | None:
    """The record of the fit in words; None where it was not fitted."""
    fit = model.fit
    if fit is None:
        return None
    return {
        "on": fit.on,
        "target": fit.target,
        "rows": fit.rows,
        "bad": fit.bad,
        "rate": pictures.percent(fit.bad / fit.rows),
        "position": fit.position,
        "labels": fit.labels,
        "record": fit.sha256,
        "figures": [_figures(name, of) for name, of in fit.figures.items()],
        "judged": list(_judged(fit, model)),
        "leakage": [(_title(model, one.input), one.said) for one in fit.leakage],
    }


def _figures(name: str, of: Mapping[str, Any]) -> dict[str, str]:
    names = {"scorecard": _("评分卡"), "challenger": _("挑战模型，只作对照")}
    figures = {key: f"{of[key]:.3f}" if key in of else "—" for key in ("auc", "ks", "gini", "brier")}
    return {"name": names.get(name, name)} | figures


def _judged(fit: Fit, model: Model) -> Iterator[str]:
    """What people decided, and what the fit left out."""
    for one in fit.overrides:
        told = {"input": _title(model, one.input), "by": one.by, "on": one.on.isoformat(), "why": one.why}
        yield _("“%(input)s”的分档由 %(by)s 于 %(on)s 定：%(why)s") % told
    for name, why in fit.forbidden.items():
        yield _("“%(input)s”不许使用：%(why)s") % {"input": _title(model, name), "why": why}
    for name, why in fit.left_out.items():
        yield _("“%(input)s”没有进入评分卡：%(why)s") % {"input": _title(model, name), "why": why}


def _title(model: Model, name: str) -> str:
    return said(model.indicators[name].title) if name in model.indicators else name
