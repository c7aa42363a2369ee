"""`xinqiao indicator list|check|ask`, `xinqiao profile`: indicators, and (in the sample profile) what they come to."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xinqiao.cli import disclosure

if TYPE_CHECKING:
    from xinqiao.disclosure.answering import Answer


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("indicator", help="指标：目录、检查、查询").add_subparsers(required=True, metavar="ACT")
    listing = acts.add_parser("list", help="指标目录：每个指标读什么、方向、单位、最小分档宽度")
    check = acts.add_parser("check", help="逐条检查指标文件，并用案例验算")
    for one, run in ((listing, _list), (check, _check)):
        one.add_argument("--json", action="store_true")
        one.set_defaults(run=run)
    ask = disclosure.asking(acts.add_parser("ask", help="样例：以机构名义查询一个主体的几个指标"))
    ask.add_argument("--names", required=True, type=disclosure.names, metavar="a,b", help="指标的名字；all 是全部")
    ask.add_argument("--grant", type=int, metavar="GRANT", help="要授权的都按这份授权书")
    ask.set_defaults(run=_ask, needs="database")
    profile = disclosure.asking(commands.add_parser("profile", help="样例：以机构名义查询一个主体的画像"))
    profile.add_argument("--grant", type=int, metavar="GRANT")
    profile.set_defaults(run=_profile, needs="database")


def _list(args: argparse.Namespace) -> dict[str, Any] | str:
    from xinqiao import catalogue
    from xinqiao.evaluation import indicator_files

    found = indicator_files.load(catalogue.city())
    entries = [
        one.model_dump(mode="json", include={"code", "title", "type", "unit", "polarity", "width"})
        | {"indicator": name, "item": one.reads, "group": found.group_of[name]}
        for name, one in found.catalogue.indicators.items()
    ]
    if args.json:
        return {"indicators": entries}
    told = [f"{one['code']}  {one['indicator']}  {one['title']}" for one in entries]
    return "\n".join([*told, f"共 {len(entries)} 个指标，{len(found.groups)} 组"])


def _check(args: argparse.Namespace) -> dict[str, Any]:
    """Nothing is changed and no database is needed; a mistake or a case that does not come out gives exit code 1."""
    from xinqiao import catalogue
    from xinqiao.evaluation import indicator_files, profiles

    city = catalogue.city()
    found, mistakes = indicator_files.read(city)
    _, faults = profiles.read(city)
    wrong = [] if found is None else list(indicator_files.differences(city, found))
    args.exit_code = 1 if mistakes or faults or wrong else 0
    return {
        "indicators": 0 if found is None else len(found.catalogue.indicators),
        "groups": {} if found is None else {name: one.version for name, one in found.groups.items()},
        "cases": 0 if found is None else len(found.cases),
        "mistakes": [str(one) for one in (*mistakes, *faults)],
        "differences": wrong,
    }


def _profile(args: argparse.Namespace) -> str:
    from xinqiao.disclosure.profiling import ask_profile

    told = ask_profile(**disclosure.asked(args), grant=args.grant)
    return told.text if args.json else "\n".join(_pictured(told))


def _pictured(told: "Answer") -> Iterator[str]:
    report = told.report
    yield f"{report['subject']['name']}  {report['subject']['uscc']}"
    for dimension in report["dimensions"]:
        yield f"{dimension['title']}："
        for one in dimension["traces"]:
            yield f"- {one['word']['says'] if one['word'] else _said(one)}（{one['title']}：{_said(one)}）"
    yield f"回执 {told.number}：xinqiao receipt {told.number} --to FILE"


def _ask(args: argparse.Namespace) -> str:
    from xinqiao import catalogue
    from xinqiao.disclosure.indicating import ask_indicators
    from xinqiao.evaluation import indicator_files

    every = indicator_files.load(catalogue.city()).catalogue.indicators
    names = frozenset(every if args.names == ["all"] else args.names)
    told = ask_indicators(**disclosure.asked(args), names=names, grant=args.grant)
    return told.text if args.json else "\n".join(_lines(told))


def _lines(told: "Answer") -> Iterator[str]:
    report = told.report
    yield f"{report['subject']['name']}  {report['subject']['uscc']}"
    for one in report["indicators"]:
        yield f"- {one['title']}：{_said(one)}"
    yield f"回执 {told.number}：xinqiao receipt {told.number} --to FILE"


def _said(one: dict[str, Any]) -> str:
    if not one["known"]:
        return f"不知道（{one['unknown_title']}）"
    unit = one["unit"] or ""
    match one["value"], one["band"]:
        case None, None:
            return "没有"
        case None, band:
            return f"{band['at_least']} 到不满 {band['below']} {unit}"
        case bool(yes), _:
            return "是" if yes else "否"
        case value, _:
            return str(one["value_title"] or f"{value} {unit}")
