"""The keys that sign the ledger: made by `keygen`, kept in the key store, apart from what they sign."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import sqlalchemy as sa

from workflow.ledger.notes import ED25519, Checkpoint, Signature, SignerKey, VerifierKey

_metadata = sa.MetaData()
_signing_key = sa.Table(
    "signing_key",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Integer, nullable=False),
    sa.Column("seed", sa.LargeBinary, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
)


_signed = sa.Table(
    "signed_last",
    _metadata,
    sa.Column("key", sa.Integer, sa.ForeignKey(_signing_key.c.number), primary_key=True, autoincrement=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
)


class NoSigningKey(Exception):
    """There is no key to sign with yet; `keygen` makes one."""


class SignedOtherwise(Exception):
    """The key has signed a larger tree meanwhile, or another one of this size; nothing was signed now."""


class SigningKeys:
    """Ed25519 keys in the database of `engine`. The last one that was made signs; those before it verify for ever."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def migrate(self) -> None:
        _metadata.create_all(self._engine)

    def make(self, name: str, kind: int = ED25519, seed: bytes | None = None) -> SignerKey:
        """A new key, which signs from now on; of 32 random bytes, unless they are given. Raises Malformed for a name
        that cannot stand in a note."""
        seed = seed or os.urandom(32)
        key = SignerKey(name, kind, seed)
        with self._engine.begin() as connection:
            number = (connection.scalar(sa.select(sa.func.max(_signing_key.c.number))) or 0) + 1
            row = {"number": number, "name": name, "kind": kind, "seed": seed, "made_at": datetime.now(UTC).isoformat()}
            connection.execute(sa.insert(_signing_key).values(row))
        return key

    def all(self) -> list[SignerKey]:
        """Every key, in the order in which they were made."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_signing_key).order_by(_signing_key.c.number)).all()
        return [_key(row) for row in rows]

    def current(self) -> SignerKey:
        """Raises NoSigningKey."""
        with self._engine.connect() as connection:
            return _newest(connection)[1]

    def last(self) -> Checkpoint | None:
        """What the current key signed last, if it did."""
        newest = sa.select(sa.func.max(_signing_key.c.number)).scalar_subquery()
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(_signed).where(_signed.c.key == newest)).one_or_none()
        return None if row is None else Checkpoint(row.origin, row.size, bytes(row.root))

    def sign(self, checkpoint: Checkpoint) -> tuple[Signature, VerifierKey]:
        """Sign with the current key, once it is written down here what. So it signs no two roots of one size, whatever
        becomes of the ledger. Raises NoSigningKey, SignedOtherwise."""
        values = {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root}
        size, root = _signed.c.size, _signed.c.root
        follows = sa.or_(size < checkpoint.size, sa.and_(size == checkpoint.size, root == checkpoint.root))
        with self._engine.begin() as connection:
            number, key = _newest(connection)
            update = sa.update(_signed).where(_signed.c.key == number, follows).values(values)
            if not connection.execute(update).rowcount:
                try:
                    connection.execute(sa.insert(_signed).values(key=number, **values))
                except sa.exc.IntegrityError:
                    raise SignedOtherwise(f"something else was signed than these {checkpoint.size} entries") from None
        return key.sign(checkpoint.text()), key.verifier


def _newest(connection: sa.Connection) -> tuple[int, SignerKey]:
    row = connection.execute(sa.select(_signing_key).order_by(_signing_key.c.number.desc()).limit(1)).one_or_none()
    if row is None:
        raise NoSigningKey("no key was made yet to sign with")
    return row.number, _key(row)


def _key(row: sa.Row[tuple[object, ...]]) -> SignerKey:
    return SignerKey(row.name, row.kind, bytes(row.seed))
