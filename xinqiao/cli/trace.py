"""`xinqiao trace X`: the path of a record, by ids, digests and events; never a value.

X is a code of a business, `delivery/7`, `fact/12`, `receipt/3`, `feedback/4`, `objection/2`, `repair/1`, `annulment/1`,
`commitment/1`, `declaration/1`, `infringement/1`, `inspection/1` or `complaint/1`, or the number printed on a report or
a case: R-20261123-000003, O-…, F-…, W-…, P-…, D-…, Q-…, J-…, T-….
"""

import argparse
import re
from typing import Any, Final

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

REPORT: Final = re.compile(r"[RC]-\d{8}-(\d{1,18})")
CASE: Final = re.compile(r"([OFWPDQJT])-\d{8}-(\d{1,18})")
CASES: Final = {
    "O": "objection",
    "F": "repair",
    "W": "annulment",
    "P": "commitment",
    "D": "declaration",
    "Q": "infringement",
    "J": "inspection",
    "T": "complaint",
}
KINDS: Final = ("delivery", "fact", "receipt", "feedback", *CASES.values())
NUMBERED: Final = re.compile(rf"({'|'.join(KINDS)})[/: ]?(\d{{1,18}})")


class NotTraceable(Problem):
    type = "malformed"
    kind = Kind.INVALID
    title = "看不出要追溯什么"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    kinds = ", ".join(f"{kind}/N" for kind in KINDS)
    trace = commands.add_parser(
        "trace", help="追溯：一个主体、一次交付、一条信息、一份回执、一件异议或别的事的来龙去脉"
    )
    trace.add_argument("thing", metavar="X", help=f"USCC, {kinds}, or a printed number")
    trace.add_argument("--json", action="store_true")
    trace.set_defaults(run=_trace, needs="database")


def _trace(args: argparse.Namespace) -> dict[str, Any] | str:
    found = _found(args.thing.strip())
    return found if args.json else _page(found)


def _found(thing: str) -> dict[str, Any]:
    from xinqiao.disclosure import fed_back, tracing
    from xinqiao.oversight import tracing as overseen
    from xinqiao.rights import tracing as cases

    if report := REPORT.fullmatch(thing):
        return tracing.of_receipt(int(report[1]))
    traced = {
        "delivery": tracing.of_delivery,
        "fact": tracing.of_fact,
        "receipt": tracing.of_receipt,
        "feedback": fed_back.of_feedback,
        "objection": cases.of_objection,
        "repair": cases.of_repair,
        "annulment": cases.of_annulment,
        "commitment": cases.of_commitment,
        "declaration": cases.of_declaration,
        "infringement": overseen.of_infringement,
        "inspection": overseen.of_inspection,
        "complaint": overseen.of_complaint,
    }
    if case := CASE.fullmatch(thing):
        return traced[CASES[case[1]]](int(case[2]))
    if numbered := NUMBERED.fullmatch(thing):
        return traced[numbered[1]](int(numbered[2]))
    if thing.isdecimal():
        raise NotTraceable(Saying("请写明是哪一种：delivery/{thing}、fact/{thing} 或 receipt/{thing}", thing=thing))
    return tracing.of_subject(thing)


def _page(found: dict[str, Any]) -> str:
    """Heads first, then where facts come from, then the events in the order of the log."""
    lists = ("facts", "grants", "events")
    lines = [f"{name}\t{_plain(value)}" for name, value in found.items() if name not in lists]
    for grant in found.get("grants", ()):
        ended = "，已撤回" if grant["revoked"] else ""
        lines.append(
            f"授权 {grant['grant']} → {grant['institution']}（{grant['purpose']}，至 {grant['until']}{ended}）"
        )
    for fact in found.get("facts", ()):
        lines.append(
            f"fact/{fact['fact']}  {fact['item']}  delivery/{fact['delivery']} 第 {fact['line']} 行  "
            f"事件 {fact['event']} 第 {fact['ordinal']} 叶  日志第 {_plain(fact['position'])} 位"
        )
    for event in found["events"]:
        about = " ".join(f"{name}={_plain(value)}" for name, value in event["about"].items())
        lines.append(f"{_plain(event['position']):>8}  {event['at']}  {event['kind']}  {about}")
    return "\n".join(lines)


def _plain(value: Any) -> str:
    if value is None:
        return "—"
    return ",".join(map(_plain, value)) if isinstance(value, list) else str(value)
