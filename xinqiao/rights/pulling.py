"""每日取回: what Credit China decided comes in by the same door as any delivery, in the name of that source."""

from datetime import datetime, timedelta
from typing import Final

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.rights import credit_china
from xinqiao.rights.handing_in import hand_in
from xinqiao.rights.results import ITEM

SOURCE: Final = "credit_china"
DAYS: Final = 7  # looked back each time: a night or a holiday missed is made up for, and the same file is no second one


def pull(now: datetime) -> list[DeliveryNumber]:
    """Take in what was decided on each of the last days; returns the deliveries. Outside transactions; run daily."""
    window, today = credit_china.window(), day_of(now)
    taken = []
    for day in (today - timedelta(days=back) for back in reversed(range(DAYS))):
        if made := window.decisions(day):
            rows = [one.values for one in made]
            taken.append(hand_in(source=SOURCE, item=ITEM, day=day, rows=rows, now=now))
    return taken
