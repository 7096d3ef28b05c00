"""Generations: built beside, compared, switched to in one step, kept for the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from projections.bulk import Bulk, _Aside
from projections.facts import At, Facts, FactTable, ReadModel
from projections.facts import text as text_column
from projections.following import Following
from projections.generations import Generation, Generations, NoGeneration
from projections.history import digest
from projections.lease import Lease, LeaseTaken
from projections.projector import OlderThanFacts, Projector, status
from projections.rebuild import LogBehindFacts, Progress, rebuild
from projections.store import checkpoints
from tests.projections.house import NOW, House, refusing
from tests.projections.sample import BERTHS, MODELS, MOORING, MOORINGS, Moored, january, long_history, new_log, record
from workflow.database import Database

WHEREABOUTS = FactTable("whereabouts", key=[text_column("boat")], columns=[text_column("berth")])


def found(facts: Facts, fact: Moored, at: At) -> None:
    facts.open(WHEREABOUTS, fact.boat, valid_from=fact.effective, berth=fact.berth)


NEWER = ReadModel("berths", version=2, tables=[WHEREABOUTS], handlers={Moored: found})


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    built = House(database_url)
    yield built
    built.log.close()


def rows(generation: Generation, table: FactTable) -> list[Any]:
    with generation.engine.connect() as connection:
        return sorted(map(tuple, connection.execute(select(table.table))), key=str)


def test_there_are_no_facts_until_the_first_generation_is_built(house: House):
    assert house.generations.current() is None
    record(house.log, long_history(40))
    house.projector().once()
    assert house.live.number == 1
    assert house.live.models == {"moorings": 1, "berths": 1}
    assert house.positions() == {"moorings": 40, "berths": 40}


def test_a_rebuild_gives_what_was_there_and_tells_so(house: House):
    house.projector().once()
    record(house.log, long_history(200))
    house.projector(batch=30).once()
    before = rows(house.live, MOORING)
    told: list[Progress] = []
    rebuilt = rebuild(house.database, house.log, MODELS, progress=told.append)
    assert rebuilt.same == {"moorings": True, "berths": True}
    assert rebuilt.parked == []
    assert house.live.number == rebuilt.generation.number == 2
    assert rows(house.live, MOORING) == before
    assert (told[-1].done, told[-1].total, told[-1].seconds_left) == (200, 200, 0.0)
    assert told[-1].rate > 0


@pytest.mark.parametrize("refused", ["", "boat-70"])
@pytest.mark.parametrize("held_back", [0, 60])
def test_what_is_closed_after_it_was_written_is_closed_in_the_end(
    house: House, monkeypatch: pytest.MonkeyPatch, held_back: int, refused: str
):
    """Also where a read model parks in the middle of a page, which takes back what was folded of that page."""
    record(house.log, long_history(300))
    house.projector().once()
    before = rows(house.live, MOORING)
    monkeypatch.setattr("projections.rebuild.PAGE", 20)
    monkeypatch.setattr("projections.rebuild.HELD_BACK", held_back)
    rebuilt = rebuild(house.database, house.log, [MOORINGS, refusing(BERTHS, refused)])
    assert rebuilt.same["moorings"]
    assert rebuilt.parked == (["berths"] if refused else [])
    assert rows(house.live, MOORING) == before


def test_texts_are_kept_as_they_are_by_the_projector_and_by_a_rebuild(house: House):
    texts = ['"', "\\", "a\tb\r\n\\.\n", '\\"\\n', "null", "\\N", "", "x]\n[y", "\x01\x7f\u2028", "船,é😀"]

    def found(facts: Facts, fact: Moored, at: At) -> None:
        facts.open(WHEREABOUTS, fact.boat, valid_from=fact.effective, berth=texts[int(fact.boat)])

    model = replace(NEWER, handlers={Moored: found})
    house.projector([model]).once()
    record(house.log, [Moored(str(number), "N1", january(1)) for number in range(len(texts))])
    house.projector([model]).once()
    assert [row[1] for row in rows(house.live, WHEREABOUTS)] == texts
    assert rebuild(house.database, house.log, [model]).same == {"berths": True}
    assert [row[1] for row in rows(house.live, WHEREABOUTS)] == texts


def test_a_rebuild_finds_facts_that_do_not_follow_from_the_log_and_mends_them(house: House):
    record(house.log, long_history(200))
    house.projector().once()
    before = rows(house.live, MOORING)
    with house.live.engine.begin() as connection:
        connection.execute(text("UPDATE mooring SET berth = 'Z' WHERE boat = 'boat-60'"))
    rebuilt = rebuild(house.database, house.log, MODELS)
    assert rebuilt.same == {"moorings": False, "berths": True}
    assert rows(house.live, MOORING) == before


def test_only_some_read_models_may_be_replayed_the_others_are_copied(house: House):
    record(house.log, long_history(200))
    house.projector().once()
    record(house.log, long_history(220)[200:])  # not projected yet: copied facts are older than replayed ones
    with house.live.engine.begin() as connection:
        connection.execute(text("UPDATE mooring SET berth = 'Z' WHERE boat = 'boat-60'"))
        connection.execute(text("UPDATE berth SET arrivals = 99 WHERE berth = 'B3'"))
    rebuilt = rebuild(house.database, house.log, MODELS, only=["berths"])
    assert rebuilt.same == {"moorings": True, "berths": False}
    assert "Z" in [row[1] for row in rows(house.live, MOORING)]
    assert house.positions() == {"moorings": 220, "berths": 220}


def test_a_new_version_of_a_read_model_is_built_beside_and_switched_to(house: House):
    record(house.log, long_history(60))
    house.projector().once()
    old = house.live
    assert old.serves(BERTHS)
    assert not old.serves(NEWER)
    told = status(house.generations, house.log, [MOORINGS, NEWER], NOW)
    assert [each["state"] for each in told.values()] == ["live", "rebuilding"]
    house.projector([MOORINGS, NEWER]).once()
    assert house.live.serves(NEWER)
    assert rows(house.live, WHEREABOUTS)
    assert rows(house.live, MOORING) == rows(old, MOORING)
    with house.live.engine.connect() as connection:
        assert not inspect(connection).has_table("berth")


def test_older_code_does_not_write_into_newer_facts(house: House):
    house.projector([MOORINGS, NEWER]).once()
    record(house.log, long_history(20))
    with pytest.raises(OlderThanFacts, match="berths"):
        house.projector().once()
    assert house.positions() == {"moorings": 0, "berths": 0}


def test_the_generation_before_is_kept_and_can_be_gone_back_to(house: House):
    record(house.log, long_history(100))
    house.projector().once()
    with pytest.raises(NoGeneration):
        house.generations.rollback()
    rebuild(house.database, house.log, MODELS)
    record(house.log, long_history(130)[100:])
    house.projector().once()
    assert house.generations.rollback().number == 1
    assert house.positions() == {"moorings": 100, "berths": 100}
    house.projector().once()
    assert house.live.number == 1
    assert house.positions() == {"moorings": 130, "berths": 130}


def test_two_generations_are_kept_and_older_ones_removed(house: House):
    record(house.log, long_history(30))
    house.projector().once()
    first = house.live
    for _ in range(3):
        rebuild(house.database, house.log, MODELS)
    assert [(each.number, each.state) for each in house.generations.all()] == [(3, "retired"), (4, "live")]
    assert not exists(first)
    assert exists(house.live)


def exists(generation: Generation) -> bool:
    """Whether the tables of a generation are still there, without creating anything."""
    if generation.engine.dialect.name == "sqlite":
        file = generation.engine.url.database
        assert file is not None
        return any(Path(f"{file}{part}").exists() for part in ("", "-wal", "-shm"))
    with generation.engine.connect() as connection:
        return inspect(connection).has_table("checkpoint")


def test_what_an_interrupted_rebuild_left_is_cleared_away(house: House):
    record(house.log, long_history(30))
    house.projector().once()

    class Interrupted(Exception):
        pass

    def interrupt(_: Progress) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        rebuild(house.database, house.log, MODELS, progress=interrupt)
    assert [each.state for each in house.generations.all()] == ["live", "building"]
    assert house.live.number == 1
    assert rebuild(house.database, house.log, MODELS).same == {"moorings": True, "berths": True}
    assert [each.state for each in house.generations.all()] == ["retired", "live"]


def test_one_rebuild_at_a_time(house: House):
    with Lease(house.database, "rebuild"), pytest.raises(LeaseTaken):
        rebuild(house.database, house.log, MODELS)
    assert house.generations.current() is None


def test_a_read_model_that_cannot_take_an_event_is_parked_by_a_rebuild_the_others_are_whole(house: House):
    record(house.log, long_history(200))
    house.projector().once()
    before = rows(house.live, MOORING)
    others = refusing(replace(NEWER, name="others"), "boat-70")
    rebuilt = rebuild(house.database, house.log, [others, MOORINGS, refusing(BERTHS, "boat-20")])
    assert sorted(rebuilt.parked) == ["berths", "others"]
    assert rebuilt.same["moorings"]
    assert rows(house.live, MOORING) == before
    with house.live.engine.connect() as connection:
        parked = checkpoints(connection)["others"]
        assert "ZeroDivisionError" in (parked.error or "")
        held = connection.execute(select(WHEREABOUTS.c.boat)).scalars().all()
    assert "boat-69" in held
    assert "boat-70" not in held


def test_what_does_not_fit_into_memory_is_followed_in_batches(house: House, monkeypatch: pytest.MonkeyPatch):
    record(house.log, long_history(300))
    house.projector().once()
    monkeypatch.setattr("projections.rebuild.PAGE", 50)
    monkeypatch.setattr("projections.rebuild.MOST_IN_MEMORY", 100)
    told: list[Progress] = []
    assert rebuild(house.database, house.log, MODELS, progress=told.append).same == {"moorings": True, "berths": True}
    assert told[-1].done < 300
    assert house.positions() == {"moorings": 300, "berths": 300}


def test_a_long_log_is_written_by_a_process_of_its_own(house: House, monkeypatch: pytest.MonkeyPatch):
    record(house.log, long_history(300))
    house.projector().once()
    monkeypatch.setattr("projections.rebuild.ASIDE_FROM", 100)
    assert rebuild(house.database, house.log, MODELS).same == {"moorings": True, "berths": True}
    assert house.positions() == {"moorings": 300, "berths": 300}


@pytest.mark.parametrize("aside_from", [1, 1000])
@pytest.mark.parametrize("value", [2**70, 2**63, january(1)])
def test_a_value_that_the_database_refuses_parks_its_read_model_in_a_rebuild_too(
    house: House, monkeypatch: pytest.MonkeyPatch, aside_from: int, value: Any
):
    def refused(facts: Facts, fact: Moored, at: At) -> None:
        BERTHS.handlers[Moored](facts, fact, at)
        if fact.boat == "boat-7":
            facts.amend(BERTHS.tables[0], "H", fact.berth, arrivals=value)

    record(house.log, long_history(60))
    monkeypatch.setattr("projections.rebuild.ASIDE_FROM", aside_from)
    rebuilt = rebuild(house.database, house.log, [MOORINGS, replace(BERTHS, handlers={Moored: refused})])
    assert rebuilt.parked == ["berths"]
    assert house.positions()["moorings"] == 60
    assert 5 < house.positions()["berths"] < 20


def test_a_writing_process_that_dies_is_noticed(house: House, monkeypatch: pytest.MonkeyPatch):
    record(house.log, long_history(60))
    bulk = Bulk(house.database, "facts_9", aside=True)
    try:
        bulk.create(MODELS)
        assert isinstance(bulk._writing, _Aside)
        bulk._writing._process.kill()
        with pytest.raises(RuntimeError, match="writing process"):
            bulk.finish(MODELS, {"moorings": 0, "berths": 0}, NOW)
    finally:
        bulk.close()


def test_a_switch_never_shows_an_earlier_position(house: House, monkeypatch: pytest.MonkeyPatch):
    """The old generation is ahead when the new one is ready: it stands still until the new one has come as far."""
    record(house.log, long_history(50))
    house.projector().once()
    seen: list[int] = []
    switch = Generations.switch

    def looking(self: Generations, to: Generation) -> None:
        seen.append(min(house.positions().values()))
        with to.engine.connect() as connection:
            seen.append(min(each.position for each in checkpoints(connection).values()))
        switch(self, to)

    catch_up = Following.catch_up

    def overtaken(self: Following) -> None:
        catch_up(self)
        record(house.log, long_history(90)[50:])
        old = house.following()
        catch_up(old)
        old.close()

    monkeypatch.setattr(Following, "catch_up", overtaken)
    monkeypatch.setattr(Generations, "switch", looking)
    rebuild(house.database, house.log, MODELS)
    assert seen == [90, 90]


def test_a_reader_notices_a_switch(house: House):
    record(house.log, long_history(30))
    house.projector().once()
    reader = Generations(house.database)
    first = reader.current()
    rebuild(house.database, house.log, MODELS)
    second = reader.current()
    assert first is not None
    assert second is not None
    assert (first.number, second.number) == (1, 2)
    with second.engine.connect() as connection:
        assert digest(connection, MOORINGS, 30)


def test_the_indexes_of_a_table_are_there_after_a_rebuild(house: House):
    record(house.log, long_history(30))
    house.projector().once()
    with house.live.engine.connect() as connection:
        # SQLAlchemy's inspection leaves out indexes on expressions.
        listing = "sqlite_master WHERE tbl_name = 'mooring' AND sql LIKE 'CREATE INDEX%'"
        if connection.dialect.name == "postgresql":
            listing = "pg_indexes WHERE schemaname = current_schema() AND tablename = 'mooring'"
        column = "name" if connection.dialect.name == "sqlite" else "indexname"
        names = set(connection.scalars(text(f"SELECT {column} FROM {listing}"))) - {"mooring_pkey"}
    assert names == {"mooring_by_boat", "mooring_by_berth", "mooring_closed", "mooring_known", "mooring_held"}


def test_a_projector_started_twice_at_first_builds_one_generation(house: House):
    with Lease(house.database, "rebuild"), pytest.raises(LeaseTaken):
        Projector(house.database, house.log, MODELS).once()
    Projector(house.database, house.log, MODELS).once()
    Projector(house.database, new_log(house.database), MODELS).once()
    assert [each.number for each in house.generations.all()] == [1]


def test_facts_that_know_more_than_the_log_are_not_rebuilt_from_it(house: House, tmp_path: Path):
    record(house.log, long_history(40))
    house.projector().once()
    older = new_log(Database.parse(f"sqlite:///{tmp_path}/elsewhere/log.sqlite"))
    record(older, long_history(10))
    with pytest.raises(LogBehindFacts):
        rebuild(house.database, older, MODELS)
    assert house.live.number == 1
    older.close()


def test_no_two_logs_have_one_source(house: House, tmp_path: Path):
    other = new_log(Database.parse(f"sqlite:///{tmp_path}/elsewhere/log.sqlite"))
    assert other.source.startswith("urn:uuid:")
    assert other.source != house.log.source
    other.migrate()
    assert new_log(Database.parse(f"sqlite:///{tmp_path}/elsewhere/log.sqlite")).source == other.source
    other.close()
