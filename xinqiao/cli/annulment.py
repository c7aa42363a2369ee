"""`xinqiao annulment …`: a source says the act behind a line was annulled, the operator confirms. Sample only."""

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xinqiao.rights.annulled import AnnulmentView

Parsers = argparse._SubParsersAction  # noqa: SLF001 — argparse has no public name for it


def register(commands: "Parsers[argparse.ArgumentParser]") -> None:
    annulment = commands.add_parser("annulment", help="样例：报告、确认一条信息因行为被撤销而撤下")
    acts = annulment.add_subparsers(required=True, metavar="ACT")
    reporting = acts.add_parser("report", help="样例：以来源单位名义报告撤销")
    for name in ("source", "item", "uscc", "key", "document"):
        reporting.add_argument(f"--{name}", required=True)
    reporting.add_argument("--on", required=True, type=date.fromisoformat, metavar="DAY")
    reporting.add_argument("--text", default="命令行办理（样例）", metavar="T")
    reporting.set_defaults(run=_report)
    confirming = acts.add_parser("confirm", help="样例：以平台名义确认，撤下并通知看过的机构")
    confirming.add_argument("annulment", type=int, metavar="ANNULMENT")
    confirming.set_defaults(run=_confirm)
    listing = acts.add_parser("list", help="样例：列出等确认的和它们的期限")
    listing.set_defaults(run=_list)
    for parser in (reporting, confirming, listing):
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(needs="database")


def _report(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample, somebody
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.parties.rules import Role
    from xinqiao.rights import annulling

    now = now_in_sample()
    reported = annulling.report(
        source=args.source,
        item=args.item,
        uscc=Uscc.parse(args.uscc),
        key=args.key,
        document=args.document,
        annulled_on=args.on,
        text=args.text,
        by=somebody(Role.PROVIDER, args.source, now),
        now=now,
    )
    return _told(reported)


def _confirm(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample, somebody
    from xinqiao.parties.rules import Role
    from xinqiao.rights import annulling

    now = now_in_sample()
    confirmed, told = annulling.confirm(args.annulment, by=somebody(Role.OPERATOR, "", now), now=now)
    return _told(confirmed) | {"told": told}


def _list(_: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.parties.rules import Role, Scope
    from xinqiao.rights import annulled

    now_in_sample()
    return {"annulments": [_told(one) for one in annulled.annulments(Scope(None, Role.OPERATOR), open_=True)]}


def _told(one: "AnnulmentView") -> dict[str, Any]:
    due = one.clock().due
    return {
        "annulment": one.number,
        "reference": one.reference,
        "fact": one.fact,
        "state": str(one.state),
        "due": None if due is None else due.isoformat(),
    }
