"""Deciding every colour again: what was decided by the rules passes, and what was falsified is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.given import LONG_AGO, charter_in_force, given
from tests.workflow.indicators.known import TEXT, adopted, definition, department
from workflow.charter.events import CharterPublished
from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.commands import AmendIndicator, RetireIndicator, SetTarget
from workflow.indicators.events import ReadingCorrected, ReadingReported
from workflow.indicators.readings import CorrectReading, ReportReading
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event

STRICTER = TEXT.replace('version = "1"', 'version = "2"', 1).replace("yellow = 0.80 }", "yellow = 0.85 }", 1)
I07, G3 = IndicatorId("I07"), UnitId("G3")
MAY = ReadingId("I07.G3.2025-05")


def report(period: str, value: str, on: date, indicator: str = "I07") -> Command:
    return ReportReading(indicator=IndicatorId(indicator), unit=G3, period=period, value=Decimal(value), effective=on)


def lived(*acts: tuple[Command, date]) -> list[Event]:
    """What comes of these commands, each on its day, by two persons: with a charter, a department and two indicators,
    and from 1 July 2025 on a stricter charter."""
    facts = charter_in_force(TEXT, LONG_AGO)
    facts += [adopted("I07"), adopted("I09"), department("G3"), *charter_in_force(STRICTER, date(2025, 7, 1))]
    for command, today in acts:
        answer = given(*facts, charter=None).when(command, today=today, approver="B", reason="so it is")
        assert answer.refusal is None, answer.refusal
        facts += answer.facts
    return facts


@pytest.fixture(scope="module")
def history() -> list[Event]:
    """All kinds of what decides a colour: two charters, an amended and a retired indicator, targets, a correction."""
    amended = replace(definition("I07"), red=">30")
    june, july, september = date(2025, 6, 3), date(2025, 7, 2), date(2025, 9, 2)
    return lived(
        (report("2025-05", "30", june), june),
        (report("2025-05", "88", june, "I09"), june),
        (SetTarget(indicator=I07, unit=G3, year=2025, target=Decimal(26), effective=june), june),
        (AmendIndicator(indicator=I07, definition=amended, effective=june), june),
        (CorrectReading(reading=MAY, value=Decimal(33), effective=june), june),
        (CorrectReading(reading=MAY, value=Decimal(26), effective=june), june),
        (report("2025-06", "31", july), july),
        (report("2025-08", "27", september), september),
        (report("2025-08", "75", september, "I09"), september),
        (RetireIndicator(indicator=I07, effective=september), september),
    )


def wrong(facts: Sequence[Event]) -> dict[int, str]:
    """What is found wrong, by the place of the event."""
    again = Reperformance()
    found = {place: again.follow(fact) for place, fact in enumerate(facts) if fact.TOPIC in again.topics}
    return {place: told for place, told in found.items() if told}


def place(facts: Sequence[Event], number: int, kind: type[Event] = ReadingReported) -> int:
    return [n for n, fact in enumerate(facts) if isinstance(fact, kind)][number]


def with_judgement(facts: Sequence[Event], where: int, **change: Any) -> list[Event]:
    fact: Any = facts[where]
    return [*facts[:where], replace(fact, judgement=replace(fact.judgement, **change)), *facts[where + 1 :]]


def test_what_was_decided_by_the_rules_passes(history):
    assert wrong(history) == {}
    again = Reperformance()
    for fact in history:
        if fact.TOPIC in again.topics:
            again.follow(fact)
    assert again.decisions == 17  # 7 colours, and 5 warnings that each reached a rung
    colours = [fact.judgement.colour for fact in history if isinstance(fact, (ReadingReported, ReadingCorrected))]
    assert set(colours) == {"green", "yellow", "red"}


@pytest.mark.parametrize("number", range(5))
def test_a_falsified_colour_is_found_and_the_reading_named(history, number):
    where = place(history, number)
    fact: Any = history[where]
    falsified = "green" if fact.judgement.colour != "green" else "red"
    told = wrong(with_judgement(history, where, colour=falsified))
    assert min(told) == where
    assert (
        told[where] == f"{fact.reading}: the colour is recorded as {falsified}, and had to be {fact.judgement.colour}"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", Decimal(1)),
        ("target", Decimal(99)),
        ("attainment", Decimal("0.5")),
        ("rule", "count"),
        ("decided_by", "no limit"),
        ("charter", "3"),
        ("definition_from", date(2025, 1, 1)),
    ],
)
def test_whatever_it_was_decided_from_is_compared_too(history, field, value):
    where = place(history, 3)
    (told,) = wrong(with_judgement(history, where, **{field: value})).values()
    assert told.startswith(f"I07.G3.2025-08: the {field} is recorded as {value}, and had to be ")


def test_a_falsified_correction_is_found_where_it_is(history):
    where = place(history, 0, ReadingCorrected)
    found = wrong(with_judgement(history, where, colour="green"))
    assert found == {where: f"{MAY}: the colour is recorded as green, and had to be red"}


def test_a_value_that_does_not_fit_its_colour_is_found(history):
    where = place(history, 0)
    fact: Any = history[where]
    found = wrong([*history[:where], replace(fact, value=Decimal(20)), *history[where + 1 :]])
    assert list(found) == [where]
    assert "the value is recorded as 30, and had to be 20" in found[where]
    assert "the colour is recorded as yellow, and had to be green" in found[where]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1"])
def test_a_value_that_cannot_be_one_is_found_and_the_rest_is_looked_at(history, value):
    where = place(history, 0)
    fact: Any = history[where]
    found = wrong([*history[:where], replace(fact, value=Decimal(value)), *history[where + 1 :]])
    assert list(found) == [where]
    assert MAY in found[where]


def test_a_reading_of_what_nobody_defined_is_found(history):
    where = next(n for n, fact in enumerate(history) if fact == adopted("I07"))
    found = wrong([*history[:where], *history[where + 1 :]])
    assert "I07.G3.2025-05: reading.reported could not be decided again" in found[place(history, 0) - 1]


def test_a_correction_of_what_was_never_reported_is_found(history):
    where = place(history, 0)
    found = wrong([*history[:where], *history[where + 1 :]])
    assert f"{MAY}: reading.corrected could not be decided" in found[place(history, 0, ReadingCorrected) - 1]


@pytest.mark.parametrize(
    ("text", "told"), [(STRICTER, "is not the digest's"), ("version = ", "is no charter: ")], ids=["another", "none"]
)
def test_a_charter_whose_text_was_exchanged_is_found(history, text, told):
    published = history[0]
    assert isinstance(published, CharterPublished)
    found = wrong([replace(published, text=text), *history[1:]])
    assert list(found) == [0]
    assert found[0].startswith("the text of procuratorate ")
    assert told in found[0]
