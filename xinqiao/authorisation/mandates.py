"""办理资格: which person acts for which business. It ends when the person leaves, and with it every right to act."""

from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from xinqiao.authorisation.errors import AlreadyMandated, MandateUnknown
from xinqiao.authorisation.models import Mandate
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of


class Capacity(StrEnum):
    LEGAL_REPRESENTATIVE = "legal_representative"  # 法定代表人、经营者
    AGENT = "agent"  # 授权经办人


def give(
    *, person: PersonId, subject_id: SubjectId, capacity: Capacity = Capacity.LEGAL_REPRESENTATIVE, now: datetime
) -> int:
    """Let a person act for a business from now on; returns the mandate's number. Raises `AlreadyMandated`."""
    try:
        with transaction.atomic():
            row = Mandate.objects.create(person_id=person, subject_id=subject_id, capacity=capacity, since=now)
            about = {"mandate": row.pk, "person": person, "subject": subject_id}
            log.append(Kind.MANDATE_GIVEN, now=now, about=about, rows=[state_of(row)])
            return row.pk
    except IntegrityError as error:
        if "authorisation_mandate_once" in str(error):
            raise AlreadyMandated from error
        raise


@transaction.atomic
def end(*, person: PersonId, subject_id: SubjectId, now: datetime) -> None:
    """The person has left. What was granted before stands until the business revokes it. Raises `MandateUnknown`."""
    row = (
        Mandate.objects.select_for_update().filter(person_id=person, subject_id=subject_id, until__isnull=True).first()
    )
    if row is None:
        raise MandateUnknown
    row.until = now
    row.save(update_fields=["until"])
    about = {"mandate": row.pk, "person": person, "subject": subject_id}
    log.append(Kind.MANDATE_ENDED, now=now, about=about, rows=[state_of(row)])
