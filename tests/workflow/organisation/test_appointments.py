"""Who may hold a post: as many as it has seats, fit for it, and each person as much as the charter allows."""

from __future__ import annotations

from datetime import date

import pytest

from tests.given import LONG_AGO, TODAY, given
from tests.workflow.organisation.happened import (
    BUSINESS,
    PARTY,
    appointed,
    appointment_ended,
    member,
    membership_ended,
    person,
    post,
    unit,
)
from workflow.ids import AppointmentId, PersonId, PostId, UnitId
from workflow.organisation.appointments import Appoint, EndAppointment
from workflow.organisation.events import PersonLeft, PersonnelClassChanged, PostAbolished, UnitDissolved
from workflow.slices import Event

JULY = date(2025, 7, 1)
AUGUST = date(2025, 8, 1)
SEPTEMBER = date(2025, 9, 1)

OFFICE = (
    *BUSINESS,
    *PARTY,
    post("DCP-CHIEF", "DCP", "chief"),
    post("G6-H1", "G6", "handler"),
    post("G6-H2", "G6", "handler", seats=2),
    *(post(f"G7-H{n}", "G7", "handler") for n in range(1, 7)),
    post("PG6-LEADER", "PG6", "group_leader"),
    post("B4-SECRETARY", "B4", "branch_secretary"),
    post("OC-MEMBER", "OC", "organ_member"),
    person("P1"),
    person("P2"),
    person("P3"),
)


def appoint(
    post: str,
    kind: str = "substantive",
    effective: date = TODAY,
    until: date | None = None,
    *,
    person: str = "P1",
    id: str = "A9",
) -> Appoint:
    return Appoint(
        appointment=AppointmentId(id),
        person=PersonId(person),
        post=PostId(post),
        kind=kind,
        effective=effective,
        until=until,
    )


def end(id: str = "A1", effective: date = TODAY, cause: str = "") -> EndAppointment:
    return EndAppointment(appointment=AppointmentId(id), effective=effective, cause=cause)


def test_a_person_is_appointed():
    given(*OFFICE).when(appoint("G6-H1")).then(appointed("A9", "P1", "G6-H1", TODAY))


def test_an_appointment_id_is_not_used_twice():
    given(*OFFICE, appointed("A9", "P2", "G6-H2", until=JULY)).when(appoint("G6-H1")).refused("appointment.exists")


def test_an_appointment_of_a_kind_the_charter_does_not_know_is_refused():
    given(*OFFICE).when(appoint("G6-H1", "honorary")).refused("appointment.kind")


def test_a_term_ends_after_the_day_it_begins():
    given(*OFFICE).when(appoint("G6-H1", until=TODAY)).refused("appointment.until")


def test_a_term_is_at_most_as_long_as_the_charter_allows_and_so_long_if_none_is_given():
    given(*OFFICE).when(appoint("G6-H1", "seconded", until=date(2028, 6, 17))).refused("appointment.too_long")
    longest = date(2028, 6, 16)  # 1096 days
    given(*OFFICE).when(appoint("G6-H1", "seconded")).then(appointed("A9", "P1", "G6-H1", TODAY, "seconded", longest))


GONE: list[tuple[tuple[Event, ...], str]] = [
    ((PersonLeft(PersonId("P1"), JULY),), "person.left"),
    ((PersonLeft(PersonId("P1"), AUGUST),), "person.left"),
    ((PostAbolished(PostId("G6-H1"), UnitId("G6"), AUGUST),), "post.abolished"),
    ((UnitDissolved(UnitId("G6"), AUGUST),), "unit.dissolved"),
]


@pytest.mark.parametrize(("gone", "code"), GONE)
def test_nobody_holds_a_post_after_person_post_or_unit_are_gone(gone: tuple[Event, ...], code: str):
    given(*OFFICE, *gone).when(appoint("G6-H1", effective=JULY)).refused(code)


def test_a_term_within_the_time_that_is_left_is_possible():
    left = PersonLeft(PersonId("P1"), AUGUST)
    assert given(*OFFICE, left).when(appoint("G6-H1", effective=JULY, until=AUGUST)).facts


def test_nobody_holds_a_post_before_person_and_post_are_there():
    given(*BUSINESS, person("P1"), post("G6-H1", "G6", "handler", since=AUGUST)).when(
        appoint("G6-H1", effective=JULY)
    ).refused("post.not_yet")
    given(*BUSINESS, person("P1", since=AUGUST), post("G6-H1", "G6", "handler")).when(
        appoint("G6-H1", effective=JULY)
    ).refused("person.not_yet")
    given(*OFFICE).when(appoint("G6-H7")).refused("post.unknown")
    given(*OFFICE).when(appoint("G6-H1", person="P7")).refused("person.unknown")


def test_a_post_has_at_most_as_many_holders_as_seats_on_any_day():
    two = (appointed("A1", "P1", "G6-H2", until=SEPTEMBER), appointed("A2", "P2", "G6-H2", AUGUST))
    given(*OFFICE, *two).when(appoint("G6-H2", person="P3")).refused("post.occupied")
    assert given(*OFFICE, *two).when(appoint("G6-H2", until=AUGUST, person="P3")).facts
    assert given(*OFFICE, *two).when(appoint("G6-H2", effective=SEPTEMBER, person="P3")).facts


@pytest.mark.parametrize("kind", ["substantive", "concurrent", "seconded"])
def test_whoever_is_not_acting_takes_a_seat(kind: str):
    given(*OFFICE, appointed("A1", "P2", "G6-H1", kind=kind)).when(appoint("G6-H1")).refused("post.occupied")
    given(*OFFICE, appointed("A1", "P2", "G6-H1")).when(appoint("G6-H1", kind)).refused("post.occupied")


def test_one_acts_for_a_post_only_while_nobody_holds_it():
    holder = appointed("A1", "P2", "G6-H1", AUGUST)
    given(*OFFICE, holder).when(appoint("G6-H1", "acting", JULY)).refused("post.not_vacant")
    assert given(*OFFICE, holder).when(appoint("G6-H1", "acting", JULY, AUGUST)).facts


def test_at_most_one_acts_for_a_post():
    acting = appointed("A1", "P2", "G6-H2", kind="acting")
    given(*OFFICE, acting).when(appoint("G6-H2", "acting")).refused("post.acting")


@pytest.mark.parametrize("until", [None, SEPTEMBER])
def test_who_acts_gives_way_to_who_comes_to_hold_the_post(until: date | None):
    given(*OFFICE, appointed("A1", "P2", "G6-H1", kind="acting", until=until)).when(
        appoint("G6-H1", effective=JULY)
    ).then(
        appointment_ended("A1", "P2", "G6-H1", JULY, "succeeded"),
        appointed("A9", "P1", "G6-H1", JULY),
    )


def test_who_was_to_act_later_never_does_when_the_post_is_held():
    given(*OFFICE, appointed("A1", "P2", "G6-H1", AUGUST, "acting")).when(appoint("G6-H1", effective=JULY)).then(
        appointment_ended("A1", "P2", "G6-H1", AUGUST, "succeeded"),
        appointed("A9", "P1", "G6-H1", JULY),
    )


def test_who_acted_before_and_after_a_term_is_left_alone():
    around = (
        appointed("A1", "P2", "G6-H1", kind="acting", until=JULY),
        appointed("A2", "P2", "G6-H1", AUGUST, "acting"),
    )
    given(*OFFICE, *around).when(appoint("G6-H1", effective=JULY, until=AUGUST)).then(
        appointed("A9", "P1", "G6-H1", JULY, until=AUGUST)
    )


def test_a_person_holds_one_substantive_appointment_at_a_time():
    held = appointed("A1", "P1", "G6-H1", until=AUGUST)
    given(*OFFICE, held).when(appoint("G7-H1", effective=JULY)).refused("person.max_posts")
    assert given(*OFFICE, held).when(appoint("G7-H1", effective=AUGUST)).facts
    assert given(*OFFICE, held).when(appoint("G7-H1", "concurrent", JULY)).facts
    assert given(*OFFICE, held).when(appoint("G7-H1", "seconded", JULY)).facts


def test_a_person_holds_at_most_as_many_concurrent_posts_as_the_charter_allows():
    four = [appointed(f"A{n}", "P1", f"G7-H{n}", kind="concurrent") for n in range(1, 5)]
    given(*OFFICE, *four).when(appoint("G7-H5", "concurrent")).refused("person.max_posts")
    assert given(*OFFICE, *four[1:]).when(appoint("G7-H5", "concurrent")).facts


def test_a_person_does_not_hold_the_same_post_twice():
    given(*OFFICE, appointed("A1", "P1", "G6-H2")).when(appoint("G6-H2", "concurrent")).refused("appointment.twice")


def test_a_post_is_held_only_by_the_classes_it_is_open_to():
    clerk = (*OFFICE, person("P4", "clerk"))
    given(*clerk).when(appoint("DCP-CHIEF", person="P4")).refused("post.class")
    assert given(*clerk).when(appoint("G6-H1", person="P4")).facts
    promoted = PersonnelClassChanged(PersonId("P4"), "prosecutor", AUGUST)
    given(*clerk, promoted).when(appoint("DCP-CHIEF", effective=JULY, person="P4")).refused("post.class")
    assert given(*clerk, promoted).when(appoint("DCP-CHIEF", effective=AUGUST, person="P4")).facts
    demoted = PersonnelClassChanged(PersonId("P1"), "admin", AUGUST)
    given(*OFFICE, demoted).when(appoint("DCP-CHIEF", effective=JULY)).refused("post.class")


def test_who_leads_a_group_must_be_a_member_of_it():
    given(*OFFICE).when(appoint("PG6-LEADER")).refused("appointment.not_member")
    given(*OFFICE, member("P1", "PG7")).when(appoint("PG6-LEADER")).refused("appointment.not_member")
    assert given(*OFFICE, member("P1", "PG6")).when(appoint("PG6-LEADER")).facts


def test_who_must_be_a_member_must_be_so_all_the_time():
    leaves = (member("P1", "PG6"), membership_ended("P1", "PG6", AUGUST))
    given(*OFFICE, *leaves).when(appoint("PG6-LEADER", effective=JULY)).refused("appointment.not_member")
    assert given(*OFFICE, *leaves).when(appoint("PG6-LEADER", effective=JULY, until=AUGUST)).facts
    comes = member("P1", "PG6", AUGUST)
    given(*OFFICE, comes).when(appoint("PG6-LEADER", effective=JULY)).refused("appointment.not_member")


def test_a_member_of_a_unit_below_counts_and_so_does_one_of_the_unit_above_that_the_charter_names():
    assert given(*OFFICE, member("P1", "PG6")).when(appoint("B4-SECRETARY")).facts
    assert given(*OFFICE, member("P1", "LG")).when(appoint("OC-MEMBER")).facts
    elsewhere = (unit("B5", "branch", "OC"), unit("PG5", "party_group", "B5"), member("P1", "PG5"))
    given(*OFFICE, *elsewhere).when(appoint("B4-SECRETARY")).refused("appointment.not_member")


def test_an_appointment_ends():
    given(*OFFICE, appointed("A1", "P1", "G6-H1")).when(end(cause="transfer")).then(
        appointment_ended("A1", "P1", "G6-H1", TODAY, "transfer")
    )


def test_an_appointment_ends_once():
    held = appointed("A1", "P1", "G6-H1")
    ended = appointment_ended("A1", "P1", "G6-H1", AUGUST)
    given(*OFFICE, held, ended).when(end(effective=JULY)).refused("appointment.ended")
    given(*OFFICE).when(end()).refused("appointment.unknown")


def test_an_appointment_does_not_end_before_it_begins_nor_after_its_term():
    given(*OFFICE, appointed("A1", "P1", "G6-H1", AUGUST)).when(end(effective=JULY)).refused(
        "appointment.end_before_start"
    )
    term = appointed("A1", "P1", "G6-H1", until=JULY)
    given(*OFFICE, term).when(end(effective=JULY)).refused("appointment.over")
    assert given(*OFFICE, term).when(end(effective=date(2025, 6, 30))).facts


def test_an_appointment_that_was_a_mistake_ends_on_its_first_day_and_bars_nobody():
    mistake = appointed("A1", "P2", "G6-H1", JULY)
    ended = appointment_ended("A1", "P2", "G6-H1", JULY)
    given(*OFFICE, mistake).when(end(effective=JULY)).then(ended)
    assert given(*OFFICE, mistake, ended).when(appoint("G6-H1", effective=JULY)).facts


def test_a_date_far_ahead_is_refused():
    given(*OFFICE).when(appoint("G6-H1", effective=date(2026, 6, 18))).refused("effective.too_far")
    assert given(*OFFICE).when(appoint("G6-H1", effective=date(2026, 6, 17))).facts


def test_nothing_is_decided_before_there_was_a_charter():
    early = appoint("G6-H1", effective=date(2019, 12, 31))
    given(*OFFICE).when(early, approver="C2", reason="late").refused("charter.none")
    assert early.effective < LONG_AGO
