"""`xinqiao model labels --out FILE`: outcomes fed back, as labels a fit learns from, each at the place of its look."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xinqiao.cli.agreements import act

if TYPE_CHECKING:
    from xinqiao.disclosure.labels import Rule
    from xinqiao.evaluation.outcome_files import Labelled

OVERDUE: Final = 90
WITHIN: Final = 365


def add_to(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """One of the acts of `xinqiao model`."""
    labels = act(acts, "labels", _labels, "把机构反馈的结果写成标签文件，留痕；xinqiao model fit 用它")
    labels.add_argument("--out", type=Path, required=True, metavar="FILE")
    add_rule(labels)


def add_rule(command: argparse.ArgumentParser) -> None:
    command.add_argument("--overdue", type=int, default=OVERDUE, metavar="DAYS", help="逾期多少天起算坏")
    command.add_argument("--within", type=int, default=WITHIN, metavar="DAYS", help="查询以后看多少天")


def rule(args: argparse.Namespace) -> "Rule":
    from xinqiao.disclosure.labels import Rule

    return Rule(args.overdue, args.within)


def _labels(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.disclosure import labels

    drawn = labels.draw(rule(args), now=timezone.now())
    args.out.write_text(drawn.text, encoding="utf-8")
    bad = sum(one.bad for one in drawn.labels)
    return {
        "file": str(args.out),
        "rows": len(drawn.labels),
        "bad": bad,
        "left_out": drawn.left_out,
        "sha256": drawn.sha256,
    }


def fed_back(args: argparse.Namespace) -> "list[Labelled]":
    """The same to hold a version against: the last of each business."""
    from django.utils import timezone

    from xinqiao.disclosure import labels
    from xinqiao.evaluation.outcome_files import Labelled

    drawn = labels.latest(labels.draw(rule(args), now=timezone.now()).labels)
    return [Labelled(one.uscc, one.observed, one.bad) for one in drawn]
