"""`xinqiao COMMAND`: reads the words, opens the house, calls one verb, prints what came of it.

With `--json` one JSON object is printed on stdout. A refusal exits 1 with `{"problem": {...}}`; wrong usage exits 2; a
command that was interrupted exits 130, as shells expect.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from xinqiao.cli import machine
from xinqiao.kernel.problems import Problem

# Each module of this package brings its own commands by `register(commands)`; a new one adds its line here.
# A command sets `run=` (its act) and, if it needs the house open, `needs=` (see `opening.opened`).
MODULES: Final = (
    "house",
    "database",
    "ledger",
    "catalogue",
    "city",
    "subjects",
    "intake",
    "evaluation",
    "models",
    "overrides",
    "authorisation",
    "agreements",
    "assessments",
    "institution",
    "clients",
    "clock",
    "sources",
    "sandbox",
    "joining",
    "mandates",
    "people",
    "disclosure",
    "indicators",
    "papers",
    "pushes",
    "feedback",
    "estimates",
    "pseudonyms",
    "sharing",
    "rights",
    "repair",
    "annulment",
    "commitment",
    "declaration",
    "infringement",
    "inspection",
    "complaint",
    "trace",
    "bench",
    "study",
)

_INTERRUPTED: Final = 128 + 2  # by SIGINT

Answer = Mapping[str, Any] | str | None
Act = Callable[[argparse.Namespace], Answer]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; `sys.exit` is the caller's."""
    args = _parser().parse_args(arguments)
    try:
        with machine.files_told(), _opened(args):
            _print(args.run(args), args)
    except Problem as problem:
        _refuse(problem, args)
        return 1
    except KeyboardInterrupt:
        print("已停止；做完的都在，下次接着做 · stopped; what was done is kept, the rest follows", file=sys.stderr)
        return _INTERRUPTED
    return getattr(args, "exit_code", 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="xinqiao", description="信桥：城市融资信用服务平台")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in MODULES:
        importlib.import_module(f"xinqiao.cli.{name}").register(commands)
    return parser


def _opened(args: argparse.Namespace) -> AbstractContextManager[object]:
    """What the command needs open; the catalogue and the city maker need nothing."""
    if (needs := getattr(args, "needs", None)) is None:
        return nullcontext()
    from xinqiao.cli import opening

    return opening.opened(needs)


def _print(answer: Answer, args: argparse.Namespace) -> None:
    if answer is None:
        return
    if isinstance(answer, str):
        print(answer)
    elif getattr(args, "json", False):
        print(json.dumps(answer, ensure_ascii=False, default=str))
    else:
        print("\n".join(f"{key}\t{_shown(value)}" for key, value in answer.items()))


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _refuse(problem: Problem, args: argparse.Namespace) -> None:
    if getattr(args, "json", False):
        print(json.dumps({"problem": problem.as_dict()}, ensure_ascii=False))
    else:
        print(f"{problem.title}：{problem.detail}", *_english(problem), sep="\n", file=sys.stderr)


def _english(problem: Problem) -> list[str]:
    """The same for a programmer who reads no Chinese, where all of it has been translated."""
    from xinqiao.language.both import translated

    title, detail = translated(problem.title), translated(problem.detail)
    return [f"{title}: {detail}"] if title and detail else []


if __name__ == "__main__":
    sys.exit(main())
