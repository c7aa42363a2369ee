"""`xinqiao study`: what fitting is worth, on real outcomes, with the figures it must reach."""

import argparse
from pathlib import Path
from typing import Any, Final

from xinqiao.cli.opening import say

SETS: Final = ("cumcm", "german", "polish", "sba")


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    study = commands.add_parser("study", help="用真实数据拟合、验证评分卡，写出报告（数据由 XINQIAO_REAL_DATA 指明）")
    study.add_argument("name", nargs="?", choices=SETS, metavar="NAME", help=f"只做其中一个：{'、'.join(SETS)}")
    study.add_argument("--out", type=Path, help="报告写到哪里；不说就写在数据目录的 study 里")
    study.add_argument("--json", action="store_true")
    study.set_defaults(run=_study, needs="framework")


def _study(args: argparse.Namespace) -> dict[str, Any]:
    """A figure below its gate gives exit code 1."""
    from django.utils import timezone

    from xinqiao import home
    from xinqiao.cli.fitting import insist_on_libraries
    from xinqiao.kernel.city_time import day_of

    insist_on_libraries()

    from xinqiao_study import report, studies, tables

    tables.folder()
    found = [studies.run(name, say=say) for name in ((args.name,) if args.name else SETS)]
    written = report.write(found, args.out or home.home() / "study", on=day_of(timezone.now()))
    say(f"报告：{written}")
    told = {name: one for one_set in found for name, one in one_set.told()}
    args.exit_code = 1 if any(one["ok"] is False for one in told.values()) else 0
    return told
