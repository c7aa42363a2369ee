"""Lists as CSV that Excel in China opens as they are, and that no cell of can become a formula."""

import csv
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run when it opens a cell of it


def safe(text: str) -> str:
    """The text as a spreadsheet shows it and does not run it; a plain number keeps its sign."""
    if text.startswith(FORMULA) and not text.lstrip("+-").replace(".", "", 1).isdigit():
        return f"'{text}"
    return text


def write(to: TextIO, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write to a stream opened with `encoding="utf-8-sig", newline=""`."""
    writer = csv.writer(to)
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
