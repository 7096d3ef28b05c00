"""The rules of correcting readings: the colour as reported stays, and what becomes of warnings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from tests.given import Answer, given
from tests.workflow.indicators.known import CHARTER, START, adopted, definition, department, notice, raised, reported
from workflow.ids import IndicatorId, PersonId, ReadingId, UnitId, WarningId
from workflow.indicators.colour import judge
from workflow.indicators.events import IndicatorAmended, ReadingCorrected, ReadingReported
from workflow.indicators.readings import CorrectReading
from workflow.slices import Event
from workflow.warnings.events import RectificationReported, WarningClosedOut, WarningRaised

IN_TIME = date(2025, 6, 4)
DUE = date(2025, 6, 5)
I07, G3 = IndicatorId("I07"), UnitId("G3")
first = (adopted("I07"), department("G3"))

FOUND = date(2025, 6, 20)
green = reported("I07", "G3", "2025-05", "24", IN_TIME, DUE)
yellow = reported("I07", "G3", "2025-05", "30", IN_TIME, DUE)
red = reported("I07", "G3", "2025-05", "33", IN_TIME, DUE)
yellow_warning = raised(yellow, "yellow", IN_TIME, date(2025, 6, 11), None)
red_warning = raised(red, "red", IN_TIME, date(2025, 6, 9), date(2025, 6, 25))
second_warning = WarningId("W.I07.G3.2025-05.2")


def correct(known: tuple[Event, ...], value: str, *, effective: date = FOUND) -> Answer:
    """A correction as it should be: by two persons, with a reason."""
    command = CorrectReading(reading=green.reading, value=Decimal(value), effective=effective)
    return given(*known).when(command, today=FOUND, approver="C2", reason="A slip of the pen.")


def corrected(before: ReadingReported, value: str, warning: str | None, on: date = FOUND) -> ReadingCorrected:
    was = before.judgement
    new = judge(Decimal(value), was.target, was.definition, was.definition_from, CHARTER, was.charter_digest)
    return ReadingCorrected(
        before.reading,
        before.indicator,
        before.unit,
        before.period,
        Decimal(value),
        before.value,
        new,
        on,
        None if warning is None else WarningId(warning),
    )


def raised_again(colour: str, number: str = "") -> WarningRaised:
    respond_by = date(2025, 6, 27) if colour == "yellow" else date(2025, 6, 25)
    warning = raised(red, colour, FOUND, respond_by, None if colour == "yellow" else date(2025, 7, 11))
    return replace(warning, warning=WarningId(warning.warning + number))


def closed(warning: WarningRaised) -> tuple[Event, ...]:
    """The end of a warning's loop."""
    by, on = PersonId("P1"), IN_TIME
    return (
        RectificationReported(warning.warning, G3, by, "Done.", (), on),
        WarningClosedOut(warning.warning, G3, PersonId("P9"), "Seen.", ("minutes",), on),
    )


def test_a_reading_is_corrected_by_two_persons_with_a_reason() -> None:
    known, command = given(green), CorrectReading(reading=green.reading, value=Decimal(25), effective=FOUND)
    known.when(command, today=FOUND, approver="C2", reason="A slip.").then(corrected(green, "25", None))
    known.when(command, today=FOUND, reason="A slip.").refused("reading.second_person")
    known.when(command, today=FOUND, actor="C1", approver="C1", reason="A slip.").refused("reading.second_person")
    known.when(command, today=FOUND, approver="C2", reason=" ").refused("reading.reason")


def test_only_what_was_reported_is_corrected() -> None:
    command = CorrectReading(reading=ReadingId("I07.G3.2025-05"), value=Decimal(25), effective=FOUND)
    given(*first).when(command, today=FOUND, approver="C2", reason="?").refused("reading.unknown")


def test_a_correction_changes_the_value() -> None:
    correct((green,), "24.0").refused("reading.same")
    correct((green, corrected(green, "25", None)), "25").refused("reading.same")
    correct((green,), "NaN").refused("reading.value")


def test_a_correction_is_neither_before_what_it_corrects_nor_on_a_day_to_come() -> None:
    correct((green,), "25", effective=date(2025, 6, 3)).refused("reading.order")
    correct((green, corrected(green, "26", None)), "25", effective=date(2025, 6, 19)).refused("reading.order")
    correct((green,), "25", effective=date(2025, 6, 21)).refused("reading.future")


def test_a_correction_tells_the_value_before_it_also_the_second_time() -> None:
    again = replace(corrected(green, "26", None), previous=Decimal(25))
    correct((green, corrected(green, "25", None)), "26").then(again)


def test_a_corrected_value_is_judged_as_the_reported_one_was() -> None:
    stricter = IndicatorAmended(I07, replace(definition("I07"), yellow=">20", red=">22"), START)
    correct((*first, green, stricter), "25").then(corrected(green, "25", None))


def test_a_correction_to_a_worse_colour_raises_a_warning_in_the_same_decision() -> None:
    correct((green,), "33").then(
        corrected(green, "33", red_warning.warning), raised_again("red"), notice(raised_again("red"))
    )
    correct((green,), "30").then(
        corrected(green, "30", red_warning.warning), raised_again("yellow"), notice(raised_again("yellow"))
    )


def test_a_correction_to_a_better_colour_closes_no_warning() -> None:
    correct((red, red_warning), "24").then(corrected(red, "24", red_warning.warning))
    correct((red, red_warning), "30").then(corrected(red, "30", red_warning.warning))


def test_a_correction_from_yellow_to_red_raises_the_red_warning_beside_the_yellow_one() -> None:
    correct((yellow, yellow_warning), "33").then(
        corrected(yellow, "33", second_warning), raised_again("red", ".2"), notice(raised_again("red", ".2"))
    )


def test_a_correction_to_a_worse_colour_raises_no_warning_where_one_is_open_that_asks_for_as_much() -> None:
    better = corrected(red, "24", red_warning.warning)
    for value in ("33", "30"):
        again = replace(corrected(red, value, red_warning.warning), previous=Decimal(24))
        correct((red, red_warning, better), value).then(again)


def test_after_a_warning_was_closed_out_a_worse_colour_raises_another() -> None:
    known = (yellow, yellow_warning, *closed(yellow_warning))
    correct(known, "33").then(
        corrected(yellow, "33", second_warning), raised_again("red", ".2"), notice(raised_again("red", ".2"))
    )


def test_after_a_warning_was_closed_out_the_same_or_a_better_colour_raises_none() -> None:
    known = (red, red_warning, *closed(red_warning))
    for value in ("34", "30", "24"):
        correct(known, value).then(corrected(red, value, None))


def test_of_several_open_warnings_a_correction_refers_to_the_gravest() -> None:
    worse = corrected(yellow, "33", second_warning)
    known = (yellow, yellow_warning, worse, raised_again("red", ".2"))
    correct(known, "24").then(replace(corrected(yellow, "24", second_warning), previous=Decimal(33)))
