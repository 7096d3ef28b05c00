"""What people need: assigned and resolved in time, rated by others than who resolved it, reopened if rated badly."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.given import Given, charter_in_force
from tests.workflow.service.known import (
    BY_TWO,
    CARRIED,
    JUNE,
    MAY,
    NEED,
    OUTSIDER,
    TODAY,
    after,
    annul,
    annul_visit,
    make,
    move,
    need,
    outsider,
    rate,
    resolve,
    see_to,
)
from workflow.charter.library import learn
from workflow.charter.loader import digest, shipped
from workflow.ids import PersonId, UnitId
from workflow.organisation.events import PersonLeft, UnitDissolved
from workflow.service.needs.commands import FlagNeed, UnassignNeed
from workflow.service.needs.events import (
    NeedAnnulled,
    NeedAssigned,
    NeedMoved,
    NeedRaised,
    NeedRated,
    NeedReopened,
    NeedResolved,
    NeedUnassigned,
)
from workflow.slices import Command, Event

G1, G3, P2, P3 = UnitId("G1"), UnitId("G3"), PersonId("P2"), PersonId("P3")
ASSIGN_DUE, RESOLVE_DUE = date(2025, 5, 9), date(2025, 5, 27)
"""Three and fifteen working days after 6 May."""
BY = learn(shipped("procuratorate")).version, digest(shipped("procuratorate"))
SEEN_TO = (need(), see_to("P2"))
RESOLVED = (*SEEN_TO, resolve("P2", MAY))


def test_a_need_is_due_to_be_assigned_in_three_and_resolved_in_fifteen_working_days():
    after(outsider()).when(need(petitioner=OUTSIDER), today=MAY).then(
        NeedRaised(NEED, G1, OUTSIDER, "A street lamp", ASSIGN_DUE, RESOLVE_DUE, *BY, MAY)
    )
    after().when(need(), today=MAY).then(NeedRaised(NEED, G1, None, "A street lamp", ASSIGN_DUE, RESOLVE_DUE, *BY, MAY))


def test_who_belongs_to_the_unit_sees_to_it_and_another_for_a_reason():
    after(need()).when(see_to("P2"), today=MAY).then(NeedAssigned(NEED, G1, P2, None, MAY))
    after(*SEEN_TO).when(see_to("P3"), today=MAY, reason="On leave.").then(NeedAssigned(NEED, G1, P3, P2, MAY))
    after(*SEEN_TO).when(see_to("P3"), today=MAY).refused("need.reason")


def test_a_need_that_is_resolved_tells_whether_that_was_in_time():
    for day, late in ((RESOLVE_DUE, False), (date(2025, 5, 28), True)):
        after(*SEEN_TO).when(resolve("P2", day), today=day).then(
            NeedResolved(NEED, G1, P2, "It shines.", RESOLVE_DUE, late, ("photo",), day)
        )


def test_another_unit_answers_for_a_need_for_a_reason_and_somebody_there_sees_to_it():
    moved = NeedMoved(NEED, G3, G1, date(2025, 6, 6), JUNE)
    for known in ((need(),), SEEN_TO):
        after(*known).when(move("G3", JUNE), today=JUNE, reason="Not theirs.").then(moved)
        after(*known).when(move("G3", JUNE), today=JUNE).refused("need.reason")
    there = after(*SEEN_TO, move("G3", JUNE))
    there.when(see_to("P2", JUNE), today=JUNE).refused("need.belongs")
    there.when(resolve("P2", JUNE), today=JUNE).refused("need.state")
    there.when(see_to("P7", JUNE), today=JUNE).then(NeedAssigned(NEED, G3, PersonId("P7"), None, JUNE))


def test_a_need_of_a_unit_that_was_dissolved_goes_on_with_another():
    gone = after(*SEEN_TO, UnitDissolved(G1, JUNE))
    moved = NeedMoved(NEED, G3, G1, date(2025, 6, 6), JUNE)
    gone.when(move("G3", JUNE), today=JUNE, reason="Dissolved.").then(moved)
    done = (move("G3", JUNE), see_to("P7", JUNE), resolve("P7", JUNE))
    rated = after(*SEEN_TO, UnitDissolved(G1, JUNE), *done).when(rate(5, JUNE, by="P8"), today=JUNE)
    rated.then(NeedRated(NEED, G3, PersonId("P8"), PersonId("P7"), 5, "", True, False, JUNE))


def test_nobody_is_given_a_need_late_who_left_since():
    after(need(), PersonLeft(P2, JUNE)).when(see_to("P2"), today=MAY).then(NeedAssigned(NEED, G1, P2, None, MAY))
    after(need(), PersonLeft(P2, JUNE)).when(see_to("P2"), today=JUNE, **BY_TWO).refused("person.left")


@pytest.mark.parametrize(("rating", "satisfied"), [(5, True), (4, True), (3, False)])
def test_a_rating_tells_whether_people_are_satisfied(rating: int, satisfied: bool):
    after(*RESOLVED).when(rate(rating, MAY), today=MAY).then(
        NeedRated(NEED, G1, P3, P2, rating, "", satisfied, False, MAY)
    )


def test_a_need_that_is_rated_badly_is_reopened_as_often_as_the_charter_allows():
    rated = NeedRated(NEED, G1, P3, P2, 2, "", False, True, MAY)
    known = [*RESOLVED]
    for number in (1, 2):
        after(*known).when(rate(2, MAY), today=MAY).then(
            rated, NeedReopened(NEED, G1, number, ASSIGN_DUE, RESOLVE_DUE, MAY)
        )
        known += [rate(2, MAY), see_to("P2"), resolve("P2", MAY)]
    after(*known).when(rate(1, MAY), today=MAY).then(NeedRated(NEED, G1, P3, P2, 1, "", False, False, MAY))


@pytest.mark.parametrize(
    ("known", "act", "code"),
    [
        ((need(),), need(), "need.exists"),
        ((), need(title=" "), "need.title"),
        ((), need(of="G9"), "unit.unknown"),
        ((UnitDissolved(G1, MAY),), need(), "unit.dissolved"),
        ((), need(petitioner=OUTSIDER), "petitioner.unknown"),
        ((), need(on=date(2025, 6, 17)), "need.future"),
        ((), see_to("P2"), "need.unknown"),
        ((need(),), see_to("P7"), "need.belongs"),
        ((need(),), see_to("P99"), "person.unknown"),
        ((need(), PersonLeft(P2, MAY)), see_to("P2"), "person.left"),
        (SEEN_TO, see_to("P2"), "need.same"),
        ((need(on=JUNE),), see_to("P2", on=MAY), "need.order"),
        ((need(),), resolve("P2", MAY), "need.state"),
        (SEEN_TO, resolve("P2", MAY, result=" "), "need.result"),
        (SEEN_TO, resolve("P2", MAY, evidence=()), "need.evidence"),
        ((*SEEN_TO, PersonLeft(P2, MAY)), resolve("P2", JUNE), "person.left"),
        (SEEN_TO, rate(5, MAY), "need.state"),
        (RESOLVED, rate(0, MAY), "need.rating"),
        (RESOLVED, rate(6, MAY), "need.rating"),
        (RESOLVED, rate(5, MAY, by="P99"), "person.unknown"),
        ((*RESOLVED, rate(5, MAY)), rate(5, MAY), "need.state"),
        (RESOLVED, see_to("P3"), "need.state"),
        ((), move("G3", MAY), "need.unknown"),
        ((need(),), move("G1", MAY), "need.same_unit"),
        ((need(),), move("G9", MAY), "unit.unknown"),
        ((need(), UnitDissolved(G3, MAY)), move("G3", MAY), "unit.dissolved"),
        ((need(),), move("G3", date(2025, 6, 17)), "need.future"),
        ((need(on=JUNE),), move("G3", MAY), "need.order"),
        (RESOLVED, move("G3", MAY), "need.state"),
    ],
)
def test_what_is_done_about_a_need_is_refused(known: tuple[Command | Event, ...], act: Any, code: str):
    after(*known).when(act, today=TODAY, approver="C2", reason="So it is.").refused(code)


def test_who_resolved_it_does_not_ask_for_the_rating_and_only_who_sees_to_it_resolves_it():
    after(*SEEN_TO).when(resolve("P3", MAY), today=MAY).refused("need.not_theirs")
    after(*RESOLVED).when(rate(5, MAY, by="P2"), today=MAY).refused("need.own")


def test_a_need_that_was_recorded_by_mistake_is_annulled_by_two_persons_with_a_reason():
    for known in ((need(),), SEEN_TO, RESOLVED):
        facts = after(*known)
        facts.when(annul(JUNE), today=JUNE, **BY_TWO).then(NeedAnnulled(NEED, G1, JUNE))
        facts.when(annul(JUNE), today=JUNE, approver="C2").refused("need.reason")
        facts.when(annul(JUNE), today=JUNE, reason="Twice.").refused("need.second_person")
    after(*RESOLVED, rate(5, MAY)).when(annul(JUNE), today=JUNE, **BY_TWO).refused("need.state")
    gone = after(*SEEN_TO, annul(MAY))
    for act in (see_to("P3"), resolve("P2", MAY), annul(MAY), move("G3", MAY)):
        gone.when(act, today=MAY, **BY_TWO).refused("need.state")
    overdue = date(2025, 6, 16)
    gone.when(FlagNeed(need=NEED, why="resolve", effective=overdue), today=overdue).nothing()


def test_needs_and_visits_are_annulled_also_when_the_charter_knows_no_service_any_more():
    text = shipped("procuratorate")
    without = text[: text.index("[service]")] + text[text.index("[hearings]") :]
    gone = Given([*after(*CARRIED, *SEEN_TO).facts, *charter_in_force(without, JUNE)])
    gone.when(resolve("P2", JUNE), today=JUNE).refused("service.charter")
    gone.when(make("P1", JUNE), today=JUNE).refused("service.charter")
    for act in (annul(JUNE), annul_visit(JUNE)):
        assert gone.when(act, today=JUNE, **BY_TWO).refusal is None
    resolved = Given([*after(*RESOLVED).facts, *charter_in_force(without, JUNE)])
    resolved.when(rate(5, JUNE), today=JUNE).refused("service.charter")
    resolved.when(annul(JUNE), today=JUNE, **BY_TWO).then(NeedAnnulled(NEED, G1, JUNE))


def test_a_need_whose_person_left_the_service_is_to_be_assigned_anew():
    unassign = UnassignNeed(need=NEED, effective=JUNE)
    gone = PersonLeft(P2, date(2025, 6, 2))
    due = date(2025, 6, 6)
    after(*SEEN_TO, gone).when(unassign, today=JUNE).then(NeedUnassigned(NEED, G1, P2, due, JUNE))
    after(*SEEN_TO, PersonLeft(P2, JUNE)).when(unassign, today=JUNE).nothing()
    after(*SEEN_TO).when(unassign, today=JUNE).nothing()
    after(*RESOLVED, gone).when(unassign, today=JUNE).nothing()
    after(need()).when(unassign, today=JUNE).nothing()
    late = see_to("P2", date(2025, 6, 4))
    after(need(), late, PersonLeft(P2, date(2025, 6, 2))).when(unassign, today=JUNE).nothing()
