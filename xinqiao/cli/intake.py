"""`xinqiao take-in FILE …` and what becomes of a delivery afterwards. `take-in` returns once the facts are stored."""

import argparse
from pathlib import Path
from typing import Any


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    take = commands.add_parser("take-in", help="归集：接收一份文件，检查，入档")
    take.add_argument("file", type=Path)
    take.add_argument("--source", required=True)
    take.add_argument("--item", required=True)
    take.add_argument("--period", required=True, help="2026-03-31, 2026-03, 2026-Q1, 2026: as the item asks")
    take.add_argument("--mode", choices=("full", "changes"))
    take.add_argument(
        "--replaces", type=int, metavar="N", help="the delivery of this period that it takes the place of"
    )
    take.add_argument("--json", action="store_true")
    take.set_defaults(run=_take_in, needs="database")
    for name, act, words in (("release", _release, "放行暂扣的一批"), ("withdraw", _withdraw, "撤回暂扣的一批")):
        command = commands.add_parser(name, help=words)
        command.add_argument("delivery", type=int)
        command.add_argument("--because", default="")
        command.add_argument("--json", action="store_true")
        command.set_defaults(run=act, needs="database")
    receipt = commands.add_parser("acceptance", help="受理回执：平台对一批报送的签名，附日志证明，写到文件")
    receipt.add_argument("delivery", type=int)
    receipt.add_argument("--to", type=Path, required=True, metavar="FILE")
    receipt.add_argument("--json", action="store_true")
    receipt.set_defaults(run=_acceptance, needs="database")
    back = commands.add_parser("return", help="退回：把带错误原因的表格写到文件")
    back.add_argument("delivery", type=int)
    back.add_argument("--to", type=Path, required=True)
    back.set_defaults(run=_return, needs="database")


def _take_in(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli import road
    from xinqiao.intake import deliveries, inspection
    from xinqiao.intake.errors import NoSuchFile
    from xinqiao.kernel.ids import DeliveryNumber

    if not args.file.is_file():
        raise NoSuchFile(args.file)
    now = timezone.now()
    number = deliveries.take_in(
        source=args.source,
        item=args.item,
        period=args.period,
        file=args.file,
        filename=args.file.name,
        mode=args.mode,
        replaces=DeliveryNumber(args.replaces) if args.replaces else None,
        by=None,
        now=now,
    )
    inspection.inspect(number, now=now)
    inspection.refuse_unreadable(number)
    road.settle(now)
    return answer(number)


def answer(number: int) -> dict[str, Any]:
    """The stable keys of a delivery, and what was found in it."""
    from xinqiao.intake import queries
    from xinqiao.kernel.ids import DeliveryNumber

    view = queries.delivery(DeliveryNumber(number))
    reasons = [{"saying": r.saying, "rows": r.rows, "first_line": r.line} for r in queries.reasons(view.number)]
    return {
        "delivery": view.number,
        "state": str(view.state),
        **view.rows,
        "findings": view.findings,
        "told": view.told,
        "reasons": reasons,
    }


def _release(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli import road
    from xinqiao.intake import held
    from xinqiao.kernel.ids import DeliveryNumber

    now = timezone.now()
    held.release(DeliveryNumber(args.delivery), because=args.because, by=None, now=now)
    road.settle(now)
    return answer(args.delivery)


def _withdraw(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.intake import held
    from xinqiao.kernel.ids import DeliveryNumber

    held.withdraw(DeliveryNumber(args.delivery), because=args.because, by=None, now=timezone.now())
    return answer(args.delivery)


def _acceptance(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.ledger import write_evidence
    from xinqiao.intake import queries
    from xinqiao.kernel.ids import DeliveryNumber
    from xinqiao.ledger import sequencing

    sequencing.sequence(timezone.now())
    file = queries.acceptance(DeliveryNumber(args.delivery))
    return {"delivery": args.delivery, **write_evidence(file, args.to)}


def _return(args: argparse.Namespace) -> str:
    from xinqiao.intake import returns
    from xinqiao.kernel.ids import DeliveryNumber

    args.to.write_bytes(returns.workbook(DeliveryNumber(args.delivery)))
    return f"已写到 {args.to}"
