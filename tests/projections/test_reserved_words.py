"""A table of facts may be called, and have columns, as SQL calls its own things."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.facts import At, Facts, FactTable, ReadModel, integer, listed, text
from projections.history import digest
from projections.views import Fact, Moment, every
from tests.projections.house import House
from tests.projections.sample import Moored, Sailed, Shifted, january, record

ORDER = FactTable(
    "order", key=[text("user")], columns=[text("select"), integer("limit")], indexes=[["limit"]], register=["select"]
)


class Order(Fact, kw_only=True):
    user: str
    select: str
    limit: int


def moored(facts: Facts, fact: Moored, at: At) -> None:
    facts.open(ORDER, fact.boat, valid_from=fact.effective, select=fact.berth, limit=1)


def shifted(facts: Facts, fact: Shifted, at: At) -> None:
    facts.amend(ORDER, fact.boat, effective=fact.effective, select=fact.berths[0], limit=2)


def sailed(facts: Facts, fact: Sailed, at: At) -> None:
    facts.close(ORDER, fact.boat, effective=fact.effective)


MODEL = ReadModel("reserved", 1, [ORDER], {Moored: moored, Shifted: shifted, Sailed: sailed})


@pytest.fixture
def house(database_url: str) -> Any:
    made = House(database_url)
    yield made
    made.log.close()


def test_reserved_words_are_no_trap_when_events_are_followed_rebuilt_and_listed(house: House) -> None:
    record(house.log, [Moored("a", "x", january(1)), Moored("b", "x", january(1))])
    house.projector([MODEL]).once()  # built as a whole
    record(house.log, [Shifted("a", ("y",), january(3)), Sailed("b", january(4))])
    house.projector([MODEL]).once()  # and followed
    assert house.is_what_a_replay_gives([MODEL])
    with house.live.engine.connect() as connection:
        day: date = january(5)
        assert [(e.user, e.select, e.limit) for e in every(connection, ORDER, Moment(None, day), Order)] == [
            ("a", "y", 2)
        ]
        assert connection.scalars(listed(ORDER, ["x"], None, january(2))).all() == ["a", "b"]
        assert digest(connection, MODEL, 4) != digest(connection, MODEL, 2)
