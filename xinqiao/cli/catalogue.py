"""`xinqiao catalogue`: look for mistakes in a city's files, and read an item as the product reads it."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xinqiao.catalogue import CheckReport, City, Mistake
    from xinqiao.catalogue.schema import Item, ItemField


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("catalogue", help="信用信息共享清单：检查城市包，查看数据项")
    acts = parser.add_subparsers(required=True, metavar="ACT")
    check = acts.add_parser("check", help="find every mistake in a city's files, with file and line")
    check.add_argument("--city", type=Path, default=None, metavar="DIR", help="the folder; the city in use unless told")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=_check)
    show = acts.add_parser("show", help="one item as the product reads it; all of them without ITEM")
    show.add_argument("item", nargs="?", metavar="ITEM")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=_show)


# ── check ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check(args: argparse.Namespace) -> dict[str, Any] | str:
    from xinqiao import catalogue
    from xinqiao.intake.cases import disagreements

    folder = args.city or catalogue.folder()
    report = catalogue.check(folder, disagreements)
    if report.ok:
        report = replace(report, mistakes=(*_of_parties(folder), *_of_rights(folder)))
    args.exit_code = 0 if report.ok else 1
    return _told(report) if args.json else _said(report)


def _of_parties(folder: Path) -> "list[Mistake]":
    """Purposes, and whether each has been assessed; the texts of agreements and letters."""
    from xinqiao.parties import purposes, texts

    return [*purposes.load(folder)[1], *texts.load(folder)[1]]


def _of_rights(folder: Path) -> "Iterator[Mistake]":
    """The files rights read themselves, once the catalogue they speak of stands."""
    from xinqiao import catalogue
    from xinqiao.rights import promises, ways

    city = catalogue.load(folder)
    for load in (ways.load, promises.load):
        yield from load(folder, city)[1]


def _said(report: "CheckReport") -> str:
    counted = (
        f"数据项 {report.items} 个，其中完整的 {report.whole} 个，用例 {report.cases} 个；"
        f"未取得的代码表 {len(report.open_lists)} 个，未核实的依据和名称 {len(report.unverified)} 处，"
        f"没有英文的文字 {len(report.untranslated)} 处"
    )
    last = "没有发现错误" if report.ok else f"发现错误 {len(report.mistakes)} 处"
    return "\n".join([*map(str, report.mistakes), counted, last])


def _told(report: "CheckReport") -> dict[str, Any]:
    from xinqiao.catalogue import CatalogueFaults

    told: dict[str, Any] = {
        "items": report.items,
        "whole": report.whole,
        "cases": report.cases,
        "open_lists": list(report.open_lists),
        "unverified": list(report.unverified),
        "untranslated": list(report.untranslated),
        "mistakes": [{"file": m.file, "line": m.line, "message": m.message} for m in report.mistakes],
    }
    return told if report.ok else told | {"problem": CatalogueFaults(report.mistakes).as_dict()}


# ── show ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _show(args: argparse.Namespace) -> dict[str, Any] | str:
    from xinqiao import catalogue

    city = catalogue.city()
    if args.item is None:
        return {"items": list(city.items)} if args.json else _listed(city)
    item = city.item(args.item)
    return item.model_dump(mode="json", exclude_defaults=True) if args.json else _page(city, item)


def _listed(city: "City") -> str:
    lines: list[str] = []
    for family in city.families.values():
        lines.append(family.title)
        mine = [item for item in city.items.values() if item.family == family.family]
        lines += [f"  {'●' if item.whole else '○'} {item.item}  {item.title}" for item in mine]
    return "\n".join([*lines, "● 完整，可以交付  ○ 已列入清单，代码表或检查规则尚不完整"])


def _page(city: "City", item: "Item") -> str:
    """The ten elements of 河南省社会信用条例 §11, then the fields."""
    sources = "、".join(city.sources[s].names[-1].title for s in item.sources)
    basis = [f"  {b.document}{b.clause or ''}{'' if b.verified else '（未核实）'}" for b in item.basis]
    head = [
        f"{item.title}（{item.item}）",
        f"数据代码  {item.code}",
        f"类别      {city.families[item.family].title}",
        f"提供单位  {sources}",
        f"主体类型  {'、'.join(item.subject.kinds)}",
        f"信息性质  {item.nature}",
        f"共享属性  {item.sharing.classed}，{item.sharing.mode}",
        f"数据格式  {'、'.join(item.formats)}",
        f"覆盖范围  {item.coverage}",
        f"更新周期  {item.cadence.every}",
        "法定依据",
        *basis,
        "信息项    （● 必填）",
    ]
    return "\n".join([*head, *(_line(item, name, field) for name, field in item.fields.items())])


def _line(item: "Item", name: str, field: "ItemField") -> str:
    from xinqiao.catalogue import field_class

    marks = "●" if field.required else " "
    classed = field_class(item, name)
    kept = "" if classed is item.sharing.classed else f" · {classed}"
    listed = f" · {field.codes}" if field.codes else ""
    return f"  {marks} {field.title}（{name}）{field.type}{listed}{kept}"
