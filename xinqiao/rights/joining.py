"""企业登记: who signed on with a business's licence as its representative, and is whom the register names, acts for it.

Where the register names nobody, two, or somebody written nearly the same, an operator looks first. What the register
says is compared and told to nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinqiao.authorisation import doubting, mandate_queries, mandates
from xinqiao.authorisation.mandate_queries import InDoubt, Why
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import recording
from xinqiao.ledger.events import Kind
from xinqiao.parties import identities
from xinqiao.parties.sign_on import Capacity
from xinqiao.rights import registered
from xinqiao.rights.errors import LicenceNotShown, SignerNotAuthorised
from xinqiao.rights.rules.representing import Fit
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.queries import SubjectView


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of it: a mandate, or a question an operator answers."""

    subject_id: SubjectId
    mandate: int | None
    doubt: InDoubt | None


def business(person: PersonId, now: datetime) -> SubjectView:
    """The business whose licence a person just showed as its representative.

    Raises `LicenceNotShown`, `SignerNotAuthorised` for a clerk's licence, `UnknownSubject`.
    """
    shown = identities.licence_of(person, now)
    if shown is None:
        raise LicenceNotShown(Saying("请用电子营业执照，或政务服务网的法人账号，由法定代表人（经营者）登录一次。"))
    if shown.capacity is not Capacity.REPRESENTATIVE:
        raise SignerNotAuthorised(Saying("您登录用的是办事人员的执照。请法定代表人（经营者）先登记，再邀请您代办。"))
    return subjects.known_as(shown.uscc)


def join(person: PersonId, *, now: datetime) -> Joined:
    """Act for that business, if the register names this person; else ask an operator. Raises as `business` does, and
    `AlreadyMandated`. A refusal is in the log."""
    return recording.on_the_record(lambda: _join(person, now), Kind.MANDATE_REFUSED, by=person, now=now)


@transaction.atomic
def _join(person: PersonId, now: datetime) -> Joined:
    subject_id = business(person, now).id
    fit, fact = registered.fits(person, subject_id, now)
    if fit is not Fit.SAME:
        why = Why(fit)
        return Joined(
            subject_id,
            None,
            doubting.raise_(person=person, subject_id=subject_id, why=why, fact=fact, now=now),
        )
    mandate = mandates.give(person=person, subject_id=subject_id, now=now)
    mandates.take_desk(person, now)
    _others(person, subject_id, now)
    return Joined(subject_id, mandate, None)


def _others(person: PersonId, subject_id: SubjectId, now: datetime) -> None:
    """Whoever else acts as representative is not whom the register names: an operator looks, nobody is put out."""
    for held in mandate_queries.representing([subject_id], now):
        if held.person != person:
            fit, fact = registered.fits(held.person, subject_id, now)
            why = Why.OTHER_NAME if fit is Fit.SAME else Why(fit)
            doubting.raise_(person=held.person, subject_id=subject_id, why=why, fact=fact, mandate=held.number, now=now)
