"""The card of a model version (模型说明卡): whom it is for, what it reads by which law, what it is not for."""

from typing import Any

from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.evaluation import trial_queries
from xinqiao.evaluation.versions import VersionView
from xinqiao.language import said
from xinqiao.portal import modelled, naming, tried


def card(one: VersionView) -> dict[str, Any]:
    """As the page shows it and as JSON says it."""
    model = one.bound.model
    told = modelled.shown(one)
    return {
        "model": model.model,
        "version": model.version,
        "title": said(model.title),
        "kind": naming.kind(one.kind),
        "since": one.since.isoformat(),
        "stage": one.stage.value,
        "document": one.document,
        "scale": model.scale,
        "grades": [{"grade": band.grade, "title": said(band.title), "since": band.since} for band in model.grades],
        "basis": [said(f"{basis.document}{basis.clause or ''}") for basis in model.basis],
        "for": _meant_for(),
        "not_for": _not_for(),
        "inputs": [_input(one, item) for item in one.bound.items],
        "history": told["done"],
        "runs": [_run(run) for run in trial_queries.of_document(one.document)],
    }


def _meant_for() -> list[str]:
    return [
        _("给机构和有关部门了解一个主体的公共信用状况，仅供参考。"),
        _("给主体自己看清哪些信息影响了等级，可以怎样改善。"),
    ]


def _not_for() -> list[str]:
    """What the law and the design rule out, whoever asks."""
    return [
        _("不能单独作为拒绝贷款、拒绝服务或者处罚的依据。"),
        _("不评价自然人；个体工商户的经营者可以要求说明，也可以要求人工复核。"),
        _("信息太少的不评等级，“数据不足”不是低等级，不能当作差。"),
        _("不用于清单以外的目的，不与需要授权才能查的信息混在一起计算。"),
    ]


def _input(one: VersionView, name: str) -> dict[str, Any]:
    """An item it reads: who provides it, by which law it is collected, and for which indicators it counts."""
    item = catalogue.city().items.get(name)
    mine = [said(of.title) for of in one.bound.model.indicators.values() if of.reads == name]
    return {
        "item": name,
        "title": said(one.bound.items[name].title),
        "sources": [naming.source(source) for source in item.sources] if item else [],
        "law": [said(f"{basis.document}{basis.clause or ''}") for basis in item.basis] if item else [],
        "indicators": mine,
    }


def _run(run: trial_queries.TrialView) -> dict[str, Any]:
    line = tried.line(run)
    return {key: line[key] for key in ("id", "title", "version", "at", "by", "ended", "drift")}
