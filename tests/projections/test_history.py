"""Facts in a database: the past as it was known, what an event changed, and digests."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from projections.facts import as_of, effective_on, listed
from projections.following import Following
from projections.generations import Generation, Generations
from projections.history import changes, difference, digest
from projections.rebuild import rebuild
from tests.projections.sample import (
    LAST_DAY,
    MODELS,
    MOORING,
    MOORINGS,
    account,
    histories,
    january,
    long_history,
    new_log,
    record,
)
from workflow.database import Database
from workflow.slices import Event

few = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_numbers = itertools.count()


def another(database_url: str) -> Database:
    """An institution beside that of the test; both are dropped together."""
    if database_url.startswith("sqlite"):
        return Database.parse(database_url.replace("log.sqlite", f"{next(_numbers)}/log.sqlite"))
    return Database.parse(f"{database_url}_{next(_numbers)}")


def projected(database: Database, history: Sequence[Event], batch: int = 7) -> Generation:
    """The facts of a history that was recorded and projected as it went on."""
    log = new_log(database)
    try:
        rebuild(database, log, MODELS)
        live = Generations(database).current()
        assert live is not None
        following = Following(log, live, MODELS, batch=batch)
        for start in range(0, len(history), 10):
            record(log, history[start : start + 10])
            following.catch_up()
        following.close()
        return live
    finally:
        log.close()


def known(connection: Connection, position: int | None) -> set[tuple[Any, ...]]:
    """Every row known at a position, without `closed`, which only tells what came later."""
    columns = [column for column in MOORING.c if column.name != "closed"]
    return {tuple(row) for row in connection.execute(select(*columns).where(as_of(MOORING, position)))}


def digests(generation: Generation, position: int) -> list[str]:
    with generation.engine.connect() as connection:
        return [digest(connection, model, position) for model in MODELS]


@few
@given(history=histories())
def test_the_past_reads_as_it_was_known(database_url: str, history: list[Event]):
    live = projected(another(database_url), history)
    with live.engine.connect() as connection:
        for position in range(len(history) + 1):
            told = account(history[:position])
            for number in range(1, LAST_DAY + 1):
                held = connection.execute(
                    select(MOORING.c.boat, MOORING.c.berth).where(
                        as_of(MOORING, position), effective_on(MOORING, january(number))
                    )
                ).all()
                assert sorted(map(tuple, held)) == sorted(told.on(number).items())
                register = connection.scalars(listed(MOORING, ["N1", "S1"], position, january(number)))
                assert sorted(register) == sorted(b for b, berth in told.on(number).items() if berth in ("N1", "S1"))
        assert known(connection, None) == known(connection, len(history))
    live.engine.dispose()


@few
@given(history=histories(), data=st.data())
def test_state_and_digest_as_of_a_position_are_those_of_a_fresh_replay_to_it(
    database_url: str, history: list[Event], data: st.DataObject
):
    live = projected(another(database_url), history)
    position = data.draw(st.integers(0, len(history)))
    fresh = projected(another(database_url), history[:position], batch=data.draw(st.integers(1, 12)))
    with live.engine.connect() as now, fresh.engine.connect() as then:
        assert known(now, position) == known(then, None)
    assert digests(live, position) == digests(fresh, position)
    live.engine.dispose()
    fresh.engine.dispose()


@few
@given(history=histories(), data=st.data())
def test_what_an_event_changed_is_the_difference_of_the_states_around_it(
    database_url: str, history: list[Event], data: st.DataObject
):
    live = projected(another(database_url), history)
    ends = st.integers(0, len(history))
    with live.engine.connect() as connection:
        for position in range(1, len(history) + 1):
            found = changes(connection, [MOORINGS], position).get("mooring")
            before, after = known(connection, position - 1), known(connection, position)
            assert _rows(found.before if found else []) == before - after
            assert _rows(found.after if found else []) == after - before
        earlier, later = data.draw(ends), data.draw(ends)
        found = difference(connection, [MOORINGS], earlier, later).get("mooring")
        before, after = known(connection, earlier), known(connection, later)
        assert _rows(found.before if found else []) == before - after
        assert _rows(found.after if found else []) == after - before
    live.engine.dispose()


def _rows(rows: Sequence[Any]) -> set[tuple[Any, ...]]:
    return {tuple(value for name, value in row.items() if name != "closed") for row in rows}


def test_any_batch_size_and_a_rebuild_give_the_same_digest_on_every_database(tmp_path: Any, fresh_postgres_url: str):
    history = long_history(250)
    found = set()
    for url in (f"sqlite:///{tmp_path}/log.sqlite", fresh_postgres_url):
        for batch in (1, 3, 1000):
            database = another(url)
            live = projected(database, history, batch)
            found.add(tuple(digests(live, 249)))
            log = new_log(database)
            rebuilt = rebuild(database, log, MODELS)
            assert rebuilt.same == {"moorings": True, "berths": True}
            found.add(tuple(digests(rebuilt.generation, 249)))
            log.close()
            live.engine.dispose()
            rebuilt.generation.engine.dispose()
    assert len(found) == 1


def test_a_digest_tells_any_altered_fact(database_url: str):
    live = projected(another(database_url), long_history(60))
    told = {digests(live, 60)[0]}
    for alteration in (
        "UPDATE mooring SET berth = 'Z' WHERE boat = 'boat-3'",
        "UPDATE mooring SET berth = NULL WHERE boat = 'boat-3'",
        "UPDATE mooring SET valid_to = '2025-01-07' WHERE boat = 'boat-4'",
        "UPDATE mooring SET closed = NULL WHERE closed = (SELECT max(closed) FROM mooring)",
        "DELETE FROM mooring WHERE boat = 'boat-5'",
    ):
        with live.engine.begin() as connection:
            assert connection.execute(text(alteration)).rowcount
        told.add(digests(live, 60)[0])
    assert len(told) == 6
    live.engine.dispose()
