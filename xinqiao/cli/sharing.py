"""`xinqiao share`, `xinqiao sharing declare|approve|end|list`: government sharing; in the sample profile only.

In a real city operators declare and approve at their pages, and departments ask at theirs or through the interface.
"""

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from xinqiao.cli.agreements import act, names
from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.kernel.ids import PersonId
    from xinqiao.parties.sharing_queries import BasisView

SAID: Final = "命令行办理（样例）"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    share = commands.add_parser("share", help="样例：以部门名义，按法定依据查询")
    share.add_argument("--as", dest="department", required=True, metavar="DEPT")
    share.add_argument("--basis", required=True, type=int, metavar="N", help="共享依据的编号")
    share.add_argument("--uscc", required=True, type=names, metavar="a,b", help="统一社会信用代码，最多二十个")
    wanted = share.add_mutually_exclusive_group()
    wanted.add_argument("--items", type=names, metavar="a,b", help="不写就是依据里的全部，写明等级的也有等级")
    wanted.add_argument("--only-grade", action="store_true", help="只查公共信用评价等级")
    share.add_argument("--grade", action="store_true", help="写了 --items 的，等级也要")
    share.add_argument("--matter", required=True, metavar="T", help="办理的事项；企业会看到")
    share.add_argument("--defer", action="store_true", help="依据写明可以暂缓告知的，这一次暂缓")
    share.add_argument("--json", action="store_true")
    share.set_defaults(run=_share, needs="database")
    acts = commands.add_parser("sharing", help="样例：政务共享依据").add_subparsers(required=True, metavar="ACT")
    declaring = act(acts, "declare", _declare, "登记一份依据，另一位运营人员批准后生效")
    declaring.add_argument("--department", required=True, metavar="DEPT", help="清单里信息提供单位的代号")
    declaring.add_argument("--law", required=True, metavar="T", help="哪部法律的哪一条")
    declaring.add_argument("--duty", required=True, metavar="T", help="履行什么职责")
    declaring.add_argument("--items", type=names, default=[], metavar="a,b")
    declaring.add_argument("--grade", action="store_true", help="可以查公共信用评价等级")
    declaring.add_argument("--clients", type=names, default=[], metavar="a,b", help="不写就是部门现有的全部经办人")
    declaring.add_argument("--until", required=True, type=date.fromisoformat, metavar="DATE")
    declaring.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="不写就是今天")
    declaring.add_argument("--defer-law", default="", metavar="T", help="按哪部法律可以暂缓告知企业")
    declaring.add_argument("--defer-days", type=int, default=30, metavar="N")
    for name, run, said in (("approve", _approve, "由另一位运营人员批准"), ("end", _end, "终止，当时起什么也查不到")):
        acting = act(acts, name, run, said)
        acting.add_argument("basis", type=int, metavar="BASIS")
        acting.add_argument("--because", default=SAID, metavar="T")
    act(acts, "list", _list, "全部依据，以及暂缓告知了多少次")


def _share(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.disclosure.sharing import ByDuty, share
    from xinqiao.kernel.ids import InstitutionId
    from xinqiao.parties import sharing_queries

    only_in_sample()
    department, now = InstitutionId(args.department), timezone.now()
    mine = [one for one in sharing_queries.bases_of(department) if one.id == args.basis]
    officer = min((person for one in mine for person in one.persons), default=None)
    client = "" if officer else min((name for one in mine for name in one.clients), default="")
    items = frozenset[str]() if args.only_grade else None if args.items is None else frozenset(args.items)
    grade = True if args.grade or args.only_grade else None
    asked = ByDuty(department, args.basis, args.matter, now, officer, client, "", items, args.defer, grade)
    found = share(asked, args.uscc)
    return {
        "answers": [
            {
                "uscc": one.uscc,
                "receipt": one.answer and one.answer.number,
                "report": one.answer and one.answer.report,
                "refused": one.problem and one.problem.type,
            }
            for one in found
        ]
    }


def _declare(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.parties import queries, sharing
    from xinqiao.parties.rules import Role
    from xinqiao.parties.sharing import Declared, Deferral

    only_in_sample()
    now = timezone.now()
    people = () if args.clients else queries.people_in(Role.PROVIDER, args.department, now)
    said = Declared(
        department=_admitted(args.department),
        law=args.law,
        duty=args.duty,
        items=frozenset(args.items),
        since=args.since or day_of(now),
        until=args.until,
        persons=frozenset(people),
        clients=frozenset(args.clients),
        deferral=Deferral(args.defer_law, args.defer_days) if args.defer_law else None,
        grade=args.grade,
    )
    return _one(sharing.declare(said, by=operator(), now=now))


def _admitted(department: str) -> str:
    """The department as a party, under its name in the catalogue."""
    from django.utils import timezone

    from xinqiao import catalogue
    from xinqiao.parties import institutions, queries
    from xinqiao.parties.rules import InstitutionKind

    if department not in {one.id for one in queries.departments()} and department in catalogue.city().sources:
        name = catalogue.city().sources[department].names[-1].title
        kind, contact = InstitutionKind.DEPARTMENT, "12345"
        institutions.admit(id=department, name=name, kind=kind, contact=contact, now=timezone.now())
    return department


def _approve(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.parties import sharing, sharing_queries

    only_in_sample()
    declared = {one.declared_by for one in sharing_queries.bases() if one.id == args.basis}
    sharing.approve(args.basis, by=operator(but=declared), now=timezone.now())
    return _one(args.basis)


def _end(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.parties import sharing

    only_in_sample()
    sharing.end(args.basis, because=args.because, by=operator(), now=timezone.now())
    return _one(args.basis)


def operator(but: "set[PersonId] | None" = None) -> "PersonId":
    """An operator of the sample city; where all have had their hand in it, a new one is taken on."""
    from django.utils import timezone

    from xinqiao.parties import people, queries, roles
    from xinqiao.parties.rules import Role

    now = timezone.now()
    for person in queries.people_in(Role.OPERATOR, "", now):
        if person not in (but or set()):
            return person
    person = people.add(name="示例平台复核员", now=now)
    roles.give(person=person, role=Role.OPERATOR, now=now)
    return person


def _one(number: int) -> dict[str, Any]:
    from xinqiao.parties import sharing_queries

    return next(_told(one) for one in sharing_queries.bases() if one.id == number)


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.disclosure import deferring
    from xinqiao.parties import sharing_queries

    only_in_sample()
    return {
        "bases": [_told(one) for one in sharing_queries.bases()],
        "deferred": [{"law": one.law, "looks": one.looks, "waiting": one.waiting} for one in deferring.counted()],
    }


def _told(one: "BasisView") -> dict[str, Any]:
    from django.utils import timezone

    return {
        "basis": one.id,
        "department": one.department,
        "law": one.law,
        "duty": one.duty,
        "items": sorted(one.items),
        "grade": one.grade,
        "persons": sorted(one.persons),
        "clients": sorted(one.clients),
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "deferral_law": one.deferral_law,
        "state": one.state(day_of(timezone.now())).value,
    }
