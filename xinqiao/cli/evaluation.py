"""`xinqiao grade USCC`, `xinqiao evaluate`: grades from the command line."""

import argparse
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xinqiao.disclosure.answering import Answer


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    grade = commands.add_parser("grade", help="信用评价：看一个主体的等级和理由（留痕）")
    grade.add_argument("uscc")
    which = grade.add_mutually_exclusive_group()
    which.add_argument("--at", type=int, metavar="POSITION", help="按当时的快照逐字重算那一次评价")
    which.add_argument(
        "--what-if",
        nargs="*",
        metavar="SUPPOSE",
        help="试算，不留作评价：不写就列出怎样会变；或者写 repair:信息编号、on:日期、数据项:字段=值,字段=值",
    )
    grade.add_argument("--json", action="store_true")
    grade.set_defaults(run=_grade, needs="database")
    signals = commands.add_parser("signals", help="信用评价：看一个主体近一年的风险信号（留痕）")
    signals.add_argument("uscc")
    signals.add_argument("--json", action="store_true")
    signals.set_defaults(run=_signals, needs="database")
    evaluate = commands.add_parser("evaluate", help="信用评价：给全市每个主体重新评价")
    evaluate.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    evaluate.add_argument("--master", metavar="URL", help="Spark 主节点，例如 spark://host:7077")
    which = evaluate.add_mutually_exclusive_group()
    which.add_argument("--at", type=int, metavar="POSITION", help="按日志某个位置上已知的信息评价，默认最新")
    which.add_argument("--moved", action="store_true", help="同每晚一样：全部算一遍，只留结果有变化的")
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(run=_evaluate, needs="database")


def _grade(args: argparse.Namespace) -> dict[str, Any] | str:
    """On the record: a grade leaves only by the door, to the machine's own operator too."""
    told = _told(args)
    grade: dict[str, Any] | None = told.report["grade"]
    more = {name: told.report[name] for name in ("changes", "what_if") if name in told.report}
    if args.json:
        state = {"receipt": told.number, "uscc": args.uscc, "grade_state": told.report["grade_state"]}
        return {**state, **(grade or {"grade": None}), **more}
    if told.report["grade_state"] == "renewing":
        return "原来的评价所依据的信息刚有变化，正在重新评价"
    if told.report["grade_state"] == "repeated-withheld":
        return "按当时的快照重算，结果与留存的一致；所依据的信息后来有已修复或到期的，内容不再展示"
    if grade is None:
        return "还没有评价"
    return "\n".join([*_lines(grade, told.number), *_changes(more), *_supposed(more)])


def _signals(args: argparse.Namespace) -> dict[str, Any] | str:
    from django.utils import timezone

    from xinqiao.disclosure import grades

    told = grades.show_signals(args.uscc, operator=None, now=timezone.now())
    found = told.report["signals"]
    if args.json:
        return {"receipt": told.number, "uscc": args.uscc, "signals": found}
    lines = [f"{one['on']} {one['level']} {one['title']}：{one['reason']}" for one in found]
    return "\n".join(lines) or "近一年没有风险信号"


def _told(args: argparse.Namespace) -> "Answer":
    from django.utils import timezone

    from xinqiao.cli.supposing import asked
    from xinqiao.disclosure import grades
    from xinqiao.kernel.ids import Position

    now = timezone.now()
    if args.what_if is None:
        at = None if args.at is None else Position(args.at)
        return grades.show_grade(args.uscc, operator=None, at=at, now=now)
    if not args.what_if:
        return grades.show_changes(args.uscc, operator=None, now=now)
    return grades.show_what_if(args.uscc, asked(args.what_if), operator=None, now=now)


def _changes(more: dict[str, Any]) -> Iterator[str]:
    """What would change it, a line each."""
    ways = {"repair": "修复", "time": "到期", "show": "补充"}
    for one in more.get("changes", {}).get("changes", ()):
        facts = f"（信息 {'、'.join(map(str, one['facts']))}）" if one["facts"] else ""
        yield f"~ {ways[one['way']]} {one['on']} {'、'.join(one['about'])}{facts}：{_then(one['then'])}"


def _supposed(more: dict[str, Any]) -> Iterator[str]:
    if "what_if" in more:
        yield f"假如这样：{_then(more['what_if']['then'])}"


def _then(then: dict[str, Any]) -> str:
    return f"{then['grade']} {then['title']}" + ("" if then["score"] is None else f"，{then['score']} 分")


def _lines(grade: dict[str, Any], receipt: int) -> Iterator[str]:
    """As a person reads it at a terminal."""
    score = "" if grade["score"] is None else f"，{grade['score']} 分"
    yield f"{grade['grade']} {grade['title']}{score}（{grade['note']}）"
    yield from (f"  {part['title']} {part['points']}/{part['max_points']}" for part in grade["parts"])
    yield from (f"- {reason}" for reason in grade["reasons"])
    yield from (f"? {one['title']}：{one['reason']}" for one in grade["missing"])
    if (override := grade["override"]) is not None:
        yield f"人工调整：{override['grade']} {override['title']}，到 {override['until']}。{override['reason']}"
    if (without := grade["without_disputed"]) is not None:
        yield f"不计有异议的信息：{without['grade']} {without['title']}，{without['score']} 分"
    yield f"{grade['model_title']} {grade['version']}，{grade['on']} 评价，日志位置 {grade['position']}"
    yield f"本次查看已留痕，回执第 {receipt} 号"


def _evaluate(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.evaluation import grading
    from xinqiao.evaluation.engines import DuckDB
    from xinqiao.evaluation.spark import Spark
    from xinqiao.kernel.ids import Position

    engine = Spark(args.master) if args.engine == "spark" else DuckDB()
    began, now = time.monotonic(), timezone.now()
    at = None if args.at is None else Position(args.at)
    if args.moved:
        done = grading.grade_moved(now=now, engine=engine)
    else:
        done = grading.grade_all(now=now, at=at, engine=engine)
    return {
        "position": done.position,
        "subjects": done.subjects,
        "graded": done.graded,
        "thin_file": done.thin_file,
        "grades": dict(sorted(done.grades.items())),
        "kept": done.kept,
        "without_model": {kind.value: many for kind, many in sorted(done.without_model.items())},
        "checksum": done.checksum,
        "seconds": round(time.monotonic() - began, 1),
    }
