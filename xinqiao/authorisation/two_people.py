"""双人办理: whose grants take two people, one to prepare and another to confirm. Revoking and pausing take one.

A firm begins it itself, and two of its people end it again, since one alone could else undo what guards against one
alone. Of the sizes the city names it is the rule, whatever the firm wishes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.db import transaction

from xinqiao.authorisation import queries, safeguards
from xinqiao.authorisation.capacities import May
from xinqiao.authorisation.errors import BySize, FourEyes, NotOn, NotParty, OnePersonOnly, SignerNotAuthorised
from xinqiao.authorisation.models import Mandate, TwoPeople
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

OWN: Final = "own"
SIZE: Final = "size"


class Size(StrEnum):
    """企业规模, as 中小企业划型标准 has it."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether two are needed, and why. `ending_by` has asked to end it and waits for another."""

    own: bool
    size: Size | None  # as an operator wrote it down
    since: datetime | None
    ending_by: PersonId | None
    ending_name: str

    @property
    def on(self) -> bool:
        return self.own or self.by_size

    @property
    def by_size(self) -> bool:
        return self.size in safeguards.safeguards().two_people.sizes


def needed(subject_id: SubjectId) -> bool:
    return standing(subject_id).on


def standing(subject_id: SubjectId) -> Standing:
    rows = TwoPeople.objects.filter(subject_id=subject_id, until__isnull=True).select_related("ending_by")
    held = {row.ground: row for row in rows.order_by("id")}
    own, size = held.get(OWN), held.get(SIZE)
    return Standing(
        own=own is not None,
        size=Size(size.size) if size else None,
        since=min((row.since for row in held.values()), default=None),
        ending_by=PersonId(own.ending_by_id) if own and own.ending_by_id else None,
        ending_name=own.ending_by.name if own and own.ending_by else "",
    )


@transaction.atomic
def begin(subject_id: SubjectId, *, by: PersonId, now: datetime) -> None:
    """From this commit on every grant of the business takes two of its people; again, it changes nothing.

    Raises `SignerNotAuthorised`, `OnePersonOnly`.
    """
    _one_of_us(subject_id, by, now)
    if TwoPeople.objects.filter(subject_id=subject_id, ground=OWN, until__isnull=True).exists():
        return
    if len(queries.people_of(subject_id, now, May.GRANT)) < 2:  # noqa: PLR2004 — two people are two
        raise OnePersonOnly
    _written(TwoPeople(subject_id=subject_id, ground=OWN, since=now, by_id=by), Kind.TWO_PEOPLE_BEGUN, by, now)


def end(subject_id: SubjectId, *, by: PersonId, now: datetime) -> bool:
    """The first person asks that it end, another ends it; returns whether it has ended.

    Raises `SignerNotAuthorised`, `NotOn`, `BySize`, and `FourEyes` for the same person again.
    """

    def act(row: TwoPeople) -> Kind:
        if row.ending_by_id is None:
            row.ending_by_id = by
            return Kind.TWO_PEOPLE_ENDING
        if row.ending_by_id == by:
            raise FourEyes
        row.until, row.ended_by_id = now, by
        return Kind.TWO_PEOPLE_ENDED

    return _changed(subject_id, act, by, now) is Kind.TWO_PEOPLE_ENDED


def keep(subject_id: SubjectId, *, by: PersonId, now: datetime) -> None:
    """Let what somebody asked to end go on. Raises `SignerNotAuthorised`, `NotOn`, `BySize`."""

    def act(row: TwoPeople) -> Kind:
        row.ending_by_id = None
        return Kind.TWO_PEOPLE_KEPT

    _changed(subject_id, act, by, now)


@transaction.atomic
def record_size(subject_id: SubjectId, size: Size, *, by: PersonId, now: datetime) -> None:
    """An operator writes down how large the firm is; of the city's sizes its grants take two people while it is.

    Raises `NotParty`.
    """
    if parties.acting(by, Role.OPERATOR, "", now) is None:
        raise NotParty
    _held(subject_id)
    row = TwoPeople.objects.select_for_update().filter(subject_id=subject_id, ground=SIZE, until__isnull=True).first()
    if row is not None and row.size == size:
        return
    if row is not None:
        row.until, row.ended_by_id = now, by
        _written(row, Kind.TWO_PEOPLE_ENDED, by, now)
    _written(TwoPeople(subject_id=subject_id, ground=SIZE, size=size, since=now, by_id=by), Kind.SIZE_RECORDED, by, now)


@transaction.atomic
def _changed(subject_id: SubjectId, act: Callable[[TwoPeople], Kind], by: PersonId, now: datetime) -> Kind:
    _one_of_us(subject_id, by, now)
    rows = TwoPeople.objects.select_for_update().filter(subject_id=subject_id, until__isnull=True)
    if (row := rows.filter(ground=OWN).first()) is None:
        raise BySize if standing(subject_id).by_size else NotOn
    kind = act(row)
    _written(row, kind, by, now)
    return kind


def _one_of_us(subject_id: SubjectId, by: PersonId, now: datetime) -> None:
    _held(subject_id)
    if not queries.acts_for(by, subject_id, now, May.GRANT):
        raise SignerNotAuthorised


def _held(subject_id: SubjectId) -> None:
    """Whoever is giving a grant holds his mandate: we wait, or he finds what we changed."""
    list(Mandate.objects.select_for_update(no_key=True).filter(subject_id=subject_id).order_by("id"))


def _written(row: TwoPeople, kind: Kind, by: PersonId, now: datetime) -> None:
    row.save()
    about: dict[str, JsonValue] = {"subject": row.subject_id, "ground": row.ground, "size": row.size, "person": by}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
