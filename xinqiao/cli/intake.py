"""`xinqiao take-in FILE …` and what a held delivery needs. `take-in` returns once the facts are stored."""

import argparse
from pathlib import Path
from typing import Any


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    take = commands.add_parser("take-in", help="归集：接收一份文件，校验，入档")
    take.add_argument("file", type=Path)
    take.add_argument("--source", required=True)
    take.add_argument("--item", required=True)
    take.add_argument("--period", required=True)
    take.add_argument("--mode", choices=("full", "changes"), default=None)
    take.add_argument("--replaces", type=int, default=None, metavar="N")
    take.add_argument("--json", action="store_true")
    take.set_defaults(run=_take_in, needs="database")
    for name, act, help_text in (
        ("release", _release, "放行一次暂存待核的交付"),
        ("withdraw", _withdraw, "撤回一次暂存待核的交付"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("delivery", type=int)
        command.add_argument("--because", required=True)
        command.add_argument("--json", action="store_true")
        command.set_defaults(run=act, needs="database")
    back = commands.add_parser("return", help="退回：把带错误原因的表格写到文件")
    back.add_argument("delivery", type=int)
    back.add_argument("--to", type=Path, required=True)
    back.set_defaults(run=_return, needs="database")


def _take_in(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli import road
    from xinqiao.intake import deliveries, inspection
    from xinqiao.kernel.ids import DeliveryNumber

    now = timezone.now()
    number = deliveries.take_in(
        source=args.source,
        item=args.item,
        period=args.period,
        file=args.file,
        filename=args.file.name,
        by="cli",
        now=now,
        mode=args.mode,
        replaces=DeliveryNumber(args.replaces) if args.replaces else None,
    )
    inspection.inspect(number, now=now)
    road.settle(now)
    return answer(number)


def answer(number: int) -> dict[str, Any]:
    """The stable keys of a delivery, and the first of its findings."""
    from xinqiao.intake import queries
    from xinqiao.kernel.ids import DeliveryNumber

    view = queries.delivery(DeliveryNumber(number))
    found = queries.findings(view.number, limit=50)
    counts = {k: getattr(view, k) for k in ("delivered", "accepted", "rejected", "held", "unplaced")}
    findings = [{"line": f.line, "field": f.field, "rule": f.rule, "saying": f.saying} for f in found]
    return {
        "delivery": view.number,
        "state": view.state,
        **counts,
        "findings": view.findings,
        "first_findings": findings,
    } | ({"reason": view.reason} if view.reason else {})


def _release(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli import road
    from xinqiao.intake import held
    from xinqiao.kernel.ids import DeliveryNumber

    now = timezone.now()
    held.release(DeliveryNumber(args.delivery), by="cli", because=args.because, now=now)
    road.settle(now)
    return answer(args.delivery)


def _withdraw(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.intake import held
    from xinqiao.kernel.ids import DeliveryNumber

    held.withdraw(DeliveryNumber(args.delivery), by="cli", because=args.because, now=timezone.now())
    return answer(args.delivery)


def _return(args: argparse.Namespace) -> str:
    from xinqiao.intake import returns
    from xinqiao.kernel.ids import DeliveryNumber

    args.to.write_bytes(returns.workbook(DeliveryNumber(args.delivery)))
    return f"已写到 {args.to}"
