"""Recusal blocks: it does not merely warn."""

from __future__ import annotations

import pytest

from tests.workflow.case_teams.known import (
    AIDE,
    CHIEF,
    DEPUTY,
    G3,
    GROUP_LEADER,
    HEAD,
    LATER,
    LEAD,
    SECOND,
    T1,
    THIRD,
    change_lead,
    declare,
    declared,
    dissolved,
    hand_over,
    handed_over,
    join,
    joined,
    known,
    led_by,
    left,
    lift,
    lifted,
    order,
    team,
)
from workflow.case_teams.events import RecusalOrdered
from workflow.case_teams.views import RecusedFrom
from workflow.ids import CaseTeamId, PersonId
from workflow.sealed import personal

recused = declared(), left(recused=True)


def test_who_declares_to_be_recused_leaves_the_team():
    team().when(declare(), today=LATER).then(*recused)
    team().when(declare(LEAD), today=LATER).then(declared(LEAD), left(LEAD, led=True, recused=True))
    team().when(declare(THIRD), today=LATER).then(declared(THIRD))
    team(dissolved).when(declare(THIRD), today=LATER).then(declared(THIRD))


def test_a_recusal_is_ordered_by_a_level_that_the_charter_names():
    for by, level in ((HEAD, "department_head"), (DEPUTY, "deputy_in_charge"), (CHIEF, "chief")):
        ordered = RecusalOrdered(T1, G3, SECOND, by, level, personal(ground="interest"), LATER)
        team().when(order(by=by), today=LATER).then(ordered, left(recused=True))
    for by in (LEAD, GROUP_LEADER, THIRD):
        team().when(order(by=by), today=LATER).refused("recusal.by")


def test_nobody_orders_their_own_recusal_or_one_in_a_case_they_are_recused_from():
    team().when(order(CHIEF, CHIEF), today=LATER).refused("recusal.self")
    team(declared(CHIEF)).when(order(), today=LATER).refused("case_team.recused")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ground": "He is the brother of the accused"}, "recusal.ground"),
        ({"person": PersonId("P99")}, "person.unknown"),
        ({"effective": LATER.replace(day=20)}, "case_team.future"),
        ({"case_team": CaseTeamId("T9")}, "case_team.unknown"),
    ],
)
def test_a_recusal_is_of_somebody_known_for_a_ground_that_the_charter_names_at_once(change, code):
    team().when(declare(**change), today=LATER).refused(code)
    team().when(order(**change), today=LATER).refused(code)


def test_a_person_is_recused_once():
    team(*recused).when(declare(), today=LATER).refused("recusal.again")
    team(*recused).when(order(), today=LATER).refused("recusal.again")


def test_who_is_recused_does_not_join():
    team(*recused).when(join(SECOND), today=LATER).refused("case_team.recused")
    team(declared(THIRD)).when(join(), today=LATER).refused("case_team.recused")


def test_who_is_recused_does_not_lead_and_is_handed_nothing():
    team(*recused).when(change_lead(), today=LATER, reason="decided").refused("case_team.recused")
    team(*recused).when(hand_over(), today=LATER).refused("case_team.recused")


def test_who_is_recused_names_no_lead():
    team(declared(CHIEF), handed_over()).when(change_lead(), today=LATER).refused("case_team.recused")


def test_the_lead_of_who_is_recused_is_vacant_until_it_is_changed():
    vacant = declared(LEAD), left(LEAD, led=True, recused=True)
    team(*vacant).when(change_lead(), today=LATER).refused("case_team.handover")
    team(*vacant).when(hand_over(), today=LATER).then(handed_over())
    team(*vacant, handed_over()).when(change_lead(), today=LATER).then(led_by())
    team(*vacant, joined()).when(change_lead(THIRD), today=LATER, reason="recused").then(led_by(THIRD, LEAD, None))


def test_a_recusal_is_lifted_by_two_persons_with_a_reason():
    team(*recused).when(lift(), today=LATER, reason="an error", approver="C2").then(lifted())
    team(*recused).when(lift(), today=LATER, approver="C2").refused("recusal.reason")
    for approver in ("", "C1"):
        team(*recused).when(lift(), today=LATER, reason="an error", approver=approver).refused("recusal.second_person")
    team().when(lift(), today=LATER, reason="an error", approver="C2").refused("recusal.none")


def test_whose_recusal_was_lifted_may_join_again():
    team(*recused, lifted()).when(join(SECOND), today=LATER).then(joined(SECOND))


def test_what_somebody_is_recused_from_is_known_by_the_person():
    ordered = RecusalOrdered(T1, G3, SECOND, CHIEF, "chief", personal(ground="interest"), LATER)
    facts = (declared(AIDE), ordered, declared(LEAD), lifted(LEAD))
    assert {person: recused_from(person, facts) for person in (AIDE, SECOND, LEAD, CHIEF)} == {
        AIDE: {T1},
        SECOND: {T1},
        LEAD: set(),
        CHIEF: set(),
    }


def recused_from(person, facts):
    view = RecusedFrom(person)
    known(*facts)._read([view])
    return view.teams
