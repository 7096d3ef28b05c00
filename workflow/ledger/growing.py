"""Growing a tree: entries are hashed into leaves, leaves fill tiles, and full tiles make nodes of the level above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflow.ledger.tiles import WIDTH, nodes_of, tile_root
from workflow.ledger.tree import HASH_SIZE, leaf_hash, root

_FULL = WIDTH * HASH_SIZE


class Growing:
    """A tree of `size` leaves to which more are added. `edge` are its tiles that are not yet full, by (level, number).

    `changed` are the tiles that were begun or filled since. Nothing is forgotten but by whoever takes another one.
    """

    def __init__(self, size: int, edge: Mapping[tuple[int, int], bytes]) -> None:
        self.size = size
        self.changed: dict[tuple[int, int], bytes] = {}
        self._edge = {level: bytearray(tile) for (level, _), tile in edge.items()}
        self._full = [size >> 8 * (level + 1) for level in range(8)]

    def add(self, entries: Iterable[bytes]) -> None:
        """Add the entries as leaves, in order."""
        last = self._edge.setdefault(0, bytearray())
        for entry in entries:
            last += leaf_hash(entry)
            self.size += 1
            if len(last) == _FULL:
                self._carry(0)
        for level, tile in self._edge.items():
            if tile:
                self.changed[level, self._full[level]] = bytes(tile)

    def _carry(self, level: int) -> None:
        """A tile is full: it is closed, and its root is a node of the level above."""
        tile = bytes(self._edge[level])
        self.changed[level, self._full[level]] = tile
        self._full[level] += 1
        self._edge[level].clear()
        above = self._edge.setdefault(level + 1, bytearray())
        above += tile_root(tile)
        if len(above) == _FULL:
            self._carry(level + 1)

    def root(self) -> bytes:
        """The root over all leaves. No other tiles are needed for it than those of the edge."""
        return root(self.size, nodes_of(self._tile))

    def _tile(self, level: int, number: int) -> bytes:
        assert number == self._full[level], "the root stands on complete subtrees of the edge alone"
        return bytes(self._edge[level])
