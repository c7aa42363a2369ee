"""The mathematics of a log that only grows: Merkle trees as RFC 6962 defines them.

A hash is 32 bytes (SHA-256). A tree of no leaves has the hash of nothing as its root.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"  # RFC 6962 §2.1: a leaf can never be passed off as a node
PAIR = 64  # bytes of two hashes


def leaf_hash(entry: bytes) -> bytes:
    return sha256(LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()


def paired(level: bytes) -> bytes:
    """The nodes over a row of hashes, both without gaps; an odd one out at the end has none."""
    pairs = range(0, len(level) // PAIR * PAIR, PAIR)
    return b"".join([sha256(NODE + level[at : at + PAIR]).digest() for at in pairs])


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (at least 2)."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, level by level; an odd one out rises unchanged, as the recursive definition has it."""
    if not leaves:
        return sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) & ~1 :]
    return level[0]


Subtree = Callable[[int, int], bytes]
"""Root of the leaves from a (included) to b (excluded), however the holder of the log keeps them."""


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves (RFC 6962 §2.1.1), nearest sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(subtree(middle, high))
            high = middle
        else:
            path.append(subtree(low, middle))
            low = middle
    return path[::-1]


def consistency_proof(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """That the tree of `old` leaves is a beginning of the tree of `size` (RFC 6962 §2.1.2)."""
    if not 0 < old <= size:
        raise ValueError(f"no tree of {old} before {size}")
    path: list[bytes] = []
    low, high, whole = 0, size, True
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(subtree(middle, high))
            high = middle
        else:
            path.append(subtree(low, middle))
            low, whole = middle, False
    if not whole:
        path.append(subtree(low, high))
    return path[::-1]


def over(leaves: Sequence[bytes]) -> Subtree:
    """Subtree roots of leaf hashes held in memory."""
    return lambda low, high: root(leaves[low:high])


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `path` leads from the leaf to the expected root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and result == expected


def grown(old: int, size: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the log of `size` begins with the log of `old` (RFC 9162 §2.1.4.2)."""
    if old == size:
        return not path and old_root == new_root
    if not 0 < old < size or not path:
        return False
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    steps = list(path)
    first = second = old_root if not node else steps.pop(0)
    for sibling in steps:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
