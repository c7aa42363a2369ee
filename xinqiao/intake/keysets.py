"""What full deliveries listed, as hashes, so that a list that suddenly loses too much is noticed before it ends facts.

Only differences are asked of them, so 64 bits a key do: among ten million keys a hash met by chance is a matter of one
in four hundred thousand, and would count one row too few as gone.
"""

import io
from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from xinqiao import store
from xinqiao.catalogue.schema import Item
from xinqiao.intake.models import Delivery, KeySet
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of

Hashes = npt.NDArray[np.uint64]
EVERYTHING: Final = ""  # the scope of an item whose full deliveries speak of all there is


def listed(item: Item, key: tuple[str, ...], frames: Iterable[pl.DataFrame]) -> dict[str, Hashes]:
    """The hashes of all keys by scope, each sorted and without repetition."""
    found: dict[str, list[Hashes]] = defaultdict(list)
    within = item.delivery.full_within
    for frame in frames:
        texts = [pl.col(name).cast(pl.String).fill_null("\x00") for name in key]
        scope = pl.lit(EVERYTHING) if within is None else pl.col(within).cast(pl.String).fill_null(EVERYTHING)
        rows = frame.select(scope.alias("scope"), pl.concat_str(texts, separator="\x1f").alias("key"))
        for (name,), part in rows.group_by("scope"):
            found[str(name)].append(_hashes(part["key"]))
    return {scope: np.unique(np.concatenate(parts)) for scope, parts in found.items()}


def _hashes(keys: pl.Series) -> Hashes:
    return np.array([int.from_bytes(blake2b(k.encode(), digest_size=8).digest()) for k in keys], np.uint64)


def gone(source: str, item: Item, now_listed: dict[str, Hashes]) -> tuple[int, int]:
    """How many keys the last full deliveries listed in these scopes, and how many of them are not listed any more.

    Without a scope the whole list is compared, so a list without a single row is found to have lost everything.
    """
    scopes = [EVERYTHING] if item.delivery.full_within is None else list(now_listed)
    before = lost = 0
    for kept in KeySet.objects.filter(source=source, item=item.item, scope__in=scopes):
        hashes = read(kept)
        before += len(hashes)
        lost += int(np.isin(hashes, now_listed.get(kept.scope, hashes[:0]), assume_unique=True, invert=True).sum())
    return before, lost


def read(kept: KeySet) -> Hashes:
    hashes: Hashes = np.load(io.BytesIO(store.read_bytes(kept.digest)), allow_pickle=False)
    return hashes


def put(hashes: Hashes) -> str:
    content = io.BytesIO()
    np.save(content, hashes, allow_pickle=False)
    return store.put_bytes(content.getvalue()).digest


def adopt(delivery: Delivery, sets: dict[str, tuple[int, str]]) -> list[RowState]:
    """Make these (count and digest by scope) what the next full delivery is compared with. In the act's transaction."""
    states = []
    for scope, (count, digest) in sorted(sets.items()):
        row, _ = KeySet.objects.update_or_create(
            source=delivery.source,
            item=delivery.item,
            scope=scope,
            defaults={"delivery": delivery, "count": count, "digest": digest},
        )
        states.append(state_of(row))
    return states
