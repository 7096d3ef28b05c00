"""The journal of looks: who was shown what of the log, or took it away in a file. It lies beside the log, not in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

_metadata = sa.MetaData()
_look = sa.Table(
    "look",
    _metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("at", sa.Text, nullable=False, index=True),
    sa.Column("actor", sa.Text, nullable=False, index=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("shown", sa.BigInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
)

Asked = Mapping[str, Sequence[str]]
"""What was asked for, by the name of the parameter: ids, tags, days, never a text that somebody wrote."""


class Look(msgspec.Struct, kw_only=True):
    """Who was shown how much of what, when, and up to which position of the log."""

    number: int
    at: datetime
    actor: str
    role: str
    what: str
    asked: dict[str, list[str]]
    shown: int
    position: int


class LooksJournal:
    """Looks, in the database of `engine`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def migrate(self) -> None:
        _metadata.create_all(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def note(self, at: datetime, actor: str, role: str, what: str, asked: Asked, shown: int, position: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sa.insert(_look).values(
                    at=at.isoformat(),
                    actor=actor,
                    role=role,
                    what=what,
                    asked=msgspec.json.encode(asked).decode(),
                    shown=shown,
                    position=position,
                )
            )

    def latest(self, limit: int = 100, before: int | None = None) -> list[Look]:
        """Looks, newest first; `before` is the number of the last one that was read."""
        query = sa.select(_look).order_by(_look.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(_look.c.number < before)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [_read(row) for row in rows]


def _read(row: sa.Row[Any]) -> Look:
    return Look(
        number=row.number,
        at=datetime.fromisoformat(row.at),
        actor=row.actor,
        role=row.role,
        what=row.what,
        asked=msgspec.json.decode(row.asked, type=dict[str, list[str]]),
        shown=row.shown,
        position=row.position,
    )
