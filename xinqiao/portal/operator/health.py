"""运行: the sources by lateness and quality, the jobs, the log. What is wrong stands on top."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from xinqiao import work
from xinqiao.disclosure import interfaces
from xinqiao.intake import queries
from xinqiao.intake.health import Timing
from xinqiao.intake.rules.states import State
from xinqiao.kernel.city_time import day_of
from xinqiao.ledger import backlog
from xinqiao.ledger import queries as ledger
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, wording
from xinqiao.portal.provider.due import Due, shown, worst_first
from xinqiao.portal.visitors import PageRequest, only

SOURCES: Final = "#sources"  # places on this page
JOBS: Final = "#jobs"


@dataclass(frozen=True, slots=True)
class Key:
    """What it is about, how it stands, and where to go about it."""

    tone: str
    about: str
    says: str
    because: str
    url: str


@dataclass(frozen=True, slots=True)
class Log:
    size: int
    waiting: int
    root: str


@only(Role.OPERATOR)
def health(request: PageRequest) -> HttpResponse:
    today = day_of(timezone.now())
    dues = worst_first([shown(one) for one in queries.source_health(request.visitor.scope, today)])
    waiting = queries.how_many(request.visitor.scope, state=State.HELD)
    log, jobs = _log(), work.counts()
    told = {
        "sources": dues,
        "keys": [_sources_key(dues), _held_key(waiting), _work_key(jobs, log)],
        "log": log,
        "jobs": jobs,
        "interfaces": [_interface(one) for one in interfaces.standing(timezone.now())],
        "title": _title(dues, waiting, jobs),
    }
    return render(request, "portal/operator/health.html", told)


LINES: Final = {
    "closed": ("good", _l("正常")),
    "trial": ("care", _l("试着恢复")),
    "open": ("bad", _l("有故障，暂停调用")),
}


def _interface(one: interfaces.Standing) -> dict[str, Any]:
    tone, word = LINES[one.line.value]
    answered = one.outcomes.get("answered", 0) + one.outcomes.get("refused", 0)
    return {
        "title": naming.source(one.source),
        "tone": tone,
        "word": word,
        "asked": sum(one.outcomes.values()),
        "answered": answered,
        "median": one.median_ms,
        "last": one.last,
    }


def _log() -> Log:
    note = ledger.checkpoint()
    root = note.splitlines()[2] if note else ""
    return Log(ledger.latest_position() + 1, backlog.waiting(), root)


def _title(dues: list[Due], waiting: int, jobs: work.Counts) -> str:
    late = sum(one.late for one in dues)
    if jobs.failed:
        return ngettext("有 %(n)d 个后台任务失败", "有 %(n)d 个后台任务失败", jobs.failed) % {"n": jobs.failed}
    if late:
        return ngettext("%(n)d 项报送已逾期", "%(n)d 项报送已逾期", late) % {"n": late}
    if waiting:
        return ngettext("%(n)d 份交付等您核实", "%(n)d 份交付等您核实", waiting) % {"n": waiting}
    return _("一切正常")


def _sources_key(dues: list[Due]) -> Key:
    late, never = (sum(one.timing is timing for one in dues) for timing in (Timing.LATE, Timing.NEVER))
    because = _("共 %(n)s 项应报，%(never)s 项还没有报送过") % {"n": len(dues), "never": never}
    if late:
        return Key("bad", _("来源"), ngettext("%(n)d 项逾期", "%(n)d 项逾期", late) % {"n": late}, because, SOURCES)
    return Key("care" if never else "good", _("来源"), _("没有逾期"), because, SOURCES)


def _held_key(waiting: int) -> Key:
    if waiting:
        says = ngettext("%(n)d 份等核实", "%(n)d 份等核实", waiting) % {"n": waiting}
        return Key("care", _("暂存待核"), says, _("放行以前不进入任何档案"), reverse("portal:held"))
    return Key("good", _("暂存待核"), _("没有"), _("没有交付在等核实"), reverse("portal:held"))


def _work_key(jobs: work.Counts, log: Log) -> Key:
    because = _("日志等待编号 %(n)s 条") % {"n": wording.count(log.waiting)}
    if jobs.failed:
        says = ngettext("%(n)d 个失败", "%(n)d 个失败", jobs.failed) % {"n": jobs.failed}
        return Key("bad", _("后台任务"), says, because, JOBS)
    says = (
        ngettext("%(n)d 个在等", "%(n)d 个在等", jobs.waiting) % {"n": jobs.waiting} if jobs.waiting else _("没有积压")
    )
    return Key("good" if not jobs.waiting else "", _("后台任务"), says, because, JOBS)
