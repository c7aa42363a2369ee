"""While somebody tests, appraises or reviews, the clocks of an objection stand: that time is not counted (条例 §41)."""

from datetime import datetime

from django.db import transaction

from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.rights import keeping, queries
from xinqiao.rights.errors import NotParty, WordsInvalid, WrongState
from xinqiao.rights.models import Objection, Stop
from xinqiao.rights.queries import ObjectionView
from xinqiao.rights.rules.objections import OPEN, Ground


@transaction.atomic
def pause(number: int, *, ground: str, note: str, by: PersonId, now: datetime) -> ObjectionView:
    """Stop the clocks, for one of the law's reasons and no other. Raises as `resume`, and `WordsInvalid`."""
    row = _open(number, by, now)
    if ground not in set(Ground):
        raise WordsInvalid(Saying("请选择暂停计时的理由"))
    if Stop.objects.filter(objection=row, until__isnull=True).exists():
        raise WrongState(Saying("计时已经暂停"))
    stop = Stop.objects.create(objection=row, ground=Ground(ground), note=keeping.words(note), since=now)
    keeping.written(row, Kind.OBJECTION_PAUSED, now=now, beside=(state_of(stop),))
    return queries.objection(number)


@transaction.atomic
def resume(number: int, *, by: PersonId, now: datetime) -> ObjectionView:
    """Let them run again. Raises `NotFound`, `NotParty`, `WrongState`."""
    row = _open(number, by, now)
    ended = keeping.end_stop(row, now)
    if not ended:
        raise WrongState(Saying("计时没有暂停"))
    keeping.written(row, Kind.OBJECTION_RESUMED, now=now, beside=ended)
    return queries.objection(number)


def _open(number: int, by: PersonId, now: datetime) -> Objection:
    row = keeping.locked(number)
    if parties.acting(by, Role.OPERATOR, "", now) is None:
        raise NotParty
    if row.state not in OPEN:
        raise WrongState(Saying("它已经办结"))
    return row
