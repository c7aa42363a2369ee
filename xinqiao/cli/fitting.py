"""`xinqiao model fit SPEC --labels FILE`: a draft model of the city from labelled outcomes."""

import argparse
import importlib.util
from pathlib import Path
from typing import Any, Final

NEEDED: Final = ("optbinning", "sklearn", "lightgbm")


def add_to(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """One of the acts of `xinqiao model`."""
    fit = acts.add_parser("fit", help="从已知结果拟合评分卡，写出模型草稿和模型卡（留痕，不启用）")
    fit.add_argument("specification", type=Path, metavar="SPEC", help="拟合说明（YAML）")
    fit.add_argument(
        "--labels", type=Path, required=True, metavar="FILE", help="CSV：uscc,observed,outcome（bad/good）"
    )
    fit.add_argument("--out", type=Path, metavar="FOLDER", help="写到哪里；不说就写在数据目录的 fits 里")
    fit.add_argument("--json", action="store_true")
    fit.set_defaults(run=_fit, needs="database")


def _fit(args: argparse.Namespace) -> dict[str, Any]:
    from dataclasses import asdict

    from django.utils import timezone

    from xinqiao import home

    insist_on_libraries()
    from xinqiao.fitting import drafting, specification

    spec = specification.load(args.specification)
    made = drafting.draft(spec, args.labels, out=args.out or home.home() / "fits", now=timezone.now())
    return asdict(made) | {"folder": str(made.folder)}


def insist_on_libraries() -> None:
    """Raises `FittingNotInstalled`: an installation that only serves has no need of them."""
    from xinqiao.fitting.errors import FittingNotInstalled

    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        raise FittingNotInstalled
