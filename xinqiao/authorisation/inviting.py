"""邀请代办: the representative lets somebody else act for the business, in some things, for a term.

An invitation is a code the representative hands on. Whoever opens it has signed on with the real name it names; from
then on a mandate stands under the representative's own, and ends with it.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from xinqiao.authorisation import mandate_queries, mandates
from xinqiao.authorisation.capacities import DELEGATED, Because, Capacity, May, scope
from xinqiao.authorisation.errors import (
    CeilingExceeded,
    MandateUnknown,
    NotLive,
    RangeInvalid,
    ScopeInvalid,
)
from xinqiao.authorisation.mandate_queries import Invited
from xinqiao.authorisation.models import Invitation, Mandate
from xinqiao.kernel.city_time import day_of, end_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log, recording
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import invitations, limits
from xinqiao.parties.limits import Limit
from xinqiao.parties.people_errors import InvitationUnknown
from xinqiao.parties.rules import Shown

LONGEST: Final = timedelta(days=366)  # who helps is looked at anew once a year
LONGEST_NAME: Final = 60
MOST_OPEN: Final = 10
CODES: Final = "delegate-invitation"
TRIES: Final = Limit("delegate-invitations", 10, timedelta(days=1))
T = TypeVar("T")


def invite(
    *,
    subject_id: SubjectId,
    name: str,
    capacity: Capacity,
    may: Collection[May],
    until: date,
    by: PersonId,
    confirmed: Shown | None = None,
    now: datetime,
) -> Invited:
    """Ask somebody by real name; nothing is let until they accept. `confirmed`: how the representative showed just
    before who they are. Raises `SignerNotAuthorised`, `ScopeInvalid`, `RangeInvalid`, `CeilingExceeded`."""

    def act() -> Invited:
        mandate = mandates.held_for(by, subject_id, May.DELEGATE, now)
        _check(name, capacity, until, now)
        if len(mandate_queries.invitations_of(subject_id, now)) >= MOST_OPEN:
            raise ScopeInvalid(Saying("还有 {most} 个邀请没有答复，先等一等或收回几个", most=MOST_OPEN))
        row = Invitation.objects.create(
            subject_id=subject_id,
            under=mandate,
            name=name.strip(),
            capacity=capacity,
            may=sorted(scope(capacity, may)),
            until=until,
            invited_at=now,
        )
        _say(Kind.DELEGATE_INVITED, row, by, now, None if confirmed is None else confirmed.method)
        return mandate_queries.invitation(row.pk, now)

    return _on_the_record(act, by, now)


def _check(name: str, capacity: Capacity, until: date, now: datetime) -> None:
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise ScopeInvalid(Saying("请写他的真实姓名，和他登录时的一致"))
    if capacity not in DELEGATED:
        raise ScopeInvalid(Saying("请选择他是经办人还是会计"))
    if until < day_of(now):
        raise RangeInvalid(Saying("到期日已经过去"))
    if until > day_of(now + LONGEST):
        raise CeilingExceeded(Saying("最长一年，到期可以再邀请"))


def code_of(number: int) -> str:
    """The code that leads to the invitation; nobody else can make it up."""
    return invitations.code_of(CODES, number)


def invited(code: str, now: datetime) -> Invited:
    """The invitation behind a code. Raises `InvitationUnknown`."""
    number = invitations.number_of(CODES, code)
    if number is None:
        raise InvitationUnknown
    return mandate_queries.invitation(number, now)


def accept(code: str, *, by: PersonId, now: datetime) -> int:
    """Act for the business from now on; returns the mandate's number.

    Raises `InvitationUnknown`, `SignOnFirst` for whoever has no vouched name, `NotInvited` for another name, `NotLive`
    for what was withdrawn, answered or left too long, `AlreadyMandated`, `TooOften`.
    """
    number = invited(code, now).number
    limits.count(TRIES, f"{number}\n{by}", now=now)

    def act() -> int:
        row = Invitation.objects.select_for_update(of=("self",)).select_related("under").get(pk=number)
        under = Mandate.objects.select_for_update(no_key=True).get(pk=row.under_id)  # its end waits, or has happened
        if not mandate_queries.is_open(row, now) or under.until is not None:
            raise NotLive(Saying("这个邀请已经用过、收回或过期，请对方再发一个"))
        invitations.check_name(row.name, by)
        row.mandate_id = mandates.give(
            person=by,
            subject_id=SubjectId(row.subject_id),
            capacity=Capacity(row.capacity),
            may=[May(one) for one in row.may],
            ends_at=end_of(row.until),
            under=row.under_id,
            now=now,
        )
        row.accepted_at = now
        row.save(update_fields=["mandate", "accepted_at"])
        mandates.take_desk(by, now)
        _say(Kind.DELEGATE_ACCEPTED, row, by, now)
        return row.mandate_id

    return _on_the_record(act, by, now)


def withdraw(number: int, *, by: PersonId, now: datetime) -> None:
    """Take an invitation back that nobody accepted. Raises `InvitationUnknown`, `SignerNotAuthorised`, `NotLive`."""

    def act() -> None:
        row = Invitation.objects.select_for_update(of=("self",)).select_related("under").filter(pk=number).first()
        if row is None:
            raise InvitationUnknown
        mandates.held_for(by, SubjectId(row.subject_id), May.DELEGATE, now)
        if not mandate_queries.is_open(row, now):
            raise NotLive
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        _say(Kind.INVITATION_WITHDRAWN, row, by, now)

    _on_the_record(act, by, now)


def end(number: int, *, of: SubjectId, by: PersonId, now: datetime) -> None:
    """The representative ends what somebody was given, or they lay it down themselves; from this commit on.

    Raises `MandateUnknown` (also for another business's, and for a representative's own), `SignerNotAuthorised`.
    """

    def act() -> None:
        row = Mandate.objects.filter(pk=number, subject_id=of, until__isnull=True, capacity__in=DELEGATED).first()
        if row is None:
            raise MandateUnknown
        if row.person_id != by:
            mandates.held_for(by, of, May.DELEGATE, now)
        because = Because.RESIGNED if row.person_id == by else Because.ENDED
        mandates.end_one(number, because=because, now=now)

    _on_the_record(act, by, now)


def _say(kind: Kind, row: Invitation, by: PersonId, now: datetime, confirmed: str | None = None) -> None:
    about = {"invitation": row.pk, "subject": row.subject_id, "by": by, "mandate": row.mandate_id}
    log.append(kind, now=now, about=about | ({"confirmed": confirmed} if confirmed else {}), rows=[state_of(row)])


def _on_the_record(act: Callable[[], T], by: PersonId, now: datetime) -> T:
    return recording.on_the_record(act, Kind.MANDATE_REFUSED, by=by, now=now)
