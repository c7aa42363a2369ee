"""`xinqiao push`, `pushes`: public information in files, in an institution's name; in the sample profile only."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xinqiao.cli.files import write

if TYPE_CHECKING:
    from xinqiao.disclosure.door import Asked

STAND_IN: Final = "命令行（样例）"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    push = commands.add_parser("push", help="样例：以机构名义订阅公开信息，当场生成一份文件")
    push.add_argument("--as", dest="institution", required=True, metavar="INST")
    push.add_argument("--purpose", required=True, metavar="P")
    push.add_argument("--items", required=True, type=_names, metavar="a,b")
    for name, said in (
        ("divisions", "区划代码"),
        ("industries", "门类或大类"),
        ("kinds", "主体类型"),
        ("sizes", "划型代码"),
    ):
        push.add_argument(f"--{name}", type=_names, default=[], metavar="a,b", help=f"{said}，不写就不限")
    push.add_argument("--changes", action="store_true", help="只要上一份之后的变化；没有上一份就是全量")
    push.add_argument("--form", choices=("jsonl", "csv"), default="jsonl")
    push.add_argument("--to", type=Path, metavar="FILE", help="文件存到这里，回执存到 FILE.receipt.json")
    push.set_defaults(run=_push, needs="database")
    listing = commands.add_parser("pushes", help="样例：一家机构的订阅和文件")
    listing.add_argument("--as", dest="institution", required=True, metavar="INST")
    listing.set_defaults(run=_list, needs="database")
    for command in (push, listing):
        command.add_argument("--json", action="store_true")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _push(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.disclosure import pushed, pushing, subscribing
    from xinqiao.disclosure.door import MANY, Asked
    from xinqiao.disclosure.pushed import Wanted
    from xinqiao.kernel.ids import InstitutionId

    only_in_sample()
    asked = Asked(InstitutionId(args.institution), MANY, args.purpose, timezone.now(), client="", on_behalf=STAND_IN)
    lists = (args.items, args.divisions, args.industries, args.kinds, args.sizes)
    subscription = subscribing.begin(asked, Wanted(*(tuple(sorted(set(one))) for one in lists)))
    order = subscribing.order(subscription.id, asked, full=not args.changes).order
    assert order is not None  # noqa: S101 — it was just placed
    push = pushing.make(order.id, now=timezone.now())
    if push is None:
        [ended] = [one.order for one in pushed.of_institution(asked.asker) if one.id == subscription.id]
        return {"subscription": subscription.id, "push": None, "because": ended and ended.because}
    told = pushed.evidence(push)["receipt"]
    kept = {"saved": _save(push, asked, args.form, args.to)} if args.to else {}
    return {
        "subscription": subscription.id,
        "push": push,
        "since": told["since"],
        "lines": told["lines"],
        "files": told["files"],
        **kept,
    }


def _save(push: int, asked: "Asked", form: str, to: Path) -> list[str]:
    import json

    from xinqiao.disclosure import pushed, subscribing

    _, _, content = subscribing.fetch(push, form, asked)
    receipt = to.with_name(f"{to.name}.receipt.json")
    write(to, b"".join(subscribing.chunks(content)))
    write(receipt, json.dumps(pushed.evidence(push), ensure_ascii=False).encode())
    return [str(to), str(receipt)]


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.disclosure import pushed
    from xinqiao.disclosure.telling import instant
    from xinqiao.kernel.ids import InstitutionId

    only_in_sample()
    found = pushed.of_institution(InstitutionId(args.institution))
    return {
        "subscriptions": [
            {
                "subscription": one.id,
                "purpose": one.purpose,
                **one.wanted.as_json(),
                "pushes": [
                    {"push": made.number, "since": made.since, "put": made.put, "removed": made.removed}
                    | {"made_at": instant(made.made_at), "kept": made.kept}
                    for made in one.pushes
                ],
            }
            for one in found
        ]
    }
