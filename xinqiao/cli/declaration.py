"""`xinqiao declaration …`: a business says something of itself and takes it back, in the sample profile only."""

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from xinqiao.rights.declarations import DeclarationView

Parsers = argparse._SubParsersAction  # noqa: SLF001 — argparse has no public name for it


def register(commands: "Parsers[argparse.ArgumentParser]") -> None:
    declaration = commands.add_parser("declaration", help="样例：以企业名义自主申报，撤回，列出")
    acts = declaration.add_subparsers(required=True, metavar="ACT")
    making = acts.add_parser("make", help="样例：申报，写进档案；先要签如实申报的承诺")
    making.add_argument("--subject", required=True, metavar="USCC")
    making.add_argument("--item", required=True, metavar="ITEM")
    making.add_argument("values", nargs="+", type=_value, metavar="FIELD=VALUE")
    making.set_defaults(run=_make)
    back = acts.add_parser("withdraw", help="样例：撤回，并告知看到过它的机构")
    back.add_argument("declaration", type=int, metavar="DECLARATION")
    back.set_defaults(run=_withdraw)
    listing = acts.add_parser("list", help="样例：列出一个企业申报过的")
    listing.add_argument("--subject", required=True, metavar="USCC")
    listing.set_defaults(run=_list)
    for parser in acts.choices.values():
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(needs="database")


def _value(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _make(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.authorisation import signer
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.rights import declaring
    from xinqiao.subjects import queries as subjects

    now, subject = now_in_sample(), subjects.known_as(Uscc.parse(args.subject)).id
    by = signer(subject, now)
    made = declaring.declare(subject_id=subject, item=args.item, values=dict(args.values), by=by, now=now)
    return _told(made) | {"deliveries": _write_down(now)}


def _withdraw(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.authorisation import signer
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.rights import declarations, declaring

    now = now_in_sample()
    by = signer(declarations.declaration(args.declaration).subject_id, now)
    view, told = declaring.withdraw(args.declaration, by=by, now=now)
    return _told(view) | {"told": told}


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.rights import declarations
    from xinqiao.subjects import queries as subjects

    now_in_sample()
    subject = subjects.known_as(Uscc.parse(args.subject)).id
    return {"declarations": [_told(one) for one in declarations.declarations_of(subject)]}


def _write_down(now: "datetime") -> list[int]:
    """What the worker does after an act: handed in, inspected, filed."""
    from xinqiao.cli import road
    from xinqiao.intake import inspection
    from xinqiao.rights import declaration_rows

    made = declaration_rows.write(now)
    for delivery in made:
        inspection.inspect(delivery, now=now)
    road.settle(now)
    return [int(delivery) for delivery in made]


def _told(one: "DeclarationView") -> dict[str, Any]:
    said = {"declaration": one.number, "reference": one.reference, "item": one.item, "of": one.key}
    return said | {"state": str(one.state), "commitment": one.commitment}
