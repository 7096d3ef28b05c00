"""The clock: what is due is done once, on its day, whoever sleeps, starts again or comes twice."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflow.clock.house import Institution, by_the_clock
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.ids import UnitId
from workflow.slices import Command, Event, Refused

FIRST = date(2025, 3, 3)
_places = itertools.count()


class Rung(Event):
    TOPIC = "test.rung"
    bell: UnitId
    effective: date


class Echoed(Event):
    TOPIC = "test.echoed"
    bell: UnitId
    effective: date


class Ring(Command):
    bell: UnitId

    def execute(self) -> None:
        if self.bell == "cracked":
            raise Refused("bell.cracked", "It does not ring.")
        self.trigger(Rung(self.bell, self.context.today))


class Echo(Command):
    bell: UnitId

    def execute(self) -> None:
        self.trigger(Echoed(self.bell, self.context.today))


class Bells:
    """Each bell rings every seventh day, and echoes on the same day."""

    def __init__(self, *bells: str) -> None:
        self._bells = bells
        self._rung: set[tuple[str, date]] = set()
        self._echoed: set[tuple[str, date]] = set()

    def listens_to(self) -> Iterable[type[Event]]:
        return (Rung, Echoed)

    def note(self, fact: Event) -> None:
        match fact:
            case Rung():
                self._rung.add((fact.bell, fact.effective))
            case Echoed():
                self._echoed.add((fact.bell, fact.effective))

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        for bell in self._bells:
            if (day - FIRST).days % 7 == 0 and (bell, day) not in self._rung:
                yield Act(f"ring.{bell}.{day}", Ring(bell=UnitId(bell)))
        for bell, rung in sorted(self._rung - self._echoed):
            yield Act(f"echo.{bell}.{rung}", Echo(bell=UnitId(bell)))


def two_bells() -> list[Bells]:
    return [Bells("north", "south")]


@pytest.fixture
def house(database_url: str) -> Iterator[Institution]:
    institution = Institution(database_url, [], FIRST)
    yield institution
    institution.close()


def rung(house: Institution) -> list[tuple[str, date]]:
    return [(fact.bell, fact.effective) for fact in house.facts() if isinstance(fact, Rung)]


def test_it_is_started_once_on_the_day_on_which_it_first_runs(house: Institution):
    house.live(house.clock(two_bells), FIRST + timedelta(days=3))
    house.clock(two_bells).until(FIRST + timedelta(days=9))
    assert [fact for fact in house.facts() if isinstance(fact, ClockStarted)] == [ClockStarted(FIRST)]


def test_what_is_due_is_done_on_its_day_and_what_follows_from_it_too(house: Institution):
    house.live(house.clock(two_bells), FIRST + timedelta(days=8))
    days = [FIRST, FIRST + timedelta(days=7)]
    assert rung(house) == [(bell, day) for day in days for bell in ("north", "south")]
    told = [(each.type, each.actor, each.commandid) for each in house.envelopes() if each.type.startswith("test.")]
    assert told[:4] == [
        ("test.rung", "clock", f"clock.ring.north.{FIRST}"),
        ("test.rung", "clock", f"clock.ring.south.{FIRST}"),
        ("test.echoed", "clock", f"clock.echo.north.{FIRST}"),
        ("test.echoed", "clock", f"clock.echo.south.{FIRST}"),
    ]


def test_a_day_that_is_lived_again_changes_nothing(house: Institution):
    clock = house.clock(two_bells)
    assert clock.until(FIRST) == 4
    assert clock.until(FIRST) == 0
    assert house.clock(two_bells).until(FIRST) == 0


def test_what_is_refused_keeps_nothing_else_from_being_done(house: Institution):
    clock = house.clock(lambda: [Bells("cracked", "sound")])
    house.live(clock, FIRST)
    assert rung(house) == [("sound", FIRST)]
    before = len(house.writer.journal.latest())
    clock.until(FIRST)
    assert len(house.writer.journal.latest()) == before


def test_without_a_charter_nothing_is_due(tmp_path: Path):
    house = Institution(f"sqlite:///{tmp_path}/log.sqlite", [], FIRST)
    late = house.clock(lambda: [Bells("north")])
    house.day = date(2019, 12, 30)  # before the first charter
    assert late.until(house.day) == 0
    assert rung(house) == []
    house.close()


def test_clocks_that_run_at_once_do_everything_once(house: Institution):
    last, errors = FIRST + timedelta(days=40), []
    house.day = last

    def run() -> None:
        try:
            house.clock(two_bells).until(last)
        except Exception as error:
            errors.append(error)

    house.clock(two_bells).until(FIRST)  # it was started in time
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    days = [FIRST + timedelta(weeks=n) for n in range(6)]
    assert rung(house) == [(bell, day) for day in days for bell in ("north", "south")]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(naps=st.lists(st.integers(0, 40), max_size=8), anew=st.booleans())
def test_a_clock_that_slept_decides_what_one_decided_that_was_awake(tmp_path: Path, naps: Sequence[int], anew: bool):
    def lived(days: Iterable[date]) -> Any:
        house = Institution(f"sqlite:///{tmp_path}/{next(_places)}/log.sqlite", [], FIRST)
        clock = house.clock(two_bells)
        clock.until(FIRST)
        for house.day in days:
            clock = house.clock(two_bells) if anew else clock
            clock.until(house.day)
        told = [event for _, event in by_the_clock(house)]
        house.close()
        return told

    last = FIRST + timedelta(days=60)
    awake = [FIRST + timedelta(days=n) for n in range(61)]
    woken = [day for n in itertools.accumulate(naps) if (day := FIRST + timedelta(days=n)) < last]
    assert lived([*woken, last]) == lived(awake)
