"""`xinqiao report` (an institution's question, in the sample profile only) and `xinqiao institutions`."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from xinqiao.disclosure.reports import Report

STAND_IN: Final = "命令行（样例）"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    report = commands.add_parser("report", help="样例：以机构名义查询一份信用报告")
    report.add_argument("uscc", metavar="USCC")
    report.add_argument("--as", dest="institution", required=True, metavar="INST")
    report.add_argument("--purpose", required=True, metavar="P")
    report.add_argument("--json", action="store_true", help="the whole answer: a receipt file that `verify` checks")
    report.set_defaults(run=_report, needs="database")
    institutions = commands.add_parser("institutions", help="接入机构和生效的协议")
    institutions.add_argument("--json", action="store_true")
    institutions.set_defaults(run=_institutions, needs="database")


def _report(args: argparse.Namespace) -> str:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.disclosure import reports
    from xinqiao.kernel.ids import InstitutionId

    only_in_sample()
    told = reports.disclose_report(
        asker=InstitutionId(args.institution),
        officer=None,
        on_behalf=STAND_IN,
        uscc=args.uscc,
        purpose=args.purpose,
        now=timezone.now(),
    )
    return told.text if args.json else "\n".join(_lines(told))


def _lines(told: "Report") -> Iterator[str]:
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

    from xinqiao.authorisation.rules import day_of
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
