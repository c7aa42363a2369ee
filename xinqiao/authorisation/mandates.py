"""办理资格: which person acts for which business, and in what. It ends when the person leaves, and with it every right
to act, as does whatever that person delegated."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from xinqiao.authorisation import queries
from xinqiao.authorisation.capacities import Because, Capacity, May, scope
from xinqiao.authorisation.errors import AlreadyMandated, MandateUnknown, SignerNotAuthorised
from xinqiao.authorisation.models import Mandate
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries as parties
from xinqiao.parties import roles
from xinqiao.parties.rules import Role

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

__all__ = ["Because", "Capacity", "May", "end", "end_one", "expire", "give", "held_for", "take_desk"]


def give(
    *,
    person: PersonId,
    subject_id: SubjectId,
    capacity: Capacity = Capacity.LEGAL_REPRESENTATIVE,
    may: Collection[May] | None = None,
    ends_at: datetime | None = None,
    under: int | None = None,
    now: datetime,
) -> int:
    """Let a person act for a business from now on; returns the mandate's number. Raises `AlreadyMandated`.

    `may` narrows or widens what its capacity usually lets them do; `under` is the mandate it is given under, with which
    it ends.
    """
    try:
        with transaction.atomic():
            _close_what_ran_out(person, subject_id, now)
            row = Mandate.objects.create(
                person_id=person,
                subject_id=subject_id,
                capacity=capacity,
                may=sorted(scope(capacity, may)),
                since=now,
                ends_at=ends_at,
                under_id=under,
            )
            about = {"mandate": row.pk, "person": person, "subject": subject_id}
            log.append(Kind.MANDATE_GIVEN, now=now, about=about, rows=[state_of(row)])
            return row.pk
    except IntegrityError as error:
        if "authorisation_mandate_once" in str(error):
            raise AlreadyMandated from error
        raise


def take_desk(person: PersonId, now: datetime) -> None:
    """Whoever acts for a business has its pages."""
    if not parties.acts_as(person, Role.BUSINESS, "", now):
        roles.give(person=person, role=Role.BUSINESS, now=now)


@transaction.atomic
def end(*, person: PersonId, subject_id: SubjectId, because: Because = Because.LEFT, now: datetime) -> None:
    """The person has left. What was granted before stands until the business revokes it. Raises `MandateUnknown`."""
    row = _locked().filter(person_id=person, subject_id=subject_id).first()
    if row is None:
        raise MandateUnknown
    end_one(row.pk, because=because, now=now)


@transaction.atomic
def end_one(number: int, *, because: Because, now: datetime) -> bool:
    """End one mandate, and those given under it; returns whether it was one that had not ended."""
    row = _locked().filter(pk=number).first()
    if row is None:
        return False
    row.until, row.because = now, because
    row.save(update_fields=["until", "because"])
    about: dict[str, JsonValue] = {"mandate": row.pk, "person": row.person_id, "subject": row.subject_id}
    log.append(Kind.MANDATE_ENDED, now=now, about=about | {"because": because}, rows=[state_of(row)])
    for below in Mandate.objects.filter(under=row, until__isnull=True).order_by("id").values_list("pk", flat=True):
        end_one(below, because=Because.WITH_IT, now=now)
    return True


def expire(now: datetime) -> int:
    """Write down which mandates' terms are over: they let nobody do anything since; returns how many."""
    over = Mandate.objects.filter(until__isnull=True, ends_at__lte=now).order_by("id").values_list("pk", flat=True)
    return sum(end_one(number, because=Because.EXPIRED, now=now) for number in list(over))


def held_for(by: PersonId, subject_id: SubjectId, what: May, now: datetime) -> Mandate:
    """The mandate the person acts under, held until the transaction ends: leaving waits, or has happened.

    Raises `SignerNotAuthorised`, which says so to whoever acts for the business, but not in this.
    """
    rows = Mandate.objects.select_for_update(no_key=True).filter(queries.holding(now), until__isnull=True)
    row = rows.filter(person_id=by, subject_id=subject_id).first()
    if row is None:
        raise SignerNotAuthorised
    if what not in row.may:
        raise SignerNotAuthorised(Saying("您的办理资格不包括这一项，请法定代表人（经营者）办理，或请他加上"))
    return row


def _locked() -> QuerySet[Mandate]:
    return Mandate.objects.select_for_update().filter(until__isnull=True)


def _close_what_ran_out(person: PersonId, subject_id: SubjectId, now: datetime) -> None:
    over = Mandate.objects.filter(person_id=person, subject_id=subject_id, until__isnull=True, ends_at__lte=now)
    for number in over.values_list("pk", flat=True):
        end_one(number, because=Because.EXPIRED, now=now)
