"""What the figures take: refused here once, so that no figure is reckoned from rows that do not belong together."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]


def floats(values: npt.ArrayLike) -> Floats:
    """One number a row, none of them missing."""
    found = _row(values, np.float64)
    if np.isnan(found).any():
        raise ValueError("a value is missing: leave the row out and count it, or give it a bin of its own")
    return found


def flags(values: npt.ArrayLike) -> Flags:
    """One yes or no a row; 0 and 1 will do, anything else will not."""
    found = _row(values, np.float64)
    if not np.isin(found, (0.0, 1.0)).all():
        raise ValueError("an outcome is neither yes nor no")
    return found.astype(np.bool_)


def paired(risk: npt.ArrayLike, bad: npt.ArrayLike) -> tuple[Floats, Flags]:
    """Risk and outcome of the same rows."""
    left, right = floats(risk), flags(bad)
    if len(left) != len(right):
        raise ValueError(f"{len(left)} risks for {len(right)} outcomes")
    return left, right


def _row(values: npt.ArrayLike, kind: type[Any]) -> npt.NDArray[Any]:
    found = np.asarray(values, dtype=kind)
    if found.ndim != 1:
        raise ValueError(f"one value a row, not {found.ndim} dimensions")
    return found
