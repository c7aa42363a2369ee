"""`xinqiao estimate check|adopt|list|ask`: an institution's own rules and its estimates, in the sample profile only.

`check` needs no database. `adopt` proposes in one officer's name and approves in another's.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xinqiao.cli.agreements import act

if TYPE_CHECKING:
    from xinqiao.evaluation.rule_sets import RuleSetView

STAND_IN: Final = "命令行（样例）"
TWO: Final = 2


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("estimate", help="预授信：机构自己的规则，和按它作的测算").add_subparsers(
        required=True, metavar="ACT"
    )
    checking = acts.add_parser("check", help="逐条检查一份规则，算它的案例")
    checking.add_argument("--json", action="store_true")
    checking.set_defaults(run=_check)
    adopting = act(acts, "adopt", _adopt, "一位经办人提出，另一位批准")
    for one in (checking, adopting):
        one.add_argument("file", type=Path, metavar="FILE")
    listing = act(acts, "list", _list, "一家机构的规则，新的在前")
    asking = act(acts, "ask", _ask, "以机构名义测算一家企业")
    asking.add_argument("uscc", metavar="USCC")
    asking.add_argument("--rules", required=True, metavar="NAME")
    asking.add_argument("--grant", type=int, metavar="GRANT")
    for one in (adopting, listing, asking):
        one.add_argument("--as", dest="institution", required=True, metavar="INST")


def _check(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.evaluation import rule_sets
    from xinqiao.evaluation.errors import RulesFaulty

    try:
        rules = rule_sets.checked(args.file.read_text(encoding="utf-8"))
    except RulesFaulty as refused:
        args.exit_code = 1
        return {"mistakes": [str(one) for one in refused.mistakes]}
    return {"rules": rules.rules, "version": rules.version, "cases": len(rules.cases), "mistakes": []}


def _adopt(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.evaluation import rule_sets
    from xinqiao.evaluation.errors import NotTheirOfficer
    from xinqiao.kernel.ids import InstitutionId
    from xinqiao.parties import queries as parties
    from xinqiao.parties.rules import Role

    only_in_sample()
    now, of = timezone.now(), InstitutionId(args.institution)
    officers = sorted(parties.people_in(Role.OFFICER, of, now))
    if len(officers) < TWO:
        raise NotTheirOfficer
    made = rule_sets.propose(args.file.read_bytes(), of=of, by=officers[0], now=now)
    if made.stage == "proposed":
        second = next(one for one in officers if one != made.proposed_by)
        made = rule_sets.approve(made.number, of=of, by=second, now=now)
    return _told(made)


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.evaluation import rule_sets
    from xinqiao.kernel.ids import InstitutionId

    only_in_sample()
    return {"rules": [_told(one) for one in rule_sets.every(InstitutionId(args.institution))]}


def _ask(args: argparse.Namespace) -> str:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.disclosure.pre_credit import estimate
    from xinqiao.kernel.ids import InstitutionId

    only_in_sample()
    told = estimate(
        asker=InstitutionId(args.institution),
        officer=None,
        on_behalf=STAND_IN,
        uscc=args.uscc,
        rules=args.rules,
        grant=args.grant,
        now=timezone.now(),
    )
    if args.json:
        return told.text
    came = told.report["estimate"]
    words = {"met": "符合", "failed": "不符合", "unknown": "不知道"}
    lines = [f"{came['decision_title']}" + (f"：{came['amount']} 元" if came["amount"] else "")]
    lines += [f"- {one['sentence']}：{words[one['met']]}" for one in came["conditions"]]
    return "\n".join([*lines, f"回执 {told.number}：xinqiao receipt {told.number} --to FILE", told.report["note"]])


def _told(one: "RuleSetView") -> dict[str, Any]:
    return {
        "number": one.number,
        "rules": one.rules.rules,
        "version": one.rules.version,
        "sha256": one.sha256,
        "stage": one.stage,
        "proposed_by": one.proposed_by_name,
        "decided_by": one.decided_by_name or None,
    }
