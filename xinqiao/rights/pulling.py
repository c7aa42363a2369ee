"""每日取回: what Credit China decided comes in by the same door as any delivery, in the name of that source."""

import csv
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from xinqiao import catalogue
from xinqiao.authorisation.rules import day_of
from xinqiao.intake import deliveries
from xinqiao.intake.errors import DeliveryConflict
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.rights import credit_china
from xinqiao.rights.credit_china import Decision
from xinqiao.rights.results import ITEM

SOURCE: Final = "credit_china"
DAYS: Final = 7  # looked back each time: a night or a holiday missed is made up for, and the same file is no second one


def pull(now: datetime) -> list[DeliveryNumber]:
    """Take in what was decided on each of the last days; returns the deliveries. Outside transactions; run daily."""
    window, today = credit_china.window(), day_of(now)
    taken = []
    for day in (today - timedelta(days=back) for back in reversed(range(DAYS))):
        if made := window.decisions(day):
            taken.append(_take_in(day, made, now))
    return taken


def _take_in(day: date, made: Sequence[Decision], now: datetime) -> DeliveryNumber:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"credit_repair_{day.isoformat()}.csv"
        _write(file, made)
        try:
            return _delivered(file, day, None, now)
        except DeliveryConflict as earlier:  # more was decided on that day since
            return _delivered(file, day, DeliveryNumber(earlier.number), now)


def _delivered(file: Path, day: date, replaces: DeliveryNumber | None, now: datetime) -> DeliveryNumber:
    return deliveries.take_in(
        source=SOURCE,
        item=ITEM,
        period=day.isoformat(),
        file=file,
        filename=file.name,
        replaces=replaces,
        by=None,
        now=now,
    )


def _write(file: Path, made: Sequence[Decision]) -> None:
    fields = catalogue.city().item(ITEM).fields
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow([field.title for field in fields.values()])
        rows.writerows([[one.values.get(name, "") for name in fields] for one in made])
