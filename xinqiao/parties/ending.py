"""终止: either side ends an agreement on line, with its reason and its last day; both read who did, why and when.

The institution may go any day, at once too. The platform gives the notice the city's text promises, unless there was a
breach, the security of the information is at stake or the law demands it.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from xinqiao.database import statements
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import draft_queries, drafting, queries, signatures, texts
from xinqiao.parties.errors import AlreadyEnded, NotAnOperator, UnknownAgreement
from xinqiao.parties.models import Agreement, Ending
from xinqiao.parties.rules import Ground, Role, Shown, Side, earliest_end
from xinqiao.parties.signing_errors import NoticeTooShort, NotTheSignatory

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue


@transaction.atomic
def end(
    number: int,
    *,
    side: Side,
    ground: Ground,
    because: str,
    last_day: date | None,
    by: PersonId,
    shown: Shown | None,
    now: datetime,
) -> None:
    """End an agreement with `last_day` as its last day; None ends it with this commit.

    Raises `UnknownAgreement`, `NotAnOperator`, `NotTheSignatory`, `ConfirmFirst`, `AlreadyEnded`, `WordsMissing`,
    `NoticeTooShort`.
    """
    row = _in_line(number)
    _may(row, side, by, now)
    signatures.confirmed(shown, now)
    today = day_of(now)
    if row.ended_at is not None or row.until < today or draft_queries.ending_of(number) is not None:
        raise AlreadyEnded
    _check_day(side, ground, last_day, today)
    _finish(row, last_day, drafting.reason(because), now)
    ending = Ending.objects.create(
        agreement=row,
        side=side,
        person_id=by,
        ground=ground,
        because=because.strip(),
        last_day=last_day,
        ended_at=now,
    )
    about: dict[str, JsonValue] = {
        "agreement": number,
        "institution": row.institution_id,
        "side": side,
        "ground": ground,
        "last_day": None if last_day is None else last_day.isoformat(),
        "by": by,
    }
    log.append(Kind.AGREEMENT_ENDED, now=now, about=about, rows=[state_of(row), state_of(ending)])


def _in_line(number: int) -> Agreement:
    institution = Agreement.objects.filter(pk=number).values_list("institution_id", flat=True).first()
    if institution is None:
        raise UnknownAgreement
    statements.row(queries.IN_LINE_TO_END, institution)
    return Agreement.objects.select_for_update().get(pk=number)


def _may(row: Agreement, side: Side, by: PersonId, now: datetime) -> None:
    if side is Side.PLATFORM:
        if not queries.acts_as(by, Role.OPERATOR, "", now):
            raise NotAnOperator
    elif not signs(by, row.institution_id, now):
        raise NotTheSignatory


def signs(person: PersonId, institution: str, now: datetime) -> bool:
    """Whether this person is the one who last signed for the institution, and still acts for it."""
    return drafting.may_sign(person, institution, now) and draft_queries.last_signatory(institution) == person


def _check_day(side: Side, ground: Ground, last_day: date | None, today: date) -> None:
    notice = texts.current(texts.AGREEMENT).notice_days or 0
    earliest = earliest_end(side, ground, today=today, notice_days=notice)
    if (last_day or today) < earliest:
        raise NoticeTooShort(Saying("最早可以是 {day}", day=earliest.isoformat()))


def _finish(row: Agreement, last_day: date | None, because: str, now: datetime) -> None:
    """A last day brings the end of the term forward, never back; before its first day there is nothing left of it."""
    if last_day is None or last_day < row.since:
        row.ended_at = now
    else:
        row.until = min(row.until, last_day)
    row.ended_because = because
    row.save(update_fields=["ended_at", "until", "ended_because"])
