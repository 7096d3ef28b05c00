"""Visits: a petitioner's matter is carried by a named member of a team, answered and closed in time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.workflow.organisation.happened import membership_ended
from tests.workflow.service.known import (
    B1,
    B2,
    BY_TWO,
    CARRIED,
    JUNE,
    MAY,
    OUTSIDER,
    TEAM,
    TEAMED,
    TODAY,
    VISIT,
    after,
    annul_visit,
    assign,
    close,
    form,
    hand_over,
    join,
    make,
    outsider,
    reopen,
    withdraw,
)
from workflow.charter.library import learn
from workflow.charter.loader import digest, shipped
from workflow.ids import PersonId
from workflow.organisation.events import PersonLeft
from workflow.sealed import personal
from workflow.service.events import TeamMemberWithdrew
from workflow.service.visits.commands import CorrectPetitionerDetails, FlagVisit
from workflow.service.visits.dates import result_due
from workflow.service.visits.events import (
    PetitionerDetailsCorrected,
    PetitionerRegistered,
    VisitAnnulled,
    VisitAssigned,
    VisitClosed,
    VisitHandedOver,
    VisitMade,
    VisitReopened,
)
from workflow.slices import Command, Event

P1, P2, P7 = PersonId("P1"), PersonId("P2"), PersonId("P7")
CHARTER = learn(shipped("procuratorate"))
ANSWER_DUE, RESULT_DUE = date(2025, 5, 15), date(2025, 8, 6)
"""Seven working days after 6 May, and three months."""


def test_a_petitioner_is_known_by_an_id_and_their_details_are_sealed():
    details = personal(name="Wang Wu", phone="555", address="Mill Lane 3")
    after().when(outsider(), today=MAY).then(PetitionerRegistered(OUTSIDER, details, MAY))
    after(outsider()).when(outsider(), today=MAY).refused("petitioner.exists")
    after().when(outsider(name=" "), today=MAY).refused("petitioner.nameless")
    after().when(outsider(on=TODAY), today=JUNE).refused("petitioner.future")


def test_the_details_of_a_petitioner_are_replaced_as_a_whole():
    correct = CorrectPetitionerDetails(petitioner=OUTSIDER, name="Wang Wu ")
    after(outsider()).when(correct).then(PetitionerDetailsCorrected(OUTSIDER, personal(name="Wang Wu")))
    after().when(correct).refused("petitioner.unknown")
    after(outsider()).when(CorrectPetitionerDetails(petitioner=OUTSIDER, name="")).refused("petitioner.nameless")


def test_a_visit_is_answered_in_seven_working_days_and_has_a_result_in_three_months_from_its_receipt():
    by = CHARTER.version, digest(shipped("procuratorate"))
    after(*TEAMED).when(assign("P1"), today=MAY).then(
        VisitAssigned(VISIT, OUTSIDER, TEAM, P1, B1, "Compensation for land", MAY, ANSWER_DUE, RESULT_DUE, *by, MAY)
    )


def test_where_a_month_is_shorter_three_months_end_on_its_last_day():
    assert result_due(date(2024, 11, 30), CHARTER) == date(2025, 2, 28)
    assert result_due(date(2025, 10, 31), CHARTER) == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("known", "act", "code"),
    [
        (CARRIED, assign("P1"), "visit.exists"),
        (TEAMED, assign("P3"), "service_team.no_member"),
        (TEAMED, assign("P99"), "person.unknown"),
        ((form(), join("P1")), assign("P1"), "petitioner.unknown"),
        ((outsider(),), assign("P1"), "service_team.unknown"),
        ((*TEAMED, withdraw("P1", on=MAY)), assign("P1"), "service_team.no_member"),
        ((*TEAMED, PersonLeft(P1, MAY)), assign("P1"), "person.left"),
        (TEAMED, assign("P1", received=JUNE), "visit.received"),
        (TEAMED, assign("P1", matter=" "), "visit.matter"),
        (TEAMED, assign("P1", on=date(2025, 6, 17)), "visit.future"),
    ],
)
def test_a_visit_is_carried_by_a_member_of_the_team(known: tuple[Command | Event, ...], act: Any, code: str):
    after(*known).when(act, today=TODAY, approver="C2", reason="So it is.").refused(code)


def test_an_answer_tells_whether_it_came_in_time():
    for day, late in ((ANSWER_DUE, False), (date(2025, 5, 16), True)):
        after(*CARRIED).when(make("P1", day, "answer"), today=day).then(
            VisitMade(VISIT, OUTSIDER, P1, B1, "Listened.", "answer", ANSWER_DUE, late, RESULT_DUE, None, (), day)
        )


def test_progress_in_time_puts_the_result_off_by_another_three_months():
    for day, late in ((RESULT_DUE, False), (date(2025, 8, 7), True)):
        (made,) = after(*CARRIED).when(make("P1", day, "progress"), today=day).facts
        assert isinstance(made, VisitMade)
        assert (made.due, made.late, made.result_due) == (RESULT_DUE, late, day.replace(month=11))


def test_several_visits_are_made_each_with_what_was_done_and_when_they_meet_again():
    known = after(*CARRIED, make("P1", date(2025, 5, 8)), make("P1", date(2025, 5, 12), "answer"))
    known.when(make("P1", JUNE, next_on=TODAY, evidence=("photo",)), today=JUNE).then(
        VisitMade(VISIT, OUTSIDER, P1, B1, "Listened.", "", None, False, RESULT_DUE, TODAY, ("photo",), JUNE)
    )


@pytest.mark.parametrize(
    ("known", "act", "code"),
    [
        (TEAMED, make("P1", JUNE), "visit.unknown"),
        (CARRIED, make("P2", JUNE), "visit.not_theirs"),
        (CARRIED, make("P1", JUNE, done=" "), "visit.done"),
        (CARRIED, make("P1", JUNE, "secrets"), "visit.tells"),
        ((*CARRIED, make("P1", MAY, "answer")), make("P1", JUNE, "answer"), "visit.answered"),
        (CARRIED, make("P1", JUNE, next_on=JUNE), "visit.next_on"),
        (CARRIED, make("P1", date(2025, 6, 17)), "visit.future"),
        ((*CARRIED, make("P1", JUNE)), make("P1", MAY), "visit.order"),
        ((*CARRIED, withdraw("P1")), make("P1", TODAY), "visit.state"),
        ((*CARRIED, make("P1", MAY), close("P1", JUNE)), make("P1", TODAY), "visit.state"),
        ((*CARRIED, PersonLeft(P1, JUNE)), make("P1", TODAY), "person.left"),
        ((*CARRIED, make("P1", MAY)), close("P1", JUNE, result=""), "visit.result"),
        ((*CARRIED, make("P1", MAY)), close("P1", JUNE, evidence=()), "visit.evidence"),
        (CARRIED, hand_over("P3", JUNE), "service_team.no_member"),
        (CARRIED, hand_over("P1", JUNE), "visit.same"),
        (CARRIED, hand_over("P2", JUNE, notes=""), "visit.notes"),
        ((*CARRIED, PersonLeft(P2, JUNE)), hand_over("P2", JUNE), "person.left"),
        (CARRIED, hand_over("P2", JUNE, visit="V9"), "visit.unknown"),
        (CARRIED, reopen("P1", JUNE), "visit.state"),
        ((*CARRIED, make("P1", MAY), close("P1", JUNE)), reopen("P3", TODAY), "service_team.no_member"),
    ],
)
def test_what_is_done_about_a_visit_is_refused(known: tuple[Command | Event, ...], act: Any, code: str):
    after(*known).when(act, today=TODAY, approver="C2", reason="So it is.").refused(code)


def test_what_a_member_carries_is_handed_over_to_another():
    handed = VisitHandedOver(VISIT, OUTSIDER, TEAM, P7, P1, B2, "All in the file.", JUNE)
    after(*CARRIED).when(hand_over("P7", JUNE), today=JUNE).then(handed)
    after(*CARRIED, withdraw("P1")).when(hand_over("P7", JUNE), today=JUNE).then(handed)
    over = after(*CARRIED, hand_over("P7", JUNE))
    over.when(make("P1", TODAY), today=TODAY).refused("visit.not_theirs")
    assert len(over.when(make("P7", TODAY), today=TODAY).facts) == 1


def test_nobody_takes_a_visit_on_late_who_withdrew_since():
    for known, act in (
        (TEAMED, assign("P2")),
        (CARRIED, hand_over("P2", MAY)),
        ((*CARRIED, make("P1", MAY), close("P1", MAY)), reopen("P2", MAY)),
        (CARRIED, withdraw("P1", "P2", on=MAY)),
    ):
        gone = after(*known, TeamMemberWithdrew(TEAM, PersonId("P2"), B1, "asked", JUNE))
        assert gone.when(act, today=MAY, reason="So it is.").refusal is None
        gone.when(act, today=JUNE, **BY_TWO).refused("service_team.no_member")


def test_nobody_takes_a_visit_on_who_belongs_no_more_to_the_unit_for_which_they_are_in_the_team():
    """Whether or not the clock, which takes them out of the team, has come so far."""
    for known, act in (
        (TEAMED, assign("P2", on=JUNE)),
        (CARRIED, hand_over("P2", JUNE)),
        ((*CARRIED, make("P1", MAY), close("P1", MAY)), reopen("P2", JUNE)),
        (CARRIED, withdraw("P1", "P2")),
    ):
        assert after(*known).when(act, today=JUNE, reason="So it is.").refusal is None
        gone = after(*known, membership_ended("P2", "PG1", JUNE))
        gone.when(act, today=JUNE, **BY_TWO).refused("service_team.gone")


def test_a_matter_is_closed_by_who_carries_it_after_the_petitioner_was_visited():
    after(*CARRIED).when(close("P1", JUNE), today=JUNE).refused("visit.not_made")
    visited = after(*CARRIED, make("P1", MAY))
    visited.when(close("P2", JUNE), today=JUNE).refused("visit.not_theirs")
    assert visited.when(close("P1", JUNE), today=JUNE).refusal is None


def test_a_matter_is_closed_with_its_result_in_time_or_late():
    known = (*CARRIED, make("P1", MAY, "answer"))
    for day, late in ((RESULT_DUE, False), (date(2025, 8, 7), True)):
        after(*known).when(close("P1", day), today=day).then(
            VisitClosed(VISIT, OUTSIDER, P1, B1, "Paid.", RESULT_DUE, late, ("receipt",), day)
        )


def test_a_visit_that_was_recorded_by_mistake_is_annulled_by_two_persons_with_a_reason():
    annulled = VisitAnnulled(VISIT, OUTSIDER, P1, B1, JUNE)
    for known in (CARRIED, (*CARRIED, make("P1", MAY)), (*CARRIED, withdraw("P1"))):
        facts = after(*known)
        facts.when(annul_visit(JUNE), today=JUNE, **BY_TWO).then(annulled)
        facts.when(annul_visit(JUNE), today=JUNE, approver="C2").refused("visit.reason")
        facts.when(annul_visit(JUNE), today=JUNE, reason="Twice.").refused("visit.second_person")
    closed = after(*CARRIED, make("P1", MAY), close("P1", MAY))
    closed.when(annul_visit(JUNE), today=JUNE, **BY_TWO).refused("visit.state")
    gone = after(*CARRIED, annul_visit(MAY))
    for act in (make("P1", MAY), hand_over("P2", MAY), close("P1", MAY), reopen("P1", MAY), annul_visit(MAY)):
        gone.when(act, today=MAY, **BY_TWO).refused("visit.state")
    assert [fact.TOPIC for fact in gone.when(withdraw("P1"), today=JUNE).facts] == ["service_team.member_withdrew"]
    overdue = date(2025, 8, 7)
    gone.when(FlagVisit(visit=VISIT, why="result", effective=overdue), today=overdue).nothing()


def test_a_closed_matter_is_reopened_for_a_reason_and_its_result_is_due_anew():
    known = after(*CARRIED, make("P1", MAY), close("P1", JUNE))
    known.when(reopen("P2", TODAY), today=TODAY, reason="It was not paid.").then(
        VisitReopened(VISIT, OUTSIDER, TEAM, P2, B1, date(2025, 9, 16), TODAY)
    )
    known.when(reopen("P2", TODAY), today=TODAY).refused("visit.reason")


def test_who_knows_no_id_is_told_so_before_anything_else():
    act = assign("P1")
    bad = type(act)(**{**{n: getattr(act, n) for n in act.__dataclass_fields__ if n in BODY}, "petitioner": "王 五"})
    refusal = after(*TEAMED).when(bad, today=MAY).refused("id.malformed")
    assert "王" not in refusal.sentence


BODY = ("visit", "petitioner", "team", "person", "matter", "received", "effective")
