"""`xinqiao infringement …`: a case against an institution, in the name of operators, inspectors and the institution.

In the sample profile only: in a real city each of them signs in to the portal. Whose turn it is, the command takes; a
second pair of eyes is somebody else's.
"""

import argparse
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from xinqiao.cli.agreements import act
from xinqiao.cli.rights import SAID, clock_told, now_in_sample, somebody, somebody_else
from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from xinqiao.kernel.ids import PersonId
    from xinqiao.oversight.infringements import InfringementView

ORIGINS = ("mark", "complaint", "operator", "inspector")


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("infringement", help="样例：查处接入机构侵权").add_subparsers(
        required=True, metavar="ACT"
    )
    opening = act(acts, "open", _open, "立案")
    opening.add_argument("--institution", required=True, metavar="INST")
    opening.add_argument("--origin", default="operator", choices=ORIGINS, help="inspector：由检查人员立案")
    opening.add_argument("--receipt", action="append", type=int, default=[], metavar="N", help="涉及哪一次查看的回执")
    opening.add_argument("--facts", default=SAID, metavar="T", help="机构会看到")
    _numbered(acts, "answer", _answer, "以机构名义说明").add_argument("--text", default=SAID, metavar="T")
    suspending = _numbered(acts, "suspend", _suspend, "当场暂停机构的接入")
    suspending.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="不写就到恢复为止")
    proposing = _numbered(acts, "propose", _propose, "提出是不是侵权")
    proposing.add_argument("--finding", required=True, choices=("infringed", "not_infringed"))
    proposing.add_argument("--because", default=SAID, metavar="T")
    _numbered(acts, "turn-back", _turn_back, "退回提出的意见").add_argument("--because", default=SAID, metavar="T")
    _numbered(acts, "confirm", _confirm, "由另一位运营人员复核")
    referring = _numbered(acts, "refer", _refer, "认定侵权的，移送监管部门")
    referring.add_argument("--regulator", required=True, metavar="T")
    referring.add_argument("--reference", required=True, metavar="T", help="移送的文号")
    referring.add_argument("--outcome", default=SAID, metavar="T")
    _numbered(acts, "close", _close, "认定侵权的，说明理由结案").add_argument("--outcome", default=SAID, metavar="T")
    act(acts, "list", _list, "列出案件和期限").add_argument("--open", action="store_true", help="只列没有结案的")


def _numbered(acts: Any, name: str, run: Any, said: str) -> argparse.ArgumentParser:
    parser = act(acts, name, run, said)
    parser.add_argument("infringement", type=int, metavar="N")
    return parser


def _open(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.kernel.ids import ReceiptNumber
    from xinqiao.oversight import infringing
    from xinqiao.oversight.rules.infringements import Origin
    from xinqiao.parties.rules import Role

    now, origin = now_in_sample(), Origin(args.origin)
    by = somebody(Role.INSPECTOR, "", now) if origin is Origin.INSPECTOR else operator(now)
    looks = [ReceiptNumber(one) for one in args.receipt]
    of = {"institution": args.institution, "origin": origin, "facts": args.facts, "receipts": looks}
    return _told(infringing.open_(**of, by=by, now=now), now)


def _answer(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import infringements, infringing
    from xinqiao.parties.rules import Role

    now = now_in_sample()
    by = somebody(Role.OFFICER, infringements.infringement(args.infringement).institution, now)
    return _told(infringing.answer(args.infringement, text=args.text, by=by, now=now), now)


def _suspend(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import infringing

    now = now_in_sample()
    return _told(infringing.suspend(args.infringement, until=args.until, by=operator(now), now=now), now)


def _propose(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import infringing

    now = now_in_sample()
    said = {"finding": args.finding, "because": args.because}
    return _told(infringing.propose(args.infringement, **said, by=operator(now), now=now), now)


def _turn_back(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import infringing

    now = now_in_sample()
    return _told(infringing.turn_back(args.infringement, because=args.because, by=operator(now), now=now), now)


def _confirm(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import infringements, infringing

    now = now_in_sample()
    proposed = infringements.infringement(args.infringement).proposed_by
    by = operator(now, () if proposed is None else (proposed,))
    return _told(infringing.confirm(args.infringement, by=by, now=now), now)


def _refer(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import infringing

    now = now_in_sample()
    said = {"regulator": args.regulator, "reference": args.reference, "outcome": args.outcome}
    return _told(infringing.refer(args.infringement, **said, by=operator(now), now=now), now)


def _close(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import infringing

    now = now_in_sample()
    return _told(infringing.close(args.infringement, outcome=args.outcome, by=operator(now), now=now), now)


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.oversight import infringements
    from xinqiao.parties.rules import Role, Scope

    now = now_in_sample()
    found = infringements.infringements(Scope(None, Role.OPERATOR), open_=True if args.open else None)
    return {"infringements": [_told(one, now) for one in found]}


def operator(now: datetime, than: "Collection[PersonId]" = ()) -> "PersonId":
    from xinqiao.parties.rules import Role

    return somebody_else(Role.OPERATOR, "", than, now)


def _told(one: "InfringementView", now: datetime) -> dict[str, Any]:
    today = day_of(now)
    return {
        "infringement": one.number,
        "reference": one.reference,
        "institution": one.institution,
        "origin": str(one.origin),
        "receipts": list(one.receipts),
        "state": str(one.state),
        "finding": None if one.finding is None else str(one.finding),
        "suspension": one.suspension,
        "opened_at": one.opened_at.isoformat(),
        "clocks": [clock_told(clock, today) for clock in (one.answer_clock(), one.decision_clock())],
    }
