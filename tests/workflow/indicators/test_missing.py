"""Missing readings: yellow on the first working day after the cut-off, red on the third; and reported late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.given import given
from tests.workflow.clock.house import Institution, by_the_clock
from tests.workflow.indicators.known import CHARTER, TEXT, adopted, department, notice, reported
from workflow.calendar import Calendar
from workflow.charter.loader import digest
from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.events import IndicatorRetired, ReadingMissed
from workflow.indicators.missing import MissingReadings, NoteMissingReading
from workflow.indicators.readings import ReportReading
from workflow.indicators.reperformance import ReadingsAgain
from workflow.organisation.events import UnitDissolved
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event
from workflow.warnings.events import WarningRaised
from workflow.warnings.views import warning_id

I07, G3, MAY = IndicatorId("I07"), UnitId("G3"), ReadingId("I07.G3.2025-05")
DUE = date(2025, 6, 5)  # a Thursday
YELLOW, RED = date(2025, 6, 6), date(2025, 6, 10)
KNOWN = (department("G3"), adopted("I07"))
_places = count()


def note(on: date, indicator: str = "I07", period: str = "2025-05", unit: str = "G3") -> Command:
    return NoteMissingReading(indicator=IndicatorId(indicator), unit=UnitId(unit), period=period, effective=on)


def missed(colour: str, on: date) -> ReadingMissed:
    return ReadingMissed(MAY, I07, G3, "2025-05", colour, DUE, "1", digest(TEXT), on)


def warned(colour: str, on: date, number: int = 1) -> WarningRaised:
    calendar = Calendar(CHARTER)
    respond_by = calendar.add(on, 3 if colour == "red" else 5)
    rectify_by = calendar.add(on, 15) if colour == "red" else None
    return WarningRaised(warning_id(MAY, number), I07, G3, MAY, "2025-05", colour, respond_by, rectify_by, on)


def test_what_is_missing_is_yellow_on_the_first_working_day_after_the_cut_off():
    given(*KNOWN).when(note(DUE), today=DUE).nothing()
    given(*KNOWN).when(note(YELLOW), today=YELLOW).then(
        missed("yellow", YELLOW), warned("yellow", YELLOW), notice(warned("yellow", YELLOW))
    )


def test_what_is_missing_is_red_on_the_third_working_day_after_the_cut_off():
    yellow = (*KNOWN, missed("yellow", YELLOW), warned("yellow", YELLOW))
    given(*yellow).when(note(date(2025, 6, 9)), today=date(2025, 6, 9)).nothing()
    given(*yellow).when(note(RED), today=RED).then(
        missed("red", RED), warned("red", RED, 2), notice(warned("red", RED, 2))
    )


def test_what_was_reported_by_then_is_not_missing():
    known = (*KNOWN, reported("I07", "G3", "2025-05", "24", YELLOW, DUE, late=True))
    given(*known).when(note(YELLOW), today=YELLOW).nothing()


def test_what_was_reported_only_later_was_missing_on_the_day_all_the_same():
    known = (*KNOWN, reported("I07", "G3", "2025-05", "24", RED, DUE, late=True))
    given(*known).when(note(YELLOW), today=YELLOW).then(
        missed("yellow", YELLOW), warned("yellow", YELLOW), notice(warned("yellow", YELLOW))
    )


def test_an_indicator_for_reference_is_never_missing():
    given(department("G3"), adopted("I08")).when(note(RED, "I08"), today=RED).nothing()


@pytest.mark.parametrize("value", ["24", "30", "33"])  # green, yellow, red: there is an open red one already
def test_filled_late_it_keeps_its_warnings_and_raises_none_that_asks_for_less(value: str):
    known = (*KNOWN, missed("yellow", YELLOW), warned("yellow", YELLOW), missed("red", RED), warned("red", RED, 2))
    on = date(2025, 6, 12)
    report = ReportReading(indicator=I07, unit=G3, period="2025-05", value=Decimal(value), effective=on)
    given(*known).when(report, today=on).then(reported("I07", "G3", "2025-05", value, on, DUE, late=True))


def test_filled_late_with_a_worse_colour_it_raises_the_next_warning():
    known = (*KNOWN, missed("yellow", YELLOW), warned("yellow", YELLOW))
    report = ReportReading(indicator=I07, unit=G3, period="2025-05", value=Decimal(33), effective=YELLOW)
    late = reported("I07", "G3", "2025-05", "33", YELLOW, DUE, late=True)
    given(*known).when(report, today=YELLOW).then(late, warned("red", YELLOW, 2), notice(warned("red", YELLOW, 2)))


def test_a_missing_reading_of_a_unit_that_is_not_concerned_is_refused():
    given(department("G9"), adopted("I07")).when(note(RED, unit="G9"), today=RED).refused("indicator.scope")


def test_colours_of_what_was_missing_are_decided_again():
    facts: list[Event] = [*given(*KNOWN).facts, missed("yellow", YELLOW), missed("red", RED)]
    again = Reperformance([ReadingsAgain])
    assert [again.follow(fact) for fact in facts if fact.TOPIC in again.topics] == [""] * 5
    assert again.decisions == 2
    for wrong, told in (
        (missed("yellow", RED), "the colour is recorded as yellow, and had to be red"),
        (replace(missed("red", RED), due=YELLOW), f"the due date is recorded as {YELLOW}, and had to be "),
    ):
        assert told in again.follow(wrong)


FIRST = date(2025, 5, 20)
LIVED = {
    date(2025, 6, 3): [
        ReportReading(indicator=I07, unit=G3, period="2025-05", value=Decimal(24), effective=date(2025, 6, 3))
    ],
    date(2025, 7, 9): [
        ReportReading(indicator=I07, unit=G3, period="2025-06", value=Decimal(24), effective=date(2025, 7, 9))
    ],
}


def test_the_clock_notes_what_is_missing_on_its_days(tmp_path: Path):
    house = Institution(f"sqlite:///{tmp_path}/log.sqlite", [*KNOWN, department("G4"), adopted("I09")], FIRST)
    house.live(house.clock(lambda: [MissingReadings()]), date(2025, 9, 1), LIVED)
    noted = [(f.reading, f.colour, f.effective) for f in house.facts() if isinstance(f, ReadingMissed)]
    assert noted == [
        ("I09.G3.2025-05", "yellow", date(2025, 6, 6)),
        ("I09.G3.2025-05", "red", date(2025, 6, 10)),
        ("I07.G3.2025-06", "yellow", date(2025, 7, 8)),
        ("I09.G3.2025-06", "yellow", date(2025, 7, 8)),
        ("I09.G3.2025-06", "red", date(2025, 7, 10)),
        ("I07.G3.2025-07", "yellow", date(2025, 8, 6)),
        ("I09.G3.2025-07", "yellow", date(2025, 8, 6)),
        ("I07.G3.2025-07", "red", date(2025, 8, 8)),
        ("I09.G3.2025-07", "red", date(2025, 8, 8)),
    ]
    house.close()


def test_what_was_due_before_the_clock_was_started_is_left_alone(tmp_path: Path):
    house = Institution(f"sqlite:///{tmp_path}/log.sqlite", [*KNOWN], date(2025, 6, 6))
    house.live(house.clock(lambda: [MissingReadings()]), date(2025, 7, 5))
    assert not [fact for fact in house.facts() if isinstance(fact, ReadingMissed)]
    house.close()


def test_a_unit_that_is_gone_and_an_indicator_that_is_retired_owe_nothing(tmp_path: Path):
    gone = [UnitDissolved(UnitId("G4"), date(2025, 5, 31)), IndicatorRetired(IndicatorId("I09"), date(2025, 5, 1))]
    known = [department("G3"), department("G4"), adopted("I09"), adopted("I11"), *gone]
    house = Institution(f"sqlite:///{tmp_path}/log.sqlite", known, FIRST)
    house.live(house.clock(lambda: [MissingReadings()]), date(2025, 9, 1))
    assert not [fact for fact in house.facts() if isinstance(fact, ReadingMissed)]
    house.close()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 45), max_size=6))
def test_a_clock_that_slept_misses_what_one_missed_that_was_awake(tmp_path: Path, naps: list[int]):
    last = date(2025, 9, 1)

    def lived(awake: Iterable[date]) -> list[tuple[str, Event]]:
        house = Institution(f"sqlite:///{tmp_path}/{next(_places)}/log.sqlite", [*KNOWN, adopted("I09")], FIRST)
        clock = house.clock(lambda: [MissingReadings()])
        nights = set(awake)
        while house.day <= last:
            if house.day in nights:
                clock.until(house.day)
            for command in LIVED.get(house.day, ()):
                house.do(command)
            house.day += timedelta(days=1)
        clock.until(last)
        told = by_the_clock(house)
        house.close()
        return told

    every_night = [FIRST + timedelta(days=n) for n in range((last - FIRST).days + 1)]
    assert lived([FIRST, *(FIRST + timedelta(days=n) for n in accumulate(naps))]) == lived(every_night)
