"""People are registered once, are in one class at a time, and leave everything when they leave."""

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
)
from workflow.ids import PersonId
from workflow.organisation.events import (
    PersonDetailsCorrected,
    PersonLeft,
    PersonnelClassChanged,
    PersonRegistered,
)
from workflow.organisation.people import (
    ChangePersonnelClass,
    CorrectPersonDetails,
    RecordDeparture,
    RegisterPerson,
)
from workflow.sealed import personal
from workflow.slices import Command

P1 = PersonId("P1")
JULY = date(2025, 7, 1)
AUGUST = date(2025, 8, 1)

CHIEF = post("DCP-CHIEF", "DCP", "chief")


def register(personnel_class: str = "clerk", name: str = "Handler 3-07", phone: str = "") -> RegisterPerson:
    return RegisterPerson(person=P1, personnel_class=personnel_class, name=name, phone=phone, effective=TODAY)


def change_class(personnel_class: str, effective: date = TODAY) -> ChangePersonnelClass:
    return ChangePersonnelClass(person=P1, personnel_class=personnel_class, effective=effective)


def leave(effective: date = TODAY) -> RecordDeparture:
    return RecordDeparture(person=P1, effective=effective)


def test_a_person_is_registered_with_details_to_be_sealed():
    given().when(register(phone=" 123 ")).then(
        PersonRegistered(P1, "clerk", personal(name="Handler 3-07", phone="123"), TODAY)
    )


def test_a_person_id_is_not_used_twice_even_after_the_person_left():
    given(person("P1")).when(register()).refused("person.exists")
    given(person("P1"), PersonLeft(P1, LONG_AGO)).when(register()).refused("person.exists")


def test_a_person_needs_a_name_and_a_class_of_the_charter():
    given().when(register(name=" ")).refused("person.nameless")
    given().when(register("nurse")).refused("person.class")


def test_details_are_corrected_as_a_whole():
    correct = CorrectPersonDetails(person=P1, name="Unit 3 Head", number="3-01")
    given(person("P1")).when(correct).then(PersonDetailsCorrected(P1, personal(name="Unit 3 Head", number="3-01")))
    given().when(correct).refused("person.unknown")
    given(person("P1")).when(CorrectPersonDetails(person=P1, name="")).refused("person.nameless")
    given(person("P1"), PersonLeft(P1, JULY)).when(correct).then_some()
    given(person("P1"), PersonLeft(P1, LONG_AGO)).when(correct).refused("person.unknown")


def test_a_person_changes_class_from_a_date_on():
    given(person("P1", "assistant")).when(change_class("prosecutor")).then(
        PersonnelClassChanged(P1, "prosecutor", TODAY)
    )


def test_a_class_is_not_changed_to_the_same_nor_to_an_unknown_one():
    given(person("P1", "assistant")).when(change_class("assistant")).refused("person.same_class")
    given(person("P1", "assistant")).when(change_class("nurse")).refused("person.class")


def test_a_class_is_not_changed_before_its_last_change():
    changed = PersonnelClassChanged(P1, "prosecutor", AUGUST)
    given(person("P1", "assistant"), changed).when(change_class("admin", JULY)).refused("person.order")


def test_a_class_is_not_changed_while_a_post_is_held_that_is_closed_to_it():
    chief = (*BUSINESS, CHIEF, person("P1"))
    given(*chief, appointed("A1", "P1", "DCP-CHIEF")).when(change_class("admin")).refused("post.class")
    over = appointed("A1", "P1", "DCP-CHIEF", until=TODAY)
    given(*chief, over).when(change_class("admin")).then(PersonnelClassChanged(P1, "admin", TODAY))


def test_who_leaves_leaves_all_posts_and_memberships_also_those_that_were_to_come():
    before = (
        *BUSINESS,
        *PARTY,
        CHIEF,
        post("G6-H1", "G6", "handler"),
        person("P1"),
        appointed("A0", "P1", "G6-H1", until=JULY),
        appointed("A1", "P1", "DCP-CHIEF", until=AUGUST),
        appointed("A2", "P1", "G6-H1", AUGUST),
        member("P1", "LG"),
    )
    given(*before).when(leave(JULY)).then(
        appointment_ended("A1", "P1", "DCP-CHIEF", JULY, "left"),
        appointment_ended("A2", "P1", "G6-H1", AUGUST, "left"),
        membership_ended("P1", "LG", JULY),
        PersonLeft(P1, JULY),
    )


def test_a_person_leaves_once_and_not_before_coming():
    given(person("P1"), PersonLeft(P1, TODAY)).when(leave(JULY)).refused("person.left")
    given(person("P1", since=AUGUST)).when(leave(JULY)).refused("person.not_yet")
    given().when(leave()).refused("person.unknown")


def test_what_was_to_change_later_does_not_keep_a_person():
    changed = PersonnelClassChanged(P1, "clerk", AUGUST)
    given(person("P1"), changed).when(leave(JULY)).then(PersonLeft(P1, JULY))


@pytest.mark.parametrize("command", [register(), change_class("clerk"), leave()])
def test_an_entry_further_back_than_the_charter_allows_needs_a_reason_and_a_second_person(command: Command):
    facts = () if isinstance(command, RegisterPerson) else (person("P1"),)
    much_later = date(2025, 6, 24)  # six working days after TODAY
    given(*facts).when(command, today=much_later).refused("effective.backdated")
    given(*facts).when(command, today=much_later, reason="late").refused("effective.backdated")
    given(*facts).when(command, today=much_later, approver="C2").refused("effective.backdated")
    given(*facts).when(command, today=much_later, reason="late", approver="C1").refused("effective.backdated")
    allowed = given(*facts).when(command, today=much_later, reason="late", approver="C2")
    assert allowed.refusal is None
    assert given(*facts).when(command, today=date(2025, 6, 23)).refusal is None
