"""`xinqiao bench [NAME]`: speed as ratios within one run, against a baseline that is committed beside each figure."""

import argparse
import importlib
from typing import Any, Final

from xinqiao.cli.opening import say

# In the order of the table in docs/benchmarks.md.
BENCHES: Final = ("gate", "facts", "ledger", "report", "search", "interface", "grades", "scoring", "night")


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bench = commands.add_parser("bench", help="速度：同一次运行内与基线之比")
    bench.add_argument("name", nargs="?", choices=BENCHES, metavar="NAME", help=f"one of {', '.join(BENCHES)}")
    bench.add_argument("--json", action="store_true")
    bench.set_defaults(run=_bench, needs="server")


def _bench(args: argparse.Namespace) -> dict[str, Any] | str:
    names = (args.name,) if args.name else BENCHES
    measures: dict[str, Any] = {}
    for name in names:
        say(f"正在测量 {name}（约一两分钟） · measuring {name}")
        module = importlib.import_module(f"xinqiao_bench.{name}")
        measures |= module.run()
    if args.json:
        return {name: measure.as_dict() for name, measure in measures.items()}
    return "\n".join([_LINE.format(*_HEAD), *(_line(name, measure) for name, measure in measures.items())])


_HEAD: Final = ("figure", "value", "baseline", "ratio", "goal", "kept", "unit")
_LINE: Final = "{:<22} {:>12} {:>12} {:>8} {:>9} {:>5}  {}"
_SIGN: Final = {"at_most": "≤", "at_least": "≥"}
_KEPT: Final = {True: "yes", False: "NO", None: ""}


def _line(name: str, measure: Any) -> str:
    """One figure as `make bench` prints it. A goal without a baseline is for the value itself."""
    goal = f"{_SIGN[measure.kept]} {measure.goal:g}" if measure.goal is not None else ""
    figures = [f"{figure:,.2f}" if figure is not None else "" for figure in (measure.value, measure.baseline)]
    ratio = f"{measure.ratio:.2f}" if measure.ratio is not None else ""
    return _LINE.format(name, *figures, ratio, goal, _KEPT[measure.ok], measure.unit)
