"""The tree in tiles against RFC 6962's own definition, and its layout against C2SP tlog-tiles."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.ledger import tree
from xinqiao_verify import merkle

sizes = st.integers(1, 1300)


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


LEAVES = [sha256(b"\x00" + str(n).encode()).digest() for n in range(1400)]


def grown(steps: Sequence[int]) -> dict[tree.Place, bytes]:
    """All tiles of a tree grown in these steps, each step starting from nothing but the unfinished tiles."""
    tiles: dict[tree.Place, bytes] = {}
    size = 0
    for step in steps:
        edge = {place: tiles[place] for place in tree.edge_of(size)}
        tree.grow(edge, size, LEAVES[size : size + step])
        tiles |= edge
        size += step
    return tiles


@given(st.lists(st.integers(1, 400), min_size=1, max_size=4).filter(lambda steps: sum(steps) < 1400))
def test_the_root_does_not_depend_on_how_the_log_grew(steps: list[int]) -> None:
    size = sum(steps)
    assert tree.root(grown(steps), size) == by_definition(LEAVES[:size])


@given(sizes, st.data())
def test_every_proof_from_tiles_is_the_proof_of_the_definition(size: int, data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    tiles = grown([size])
    path = tree.inclusion(tiles, index, size)
    assert merkle.included(LEAVES[index], index, size, path, by_definition(LEAVES[:size]))
    needed = {place: tiles[place] for place in tree.places_for_consistency(old, size)}
    growth = tree.consistency(needed, old, size)
    assert merkle.grown(old, size, growth, by_definition(LEAVES[:old]), by_definition(LEAVES[:size]))


@given(st.integers(1, 1 << 48), st.data())
def test_an_inclusion_proof_reads_only_tiles_above_the_leaf_and_at_the_edge(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    asked: set[tree.Place] = set()

    class Asked(dict[tree.Place, bytes]):
        def __missing__(self, place: tree.Place) -> bytes:
            asked.add(place)
            return bytes(tree.FULL)

    tree.inclusion(Asked(), index, size)
    assert asked <= {(level, i >> 8 * (level + 1)) for level in range(8) for i in (index, size)}


@given(sizes, st.integers(0, 90))
def test_a_proof_under_an_older_checkpoint_reads_the_tiles_as_they_have_grown_since(size: int, more: int) -> None:
    tiles = grown([size, more]) if more else grown([size])
    assert tree.root(tiles, size) == by_definition(LEAVES[:size])
    path = tree.inclusion(tiles, size - 1, size)
    assert merkle.included(LEAVES[size - 1], size - 1, size, path, by_definition(LEAVES[:size]))


@given(sizes)
def test_the_frontier_knows_the_root_at_every_size(size: int) -> None:
    frontier = tree.Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    assert (frontier.size, frontier.root()) == (size, by_definition(LEAVES[:size]))


def test_an_empty_log_has_the_hash_of_nothing() -> None:
    assert tree.root({}, 0) == tree.Frontier().root() == sha256(b"").digest()


def test_a_tree_of_seventy_thousand_has_the_tiles_the_specification_counts() -> None:
    """C2SP tlog-tiles, "Partial tiles": its own example."""
    assert tree.tiles_of(70_000) == {0: 274, 1: 2, 2: 1}
    widths = {level: width // tree.HASH for (level, _), width in tree.edge_of(70_000).items()}
    assert widths == {0: 112, 1: 17, 2: 1}


def test_a_tree_of_256_is_one_full_tile_and_one_hash_above_it() -> None:
    tiles = grown([256])
    assert {place: len(tile) for place, tile in tiles.items()} == {(0, 0): tree.FULL, (1, 0): tree.HASH}
    assert tiles[1, 0] == by_definition(LEAVES[:256])


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ((0, 1234067, 256), "tile/0/x001/x234/067"),
        ((0, 0, 256), "tile/0/000"),
        ((2, 999, 17), "tile/2/999.p/17"),
        ((1, 1000, 255), "tile/1/x001/000.p/255"),
    ],
)
def test_tiles_are_addressed_as_the_specification_writes_it(place: tuple[int, int, int], address: str) -> None:
    assert tree.path(*place) == address


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70), st.data())
def test_every_row_of_a_bulk_act_leads_to_the_act_s_root(rows: list[bytes], data: st.DataObject) -> None:
    ordinal = data.draw(st.integers(0, len(rows) - 1))
    path = tree.chunk_inclusion(rows, ordinal)
    assert merkle.included(merkle.leaf_hash(rows[ordinal]), ordinal, len(rows), path, tree.chunk_root(rows))


def test_an_inner_hash_cannot_pass_for_a_row_of_a_bulk_act() -> None:
    """RFC 6962 §2.1: leaves and nodes are hashed apart, so that a list of two cannot be read as a list of one."""
    rows = [bytes([1]) * 32, bytes([2]) * 32]
    inner = merkle.node_hash(merkle.leaf_hash(rows[0]), merkle.leaf_hash(rows[1]))
    assert tree.chunk_root([inner]) != tree.chunk_root(rows)
