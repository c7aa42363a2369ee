"""What comes round every night by itself: retention, and grades whose windows moved."""

import time
from typing import Final

from procrastinate import App

# The last night, however long ago within a day: a machine that is off at night does its night's work in the morning.
MADE_UP_FOR: Final = {"max_delay": 24 * 3600}
_KNOWN: Final = """
INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
SELECT %(task)s::text, %(periodic)s::text, %(night)s::bigint
WHERE NOT EXISTS (SELECT FROM procrastinate_periodic_defers WHERE task_name = %(task)s AND periodic_id = %(periodic)s)
ON CONFLICT DO NOTHING
"""


async def begin(working: App) -> None:
    """A night before anybody of this house was there to work was not missed: the first one is still to come."""
    for one in working.periodic_registry.periodic_tasks.values():
        night = round(one.croniter.get_prev(float, start_time=time.time()))
        named = {"task": one.task.name, "periodic": one.periodic_id, "night": night}
        await working.connector.execute_query_async(_KNOWN, **named)
