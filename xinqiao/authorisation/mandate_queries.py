"""Reads of mandates, invitations and what is in doubt about them: who acts for a business, in what, and who did."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Q, QuerySet

from xinqiao.authorisation.capacities import Because, Capacity, May
from xinqiao.authorisation.errors import DoubtUnknown, MandateUnknown
from xinqiao.authorisation.models import Doubt, Invitation, Mandate
from xinqiao.authorisation.queries import holding
from xinqiao.kernel.city_time import end_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.parties.people_errors import InvitationUnknown

ANSWER_WITHIN: Final = timedelta(days=14)  # an invitation in somebody's messages opens nothing for ever
LATEST: Final = 100


class Why(StrEnum):
    """What the register leaves open."""

    NOT_NAMED = "not_named"  # it names nobody yet
    OTHER_NAME = "other_name"  # it names somebody else
    LIKE_NAME = "like_name"  # nearly the same name: perhaps another way to write it
    OTHER_NUMBER = "other_number"  # the same name with another document's number
    DISAGREEING = "disagreeing"  # it names two


@dataclass(frozen=True, slots=True)
class Held:
    """One mandate, as the people of its business and its holder read it."""

    number: int
    person: PersonId
    name: str
    subject_id: SubjectId
    capacity: Capacity
    may: tuple[May, ...]
    since: datetime
    ends_at: datetime | None
    under: int | None
    until: datetime | None
    because: Because | None


@dataclass(frozen=True, slots=True)
class Invited:
    number: int
    subject_id: SubjectId
    by: str
    name: str
    capacity: Capacity
    may: tuple[May, ...]
    until: date
    invited_at: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class InDoubt:
    number: int
    person: PersonId
    name: str
    subject_id: SubjectId
    mandate: int | None
    why: Why
    fact: int | None
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    represents: bool | None
    because: str


def of_subject(subject_id: SubjectId, now: datetime) -> list[Held]:
    """Who acts for a business at this moment, in the order the mandates were given."""
    return _held(Mandate.objects.filter(holding(now), subject_id=subject_id))


def over(
    since: datetime, now: datetime, *, subject_id: SubjectId | None = None, person: PersonId | None = None
) -> list[Held]:
    """The mandates of a business, or of a person, that ended or ran out since then, the last first."""
    whose = Q(subject_id=subject_id) if subject_id is not None else Q(person_id=person)
    ended = Q(until__gt=since, until__lte=now) | Q(until__isnull=True, ends_at__gt=since, ends_at__lte=now)
    return sorted(_held(Mandate.objects.filter(whose & ended)), key=lambda one: one.until or now, reverse=True)


def representing(subjects: list[SubjectId] | None, now: datetime) -> list[Held]:
    """Who acts as legal representative at this moment, of these businesses or of any."""
    rows = Mandate.objects.filter(holding(now), capacity=Capacity.LEGAL_REPRESENTATIVE)
    return _held(rows if subjects is None else rows.filter(subject_id__in=subjects))


def known(number: int, *, of: SubjectId) -> Held:
    """A mandate for this business, standing or ended. Raises `MandateUnknown`, also for another's."""
    if found := _held(Mandate.objects.filter(pk=number, subject_id=of)):
        return found[0]
    raise MandateUnknown


def mandate_for(person: PersonId, subject_id: SubjectId, now: datetime) -> Held | None:
    return next(iter(_held(Mandate.objects.filter(holding(now), person_id=person, subject_id=subject_id))), None)


def _held(rows: QuerySet[Mandate]) -> list[Held]:
    return [_of(row) for row in rows.select_related("person").order_by("id")]


def _of(row: Mandate) -> Held:
    return Held(
        number=row.pk,
        person=PersonId(row.person_id),
        name=row.person.name,
        subject_id=SubjectId(row.subject_id),
        capacity=Capacity(row.capacity),
        may=_may(row.may),
        since=row.since,
        ends_at=row.ends_at,
        under=row.under_id,
        until=row.until,
        because=Because(row.because) if row.because else None,
    )


def _may(kept: list[str]) -> tuple[May, ...]:
    return tuple(one for one in May if one in kept)


# ── invitations ──────────────────────────────────────────────────────────────────────────────────────────────────────


def invitation(number: int, now: datetime, *, of: SubjectId | None = None) -> Invited:
    """One of this business's, or of any. Raises `InvitationUnknown`."""
    row = Invitation.objects.select_related("under__person").filter(pk=number).first()
    if row is None or of not in {None, row.subject_id}:
        raise InvitationUnknown
    return _invited(row, now)


def invitations_of(subject_id: SubjectId, now: datetime) -> list[Invited]:
    """Those that can be accepted still, the newest first."""
    rows = Invitation.objects.filter(subject_id=subject_id, accepted_at__isnull=True).select_related("under__person")
    return [one for one in (_invited(row, now) for row in rows.order_by("-id")) if one.open]


def is_open(row: Invitation, now: datetime) -> bool:
    answered = row.accepted_at is not None or row.withdrawn_at is not None or row.under.until is not None
    return not answered and now < min(row.invited_at + ANSWER_WITHIN, end_of(row.until))


def _invited(row: Invitation, now: datetime) -> Invited:
    return Invited(
        number=row.pk,
        subject_id=SubjectId(row.subject_id),
        by=row.under.person.name,
        name=row.name,
        capacity=Capacity(row.capacity),
        may=_may(row.may),
        until=row.until,
        invited_at=row.invited_at,
        open=is_open(row, now),
    )


# ── doubts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def doubt(number: int) -> InDoubt:
    """Raises `DoubtUnknown`."""
    if found := _doubts(Doubt.objects.filter(pk=number)):
        return found[0]
    raise DoubtUnknown


def doubts() -> list[InDoubt]:
    """Those that wait, the oldest first, then the last that were decided."""
    waiting = _doubts(Doubt.objects.filter(decided_at__isnull=True).order_by("id"))
    return waiting + _doubts(Doubt.objects.filter(decided_at__isnull=False).order_by("-id")[:LATEST])


def doubts_about(person: PersonId) -> list[InDoubt]:
    """What is or was in doubt about one person, the newest first."""
    return _doubts(Doubt.objects.filter(person_id=person).order_by("-id"))


def _doubts(rows: QuerySet[Doubt]) -> list[InDoubt]:
    return [
        InDoubt(
            number=row.pk,
            person=PersonId(row.person_id),
            name=row.person.name,
            subject_id=SubjectId(row.subject_id),
            mandate=row.mandate_id,
            why=Why(row.why),
            fact=row.fact,
            asked_at=row.asked_at,
            decided_by=row.decided_by.name if row.decided_by else "",
            decided_at=row.decided_at,
            represents=row.represents,
            because=row.because,
        )
        for row in rows.select_related("person", "decided_by")
    ]
