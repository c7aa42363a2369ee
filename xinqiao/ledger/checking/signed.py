"""What was signed: checkpoints and cosignatures, each against its seal, the one before it, and the tree grown again."""

from collections import deque
from collections.abc import Callable, Mapping, Set
from typing import Any, Final

from xinqiao.ledger import identity, seals
from xinqiao.ledger.checking.report import CheckReport, What
from xinqiao.ledger.covering import stream
from xinqiao.ledger.digests import moment_in_sql
from xinqiao_verify.notes import Checkpoint, Key, NotTrusted, open_checkpoint

# Every checkpoint is held against its keyed seal and its root; a signature takes fifty times as long, and each of these
# was made over a text the seal covers. The newest are verified as a stranger would.
SIGNATURES_VERIFIED: Final = 1_000

_AT: Final = moment_in_sql("at")
_CHECKPOINTS: Final = f"SELECT size, before, note, {_AT}, seal FROM ledger_checkpoint ORDER BY size"
_COSIGNATURES: Final = f"SELECT size, witness, before, line, {_AT}, seal FROM ledger_cosignature ORDER BY witness, size"


class Chain:
    """Rows that each name the one before, so that none can be taken out unseen.

    Of neighbours taken out together only the last is known by its size: all of the gap is named, from after the row
    that stands to the one that is missed.
    """

    def __init__(self, report: CheckReport, table: str, label: str = "") -> None:
        self._report, self._table, self._label = report, table, label
        self._possible, self._last = {0}, 0

    def link(self, size: int, before: int, *, genuine: bool) -> None:
        if not genuine:
            self._report.name(self._table, f"{self._label}{size}", What.ALTERED)
            self._possible.add(size)
        else:
            if before not in self._possible:
                self.missed(before)
            self._possible = {size}
        self._last = size

    def missed(self, size: int, detail: str = "") -> None:
        """The row of that size is not here, nor any between it and the last that is."""
        first = self._last + 1
        gap = f"{first}–{size}" if first < size else str(size)
        self._report.name(self._table, f"{self._label}{gap}", What.REMOVED, detail)

    def reaches(self, size: int) -> bool:
        """Whether the chain's last link is of this size, or may have been."""
        return size in self._possible


class Signed:
    """Meets the growing tree at every size that was signed; `outside` are sizes and roots somebody else has kept."""

    def __init__(self, report: CheckReport, outside: Mapping[int, Set[bytes]]) -> None:
        self._report, self._outside = report, dict(outside)
        self._chain = Chain(report, "ledger_checkpoint")
        self._rows = stream(_CHECKPOINTS)
        self._recent: deque[tuple[int, str]] = deque(maxlen=SIGNATURES_VERIFIED)
        self._last = 0
        self._advance()

    def at_size(self, size: int, root: Callable[[], bytes]) -> None:
        """The tree has grown to this size."""
        if self._ahead is not None and self._ahead[0] == size:
            self._checkpoint(self._ahead, root())
            self._advance()
        if size in self._outside and self._outside.pop(size) != {root()}:
            self._report.name("ledger_checkpoint", size, What.ROLLED_BACK, "外部留存的检查点是另一棵树")

    def finish(self, size: int) -> None:
        """The tree is whole: nothing signed may lie beyond it, and the newest checkpoint speaks of all of it."""
        while self._ahead is not None:
            self._chain.link(self._ahead[0], self._ahead[1], genuine=False)
            self._advance()
        if self._last != size:
            self._chain.missed(size, "缺少最新的检查点")
        for beyond in sorted(self._outside):
            self._report.name(
                "ledger_checkpoint", beyond, What.ROLLED_BACK, f"外部留存的检查点有 {beyond} 条，现只有 {size} 条"
            )
        self._signatures()

    def _checkpoint(self, row: tuple[Any, ...], root: bytes) -> None:
        size, before, note, at, seal = row
        sealed = seals.holds(seal, seals.CHECKPOINT, size, before, _instant(at), note)
        says = note.startswith(Checkpoint(identity.origin(), size, root).text)
        self._chain.link(size, before, genuine=sealed and says)
        self._recent.append((size, note))
        self._last = size

    def _advance(self) -> None:
        self._ahead: tuple[Any, ...] | None = next(self._rows, None)

    def _signatures(self) -> None:
        key = identity.key()
        named = {f.key for f in self._report.found if f.table == "ledger_checkpoint"}
        for size, note in self._recent:
            if str(size) not in named and not _opens(note, key):
                self._report.name("ledger_checkpoint", size, What.ALTERED, "签名不符")


def cosignatures(report: CheckReport, witnessed: Mapping[str, str]) -> None:
    """The witnesses' lines: none can be forged or taken out unseen. The newest of each, its witness tells us of."""
    chains: dict[str, Chain] = {}
    for size, witness, before, line, at, seal in stream(_COSIGNATURES):
        genuine = seals.holds(seal, seals.COSIGNATURE, size, witness, before, _instant(at), line)
        chain = chains.setdefault(witness, Chain(report, "ledger_cosignature", f"{witness} "))
        chain.link(size, before, genuine=genuine)
    for witness, note in witnessed.items():
        newest = _size(note)
        chain = chains.setdefault(witness, Chain(report, "ledger_cosignature", f"{witness} "))
        if 0 < newest <= report.size and not chain.reaches(newest):
            chain.missed(newest, "见证方已签署，这里没有留存")


def _size(note: str) -> int:
    """The size a checkpoint of ours speaks of; 0 for one that is not ours, which has been named already."""
    try:
        return identity.opened(note).size
    except NotTrusted:
        return 0


def _instant(at: str) -> str:
    """As entries and seals write a moment."""
    return at.replace("+00:00", "Z")


def _opens(note: str, key: Key) -> bool:
    try:
        open_checkpoint(note, key)
    except (NotTrusted, ValueError):
        return False
    return True
