"""The tree, grown again from the entries and held against the stored tiles and the signed checkpoints."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from xinqiao.ledger import queries, tree
from xinqiao.ledger.checking.report import CheckReport, What
from xinqiao.ledger.covering import stream

_UNKNOWN: Final = sha256(b"nobody knows this leaf").digest()


class Growing:
    """Leaves come one by one; each full tile, and each size somebody signed, is compared as it is reached.

    A leaf that cannot be computed, since its entry was altered, comes as None: the tile's word stands in for it, so
    that one altered entry is named once and not again as tiles and checkpoints.
    """

    def __init__(self, report: CheckReport, at_size: Callable[[int, Callable[[], bytes]], None]) -> None:
        self._report, self._at_size = report, at_size
        self._frontier = tree.Frontier()
        self._edge: dict[tree.Place, bytes] = {}
        self._block: list[bytes | None] = []
        self._lost = False

    def add(self, leaf: bytes | None) -> None:
        self._block.append(leaf)
        if len(self._block) == tree.WIDTH:
            self._take_block()

    def lose(self) -> None:
        """A hole too large to bridge: nothing after it can be compared."""
        self._lost = True

    def finish(self) -> None:
        """Compare what is unfinished, and name tiles that should not be there."""
        if self._lost:
            self._report.name("ledger_tile", "*", What.UNREADABLE, "位次缺失太多，无法重算")
            return
        if self._block:
            self._take_block()
        for place, expected in self._edge.items():
            self._compare(place, expected)
        self._surplus()

    def _take_block(self) -> None:
        if self._lost:
            self._block.clear()
            return
        leaves = self._against_tile((0, self._frontier.size // tree.WIDTH))
        tree.grow(self._edge, self._frontier.size, leaves)
        for leaf in leaves:
            self._frontier.append(leaf)
            self._at_size(self._frontier.size, self._frontier.root)
        self._block.clear()
        self._compare_finished()

    def _against_tile(self, place: tree.Place) -> list[bytes]:
        """The block's leaves, those unknown filled in from the stored tile; names the tile where it is not right."""
        stored = queries.tiles([place]).get(place)
        kept = tree.hashes(stored or b"")
        leaves = [leaf or (kept[n] if n < len(kept) else _UNKNOWN) for n, leaf in enumerate(self._block)]
        self._judge(place, stored, b"".join(leaves))
        return leaves

    def _compare_finished(self) -> None:
        for place in [p for p, tile in self._edge.items() if len(tile) == tree.FULL or p[0] == 0]:
            expected = self._edge.pop(place)
            if place[0] > 0:
                self._compare(place, expected)

    def _compare(self, place: tree.Place, expected: bytes) -> None:
        self._judge(place, queries.tiles([place]).get(place), expected)

    def _judge(self, place: tree.Place, stored: bytes | None, expected: bytes) -> None:
        if stored is None:
            self._report.name("ledger_tile", _key(place), What.REMOVED)
        elif stored != expected:
            self._report.name("ledger_tile", _key(place), What.ALTERED)

    def _surplus(self) -> None:
        counts = tree.tiles_of(self._frontier.size)
        for level, index in stream("SELECT level, index FROM ledger_tile ORDER BY level, index"):
            if not 0 <= index < counts.get(level, 0):
                self._report.name("ledger_tile", _key((level, index)), What.ADDED)


def _key(place: tree.Place) -> str:
    return f"{place[0]}/{place[1]}"
