"""`xinqiao subjects [TEXT]`: find a business by part of its name or the beginning of its code."""

import argparse
from typing import Any


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    subjects = commands.add_parser("subjects", help="主体：按名称的一部分或代码的开头查找")
    subjects.add_argument("text", nargs="?", default="")
    subjects.add_argument("--limit", type=int, default=20)
    subjects.add_argument("--after", default=None, help="what the page before said")
    subjects.add_argument("--json", action="store_true")
    subjects.set_defaults(run=_search, needs="database")


def _search(args: argparse.Namespace) -> dict[str, Any] | str:
    from xinqiao.parties.rules import Role, Scope
    from xinqiao.subjects import queries

    found = queries.search(args.text, scope=Scope(None, Role.OPERATOR), after=args.after, limit=args.limit)
    rows = [
        {"uscc": s.uscc, "name": s.name, "kind": str(s.kind), "division": s.division, "industry": s.industry}
        for s in found.subjects
    ]
    if args.json:
        return {"subjects": rows, "after": found.after}
    return "\n".join(f"{row['uscc']}  {row['name']}" for row in rows) or "没有找到"
