"""`xinqiao override list|propose|approve|turn-down|withdraw`: what two operators say beside one grade; in the sample
profile only. In a real city operators act at their pages.
"""

import argparse
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from xinqiao.cli.agreements import act

if TYPE_CHECKING:
    from xinqiao.evaluation.overrides import OverrideView

SAID: Final = "命令行办理（样例），经核实需要调整"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("override", help="样例：人工调整一个主体的等级").add_subparsers(
        required=True, metavar="ACT"
    )
    act(acts, "list", _list, "全部人工调整")
    proposing = act(acts, "propose", _propose, "提请，另一位运营人员批准后与模型的等级并列")
    proposing.add_argument("uscc")
    proposing.add_argument("--grade", required=True, metavar="G")
    proposing.add_argument("--until", required=True, type=date.fromisoformat, metavar="DATE", help="最后一天，最长半年")
    proposing.add_argument("--because", default=SAID, metavar="T")
    for name, run, said in (
        ("approve", _approve, "由另一位运营人员批准"),
        ("turn-down", _turn_down, "不批准，或者收回"),
    ):
        act(acts, name, run, said).add_argument("override", type=int, metavar="OVERRIDE")
    withdrawing = act(acts, "withdraw", _withdraw, "撤销，一个人办")
    withdrawing.add_argument("override", type=int, metavar="OVERRIDE")
    withdrawing.add_argument("--because", default=SAID, metavar="T")


def _list(_: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.evaluation import overrides

    return {"overrides": [_told(one) for one in overrides.every(timezone.now())]}


def _propose(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.evaluation import overriding
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.subjects import queries as subjects

    only_in_sample()
    now = timezone.now()
    subject = subjects.known_as(Uscc.parse(args.uscc)).id
    said = overriding.Said(subject, args.grade, args.because, args.until)
    return _one(overriding.propose(said, by=operator(), now=now), now)


def _approve(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.evaluation import overrides, overriding

    only_in_sample()
    now = timezone.now()
    proposers = {one.proposed_by for one in overrides.every(now) if one.id == args.override}
    overriding.approve(args.override, by=operator(but=proposers), now=now)
    return _one(args.override, now)


def _turn_down(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.evaluation import overriding

    only_in_sample()
    now = timezone.now()
    overriding.turn_down(args.override, by=operator(), now=now)
    return _one(args.override, now)


def _withdraw(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.evaluation import overriding

    only_in_sample()
    now = timezone.now()
    overriding.withdraw(args.override, because=args.because, by=operator(), now=now)
    return _one(args.override, now)


def _one(number: int, now: datetime) -> dict[str, Any]:
    from xinqiao.evaluation import overrides

    return next(_told(one) for one in overrides.every(now) if one.id == number)


def _told(one: "OverrideView") -> dict[str, Any]:
    from xinqiao.subjects import queries as subjects

    [subject] = subjects.views([one.subject])
    return {
        "override": one.id,
        "uscc": subject.uscc,
        "grade": one.grade,
        "reason": one.reason,
        "until": one.until.isoformat(),
        "state": one.state.value,
        "proposed_by": one.proposed.by,
        "decided_by": one.decided and one.decided.by,
        "withdrawn_by": one.withdrawn and one.withdrawn.by,
    }
