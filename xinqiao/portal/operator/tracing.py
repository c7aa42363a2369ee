"""追踪: where something came from and who was told, by numbers, digests and events. No value of anybody's is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.authorisation import queries as authorisation
from xinqiao.disclosure import queries as disclosure
from xinqiao.disclosure import receipts
from xinqiao.intake import queries as intake
from xinqiao.kernel.ids import DeliveryNumber, FactId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.oversight import tracing as overseen
from xinqiao.parties.rules import Role
from xinqiao.portal import delivered, naming, refusals, wording
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, only
from xinqiao.rights import tracing as cases
from xinqiao.subjects import queries as subjects

LONGEST: Final = 18
LONGEST_ASKED: Final = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its column for narrow screens, its text, and where it leads."""

    label: str
    text: str
    url: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One step of the path."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def _group(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    codes: Sequence[int] = (),
    leads: Mapping[int, str] | None = None,
) -> Group:
    """`codes` are set in one width; `leads`: the column that leads on, and what kind of thing its numbers name."""
    kinds = leads or {}
    cells = [
        tuple(
            Cell(head, text, _address(kinds[n], text) if n in kinds else "", code=n in codes)
            for n, (head, text) in enumerate(zip(heads, row, strict=True))
        )
        for row in rows
    ]
    return Group(title, tuple(heads), tuple(cells))


def _address(kind: str, number: str) -> str:
    return f"{reverse('portal:trace')}?{urlencode({'kind': kind, 'x': number})}"


@only(Role.OPERATOR)
def trace(request: PageRequest) -> HttpResponse:
    """What is asked after is kept in the address, so that a path can be sent to a colleague."""
    asked, kind = request.GET.get("x", "").strip()[:LONGEST_ASKED], request.GET.get("kind", "subject")
    told: dict[str, object] = {"x": asked, "kind": kind, "title": _("追踪"), "kinds": _kinds()}
    if asked:
        try:
            told["groups"] = _PATHS.get(kind, _subject)(request, asked)
            told["title"] = f"{dict(_kinds()).get(kind, '')} {asked}"
        except Problem as problem:
            told["fault"] = refusals.words(problem)
    return render(request, "portal/operator/trace.html", told)


def _kinds() -> list[tuple[str, str]]:
    return [
        ("subject", _("主体的代码")),
        ("delivery", _("交付编号")),
        ("fact", _("事实编号")),
        ("receipt", _("回执编号")),
        ("objection", _("异议编号")),
        ("repair", _("信用修复编号")),
        ("annulment", _("撤销编号")),
        ("commitment", _("承诺编号")),
        ("declaration", _("自主申报编号")),
        ("infringement", _("查处编号")),
        ("inspection", _("检查编号")),
        ("complaint", _("投诉编号")),
    ]


def _number(said: str) -> int:
    last = said.rpartition("-")[2]
    if not (last.isascii() and last.isdecimal() and len(last) <= LONGEST):
        raise FormIncomplete(Saying("编号应当是数字。"))
    return int(last)


def _subject(request: PageRequest, said: str) -> list[Group]:
    """Whom it allowed, and who was told."""
    subject = subjects.known_as(Uscc.parse(said))
    now = timezone.now()
    grants = [
        (
            str(grant.id),
            grant.institution_name,
            naming.purpose(grant.purpose),
            wording.instant(grant.given_at or grant.starts_at),
            naming.grant_state(grant.state(now)),
        )
        for grant in authorisation.grants_of(subject.id)
    ]
    looks = disclosure.who_looked(subject.id, deferred=True)
    return [
        _group(
            _("主体"),
            (_("编号"), _("代码"), _("类型")),
            [(str(subject.id), subject.uscc, naming.kind(subject.kind))],
            codes=(1,),
        ),
        _group(_("授权"), (_("授权书"), _("机构"), _("用途"), _("授权时间"), _("状态")), grants),
        _looks(looks.looks),
    ]


def _looks(looks: Sequence[disclosure.Look]) -> Group:
    rows = [
        (str(look.number), str(look.kind), look.institution_name or look.officer, wording.instant(look.told_at))
        for look in looks
    ]
    return _group(_("告知"), (_("回执"), _("事件"), _("谁"), _("时间")), rows, codes=(1,), leads={0: "receipt"})


def _delivery(request: PageRequest, said: str) -> list[Group]:
    """The file by its fingerprint, and what became of its rows."""
    view = intake.delivery(DeliveryNumber(_number(said)), scope=request.visitor.scope)
    about = [
        (
            str(view.number),
            naming.source(view.source),
            naming.item(view.item),
            view.period,
            delivered.state_word(view.state),
        )
    ]
    file = [(view.digest, wording.count(view.size), wording.instant(view.received_at))]
    found = _group(_("交付"), (_("编号"), _("提供单位"), _("数据项"), _("所属期"), _("结果")), about)
    linked = tuple(
        (Cell(row[0].label, row[0].text, reverse("portal:one_delivery", args=[view.number])), *row[1:])
        for row in found.rows
    )
    return [
        Group(found.title, found.heads, linked),
        _group(_("原件"), (_("指纹"), _("字节"), _("收到")), file, codes=(0,)),
        _group(
            _("行数"),
            (_("送来"), _("接收"), _("退回"), _("暂存"), _("等主体登记")),
            [tuple(wording.count(n) for n in view.rows.values())],
        ),
    ]


def _fact(request: PageRequest, said: str) -> list[Group]:
    """Whom a correction would have to reach."""
    number = _number(said)
    found = [(str(one),) for one in disclosure.recipients_of(FactId(number))]
    return [_group(_("这条事实出现在哪些回执里"), (_("回执"),), found, leads={0: "receipt"})]


def _receipt(request: PageRequest, said: str) -> list[Group]:
    """When it was told, on what ground, and where it stands in the log."""
    file = receipts.receipt(_number(said))
    told = file["receipt"]
    proof = file.get("proof")
    place = _place(proof["index"] if proof else None)
    head = [
        (
            str(told["number"]),
            wording.instant(datetime.fromisoformat(told["told_at"])),
            str(told["recipient"].get("name", "")),
            naming.purpose(told["purpose"]),
            place,
        )
    ]
    facts = [(", ".join(map(str, sorted(told["facts"]))) or "—",)]
    return [
        _group(_("回执"), (_("编号"), _("时间"), _("谁"), _("用途"), _("日志位次")), head),
        _group(
            _("指纹"),
            (_("报告指纹"), _("主体的代码")),
            [(told["report_digest"], told["subject"])],
            codes=(0, 1),
            leads={1: "subject"},
        ),
        _group(_("其中的事实"), (_("编号"),), facts, codes=(0,)),
    ]


def _case(kind: str) -> Callable[[PageRequest, str], list[Group]]:
    """A matter of rights: whose it is, how it stands, what was done about it and who was told."""
    find = getattr(cases, f"of_{kind}")

    def path(_request: PageRequest, said: str) -> list[Group]:
        found = find(_number(said))
        [subject] = subjects.views([found["subject"]])
        head = [(found["reference"], subject.uscc, found["state"])]
        told = [(str(number),) for number in found.get("corrections", ())]
        return [
            _group(
                dict(_kinds())[kind], (_("编号"), _("主体的代码"), _("状态")), head, codes=(0, 2), leads={1: "subject"}
            ),
            _events(found),
            _group(_("更正告知"), (_("回执"),), told, leads={0: "receipt"}),
        ]

    return path


def _overseen(kind: str) -> Callable[[PageRequest, str], list[Group]]:
    """A case, an inspection or a complaint: about whom, how it stands, what was done about it."""
    find = getattr(overseen, f"of_{kind}")

    def path(_request: PageRequest, said: str) -> list[Group]:
        found = find(_number(said))
        head = [(found["reference"], found["institution"] or _("平台"), found["state"])]
        return [
            _group(dict(_kinds())[kind], (_("编号"), _("机构"), _("状态")), head, codes=(0, 1, 2)),
            _events(found),
        ]

    return path


def _events(found: Mapping[str, Any]) -> Group:
    rows = [
        (_place(one["position"]), wording.instant(datetime.fromisoformat(one["at"])), one["kind"])
        for one in found["events"]
    ]
    return _group(_("经过"), (_("日志位次"), _("时间"), _("事件")), rows, codes=(2,))


def _place(position: int | None) -> str:
    return _("等待编号") if position is None else _("第 %(n)s 位") % {"n": wording.count(position)}


CASES: Final = ("objection", "repair", "annulment", "commitment", "declaration")
OVERSEEN: Final = ("infringement", "inspection", "complaint")
_PATHS: Final[dict[str, Callable[[PageRequest, str], list[Group]]]] = {
    "subject": _subject,
    "delivery": _delivery,
    "fact": _fact,
    "receipt": _receipt,
    **{kind: _case(kind) for kind in CASES},
    **{kind: _overseen(kind) for kind in OVERSEEN},
}
