"""Invented rows for the figures of validation."""

import numpy as np
from hypothesis import strategies as st

from xinqiao.validation.arrays import Flags, Floats

# Few distinct risks, so that ties are the rule.
ROWS = st.lists(st.tuples(st.integers(0, 8).map(float), st.booleans()), min_size=2, max_size=60)
BOTH_CLASSES = ROWS.filter(lambda rows: len({bad for _, bad in rows}) == 2)


def apart(rows: list[tuple[float, bool]]) -> tuple[Floats, Flags]:
    risk, bad = zip(*rows, strict=True)
    return np.array(risk), np.array(bad)


def a_portfolio(size: int = 3_000) -> tuple[Floats, Flags]:
    """Probabilities rounded to hundredths, and outcomes that follow them."""
    random = np.random.default_rng(7)
    said = random.beta(1.5, 8, size).round(2)
    return said, random.random(size) < said
