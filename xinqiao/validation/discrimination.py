"""How well a risk parts those who failed from those who did not: AUC, Gini, KS, lift.

Rows of equal risk are not parted by it: each pair of them counts half, and no threshold falls between them.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from xinqiao.validation.arrays import Counts, paired

HALF: Final = 0.5


def auc(risk: npt.ArrayLike, bad: npt.ArrayLike) -> float | None:
    """The chance that a bad row has the higher risk than a good one (Mann–Whitney U ÷ pairs); 0.5 knows nothing."""
    bads, goods = _by_risk(risk, bad)
    if not bads.sum() or not goods.sum():
        return None
    below = np.cumsum(goods) - goods
    return float((bads * (below + HALF * goods)).sum() / (bads.sum() * goods.sum()))


def gini(risk: npt.ArrayLike, bad: npt.ArrayLike) -> float | None:
    """2 × AUC − 1: 0 knows nothing, 1 parts them all, below 0 the risk points the wrong way."""
    area = auc(risk, bad)
    return None if area is None else 2 * area - 1


def ks(risk: npt.ArrayLike, bad: npt.ArrayLike) -> float | None:
    """Kolmogorov–Smirnov: the widest gap between the shares of bad and of good rows at or below one risk, 0 to 1."""
    bads, goods = _by_risk(risk, bad)
    if not bads.sum() or not goods.sum():
        return None
    return float(np.abs(np.cumsum(bads) / bads.sum() - np.cumsum(goods) / goods.sum()).max())


def lift(risk: npt.ArrayLike, bad: npt.ArrayLike, *, share: float) -> float | None:
    """The bad rate among the riskiest `share` (0 to 1] of rows ÷ that of all; None where nothing is bad.

    Where the cut goes through rows of equal risk, each of them counts for the part that is inside.
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share of rows lies in (0, 1], not at {share}")
    bads, goods = (counts[::-1] for counts in _by_risk(risk, bad))
    if not bads.sum():
        return None
    rows = bads + goods
    wanted = share * rows.sum()
    inside = np.clip((wanted - (np.cumsum(rows) - rows)) / rows, 0, 1)
    return float((inside * bads).sum() / wanted / (bads.sum() / rows.sum()))


def _by_risk(risk: npt.ArrayLike, bad: npt.ArrayLike) -> tuple[Counts, Counts]:
    """Bad and good rows at each distinct risk, from the lowest."""
    values, outcomes = paired(risk, bad)
    distinct, place = np.unique(values, return_inverse=True)
    bads = np.bincount(place[outcomes], minlength=len(distinct))
    return bads, np.bincount(place, minlength=len(distinct)) - bads
