"""The rules of the closed loop: whose turn it is, who may act, and what must be said and shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.given import LONG_AGO, Given, given
from tests.workflow.indicators.known import TEXT, department, holds, person, post, raised, reported, warning
from workflow.ids import AppointmentId, GridId, PersonId, PostId, UnitId, WarningId
from workflow.organisation.events import (
    AppointmentEnded,
    ExOfficioLeadershipEnded,
    ExOfficioLeadershipStarted,
    GridBound,
    PersonLeft,
    UnitMoved,
)
from workflow.slices import Command, Event
from workflow.warnings.commands import Acknowledge, CloseOut, PlanRectification, Reopen, ReportRectification
from workflow.warnings.events import (
    RectificationPlanned,
    RectificationReported,
    WarningAcknowledged,
    WarningClosedOut,
    WarningRaised,
    WarningReopened,
)

RAISED = date(2025, 6, 4)
DAY = date(2025, 6, 9)
FIX_BY = date(2025, 6, 25)
G3, HEAD, DEPUTY, CHECKER = UnitId("G3"), PersonId("P1"), PersonId("P2"), PersonId("P9")
DIGEST = "sha256:" + "1f" * 32
EVIDENCE = (DIGEST, "minutes of 9 June")

reading = reported("I07", "G3", "2025-05", "33", RAISED, date(2025, 6, 5))
W = warning(reading)
red = raised(reading, "red", RAISED, date(2025, 6, 9), FIX_BY)
yellow = raised(reading, "yellow", RAISED, date(2025, 6, 11), None)
people = (
    department("I", "institution"),
    department("G3", parent="I"),
    department("G4", parent="I"),
    *(person(id) for id in ("P1", "P2", "P3", "P9")),
    post("G3-HEAD", "G3"),
    post("G3-H03", "G3", "handler"),
    post("G4-HEAD", "G4"),
    holds("P1", "G3-HEAD", "G3"),
    holds("P3", "G3-H03", "G3"),
    holds("P9", "G4-HEAD", "G4"),
)
acknowledged = WarningAcknowledged(W, G3, HEAD, "Two long cases.", RAISED)
planned = RectificationPlanned(W, G3, HEAD, "Review weekly.", FIX_BY, RAISED)
rectified = RectificationReported(W, G3, HEAD, "Reviewed weekly.", EVIDENCE, RAISED)
closed_out = WarningClosedOut(W, G3, CHECKER, "Seen.", EVIDENCE, RAISED)
reopened = WarningReopened(W, G3, CHECKER, RAISED)
LOOP = (red, acknowledged, planned, rectified, closed_out, reopened)
"""Each state of a red warning is a beginning of this."""


def acknowledge(**changes: Any) -> Acknowledge:
    asked = {"warning": W, "person": HEAD, "explanation": "Two long cases.", "effective": DAY}
    return Acknowledge(**{**asked, **changes})


def plan(**changes: Any) -> PlanRectification:
    asked = {"warning": W, "person": HEAD, "plan": "Review weekly.", "due": FIX_BY, "effective": DAY}
    return PlanRectification(**{**asked, **changes})


def report(**changes: Any) -> ReportRectification:
    asked = {"warning": W, "person": HEAD, "report": "Reviewed weekly.", "evidence": EVIDENCE, "effective": DAY}
    return ReportRectification(**{**asked, **changes})


def close_out(**changes: Any) -> CloseOut:
    asked = {"warning": W, "checker": CHECKER, "finding": "Seen.", "evidence": EVIDENCE, "effective": DAY}
    return CloseOut(**{**asked, **changes})


def reopen(**changes: Any) -> Reopen:
    asked = {"warning": W, "person": CHECKER, "effective": DAY}
    return Reopen(**{**asked, **changes})


ACTS: list[tuple[Callable[..., Command], Event]] = [
    (acknowledge, replace(acknowledged, effective=DAY)),
    (plan, replace(planned, effective=DAY)),
    (report, replace(rectified, effective=DAY)),
    (close_out, replace(closed_out, effective=DAY)),
    (reopen, replace(reopened, effective=DAY, rectify_by=date(2025, 6, 30))),
]


def after(*facts: Event, organisation: tuple[Event, ...] = people) -> Given:
    return given(*organisation, *facts)


# ---- whose turn it is ----


@pytest.mark.parametrize("turn", range(5))
def test_each_act_of_the_loop_follows_the_one_before_it(turn: int) -> None:
    act, expected = ACTS[turn]
    after(*LOOP[: turn + 1]).when(act(), today=DAY, reason="It was not settled.").then(expected)


@pytest.mark.parametrize(
    ("act", "states"), [(acknowledge, {0}), (plan, {1, 5}), (report, {2}), (close_out, {3}), (reopen, {4})]
)
def test_no_act_of_the_loop_is_done_out_of_turn(act: Callable[..., Command], states: set[int]) -> None:
    for state in set(range(6)) - states:
        answer = after(*LOOP[: state + 1]).when(act(), today=DAY, reason="It was not settled.")
        code = "warning.plan_missing" if act is report and state in (1, 5) else "warning.state"
        answer.refused(code)


@pytest.mark.parametrize(("act", "expected"), ACTS)
def test_there_is_nothing_to_do_about_a_warning_nobody_raised(act: Callable[..., Command], expected: Event) -> None:
    after().when(act(), today=DAY, reason="?").refused("warning.unknown")


@pytest.mark.parametrize("turn", range(5))
def test_no_act_is_before_the_act_it_follows(turn: int) -> None:
    known = [*LOOP[:turn], replace(LOOP[turn], effective=DAY)]
    act, expected = ACTS[turn]
    after(*known).when(act(effective=date(2025, 6, 6)), today=DAY, reason="?").refused("warning.order")
    after(*known).when(act(), today=DAY, reason="?").then(expected)


@pytest.mark.parametrize("turn", range(5))
def test_no_act_is_on_a_day_to_come(turn: int) -> None:
    act, _ = ACTS[turn]
    answer = after(*LOOP[: turn + 1]).when(act(effective=date(2025, 6, 10)), today=DAY, reason="?")
    answer.refused("warning.future")


@pytest.mark.parametrize("turn", range(5))
def test_an_act_far_back_needs_a_second_person(turn: int) -> None:
    act, expected = ACTS[turn]
    known, today = after(*LOOP[: turn + 1]), date(2025, 6, 17)
    known.when(act(), today=today, reason="Was on paper.").refused("effective.backdated")
    known.when(act(), today=today, reason="Was on paper.", approver="C2").then(expected)


def test_a_yellow_warning_is_rectified_without_a_plan() -> None:
    after(yellow, acknowledged).when(report(), today=DAY).then(replace(rectified, effective=DAY))


def test_a_yellow_warning_may_have_a_plan_with_any_due_date() -> None:
    late = date(2026, 1, 1)
    after(yellow, acknowledged).when(plan(due=late), today=DAY).then(replace(planned, due=late, effective=DAY))


def test_what_was_reopened_is_planned_and_rectified_and_closed_out_anew() -> None:
    after(*LOOP).when(report(), today=DAY).refused("warning.plan_missing")
    after(*LOOP, planned, rectified).when(close_out(), today=DAY).then(replace(closed_out, effective=DAY))
    after(yellow, acknowledged, rectified, closed_out, reopened).when(report(), today=DAY).then(
        replace(rectified, effective=DAY)
    )


# ---- who answers for the unit ----


@pytest.mark.parametrize("turn", range(3))
def test_only_who_answers_for_the_unit_acts_for_it(turn: int) -> None:
    act, _ = ACTS[turn]
    known = after(*LOOP[: turn + 1])
    for other in ("P2", "P3", "P9", "P404"):
        refused = known.when(act(person=PersonId(other)), today=DAY).refused("warning.not_answerable")
        assert "P1" in refused.sentence


def test_an_acting_head_answers_for_the_unit_while_there_is_none() -> None:
    left = AppointmentEnded(AppointmentId("P1-G3-HEAD"), HEAD, PostId("G3-HEAD"), G3, RAISED, "left")
    acting = holds("P2", "G3-HEAD", "G3", "acting", since=DAY)
    known = after(red, left, acting)
    known.when(acknowledge(person=DEPUTY), today=DAY).then(replace(acknowledged, person=DEPUTY, effective=DAY))
    known.when(acknowledge(), today=DAY).refused("warning.not_answerable")
    known.when(acknowledge(person=DEPUTY, effective=date(2025, 6, 6)), today=DAY).refused("warning.not_answerable")


def test_while_a_unit_has_no_head_nobody_answers_for_it() -> None:
    left = AppointmentEnded(AppointmentId("P1-G3-HEAD"), HEAD, PostId("G3-HEAD"), G3, RAISED, "left")
    refused = after(red, left).when(acknowledge(), today=DAY).refused("warning.not_answerable")
    assert "appointed" in refused.sentence
    bare = (department("G3"), person("P1"))
    after(red, organisation=bare).when(acknowledge(), today=DAY).refused("warning.not_answerable")


def leads(group: str, department: str, person: str) -> tuple[GridBound, ExOfficioLeadershipStarted]:
    """A grid, and who leads its group because they head its department."""
    grid, bound, by, since = GridId("GRID"), (UnitId(group), UnitId(department)), AppointmentId("A"), RAISED
    started = ExOfficioLeadershipStarted(grid, *bound, PersonId(person), by, "grid_leader", False, since)
    return GridBound(grid, bound[1], bound[0], since), started


def no_more(fact: ExOfficioLeadershipStarted, on: date) -> ExOfficioLeadershipEnded:
    names = fact.grid, fact.group, fact.department, fact.person, fact.appointment, fact.rule
    return ExOfficioLeadershipEnded(*names, "unbound", on)


def test_who_leads_a_unit_ex_officio_answers_for_it() -> None:
    bound, led = leads("G3", "D3", "P2")
    known = (department("G3", "party_group"), person("P2"), red, bound, led)
    given(*known).when(acknowledge(person=DEPUTY), today=DAY).then(replace(acknowledged, person=DEPUTY, effective=DAY))
    later = given(*known, no_more(led, DAY))
    later.when(acknowledge(person=DEPUTY), today=DAY).refused("warning.not_answerable")


def test_who_leads_the_group_bound_to_a_unit_does_not_answer_for_the_unit_by_that() -> None:
    elsewhere = leads("PG3", "G3", "P2")
    after(red, *elsewhere).when(acknowledge(person=DEPUTY), today=DAY).refused("warning.not_answerable")


# ---- what must be said ----


def test_a_warning_is_acknowledged_with_an_explanation() -> None:
    after(red).when(acknowledge(explanation=" \n"), today=DAY).refused("warning.explanation")
    after(red).when(acknowledge(explanation=" Two long cases.\n"), today=DAY).then(ACTS[0][1])


def test_a_plan_says_what_is_to_be_done() -> None:
    after(*LOOP[:2]).when(plan(plan=""), today=DAY).refused("warning.plan")


def test_a_plan_is_due_between_its_own_day_and_the_day_by_which_the_red_is_to_be_rectified() -> None:
    known = after(*LOOP[:2])
    known.when(plan(due=date(2025, 6, 8)), today=DAY).refused("warning.plan_due")
    known.when(plan(due=date(2025, 6, 26)), today=DAY).refused("warning.plan_due")
    known.when(plan(due=DAY), today=DAY).then(replace(planned, due=DAY, effective=DAY))


def test_on_the_last_day_to_rectify_a_plan_is_due_on_that_day() -> None:
    known = after(*LOOP[:2])
    known.when(plan(effective=FIX_BY), today=FIX_BY).then(replace(planned, effective=FIX_BY))
    known.when(plan(effective=FIX_BY, due=date(2025, 6, 26)), today=FIX_BY).refused("warning.plan_due")


def test_once_the_day_to_rectify_is_past_a_plan_is_due_within_as_many_working_days_again() -> None:
    on, latest = date(2025, 6, 26), date(2025, 7, 17)
    known = after(*LOOP[:2])
    known.when(plan(effective=on, due=latest), today=on).then(replace(planned, due=latest, effective=on))
    known.when(plan(effective=on, due=date(2025, 7, 18)), today=on).refused("warning.plan_due")


def test_a_report_says_what_was_done_and_its_evidence_is_named_or_left_out() -> None:
    known = after(*LOOP[:3])
    known.when(report(report=" "), today=DAY).refused("warning.report")
    for evidence in ((DIGEST, " "), ("sha256:1f0c",)):
        known.when(report(evidence=evidence), today=DAY).refused("warning.evidence")
    known.when(report(evidence=()), today=DAY).then(replace(rectified, evidence=(), effective=DAY))


def test_a_warning_is_closed_out_on_a_finding_and_evidence() -> None:
    known = after(*LOOP[:4])
    known.when(close_out(finding=""), today=DAY).refused("warning.finding")
    known.when(close_out(evidence=()), today=DAY).refused("warning.evidence")
    known.when(close_out(evidence=("",)), today=DAY).refused("warning.evidence")


def test_a_warning_is_reopened_with_a_reason() -> None:
    after(*LOOP[:5]).when(reopen(), today=DAY, reason=" ").refused("warning.reason")


# ---- who closes out ----


def test_the_checker_comes_from_outside_the_unit() -> None:
    after(*LOOP[:4]).when(close_out(checker=PersonId("P3")), today=DAY).refused("warning.checker")


def test_a_checker_who_left_the_unit_before_comes_from_outside() -> None:
    left = AppointmentEnded(AppointmentId("P3-G3-H03"), PersonId("P3"), PostId("G3-H03"), G3, DAY)
    known = after(*LOOP[:4], left)
    known.when(close_out(checker=PersonId("P3")), today=DAY).then(
        replace(closed_out, checker=PersonId("P3"), effective=DAY)
    )
    known.when(close_out(checker=PersonId("P3"), effective=date(2025, 6, 6)), today=DAY).refused("warning.checker")


def test_the_checker_comes_from_no_unit_below_the_one_warned() -> None:
    below = (department("T", parent="G3"), department("T1", parent="T"), post("T1-H", "T1", "handler"))
    works = holds("P2", "T1-H", "T1")
    known = after(*below, works, *LOOP[:4])
    known.when(close_out(checker=DEPUTY), today=DAY).refused("warning.checker")
    moved = UnitMoved(UnitId("T"), UnitId("G4"), G3, DAY)
    after(*below, works, moved, *LOOP[:4]).when(close_out(checker=DEPUTY), today=DAY).then(
        replace(closed_out, checker=DEPUTY, effective=DAY)
    )


def test_the_checker_may_come_from_above() -> None:
    chief = (post("CHIEF", "I", "chief"), holds("P2", "CHIEF", "I"))
    after(*chief, *LOOP[:4]).when(close_out(checker=DEPUTY), today=DAY).then(
        replace(closed_out, checker=DEPUTY, effective=DAY)
    )


def test_who_leads_the_unit_or_one_below_ex_officio_does_not_check_it() -> None:
    bound, led = leads("G3", "G4", "P9")
    after(*LOOP[:4], bound, led).when(close_out(), today=DAY).refused("warning.checker")
    after(*LOOP[:4], bound, led, no_more(led, DAY)).when(close_out(), today=DAY).then(ACTS[3][1])
    below = (department("T", parent="G3"), *leads("T", "G4", "P9"))
    after(*below, *LOOP[:4]).when(close_out(), today=DAY).refused("warning.checker")
    another = leads("G3", "G4", "P2")
    after(*LOOP[:4], *another).when(close_out(), today=DAY).then(ACTS[3][1])


def test_nobody_checks_what_they_reported() -> None:
    by_checker = replace(rectified, person=CHECKER)
    after(*LOOP[:3], by_checker).when(close_out(), today=DAY).refused("warning.checker")
    once = after(*LOOP[:3], by_checker, closed_out, reopened, planned, rectified)
    once.when(close_out(), today=DAY).refused("warning.checker")


def test_where_the_charter_asks_only_for_another_person_an_insider_may_check() -> None:
    text = TEXT.replace('checker = "outside_department"', 'checker = "another_person"')
    known = given(*people, *LOOP[:4], charters=[(LONG_AGO, text)])
    known.when(close_out(checker=PersonId("P3")), today=DAY).then(
        replace(closed_out, checker=PersonId("P3"), effective=DAY)
    )
    known.when(close_out(checker=HEAD), today=DAY).refused("warning.checker")


def test_the_checker_is_in_service() -> None:
    refused = after(*LOOP[:4]).when(close_out(checker=PersonId("P404")), today=DAY).refused("person.unknown")
    assert refused.fields == ("checker",)
    after(*LOOP[:4], PersonLeft(CHECKER, DAY)).when(close_out(), today=DAY).refused("person.left")
    after(*LOOP[:4], PersonLeft(CHECKER, date(2025, 6, 10))).when(close_out(), today=DAY).then(ACTS[3][1])


def test_who_reopens_is_in_service() -> None:
    refused = after(*LOOP[:5]).when(reopen(person=PersonId("P404")), today=DAY, reason="?").refused("person.unknown")
    assert refused.fields == ("person",)


def test_the_warnings_of_a_reading_go_their_own_ways() -> None:
    second = replace(red, warning=WarningId(f"{W}.2"))
    assert isinstance(second, WarningRaised)
    known = after(red, second, acknowledged)
    known.when(acknowledge(warning=second.warning), today=DAY).then(
        replace(acknowledged, warning=second.warning, effective=DAY)
    )
    known.when(acknowledge(), today=DAY).refused("warning.state")
