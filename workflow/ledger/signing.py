"""The keys that sign the ledger: made by `keygen`, kept in the key store, apart from what they sign."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import sqlalchemy as sa

from workflow.ledger.notes import ED25519, SignerKey

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


class NoSigningKey(Exception):
    """There is no key to sign with yet; `keygen` makes one."""


class SigningKeys:
    """Ed25519 keys in the database of `engine`. The last one that was made signs; those before it verify for ever."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def migrate(self) -> None:
        _metadata.create_all(self._engine)

    def make(self, name: str, kind: int = ED25519) -> SignerKey:
        """A new key, which signs from now on. Raises Malformed for a name that cannot stand in a note."""
        seed = os.urandom(32)
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
        return [SignerKey(row.name, row.kind, bytes(row.seed)) for row in rows]

    def current(self) -> SignerKey:
        """Raises NoSigningKey."""
        keys = self.all()
        if not keys:
            raise NoSigningKey("no key was made yet to sign with")
        return keys[-1]
