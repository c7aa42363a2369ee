"""How versions of evaluation models are shown to those who look after them."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from xinqiao.evaluation.rules import Stage
from xinqiao.evaluation.versions import Decided, VersionView
from xinqiao.language import said
from xinqiao.portal import naming, wording

STAGES: Final[dict[Stage, tuple[str, Callable[[], str]]]] = {
    Stage.DRAFT: ("", lambda: _("草稿")),
    Stage.TRIED: ("", lambda: _("草稿，已试算")),
    Stage.SHADOW: ("brand", lambda: _("陪跑")),
    Stage.PROPOSED: ("care", lambda: _("等第二人批准")),
    Stage.TURNED_DOWN: ("", lambda: _("没有批准")),
    Stage.APPROVED: ("brand", lambda: _("已批准，还没到日子")),
    Stage.IN_FORCE: ("good", lambda: _("在用")),
    Stage.SUPERSEDED: ("", lambda: _("已由新版本接替")),
    Stage.LAPSED: ("", lambda: _("已到期")),
    Stage.RETIRED: ("", lambda: _("已停用")),
}


def shown(one: VersionView) -> dict[str, Any]:
    model, (tone, word) = one.bound.model, STAGES[one.stage]
    return {
        "id": one.id,
        "model": model.model,
        "title": said(model.title),
        "version": model.version,
        "kind": naming.kind(one.kind),
        "since": one.since,
        "until": model.effective.until,
        "document": one.document,
        "tone": tone,
        "word": word(),
        "stage": one.stage.value,
        "shadows": one.shadows,
        "done": [line for line in _done(one) if line],
    }


def _done(one: VersionView) -> list[str]:
    """Who did what with it, in the order it was done."""
    if one.carried:
        return [_("两人批准的规定施行以前已经在用"), _line(_("停用"), one.retired)]
    turned_down = one.stage is Stage.TURNED_DOWN
    decided = _line(_("没有批准") if turned_down else _("批准"), one.decided)
    return [_line(_("提请批准"), one.proposed), decided, _line(_("停用"), one.retired)]


def _line(word: str, done: Decided | None) -> str:
    if done is None:
        return ""
    line = _("%(at)s %(by)s %(word)s") % {"at": wording.instant(done.at), "by": done.by, "word": word}
    return _("%(line)s：%(because)s") % {"line": line, "because": done.because} if done.because else line
