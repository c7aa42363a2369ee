"""待核实: where the register alone does not say whether somebody represents a business, an operator looks and decides.

Until then nobody new may act, and whoever acts already goes on.
"""

from datetime import datetime

from django.db import transaction

from xinqiao.authorisation import mandate_queries, mandates
from xinqiao.authorisation.capacities import Because
from xinqiao.authorisation.errors import AlreadyDecided, DoubtUnknown, FourEyes, NotParty, ReasonMissing
from xinqiao.authorisation.mandate_queries import InDoubt, Why
from xinqiao.authorisation.models import Doubt
from xinqiao.kernel.ids import FactId, PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role

BECAUSE_MIN, BECAUSE_MAX = 2, 200


@transaction.atomic
def raise_(
    *,
    person: PersonId,
    subject_id: SubjectId,
    why: Why,
    fact: FactId | None = None,
    mandate: int | None = None,
    now: datetime,
) -> InDoubt:
    """Put it before an operator; what waits already about these two stays as it is."""
    row, new = Doubt.objects.get_or_create(
        person_id=person,
        subject_id=subject_id,
        decided_at=None,
        defaults={"why": why, "fact": fact, "mandate_id": mandate, "asked_at": now},
    )
    if new:
        _say(Kind.DOUBT_RAISED, row, now)
    return mandate_queries.doubt(row.pk)


@transaction.atomic
def decide(number: int, *, represents: bool, because: str, by: PersonId, now: datetime) -> InDoubt:
    """An operator has looked: the person represents the business, and may act for it from now on or goes on; or does
    not, and what mandate there is ends with what was given under it.

    Raises `DoubtUnknown`, `AlreadyDecided`, `NotParty`, `FourEyes` for one's own, `ReasonMissing`.
    """
    if parties.acting(by, Role.OPERATOR, "", now) is None:
        raise NotParty
    row = Doubt.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise DoubtUnknown
    if row.decided_at is not None:
        raise AlreadyDecided
    if row.person_id == by:
        raise FourEyes(Saying("不能核实自己的资格，请另一位运营人员办理"))
    if not BECAUSE_MIN <= len(because.strip()) <= BECAUSE_MAX:
        raise ReasonMissing
    row.decided_by_id, row.decided_at, row.represents, row.because = by, now, represents, because.strip()
    row.save()
    _say(Kind.DOUBT_DECIDED, row, now, by)
    _carry_out(row, now)
    return mandate_queries.doubt(number)


def _carry_out(row: Doubt, now: datetime) -> None:
    if row.mandate_id is not None:
        if not row.represents:
            mandates.end_one(row.mandate_id, because=Because.REPLACED, now=now)
    elif row.represents:
        person = PersonId(row.person_id)
        mandates.give(person=person, subject_id=SubjectId(row.subject_id), now=now)
        mandates.take_desk(person, now)


def _say(kind: Kind, row: Doubt, now: datetime, by: PersonId | None = None) -> None:
    about = {"doubt": row.pk, "person": row.person_id, "subject": row.subject_id, "mandate": row.mandate_id}
    log.append(kind, now=now, about=about | ({} if by is None else {"by": by}), rows=[state_of(row)])
