"""Where the ledger is kept, beside the log: tiles, checkpoints, what witnesses cosigned, and whose signature counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from workflow.ledger.tiles import WIDTH, width_of
from workflow.ledger.tree import HASH_SIZE

_metadata = sa.MetaData()
_big = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_head = sa.Table(
    "ledger_head",
    _metadata,
    sa.Column("one", sa.Integer, sa.CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
    sa.Column("size", _big, nullable=False),
)
TILE = sa.Table(
    "tile",
    _metadata,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", _big, primary_key=True, autoincrement=False),
    sa.Column("hashes", sa.LargeBinary, nullable=False),
)
CHECKPOINT = sa.Table(
    "checkpoint",
    _metadata,
    sa.Column("size", _big, primary_key=True, autoincrement=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("signed_at", _big, nullable=False),
)
COSIGNATURE = sa.Table(
    "cosignature",
    _metadata,
    sa.Column("size", _big, primary_key=True, autoincrement=False),
    sa.Column("witness", sa.Text, primary_key=True),
    sa.Column("line", sa.Text, nullable=False),
)
_BY_WITNESS = sa.Index("cosignature_by_witness", COSIGNATURE.c.witness, COSIGNATURE.c.size)
VERIFIER = sa.Table(
    "verifier",
    _metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("from_size", _big, nullable=False),
)


class LedgerMoved(Exception):
    """Another process has made the ledger grow meanwhile; nothing was written now."""


class Signed(NamedTuple):
    """A kept checkpoint. `note` is the whole signed note, without cosignatures; `signed_at` microseconds since 1970."""

    size: int
    root: bytes
    note: str
    signed_at: int


class Cosigned(NamedTuple):
    """A line that a witness signed under the checkpoint of `size`. `note` is that checkpoint's; None: there is none."""

    size: int
    witness: str
    line: str
    note: str | None


class LedgerStore:
    """Tables in the database of `engine`. Full tiles never change, and of one size there is one checkpoint."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._sqlite = engine.dialect.name == "sqlite"

    def migrate(self) -> None:
        _metadata.create_all(self.engine)
        _BY_WITNESS.create(self.engine, checkfirst=True)
        with self.engine.begin() as connection:
            connection.execute(self._insert(_head).values(one=1, size=0).on_conflict_do_nothing())

    def close(self) -> None:
        self.engine.dispose()

    def size(self) -> int:
        """How many entries the ledger covers."""
        with self.engine.connect() as connection:
            return connection.scalar(sa.select(_head.c.size)) or 0

    def signed(self) -> tuple[int, int]:
        """How many entries the ledger covers, and the size of its last checkpoint, at one moment: they are the same,
        unless somebody changed the one or the other."""
        last = sa.select(sa.func.max(CHECKPOINT.c.size)).scalar_subquery()
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(sa.select(_head.c.size).scalar_subquery(), last)).one()
        return row[0] or 0, row[1] or 0

    def tile(self, level: int, number: int) -> bytes:
        """The hashes of a tile as far as it is filled; b"" if it is not there."""
        where = (TILE.c.level == level, TILE.c.number == number)
        with self.engine.connect() as connection:
            return bytes(connection.scalar(sa.select(TILE.c.hashes).where(*where)) or b"")

    def edge(self, size: int) -> dict[tuple[int, int], bytes]:
        """The tiles that are not yet full when the ledger covers `size` entries, each as wide as it is then."""
        found, level = {}, 0
        while nodes := size >> 8 * level:
            number = nodes // WIDTH
            if width := width_of(level, number, size):
                found[level, number] = self.tile(level, number)[: width * HASH_SIZE]
            level += 1
        return found

    def grow(self, before: int, tiles: Mapping[tuple[int, int], bytes], signed: Signed, key: str) -> None:
        """Write what an addition to the tree of `before` entries made, all of it or nothing.

        Raises LedgerMoved if the ledger does not stand at `before` any more.
        """
        # First of all in the transaction, so that it waits for whoever else is writing and then sees what he wrote.
        advance = sa.update(_head).where(_head.c.size == before).values(size=signed.size)
        with self.engine.begin() as connection:
            if connection.execute(advance).rowcount != 1:
                raise LedgerMoved(f"the ledger does not stand at {before} any more")
            upsert = self._insert(TILE)
            upsert = upsert.on_conflict_do_update(
                index_elements=["level", "number"], set_={"hashes": upsert.excluded.hashes}
            )
            rows = [{"level": level, "number": number, "hashes": tile} for (level, number), tile in tiles.items()]
            connection.execute(upsert, rows)
            connection.execute(sa.insert(CHECKPOINT).values(signed._asdict()))
            known = self._insert(VERIFIER).values(key=key, from_size=signed.size).on_conflict_do_nothing()
            connection.execute(known)

    def latest(self, upto: int | None = None) -> Signed | None:
        """The last checkpoint, or the last of at most `upto` entries."""
        query = sa.select(CHECKPOINT).order_by(CHECKPOINT.c.size.desc()).limit(1)
        if upto is not None:
            query = query.where(CHECKPOINT.c.size <= upto)
        with self.engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _signed(row)

    def covering(self, size: int) -> Signed | None:
        """The first checkpoint of at least `size` entries."""
        query = sa.select(CHECKPOINT).where(CHECKPOINT.c.size >= size).order_by(CHECKPOINT.c.size).limit(1)
        with self.engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _signed(row)

    def checkpoints(self) -> Iterable[Signed]:
        """All of them, by size."""
        with self.engine.connect() as connection:
            for row in connection.execution_options(yield_per=1_000).execute(
                sa.select(CHECKPOINT).order_by(CHECKPOINT.c.size)
            ):
                yield _signed(row)

    def verifiers(self) -> Sequence[tuple[str, int]]:
        """The keys that signed this ledger, each with the size of the first checkpoint that it signed."""
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(VERIFIER).order_by(VERIFIER.c.from_size, VERIFIER.c.key))
            return [(row.key, row.from_size) for row in rows]

    def cosign(self, size: int, witness: str, line: str) -> None:
        """Keep what a witness signed under the checkpoint of `size`; the first line of each stays."""
        with self.engine.begin() as connection:
            insert = self._insert(COSIGNATURE).values(size=size, witness=witness, line=line)
            connection.execute(insert.on_conflict_do_nothing())

    def cosigned(self) -> Iterable[Cosigned]:
        """All that witnesses signed, by size."""
        joined = COSIGNATURE.outerjoin(CHECKPOINT, COSIGNATURE.c.size == CHECKPOINT.c.size)
        query = sa.select(COSIGNATURE, CHECKPOINT.c.note).select_from(joined).order_by(COSIGNATURE.c.size)
        with self.engine.connect() as connection:
            for row in connection.execution_options(yield_per=1_000).execute(query):
                yield Cosigned(*row)

    def cosignatures(self, size: int) -> list[str]:
        """The lines that witnesses signed under the checkpoint of `size`."""
        query = sa.select(COSIGNATURE.c.line).where(COSIGNATURE.c.size == size).order_by(COSIGNATURE.c.witness)
        with self.engine.connect() as connection:
            return list(connection.scalars(query))

    def witnessed(self, witness: str | None = None) -> int:
        """The size of the last checkpoint that a witness cosigned, this one or any; 0 if there is none."""
        query = sa.select(sa.func.max(COSIGNATURE.c.size))
        if witness is not None:
            query = query.where(COSIGNATURE.c.witness == witness)
        with self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def _insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        return sqlite.insert(table) if self._sqlite else postgresql.insert(table)


def _signed(row: sa.Row[tuple[object, ...]]) -> Signed:
    return Signed(row.size, bytes(row.root), row.note, row.signed_at)
