"""Interviews, talks and extensions: who may, when, how often, and what must be said."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from tests.given import given
from tests.workflow.indicators.known import raised, reported, warning
from tests.workflow.organisation.happened import appointment_ended
from tests.workflow.warnings.ranks import CHECKER, CHIEF, DEPUTY, HEAD, ORGAN, RANKS
from workflow.ids import PersonId, UnitId, WarningId
from workflow.slices import Event
from workflow.warnings.commands import PlanRectification
from workflow.warnings.events import (
    ExtensionGranted,
    InterviewDue,
    InterviewHeld,
    RectificationPlanned,
    RectificationReported,
    TalkHeld,
    WarningAcknowledged,
    WarningClosedOut,
    WarningEscalated,
    WarningReopened,
)
from workflow.warnings.measures import GrantExtension, HoldInterview, RecordTalk

RAISED, DAY, FIX_BY = date(2025, 6, 4), date(2025, 6, 9), date(2025, 6, 25)
LATEST = date(2025, 7, 9)
G3 = UnitId("G3")
reading = reported("I07", "G3", "2025-05", "33", RAISED, date(2025, 6, 5))
W = warning(reading)
red = raised(reading, "red", RAISED, date(2025, 6, 9), FIX_BY)
yellow = raised(reading, "yellow", RAISED, date(2025, 6, 11), None)
due = InterviewDue(W, G3, "deputy_in_charge", "red_twice", "red", 2, (), (), date(2025, 6, 9), RAISED)
acknowledged = WarningAcknowledged(W, G3, HEAD, "Two long cases.", RAISED)
planned = RectificationPlanned(W, G3, HEAD, "Review weekly.", FIX_BY, RAISED)
rectified = RectificationReported(W, G3, HEAD, "Reviewed.", (), RAISED)
closed_out = WarningClosedOut(W, G3, CHECKER, "Seen.", ("minutes",), RAISED)


def interview(**changes: Any) -> HoldInterview:
    asked = {"warning": W, "person": DEPUTY, "persons": (HEAD,), "record": "What is in the way.", "effective": DAY}
    return HoldInterview(**{**asked, **changes})


def extend(**changes: Any) -> GrantExtension:
    return GrantExtension(**{"warning": W, "rectify_by": date(2025, 7, 2), "effective": DAY, **changes})


# ---- interviews and talks ----


def test_an_interview_is_held_by_the_level_that_it_is_due_by() -> None:
    known = given(*RANKS, red, due)
    held = InterviewHeld(W, G3, DEPUTY, (HEAD,), "What is in the way.", DAY)
    known.when(interview(), today=DAY).then(held)
    for other in (CHIEF, ORGAN, HEAD):
        refused = known.when(interview(person=other, persons=(CHECKER,)), today=DAY).refused("warning.not_level")
        assert "P2" in refused.sentence
    given(*RANKS, red, due, held).when(interview(), today=DAY).refused("interview.held")


def test_while_nobody_holds_the_level_nobody_holds_the_interview() -> None:
    left = appointment_ended("A2", "P2", "DCP-DEPUTY", RAISED)
    refused = given(*RANKS, left, red, due).when(interview(), today=DAY).refused("warning.not_level")
    assert "appointed" in refused.sentence


def test_an_interview_that_went_up_is_held_there_too() -> None:
    higher = WarningEscalated(W, G3, "interview", date(2025, 6, 9), "chief", (CHIEF,), (), DAY)
    held = InterviewHeld(W, G3, CHIEF, (HEAD,), "What is in the way.", DAY)
    left = appointment_ended("A2", "P2", "DCP-DEPUTY", RAISED)
    for facts in ((red, due, higher), (left, red, due, higher)):
        given(*RANKS, *facts).when(interview(person=CHIEF), today=DAY).then(held)
    for other in ("unacknowledged", "overdue"):
        known = given(*RANKS, red, due, replace(higher, why=other))
        known.when(interview(person=CHIEF), today=DAY).refused("warning.not_level")


def test_an_interview_that_is_not_due_is_not_held() -> None:
    given(*RANKS, red).when(interview(), today=DAY).refused("interview.none")
    given(*RANKS).when(interview(), today=DAY).refused("warning.unknown")


def test_an_interview_is_held_with_somebody_in_service_and_recorded() -> None:
    known = given(*RANKS, red, due)
    known.when(interview(persons=()), today=DAY).refused("warning.persons")
    known.when(interview(persons=(DEPUTY, HEAD)), today=DAY).refused("warning.persons")
    known.when(interview(persons=(PersonId("P404"),)), today=DAY).refused("person.unknown")
    known.when(interview(record=" "), today=DAY).refused("warning.record")


def test_an_interview_is_held_after_the_warning_was_raised_and_not_on_a_day_to_come() -> None:
    known = given(*RANKS, red, due)
    known.when(interview(effective=date(2025, 6, 3)), today=DAY).refused("warning.order")
    known.when(interview(effective=date(2025, 6, 10)), today=DAY).refused("warning.future")
    known.when(interview(), today=date(2025, 6, 30)).refused("effective.backdated")


def test_a_talk_is_held_by_who_holds_any_level_of_the_chain() -> None:
    asked: dict[str, Any] = {"warning": W, "persons": (HEAD,), "record": "How it goes.", "effective": DAY}
    known = given(*RANKS, red)
    for person in (DEPUTY, CHIEF, ORGAN):
        talk = RecordTalk(person=person, **asked)
        known.when(talk, today=DAY).then(TalkHeld(W, G3, person, (HEAD,), "How it goes.", DAY))
    known.when(RecordTalk(person=CHECKER, **asked), today=DAY).refused("warning.not_level")
    held = TalkHeld(W, G3, DEPUTY, (HEAD,), "How it goes.", DAY)
    given(*RANKS, red, held).when(RecordTalk(person=DEPUTY, **asked), today=DAY).refused("warning.talk_held")


# ---- extensions ----


def test_an_extension_is_granted_once_by_two_persons_with_a_reason_for_ten_working_days_at_most() -> None:
    why: dict[str, Any] = {"today": DAY, "reason": "An expert is ill."}
    known = given(*RANKS, red, acknowledged)
    known.when(extend(), **why, approver="C2").then(ExtensionGranted(W, G3, FIX_BY, date(2025, 7, 2), DAY))
    known.when(extend(), **why).refused("warning.second_person")
    known.when(extend(), **why, approver="C1").refused("warning.second_person")
    known.when(extend(), today=DAY, approver="C2", reason=" ").refused("warning.reason")
    known.when(extend(rectify_by=LATEST), **why, approver="C2").then(ExtensionGranted(W, G3, FIX_BY, LATEST, DAY))
    for wrong in (FIX_BY, date(2025, 7, 10)):
        known.when(extend(rectify_by=wrong), **why, approver="C2").refused("extension.until")
    again = given(*RANKS, red, ExtensionGranted(W, G3, FIX_BY, date(2025, 7, 2), DAY))
    again.when(extend(rectify_by=LATEST), **why, approver="C2").refused("extension.at_most")


def test_an_extension_is_granted_before_the_day_to_rectify_is_past() -> None:
    late = date(2025, 6, 26)
    why: dict[str, Any] = {"approver": "C2", "reason": "An expert is ill."}
    known = given(*RANKS, red, acknowledged)
    known.when(extend(effective=late), today=late, **why).refused("extension.late")
    on_the_last_day = ExtensionGranted(W, G3, FIX_BY, date(2025, 7, 2), FIX_BY)
    known.when(extend(effective=FIX_BY), today=FIX_BY, **why).then(on_the_last_day)


def test_only_what_is_still_to_be_rectified_by_a_day_is_extended() -> None:
    why: dict[str, Any] = {"today": DAY, "approver": "C2", "reason": "An expert is ill."}
    given(*RANKS, yellow).when(extend(), **why).refused("extension.none")
    given(*RANKS).when(extend(), **why).refused("warning.unknown")
    for loop in ((acknowledged, planned, rectified), (acknowledged, planned, rectified, closed_out)):
        given(*RANKS, red, *loop).when(extend(), **why).refused("warning.state")


def test_a_plan_may_be_due_by_the_extended_day() -> None:
    extended = ExtensionGranted(W, G3, FIX_BY, LATEST, RAISED)
    plan = PlanRectification(warning=W, person=HEAD, plan="Review weekly.", due=LATEST, effective=DAY)
    given(*RANKS, red, acknowledged).when(plan, today=DAY).refused("warning.plan_due")
    known = given(*RANKS, red, acknowledged, extended)
    known.when(plan, today=DAY).then(replace(planned, due=LATEST, effective=DAY))


def test_what_was_reopened_is_extended_from_its_new_day() -> None:
    loop: tuple[Event, ...] = (acknowledged, planned, rectified, closed_out)
    reopened = WarningReopened(WarningId(W), G3, CHECKER, RAISED, date(2025, 7, 1))
    why: dict[str, Any] = {"today": DAY, "approver": "C2", "reason": "An expert is ill."}
    answer = given(*RANKS, red, *loop, reopened).when(extend(), **why)
    answer.then(ExtensionGranted(W, G3, date(2025, 7, 1), date(2025, 7, 2), DAY))
