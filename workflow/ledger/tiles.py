"""Tiles (C2SP tlog-tiles): the nodes of the tree in runs of 256, and where they are to be found.

The tile (L, N) holds the nodes of tree level 8·L from 256·N on. One that is not yet full is partial, `.p/W` wide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import msgspec

from workflow.ledger.strict import Malformed, decimal
from workflow.ledger.tree import HASH_SIZE, Nodes, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT

_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]{1,2})/(?P<number>(x[0-9]{3}/){0,5}[0-9]{3})(\.p/(?P<width>[0-9]{1,3}))?", re.ASCII
)


class TilePath(msgspec.Struct, frozen=True):
    """Which tile: a level of hashes, or None for that of entries; its number; how many it holds, `WIDTH` if full."""

    level: int | None
    number: int
    width: int = WIDTH

    @classmethod
    def parse(cls, path: str) -> TilePath:
        """Raises Malformed for anything but the one path of a tile."""
        match = _PATH.fullmatch(path)
        if match is None:
            raise Malformed(f"{path[:80]!r} is no path of a tile")
        level = None if match["level"] == "entries" else decimal(match["level"])
        number = int(match["number"].replace("x", "").replace("/", ""))
        width = WIDTH if match["width"] is None else decimal(match["width"])
        tile = cls(level, number, width)
        if (level or 0) > 63 or not 0 < width <= WIDTH or str(tile) != path:
            raise Malformed(f"{path[:80]!r} is no path of a tile")
        return tile

    def __str__(self) -> str:
        groups = f"{self.number:03d}"
        groups = groups.zfill(-(-len(groups) // 3) * 3)
        parts = [groups[at : at + 3] for at in range(0, len(groups), 3)]
        number = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{number}{partial}"


def width_of(level: int, number: int, size: int) -> int:
    """How many nodes the tile holds when the tree has `size` leaves; 0 if it is not there."""
    nodes = size >> (HEIGHT * level)
    return max(0, min(WIDTH, nodes - number * WIDTH))


def nodes_of(tile: Callable[[int, int], bytes]) -> Nodes:
    """The nodes of a tree whose tiles `tile` gives: the hashes of (level, number), one after the other.

    A proof asks for several nodes of one tile: each is read once.
    """
    read = cache(tile)

    def node(level: int, index: int) -> bytes:
        tier, below = divmod(level, HEIGHT)
        first = index << below
        hashes = read(tier, first // WIDTH)
        at = first % WIDTH
        found = [hashes[place * HASH_SIZE : (place + 1) * HASH_SIZE] for place in range(at, at + (1 << below))]
        if len(found[-1]) != HASH_SIZE:
            raise LookupError(f"tile ({tier}, {first // WIDTH}) does not reach node ({level}, {index})")
        return _folded(found)

    return node


def tile_root(hashes: bytes) -> bytes:
    """The root of a full tile: the node that stands for it one level of tiles above."""
    return _folded([hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)])


def _folded(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
