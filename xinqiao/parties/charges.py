"""承办: with whom each piece of an organisation's open work is, and how it is handed on.

A domain registers its trades: which of some pieces are open still, what they are in words, and what it does when one
changes hands. Nothing here decides who may do the work: whoever acts in the role may; this says with whom it is.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet

from xinqiao.database import statements
from xinqiao.kernel.ids import BranchId, PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.canonical import JsonValue
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import branch_queries, staff_queries
from xinqiao.parties.models import Charge
from xinqiao.parties.rules import Role, Scope


class Work(StrEnum):
    """Every sort of work that is with one person."""

    ASK = "ask"  # a grant that was asked for: until it is answered, and as long as it holds
    PAPER = "paper"  # a grant on paper, until a second officer has checked it
    CONSENT = "consent"  # a person who was asked, until she has answered, and as long as it holds
    CASE = "case"


Key = tuple[Work, int]


@dataclass(frozen=True, slots=True)
class Trade:
    """How a domain speaks of one sort of its work. `open_`: those still open at a moment, each in words."""

    title: Saying
    open_: Callable[[Collection[int], datetime], Mapping[int, Saying]]
    handed: Callable[[int, str, datetime], None] = lambda _number, _to, _now: None  # to whom, by name


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of open work. `acts`: whether the person it is with still acts there; else it waits to be handed on."""

    work: Work
    number: int
    title: Saying
    words: Saying
    organisation: str
    branch: BranchId | None
    person: PersonId
    name: str
    since: datetime
    acts: bool

    @property
    def key(self) -> Key:
        return self.work, self.number


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask about a piece of work, and at which branch (empty: the head office)."""

    name: str
    branch: str


_TRADES: Final[dict[Work, Trade]] = {}


def register(work: Work, trade: Trade) -> None:
    """Once, when a domain comes up."""
    _TRADES[work] = trade


_HOLDING: Final = """
SELECT branch_id FROM parties_role
 WHERE person_id = $1 AND role = $2 AND organisation = $3 AND since <= $4 AND (until IS NULL OR until > $4)
   FOR SHARE
"""


def take(work: Work, number: int, *, of: str, role: Role, by: PersonId, now: datetime) -> None:
    """Whoever begins a piece of work has it. Her role is held until the transaction ends: who ends it sees the piece.

    Without a role at this moment nothing is noted: the act itself has refused, or was no officer's.
    """
    held = statements.row(_HOLDING, by, str(role), of, now)
    if held is None:
        return
    row = Charge(organisation=of, branch_id=held[0], person_id=by, work=work, number=number, since=now)
    _written(row, Kind.WORK_TAKEN, by, now)


def hand_on(piece: Piece, *, to: PersonId, branch: BranchId | None, by: PersonId, now: datetime) -> None:
    """From this commit on it is with somebody else, or with the same at another branch; the caller has judged that."""
    row = Charge.objects.select_for_update(of=("self",)).get(work=piece.work, number=piece.number, until__isnull=True)
    row.until = now
    row.save(update_fields=["until"])
    new = Charge(organisation=row.organisation, branch_id=branch, person_id=to, work=row.work, number=row.number)
    new.since, new.by_id = now, by
    new.save()
    log.append(Kind.WORK_HANDED_ON, now=now, about=_about(new, by), rows=[state_of(row), state_of(new)])
    if to != piece.person:
        _TRADES[piece.work].handed(piece.number, new.person.name, now)


def _written(row: Charge, kind: Kind, by: PersonId, now: datetime) -> None:
    row.save()
    log.append(kind, now=now, about=_about(row, by), rows=[state_of(row)])


def _about(row: Charge, by: PersonId) -> dict[str, JsonValue]:
    said: dict[str, JsonValue] = {"work": row.work, "number": row.number, "person": row.person_id, "by": by}
    return said | {"organisation": row.organisation, "branch": row.branch_id}


# ── reads ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def open_with(person: PersonId, organisation: str, now: datetime) -> list[Piece]:
    """What is with somebody and not done."""
    return _open(_current(organisation).filter(person_id=person), now)


def open_at(organisation: str, places: Collection[BranchId | None], now: datetime) -> list[Piece]:
    """What is not done at these places, whoever it is with."""
    return [one for one in _open(_current(organisation), now) if one.branch in places]


def waiting(organisation: str, at: BranchId | None, now: datetime) -> list[Piece]:
    """What nobody has any more, at a place or below it: whoever it was with was ended by the operator."""
    within = None if at is None else branch_queries.within(organisation, at)
    pieces = _open(_current(organisation), now)
    return [one for one in pieces if not one.acts and (within is None or one.branch in within)]


def piece(key: Key, organisation: str, now: datetime) -> Piece | None:
    return next(iter(_open(_current(organisation).filter(work=key[0], number=key[1]), now)), None)


def numbers(work: Work, scope: Scope) -> frozenset[int] | None:
    """Which pieces belong to a scope's branch and what hangs below it; None at the head office: all of them."""
    if scope.branch is None:
        return None
    rows = _current(scope.organisation).filter(work=work)
    within = branch_queries.within(scope.organisation, scope.branch)
    return frozenset(rows.filter(branch__in=within).values_list("number", flat=True))


def seen(work: Work, number: int, scope: Scope) -> bool:
    """Whether a piece is at the scope's branch or below it; at the head office every one is."""
    here = numbers(work, scope)
    return here is None or number in here


def contacts(work: Work, which: Iterable[int]) -> dict[int, Contact]:
    """With whom each of these is at this moment; only those that were somebody's."""
    rows = Charge.objects.filter(work=work, number__in=list(which), until__isnull=True)
    found = rows.select_related("person", "branch")
    return {row.number: Contact(row.person.name, row.branch.name if row.branch else "") for row in found}


def _current(organisation: str) -> QuerySet[Charge]:
    return Charge.objects.filter(organisation=organisation, until__isnull=True)


def _open(rows: QuerySet[Charge], now: datetime) -> list[Piece]:
    held = list(rows.select_related("person").order_by("id"))
    words = {work: _TRADES[work].open_(_numbers(held, work), now) for work in _TRADES}
    acting = _acting(held, now)
    return [
        Piece(
            work=(work := Work(row.work)),
            number=row.number,
            title=_TRADES[work].title,
            words=words[work][row.number],
            organisation=row.organisation,
            branch=None if row.branch_id is None else BranchId(row.branch_id),
            person=PersonId(row.person_id),
            name=row.person.name,
            since=row.since,
            acts=row.person_id in acting,
        )
        for row in held
        if row.number in words.get(Work(row.work), {})
    ]


def _numbers(rows: Sequence[Charge], work: Work) -> list[int]:
    return [row.number for row in rows if row.work == work]


def _acting(rows: Sequence[Charge], now: datetime) -> set[int]:
    """Those of them who still do work for the organisation: an administrator's role alone is none."""
    organisations = {row.organisation for row in rows}
    staff = [one for name in organisations for one in staff_queries.staff(name, None, now)]
    return {one.person for one in staff if one.acts_as is not Role.ADMINISTRATOR}
