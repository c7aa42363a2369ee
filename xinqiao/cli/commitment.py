"""`xinqiao commitment …`: sign, say broken, decide, repair, in the sample profile only."""

import argparse
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import datetime

    from xinqiao.kernel.ids import PersonId
    from xinqiao.rights.commitments import CommitmentView

SAID: Final = "命令行办理（样例）"
Parsers = argparse._SubParsersAction  # noqa: SLF001 — argparse has no public name for it


def register(commands: "Parsers[argparse.ArgumentParser]") -> None:
    commitment = commands.add_parser("commitment", help="样例：签署信用承诺，提出、认定违诺，修复")
    acts = commitment.add_subparsers(required=True, metavar="ACT")
    signing = acts.add_parser("sign", help="样例：以企业名义签署，写进档案")
    signing.add_argument("--subject", required=True, metavar="USCC")
    signing.add_argument("--form", required=True, metavar="FORM", help="a form of the city's commitments.yml")
    signing.set_defaults(run=_sign)
    for name, said in (
        ("keep", "样例：核实过，已经做到"),
        ("propose", "样例：提出违诺"),
        ("answer", "样例：以企业名义说明"),
        ("establish", "样例：由另一个人认定违诺，写进档案"),
        ("dismiss", "样例：没有违诺"),
        ("mend", "样例：以企业名义申请修复"),
        ("agree", "样例：同意修复；两个人都同意时生效"),
    ):
        acting = acts.add_parser(name, help=said)
        acting.add_argument("commitment", type=int, metavar="COMMITMENT")
        acting.add_argument("--text", default=SAID, metavar="T")
        acting.set_defaults(run=_act, act=name)
    listing = acts.add_parser("list", help="样例：列出一个企业的承诺")
    listing.add_argument("--subject", required=True, metavar="USCC")
    listing.set_defaults(run=_list)
    for parser in acts.choices.values():
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(needs="database")


def _sign(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.authorisation import signer
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.rights import committing
    from xinqiao.rights.errors import UnknownCommitment
    from xinqiao.rights.promises import promises
    from xinqiao.subjects import queries as subjects

    now, form = now_in_sample(), promises().get(args.form)
    if form is None:
        raise UnknownCommitment
    subject = subjects.known_as(Uscc.parse(args.subject)).id
    by = signer(subject, now)
    signed = committing.sign(subject_id=subject, promise=args.form, version=form.version, by=by, now=now)
    return _told(signed, write_down(now))


def _act(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.authorisation import signer
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.rights import breaking, commitments, committing, mending

    now, number, text = now_in_sample(), args.commitment, args.text
    view = commitments.commitment(number)
    first, second = _two(now)
    match args.act:
        case "keep":
            view = committing.keep(number, by=first, now=now)
        case "propose":
            view = breaking.propose(number, facts=text, evidence=SAID, by=first, now=now)
        case "answer":
            view = breaking.answer(number, text=text, by=signer(view.subject_id, now), now=now)
        case "establish":
            view = breaking.establish(number, because=text, by=second, now=now)
        case "dismiss":
            view = breaking.dismiss(number, because=text, by=second, now=now)
        case "mend":
            view = mending.ask(number, text=text, by=signer(view.subject_id, now), now=now)
        case _:
            mending.agree(number, by=first, now=now)
            view, told = mending.agree(number, by=second, now=now)
            return _told(view, write_down(now)) | {"told": told}
    return _told(view, write_down(now))


def _two(now: "datetime") -> "tuple[PersonId, PersonId]":
    """Two operators: those there are, else a stand-in beside."""
    from xinqiao.cli.rights import STAND_IN, somebody
    from xinqiao.parties import people, queries, roles
    from xinqiao.parties.rules import Role

    first = somebody(Role.OPERATOR, "", now)
    others = [one for one in queries.people_in(Role.OPERATOR, "", now) if one != first]
    if others:
        return first, others[0]
    second = people.add(name=STAND_IN, now=now)
    roles.give(person=second, role=Role.OPERATOR, now=now)
    return first, second


def write_down(now: "datetime") -> int | None:
    """What the worker does after an act: handed in, inspected, filed; the delivery, if anything moved."""
    from xinqiao.cli import road
    from xinqiao.intake import inspection
    from xinqiao.rights import commitment_rows

    delivery = commitment_rows.write(now)
    if delivery is not None:
        inspection.inspect(delivery, now=now)
        road.settle(now)
    return delivery


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.rights import now_in_sample
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.rights import commitments
    from xinqiao.subjects import queries as subjects

    now_in_sample()
    subject = subjects.known_as(Uscc.parse(args.subject)).id
    return {"commitments": [_told(one, None) for one in commitments.commitments_of(subject)]}


def _told(one: "CommitmentView", delivery: int | None) -> dict[str, Any]:
    return {
        "commitment": one.number,
        "reference": one.reference,
        "form": one.promise,
        "state": str(one.state),
        "claim": None if one.breach is None else str(one.breach.state),
        "until": one.until.isoformat(),
        "delivery": delivery,
    }
