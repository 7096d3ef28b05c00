"""The attempts journal: who tried what, and why it was refused. It lies beside the log, not in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from workflow.slices import Context, Refused

_metadata = sa.MetaData()
_attempt = sa.Table(
    "attempt",
    _metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("at", sa.Text, nullable=False, index=True),
    sa.Column("actor", sa.Text, nullable=False, index=True),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("command_id", sa.Text, nullable=False),
    sa.Column("subjects", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("sentence", sa.Text, nullable=False),
)


class AttemptsJournal:
    """Refused attempts, in the database of `engine`: the command's name and subjects, never its details."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def migrate(self) -> None:
        _metadata.create_all(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def note(self, at: datetime, command: str, subjects: Sequence[str], context: Context, refused: Refused) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sa.insert(_attempt).values(
                    at=at.isoformat(),
                    actor=context.actor,
                    command=command,
                    command_id=context.command_id,
                    subjects=" ".join(subjects),
                    code=refused.code,
                    sentence=refused.sentence,
                )
            )

    def latest(self, limit: int = 100, before: int | None = None) -> list[sa.Row[tuple[object, ...]]]:
        """Attempts, newest first, each with its number, for going on with `before`."""
        query = sa.select(_attempt).order_by(_attempt.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(_attempt.c.number < before)
        with self._engine.connect() as connection:
            return list(connection.execute(query))
