"""What was fed back, in words: for the institution that said it and for the business it is about."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.disclosure.fed_back import FeedbackView
from xinqiao.disclosure.feedback import TITLES, ModelResult, Outcome
from xinqiao.language import said


def shown(one: FeedbackView) -> dict[str, Any]:
    """One entry: what it says, from when to when it was seen, and how it stands."""
    outcome = isinstance(one.content, Outcome)
    return {
        "number": one.number,
        "institution": one.institution_name,
        "name": one.name,
        "uscc": one.uscc,
        "receipt": one.receipt,
        "said": _outcome(one.content) if isinstance(one.content, Outcome) else _result(one.content),
        "days": _days(one.content) if isinstance(one.content, Outcome) else "",
        "kind": _("后来怎样") if outcome else _("机构自己的模型和决定"),
        "on": one.content.on,
        "by": one.teller,
        "at": one.told_at,
        "stands": one.ended_at is None,
        "state": _state(one.ended_at, one.withdrawn_because),
    }


def _outcome(one: Outcome) -> str:
    word = said(TITLES[one.became])
    if one.overdue_days is None:
        return word
    days = ngettext("%(n)d 天", "%(n)d 天", one.overdue_days) % {"n": one.overdue_days}
    return f"{word} {days}"


def _days(one: Outcome) -> str:
    seen = _("观察 %(since)s 至 %(until)s") % {"since": one.since, "until": one.until}
    if one.notified_on is None:
        return seen
    return seen + " · " + _("机构称 %(on)s 告知过企业") % {"on": one.notified_on}


def _result(one: ModelResult) -> str:
    scored = _("%(score)s 分") % {"score": f"{one.score:f}"} if one.score is not None else ""
    words = (f"{one.model} {one.version}", scored, one.grade, said(TITLES[one.decision]))
    amount = said(TITLES[one.amount]) if one.amount else ""
    return " · ".join(word for word in (*words, amount) if word)


def _state(ended: datetime | None, because: str) -> str:
    if ended is None:
        return ""
    return _("已撤回：%(why)s") % {"why": because} if because else _("已更正，以新的为准")
