"""An address as a QR code for paper: SVG attributes only, so that the strict content policy needs no exception."""

from dataclasses import dataclass
from typing import Final

import segno

QUIET: Final = 4  # modules of white around it (ISO/IEC 18004 §9.1)


@dataclass(frozen=True, slots=True)
class Square:
    """`path` draws the dark modules in a square of `side`, its white border included."""

    side: int
    path: str


def of(address: str) -> Square:
    """Readable with 15 % of it smudged (level M), as paper gets."""
    rows = [[bool(module) for module in row] for row in segno.make_qr(address, error="m").matrix]
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return Square(len(rows) + 2 * QUIET, path)
