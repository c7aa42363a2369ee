"""`xinqiao objection …`: acts in a business's, a source's and the operator's name, for driving the sample city.

They exist in the sample profile only: in a real city each of them signs in to the portal.
"""

import argparse
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.kernel.ids import PersonId
    from xinqiao.parties.rules import Role
    from xinqiao.rights.queries import ObjectionView
    from xinqiao.rights.rules.objections import Clock

STAND_IN: Final = "命令行代办人（样例）"
SAID: Final = "命令行办理（样例）"

Parsers = argparse._SubParsersAction  # noqa: SLF001 — argparse has no public name for it


def register(commands: "Parsers[argparse.ArgumentParser]") -> None:
    objection = commands.add_parser("objection", help="样例：提出、答复、决定一件异议")
    acts = objection.add_subparsers(required=True, metavar="ACT")
    opening = _act(acts, "open", _open, "以企业名义对档案里的一条信息提出异议")
    opening.add_argument("--subject", required=True, metavar="USCC")
    opening.add_argument("--fact", required=True, type=int, metavar="FACT")
    opening.add_argument("--reason", default="wrong", metavar="R", help="wrong, not_mine, settled, term_over, …")
    opening.add_argument("--text", default=SAID, metavar="T")
    answering = _numbered(acts, "answer", _answer, "以来源单位名义答复")
    answering.add_argument("--verdict", required=True, choices=("right", "corrected", "remove"))
    answering.add_argument("--delivery", type=int, metavar="N", help="the delivery that corrects it, if there is one")
    answering.add_argument("--text", default=SAID, metavar="T")
    upholding = _numbered(acts, "uphold", _uphold, "以平台名义认定异议成立，并通知看过的机构")
    upholding.add_argument("--because", default=SAID, metavar="T")
    upholding.add_argument("--newer-is-wrong-too", action="store_true", help="what was sent in its place goes as well")
    rejecting = _numbered(acts, "reject", _reject, "以平台名义认定异议不成立，附上企业的说明")
    rejecting.add_argument("--because", default=SAID, metavar="T")
    listing = _act(acts, "list", _list, "列出异议和期限")
    listing.add_argument("--subject", metavar="USCC", help="one business's own")
    listing.add_argument("--open", action="store_true", help="only those not decided yet")


def _act(acts: Any, name: str, run: Callable[..., Any], said: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=f"样例：{said}")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, needs="database")
    return parser


def _numbered(acts: Any, name: str, run: Callable[..., Any], said: str) -> argparse.ArgumentParser:
    parser = _act(acts, name, run, said)
    parser.add_argument("objection", type=int, metavar="OBJECTION")
    return parser


def _open(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.authorisation import signer
    from xinqiao.kernel.ids import FactId
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.rights import objections
    from xinqiao.subjects import queries as subjects

    now = now_in_sample()
    subject = subjects.known_as(Uscc.parse(args.subject))
    opened = objections.open_(
        subject_id=subject.id,
        fact=FactId(args.fact),
        reason=args.reason,
        text=args.text,
        by=signer(subject.id, now),
        now=now,
    )
    return _told(opened, now)


def _answer(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.parties.rules import Role
    from xinqiao.rights import queries, sources

    now = now_in_sample()
    source = queries.objection(args.objection).source
    by = somebody(Role.PROVIDER, source, now)
    answered = sources.answer(
        args.objection, verdict=args.verdict, text=args.text, delivery=args.delivery, by=by, now=now
    )
    return _told(answered, now)


def _uphold(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.parties.rules import Role
    from xinqiao.rights import deciding

    now = now_in_sample()
    upheld, told = deciding.uphold(
        args.objection,
        because=args.because,
        by=somebody(Role.OPERATOR, "", now),
        newer_is_right=not args.newer_is_wrong_too,
        now=now,
    )
    return _told(upheld, now) | {"told": told}


def _reject(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.parties.rules import Role
    from xinqiao.rights import deciding

    now = now_in_sample()
    by = somebody(Role.OPERATOR, "", now)
    return _told(deciding.reject(args.objection, because=args.because, by=by, now=now), now)


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.parties.rules import Role, Scope
    from xinqiao.rights import queries
    from xinqiao.subjects import queries as subjects

    now = now_in_sample()
    if args.subject:
        found = queries.objections_of(subjects.known_as(Uscc.parse(args.subject)).id)
        found = [one for one in found if one.open or not args.open]
    else:
        found = queries.objections(Scope(None, Role.OPERATOR), open_=True if args.open else None)
    return {"objections": [_told(one, now) for one in found]}


def now_in_sample() -> datetime:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample

    only_in_sample()
    return timezone.now()


def _told(one: "ObjectionView", now: datetime) -> dict[str, Any]:

    today = day_of(now)
    return {
        "objection": one.number,
        "reference": one.reference,
        "fact": one.fact,
        "item": one.item,
        "source": one.source,
        "reason": str(one.reason),
        "state": str(one.state),
        "answer": None if one.answer is None else str(one.answer),
        "opened_at": one.opened_at.isoformat(),
        "clocks": [clock_told(clock, today) for clock in one.clocks()],
        "escalated": one.escalated_at is not None,
    }


def clock_told(clock: "Clock", today: date) -> dict[str, Any]:
    return {
        "clock": clock.name,
        "due": None if clock.due is None else clock.due.isoformat(),
        "met": None if clock.met is None else clock.met.isoformat(),
        "late": clock.late(today),
    }


def somebody(role: "Role", organisation: str, now: datetime) -> "PersonId":
    """Whoever holds the role, else a stand-in who is given it."""
    return somebody_else(role, organisation, set(), now)


def somebody_else(role: "Role", organisation: str, than: "Collection[PersonId]", now: datetime) -> "PersonId":
    """The same, where a second pair of eyes is needed."""
    from xinqiao.parties import people, queries, roles

    if held := [one for one in queries.people_in(role, organisation, now) if one not in than]:
        return held[0]
    person = people.add(name=STAND_IN, now=now)
    roles.give(person=person, role=role, organisation=organisation, now=now)
    return person
