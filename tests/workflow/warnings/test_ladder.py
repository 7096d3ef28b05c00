"""The ladder: what a warning calls for follows from how many periods in a row were at least of its colour."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.given import LONG_AGO, given
from tests.workflow.indicators.known import TEXT, definition, reported
from tests.workflow.organisation.happened import appointment_ended
from tests.workflow.warnings.ranks import CHIEF, CLOCK, DEPUTY, HEAD, ORGAN, RANKS
from workflow.ids import IndicatorId, UnitId, WarningId
from workflow.indicators.events import IndicatorAmended
from workflow.indicators.missing import NoteMissingReading
from workflow.indicators.readings import CorrectReading, ReportReading
from workflow.slices import Event
from workflow.warnings.events import InterviewDue, NoticeIssued, Told, WarningRaised

I07, G3 = IndicatorId("I07"), UnitId("G3")
ON, DUE = date(2025, 6, 4), date(2025, 6, 5)
GREEN, YELLOW, RED = "24", "30", "33"
TELL_RED = (
    Told("department_head", (HEAD,)),
    Told("deputy_in_charge", (DEPUTY,)),
    Told("organ_secretary", (ORGAN,)),
)


def months(*values: str) -> list[Event]:
    """I07 of G3 in the months before May 2025, the last one in April."""
    first = 5 - len(values)
    return [
        reported("I07", "G3", f"2025-0{first + n}", value, date(2025, first + n + 1, 3), date(2025, first + n + 1, 6))
        for n, value in enumerate(values)
    ]


def report(value: str, period: str = "2025-05", on: date = ON) -> ReportReading:
    return ReportReading(indicator=I07, unit=G3, period=period, value=Decimal(value), effective=on)


def reached(value: str, *before: Event, **given_: Any) -> NoticeIssued | InterviewDue | None:
    """What the warning of May calls for."""
    answer = given(*RANKS, *before, **given_).when(report(value), today=ON)
    assert answer.refusal is None, answer.refusal
    found = [fact for fact in answer.facts if isinstance(fact, NoticeIssued | InterviewDue)]
    assert len(found) == sum(isinstance(fact, WarningRaised) for fact in answer.facts) or not found
    return found[0] if found else None


def rung(value: str, *before: Event) -> str:
    found = reached(value, *before)
    return found.rung if found else ""


def test_a_yellow_reading_is_told_to_the_head_who_explains_in_five_working_days() -> None:
    told = (Told("department_head", (HEAD,)),)
    assert reached(YELLOW) == NoticeIssued(
        WarningId("W.I07.G3.2025-05"),
        G3,
        "warning_notice",
        "yellow",
        "yellow",
        1,
        told,
        (HEAD,),
        date(2025, 6, 11),
        None,
        ON,
    )


def test_two_yellows_in_a_row_call_for_a_supervision_notice() -> None:
    found = reached(YELLOW, *months(YELLOW))
    assert isinstance(found, NoticeIssued)
    assert (found.kind, found.rung, found.periods) == ("supervision_notice", "yellow_twice", 2)


def test_a_red_reading_is_also_told_to_the_deputy_in_charge_and_to_the_organ_committee() -> None:
    found = reached(RED)
    assert isinstance(found, NoticeIssued)
    assert (found.kind, found.told, found.persons) == ("warning_notice", TELL_RED, (HEAD, DEPUTY, ORGAN))
    assert (found.respond_by, found.rectify_by) == (date(2025, 6, 9), date(2025, 6, 25))


def test_two_reds_in_a_row_call_for_an_interview_by_the_deputy_in_charge() -> None:
    assert reached(RED, *months(RED)) == InterviewDue(
        WarningId("W.I07.G3.2025-05"),
        G3,
        "deputy_in_charge",
        "red_twice",
        "red",
        2,
        TELL_RED,
        (HEAD, DEPUTY, ORGAN),
        date(2025, 6, 11),
        ON,
    )


@pytest.mark.parametrize("before", [(RED, RED), (RED, RED, RED)])
def test_three_reds_in_a_row_and_more_call_for_an_interview_by_the_leading_group(before: tuple[str, ...]) -> None:
    found = reached(RED, *months(*before))
    assert isinstance(found, InterviewDue)
    assert (found.by, found.rung, found.periods) == ("leading_group_secretary", "red_three_times", 3)
    assert found.told[-1] == Told("leading_group_secretary", (CHIEF,))
    assert found.persons == (HEAD, DEPUTY, ORGAN, CHIEF)


def test_an_interview_is_due_within_its_own_working_days_or_by_the_day_to_respond_by() -> None:
    found = reached(RED, *months(RED))
    assert isinstance(found, InterviewDue)
    assert found.due == date(2025, 6, 11)
    before = TEXT.replace('by = "deputy_in_charge"\nworking_days = 5\n', 'by = "deputy_in_charge"\n')
    assert before != TEXT
    found = reached(RED, *months(RED), charters=((LONG_AGO, before),))
    assert isinstance(found, InterviewDue)
    assert found.due == date(2025, 6, 9)


def test_a_worse_colour_before_counts_and_a_better_one_ends_the_row() -> None:
    assert rung(YELLOW, *months(RED)) == "yellow_twice"
    assert rung(RED, *months(YELLOW)) == "red"
    assert rung(RED, *months(RED, YELLOW)) == "red"
    assert rung(YELLOW, *months(RED, GREEN)) == "yellow"
    assert rung(GREEN, *months(RED, RED)) == ""


def test_a_corrected_colour_counts_as_corrected() -> None:
    april = months(RED)
    correct = CorrectReading(reading=april[0].reading, value=Decimal(GREEN), effective=date(2025, 5, 20))  # type: ignore[attr-defined]
    known = given(*RANKS, *april)
    better = known.when(correct, today=date(2025, 5, 20), approver="C2", reason="A slip.").facts
    assert rung(RED, *april, *better) == "red"
    # Corrected only after the warning was raised it still was red on that day.
    later = replace(better[0], effective=date(2025, 6, 5))
    assert rung(RED, *april, later) == "red_twice"


def test_a_correction_that_turns_a_reading_red_reaches_its_rung_too() -> None:
    april, (may,) = months(RED), [reported("I07", "G3", "2025-05", GREEN, ON, DUE)]
    correct = CorrectReading(reading=may.reading, value=Decimal(RED), effective=date(2025, 6, 20))
    answer = given(*RANKS, *april, may).when(correct, today=date(2025, 6, 20), approver="C2", reason="A slip.")
    assert [fact.rung for fact in answer.facts if isinstance(fact, InterviewDue)] == ["red_twice"]


def test_what_is_missing_counts_with_its_colour_whether_or_not_the_clock_noted_it() -> None:
    assert rung(RED, CLOCK) == "red_three_times"  # nothing was reported for March and April
    assert rung(RED, CLOCK, *months(GREEN)) == "red"
    assert rung(RED, replace(CLOCK, effective=date(2025, 5, 6))) == "red_twice"  # March was due before
    assert rung(RED) == "red"  # the clock was never started


def test_what_is_still_missing_is_a_period_of_its_own() -> None:
    note = NoteMissingReading(indicator=I07, unit=G3, period="2025-05", effective=date(2025, 6, 10))
    answer = given(*RANKS, CLOCK, *months(GREEN, RED)).when(note, today=date(2025, 6, 10))
    assert [fact.rung for fact in answer.facts if isinstance(fact, InterviewDue)] == ["red_twice"]


def test_a_period_for_which_nothing_was_owed_ends_the_row() -> None:
    quarterly = IndicatorAmended(I07, replace(definition("I07"), frequency="quarterly"), date(2025, 3, 1))
    monthly = IndicatorAmended(I07, definition("I07"), date(2025, 5, 1))
    assert rung(RED, CLOCK, quarterly, monthly) == "red"


def test_a_vacant_level_is_noted() -> None:
    left = appointment_ended("A2", "P2", "DCP-DEPUTY", date(2025, 6, 1))
    found = reached(RED, left, *months(RED))
    assert isinstance(found, InterviewDue)
    assert found.told[1] == Told("deputy_in_charge", ())
    assert found.persons == (HEAD, ORGAN)


def test_without_a_rung_for_it_a_warning_calls_for_nothing() -> None:
    start, end = TEXT.index("[[warnings.ladder]]"), TEXT.index("# ---- when ----")
    bare = TEXT[:start] + TEXT[end:]
    assert reached(RED, charters=[(LONG_AGO, bare)]) is None
