"""人员的变动: an administrator moves, relieves and ends her organisation's people; nobody's open work is left behind.

Whoever leaves is named a colleague for each piece, in the same role at the same branch or above it, and all of it is
one transaction. The platform's operators may end a role at once, whoever there is: what nobody has then waits on the
administrator's page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from xinqiao.kernel.ids import BranchId, PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import recording
from xinqiao.ledger.events import Kind
from xinqiao.parties import charges, keeping_people, roles, staff_queries
from xinqiao.parties.charges import Key, Piece
from xinqiao.parties.errors import AlreadyThere, UnknownRole
from xinqiao.parties.models import Role as RoleRow
from xinqiao.parties.people_errors import (
    LastAdministrator,
    NotAColleague,
    NotAnAdministrator,
    UnknownBranch,
    WorkToHandOn,
)
from xinqiao.parties.rules import Role
from xinqiao.parties.staff_queries import Member

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HandOver:
    """To whom each piece of open work goes: one colleague for everything, and others for some."""

    everything: PersonId | None = None
    each: Mapping[Key, PersonId] = field(default_factory=dict)

    def of(self, piece: Piece) -> PersonId | None:
        return self.each.get(piece.key, self.everything)


NOBODY: Final = HandOver()


def end(number: int, *, to: HandOver = NOBODY, by: PersonId, now: datetime) -> list[Piece]:
    """End a person's role with this commit, and hand on what is open; returns the pieces as they were with her.

    Raises `UnknownRole` (also for whom she does not keep), `LastAdministrator`, `WorkToHandOn`, `NotAColleague`.
    """

    def act() -> list[Piece]:
        one = _held(number, by, now)
        _refuse_last(one, by, now)
        pieces = _with(one, now)
        _hand(pieces, one, to, by, now, must=not keeping_people.operator(by, now))
        roles.end(number, by=by, now=now)
        return pieces

    return _on_the_record(act, number, by, now)


def move(number: int, *, branch: BranchId | None, to: HandOver = NOBODY, by: PersonId, now: datetime) -> int:
    """Put a person at another branch; returns the number of her role there. What is open goes with her, but for what a
    colleague takes over.

    Raises as `end`, and `UnknownBranch`, `BranchClosed`, `AlreadyThere`.
    """

    def act() -> int:
        one = _held(number, by, now)
        keeping_people.over(one.organisation, branch, by=by, now=now)
        if one.branch == branch:
            raise AlreadyThere(Saying("这个人已经在这个网点"))
        if branch is not None:
            _refuse_last(one, by, now)
        pieces = _with(one, now)
        _hand([piece for piece in pieces if to.of(piece) is not None], one, to, by, now, must=True)
        roles.end(number, by=by, now=now)
        where = {"organisation": one.organisation, "zone": one.zone}
        given = roles.give(person=one.person, role=one.acts_as, **where, branch=branch, by=by, now=now)
        for piece in pieces:
            if to.of(piece) is None:
                charges.hand_on(piece, to=one.person, branch=branch, by=by, now=now)
        return given

    return _on_the_record(act, number, by, now)


def relieve(number: int, *, to: HandOver, by: PersonId, now: datetime) -> list[Piece]:
    """Hand on the open work of somebody who stays, such as who is on leave: all of it, or only what is named.

    Raises as `end`.
    """

    def act() -> list[Piece]:
        one = _held(number, by, now)
        pieces = [piece for piece in _with(one, now) if to.of(piece) is not None]
        _hand(pieces, one, to, by, now, must=True)
        return pieces

    return _on_the_record(act, number, by, now)


def assign(key: Key, *, organisation: str, to: PersonId, by: PersonId, now: datetime) -> None:
    """Give a piece that nobody has any more to somebody at its branch or above. Raises `WorkToHandOn` where somebody
    has it or it is done, `NotAnAdministrator`, `UnknownBranch`, `NotAColleague`."""

    def act() -> None:
        keeping_people.over(organisation, None if (one := _waiting()) is None else one.branch, by=by, now=now)
        if one is None:
            raise WorkToHandOn(Saying("这一件已经办完，或者有人在办"))
        if to not in {who.person for who in staff_queries.able(one.organisation, one.branch, now)}:
            raise NotAColleague
        charges.hand_on(one, to=to, branch=one.branch, by=by, now=now)

    def _waiting() -> Piece | None:
        found = charges.piece(key, organisation, now)
        return None if found is None or found.acts else found

    recording.on_the_record(act, Kind.PEOPLE_REFUSED, by=by, now=now, organisation=organisation)


def _held(number: int, by: PersonId, now: datetime) -> Member:
    """The role, locked: whoever takes up work in it at this moment has finished, or finds it ended."""
    one = staff_queries.member(number, now)
    try:
        keeping_people.over(one.organisation, one.branch, by=by, now=now)
    except (NotAnAdministrator, UnknownBranch) as beyond:  # whom she may not keep she is not told of
        raise UnknownRole from beyond
    if not RoleRow.objects.select_for_update().filter(pk=number, until__isnull=True).exists():
        raise UnknownRole
    return one


def _with(one: Member, now: datetime) -> list[Piece]:
    """What is with her in this role: an administrator's alone has no work of its own."""
    return [] if one.acts_as is Role.ADMINISTRATOR else charges.open_with(one.person, one.organisation, now)


def _refuse_last(one: Member, by: PersonId, now: datetime) -> None:
    """At its head office an organisation keeps one; only the platform's operators can end the last."""
    if one.acts_as is not Role.ADMINISTRATOR or one.branch is not None or keeping_people.operator(by, now):
        return
    others = [who for who in staff_queries.administrators(one.organisation, now) if who.role != one.role]
    if all(who.branch is not None for who in others):
        raise LastAdministrator


def _hand(pieces: list[Piece], of: Member, to: HandOver, by: PersonId, now: datetime, *, must: bool) -> None:
    able = {who.person for who in staff_queries.colleagues(of, now)}
    unnamed = [piece for piece in pieces if to.of(piece) is None]
    if must and unnamed:
        raise WorkToHandOn(Saying("还有 {n} 件", n=len(unnamed)))
    for piece in pieces:
        if (colleague := to.of(piece)) is None:
            continue
        if colleague not in able:
            raise NotAColleague
        charges.hand_on(piece, to=colleague, branch=piece.branch, by=by, now=now)


def _on_the_record(act: Callable[[], T], number: int, by: PersonId, now: datetime) -> T:
    return recording.on_the_record(act, Kind.PEOPLE_REFUSED, by=by, now=now, role=number)
