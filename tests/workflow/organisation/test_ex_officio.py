"""The head of a department leads the group that a grid binds to it, with the exceptions of the domain's row 2."""

from __future__ import annotations

from datetime import date

from tests.given import LONG_AGO, TODAY, given
from tests.workflow.organisation.happened import (
    BUSINESS,
    PARTY,
    appointed,
    appointment_ended,
    bound,
    leads,
    led,
    member,
    membership_ended,
    nobody_leads,
    person,
    post,
    unit,
)
from workflow.ids import AppointmentId, GridId, MembershipId, PersonId, PostId, UnitId
from workflow.organisation.appointments import Appoint, EndAppointment
from workflow.organisation.events import GridUnbound, PersonLeft
from workflow.organisation.grids import BindGrid, UnbindGrid
from workflow.organisation.memberships import EndMembership, StartMembership
from workflow.organisation.people import RecordDeparture

AUGUST = date(2025, 8, 1)
SEPTEMBER = date(2025, 9, 1)

OFFICE = (
    *BUSINESS,
    *PARTY,
    post("G6-HEAD", "G6", "department_head"),
    post("G7-HEAD", "G7", "department_head"),
    post("G7-DEPUTY", "G7", "department_deputy"),
    post("PG6-LEADER", "PG6", "group_leader"),
    post("PG7-LEADER", "PG7", "group_leader"),
    *(person(f"P{n}") for n in range(1, 6)),
)
GRIDS = (
    bound("N6", "G6", "PG6"),
    nobody_leads(6, "vacancy", LONG_AGO),
    bound("N7", "G7", "PG7"),
    nobody_leads(7, "vacancy", LONG_AGO),
)
P1_HEADS_G7 = (member("P1", "PG7"), appointed("A1", "P1", "G7-HEAD"), leads(7, "P1", "A1", LONG_AGO))


def appoint(
    id: str,
    person: str,
    post: str,
    kind: str = "substantive",
    effective: date = TODAY,
    until: date | None = None,
) -> Appoint:
    return Appoint(
        appointment=AppointmentId(id),
        person=PersonId(person),
        post=PostId(post),
        kind=kind,
        effective=effective,
        until=until,
    )


def end(id: str, effective: date = TODAY) -> EndAppointment:
    return EndAppointment(appointment=AppointmentId(id), effective=effective)


def join(person: str, unit: str, effective: date = TODAY) -> StartMembership:
    return StartMembership(
        membership=MembershipId(f"M-{person}"),
        person=PersonId(person),
        unit=UnitId(unit),
        kind="full",
        effective=effective,
    )


def test_a_head_who_is_a_member_of_the_bound_group_leads_it():
    given(*OFFICE, *GRIDS, member("P1", "PG7")).when(appoint("A1", "P1", "G7-HEAD")).then(
        appointed("A1", "P1", "G7-HEAD", TODAY), leads(7, "P1", "A1", TODAY)
    )


def test_an_acting_head_leads_the_group_as_acting():
    given(*OFFICE, *GRIDS, member("P1", "PG7")).when(appoint("A1", "P1", "G7-HEAD", "acting")).then(
        appointed("A1", "P1", "G7-HEAD", TODAY, "acting"), leads(7, "P1", "A1", TODAY, acting=True)
    )


def test_a_head_who_is_no_member_does_not_lead_the_group():
    given(*OFFICE, *GRIDS).when(appoint("A1", "P1", "G7-HEAD")).then(
        appointed("A1", "P1", "G7-HEAD", TODAY), nobody_leads(7, "head_not_member", TODAY, "P1")
    )


def test_who_heads_a_department_without_a_grid_leads_nothing():
    given(*OFFICE).when(appoint("A1", "P1", "G7-HEAD")).then(appointed("A1", "P1", "G7-HEAD", TODAY))


def test_who_holds_another_post_of_the_department_does_not_change_who_leads():
    given(*OFFICE, *GRIDS, *P1_HEADS_G7).when(appoint("A2", "P2", "G7-DEPUTY")).then(
        appointed("A2", "P2", "G7-DEPUTY", TODAY)
    )


def test_binding_a_grid_decides_who_leads():
    bind = BindGrid(grid=GridId("N7"), department=UnitId("G7"), group=UnitId("PG7"), effective=TODAY)
    fact = bound("N7", "G7", "PG7", TODAY)
    a1 = appointed("A1", "P1", "G7-HEAD")
    given(*OFFICE).when(bind).then(fact, nobody_leads(7, "vacancy", TODAY))
    given(*OFFICE, a1).when(bind).then(fact, nobody_leads(7, "head_not_member", TODAY, "P1"))
    given(*OFFICE, a1, member("P1", "PG7")).when(bind).then(fact, leads(7, "P1", "A1", TODAY))


def test_unbinding_a_grid_ends_the_leadership():
    fact = GridUnbound(GridId("N7"), UnitId("G7"), UnitId("PG7"), TODAY)
    unbind = UnbindGrid(grid=GridId("N7"), effective=TODAY)
    given(*OFFICE, *GRIDS, *P1_HEADS_G7).when(unbind).then(fact, led(7, "P1", "A1", TODAY, "unbound"))
    given(*OFFICE, *GRIDS).when(unbind).then(fact)


def test_a_head_who_becomes_a_member_leads_from_that_day_on():
    heads = (appointed("A1", "P1", "G7-HEAD"), nobody_leads(7, "head_not_member", LONG_AGO, "P1"))
    given(*OFFICE, *GRIDS, *heads).when(join("P1", "PG7")).then(member("P1", "PG7", TODAY), leads(7, "P1", "A1", TODAY))


def test_a_head_who_joins_another_group_leads_neither():
    heads = (appointed("A1", "P1", "G7-HEAD"), nobody_leads(7, "head_not_member", LONG_AGO, "P1"))
    given(*OFFICE, *GRIDS, *heads).when(join("P1", "PG6")).then(member("P1", "PG6", TODAY))


def test_a_head_whose_membership_ends_no_longer_leads():
    leave = EndMembership(membership=MembershipId("M-P1"), effective=TODAY)
    given(*OFFICE, *GRIDS, *P1_HEADS_G7).when(leave).then(
        membership_ended("P1", "PG7", TODAY),
        led(7, "P1", "A1", TODAY, "head_not_member"),
        nobody_leads(7, "head_not_member", TODAY, "P1"),
    )


def test_a_head_who_leaves_the_service_leaves_a_vacancy():
    leave = RecordDeparture(person=PersonId("P1"), effective=TODAY)
    given(*OFFICE, *GRIDS, *P1_HEADS_G7).when(leave).then(
        appointment_ended("A1", "P1", "G7-HEAD", TODAY, "left"),
        membership_ended("P1", "PG7", TODAY),
        PersonLeft(PersonId("P1"), TODAY),
        led(7, "P1", "A1", TODAY, "vacancy"),
        nobody_leads(7, "vacancy", TODAY),
    )


def test_story_a_where_the_head_is_no_member_an_acting_group_leader_is_designated():
    heads = (appointed("A1", "P1", "G6-HEAD"), nobody_leads(6, "head_not_member", LONG_AGO, "P1"))
    before = (*OFFICE, *GRIDS, *heads, member("P2", "PG6"))
    designated = (
        appointed("A2", "P2", "PG6-LEADER", TODAY, "acting"),
        nobody_leads(6, "designated", TODAY, "P1"),
    )
    given(*before).when(appoint("A2", "P2", "PG6-LEADER", "acting")).then(*designated)
    given(*before, *designated).when(end("A2", AUGUST)).then(
        appointment_ended("A2", "P2", "PG6-LEADER", AUGUST),
        nobody_leads(6, "head_not_member", AUGUST, "P1"),
    )


def test_a_designation_overrides_the_rule_until_it_ends():
    before = (*OFFICE, *GRIDS, *P1_HEADS_G7, member("P2", "PG7"))
    given(*before).when(appoint("A2", "P2", "PG7-LEADER", "concurrent", until=AUGUST)).then(
        appointed("A2", "P2", "PG7-LEADER", TODAY, "concurrent", AUGUST),
        led(7, "P1", "A1", TODAY, "designated"),
        nobody_leads(7, "designated", TODAY, "P1"),
        leads(7, "P1", "A1", AUGUST),
    )


def test_story_b_the_head_goes_the_deputy_acts_she_returns():
    office = (*OFFICE, *GRIDS, *P1_HEADS_G7, member("P2", "PG7"), appointed("A2", "P2", "G7-DEPUTY"))
    she_goes = (
        appointment_ended("A1", "P1", "G7-HEAD", TODAY),
        led(7, "P1", "A1", TODAY, "vacancy"),
        nobody_leads(7, "vacancy", TODAY),
    )
    deputy_acts = (appointed("A3", "P2", "G7-HEAD", TODAY, "acting"), leads(7, "P2", "A3", TODAY, acting=True))
    given(*office).when(end("A1")).then(*she_goes)
    given(*office, *she_goes).when(appoint("A3", "P2", "G7-HEAD", "acting")).then(*deputy_acts)
    given(*office, *she_goes, *deputy_acts).when(appoint("A4", "P1", "G7-HEAD", effective=AUGUST)).then(
        appointment_ended("A3", "P2", "G7-HEAD", AUGUST, "succeeded"),
        appointed("A4", "P1", "G7-HEAD", AUGUST),
        led(7, "P2", "A3", AUGUST, "succeeded"),
        leads(7, "P1", "A4", AUGUST),
    )


def test_a_term_decides_at_once_what_comes_after_it():
    given(*OFFICE, *GRIDS, member("P1", "PG7")).when(appoint("A1", "P1", "G7-HEAD", "acting", until=AUGUST)).then(
        appointed("A1", "P1", "G7-HEAD", TODAY, "acting", AUGUST),
        leads(7, "P1", "A1", TODAY, acting=True),
        led(7, "P1", "A1", AUGUST, "vacancy"),
        nobody_leads(7, "vacancy", AUGUST),
    )


def test_what_was_foreseen_is_taken_back_and_said_anew():
    foreseen = (member("P1", "PG7"), appointed("A1", "P1", "G7-HEAD", SEPTEMBER), leads(7, "P1", "A1", SEPTEMBER))
    before = (*OFFICE, *GRIDS, *foreseen, member("P2", "PG7"))
    given(*before).when(appoint("A2", "P2", "G7-HEAD", "acting", AUGUST, SEPTEMBER)).then(
        appointed("A2", "P2", "G7-HEAD", AUGUST, "acting", SEPTEMBER),
        led(7, "P1", "A1", SEPTEMBER, "succeeded"),
        leads(7, "P2", "A2", AUGUST, acting=True),
        led(7, "P2", "A2", SEPTEMBER, "succeeded"),
        leads(7, "P1", "A1", SEPTEMBER),
    )


def test_one_who_heads_two_departments_leads_only_the_group_of_the_first():
    before = (*OFFICE, *GRIDS, *P1_HEADS_G7)
    second = (appointed("A2", "P1", "G6-HEAD", TODAY, "concurrent"), nobody_leads(6, "heads_two", TODAY, "P1"))
    given(*before).when(appoint("A2", "P1", "G6-HEAD", "concurrent")).then(*second)
    given(*before, *second).when(end("A1", AUGUST)).then(
        appointment_ended("A1", "P1", "G7-HEAD", AUGUST),
        nobody_leads(6, "head_not_member", AUGUST, "P1"),
        led(7, "P1", "A1", AUGUST, "vacancy"),
        nobody_leads(7, "vacancy", AUGUST),
    )


def test_as_many_as_the_charter_allows_and_without_membership_where_it_asks_for_none():
    """The hospital's charter: a director leads up to two teams, as a member or not."""
    hospital = (
        unit("H", "hospital"),
        unit("Q", "quality_committee", "H"),
        *(unit(f"G{n}", "department", "H") for n in (1, 2, 3)),
        *(unit(f"PG{n}", "quality_team", "Q") for n in (1, 2, 3)),
        *(post(f"G{n}-HEAD", f"G{n}", "department_director") for n in (1, 2, 3)),
        *(bound(f"N{n}", f"G{n}", f"PG{n}") for n in (1, 2, 3)),
        person("P1", "physician"),
        appointed("A1", "P1", "G1-HEAD", date(2021, 1, 1)),
        appointed("A2", "P1", "G2-HEAD", date(2022, 1, 1), "concurrent"),
    )
    answer = given(*hospital, charter="hospital").when(appoint("A3", "P1", "G3-HEAD", "concurrent"))
    assert answer.refusal is None, str(answer.refusal)
    assert answer.facts[0] == appointed("A3", "P1", "G3-HEAD", TODAY, "concurrent")
    assert [fact.as_dict().get("why", "leads") for fact in answer.facts[1:]] == ["leads", "leads", "heads_two"]
