"""A source is asked about its own line, and answers. It corrects by delivering, as it always does."""

from datetime import datetime

from xinqiao.intake import queries as intake
from xinqiao.intake.errors import UnknownDelivery
from xinqiao.kernel.ids import DeliveryNumber, PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.rights import keeping, queries
from xinqiao.rights.errors import DeliveryMismatch, NotFound, NotParty, WordsInvalid
from xinqiao.rights.models import Objection
from xinqiao.rights.queries import ObjectionView
from xinqiao.rights.refusing import on_the_record
from xinqiao.rights.rules.objections import Act, Answer

LARGEST = 2**63 - 1


def pass_on(row: Objection, *, now: datetime) -> None:
    """Its source is asked from now on. Raises `WrongState`."""
    keeping.move(row, Act.ASK)
    row.asked_at = now
    keeping.written(row, Kind.OBJECTION_ASKED, now=now)


@on_the_record
def ask(number: int, *, by: PersonId, now: datetime) -> ObjectionView:
    """An operator passes on what the platform could not see for itself. Raises `NotFound`, `NotParty`, `WrongState`."""
    row = keeping.locked(number)
    if parties.acting(by, Role.OPERATOR, "", now) is None:
        raise NotParty
    pass_on(row, now=now)
    return queries.objection(number)


@on_the_record
def answer(
    number: int, *, verdict: str, text: str, delivery: int | None = None, by: PersonId, now: datetime
) -> ObjectionView:
    """What the source says of its line. `delivery` is the one that corrects it, if it has been handed in already.

    Raises `NotFound` (also for an objection to another source's line), `WrongState`, `WordsInvalid`,
    `DeliveryMismatch`.
    """
    row = keeping.locked(number)
    if row.asked_at is None or parties.acting(by, Role.PROVIDER, row.source, now) is None:
        raise NotFound
    if verdict not in set(Answer):
        raise WordsInvalid(Saying("请选择一个答复"))
    keeping.move(row, Act.ANSWER)
    row.answer, row.answer_text = Answer(verdict), keeping.words(text)
    row.answer_delivery = None if delivery is None else _own(row, delivery)
    row.answered_by_id, row.answered_at = by, now
    keeping.written(row, Kind.OBJECTION_ANSWERED, now=now)
    return queries.objection(number)


def _own(row: Objection, number: int) -> DeliveryNumber:
    """A delivery of the same item by the same source."""
    if row.answer != Answer.CORRECTED:
        raise DeliveryMismatch(Saying("只有报送了更正，才填写交付编号"))
    try:
        found = intake.delivery(DeliveryNumber(number if 0 < number <= LARGEST else 0))
    except UnknownDelivery:
        found = None
    if found is None or (found.source, found.item) != (row.source, row.item):
        raise DeliveryMismatch(Saying("请填写本单位报送这一项信息的交付编号"))
    return found.number
