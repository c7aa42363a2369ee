"""`xinqiao model check|fit|labels|list|trial|shadow|monitor|propose|approve|turn-down|retire`: evaluation models.

Acts exist in the sample profile only: in a real city operators act at their pages. `check` and `list` change nothing.
"""

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xinqiao.cli import fitting, labels
from xinqiao.cli.agreements import act

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xinqiao.evaluation.outcome_files import Labelled
    from xinqiao.evaluation.versions import Decided, VersionView

SAID: Final = "命令行办理（样例）"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("model", help="信用评价模型").add_subparsers(required=True, metavar="ACT")
    check = acts.add_parser("check", help="逐条检查模型文件，并用案例验算")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=_check)
    fitting.add_to(acts)
    labels.add_to(acts)
    act(acts, "list", _list, "全部版本，以及各自到了哪一步")
    trying = act(acts, "trial", _trial, "把城市文件夹里的版本用全市数据试算，不给任何等级")
    trying.add_argument("model", metavar="MODEL")
    monitoring = act(acts, "monitor", _monitor, "一个版本启用以来的监测：漂移、迁移、分组、与结果比")
    monitoring.add_argument("version", type=int, metavar="VERSION")
    for one in (trying, monitoring):
        known = one.add_mutually_exclusive_group()
        known.add_argument(
            "--outcomes", type=Path, metavar="CSV", help="统一社会信用代码，日期，结果（1 没有按约还款）"
        )
        known.add_argument("--fed-back", action="store_true", help="用机构反馈的结果")
        labels.add_rule(one)
    shadow = act(acts, "shadow", _shadow, "把城市文件夹里的版本定稿，每晚陪跑；加 --end 不再陪跑")
    shadow.add_argument("model", metavar="MODEL")
    shadow.add_argument("--end", action="store_true")
    proposing = act(acts, "propose", _propose, "把城市文件夹里的版本定稿，请另一位运营人员批准")
    proposing.add_argument("model", metavar="MODEL")
    proposing.add_argument("--because", default=SAID, metavar="T")
    for name, run, said in (
        ("approve", _approve, "由另一位运营人员批准；从它写明的日子起用它评价"),
        ("turn-down", _turn_down, "不批准，或者收回"),
    ):
        act(acts, name, run, said).add_argument("version", type=int, metavar="VERSION")
    retiring = act(acts, "retire", _retire, "停用一个版本，它给过的等级不变")
    retiring.add_argument("version", type=int, metavar="VERSION")
    retiring.add_argument("--because", default=SAID, metavar="T")


def _check(args: argparse.Namespace) -> dict[str, Any]:
    """Nothing is changed and no database is needed; a mistake or a case that does not come out gives exit code 1."""
    from xinqiao import catalogue
    from xinqiao.evaluation import model_files, signal_files, trying

    city = catalogue.city()
    mistakes = [str(mistake) for mistake in model_files.check(city)]
    files = {} if mistakes else model_files.load(city)
    wrong = [f"{name}：{one}" for name, file in files.items() for one in trying.differences(city, file)]
    signals, faults = signal_files.read(city)
    mistakes += [str(one) for one in faults]
    wrong += [] if signals is None else signal_files.differences(city, signals)
    args.exit_code = 1 if mistakes or wrong else 0
    return {
        "models": {name: file.bound.model.version for name, file in files.items()},
        "cases": sum(len(file.cases) for file in files.values()),
        "mistakes": mistakes,
        "differences": wrong,
    }


def _list(_: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.evaluation import versions

    return {"versions": [_told(one) for one in versions.every(timezone.now())]}


def _propose(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.evaluation import approving

    only_in_sample()
    now = timezone.now()
    return _one(approving.propose(args.model, because=args.because, by=operator(), now=now), now)


def _approve(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.evaluation import approving, versions

    only_in_sample()
    now = timezone.now()
    proposer = versions.version(args.version, now).proposed_by
    approving.approve(args.version, by=operator(but={proposer} if proposer else set()), now=now)
    return _one(args.version, now)


def _turn_down(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.evaluation import approving

    only_in_sample()
    now = timezone.now()
    approving.turn_down(args.version, by=operator(), now=now)
    return _one(args.version, now)


def _retire(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.evaluation import approving

    only_in_sample()
    now = timezone.now()
    approving.retire(args.version, because=args.because, by=operator(), now=now)
    return _one(args.version, now)


def _trial(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.evaluation import trials

    only_in_sample()
    now, labelled = timezone.now(), _outcomes(args)
    number = trials.begin(args.model, by=operator(), now=now)
    trials.run(number, now=now, outcomes=labelled)
    return _run(number)


def _monitor(args: argparse.Namespace) -> dict[str, Any]:
    """Reads the grades given; nobody's is told."""
    from django.utils import timezone

    from xinqiao.evaluation import trials, versions

    now, labelled = timezone.now(), _outcomes(args)
    versions.version(args.version, now)
    return _run(trials.monitor(args.version, now=now, outcomes=labelled))


def _outcomes(args: argparse.Namespace) -> "list[Labelled]":
    from xinqiao.evaluation import outcome_files

    if args.fed_back:
        return labels.fed_back(args)
    return outcome_files.read(args.outcomes) if args.outcomes else []


def _run(number: int) -> dict[str, Any]:
    from xinqiao.evaluation import trial_queries

    one = trial_queries.trial(number)
    result = one.result or {}
    moved = trial_queries.score_drift(result)
    inputs = trial_queries.input_drifts(result)
    held = trial_queries.against_the_fit(one.bound, result)
    return {
        "trial": number,
        "purpose": one.purpose.value,
        "model": one.bound.model.model,
        "name": one.bound.model.version,
        "document": one.document,
        "against": one.against,
        "position": one.position,
        "psi": moved and moved.psi,
        "alarm": moved and moved.alarm.value,
        "csi": {name: found.psi for name, found in inputs.items()} if one.purpose == "monitor" else {},
        "fit": held and _fit(held),
        **{key: result[key] for key in ("mine", "theirs", "moves", "segments", "outcomes")},
    }


def _fit(held: "Mapping[str, Any]") -> dict[str, Any]:
    """Drift against the rows a fitted version was made from."""
    from xinqiao.evaluation import trial_queries

    moved = trial_queries.score_drift(held)
    inputs = trial_queries.input_drifts(held)
    told = {"psi": moved and moved.psi, "alarm": moved and moved.alarm.value}
    return told | {"csi": {name: found.psi for name, found in inputs.items()}}


def _shadow(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.evaluation import shadowing, versions

    only_in_sample()
    now = timezone.now()
    if not args.end:
        return _one(shadowing.begin(args.model, by=operator(), now=now), now)
    running = [one for one in versions.of(args.model, now) if one.shadows and one.id]
    for one in running:
        shadowing.end(one.id or 0, by=operator(), now=now)
    return {"ended": [one.id for one in running]}


def _one(number: int, now: datetime) -> dict[str, Any]:
    from xinqiao.evaluation import versions

    return _told(versions.version(number, now))


def _told(one: "VersionView") -> dict[str, Any]:
    model = one.bound.model
    return {
        "version": one.id,
        "model": model.model,
        "name": model.version,
        "kind": model.kind.value,
        "stage": one.stage.value,
        "since": one.since.isoformat(),
        "document": one.document,
        "carried": one.carried,
        "proposed": _done(one.proposed),
        "decided": _done(one.decided),
        "retired": _done(one.retired),
    }


def _done(one: "Decided | None") -> dict[str, Any] | None:
    return None if one is None else {"by": one.by, "at": one.at.isoformat(), "because": one.because}
