"""`xinqiao complaint …`: by a business or anybody, answered, taken above the operator. In the sample profile only."""

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xinqiao.cli.agreements import act
from xinqiao.cli.infringement import operator
from xinqiao.cli.inspection import inspector
from xinqiao.cli.rights import SAID, clock_told, now_in_sample
from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.oversight.complaints import ComplaintView


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("complaint", help="样例：投诉和答复").add_subparsers(required=True, metavar="ACT")
    making = act(acts, "make", _make, "以企业或者任何人的名义投诉")
    making.add_argument("--subject", metavar="USCC", help="不写就是没有登录的人，得到一个查询码")
    making.add_argument("--about", required=True, choices=("institution", "source", "platform"))
    making.add_argument("--name", default="", metavar="X", help="投诉哪一家机构或者来源单位")
    making.add_argument("--text", default=SAID, metavar="T")
    _numbered(acts, "answer", _answer, "以平台名义答复").add_argument("--text", default=SAID, metavar="T")
    _numbered(acts, "take-up", _take_up, "对被投诉的机构立案").add_argument("--facts", default=SAID, metavar="T")
    escalating = _numbered(acts, "escalate", _escalate, "不满意或者过期没有答复的，提交检查人员")
    escalating.add_argument("--code", default="", metavar="C", help="没有登录的人投诉时得到的查询码")
    escalating.add_argument("--why", default=SAID, metavar="T")
    _numbered(acts, "settle", _settle, "以检查人员名义答复").add_argument("--text", default=SAID, metavar="T")
    referring = _numbered(acts, "refer", _refer, "以检查人员名义转给监管部门")
    referring.add_argument("--regulator", required=True, metavar="T")
    referring.add_argument("--reference", required=True, metavar="T", help="转办的文号")
    referring.add_argument("--text", default=SAID, metavar="T")
    act(acts, "list", _list, "列出投诉和期限").add_argument("--waiting", action="store_true", help="只列等平台答复的")


def _numbered(acts: Any, name: str, run: Any, said: str) -> argparse.ArgumentParser:
    parser = act(acts, name, run, said)
    parser.add_argument("complaint", type=int, metavar="N")
    return parser


def _make(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.authorisation import signer
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.oversight import complaining
    from xinqiao.oversight.complaining import Target
    from xinqiao.subjects import queries as subjects

    now, target = now_in_sample(), Target(args.about, args.name)
    if args.subject is None:
        made, code = complaining.by_anybody(target, text=args.text, now=now)
        return _told(made, now) | {"code": code}
    subject = subjects.known_as(Uscc.parse(args.subject)).id
    return _told(complaining.by_business(subject, target, text=args.text, by=signer(subject, now), now=now), now)


def _answer(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import complaining

    now = now_in_sample()
    return _told(complaining.answer(args.complaint, text=args.text, by=operator(now), now=now), now)


def _take_up(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import complaining

    now = now_in_sample()
    complaining.open_case(args.complaint, facts=args.facts, by=operator(now), now=now)
    return _told(_known(args.complaint), now)


def _escalate(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.authorisation import signer
    from xinqiao.oversight import complaining

    now = now_in_sample()
    subject = _known(args.complaint).subject_id
    if subject is None:
        return _told(complaining.escalate_by_code(args.complaint, args.code, why=args.why, now=now), now)
    by = signer(subject, now)
    return _told(complaining.escalate_own(args.complaint, subject, why=args.why, by=by, now=now), now)


def _settle(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import complaining

    now = now_in_sample()
    return _told(complaining.settle(args.complaint, text=args.text, by=inspector(now), now=now), now)


def _refer(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import complaining

    now = now_in_sample()
    said = {"regulator": args.regulator, "reference": args.reference, "text": args.text}
    return _told(complaining.refer(args.complaint, **said, by=inspector(now), now=now), now)


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import complaints
    from xinqiao.parties.rules import Role, Scope

    now, scope = now_in_sample(), Scope(None, Role.OPERATOR)
    found = complaints.complaints(scope, waiting=True)
    found += [] if args.waiting else complaints.complaints(scope, waiting=False)
    return {"complaints": [_told(one, now) for one in found]}


def _known(number: int) -> "ComplaintView":
    from xinqiao.oversight import complaints
    from xinqiao.parties.rules import Role, Scope

    return complaints.complaint(number, of=Scope(None, Role.OPERATOR))


def _told(one: "ComplaintView", now: datetime) -> dict[str, Any]:
    today, above = day_of(now), one.above_clock()
    return {
        "complaint": one.number,
        "reference": one.reference,
        "about": str(one.about),
        "institution": one.institution,
        "source": one.source or None,
        "state": str(one.state),
        "infringement": one.infringement,
        "made_at": one.made_at.isoformat(),
        "clocks": [clock_told(clock, today) for clock in (one.answer_clock(), above) if clock is not None],
    }
