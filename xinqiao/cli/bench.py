"""`xinqiao bench [NAME]`: speed as ratios within one run, against a baseline that is committed beside each figure."""

import argparse
import importlib
from typing import Any, Final

# In the order of the table in docs/benchmarks.md.
BENCHES: Final = ("gate", "facts", "ledger", "report", "search")


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bench = commands.add_parser("bench", help="速度：同一次运行内与基线之比")
    bench.add_argument("name", nargs="?", choices=BENCHES, metavar="NAME", help=f"one of {', '.join(BENCHES)}")
    bench.add_argument("--json", action="store_true")
    bench.set_defaults(run=_bench, needs="server")


def _bench(args: argparse.Namespace) -> dict[str, Any]:
    names = (args.name,) if args.name else BENCHES
    measures: dict[str, Any] = {}
    for name in names:
        module = importlib.import_module(f"xinqiao_bench.{name}")
        measures |= {key: measure.as_dict() for key, measure in module.run().items()}
    return measures
