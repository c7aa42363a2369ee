"""`xinqiao feedback give|list|withdraw`: what an institution says came of whom it looked at; in the sample only."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xinqiao.cli.agreements import act

if TYPE_CHECKING:
    from xinqiao.disclosure.fed_back import FeedbackView
    from xinqiao.disclosure.feeding_back import Teller

STAND_IN: Final = "命令行（样例）"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    feedback = commands.add_parser("feedback", help="样例：以机构名义反馈结果：查过的企业后来怎样，自己的模型得出什么")
    acts = feedback.add_subparsers(required=True, metavar="ACT")
    giving = act(acts, "give", _give, "反馈一个文件（CSV 或 XLSX），有一条不对就一条都不收")
    giving.add_argument("file", type=Path, metavar="FILE")
    giving.add_argument("--key", default="", metavar="K", help="同一个键重发是同一批")
    listing = act(acts, "list", _list, "反馈过的，新的在前")
    withdrawing = act(acts, "withdraw", _withdraw, "撤回一条")
    withdrawing.add_argument("feedback", type=int, metavar="FEEDBACK")
    withdrawing.add_argument("--because", required=True, metavar="T")
    for one in (giving, listing, withdrawing):
        one.add_argument("--as", dest="institution", required=True, metavar="INST")


def _teller(args: argparse.Namespace, key: str = "") -> "Teller":
    """Raises `SampleOnly`."""
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.disclosure.feeding_back import Teller
    from xinqiao.kernel.ids import InstitutionId

    only_in_sample()
    return Teller(InstitutionId(args.institution), client=STAND_IN, key=key)


def _give(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.disclosure import feedback_files, feeding_back
    from xinqiao.disclosure.errors import FeedbackFaulty

    by = _teller(args, args.key)
    try:
        taken = feeding_back.take_in(feedback_files.read(args.file), by=by, now=timezone.now())
    except FeedbackFaulty as refused:
        args.exit_code = 1
        faults = [{"row": place + 1, "why": str(why)} for place, why in refused.faults]
        return refused.as_dict() | {"faults": faults}
    return {"entries": [_told(one) for one in taken]}


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.disclosure import fed_back

    found = fed_back.of_institution(_teller(args).institution)
    return {"entries": [_told(one) for one in found]}


def _withdraw(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.disclosure import feeding_back

    return _told(feeding_back.withdraw(args.feedback, because=args.because, by=_teller(args), now=timezone.now()))


def _told(one: "FeedbackView") -> dict[str, Any]:
    return {
        "feedback": one.number,
        "uscc": one.uscc,
        "receipt": one.receipt,
        "what": one.content.key[0].value,
        "said": one.content.as_json(),
        "by": one.teller,
        "told_at": one.told_at.isoformat(),
        "ended_at": one.ended_at and one.ended_at.isoformat(),
        "withdrawn_because": one.withdrawn_because or None,
    }
