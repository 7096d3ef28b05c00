"""Teams: who may join, how many, and what becomes of the visits of who leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.given import LONG_AGO, charter_in_force, given
from tests.workflow.organisation.happened import appointed, member, membership_ended, person, post, unit
from tests.workflow.service.known import (
    B1,
    B2,
    BY_TWO,
    CARRIED,
    JUNE,
    MAY,
    ORGANISATION,
    OUTSIDER,
    TEAM,
    TEAMED,
    TODAY,
    VISIT,
    after,
    assign,
    close,
    form,
    join,
    lived,
    make,
    withdraw,
)
from workflow.charter.loader import shipped
from workflow.ids import PersonId, UnitId, VisitId
from workflow.organisation.events import PersonLeft, UnitDissolved
from workflow.service.events import TeamFormed, TeamMemberJoined, TeamMemberWithdrew
from workflow.service.teams import LetMemberGo
from workflow.service.visits.events import VisitHandedOver, VisitLeftBehind
from workflow.slices import Command, Event

P1, P2, P7 = PersonId("P1"), PersonId("P2"), PersonId("P7")
HANDOVER_DUE = date(2025, 6, 10)
"""Five working days after 3 June."""


def test_a_team_is_formed_once_of_a_kind_that_the_charter_knows():
    after().when(form(), today=MAY).then(TeamFormed(TEAM, "vanguard", "Vanguard", MAY))
    after(form()).when(form(), today=MAY).refused("service_team.exists")
    after().when(form(kind="night_watch"), today=MAY).refused("service_team.kind")
    after().when(form(name=" "), today=MAY).refused("service_team.name")
    after().when(form(on=TODAY), today=JUNE).refused("service_team.future")
    after().when(form(), today=TODAY).refused("effective.backdated")


def test_who_belongs_to_the_unit_joins_the_team_for_it():
    after(form()).when(join("P1"), today=MAY).then(TeamMemberJoined(TEAM, P1, B1, MAY))


@pytest.mark.parametrize(
    ("known", "act", "code"),
    [
        ((), join("P1"), "service_team.unknown"),
        ((form(),), join("P7"), "service_team.belongs"),
        ((form(),), join("P9", "B2"), "service_team.belongs"),
        ((form(),), join("P1", "G1"), "service_team.unit_kind"),
        ((form(),), join("P1", "B9"), "unit.unknown"),
        ((form(),), join("P99"), "person.unknown"),
        ((form(),), join("P1", on=date(2025, 5, 5)), "service_team.order"),
        ((form(), join("P1")), join("P1", on=JUNE), "service_team.member"),
        ((form(), PersonLeft(P1, MAY)), join("P1", on=JUNE), "person.left"),
        ((form(), membership_ended("P1", "PG1", MAY)), join("P1", on=JUNE), "service_team.belongs"),
        ((form(), UnitDissolved(B2, JUNE)), join("P7", "B2", on=JUNE), "unit.dissolved"),
    ],
)
def test_nobody_else_joins(known: tuple[Command | Event, ...], act: Any, code: str):
    after(*known).when(act, today=act.effective).refused(code)


def test_nobody_joins_late_who_left_or_moved_since():
    moved = membership_ended("P1", "PG1", JUNE)
    for gone, code in ((PersonLeft(P1, JUNE), "person.left"), (moved, "service_team.belongs")):
        assert after(form(), gone).when(join("P1"), today=MAY).refusal is None
        after(form(), gone).when(join("P1"), today=JUNE, **BY_TWO).refused(code)


def test_a_unit_has_as_many_places_as_the_charter_gives_it():
    of_b1 = [join(f"P{n}") for n in range(1, 6)]
    after(form(), *of_b1).when(join("P6"), today=MAY).refused("service_team.places")
    after(form(), *of_b1, withdraw("P1")).when(join("P6", on=JUNE), today=JUNE).then(
        TeamMemberJoined(TEAM, PersonId("P6"), B1, JUNE)
    )


def test_a_unit_that_is_not_among_the_places_has_none():
    known = (*ORGANISATION, unit("B8", "branch", "OC"), person("Q1"), member("Q1", "B8"))
    after(form(), organisation=known).when(join("Q1", "B8"), today=MAY).refused("service_team.places")


def test_a_team_has_at_most_as_many_members_as_the_charter_says():
    small = shipped("procuratorate").replace("size_at_most = 21", "size_at_most = 2")
    facts = [*charter_in_force(small, LONG_AGO), *lived(*TEAMED)[2:]]
    given(*facts, charter=None).when(join("P3", on=JUNE), today=JUNE).refused("service_team.size")


def test_where_the_charter_says_nothing_of_places_any_number_joins():
    people = [f"N{n}" for n in range(30)]
    ward: list[Event] = [unit("H", "hospital"), unit("D1", "department", "H")]
    for id in people:
        ward += [person(id, "physician"), post(f"D1-{id}", "D1", "physician"), appointed(f"A-{id}", id, f"D1-{id}")]
    acts = [form(kind="outreach"), *(join(id, "D1") for id in people[1:])]
    known = after(*acts, charter="hospital", organisation=ward)
    known.when(join("N0", "D1"), today=MAY).then(TeamMemberJoined(TEAM, PersonId("N0"), UnitId("D1"), MAY))


def test_the_visits_of_a_member_who_withdraws_are_handed_over_to_the_successor():
    known = after(*CARRIED, assign("P1", "V2"), make("P1", JUNE))
    known.when(withdraw("P1", "P7"), today=JUNE).then(
        TeamMemberWithdrew(TEAM, P1, B1, "asked", JUNE),
        VisitHandedOver(VISIT, OUTSIDER, TEAM, P7, P1, B2, "All in the file.", JUNE),
        VisitHandedOver(VisitId("V2"), OUTSIDER, TEAM, P7, P1, B2, "All in the file.", JUNE),
    )


def test_without_a_successor_they_are_left_behind_and_due_to_be_handed_over():
    after(*CARRIED).when(withdraw("P1"), today=JUNE).then(
        TeamMemberWithdrew(TEAM, P1, B1, "asked", JUNE),
        VisitLeftBehind(VISIT, OUTSIDER, TEAM, P1, B1, HANDOVER_DUE, JUNE),
    )


def test_what_is_closed_or_carried_by_others_is_not_handed_over():
    known = after(*TEAMED, assign("P2"), assign("P1", "V2"), make("P1", JUNE, visit="V2"), close("P1", JUNE, "V2"))
    known.when(withdraw("P1"), today=JUNE).then(TeamMemberWithdrew(TEAM, P1, B1, "asked", JUNE))


@pytest.mark.parametrize(
    ("known", "act", "code"),
    [
        (CARRIED, withdraw("P3"), "service_team.no_member"),
        ((*CARRIED, withdraw("P1")), withdraw("P1", on=TODAY), "service_team.no_member"),
        (CARRIED, withdraw("P1", "P1"), "service_team.successor"),
        (CARRIED, withdraw("P1", "P3"), "service_team.no_member"),
        ((*CARRIED, PersonLeft(P2, JUNE)), withdraw("P1", "P2"), "person.left"),
        (CARRIED, withdraw("P1", "P2", notes=" "), "service_team.notes"),
        ((*CARRIED, make("P1", TODAY)), withdraw("P1", "P2"), "service_team.order"),
    ],
)
def test_a_withdrawal_is_refused(known: tuple[Command | Event, ...], act: Any, code: str):
    after(*known).when(act, today=TODAY, approver="C2", reason="So it is.").refused(code)


def test_a_withdrawal_of_a_day_to_come_is_refused():
    after(*CARRIED).when(withdraw("P1", on=TODAY), today=JUNE).refused("service_team.future")


def go(who: str, on: date) -> LetMemberGo:
    return LetMemberGo(team=TEAM, person=PersonId(who), effective=on)


def test_who_left_the_service_is_taken_out_of_the_team_on_the_day_after():
    known = after(*CARRIED, PersonLeft(P1, date(2025, 6, 2)))
    known.when(go("P1", date(2025, 6, 2)), today=date(2025, 6, 2)).nothing()
    known.when(go("P1", JUNE), today=JUNE).then(
        TeamMemberWithdrew(TEAM, P1, B1, "left", JUNE),
        VisitLeftBehind(VISIT, OUTSIDER, TEAM, P1, B1, HANDOVER_DUE, JUNE),
    )


def test_who_does_not_belong_to_the_unit_any_more_is_taken_out_too():
    ended = membership_ended("P1", "PG1", date(2025, 6, 2))
    after(*TEAMED, ended).when(go("P1", JUNE), today=JUNE).then(TeamMemberWithdrew(TEAM, P1, B1, "moved", JUNE))
    again = member("P1", "B1", date(2025, 6, 2))
    after(*TEAMED, ended, again).when(go("P1", JUNE), today=JUNE).nothing()


def test_who_belongs_or_is_gone_already_is_let_be():
    after(*TEAMED).when(go("P1", JUNE), today=JUNE).nothing()
    after(*TEAMED).when(go("P3", JUNE), today=JUNE).nothing()
    gone = (*TEAMED, withdraw("P1", on=date(2025, 5, 30)), PersonLeft(P1, date(2025, 6, 2)))
    after(*gone).when(go("P1", JUNE), today=JUNE).nothing()
