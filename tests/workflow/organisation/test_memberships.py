"""A person belongs to one unit of a line at a time, and stays while a post needs it."""

from __future__ import annotations

from datetime import date

from tests.given import LONG_AGO, TODAY, given
from tests.workflow.organisation.happened import (
    BUSINESS,
    PARTY,
    appointed,
    member,
    membership_ended,
    person,
    post,
    unit,
)
from workflow.ids import MembershipId, PersonId, UnitId
from workflow.organisation.events import PersonLeft, UnitDissolved
from workflow.organisation.memberships import EndMembership, StartMembership

JULY = date(2025, 7, 1)
AUGUST = date(2025, 8, 1)


def join(unit: str, kind: str = "full", effective: date = TODAY, id: str = "M2") -> StartMembership:
    return StartMembership(
        membership=MembershipId(id),
        person=PersonId("P1"),
        unit=UnitId(unit),
        kind=kind,
        effective=effective,
    )


def leave(effective: date = TODAY) -> EndMembership:
    return EndMembership(membership=MembershipId("M-P1"), effective=effective)


def test_a_person_becomes_a_member_of_a_unit_that_holds_members():
    answer = given(*PARTY, person("P1")).when(join("PG6", id="M-P1"))
    answer.then(member("P1", "PG6", TODAY))
    given(*BUSINESS, person("P1")).when(join("G6")).refused("membership.unit_kind")


def test_a_membership_of_a_kind_the_charter_does_not_know_is_refused():
    given(*PARTY, person("P1")).when(join("PG6", "observer")).refused("membership.kind")


def test_a_membership_id_is_not_used_twice():
    over = (member("P1", "PG7"), membership_ended("P1", "PG7", LONG_AGO))
    given(*PARTY, person("P1"), *over).when(join("PG6", id="M-P1")).refused("membership.exists")


def test_a_person_belongs_to_one_unit_of_a_line_at_a_time():
    before = (*PARTY, person("P1"), member("P1", "PG7"))
    given(*before).when(join("PG6")).refused("membership.line")
    given(*before, membership_ended("P1", "PG7", AUGUST)).when(join("PG6", effective=JULY)).refused("membership.line")
    assert given(*before, membership_ended("P1", "PG7", JULY)).when(join("PG6", effective=JULY)).facts


def test_a_membership_that_is_to_begin_later_bars_another_of_the_line():
    given(*PARTY, person("P1"), member("P1", "PG7", AUGUST)).when(join("PG6", effective=JULY)).refused(
        "membership.line"
    )


def test_a_membership_holds_only_while_the_person_serves_and_the_unit_is_there():
    given(*PARTY).when(join("PG6")).refused("person.unknown")
    given(*PARTY, person("P1", since=AUGUST)).when(join("PG6", effective=JULY)).refused("person.not_yet")
    given(*PARTY, person("P1"), PersonLeft(PersonId("P1"), JULY)).when(join("PG6")).refused("person.left")
    given(*PARTY, person("P1")).when(join("PG9")).refused("unit.unknown")
    gone = UnitDissolved(UnitId("PG6"), JULY)
    given(*PARTY, person("P1"), gone).when(join("PG6", effective=JULY)).refused("unit.dissolved")


def test_a_membership_ends_once_and_not_before_it_began():
    before = (*PARTY, person("P1"), member("P1", "PG6", JULY))
    given(*before).when(leave(AUGUST)).then(membership_ended("P1", "PG6", AUGUST))
    given(*before).when(leave(TODAY)).refused("membership.end_before_start")
    given(*before, membership_ended("P1", "PG6", AUGUST)).when(leave(AUGUST)).refused("membership.ended")
    given(*PARTY, person("P1")).when(leave()).refused("membership.unknown")


def test_a_membership_that_was_a_mistake_ends_on_its_first_day():
    given(*PARTY, person("P1"), member("P1", "PG6", JULY)).when(leave(JULY)).then(membership_ended("P1", "PG6", JULY))


def test_a_membership_does_not_end_while_a_post_needs_it():
    leader = (post("PG6-LEADER", "PG6", "group_leader"), member("P1", "PG6"), person("P1"))
    given(*PARTY, *leader, appointed("A1", "P1", "PG6-LEADER", until=AUGUST)).when(leave(JULY)).refused(
        "membership.post_needs_it"
    )
    given(*PARTY, *leader, appointed("A1", "P1", "PG6-LEADER", until=JULY)).when(leave(JULY)).then(
        membership_ended("P1", "PG6", JULY)
    )


def test_a_membership_ends_although_a_post_is_held_that_does_not_need_it():
    handler = (post("G6-H1", "G6", "handler"), appointed("A1", "P1", "G6-H1"))
    given(*BUSINESS, *PARTY, *handler, person("P1"), member("P1", "PG6")).when(leave()).then(
        membership_ended("P1", "PG6", TODAY)
    )


def test_in_a_charter_without_that_line_memberships_are_of_other_units():
    hospital = (unit("H", "hospital"), unit("Q", "quality_committee", "H"), person("P1", "physician"))
    assert given(*hospital, charter="hospital").when(join("Q", "observer")).facts
    given(*hospital, charter="hospital").when(join("H", "observer")).refused("membership.unit_kind")
