"""What rights write into the file comes in by the same door as any delivery: a day's rows in the name of a source.

A day that has more rows than it had is handed in anew and replaces what it was.
"""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from xinqiao import catalogue
from xinqiao.intake import deliveries
from xinqiao.intake.errors import DeliveryConflict
from xinqiao.kernel.ids import DeliveryNumber


def hand_in(*, source: str, item: str, day: date, rows: Sequence[Mapping[str, str]], now: datetime) -> DeliveryNumber:
    """Rows by the item's field names. The same rows of the same day again are the same delivery."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{item}_{day.isoformat()}.csv"
        _write(file, item, rows)
        try:
            return _delivered(file, source, item, day, None, now)
        except DeliveryConflict as earlier:
            return _delivered(file, source, item, day, DeliveryNumber(earlier.number), now)


def _delivered(
    file: Path, source: str, item: str, day: date, replaces: DeliveryNumber | None, now: datetime
) -> DeliveryNumber:
    return deliveries.take_in(
        source=source,
        item=item,
        period=day.isoformat(),
        file=file,
        filename=file.name,
        replaces=replaces,
        by=None,
        now=now,
    )


def _write(file: Path, item: str, made: Sequence[Mapping[str, str]]) -> None:
    fields = catalogue.city().item(item).fields
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow([field.title for field in fields.values()])
        rows.writerows([[one.get(name, "") for name in fields] for one in made])
