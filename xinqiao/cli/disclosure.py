"""`xinqiao report`, `query`, `verify-claim`: an institution's questions, in the sample profile only; `institutions`."""

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xinqiao.cli import papers
from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.disclosure.answering import Answer

STAND_IN: Final = "命令行（样例）"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    report = asking(commands.add_parser("report", help="样例：以机构名义查询一份信用报告"))
    report.add_argument("--form", choices=("pdf", "xlsx", "csv", "sd-jwt"), help="要一个文件，与 --to 一起用")
    report.add_argument("--to", type=Path, metavar="FILE")
    report.set_defaults(run=_report, needs="database")
    query = asking(commands.add_parser("query", help="样例：以机构名义查询一个主体的几个数据项"))
    query.add_argument("--items", required=True, type=names, metavar="a,b")
    query.add_argument("--grant", type=int, metavar="GRANT", help="每一项都按这份授权书")
    query.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="只要这一天以来的信息")
    query.add_argument("--until", type=date.fromisoformat, metavar="DATE")
    query.set_defaults(run=_query, needs="database")
    verify = asking(commands.add_parser("verify-claim", help="样例：以机构名义核验一项，只回答是、否、不知道或档位"))
    verify.add_argument("--claim", required=True, metavar="C")
    verify.add_argument("--value", default="", metavar="V", help="要比对的值，如法定代表人姓名")
    verify.add_argument("--grant", type=int, metavar="GRANT")
    verify.set_defaults(run=_verify, needs="database")
    institutions = commands.add_parser("institutions", help="接入机构和生效的协议")
    institutions.add_argument("--json", action="store_true")
    institutions.set_defaults(run=_institutions, needs="database")


def asking(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("uscc", metavar="USCC")
    command.add_argument("--as", dest="institution", required=True, metavar="INST")
    command.add_argument("--purpose", required=True, metavar="P")
    command.add_argument("--json", action="store_true", help="the whole answer: a receipt file that `verify` checks")
    return command


def names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def asked(args: argparse.Namespace) -> dict[str, Any]:
    """Who asks about whom, what for and when. Raises `SampleOnly`."""
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.kernel.ids import InstitutionId

    only_in_sample()
    return {
        "asker": InstitutionId(args.institution),
        "officer": None,
        "on_behalf": STAND_IN,
        "uscc": args.uscc,
        "purpose": args.purpose,
        "now": timezone.now(),
    }


def _report(args: argparse.Namespace) -> dict[str, Any] | str:
    from xinqiao.disclosure.reports import disclose_report

    if args.form:
        return papers.report(asked(args), args.form, args.to)
    told = disclose_report(**asked(args))
    return told.text if args.json else "\n".join(_lines(told))


def _query(args: argparse.Namespace) -> str:
    from xinqiao.authorisation.rules import Range
    from xinqiao.disclosure.querying import query

    days, items = Range(args.since, args.until), frozenset(args.items)
    told = query(**asked(args), items=items, grant=args.grant, range=days)
    return told.text if args.json else "\n".join(_counted(told))


def _counted(told: "Answer") -> Iterator[str]:
    report = told.report
    yield f"{report['subject']['name']}  {report['subject']['uscc']}"
    for item in report["items"]:
        yield f"- {item['title']} {len(item['lines'])} 条"
    for source in report["sources"]:
        yield f"  {source['title']}：{source['state_title']}"
    yield f"回执 {told.number}：xinqiao receipt {told.number} --to FILE"


def _verify(args: argparse.Namespace) -> str:
    from xinqiao.disclosure.verification import verify_claim

    told = verify_claim(**asked(args), claim=args.claim, value=args.value, grant=args.grant)
    if args.json:
        return told.text
    report = told.report
    why = f"（{report['unknown_title']}）" if report["unknown_because"] else ""
    return "\n".join(
        [
            f"{report['claim']['question']}：{report['answer_title']}{why}",
            f"回执 {told.number}：xinqiao receipt {told.number} --to FILE",
        ]
    )


def _lines(told: "Answer") -> Iterator[str]:
    """As a person reads it at a terminal: the three key lines, the counts, and where the evidence is."""
    report = told.report
    yield f"{report['subject']['name']}  {report['subject']['uscc']}"
    yield f"信用报告 {report['number']}，{report['purpose']['title']}"
    for line in report["highlights"]:
        yield f"- {line['title']}（{line['detail']}）"
    for counted in report["summary"]:
        if counted["facts"]:
            yield f"  {counted['title']} {counted['facts']} 条，失信 {counted['breach']}，关注 {counted['attention']}"
    yield f"回执 {told.number}：xinqiao receipt {told.number} --to FILE"
    yield str(report["disclaimer"])


def _institutions(args: argparse.Namespace) -> dict[str, Any] | str:
    from django.utils import timezone

    from xinqiao.parties import queries
    from xinqiao.parties.rules import KIND_TITLES, PUBLIC

    today = day_of(timezone.now())
    found = [(one, queries.agreement_in_force(one.id, today)) for one in queries.institutions(PUBLIC)]
    if not args.json:
        return "\n".join(
            f"{one.id}  {one.name}（{KIND_TITLES[one.kind]}）{'' if held else '，没有生效的协议'}"
            for one, held in found
        )
    return {
        "institutions": [
            {
                "institution": one.id,
                "name": one.name,
                "kind": one.kind.value,
                "agreement": None
                if held is None
                else {
                    "agreement": held.id,
                    "since": held.since.isoformat(),
                    "until": held.until.isoformat(),
                    "items": sorted(held.items),
                    "purposes": sorted(held.purposes),
                },
            }
            for one, held in found
        ]
    }
