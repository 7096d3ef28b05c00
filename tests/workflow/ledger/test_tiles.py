"""Tiles: the paths of the specification, how wide they are, and the nodes that are found in them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.ledger.test_tree import tree_hash
from workflow.ledger.strict import Malformed
from workflow.ledger.tiles import WIDTH, TilePath, nodes_of, tile_root, width_of
from workflow.ledger.tree import consistency_proof, inclusion_proof, leaf_hash, root, verify_inclusion


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (TilePath(0, 0), "tile/0/000"),
        (TilePath(0, 1234067), "tile/0/x001/x234/067"),
        (TilePath(15, 123456789, 41), "tile/15/x123/x456/789.p/41"),
        (TilePath(None, 1, 1), "tile/entries/001.p/1"),
        (TilePath(0, 273, 112), "tile/0/273.p/112"),
    ],
)
def test_the_paths_of_the_specification(tile: TilePath, path: str):
    assert str(tile) == path
    assert TilePath.parse(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        *("tile/0/0", "tile/0/x000/001", "tile/00/001", "tile/64/001", "tile/-1/001", "/tile/0/001", "tile/0/001\n"),
        *("tile/0/001.p/256", "tile/0/001.p/0", "tile/0/001.p/01", "tile/0/001.p/", "tile/0/x001/2", "tile/0/٠٠١"),
        "tile/entries/x1/001",
    ],
)
def test_any_other_path_is_refused(path: str):
    with pytest.raises(Malformed):
        TilePath.parse(path)


@given(st.text())
def test_whatever_is_parsed_is_the_one_path_of_its_tile(text: str):
    for path in (text, "tile/" + text, "tile/0/" + text):
        with contextlib.suppress(Malformed):
            assert str(TilePath.parse(path)) == path


def test_a_log_of_70000_has_the_tiles_of_the_specification():
    full = [sum(1 for n in range(300) if width_of(level, n, 70_000) == WIDTH) for level in (0, 1, 2)]
    assert full == [273, 1, 0]
    assert [width_of(0, 273, 70_000), width_of(1, 1, 70_000), width_of(2, 0, 70_000)] == [112, 17, 1]
    assert width_of(0, 274, 70_000) == width_of(3, 0, 70_000) == 0


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 513, 1000, 65_537])
def test_roots_and_proofs_are_made_of_tiles(size: int):
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]
    levels, level = [leaves], leaves
    while len(level) >= WIDTH:
        level = [tile_root(b"".join(level[at : at + WIDTH])) for at in range(0, len(level) // WIDTH * WIDTH, WIDTH)]
        levels.append(level)
    read: set[tuple[int, int]] = set()

    def tile(level: int, number: int) -> bytes:
        read.add((level, number))
        return b"".join(levels[level][number * WIDTH : (number + 1) * WIDTH])

    nodes, top = nodes_of(tile), tree_hash(leaves)
    assert root(size, nodes) == top
    for index in {0, size // 2, size - 1}:
        read.clear()
        verify_inclusion(leaves[index], index, size, inclusion_proof(index, size, nodes), top)
        assert len(read) <= 2 * len(levels)
    if size > 1:
        consistency_proof(size // 2, size, nodes)
