"""The platform decides: the line was wrong, and everybody who was told it hears so; or it stands, with what the
business says of it beside it.

Nobody here writes a value. Where the source has delivered another row in its place, that is the correction; where not,
the line is taken out until it does.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from xinqiao import work
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrections
from xinqiao.disclosure.corrections import Outcome, Wrong
from xinqiao.kernel.ids import FactId, PersonId, ReceiptNumber, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.rights import carrying, keeping, objections, queries
from xinqiao.rights.errors import NotParty, WrongState
from xinqiao.rights.models import Objection
from xinqiao.rights.queries import ObjectionView
from xinqiao.rights.refusing import on_the_record
from xinqiao.rights.rules.objections import Act, State

GROUND: Final = "河南省社会信用条例第四十一条"
BECAUSE_UPHELD: Final = "异议成立"
BECAUSE_REJECTED: Final = "异议不成立"


def uphold(
    number: int, *, because: str, by: PersonId, newer_is_right: bool = True, now: datetime
) -> tuple[ObjectionView, list[ReceiptNumber]]:
    """The business was right. The line goes, and every institution that was told it is told that; their new receipts.

    `newer_is_right` says of a row the source has sent in its place meanwhile that it is the correction; without it that
    goes too. Not inside another transaction. Raises `NotFound`, `NotParty`, `WordsInvalid`, `WrongState`.
    """
    _uphold(number, because=because, by=by, newer_is_right=newer_is_right, now=now)
    return queries.objection(number), tell_recipients(number, now=now)


@on_the_record
def _uphold(number: int, *, because: str, by: PersonId, newer_is_right: bool, now: datetime) -> None:
    row = _decided(number, Act.UPHOLD, because, by, now)
    outcome = Standing.GOOD if row.stands_on != row.fact and newer_is_right else Standing.WITHDRAWN
    objections.settle(row, outcome, because=BECAUSE_UPHELD, by=by, now=now)
    keeping.written(row, Kind.OBJECTION_UPHELD, now=now, beside=keeping.end_stop(row, now))
    work.defer("rights.tell_recipients", objection=number)  # should we not come to it ourselves


@on_the_record
def reject(number: int, *, because: str, by: PersonId, now: datetime) -> ObjectionView:
    """The line stands, and from now on the business's statement is told with it. Raises as `uphold`."""
    row = _decided(number, Act.REJECT, because, by, now)
    objections.settle(row, Standing.GOOD, because=BECAUSE_REJECTED, by=by, now=now)
    carrying.state(row, FactId(row.stands_on), now)
    keeping.written(row, Kind.OBJECTION_REJECTED, now=now, beside=keeping.end_stop(row, now))
    return queries.objection(number)


def _decided(number: int, act: Act, because: str, by: PersonId, now: datetime) -> Objection:
    row = keeping.locked(number)
    if parties.acting(by, Role.OPERATOR, "", now) is None:
        raise NotParty
    carrying.bring_up(row, now)
    keeping.move(row, act)
    row.because = keeping.words(because)
    row.ended_by_id, row.ended_at = by, now
    return row


@transaction.atomic
def tell_recipients(number: int, *, now: datetime) -> list[ReceiptNumber]:
    """Tell whoever was told the wrong line and has not heard yet; called again it tells nobody twice.

    Raises `NotFound`, and `WrongState` for an objection that was not upheld.
    """
    row = keeping.locked(number)
    if row.state != State.UPHELD:
        raise WrongState(Saying("只有异议成立才通知"))
    wrong = wrong_versions(row)
    outcome = Outcome.WITHDRAWN if FactId(row.stands_on) in wrong else Outcome.REPLACED
    said = Wrong(SubjectId(row.subject_id), tuple(wrong), outcome, "objection", GROUND)
    return corrections.tell_recipients(said, now=now)


def wrong_versions(row: Objection) -> list[FactId]:
    """What was objected to, and every later version of the line up to the one that is right, if one is."""
    later = [fact for fact in creditfile.versions(FactId(row.fact)) if row.fact <= fact <= row.stands_on]
    right = row.stands_on != row.fact and standing.of(FactId(row.stands_on)) is not Standing.WITHDRAWN
    return [fact for fact in later if not (right and fact == row.stands_on)]
