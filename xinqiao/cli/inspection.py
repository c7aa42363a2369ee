"""`xinqiao inspection …`: an inspector checks an institution or the operator. In the sample profile only."""

import argparse
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from xinqiao.cli.agreements import act
from xinqiao.cli.rights import SAID, clock_told, now_in_sample, somebody
from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.kernel.ids import PersonId
    from xinqiao.oversight.inspections import InspectionView


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("inspection", help="样例：检查机构或者平台").add_subparsers(required=True, metavar="ACT")
    opening = act(acts, "open", _open, "以检查人员名义开始检查")
    opening.add_argument("--institution", metavar="INST", help="不写就是检查平台自己")
    opening.add_argument("--scope", default=SAID, metavar="T", help="查什么；被检查的会看到")
    finding = _numbered(acts, "find", _find, "写下查到什么；没有要改的，检查到此结束")
    finding.add_argument("--findings", default=SAID, metavar="T")
    finding.add_argument("--mend", default="", metavar="T", help="要改什么")
    finding.add_argument("--due", type=date.fromisoformat, metavar="DATE", help="哪一天以前改好")
    _numbered(acts, "report", _report, "以被检查的名义说明改了什么").add_argument("--text", default=SAID, metavar="T")
    returning = _numbered(acts, "send-back", _send_back, "没有改好，退回再改")
    returning.add_argument("--because", default=SAID, metavar="T")
    returning.add_argument("--due", required=True, type=date.fromisoformat, metavar="DATE")
    _numbered(acts, "close", _close, "改好了，检查结束")
    act(acts, "list", _list, "列出检查和整改的期限").add_argument("--open", action="store_true", help="只列没有结束的")


def _numbered(acts: Any, name: str, run: Any, said: str) -> argparse.ArgumentParser:
    parser = act(acts, name, run, said)
    parser.add_argument("inspection", type=int, metavar="N")
    return parser


def _open(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import inspecting

    now = now_in_sample()
    opened = inspecting.open_(institution=args.institution, scope=args.scope, by=inspector(now), now=now)
    return _told(opened, now)


def _find(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import inspecting

    now = now_in_sample()
    said = {"findings": args.findings, "mend": args.mend, "due": args.due}
    return _told(inspecting.find(args.inspection, **said, by=inspector(now), now=now), now)


def _report(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import inspecting, inspections
    from xinqiao.parties.rules import Role, Scope

    now = now_in_sample()
    checked = inspections.inspection(args.inspection, of=Scope(None, Role.INSPECTOR)).institution
    by = somebody(Role.OPERATOR, "", now) if checked is None else somebody(Role.OFFICER, checked, now)
    return _told(inspecting.report(args.inspection, text=args.text, by=by, now=now), now)


def _send_back(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import inspecting

    now = now_in_sample()
    said = {"because": args.because, "due": args.due}
    return _told(inspecting.send_back(args.inspection, **said, by=inspector(now), now=now), now)


def _close(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import inspecting

    now = now_in_sample()
    return _told(inspecting.close(args.inspection, by=inspector(now), now=now), now)


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import inspections
    from xinqiao.parties.rules import Role, Scope

    now = now_in_sample()
    found = inspections.inspections(Scope(None, Role.INSPECTOR), open_=True if args.open else None)
    return {"inspections": [_told(one, now) for one in found]}


def inspector(now: datetime) -> "PersonId":
    from xinqiao.parties.rules import Role

    return somebody(Role.INSPECTOR, "", now)


def _told(one: "InspectionView", now: datetime) -> dict[str, Any]:
    return {
        "inspection": one.number,
        "reference": one.reference,
        "institution": one.institution,
        "state": str(one.state),
        "opened_at": one.opened_at.isoformat(),
        "clocks": [] if one.due is None else [clock_told(one.clock(), day_of(now))],
    }
