"""`xinqiao institution suspend|resume|list`: an institution's access is stopped, and taken up again. Sample only."""

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.parties.queries import SuspensionView

Parsers = argparse._SubParsersAction  # noqa: SLF001 — argparse has no public name for it
SAID = "命令行办理（样例）"


def register(commands: "Parsers[argparse.ArgumentParser]") -> None:
    institution = commands.add_parser("institution", help="样例：暂停、恢复一家机构的接入")
    acts = institution.add_subparsers(required=True, metavar="ACT")
    suspending = acts.add_parser("suspend", help="样例：当时起这家机构什么也查不到")
    suspending.add_argument("institution", metavar="INST")
    suspending.add_argument("--ground", default=SAID, metavar="T")
    suspending.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="最后一天；不写就到恢复为止")
    suspending.set_defaults(run=_suspend)
    resuming = acts.add_parser("resume", help="样例：由另一位运营人员恢复接入")
    resuming.add_argument("institution", metavar="INST")
    resuming.add_argument("--because", default=SAID, metavar="T")
    resuming.set_defaults(run=_resume)
    listing = acts.add_parser("list", help="样例：一家机构的历次暂停，新的在前")
    listing.add_argument("institution", metavar="INST")
    listing.set_defaults(run=_list)
    for parser in (suspending, resuming, listing):
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(needs="database")


def _suspend(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample, somebody
    from xinqiao.parties import suspending
    from xinqiao.parties.rules import Role

    now = now_in_sample()
    by = somebody(Role.OPERATOR, "", now)
    said = {"ground": args.ground, "until": args.until, "by": by, "today": day_of(now), "now": now}
    return _told(suspending.suspend(args.institution, **said), standing=True)


def _resume(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample, somebody_else
    from xinqiao.parties import queries, suspending
    from xinqiao.parties.rules import Role

    now = now_in_sample()
    stopped = queries.suspension_of(args.institution, day_of(now))
    by = somebody_else(Role.OPERATOR, "", {stopped.suspended_by} if stopped else set(), now)
    said = {"because": args.because, "by": by, "today": day_of(now), "now": now}
    return _told(suspending.resume(args.institution, **said), standing=False)


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.parties import queries

    today = day_of(now_in_sample())
    institution = queries.institution(args.institution)
    found = [_told(one, standing=one.stands(today)) for one in queries.suspensions_of(institution.id)]
    return {"institution": institution.id, "suspensions": found}


def _told(one: "SuspensionView", *, standing: bool) -> dict[str, Any]:
    return {
        "suspension": one.id,
        "institution": one.institution,
        "suspended": standing,
        "ground": one.ground,
        "since": one.suspended_at.isoformat(),
        "until": one.until and one.until.isoformat(),
        "ended_at": one.ended_at and one.ended_at.isoformat(),
        "because": one.ended_because,
    }
