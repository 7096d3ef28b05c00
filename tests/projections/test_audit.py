"""The audit: what is true passes, and of what is not the first position is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from projections.audit import faithfulness, reperformance, replayed
from projections.history import digest
from projections.models import MODELS
from tests.projections.office import OFFICE, History, facts_of
from workflow.database import Database
from workflow.entry import tail
from workflow.finding import Finding
from workflow.ids import UnitId
from workflow.indicators.events import ReadingReported
from workflow.log import LogEvent, LogRecorder, open_log
from workflow.organisation.events import PersonRegistered, UnitEstablished, UnitRenamed
from workflow.organisation.units import RenameUnit
from workflow.slices import Context

MAY = date(2025, 5, 6)
FOUNDED = History(*OFFICE).facts
UNIT_G7 = 1 + next(n for n, fact in enumerate(FOUNDED) if isinstance(fact, UnitEstablished) and fact.unit == "G7")
PERSON_P9 = 1 + next(n for n, fact in enumerate(FOUNDED) if isinstance(fact, PersonRegistered) and fact.person == "P9")
FIRST_READING, SECOND_READING, WARNING, NOTICE, RENAMED_G6, RENAMED_G7 = range(len(FOUNDED) + 2, len(FOUNDED) + 8)
"""Positions of events."""


@pytest.fixture
def history() -> History:
    """An office with two readings; its last two events rename units."""
    history = History(*OFFICE)
    history.adopt("I20", date(2025, 3, 3))
    history.report("I20", "G7", "2025-03", "100", date(2025, 4, 2))
    history.report("I20", "G7", "2025-04", "96.5", MAY)
    history.then(RenameUnit(unit=UnitId("G6"), name_zh="未检部", effective=MAY), MAY)
    history.then(RenameUnit(unit=UnitId("G7"), name_zh="控申部", effective=MAY), MAY)
    return history


class Audited:
    """A log and its facts, with somebody who writes into them."""

    def __init__(self, url: str, connection: Connection) -> None:
        self.database, self.facts = Database.parse(url), connection
        self.log: LogRecorder = open_log(self.database)

    def falsify(self, statement: str) -> None:
        assert self.facts.exec_driver_sql(statement).rowcount == 1
        self.facts.commit()

    def faithfulness(self) -> Finding:
        return faithfulness(self.database, self.log, MODELS, lambda _: None)


def _audited(url: str, history: History) -> Iterator[Audited]:
    with facts_of(url, history) as connection:
        audited = Audited(url, connection)
        yield audited
        audited.log.close()


@pytest.fixture
def audited(database_url: str, history: History) -> Iterator[Audited]:
    yield from _audited(database_url, history)


@pytest.fixture
def audited_file(tmp_path: Path, history: History) -> Iterator[Audited]:
    """The same on SQLite only."""
    yield from _audited(f"sqlite:///{tmp_path}/log.sqlite", history)


def test_facts_that_the_projector_made_are_faithful(audited):
    assert audited.faithfulness() == Finding(True, len(MODELS))


def test_facts_that_lag_behind_are_faithful_as_far_as_they_go(audited):
    append(audited.log, UnitRenamed(UnitId("G6"), "又名", "", MAY))
    assert audited.faithfulness() == Finding(True, len(MODELS))


def test_where_there_are_no_facts_yet_nothing_is_wrong(database_url):
    database = Database.parse(database_url)
    log = open_log(database)
    log.migrate()
    finding = faithfulness(database, log, MODELS, lambda _: None)
    assert (finding.ok, finding.checked, finding.detail) == (True, 0, "There are no facts yet.")
    log.close()


def append(log: LogRecorder, fact: Any) -> None:
    context = Context(actor="C1", command_id="c", today=MAY)
    log.record([LogEvent(fact.TOPIC, tail(fact, context, 1, ""), [])])


@pytest.mark.parametrize(
    ("statement", "first", "model"),
    [
        ("UPDATE reading SET colour = 'green' WHERE reading = 'I20.G7.2025-04'", SECOND_READING, "indicators"),
        ("UPDATE reading SET value = '96.6' WHERE reading = 'I20.G7.2025-04'", SECOND_READING, "indicators"),
        ("DELETE FROM reading WHERE reading = 'I20.G7.2025-03'", FIRST_READING, "indicators"),
        (f"UPDATE warning SET unit = 'G6' WHERE opened = {WARNING}", WARNING, "warnings"),
        ("UPDATE unit SET name_zh = 'x' WHERE name_zh = '未检部'", RENAMED_G6, "responsibility"),
        ("UPDATE unit SET closed = closed + 1 WHERE unit = 'G6' AND closed IS NOT NULL", RENAMED_G6, "responsibility"),
        ("UPDATE unit SET opened = opened - 1 WHERE unit = 'G7' AND closed IS NOT NULL", UNIT_G7 - 1, "responsibility"),
        ("UPDATE unit SET closed = NULL WHERE unit = 'G7' AND closed IS NOT NULL", RENAMED_G7, "responsibility"),
        ("DELETE FROM person WHERE person = 'P9'", PERSON_P9, "people"),
    ],
)
def test_a_fact_that_somebody_changed_is_found_with_its_first_position(audited_file, statement, first, model):
    audited_file.falsify(statement)
    sentence = f"the facts of {model} are not those that a replay gives"
    assert audited_file.faithfulness() == Finding(False, len(MODELS), first, sentence)


def test_a_fact_that_somebody_added_is_found(audited_file):
    values = f"'DCP-CHIEF', 'G6', '2025-01-01', NULL, {RENAMED_G6}, NULL"
    audited_file.falsify(f"INSERT INTO post_duty (post, unit, valid_from, valid_to, opened, closed) VALUES ({values})")
    assert audited_file.faithfulness().first_bad == RENAMED_G6


def test_of_several_the_earliest_is_named(audited):
    audited.falsify(f"UPDATE warning SET unit = 'G6' WHERE opened = {WARNING}")
    audited.falsify("UPDATE reading SET colour = 'red' WHERE reading = 'I20.G7.2025-03'")
    finding = audited.faithfulness()
    assert (finding.first_bad, finding.detail) == (
        FIRST_READING,
        "the facts of indicators are not those that a replay gives",
    )


def test_a_replay_stands_beside_everything_and_gives_the_state_at_any_position(audited):
    before = audited.log.head().position
    with replayed(audited.log, MODELS, lambda _: None) as fresh:
        for model in MODELS:
            for position in (before, before - 1, 20):
                assert fresh.digest(model, position) == digest(audited.facts, model, position)
        readings = next(model for model in MODELS if model.name == "indicators")
        counts = [fresh.count(readings, position) for position in (before, FIRST_READING, FIRST_READING - 1, 0)]
        assert counts == [3, 2, 1, 0]
        assert list(fresh.parked) == []
    assert audited.log.head().position == before


def test_decisions_by_the_rules_pass(audited):
    told: list[tuple[int, int]] = []
    finding = reperformance(audited.log, lambda done, total: told.append((done, total)))
    assert finding == Finding(True, 4)
    head = audited.log.head().position
    assert told == [(head, head)]


@pytest.mark.parametrize("number", [0, 1])
def test_a_falsified_decision_in_a_log_is_found_with_its_position(database_url, history, number):
    where = [n for n, fact in enumerate(history.facts) if isinstance(fact, ReadingReported)][number]
    fact: Any = history.facts[where]
    history.facts[where] = replace(fact, judgement=replace(fact.judgement, colour="yellow"))
    due = fact.judgement.colour
    with facts_of(database_url, history) as connection:
        audited = Audited(database_url, connection)
        finding = reperformance(audited.log)
        sentence = f"{fact.reading}: the colour is recorded as yellow, and had to be {due}"
        assert finding == Finding(False, 4, where + 1, sentence)
        assert audited.faithfulness().ok  # the facts follow from what is recorded, be it right or wrong
        audited.log.close()


@pytest.mark.parametrize("data", [b'"specversion":"1.0"}', b'"data":{"reading":1}}', b"?"])
def test_an_entry_that_cannot_be_read_is_found_and_the_rest_is_looked_at(audited_file, data):
    head = audited_file.log.head().position
    audited_file.log.append([LogEvent("reading.reported", data, [])])
    finding = reperformance(audited_file.log)
    assert (finding.ok, finding.checked, finding.first_bad) == (False, 4, head + 1)
    assert finding.detail.startswith("the entry cannot be read: ")
