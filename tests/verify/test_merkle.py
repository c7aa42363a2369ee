"""The log's mathematics against RFC 6962's own definition and its published examples."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao_verify import merkle

# The eight entries and the roots of the first one to eight of them that the reference logs of RFC 6962 are tested with.
ENTRIES = [
    bytes.fromhex(h)
    for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(e) for e in ENTRIES]

logs = st.integers(1, 70)


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


def some(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(i).encode()) for i in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots_come_out(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_an_empty_log_has_the_hash_of_nothing() -> None:
    assert merkle.root([]) == sha256(b"").digest()


@given(logs)
def test_the_root_is_the_recursive_definition(size: int) -> None:
    assert merkle.root(some(size)) == by_definition(some(size))


@given(logs, st.data())
def test_every_entry_can_be_proven_and_only_in_its_place(size: int, data: st.DataObject) -> None:
    leaves = some(size)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(index, size, merkle.over(leaves))
    root = merkle.root(leaves)
    assert merkle.included(leaves[index], index, size, path, root)
    assert not merkle.included(merkle.leaf_hash(b"another"), index, size, path, root)
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert not merkle.included(leaves[index], other, size, path, root)


@given(logs, st.data())
def test_a_log_can_prove_that_it_has_only_grown(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    leaves = some(size)
    path = merkle.consistency_proof(old, size, merkle.over(leaves))
    before, after = merkle.root(leaves[:old]), merkle.root(leaves)
    assert merkle.grown(old, size, path, before, after)
    rewritten = [merkle.leaf_hash(b"rewritten"), *leaves[1:]]
    assert not merkle.grown(old, size, path, merkle.root(rewritten[:old]), after) or size == 0


@given(st.integers(2, 70), st.data())
def test_a_proof_with_a_step_more_or_less_proves_nothing(size: int, data: st.DataObject) -> None:
    leaves = some(size)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(index, size, merkle.over(leaves))
    root = merkle.root(leaves)
    assert not merkle.included(leaves[index], index, size, path[:-1], root)
    assert not merkle.included(leaves[index], index, size, [*path, leaves[0]], root)
