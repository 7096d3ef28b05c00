"""The Merkle tree of RFC 9162 §2.1: roots and proofs of a list of hashed leaves, and how they are verified.

A tree of `size` leaves is asked for nodes by `(level, index)`: the root of the complete subtree over the 2^level leaves
from `index · 2^level` on. Where they come from (tiles, a list) is the caller's business; no more than 2·log₂(size) are
asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Nodes = Callable[[int, int], bytes]


class BadProof(ValueError):
    """A proof that does not prove what it should; the text says where it fails."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _over(0, size, nodes) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The hashes from the leaf upwards that lead from it to the root (RFC 9162 §2.1.3.1). Raises ValueError."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_over(middle, high, nodes))
            high = middle
        else:
            path.append(_over(low, middle, nodes))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The hashes that show the tree of `old` leaves to be the beginning of that of `new` (RFC 9162 §2.1.4.1).

    Raises ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"no tree of {old} leaves is the beginning of one of {new}, so that it could be proved")
    path, low, high = [], 0, new
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_over(middle, high, nodes))
            high = middle
        else:
            path.append(_over(low, middle, nodes))
            low = middle
    if low:  # else it is the old root itself, which whoever verifies has
        path.append(_over(low, high, nodes))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> None:
    """Raises BadProof unless `proof` leads from the hash of a leaf to the root (RFC 9162 §2.1.3.2)."""
    _must_be_hashes([leaf, expected_root, *proof])
    if not 0 <= index < size:
        raise BadProof(f"a tree of {size} leaves has no leaf {index}")
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise BadProof("the proof has more hashes than it should have")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise BadProof(f"the proof of {len(proof)} hashes does not reach the root")
    if found != expected_root:
        raise BadProof("the proof leads to another root")


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises BadProof unless the tree of `old` leaves is the beginning of that of `new` (RFC 9162 §2.1.4.2)."""
    _must_be_hashes([old_root, new_root, *proof])
    if not 0 < old <= new:
        raise BadProof(f"nothing shows a tree of {old} leaves to be the beginning of one of {new}")
    if old == new:
        if proof:
            raise BadProof("trees of one size need no proof")
        if old_root != new_root:
            raise BadProof(f"there are two roots of {old} leaves")
        return
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise BadProof("the proof is empty")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise BadProof("the proof has more hashes than it should have")
        if place & 1 or place == last:
            found_old, found_new = node_hash(sibling, found_old), node_hash(sibling, found_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found_new = node_hash(found_new, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise BadProof(f"the proof of {len(proof)} hashes does not reach the root")
    if found_old != old_root:
        raise BadProof("the proof leads to another old root")
    if found_new != new_root:
        raise BadProof("the proof leads to another new root")


def _over(low: int, high: int, nodes: Nodes) -> bytes:
    """The root over the leaves from `low` up to `high`, which begins where a complete subtree of its size would."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, low >> level)
    middle = low + _split(count)
    return node_hash(_over(low, middle, nodes), _over(middle, high, nodes))


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _must_be_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(each) != HASH_SIZE for each in hashes):
        raise BadProof(f"a hash has {HASH_SIZE} bytes")
