"""The log's tree as tiles (C2SP `tlog-tiles`): how it grows, and where each hash of a proof lies. Pure.

A tile of level L holds up to 256 neighbouring hashes, each the root of 256^L leaves; only full tiles have a hash one
level up. Tiles are held as `{(level, index): bytes}`, 32 bytes a hash. The mathematics of RFC 6962 itself is the
verifier's, so that the one who proves and the one who checks cannot drift apart; the tests hold both against a tree
written from the RFC alone.
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final

from xinqiao_verify import merkle

HASH: Final = 32
HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
FULL: Final = WIDTH * HASH  # bytes

Place = tuple[int, int]
"""Level and index of a tile."""
Tiles = Mapping[Place, bytes]


def grow(edge: MutableMapping[Place, bytes], size: int, leaves: Sequence[bytes]) -> None:
    """Add leaves to a tree of `size`. `edge` holds its unfinished tiles (`edge_of`) and gains every tile touched."""
    level, count, fresh = 0, size, leaves
    while fresh:
        finished = []
        for index, part in _by_tile(count, fresh):
            tile = edge.get((level, index), b"") + b"".join(part)
            edge[level, index] = tile
            if len(tile) == FULL:
                finished.append(merkle.root(hashes(tile)))
        level, count, fresh = level + 1, count // WIDTH, finished


def _by_tile(count: int, fresh: Sequence[bytes]) -> Iterator[tuple[int, Sequence[bytes]]]:
    """`fresh` hashes that follow `count` others, parted by the tile they fall into."""
    at = 0
    while at < len(fresh):
        index, taken = divmod(count + at, WIDTH)
        step = min(WIDTH - taken, len(fresh) - at)
        yield index, fresh[at : at + step]
        at += step


def edge_of(size: int) -> dict[Place, int]:
    """The unfinished tiles of a tree of this size and their bytes: what growing it and computing its root takes."""
    return {(level, count // WIDTH): count % WIDTH * HASH for level, count in _levels(size) if count % WIDTH}


def root(edge: Tiles, size: int) -> bytes:
    """The root of a tree of `size` from its unfinished tiles; tiles that have grown since serve as well."""
    if size == 0:
        return sha256(b"").digest()
    return _fold([_perfect(edge, low, high) for low, high in _pieces(0, size)])


def subtree(tiles: Tiles, low: int, high: int) -> bytes:
    """The root over leaves `low` to `high` (excluded), a range RFC 6962 proofs ask for."""
    return _fold([_perfect(tiles, a, b) for a, b in _pieces(low, high)])


def places_for_consistency(old: int, size: int) -> set[Place]:
    """The tiles a consistency proof reads."""
    asked = _Asked()
    merkle.consistency_proof(old, size, asked)
    return asked.places


def inclusion(tiles: Tiles, index: int, size: int) -> list[bytes]:
    """The audit path of a leaf, from the tiles above it and those at the tree's edge: (L, i >> 8(L+1)) for i the index
    and the size."""
    return merkle.inclusion_proof(index, size, lambda low, high: subtree(tiles, low, high))


def consistency(tiles: Tiles, old: int, size: int) -> list[bytes]:
    """The proof that the log of `size` begins with the log of `old`, from the tiles `places_for_consistency` names."""
    return merkle.consistency_proof(old, size, lambda low, high: subtree(tiles, low, high))


def hashes(tile: bytes) -> list[bytes]:
    """A tile's hashes, left to right."""
    return [tile[at : at + HASH] for at in range(0, len(tile), HASH)]


class Frontier:
    """A growing tree that keeps only what its root needs: one hash for each set bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        carry, size = leaf, self.size
        while size & 1:
            carry, size = merkle.node_hash(self._peaks.pop(), carry), size >> 1
        self._peaks.append(carry)
        self.size += 1

    def root(self) -> bytes:
        return _fold(self._peaks) if self._peaks else root({}, 0)


def tiles_of(size: int) -> dict[int, int]:
    """How many tiles each level of a tree of this size has."""
    return {level: -(-count // WIDTH) for level, count in _levels(size)}


def path(level: int, index: int, width: int = WIDTH) -> str:
    """The tile's address below a log's prefix: `tile/0/x001/x234/067`, `….p/17` for a partial one (C2SP tlog-tiles)."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"


def chunk_root(leaves: Sequence[bytes]) -> bytes:
    """The RFC 6962 root of a bulk act's rows: each 32-byte row digest is an entry, hashed as a leaf."""
    return merkle.root([merkle.leaf_hash(leaf) for leaf in leaves])


def chunk_inclusion(leaves: Sequence[bytes], ordinal: int) -> list[bytes]:
    """The audit path of one row of a bulk act to the chunk's root."""
    hashed = [merkle.leaf_hash(leaf) for leaf in leaves]
    return merkle.inclusion_proof(ordinal, len(leaves), merkle.over(hashed))


class _Asked:
    """Stands in for the tiles to learn which ones a proof would read."""

    def __init__(self) -> None:
        self.places: set[Place] = set()

    def __call__(self, low: int, high: int) -> bytes:
        self.places.update(_place(a, b)[0] for a, b in _pieces(low, high))
        return b""


def _levels(size: int) -> Iterator[tuple[int, int]]:
    level = 0
    while size:
        yield level, size
        level, size = level + 1, size // WIDTH


def _pieces(low: int, high: int) -> Iterator[tuple[int, int]]:
    """Perfect subtrees that make up a range beginning at a multiple of its largest one, largest first."""
    while low < high:
        step = 1 << (high - low).bit_length() - 1
        yield low, low + step
        low += step


def _place(low: int, high: int) -> tuple[Place, int, int]:
    """The tile a perfect subtree's root is computed from, and the first and last (excluded) of its hashes."""
    level = (high - low - 1).bit_length() // HEIGHT
    first, last = low >> HEIGHT * level, high >> HEIGHT * level
    index = first // WIDTH
    return (level, index), first - index * WIDTH, last - index * WIDTH


def _perfect(tiles: Tiles, low: int, high: int) -> bytes:
    place, first, last = _place(low, high)
    height = (last - first).bit_length() - 1
    at = (first >> height) * HASH
    return _inside(tiles[place])[height][at : at + HASH]


@lru_cache(maxsize=256)  # some MB: the tiles near the root, which every proof reads, and those asked for together
def _inside(tile: bytes) -> tuple[bytes, ...]:
    """All the perfect subtrees inside a tile, by height: its hashes, their pairs, and so on as far as they go."""
    heights = [tile]
    while len(below := heights[-1]) > HASH:
        heights.append(merkle.paired(below))
    return tuple(heights)


def _fold(pieces: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees of falling size: the rightmost two join first."""
    result = pieces[-1]
    for piece in reversed(pieces[:-1]):
        result = merkle.node_hash(piece, result)
    return result
