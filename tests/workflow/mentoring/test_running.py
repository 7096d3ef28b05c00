"""What is done about a mentorship that runs, and how it ends: by its term, a transfer, a departure, or either side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.given import given
from tests.workflow.indicators.known import START, TEXT, holds
from tests.workflow.mentoring.known import (
    DAY,
    FREE,
    HEAD,
    KIND,
    M1,
    MODEL,
    ORGANISATION,
    OTHER_HEAD,
    TERM,
    designated,
    ended,
    known,
    start,
    started,
)
from workflow.ids import AppointmentId, MentorshipId, PersonId, PostId, UnitId
from workflow.mentoring.events import MentorshipExtended, MentorshipGoalMet, ModelPersonWithdrawn
from workflow.mentoring.running import EndByTime, EndMentorship, ExtendMentorship, MeetGoal
from workflow.organisation.events import AppointmentEnded, PersonLeft
from workflow.slices import Command, Event

MAY, LONGER = date(2025, 5, 6), date(2025, 12, 1)
MENTEE = PersonId("P2")


def meet(goal: int = 1, **changes: Any) -> MeetGoal:
    asked: dict[str, Any] = {"mentorship": M1, "goal": goal, "evidence": ("minutes",), "person": MODEL}
    return MeetGoal(**{**asked, "effective": MAY, **changes})


def extend(until: date = LONGER, **changes: Any) -> ExtendMentorship:
    return ExtendMentorship(**{"mentorship": M1, "until": until, "effective": MAY, **changes})


def end(person: PersonId = MODEL, **changes: Any) -> EndMentorship:
    return EndMentorship(**{"mentorship": M1, "person": person, "effective": MAY, **changes})


def by_time(on: date, id: MentorshipId = M1) -> EndByTime:
    return EndByTime(mentorship=id, effective=on)


def met(goal: int = 1, person: PersonId = MODEL) -> MentorshipGoalMet:
    return MentorshipGoalMet(M1, MODEL, MENTEE, goal, ("minutes",), person, MAY)


extended = MentorshipExtended(M1, MODEL, MENTEE, LONGER, 1, MAY)


# ---- goals ----


def test_a_goal_is_met_once_as_somebody_confirms_who_is_not_the_mentee():
    known(started()).when(meet(), today=MAY).then(met())
    known(started()).when(meet(2, person=HEAD), today=MAY).then(met(2, HEAD))
    known(started(), met()).when(meet(), today=MAY).refused("mentorship.goal_met")
    for person in (MENTEE, PersonId("P3"), OTHER_HEAD):
        known(started()).when(meet(person=person), today=MAY).refused("mentorship.not_answerable")


@pytest.mark.parametrize("goal", [0, 3, -1])
def test_only_a_goal_that_was_set_is_met(goal: int):
    known(started()).when(meet(goal), today=MAY).refused("mentorship.goal")


def test_that_a_goal_is_met_is_shown():
    known(started()).when(meet(evidence=()), today=MAY).refused("mentorship.evidence")


# ---- extensions ----


def test_a_term_is_extended_before_it_ends_with_a_reason_as_far_and_as_often_as_the_charter_allows():
    running = known(started())
    running.when(extend(), today=MAY, reason="One goal is open.").then(extended)
    running.when(extend(), today=MAY).refused("mentorship.reason")
    most = TERM + timedelta(days=184)
    running.when(extend(most + timedelta(days=1)), today=MAY, reason="x").refused("mentorship.until")
    running.when(extend(TERM), today=MAY, reason="x").refused("mentorship.until")
    known(started(), extended).when(extend(date(2026, 1, 5)), today=MAY, reason="x").refused(
        "mentorship.extension_limit"
    )
    last = TERM - timedelta(days=1)
    running.when(extend(effective=last), today=last, reason="x").then(
        MentorshipExtended(M1, MODEL, MENTEE, LONGER, 1, last)
    )
    running.when(extend(effective=TERM), today=TERM, reason="x").refused("mentorship.ended")
    running.when(extend(effective=last), today=TERM, reason="x").refused("mentorship.extension_late")


def test_where_the_charter_allows_no_extension_there_is_none():
    known(started(kind=FREE)).when(extend(), today=MAY, reason="x").refused("mentorship.extension_limit")


def test_on_the_days_that_are_added_the_limits_hold_too():
    later: dict[str, Any] = {"since": TERM, "until": date(2026, 3, 1)}
    five = [started(f"L{n}", mentee=f"P{n}", **later) for n in range(3, 8)]
    known(started(), *five).when(extend(), today=MAY, reason="x").refused("mentorship.limit")
    known(started(), *five[:4]).when(extend(), today=MAY, reason="x").then(extended)
    taken = started("M9", mentor="P3", **later)
    known(started(), taken).when(extend(), today=MAY, reason="x").refused("mentorship.taken")
    back = started("M9", mentor="P2", mentee="P1", kind=FREE, **later)
    known(started(), back).when(extend(), today=MAY, reason="x").refused("mentorship.circle")


def test_the_charter_under_which_it_was_started_decides_to_the_end():
    later = TEXT.replace('version = "1"', 'version = "2"', 1).replace("days = 184", "days = 7")
    facts = given(*ORGANISATION, designated(), started(), charters=[(START, TEXT), (MAY, later)])
    facts.when(extend(), today=MAY, reason="x").then(extended)


# ---- the end, by a side ----


def test_either_side_ends_it_with_a_reason():
    known(started()).when(end(), today=MAY, reason="Too busy.").then(ended("mentor", MAY))
    known(started()).when(end(MENTEE), today=MAY, reason="Learnt it.").then(ended("mentee", MAY))
    known(started()).when(end(HEAD), today=MAY, reason="x").refused("mentorship.not_a_side")
    known(started()).when(end(), today=MAY).refused("mentorship.reason")


ACTS: list[Callable[..., Command]] = [meet, extend, end]


@pytest.mark.parametrize("act", ACTS)
def test_what_is_done_about_a_mentorship_is_in_order_while_it_runs(act: Callable[..., Command]):
    known().when(act(), today=MAY, reason="x").refused("mentorship.unknown")
    tomorrow = MAY + timedelta(days=1)
    known(started()).when(act(effective=tomorrow), today=MAY, reason="x").refused("mentorship.future")
    known(started(), met(2)).when(act(effective=MAY - timedelta(days=1)), today=MAY, reason="x").refused(
        "mentorship.order"
    )
    known(started(), ended(on=MAY)).when(act(), today=MAY, reason="x").refused("mentorship.ended")


@pytest.mark.parametrize("act", ACTS)
def test_what_time_has_ended_is_over_though_the_clock_slept(act: Callable[..., Command]):
    left = PersonLeft(MENTEE, MAY - timedelta(days=1))
    known(started(), left).when(act(), today=MAY, reason="x").refused("mentorship.ended")


# ---- the end, by time ----


def moved(person: str, on: date = MAY) -> AppointmentEnded:
    post = PostId(f"G3-H{person[1:]}")
    return AppointmentEnded(AppointmentId(f"{person}-{post}"), PersonId(person), post, UnitId("G3"), on, "moved")


NEXT = MAY + timedelta(days=1)


def test_a_mentorship_ends_at_its_term():
    known(started()).when(by_time(TERM), today=TERM).then(ended("term", TERM))
    known(started()).when(by_time(TERM - timedelta(days=1)), today=TERM - timedelta(days=1)).nothing()
    known(started(), extended).when(by_time(TERM), today=TERM).nothing()
    known(started(), extended).when(by_time(LONGER), today=LONGER).then(ended("term", LONGER))


@pytest.mark.parametrize(
    ("fact", "cause"),
    [
        (PersonLeft(MODEL, MAY), "mentor_left"),
        (PersonLeft(MENTEE, MAY), "mentee_left"),
        (moved("P1"), "mentor_transferred"),
        (moved("P2"), "mentee_transferred"),
        (ModelPersonWithdrawn(MODEL, KIND, MAY), "designation_withdrawn"),
    ],
)
def test_it_ends_on_the_night_after_one_left_or_was_transferred_or_is_no_model(fact: Event, cause: str):
    known(started(), fact).when(by_time(MAY), today=MAY).nothing()
    known(started(), fact).when(by_time(NEXT), today=NEXT).then(ended(cause, NEXT, MAY))


def test_another_post_in_the_same_unit_is_no_transfer():
    known(started(), moved("P2"), holds("P2", "G3-H5", "G3", since=MAY)).when(by_time(NEXT), today=NEXT).nothing()
    later = holds("P2", "G3-H5", "G3", since=NEXT)
    known(started(), moved("P2"), later).when(by_time(NEXT), today=NEXT).then(ended("mentee_transferred", NEXT, MAY))
    elsewhere = holds("P2", "G4-H13", "G4", since=MAY)
    known(started(), moved("P2"), elsewhere).when(by_time(NEXT), today=NEXT).then(
        ended("mentee_transferred", NEXT, MAY)
    )


def test_who_leaves_ends_it_by_leaving_though_the_post_ends_too():
    both = moved("P2"), PersonLeft(MENTEE, MAY)
    known(started(), *both).when(by_time(NEXT), today=NEXT).then(ended("mentee_left", NEXT, MAY))


def test_what_came_first_is_the_cause():
    earlier = MAY - timedelta(days=1)
    facts = known(started(), PersonLeft(MODEL, MAY), moved("P2", earlier))
    facts.when(by_time(TERM), today=TERM).then(ended("mentee_transferred", TERM, earlier))


def test_whether_it_ends_with_the_designation_is_the_charters():
    text = TEXT.replace("ends_with_designation = true", "ends_with_designation = false")
    opening = given(*ORGANISATION, designated(), charters=[(START, text)])
    facts = opening.when(start(), today=DAY).facts
    withdrawn = ModelPersonWithdrawn(MODEL, KIND, MAY)
    still = given(*ORGANISATION, designated(), *facts, withdrawn, charters=[(START, text)])
    still.when(by_time(NEXT), today=NEXT).nothing()


def test_what_ended_does_not_end_again():
    known(started(), ended(on=MAY)).when(by_time(TERM), today=TERM).nothing()
