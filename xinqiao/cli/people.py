"""`xinqiao people …`: an organisation's branches and people, so that scripts can drive the sample city.

Acts in another's name exist in the sample profile only. `--by ROLE` says as which administrator (the number of her
role); without it the organisation's first one acts, or with `--as-operator` the platform.
"""

import argparse
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.kernel.ids import BranchId, PersonId
    from xinqiao.parties.appointing import Appointed
    from xinqiao.parties.charges import Piece
    from xinqiao.parties.staff_queries import Member
    from xinqiao.parties.staffing import HandOver

Parsers = argparse._SubParsersAction  # noqa: SLF001 — argparse has no public name for it
HEAD: Final = "head"


def register(commands: "Parsers[argparse.ArgumentParser]") -> None:
    people = commands.add_parser("people", help="样例：一家单位的网点和人员")
    acts = people.add_subparsers(required=True, metavar="ACT")
    _act(acts, "list", _list, "列出一家单位的网点、人员、邀请和没人办的事", "organisation")
    opening = _act(acts, "open-branch", _open_branch, "设一个网点", "organisation")
    opening.add_argument("--name", required=True, metavar="NAME")
    opening.add_argument("--under", type=int, metavar="BRANCH", help="上级网点；不写就在总部下面")
    opening.add_argument("--county", default="", metavar="CODE", help="六位区划代码")
    closing = _act(acts, "close-branch", _close_branch, "撤销一个没有人的网点", "organisation")
    closing.add_argument("branch", type=int, metavar="BRANCH")
    proposing = _act(acts, "propose", _propose, "运营人员凭盖章文件请一家单位的第一位管理员", "organisation")
    proposing.add_argument("--name", required=True, metavar="NAME")
    proposing.add_argument("--document", required=True, metavar="NO")
    _act(acts, "confirm", _confirm, "另一位运营人员复核", "number")
    inviting = _act(acts, "invite", _invite, "管理员请一个人任职", "organisation")
    inviting.add_argument("--name", required=True, metavar="NAME")
    inviting.add_argument("--as", dest="role", required=True, metavar="ROLE", help="officer、provider、administrator…")
    inviting.add_argument("--branch", type=int, metavar="BRANCH", help="不写就在总部")
    accepting = _act(acts, "accept", _accept, "被请的人登录并接受", "code")
    accepting.add_argument("--name", required=True, metavar="NAME", help="登录的姓名")
    _act(acts, "withdraw", _withdraw, "收回一个没有答复的邀请", "number")
    _act(acts, "work", _work, "列出一个人手上没有办完的事", "number")
    moving = _act(acts, "move", _move, "把一个人调到另一个网点", "number")
    moving.add_argument("--branch", required=True, metavar="BRANCH", help="网点编号，或 head（总部）")
    _act(acts, "end", _end, "一个人离职，手上的事移交", "number")
    _act(acts, "relieve", _relieve, "一个人请假，手上的事移交", "number")
    for name in ("move", "end", "relieve"):
        acts.choices[name].add_argument("--to", type=int, metavar="ROLE", help="接手的同事（岗位编号）")


def _act(acts: Any, name: str, run: Callable[..., Any], said: str, about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=f"样例：{said}")
    parser.add_argument(about, metavar=about.upper(), type=int if about == "number" else str)
    parser.add_argument("--by", type=int, metavar="ROLE")
    parser.add_argument("--as-operator", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, needs="database")
    return parser


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.parties import appointing, branch_queries, charges, staff_queries

    now = now_in_sample()
    named = branch_queries.organisation(args.organisation, on=day_of(now))
    return {
        "organisation": named.id,
        "name": named.name,
        "branches": [
            {"branch": one.id, "name": one.name, "under": one.parent, "county": one.division}
            for one in branch_queries.branches(named.id)
        ],
        "people": [_person(one) for one in staff_queries.staff(named.id, None, now)],
        "invitations": [_invitation(one) for one in appointing.waiting(named.id, None, now)],
        "waiting": [_piece(one) for one in charges.waiting(named.id, None, now)],
    }


def _open_branch(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.parties import branches

    by, now = _administrator(args, args.organisation)
    one = branches.open_(args.organisation, name=args.name, under=args.under, division=args.county, by=by, now=now)
    return {"branch": one.id, "name": one.name, "under": one.parent, "county": one.division}


def _close_branch(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.parties import branches

    by, now = _administrator(args, args.organisation)
    return {"branch": branches.close(args.branch, of=args.organisation, by=by, now=now).id, "state": "closed"}


def _propose(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample, somebody
    from xinqiao.parties import appointing
    from xinqiao.parties.rules import Role

    now = now_in_sample()
    by = somebody(Role.OPERATOR, "", now)
    said = {"organisation": args.organisation, "name": args.name, "document": args.document}
    return _invitation(appointing.propose(**said, by=by, now=now))


def _confirm(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample, somebody_else
    from xinqiao.parties import appointing
    from xinqiao.parties.rules import Role

    now = now_in_sample()
    asked = {one.invited_by for one in appointing.to_confirm(now) if one.number == args.number}
    by = somebody_else(Role.OPERATOR, "", asked, now)
    return _invitation(appointing.confirm(args.number, by=by, now=now))


def _invite(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.parties import appointing
    from xinqiao.parties.errors import ScopeInvalid
    from xinqiao.parties.rules import Role

    by, now = _administrator(args, args.organisation)
    if args.role not in set(Role):
        raise ScopeInvalid
    said = {"organisation": args.organisation, "name": args.name, "branch": args.branch}
    return _invitation(appointing.invite(role=Role(args.role), **said, by=by, now=now))


def _accept(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.mandates import signed_on
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.parties import appointing

    now = now_in_sample()
    return {"role": appointing.accept(args.code, by=signed_on(args.name, None, now), now=now)}


def _withdraw(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.parties import appointing

    by, now = _administrator(args, appointing.one(args.number, now_in_sample()).organisation)
    appointing.withdraw(args.number, by=by, now=now)
    return {"invitation": args.number, "state": "withdrawn"}


def _work(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.parties import charges, staff_queries

    now = now_in_sample()
    one = staff_queries.member(args.number, now)
    return {"role": one.role, "work": [_piece(piece) for piece in charges.open_with(one.person, one.organisation, now)]}


def _move(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.parties import staff_queries, staffing

    by, now = _keeper(args)
    to = None if args.branch == HEAD else _branch(args.branch)
    number = staffing.move(args.number, branch=to, to=_to(args, now), by=by, now=now)
    return _person(staff_queries.member(number, now))


def _end(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.parties import staffing

    by, now = _keeper(args)
    handed = staffing.end(args.number, to=_to(args, now), by=by, now=now)
    return {"role": args.number, "state": "ended", "handed_on": [_piece(piece) for piece in handed]}


def _relieve(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.parties import staffing

    by, now = _keeper(args)
    handed = staffing.relieve(args.number, to=_to(args, now), by=by, now=now)
    return {"role": args.number, "handed_on": [_piece(piece) for piece in handed]}


def _branch(typed: str) -> "BranchId":
    from xinqiao.kernel.ids import BranchId
    from xinqiao.parties.people_errors import UnknownBranch

    if not typed.isdecimal():
        raise UnknownBranch
    return BranchId(int(typed))


def _to(args: argparse.Namespace, now: datetime) -> "HandOver":
    from xinqiao.parties import staff_queries
    from xinqiao.parties.staffing import HandOver

    return HandOver(None if args.to is None else staff_queries.member(args.to, now).person)


def _keeper(args: argparse.Namespace) -> "tuple[PersonId, datetime]":
    """Who acts on the person behind this role."""
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.parties import staff_queries

    return _administrator(args, staff_queries.member(args.number, now_in_sample()).organisation)


def _administrator(args: argparse.Namespace, organisation: str) -> "tuple[PersonId, datetime]":
    """Raises `SampleOnly`, `NotAnAdministrator` where the organisation has none."""
    from xinqiao.cli.rights import now_in_sample, somebody
    from xinqiao.parties import staff_queries
    from xinqiao.parties.people_errors import NotAnAdministrator
    from xinqiao.parties.rules import Role

    now = now_in_sample()
    if args.as_operator:
        return somebody(Role.OPERATOR, "", now), now
    if args.by is not None:
        return staff_queries.member(args.by, now).person, now
    held = staff_queries.administrators(organisation, now)
    if not held:
        raise NotAnAdministrator
    return held[0].person, now


def _person(one: "Member") -> dict[str, Any]:
    told = {"role": one.role, "name": one.name, "as": one.acts_as.value, "branch": one.branch}
    return told | {"branch_name": one.branch_name, "since": one.since.isoformat()}


def _invitation(one: "Appointed") -> dict[str, Any]:
    from xinqiao.parties import appointing

    told = {"invitation": one.number, "organisation": one.organisation, "name": one.name, "as": one.role.value}
    told |= {"branch": one.branch, "until": one.until.isoformat(), "waits": one.waits}
    return told | ({} if one.waits else {"code": appointing.code_of(one.number)})


def _piece(one: "Piece") -> dict[str, Any]:
    told = {"work": one.work.value, "number": one.number, "what": str(one.words), "branch": one.branch}
    return told | {"with": one.name, "since": one.since.isoformat()}
