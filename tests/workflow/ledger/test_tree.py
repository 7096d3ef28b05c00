"""The tree of RFC 9162: public vectors, the recursive definition at every small size, every mutation refused."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.ledger.tree import (
    EMPTY_ROOT,
    BadProof,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 130

VECTORS = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

LEAVES = [leaf_hash(str(number).encode()) for number in range(LARGEST)]


def tree_hash(leaves: list[bytes]) -> bytes:
    """The definition, word by word: MTH of RFC 9162 §2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


ALL_ROOTS = [tree_hash(LEAVES[:size]) for size in range(LARGEST + 1)]


def nodes(level: int, index: int) -> bytes:
    return tree_hash(LEAVES[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_roots_of_the_public_vectors(size: int):
    leaves = [leaf_hash(each) for each in VECTORS[:size]]
    assert (
        root(size, lambda level, index: tree_hash(leaves[index << level : (index + 1) << level])).hex() == ROOTS[size]
    )


def test_the_proofs_of_the_public_vectors():
    leaves = [leaf_hash(each) for each in VECTORS]
    expected = [
        "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    ]

    def node(level: int, index: int) -> bytes:
        return tree_hash(leaves[index << level : (index + 1) << level])

    found = inclusion_proof(0, 8, node)
    assert [base64.b64encode(each).decode() for each in found] == expected
    assert consistency_proof(1, 8, node) == found


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_root_and_proofs_of_every_small_tree(size: int):
    assert root(size, nodes) == ALL_ROOTS[size]
    for index in range(size):
        verify_inclusion(LEAVES[index], index, size, inclusion_proof(index, size, nodes), ALL_ROOTS[size])
    for old in range(1, size + 1):
        verify_consistency(old, size, consistency_proof(old, size, nodes), ALL_ROOTS[old], ALL_ROOTS[size])


sizes = st.integers(1, LARGEST)


@given(sizes, st.data())
def test_an_inclusion_proof_with_any_bit_changed_is_refused(size: int, data: st.DataObject):
    index = data.draw(st.integers(0, size - 1))
    hashes = [LEAVES[index], ALL_ROOTS[size], *inclusion_proof(index, size, nodes)]
    which = data.draw(st.integers(0, len(hashes) - 1))
    bit = data.draw(st.integers(0, 255))
    hashes[which] = (int.from_bytes(hashes[which], "big") ^ 1 << bit).to_bytes(32, "big")
    with pytest.raises(BadProof):
        verify_inclusion(hashes[0], index, size, hashes[2:], hashes[1])


@given(sizes, st.data())
def test_a_consistency_proof_with_any_bit_changed_is_refused(size: int, data: st.DataObject):
    old = data.draw(st.integers(1, size))
    hashes = [ALL_ROOTS[old], ALL_ROOTS[size], *consistency_proof(old, size, nodes)]
    which = data.draw(st.integers(0, len(hashes) - 1))
    bit = data.draw(st.integers(0, 255))
    hashes[which] = (int.from_bytes(hashes[which], "big") ^ 1 << bit).to_bytes(32, "big")
    with pytest.raises(BadProof):
        verify_consistency(old, size, hashes[2:], hashes[0], hashes[1])


@given(sizes, st.data())
def test_a_proof_longer_or_shorter_or_for_another_place_is_refused(size: int, data: st.DataObject):
    index = data.draw(st.integers(0, size - 1))
    proof, top = inclusion_proof(index, size, nodes), ALL_ROOTS[size]
    wrong = [(index, size, [*proof, LEAVES[0]]), (size, size, proof), (-1, size, proof), (index, index, proof)]
    wrong += [(index, size, proof[:-1])] if proof else []
    wrong += [(other, size, proof) for other in range(size) if other != index]
    for place, count, path in wrong:
        with pytest.raises(BadProof):
            verify_inclusion(LEAVES[index], place, count, path, top)
    old = data.draw(st.integers(1, size))
    proof = consistency_proof(old, size, nodes)
    wrong = [(old, size, [*proof, LEAVES[0]]), (0, size, proof), (size + 1, size, proof)]
    wrong += [(old, size, proof[:-1])] if proof else []
    for older, count, path in wrong:
        with pytest.raises(BadProof):
            verify_consistency(older, count, path, ALL_ROOTS[old], top)


def test_a_hash_that_has_not_32_bytes_is_refused():
    with pytest.raises(BadProof):
        verify_inclusion(LEAVES[0][:31], 0, 1, [], LEAVES[0][:31])
    with pytest.raises(BadProof):
        verify_consistency(1, 1, [], b"", b"")


def test_nothing_is_proved_of_a_leaf_or_a_tree_that_is_not_there():
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_proof(index, size, nodes)
    for old, new in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="no tree"):
            consistency_proof(old, new, nodes)
    assert root(0, nodes) == EMPTY_ROOT
