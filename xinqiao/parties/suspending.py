"""暂停接入: an operator stops an institution's access at once; another than who stopped it takes it up again.

Stopping takes one, since harm grows meanwhile; nothing that was agreed or granted ends by it. While it lasts no
agreement of the institution is in force (`queries.agreement_held`), so that every door is shut by the one rule.
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from xinqiao.database import statements
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import operators, queries
from xinqiao.parties.errors import (
    AlreadySuspended,
    FourEyes,
    NotSuspended,
    ReasonMissing,
    ScopeInvalid,
)
from xinqiao.parties.models import Suspension
from xinqiao.parties.queries import SuspensionView

REASON_MIN, REASON_MAX = 4, 500  # characters
RAN_OUT: Final = "期限已到"


@transaction.atomic
def suspend(
    institution: str, *, ground: str, until: date | None = None, by: PersonId, today: date, now: datetime
) -> SuspensionView:
    """Stop an institution's access with this commit, to the end of `until` or until it is taken up again.

    Whoever is being told something at this moment is waited for. Raises `UnknownInstitution`, `NotAnOperator`,
    `ReasonMissing`, `ScopeInvalid` for a last day that is past, `AlreadySuspended`.
    """
    named = queries.institution(institution).id
    operators.required(by, now)
    if until is not None and until < today:
        raise ScopeInvalid(Saying("暂停的最后一天已经过去"))
    statements.row(queries.IN_LINE_TO_END, named)
    for row in Suspension.objects.filter(institution_id=named, ended_at__isnull=True):
        if queries.suspension_of(named, today) is not None:
            raise AlreadySuspended
        _end(row, None, RAN_OUT, now)  # the night that would have written it down has not come yet
    said = Suspension(institution_id=named, ground=_reason(ground), until=until, suspended_by_id=by, suspended_at=now)
    _written(said, Kind.ACCESS_SUSPENDED, now)
    return queries.suspensions_of(named)[0]


@transaction.atomic
def resume(institution: str, *, because: str, by: PersonId, today: date, now: datetime) -> SuspensionView:
    """Take access up again; by another operator than who suspended it.

    Raises `UnknownInstitution`, `NotAnOperator`, `NotSuspended`, `ReasonMissing`, `FourEyes`.
    """
    named = queries.institution(institution).id
    operators.required(by, now)
    statements.row(queries.IN_LINE_TO_END, named)
    row = Suspension.objects.filter(institution_id=named, ended_at__isnull=True).first()
    if row is None or queries.suspension_of(named, today) is None:
        raise NotSuspended
    if row.suspended_by_id == by:
        raise FourEyes(Saying("暂停接入的人不能自己恢复，要由另一位运营人员办理"))
    _end(row, by, _reason(because), now)
    return queries.suspensions_of(named)[0]


def end_lapsed(*, today: date, now: datetime) -> int:
    """Write down those whose last day is past, which have stopped nothing since; returns how many. Nightly."""
    over = Suspension.objects.filter(ended_at__isnull=True, until__lt=today).order_by("id")
    return sum(_lapsed(number, now) for number in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _lapsed(number: int, now: datetime) -> bool:
    row = Suspension.objects.select_for_update().get(pk=number)
    if row.ended_at is not None:
        return False
    _end(row, None, RAN_OUT, now)
    return True


def _reason(text: str) -> str:
    said = text.strip()
    if not REASON_MIN <= len(said) <= REASON_MAX:
        raise ReasonMissing(Saying("请写 {least} 到 {most} 个字", least=REASON_MIN, most=REASON_MAX))
    return said


def _end(row: Suspension, by: PersonId | None, because: str, now: datetime) -> None:
    row.ended_by_id, row.ended_at, row.ended_because = by, now, because
    _written(row, Kind.ACCESS_RESUMED, now)


def _written(row: Suspension, kind: Kind, now: datetime) -> None:
    row.save()
    log.append(kind, now=now, about={"suspension": row.pk, "institution": row.institution_id}, rows=[state_of(row)])
