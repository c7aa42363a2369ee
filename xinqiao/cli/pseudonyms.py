"""`xinqiao pseudonyms renew INSTITUTION`: from now on it tells persons apart by other names; in the log."""

import argparse
from datetime import timedelta
from typing import Any


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("pseudonyms", help="假名换代").add_subparsers(required=True, metavar="ACT")
    new = acts.add_parser("renew", help="从现在起给一家机构换一代假名")
    new.add_argument("institution", metavar="INST")
    new.add_argument("--transition-days", type=int, default=0, metavar="N", help="新旧两代并列多少天；泄露后换代不写")
    new.add_argument("--json", action="store_true")
    new.set_defaults(run=_renew, needs="database")


def _renew(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.disclosure import pseudonyms

    transition = timedelta(days=args.transition_days)
    generation = pseudonyms.renew(args.institution, transition=transition, now=timezone.now())
    return {"institution": args.institution, "generation": generation, "transition_days": args.transition_days}
