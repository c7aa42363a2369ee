"""`xinqiao repair …`: apply for a repair, fetch results; `decide` plays the authority. In the sample profile only."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.rights.repairs import RepairView

Parsers = argparse._SubParsersAction  # noqa: SLF001 — argparse has no public name for it


def register(commands: "Parsers[argparse.ArgumentParser]") -> None:
    repair = commands.add_parser("repair", help="样例：申请信用修复、取回结果")
    acts = repair.add_subparsers(required=True, metavar="ACT")
    applying = _act(acts, "apply", _apply, "以企业名义申请修复，材料齐的移交“信用中国”")
    applying.add_argument("--subject", required=True, metavar="USCC")
    applying.add_argument("--fact", required=True, type=int, metavar="FACT")
    applying.add_argument("--paper", action="append", default=[], metavar="PAPER=FILE", help="performance=…, …")
    deciding = _act(acts, "decide", _decide, "替认定单位和“信用中国”作出决定（只对模拟接口）")
    deciding.add_argument("tracking", metavar="TRACKING")
    deciding.add_argument("decision", choices=("granted", "refused"))
    _act(acts, "pull", _pull, "从“信用中国”取回结果并当场执行")
    _act(acts, "list", _list, "列出在办的申请和没有执行的决定")


def _act(acts: Any, name: str, run: Callable[..., Any], said: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=f"样例：{said}")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, needs="database")
    return parser


def _apply(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.authorisation import signer
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.kernel.ids import FactId
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.rights import proofs, repairing
    from xinqiao.rights.cases import About
    from xinqiao.subjects import queries as subjects

    now = now_in_sample()
    subject = subjects.known_as(Uscc.parse(args.subject)).id
    by = signer(subject, now)
    begun = repairing.begin(subject_id=subject, fact=FactId(args.fact), by=by, now=now)
    for paper, _, file in (one.partition("=") for one in args.paper):
        proofs.add(About.REPAIR, begun.number, Path(file).read_bytes(), paper=paper, by=by, now=now)
    return _told(repairing.submit(begun.number, by=by, now=now))


def _decide(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.rights import credit_china
    from xinqiao.rights.credit_china import Simulator
    from xinqiao.rights.errors import UnknownRepair

    today, window = day_of(now_in_sample()), credit_china.window()
    granted = args.decision == "granted"
    if not isinstance(window, Simulator) or not window.decide(
        args.tracking, granted=granted, authority="认定单位（模拟）", on=today
    ):
        raise UnknownRepair
    return {"tracking": args.tracking, "decision": args.decision}


def _pull(_: argparse.Namespace) -> dict[str, Any]:
    """What the night's job and the workers do, one after the other."""
    from xinqiao.cli import road
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.intake import inspection
    from xinqiao.rights import following, pulling, repairs, results

    now = now_in_sample()
    taken = pulling.pull(now)
    for number in taken:
        inspection.inspect(number, now=now)
    road.settle(now)
    following.follow(now)
    carried = [one for one in repairs.newest_results() if one.carried_at is not None]
    told = [receipt for one in carried for receipt in results.tell_recipients(one.number, now=now)]
    return {"deliveries": taken, "carried_out": [one.document for one in carried], "told": told}


def _list(_: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.rights import repairs

    now_in_sample()
    pending = [{"document": one.document, "due": str(one.clock().due)} for one in repairs.not_carried_out()]
    return {"repairs": [_told(one) for one in repairs.with_the_window()], "not_carried_out": pending}


def _told(one: "RepairView") -> dict[str, Any]:
    clock = one.clock()
    return {
        "repair": one.number,
        "reference": one.reference,
        "fact": one.fact,
        "item": one.item,
        "state": str(one.state),
        "tracking": one.tracking,
        "due": None if clock is None or clock.due is None else clock.due.isoformat(),
    }
