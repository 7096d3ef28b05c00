"""Growing a tree: entries are hashed into leaves, leaves fill tiles, and full tiles make nodes of the level above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflow.ledger.tiles import WIDTH, tile_root
from workflow.ledger.tree import EMPTY_ROOT, HASH_SIZE, leaf_hash, node_hash

_FULL = WIDTH * HASH_SIZE


class Growing:
    """A tree of `size` leaves to which more are added. `edge` are its tiles that are not yet full, by (level, number).

    `filled` are the tiles that were filled since, until somebody takes them away.
    """

    def __init__(self, size: int, edge: Mapping[tuple[int, int], bytes]) -> None:
        self.size = size
        self.filled: dict[tuple[int, int], bytes] = {}
        self._edge = {level: bytearray(tile) for (level, _), tile in edge.items()}
        self._full = [size >> 8 * (level + 1) for level in range(8)]
        self._peaks: dict[int, _Peaks] = {}

    @property
    def edge(self) -> dict[tuple[int, int], bytes]:
        """The tiles that are begun and not yet full."""
        return {(level, self._full[level]): bytes(tile) for level, tile in self._edge.items() if tile}

    def add(self, entries: Iterable[bytes]) -> None:
        """Add the entries as leaves, in order."""
        last = self._edge.setdefault(0, bytearray())
        for entry in entries:
            last += leaf_hash(entry)
            self.size += 1
            if len(last) == _FULL:
                self._carry(0)

    def _carry(self, level: int) -> None:
        """A tile is full: it is closed, and its root is a node of the level above."""
        tile = bytes(self._edge[level])
        self.filled[level, self._full[level]] = tile
        self._full[level] += 1
        self._edge[level].clear()
        self._peaks.pop(level, None)
        above = self._edge.setdefault(level + 1, bytearray())
        above += tile_root(tile)
        if len(above) == _FULL:
            self._carry(level + 1)

    def root(self) -> bytes:
        """The root over all leaves: of the edge's complete subtrees, which are remembered from one root to the next."""
        above: bytes | None = None
        for level, tile in sorted(self._edge.items()):
            for node in reversed(self._peaks.setdefault(level, _Peaks()).of(tile)):
                above = node if above is None else node_hash(node, above)
        return EMPTY_ROOT if above is None else above


class _Peaks:
    """The roots of the complete subtrees in a tile that is filled, from the left: as many as its width has ones."""

    def __init__(self) -> None:
        self._width = 0
        self._found: list[tuple[int, bytes]] = []

    def of(self, tile: bytearray) -> list[bytes]:
        """Those of the tile, in which nothing but more hashes has come since."""
        for at in range(self._width * HASH_SIZE, len(tile), HASH_SIZE):
            height, node = 0, bytes(tile[at : at + HASH_SIZE])
            while self._found and self._found[-1][0] == height:
                height, node = height + 1, node_hash(self._found.pop()[1], node)
            self._found.append((height, node))
        self._width = len(tile) // HASH_SIZE
        return [node for _, node in self._found]
