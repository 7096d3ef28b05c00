"""Generations: whole sets of fact tables, built one beside the other; a pointer says which one is read.

The pointer is a row in the institution's office. Facts of generation n are in `facts-n.sqlite` or in a schema of their
own. The generation before the live one is kept, so that one step leads back; older ones are removed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from projections.facts import ReadModel
from workflow.database import Database

GENERATION = Table(
    "generation",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("models", Text, nullable=False),
)


class NoGeneration(Exception):
    """There is nothing to go back to, or no facts at all yet."""


@dataclass(frozen=True)
class Generation:
    """One set of facts. `state` is building, live or retired; `models` gives the version of each read model."""

    number: int
    state: str
    created_at: str
    models: dict[str, int]
    engine: Engine

    @property
    def part(self) -> str:
        """Where it is kept, as `Database.engine` calls it."""
        return _part(self.number)

    def serves(self, model: ReadModel) -> bool:
        """Whether its tables are those that `model` declares."""
        return self.models.get(model.name) == model.version


class Generations:
    """The generations of one institution. `current` is a look-up by key: a reader asks before every request."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._office = database.engine("office")
        self._engines: dict[int, Engine] = {}
        self._last_read = 0
        with self._office.begin() as office:
            GENERATION.create(office, checkfirst=True)

    def close(self) -> None:
        """Let go of all connections, also those of generations that were given out."""
        for engine in (self._office, *self._engines.values()):
            engine.dispose()

    def current(self) -> Generation | None:
        """The generation to read; None before the first one is there."""
        live = next(iter(self.all("live")), None)
        if live is not None and live.number != self._last_read:
            # What others removed, or no longer read, shall not stay open here.
            for number in [number for number in self._engines if number < live.number]:
                self._engines.pop(number).dispose()
            self._last_read = live.number
        return live

    def all(self, *states: str) -> list[Generation]:
        """Every generation in one of these states (none: in any), the oldest first."""
        query = select(GENERATION).order_by(GENERATION.c.number)
        if states:
            query = query.where(GENERATION.c.state.in_(states))
        with self._office.connect() as office:
            rows = office.execute(query).all()
        return [
            Generation(row.number, row.state, row.created_at, msgspec.json.decode(row.models), self._engine(row.number))
            for row in rows
        ]

    def begin(self, models: Iterable[ReadModel]) -> Generation:
        """A new generation, still without tables, that nobody reads."""
        versions = {model.name: model.version for model in models}
        with self._office.begin() as office:
            last: int = office.execute(select(func.coalesce(func.max(GENERATION.c.number), 0))).scalar_one()
            created_at = datetime.now(UTC).isoformat()
            office.execute(
                insert(GENERATION).values(
                    number=last + 1,
                    state="building",
                    created_at=created_at,
                    models=msgspec.json.encode(versions).decode(),
                )
            )
        return Generation(last + 1, "building", created_at, versions, self._engine(last + 1))

    def switch(self, to: Generation) -> None:
        """From now on `to` is read. The one that was read is kept, older ones are removed."""
        with self._office.begin() as office:
            _point(office, to.number)
        for old in [one for one in self.all("retired") if one.number < to.number][:-1]:
            self.remove(old)

    def rollback(self) -> Generation:
        """Read the generation before the live one again. Raises NoGeneration if there is none."""
        live = self.current()
        before = [one for one in self.all("retired") if live and one.number < live.number]
        if not before:
            raise NoGeneration("there is no earlier generation to go back to")
        with self._office.begin() as office:
            _point(office, before[-1].number)
        return before[-1]

    def remove(self, generation: Generation) -> None:
        """Remove a generation that nobody reads, with its tables."""
        self._engines.pop(generation.number, generation.engine).dispose()
        file = generation.engine.url.database if self.database.path is not None else None
        with self._office.begin() as office:
            if file is None:
                office.exec_driver_sql(f"DROP SCHEMA IF EXISTS {self.database.schema}_{generation.part} CASCADE")
            office.execute(delete(GENERATION).where(GENERATION.c.number == generation.number))
        if file is not None:
            for each in (file, f"{file}-wal", f"{file}-shm"):
                Path(each).unlink(missing_ok=True)

    def _engine(self, number: int) -> Engine:
        if number not in self._engines:
            self._engines[number] = self.database.engine(_part(number))
        return self._engines[number]


def _point(office: Connection, number: int) -> None:
    office.execute(update(GENERATION).where(GENERATION.c.state == "live").values(state="retired"))
    office.execute(update(GENERATION).where(GENERATION.c.number == number).values(state="live"))


def _part(number: int) -> str:
    return f"facts_{number}"
