"""What is not answered in time goes one level up, and what is not rectified in time too, whoever slept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.given import Answer, given
from tests.projections.office import sealed
from tests.workflow.clock.house import Institution, by_the_clock
from tests.workflow.indicators.known import raised, reported, warning
from tests.workflow.organisation.happened import appointed, appointment_ended
from tests.workflow.warnings.ranks import CHECKER, CHIEF, CLOCK, DEPUTY, HEAD, RANKS
from workflow.charter.library import learn
from workflow.charter.loader import shipped
from workflow.clock.events import ClockStarted
from workflow.ids import IndicatorId, PersonId, UnitId
from workflow.indicators.missing import MissingReadings
from workflow.indicators.readings import ReportReading
from workflow.slices import Command, Event
from workflow.warnings.agenda import EscalatedWarnings
from workflow.warnings.commands import Acknowledge, CloseOut, PlanRectification, Reopen, ReportRectification
from workflow.warnings.escalation import EscalateWarning, levels_above
from workflow.warnings.events import (
    ExtensionGranted,
    InterviewDue,
    InterviewHeld,
    RectificationOverdue,
    RectificationPlanned,
    RectificationReported,
    WarningAcknowledged,
    WarningClosedOut,
    WarningEscalated,
)

G3 = UnitId("G3")
RAISED, RESPOND, FIX_BY = date(2025, 6, 4), date(2025, 6, 9), date(2025, 6, 25)
reading = reported("I07", "G3", "2025-05", "33", RAISED, date(2025, 6, 5))
W = warning(reading)
red = raised(reading, "red", RAISED, RESPOND, FIX_BY)
yellow = raised(reading, "yellow", RAISED, date(2025, 6, 11), None)
acknowledged = WarningAcknowledged(W, G3, HEAD, "Two long cases.", RAISED)
planned = RectificationPlanned(W, G3, HEAD, "Review weekly.", FIX_BY, RAISED)
KNOWN = (*RANKS, CLOCK)


def up(
    level: str,
    person: PersonId | None,
    on: date,
    due: date = RESPOND,
    why: str = "unacknowledged",
    vacant: tuple[str, ...] = (),
) -> WarningEscalated:
    return WarningEscalated(W, G3, why, due, level, (person,) if person else (), vacant, on)


FIRST = up("deputy_in_charge", DEPUTY, date(2025, 6, 10))
SECOND = up("chief", CHIEF, date(2025, 6, 13), date(2025, 6, 12))


def on(day: date, *facts: Event, known: Sequence[Event] = KNOWN) -> Answer:
    return given(*known, *facts).when(EscalateWarning(warning=W, effective=day), today=day)


def test_what_is_not_acknowledged_in_time_goes_one_level_up() -> None:
    on(RESPOND, red).nothing()
    on(date(2025, 6, 10), red).then(FIRST)


def test_it_goes_up_once_per_further_period_until_the_top() -> None:
    on(date(2025, 6, 12), red, FIRST).nothing()
    on(date(2025, 6, 13), red, FIRST).then(SECOND)
    on(date(2025, 6, 17), red, FIRST, SECOND).nothing()
    end = up("", None, date(2025, 6, 18), date(2025, 6, 17))  # nobody is left above the chief
    on(date(2025, 6, 18), red, FIRST, SECOND).then(end)
    on(date(2025, 6, 24), red, FIRST, SECOND, end).nothing()


def test_a_yellow_one_goes_up_after_its_own_time() -> None:
    on(date(2025, 6, 11), yellow).nothing()
    on(date(2025, 6, 12), yellow).then(replace(FIRST, due=date(2025, 6, 11), effective=date(2025, 6, 12)))


def test_what_is_acknowledged_does_not_go_up_for_that_unless_it_was_later() -> None:
    on(date(2025, 6, 10), red, acknowledged).nothing()
    on(date(2025, 6, 10), red, replace(acknowledged, effective=date(2025, 6, 10))).then(FIRST)


def test_a_level_that_nobody_holds_is_passed_over_and_noted() -> None:
    left = appointment_ended("A2", "P2", "DCP-DEPUTY", date(2025, 6, 10))
    on(date(2025, 6, 10), left, red).then(replace(FIRST, level="chief", persons=(CHIEF,), vacant=("deputy_in_charge",)))
    nobody = appointment_ended("A3", "P3", "DCP-CHIEF", date(2025, 6, 10))
    on(date(2025, 6, 10), left, nobody, red).then(
        replace(FIRST, level="chief", persons=(), vacant=("deputy_in_charge",))
    )
    acting = appointed("A20", "P9", "DCP-DEPUTY", date(2025, 6, 10), "acting")
    on(date(2025, 6, 10), left, acting, red).then(replace(FIRST, persons=(CHECKER,)))


def test_what_is_not_rectified_in_time_is_overdue_and_goes_up() -> None:
    overdue = RectificationOverdue(W, G3, FIX_BY, date(2025, 6, 26))
    higher = up("deputy_in_charge", DEPUTY, date(2025, 6, 26), FIX_BY, "overdue")
    on(FIX_BY, red, acknowledged, planned).nothing()
    on(date(2025, 6, 26), red, acknowledged, planned).then(overdue, higher)
    on(date(2025, 6, 27), red, acknowledged, planned, overdue, higher).nothing()
    # It went to the top already, because nobody acknowledged it.
    end = up("", None, date(2025, 6, 18), date(2025, 6, 17))
    on(date(2025, 6, 26), red, FIRST, SECOND, end).then(overdue)


def test_what_is_rectified_or_extended_is_not_overdue() -> None:
    rectified = RectificationReported(W, G3, HEAD, "Done.", (), FIX_BY)
    extended = ExtensionGranted(W, G3, FIX_BY, date(2025, 7, 2), FIX_BY)
    on(date(2025, 6, 26), red, acknowledged, planned, rectified).nothing()
    on(date(2025, 6, 26), red, acknowledged, planned, extended).nothing()
    answer = on(date(2025, 7, 3), red, acknowledged, planned, extended)
    answer.then_some(RectificationOverdue(W, G3, date(2025, 7, 2), date(2025, 7, 3)))


def test_what_was_due_before_the_clock_was_started_is_left_alone() -> None:
    late = (*RANKS, ClockStarted(date(2025, 6, 10)))
    on(date(2025, 6, 10), red, known=late).nothing()
    on(date(2025, 6, 26), red, known=late).then_some(RectificationOverdue(W, G3, FIX_BY, date(2025, 6, 26)))
    on(date(2025, 6, 26), red, known=RANKS).nothing()


def test_a_line_is_gone_up_only_by_the_levels_above_the_unit() -> None:
    charter = learn(shipped("hospital"))
    assert levels_above(charter, "ward") == ["director", "vice_president", "president"]
    assert levels_above(charter, "quality_team") == ["committee_chair", "president"]
    assert levels_above(charter, "hospital") == []


def test_nothing_goes_up_for_a_warning_nobody_raised() -> None:
    on(date(2025, 6, 10)).refused("warning.unknown")


INTERVIEW_BY = date(2025, 6, 11)
interview = InterviewDue(W, G3, "deputy_in_charge", "red_twice", "red", 2, (), (), INTERVIEW_BY, RAISED)
held = InterviewHeld(W, G3, DEPUTY, (HEAD,), "What is in the way.", INTERVIEW_BY)
unheld = up("chief", CHIEF, date(2025, 6, 12), INTERVIEW_BY, "interview")


def test_an_interview_that_is_not_held_in_time_goes_one_level_up_from_who_was_to_hold_it() -> None:
    on(INTERVIEW_BY, red, interview, acknowledged).nothing()
    on(date(2025, 6, 12), red, interview, acknowledged).then(unheld)
    on(date(2025, 6, 12), red, interview, acknowledged, held).nothing()
    on(date(2025, 6, 12), red, interview, acknowledged, replace(held, effective=date(2025, 6, 12))).then(unheld)
    on(date(2025, 6, 18), red, interview, acknowledged, unheld).nothing()
    end = up("", None, date(2025, 6, 19), date(2025, 6, 18), "interview")
    on(date(2025, 6, 19), red, interview, acknowledged, unheld).then(end)
    on(date(2025, 6, 25), red, interview, acknowledged, unheld, end).nothing()


def test_an_interview_of_the_other_line_goes_up_on_its_own_line() -> None:
    by_committee = replace(interview, by="organ_secretary")
    over = up("leading_group_secretary", CHIEF, date(2025, 6, 12), INTERVIEW_BY, "interview")
    on(date(2025, 6, 12), red, by_committee, acknowledged).then(over)
    at_the_top = replace(interview, by="leading_group_secretary")
    on(date(2025, 6, 12), red, at_the_top, acknowledged).then(replace(over, level="", persons=()))


def test_how_far_an_interview_went_up_is_nothing_to_the_answers_and_the_other_way_round() -> None:
    on(date(2025, 6, 12), red, FIRST, interview).then(unheld)
    on(date(2025, 6, 13), red, interview, FIRST, unheld).then(SECOND)


def test_an_interview_is_still_to_be_held_when_the_warning_is_closed_out() -> None:
    rectified = RectificationReported(W, G3, HEAD, "Reviewed.", (), RAISED)
    closed = WarningClosedOut(W, G3, CHECKER, "Seen.", ("minutes",), RAISED)
    on(date(2025, 6, 12), red, interview, acknowledged, planned, rectified, closed).then(unheld)


def test_an_interview_that_was_due_before_the_clock_was_started_is_left_alone() -> None:
    late = (*RANKS, ClockStarted(date(2025, 6, 12)))
    on(date(2025, 6, 12), red, interview, acknowledged, known=late).nothing()


# ---- by the clock ----

_places = count()
BEGIN, END = date(2025, 5, 20), date(2025, 9, 15)


def acts(fix: bool) -> dict[date, list[Command]]:
    """I07 is reported red for May, and answered late; in July it is missing, and nobody answers."""
    report = ReportReading(
        indicator=IndicatorId("I07"), unit=G3, period="2025-05", value=Decimal(33), effective=date(2025, 6, 4)
    )
    about: dict[str, Any] = {"warning": W, "person": HEAD}
    seen = Acknowledge(explanation="Two long cases.", effective=date(2025, 6, 12), **about)
    plan = PlanRectification(plan="Review weekly.", due=FIX_BY, effective=date(2025, 6, 16), **about)
    done = ReportRectification(report="Reviewed.", effective=date(2025, 7, 2), **about)
    close = CloseOut(warning=W, checker=CHECKER, finding="Seen.", evidence=("files",), effective=date(2025, 7, 4))
    again = Reopen(warning=W, person=CHECKER, effective=date(2025, 7, 10))
    lived: dict[date, list[Command]] = {report.effective: [report], seen.effective: [seen], plan.effective: [plan]}
    if fix:
        lived |= {done.effective: [done], close.effective: [close], again.effective: [again]}
    return lived


def lived(folder: Path, awake: Iterable[date], fix: bool = True) -> Institution:
    house = Institution(f"sqlite:///{folder}/{next(_places)}/log.sqlite", [sealed(fact) for fact in RANKS], BEGIN)
    clock = house.clock(lambda: [MissingReadings(), EscalatedWarnings()])
    nights, days = set(awake), acts(fix)
    while house.day <= END:
        if house.day in nights:
            clock.until(house.day)
        for command in days.get(house.day, ()):
            house.do(command, reason="So it is.", approver="C2")
        house.day += timedelta(days=1)
    clock.until(END)
    return house


EVERY_NIGHT = [BEGIN + timedelta(days=n) for n in range((END - BEGIN).days + 1)]


def test_the_clock_takes_up_what_nobody_answers(tmp_path: Path) -> None:
    house = lived(tmp_path, EVERY_NIGHT)
    mine = [f for f in house.facts() if isinstance(f, WarningEscalated | RectificationOverdue) and f.warning == W]
    house.close()
    assert [(type(f).TOPIC, f.due, f.effective) for f in mine] == [
        ("warning.escalated", date(2025, 6, 9), date(2025, 6, 10)),
        ("warning.rectification_overdue", FIX_BY, date(2025, 6, 26)),
        ("warning.escalated", FIX_BY, date(2025, 6, 26)),
        ("warning.rectification_overdue", date(2025, 7, 31), date(2025, 8, 1)),
    ]


def test_a_day_that_is_lived_again_takes_nothing_up_twice(tmp_path: Path) -> None:
    house = lived(tmp_path, EVERY_NIGHT)
    head = house.log.head().position
    house.clock(lambda: [MissingReadings(), EscalatedWarnings()]).until(END)
    assert house.log.head().position == head
    house.close()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 45), max_size=6), fix=st.booleans())
def test_a_clock_that_slept_takes_up_what_one_took_up_that_was_awake(
    tmp_path: Path, naps: list[int], fix: bool
) -> None:
    told = []
    for awake in ([BEGIN, *(BEGIN + timedelta(days=n) for n in accumulate(naps))], EVERY_NIGHT):
        house = lived(tmp_path, awake, fix)
        told.append(by_the_clock(house))
        house.close()
    assert told[0] == told[1]
    assert any(isinstance(fact, WarningEscalated) for _, fact in told[0])


def test_above_the_head_of_the_institution_is_nobody() -> None:
    answer = on(date(2025, 6, 10), replace(red, unit=UnitId("DCP")))
    answer.then(WarningEscalated(W, UnitId("DCP"), "unacknowledged", RESPOND, "", (), (), date(2025, 6, 10)))
