"""How a version has been going: its kept runs as lines over time, and the same figures in a table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from xinqiao.evaluation import courses
from xinqiao.evaluation.courses import Run, Span
from xinqiao.evaluation.trials import Purpose
from xinqiao.evaluation.versions import VersionView
from xinqiao.language import said
from xinqiao.portal import pictures, tried, wording
from xinqiao.portal.charts import over_time
from xinqiao.portal.charts.frame import Axis
from xinqiao.portal.charts.over_time import Level, LineChart, Series
from xinqiao.validation.drift import ACT_FROM, WATCH_FROM

Figure = Callable[[Run], float | None]
FIGURES: Final[dict[str, Figure]] = {
    "AUC": lambda run: run.auc,
    "KS": lambda run: run.ks,
    "Gini": lambda run: run.gini,
}


def shown(one: VersionView, span: Span) -> dict[str, Any]:
    """Charts where there is something to draw, and a row a run, the newest first."""
    runs = courses.course(one.bound, one.document, span)
    name = str(one.id or one.bound.model.model)
    charts = [draw(name, runs) for draw in (_drift, _proved, _grades, _coverage)]
    charts.append(_mean(name, runs, one.bound.model.scale))
    return {
        "charts": [chart for chart in charts if chart is not None],
        "fitted": one.bound.model.fit is not None,
        "proved": any(run.auc is not None for run in runs),
        "grades": [*(runs[-1].grades if runs else ()), one.bound.model.thin_file.grade],
        "rows": [_row(one, run) for run in reversed(runs)],
        "span": span.value,
    }


def _drift(name: str, runs: Sequence[Run]) -> LineChart | None:
    """Beside the alarms: against its own beginning every night, against the version in force while it was tried."""
    monitored = [run for run in runs if run.purpose is Purpose.MONITOR]
    compared = [run for run in runs if run.purpose is not Purpose.MONITOR and run.psi is not None]
    series = [
        _series(_("分数，和启用时比"), monitored, lambda run: run.psi),
        _series(_("分数，和拟合样本比"), [run for run in runs if run.fit is not None], lambda run: run.fit),
        _series(_("变得最多的一项指标（CSI）"), monitored, lambda run: None if run.csi is None else run.csi[1]),
        _series(_("分数，和在用的版本比"), compared, lambda run: run.psi),
    ]
    levels = [Level(_("要留意 0.1"), WATCH_FROM), Level(_("要处理 0.25"), ACT_FROM, "bad")]
    about = _("PSI 越高，分布变得越多；从 0.1 起要留意，从 0.25 起要处理。")
    title = _("分布变了多少（PSI）")
    return over_time.drawn(f"psi-{name}", title, about, series, Axis(_plain, floor=0), levels=levels)


def _proved(name: str, runs: Sequence[Run]) -> LineChart | None:
    held = [run for run in runs if run.auc is not None]
    series = [_series(title, held, of) for title, of in FIGURES.items()]
    about = _("和实际结果比：数字越高，越能把没有按约还款的分出来；AUC 0.5 等于猜。")
    return over_time.drawn(
        f"auc-{name}", _("分得清不清（AUC、KS、Gini）"), about, series, Axis(_plain, least=0.2, floor=-1, ceiling=1)
    )


def _grades(name: str, runs: Sequence[Run]) -> LineChart | None:
    grades = list(runs[-1].grades) if runs else []
    series = [_series(grade, runs, lambda run, grade=grade: run.grades.get(grade)) for grade in grades]  # type: ignore[misc]
    about = _("每个等级占多少户；不再存续的不算。")
    return over_time.drawn(f"grades-{name}", _("各等级的占比"), about, series, pictures.SHARES)


def _coverage(name: str, runs: Sequence[Run]) -> LineChart | None:
    series = [_series(_("数据不足的"), runs, lambda run: run.thin)]
    about = _("信息太少、没有评等级的占多少户；其余的都有等级。")
    return over_time.drawn(f"thin-{name}", _("数据不足的占比"), about, series, pictures.SHARES)


def _mean(name: str, runs: Sequence[Run], scale: int) -> LineChart | None:
    series = [_series(_("平均分"), runs, lambda run: run.mean)]
    axis = Axis(_points, least=scale / 20, floor=0)
    return over_time.drawn(f"mean-{name}", _("平均分"), _("有等级的各户的平均分。"), series, axis)


def _series(title: str, runs: Sequence[Run], of: Figure) -> Series:
    return Series(title, tuple((run.at, of(run)) for run in runs))


def _row(one: VersionView, run: Run) -> Mapping[str, Any]:
    thin = one.bound.model.thin_file.grade
    return {
        "id": run.number,
        "at": wording.instant(run.at),
        "what": tried.PURPOSES[run.purpose](),
        "psi": tried.three(run.psi),
        "fit": tried.three(run.fit),
        "csi": tried.three(run.csi[1]) if run.csi else tried.NOBODY,
        "moved": said(one.bound.model.indicators[run.csi[0]].title) if run.csi and run.csi[1] else "",
        "shares": [(grade, tried.percent(share)) for grade, share in (*run.grades.items(), (thin, run.thin))],
        "mean": tried.NOBODY if run.mean is None else _points(run.mean),
        "proved": [(title, tried.three(of(run))) for title, of in FIGURES.items()],
    }


def _plain(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _points(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
