"""Registers list what holds at a moment, for intervals of whatever length, and find it by the index."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from projections.facts import FactTable, as_of, effective_on, listed, text
from workflow.database import Database

THING = FactTable("thing", key=[text("thing")], columns=[text("state"), text("place")], register=["state", "place"])
HEAD = 40_000_000
TODAY = date(2026, 1, 1)
STATES = ("open", "stalled", "shut")


def interval(chance: random.Random) -> tuple[int, int | None, str, str | None]:
    """Marks of a row, of any length: about as many of each power of two."""
    opened = chance.randint(1, HEAD)
    closed = opened + chance.randint(1, 2 ** chance.randint(1, 25))
    since = date.min if chance.random() < 0.02 else TODAY - timedelta(days=chance.randint(0, 30_000))
    until = since + timedelta(days=chance.randint(1, 2 ** chance.randint(1, 15)))
    ends = chance.random() < 0.5
    return opened, closed if closed <= HEAD else None, since.isoformat(), until.isoformat() if ends else None


@contextmanager
def filled(url: str) -> Iterator[Connection]:
    chance = random.Random(11)
    engine = Database.parse(url).engine("facts_1")
    with engine.begin() as connection:
        THING.table.create(connection)  # with its indexes
        columns = ("opened", "closed", "valid_from", "valid_to")
        connection.execute(
            insert(THING.table),
            [
                {"thing": f"T{n}", "state": STATES[n % 3], **dict(zip(columns, interval(chance), strict=True))}
                for n in range(3_000)
            ],
        )
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def things(database_url: str) -> Iterator[Connection]:
    with filled(database_url) as connection:
        yield connection


def test_a_register_lists_exactly_what_was_known_and_held(things: Connection):
    chance, several = random.Random(5), 0
    for _ in range(150):
        position = chance.choice([None, chance.randint(0, HEAD)])
        day = TODAY - timedelta(days=chance.randint(-40, 30_000))
        states = chance.sample(STATES, chance.randint(1, 2))
        plainly = select(THING.c.thing).where(
            THING.c.state.in_(states), as_of(THING, position), effective_on(THING, day)
        )
        expected = sorted(things.scalars(plainly))
        register = listed(THING, states, position, day)
        assert sorted(things.scalars(register)) == expected
        rows = select(THING.c.thing).where(
            THING.c.thing.in_(register), as_of(THING, position), effective_on(THING, day)
        )
        assert sorted(things.scalars(rows)) == expected
        several += len(expected)
    assert several > 1_000


@pytest.mark.parametrize("days", [0, 1, 3, 4, 15, 16, 63, 64, 16_383, 16_384])
def test_the_first_days_of_all_have_registers_too(things: Connection, days: int):
    assert things.scalars(listed(THING, STATES, HEAD, date.min + timedelta(days=days))).all()


def test_sqlite_looks_all_of_it_up_in_the_indexes(tmp_path: Path):
    with filled(f"sqlite:///{tmp_path}/log.sqlite") as things:
        query = listed(THING, STATES, HEAD // 2, TODAY).compile(things, compile_kwargs={"literal_binds": True})
        steps: Any = things.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
    looked_up = [step.detail for step in steps if "thing" in step.detail]
    assert looked_up
    assert all("SEARCH thing USING COVERING INDEX" in each and "<expr>=?" in each for each in looked_up)
