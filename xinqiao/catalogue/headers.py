"""How two column names are compared: after width folding, without blanks, letters raised."""

import unicodedata


def folded(header: str) -> str:
    """The form in which column names are equal: `代码_1（统一社会信用代码）` and its half-width twin are one."""
    return "".join(unicodedata.normalize("NFKC", header).split()).upper()
