"""到期: a grant ends by itself with its last day; both sides are told so the night after, and it opened nothing since.

The clock decides whether a grant holds (`rules.state`), at every question. This only writes down that it ended.
"""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from xinqiao.authorisation import queries, steps
from xinqiao.authorisation.models import Grant
from xinqiao.authorisation.rules import State
from xinqiao.kernel.ids import GrantId
from xinqiao.ledger.events import Kind

_ENDED: Final = """
SELECT g.id FROM authorisation_grant g
 WHERE g.ends_at <= %s AND g.revoked_at IS NULL AND g.declined_at IS NULL
   AND NOT EXISTS (SELECT FROM authorisation_step s WHERE s.grant_id = g.id AND s.step = 'expired')
 ORDER BY g.id
"""


def expire(now: datetime) -> int:
    """Write down every grant, and every question nobody answered, whose time is over; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, [now])
        ended = [GrantId(number) for (number,) in cursor.fetchall()]
    return sum(_expired(number, now) for number in ended)


@transaction.atomic
def _expired(number: GrantId, now: datetime) -> bool:
    row = Grant.objects.select_for_update(no_key=True, of=("self",)).get(pk=number)
    if queries.known(number).state(now) is not State.EXPIRED:
        return False  # used up before it ended, which was told then
    steps.take(Kind.GRANT_EXPIRED, row, by="", now=now)
    return True
