"""Deliveries as departments send them, taken in by the verbs."""

from collections.abc import Iterable, Mapping, Sequence
from csv import writer
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Final

import polars as pl
from django.db import connection

from xinqiao import catalogue
from xinqiao.catalogue.schema import Item
from xinqiao.intake import deliveries, inspection
from xinqiao.intake.queries import DeliveryView
from xinqiao.intake.rules import headers
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.kernel.uscc import check_character, organisation_check_character
from xinqiao.ledger import checking, sequencing
from xinqiao.ledger.events import Kind

NOW: Final = datetime(2026, 7, 15, 2, 0, tzinfo=UTC)
LATER: Final = NOW + timedelta(hours=3)


def a_code(serial: int, category: str = "91") -> str:
    """A valid code that belongs to nobody, another for every serial."""
    body = f"MA{serial:06d}"
    first17 = f"{category}410402{body}{organisation_check_character(body)}"
    return first17 + check_character(first17)


def an_item(name: str) -> Item:
    return catalogue.city().item(name)


def a_row(item: str, **said: str) -> dict[str, str]:
    """A good row of the item by field name: its first case that is accepted, with what is said here."""
    good = next(case.row for case in catalogue.cases_of(catalogue.city(), item) if not case.findings)
    columns = headers.match(list(good), an_item(item)).of
    return {name: list(good.values())[number] for name, number in columns.items()} | said


def csv_of(rows: Sequence[Mapping[str, str]], *, titles: Mapping[str, str] | None = None) -> bytes:
    """Rows under their columns, as UTF-8."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = StringIO()
    out = writer(text, lineterminator="\r\n")
    out.writerow([(titles or {}).get(c, c) for c in columns])
    out.writerows([[row.get(c, "") for c in columns] for row in rows])
    return text.getvalue().encode()


def a_delivery(
    item: str,
    content: bytes,
    folder: Path,
    *,
    period: str = "",
    mode: str | None = None,
    replaces: DeliveryNumber | None = None,
    filename: str = "sent.csv",
    now: datetime = NOW,
) -> DeliveryNumber:
    """Taken in and not looked into yet."""
    path = folder / "sent"
    path.write_bytes(content)
    entry = an_item(item)
    usual = {"day": "2026-07-14", "month": "2026-06", "quarter": "2026-Q2", "year": "2025"}[entry.delivery.period]
    return deliveries.take_in(
        source=entry.sources[0],
        item=item,
        period=period or usual,
        file=path,
        filename=filename,
        mode=mode,
        replaces=replaces,
        by=None,
        now=now,
    )


def judged(item: str, content: bytes, folder: Path, **more: object) -> DeliveryView:
    """Taken in and inspected."""
    number = a_delivery(item, content, folder, **more)  # type: ignore[arg-type]
    return inspection.inspect(number, now=more.get("now", NOW))  # type: ignore[arg-type]


def businesses(folder: Path, *serials: int, now: datetime = NOW, period: str = "2026-07-01") -> list[str]:
    """Businesses the city knows, registered through the same door; returns their codes."""
    codes = [a_code(serial) for serial in serials]
    rows = [
        a_row("registration_basics", uscc=code, subject_name=f"平顶山市第{n}商贸有限公司")
        for n, code in zip(serials, codes, strict=True)
    ]
    view = judged("registration_basics", csv_of(rows), folder, mode="changes", period=period, now=now)
    assert view.accepted == len(codes), view
    return codes


def all_rows(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(list(frames))


def kinds_logged() -> list[str]:
    """The kinds of all events, in the order in which they were said."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM ledger_event ORDER BY id")
        return [kind for (kind,) in cursor.fetchall()]


def intact(*, placed: bool = False) -> list[int]:
    """The log vouches for every row; returns the events that placed rows if asked."""
    sequencing.sequence(LATER)
    report = checking.check()
    assert report.sound, report
    if not placed:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_event WHERE kind = %s", [str(Kind.ROWS_PLACED)])
        return [event for (event,) in cursor.fetchall()]
