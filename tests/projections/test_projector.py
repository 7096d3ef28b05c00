"""The projector: exactly once, whoever dies, whatever raises, and however many there are."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select

from projections.facts import At, Facts
from projections.following import Following
from projections.lease import Lease, LeaseTaken
from projections.projector import Projector
from projections.rebuild import rebuild
from projections.store import CheckpointMoved, Store, checkpoints
from tests.projections.house import NOW, House, refusing, until
from tests.projections.sample import (
    BERTHS,
    MODELS,
    MOORING,
    MOORINGS,
    Moored,
    Sailed,
    Turned,
    january,
    long_history,
    record,
)
from workflow.database import Database
from workflow.entry import UPCASTS, tail
from workflow.log import LogEvent, LogRecorder, open_log
from workflow.slices import Context


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    built = House(database_url)
    yield built
    built.log.close()


def test_what_is_in_the_log_is_worked_off(house: House):
    house.projector().once()
    record(house.log, long_history(250))
    house.projector(batch=100).once()
    assert house.positions() == {"moorings": 250, "berths": 250}
    assert house.is_what_a_replay_gives()


def test_read_models_at_different_positions_meet_and_go_on_together(house: House):
    record(house.log, long_history(100))
    house.projector().once()
    record(house.log, long_history(150)[100:])
    ahead = house.following([MOORINGS])
    ahead.catch_up()
    ahead.close()
    assert house.positions() == {"moorings": 150, "berths": 100}
    record(house.log, long_history(170)[150:])
    both = house.following()
    assert [both.step(), both.step(), both.step()] == [50, 20, 0]
    both.close()
    assert house.positions() == {"moorings": 170, "berths": 170}
    assert house.is_what_a_replay_gives()


def test_a_handler_that_raises_parks_its_read_model_and_no_other(house: House):
    house.projector().once()
    history = long_history(90)
    place = 1 + next(n for n, fact in enumerate(history) if isinstance(fact, Moored) and fact.boat == "boat-30")
    record(house.log, history)
    models = [MOORINGS, refusing(BERTHS, "boat-30")]
    house.projector(models).once()
    with house.live.engine.connect() as connection:
        parked = checkpoints(connection)["berths"]
    assert (parked.state, parked.position, parked.event_position) == ("parked", place - 1, place)
    assert "ZeroDivisionError: no such boat" in (parked.error or "")
    assert house.status()["moorings"] | {"lag_seconds": 0} == {
        "position": 90,
        "lag_events": 0,
        "lag_seconds": 0.0,
        "state": "live",
        "version": 1,
    }
    assert house.status()["berths"]["state"] == "parked"
    assert house.status()["berths"]["lag_events"] == 91 - place

    record(house.log, long_history(120)[90:])
    house.projector(models).once()
    assert house.positions() == {"moorings": 120, "berths": place - 1}


def test_what_was_parked_goes_on_once_its_handler_is_mended(house: House):
    house.projector().once()
    record(house.log, long_history(90))
    house.projector([MOORINGS, refusing(BERTHS, "boat-30")]).once()
    house.projector().once()
    assert house.status()["berths"]["state"] == "live"
    assert house.positions() == {"moorings": 90, "berths": 90}
    assert house.is_what_a_replay_gives()


def test_all_read_models_may_be_parked(house: House):
    house.projector().once()
    record(house.log, long_history(90))
    house.projector([refusing(MOORINGS, "boat-30"), refusing(BERTHS, "boat-10")]).once()
    assert [told["state"] for told in house.status().values()] == ["parked", "parked"]


def test_a_value_that_the_database_refuses_parks_the_read_model_too(house: House):
    def too_big(facts: Facts, fact: Moored, at: At) -> None:
        BERTHS.handlers[Moored](facts, fact, at)
        if fact.boat == "boat-7":
            facts.amend(BERTHS.tables[0], "H", fact.berth, arrivals=2**70)

    house.projector().once()
    record(house.log, long_history(30))
    house.projector([MOORINGS, replace(BERTHS, handlers={Moored: too_big})]).once()
    assert house.status()["moorings"]["state"] == "live"
    assert house.status()["berths"]["state"] == "parked"
    house.projector().once()
    assert house.is_what_a_replay_gives()


def test_an_entry_that_cannot_be_decoded_parks_who_listens_to_it(house: House):
    house.projector().once()
    context = Context(actor="C1", command_id="test", today=january(1))
    house.log.record([LogEvent(Turned.TOPIC, tail(Sailed("a"), context, 1, ""), [])])
    record(house.log, [Moored("a", "b", january(1))])
    house.projector().once()
    assert house.status()["moorings"]["state"] == "parked"
    assert house.positions() == {"moorings": 0, "berths": 2}


def test_an_event_of_an_old_shape_is_upcast(house: House, monkeypatch: pytest.MonkeyPatch):
    record(house.log, [Moored("a", "b", january(1))])
    monkeypatch.setattr(Moored, "VERSION", 2)
    monkeypatch.setitem(UPCASTS, (Moored.TOPIC, 1), lambda old: {**old, "berth": old["berth"].upper()})
    house.projector().once()
    with house.live.engine.connect() as connection:
        assert connection.execute(select(MOORING.c.berth)).scalar_one() == "B"


def test_of_two_projectors_in_one_generation_one_writes_and_the_other_notices(house: House):
    house.projector().once()
    record(house.log, long_history(300))
    one, other = house.following(batch=40), house.following(batch=70)
    while one.step() + other.step():
        pass
    one.close()
    other.close()
    assert house.positions() == {"moorings": 300, "berths": 300}
    assert house.is_what_a_replay_gives()


def test_two_projectors_at_the_same_moment_write_every_event_once(house: House):
    house.projector().once()
    record(house.log, long_history(600))
    following = [house.following(batch=17) for _ in range(3)]
    start = threading.Barrier(3)
    failed: list[BaseException] = []

    def follow(each: Following) -> None:
        try:
            start.wait(10)
            each.catch_up()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=follow, args=[each]) for each in following]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failed
    for each in following:
        each.close()
    assert house.positions() == {"moorings": 600, "berths": 600}
    assert house.is_what_a_replay_gives()


def test_a_checkpoint_moves_only_from_where_it_was_read(house: House):
    house.projector().once()
    store = Store(house.live.engine)
    facts = {"moorings": Facts(MOORINGS.tables, 0, store.load)}
    facts["moorings"].position = 5
    facts["moorings"].open(MOORINGS.tables[0], "a", valid_from=january(1))
    with pytest.raises(CheckpointMoved):
        store.commit(facts, 3, 5, NOW)
    store.rollback()
    assert house.positions()["moorings"] == 0
    store.commit(facts, 0, 5, NOW)
    store.close()
    assert house.positions() == {"moorings": 5, "berths": 0}


def test_a_second_projector_does_nothing_while_the_first_holds_the_lease(house: House):
    house.projector().once()
    record(house.log, long_history(20))
    with Lease(house.database, "projector"):
        with pytest.raises(LeaseTaken):
            house.projector().once()
        assert house.positions()["moorings"] == 0
    house.projector().once()
    assert house.positions()["moorings"] == 20


def test_a_projector_that_runs_follows_the_log_and_a_switch(house: House):
    stop = threading.Event()
    running = threading.Thread(target=house.projector().run, args=[stop])
    running.start()
    try:
        record(house.log, long_history(50))
        until(lambda: house.generations.current() and house.positions()["berths"] == 50)
        rebuild(house.database, house.log, MODELS)
        record(house.log, long_history(80)[50:])
        until(lambda: house.live.number == 2 and house.positions()["berths"] == 80)
        house.generations.rollback()
        until(lambda: house.live.number == 1 and house.positions()["berths"] == 80)
    finally:
        stop.set()
        running.join(10)
    assert not running.is_alive()


class Failing:
    """A log that does not answer a few times, and then does."""

    def __init__(self, log: LogRecorder, times: int) -> None:
        self._log = log
        self.times = times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def select(self, *args: Any, **kwargs: Any) -> Any:
        if self.times:
            self.times -= 1
            raise sqlite3.OperationalError("disk I/O error")
        return self._log.select(*args, **kwargs)


def test_a_database_that_does_not_answer_is_tried_again(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("projections.projector.FIRST_PAUSE", 0.001)
    house.projector().once()
    record(house.log, long_history(30))
    failing: Any = Failing(house.log, 3)
    stop = threading.Event()
    running = threading.Thread(target=Projector(house.database, failing, MODELS).run, args=[stop])
    running.start()
    until(lambda: house.positions()["berths"] == 30)
    stop.set()
    running.join(10)
    assert failing.times == 0
    assert house.is_what_a_replay_gives()


def test_lag_is_told_in_events_and_in_seconds(house: House):
    assert {told["state"] for told in house.status().values()} == {"rebuilding"}
    house.projector().once()
    house.log.now = lambda: NOW - timedelta(seconds=90)
    record(house.log, long_history(10))
    assert house.status()["moorings"] == {
        "position": 0,
        "lag_events": 10,
        "lag_seconds": 90.0,
        "state": "catching up",
        "version": 1,
    }
    house.projector().once()
    assert house.status()["berths"] == {
        "position": 10,
        "lag_events": 0,
        "lag_seconds": 0.0,
        "state": "live",
        "version": 1,
    }


def _project(url: str, batch: int, parent: Pipe) -> None:
    """A projector in a process of its own that stops within each transaction until it is told to go on."""
    advance, insert = Store._advance, Store._insert

    def advancing(self: Store, *args: Any) -> None:
        advance(self, *args)
        parent.send("checkpoint moved")
        parent.recv()

    def inserting(self: Store, *args: Any) -> None:
        insert(self, *args)
        parent.send("rows written")
        parent.recv()

    database = Database.parse(url)
    log = open_log(database)
    with patch.object(Store, "_advance", advancing), patch.object(Store, "_insert", inserting):
        Projector(database, log, MODELS, batch=batch).once()


@pytest.mark.parametrize("beats", [1, 2, 3, 4, 11, 24])
def test_a_projector_that_is_killed_is_resumed_exactly_once(house: House, database_url: str, beats: int):
    house.projector().once()
    record(house.log, long_history(400))
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_project, args=[database_url, 23, theirs])
    child.start()
    theirs.close()
    try:
        for beat in range(beats):
            if beat:
                ours.send("go on")
            assert ours.poll(30), "the projector does not get on"
            ours.recv()
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
    finally:
        child.join(30)
    assert child.exitcode == -signal.SIGKILL
    until(lambda: _free(house.database))
    house.projector(batch=31).once()
    assert house.positions() == {"moorings": 400, "berths": 400}
    assert house.is_what_a_replay_gives()


def _free(database: Database) -> bool:
    """Whether the lease of a dead process has come back: a server may need a moment to notice."""
    lease = Lease(database, "projector")
    taken = lease.take()
    lease.give_back()
    return taken
