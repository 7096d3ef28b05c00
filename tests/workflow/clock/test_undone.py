"""What the clock had to do and never did: the audit tells, and tells nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from projections.audit import reperformance
from tests.given import Given
from tests.workflow.clock.house import Institution
from tests.workflow.indicators.known import department
from tests.workflow.warnings.test_escalation import EVERY_NIGHT, lived
from workflow.agendas import agendas
from workflow.clock.undone import Missing, Undone
from workflow.duties.events import DutyOpened
from workflow.entry import Envelope
from workflow.indicators.events import ReadingMissed
from workflow.indicators.missing import MissingReadings
from workflow.slices import Event
from workflow.warnings.agenda import EscalatedWarnings
from workflow.warnings.events import RectificationOverdue, WarningEscalated


@pytest.fixture(scope="module", params=["awake", "slept"])
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Envelope]:
    """Warnings that went up, by a clock that was awake, and by one that slept for 20 days at a time."""
    nights = EVERY_NIGHT if request.param == "awake" else EVERY_NIGHT[::20]
    house = lived(tmp_path_factory.mktemp("undone"), nights)
    found = house.envelopes()
    house.close()
    return found


def missing(envelopes: Sequence[Envelope]) -> Missing | None:
    facts: list[Event] = [each.event for each in envelopes]
    undone = Undone(
        lambda: [MissingReadings(), EscalatedWarnings()], lambda position, views: Given(facts[:position])._read(views)
    )
    for position, (envelope, fact) in enumerate(zip(envelopes, facts, strict=True), 1):
        undone.follow(position, envelope, fact)
    return undone.first()


def without(envelopes: Iterable[Envelope], command: str) -> list[Envelope]:
    return [each for each in envelopes if each.commandid != command]


def commands(envelopes: Iterable[Envelope], kind: type[Event]) -> list[str]:
    return [each.commandid for each in envelopes if each.actor == "clock" and each.type == kind.TOPIC]


def test_of_a_clock_that_did_everything_nothing_is_missing(history: list[Envelope]) -> None:
    assert missing(history) is None


@pytest.mark.parametrize("kind", [ReadingMissed, WarningEscalated, RectificationOverdue])
def test_whatever_is_taken_out_is_missed(history: list[Envelope], kind: type[Event]) -> None:
    last = max(date.fromisoformat(each.effectivedate) for each in history if each.actor == "clock")
    for command in commands(history, kind):
        (first, *_) = [each for each in history if each.commandid == command]
        found = missing(without(history, command))
        if date.fromisoformat(first.effectivedate) < last:
            assert found is not None, command
            about = command.removeprefix("clock.").rpartition(".")[0]  # a clock that slept learns of some a day later
            assert found.sentence.startswith(f"missing: {about}."), found
            assert kind.TOPIC in found.sentence


def test_what_was_due_after_the_last_thing_that_the_clock_did_may_still_come(history: list[Envelope]) -> None:
    mine = [n for n, each in enumerate(history) if each.actor == "clock"]
    last = {n for n in mine if history[n].commandid == history[mine[-1]].commandid}
    assert missing([each for n, each in enumerate(history) if n not in last]) is None


def test_what_a_clock_does_later_when_it_is_started_anew_is_not_missing(history: list[Envelope]) -> None:
    command = commands(history, WarningEscalated)[0]
    late = [each for each in history if each.commandid == command]
    assert missing([*without(history, command), *late]) is None


def test_a_clock_that_was_never_started_did_nothing(history: list[Envelope]) -> None:
    found = missing(without(history, "clock.start"))
    assert found is not None
    assert "the clock was never started" in found.sentence


def test_the_audit_of_a_log_tells_what_is_missing(tmp_path: Path) -> None:
    """A house whose clock does not know of escalations: all that went up is missing."""
    house = lived(tmp_path, EVERY_NIGHT)
    assert reperformance(house.log).detail.startswith("missing: duty.")  # this clock does nothing about duties
    whole = house.clock(agendas)
    whole.until(EVERY_NIGHT[-1])
    assert reperformance(house.log).ok
    house.close()


def test_a_clock_is_not_held_to_what_was_back_dated_afterwards(tmp_path: Path) -> None:
    first = date(2025, 6, 2)
    house = Institution(f"sqlite:///{tmp_path}/log.sqlite", [department("G1", since=first)], first)
    clock = house.clock(agendas)
    house.live(clock, first + timedelta(days=9))
    house.record(department("G2", since=first))  # established as of a day that the clock has gone through
    house.live(clock, first + timedelta(days=40))
    assert {fact.unit for fact in house.facts() if isinstance(fact, DutyOpened)} == {"G1", "G2"}
    assert reperformance(house.log).ok
    house.close()
