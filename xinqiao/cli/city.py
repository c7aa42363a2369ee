"""`xinqiao city make`: the files a city's departments would really send, to try the platform on."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    city = commands.add_parser("city", help="样例城市：造出各部门会送来的文件")
    acts = city.add_subparsers(required=True, metavar="ACT")
    make = acts.add_parser("make", help="write the files of an invented city, with the truth beside them")
    make.add_argument("--subjects", type=_positive, required=True, metavar="N", help="how many businesses")
    make.add_argument("--seed", type=int, required=True, metavar="S", help="the same seed gives the same bytes")
    make.add_argument("--to", type=Path, required=True, metavar="DIR")
    make.add_argument(
        "--today", type=date.fromisoformat, default=None, metavar="DATE", help="the day the city is looked at"
    )
    make.add_argument("--json", action="store_true")
    make.set_defaults(run=_make)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _make(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao_city import make

    truth = make.make(subjects=args.subjects, seed=args.seed, to=args.to, today=args.today or make.TODAY)
    return truth | {"folder": str(args.to)}
