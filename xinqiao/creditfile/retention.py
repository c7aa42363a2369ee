"""保存与披露期限: a fact whose term is over is told to nobody any more (条例 §19)."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from xinqiao.creditfile import standing
from xinqiao.creditfile.rules.standings import Standing
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId

CHUNK: Final = 5_000  # facts a transaction
BECAUSE: Final = "披露期限届满"
BY: Final = "platform"  # nobody decides: the day does
_OVER: Final = """
SELECT f.id FROM creditfile_fact f
WHERE f.shown_until < %s AND NOT EXISTS (
    SELECT FROM creditfile_standing s WHERE s.fact = f.id AND s.standing = 'expired')
ORDER BY f.id LIMIT %s FOR UPDATE OF f
"""


def expire(now: datetime) -> int:
    """Mark every fact whose last day was before today (Asia/Shanghai) as expired; returns how many. Run daily.

    Who tells facts looks at the day itself and does not wait for this. Outside transactions; may be interrupted.
    """
    today, count = day_of(now), 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_OVER, [today, CHUNK])
            over = [FactId(row[0]) for row in cursor.fetchall()]
            if not over:
                return count
            about = {"count": len(over), "facts": list(over), "standing": str(Standing.EXPIRED)}
            standing.write(over, Standing.EXPIRED, because=BECAUSE, by=BY, about=about, now=now)
        count += len(over)
