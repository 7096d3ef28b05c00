"""Erasing somebody takes two, a reason, and that they are gone; restricting their details is undone as carefully."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.given import LONG_AGO, TODAY, Given, given
from tests.workflow.organisation.happened import person
from tests.workflow.service import known
from workflow.erasure.commands import (
    ErasePerson,
    ErasePetitioner,
    LiftPersonRestriction,
    LiftPetitionerRestriction,
    RestrictPerson,
    RestrictPetitioner,
)
from workflow.erasure.events import (
    PersonErased,
    PersonRestricted,
    PersonRestrictionLifted,
    PetitionerErased,
    PetitionerRestricted,
    PetitionerRestrictionLifted,
)
from workflow.ids import PersonId
from workflow.organisation.events import PersonLeft
from workflow.organisation.people import CorrectPersonDetails, RegisterPerson
from workflow.sealed import personal
from workflow.service.events import CommunityRegistered
from workflow.service.visits.commands import CorrectPetitionerDetails
from workflow.slices import Command

P1, X1 = PersonId("P1"), known.OUTSIDER
YESTERDAY = TODAY - timedelta(days=1)
BY_TWO: dict[str, Any] = {"reason": "asked for it", "approver": "C2"}

ERASE, RESTRICT, LIFT = ErasePerson(person=P1), RestrictPerson(person=P1), LiftPersonRestriction(person=P1)
GONE = person("P1"), PersonLeft(P1, YESTERDAY)
CORRECT = CorrectPersonDetails(person=P1, name="Somebody")

FORGET, FREEZE, THAW = (
    ErasePetitioner(petitioner=X1),
    RestrictPetitioner(petitioner=X1),
    LiftPetitionerRestriction(petitioner=X1),
)
CORRECT_OUTSIDER = CorrectPetitionerDetails(petitioner=X1, name="Somebody")


KNOWN = known.after(known.outsider())


def test_a_person_who_left_is_erased_by_two_with_a_reason():
    given(*GONE).when(ERASE, **BY_TWO).then(PersonErased(P1, TODAY))
    given(*GONE).when(ERASE, reason="asked").refused("erasure.second_person")
    given(*GONE).when(ERASE, reason="asked", approver="C1").refused("erasure.second_person")
    given(*GONE).when(ERASE, reason=" ", approver="C2").refused("erasure.reason")


def test_a_person_is_erased_from_the_day_after_their_departure_on():
    given(person("P1")).when(ERASE, **BY_TWO).refused("person.in_service")
    given(person("P1"), PersonLeft(P1, TODAY + timedelta(days=9))).when(ERASE, **BY_TWO).refused("person.in_service")
    given(person("P1"), PersonLeft(P1, TODAY)).when(ERASE, **BY_TWO).refused("person.in_service")
    given(person("P1"), PersonLeft(P1, YESTERDAY)).when(ERASE, **BY_TWO).then_some()
    never = person("P1", since=TODAY + timedelta(days=30))
    given(never, PersonLeft(P1, LONG_AGO)).when(ERASE, **BY_TWO).then_some()
    given().when(ERASE, **BY_TWO).refused("person.unknown")


def test_who_was_erased_is_not_erased_again_and_nothing_is_sealed_for_them():
    erased = given(*GONE, PersonErased(P1, TODAY))
    for command in (ERASE, RESTRICT, LIFT, CORRECT):
        erased.when(command, **BY_TWO).refused("person.erased")
    register = RegisterPerson(person=P1, personnel_class="clerk", name="Somebody", effective=TODAY)
    erased.when(register).refused("person.exists")


def test_no_command_seals_anything_for_who_was_erased():
    """Not even one that is about a day on which they served."""
    left = [*known.ORGANISATION, PersonLeft(P1, YESTERDAY)]
    back = known.register("P1", on=YESTERDAY - timedelta(days=3))
    details = personal(community="Mill Lane")
    given(*left).when(back).then(CommunityRegistered(P1, "host", details, back.effective))
    given(*left, PersonErased(P1, TODAY)).when(back).refused("person.erased")


def test_restricting_takes_a_reason_and_lifting_it_takes_two():
    given(person("P1")).when(RESTRICT, reason="contested").then(PersonRestricted(P1, TODAY))
    given(person("P1")).when(RESTRICT).refused("erasure.reason")
    given().when(RESTRICT, reason="contested").refused("person.unknown")
    restricted = given(person("P1"), PersonRestricted(P1, YESTERDAY))
    restricted.when(RESTRICT, reason="contested").refused("person.restricted")
    restricted.when(LIFT, reason="settled").refused("erasure.second_person")
    restricted.when(LIFT, approver="C2").refused("erasure.reason")
    restricted.when(LIFT, **BY_TWO).then(PersonRestrictionLifted(P1, TODAY))
    given(person("P1")).when(LIFT, **BY_TWO).refused("person.not_restricted")
    given().when(LIFT, **BY_TWO).refused("person.unknown")


def test_restricted_details_are_not_corrected_until_that_is_lifted():
    restricted = given(person("P1"), PersonRestricted(P1, YESTERDAY))
    restricted.when(CORRECT).refused("person.restricted")
    Given([*restricted.facts, PersonRestrictionLifted(P1, TODAY)]).when(CORRECT).then_some()


def test_who_is_restricted_is_erased_all_the_same():
    given(*GONE, PersonRestricted(P1, TODAY)).when(ERASE, **BY_TWO).then(PersonErased(P1, TODAY))


def test_a_petitioner_is_erased_by_two_with_a_reason():
    KNOWN.when(FORGET, **BY_TWO).then(PetitionerErased(X1, TODAY))
    KNOWN.when(FORGET, reason="asked").refused("erasure.second_person")
    KNOWN.when(FORGET, approver="C2").refused("erasure.reason")
    given().when(FORGET, **BY_TWO).refused("petitioner.unknown")


def test_a_petitioner_with_an_open_visit_or_need_is_not_erased():
    known.after(*known.CARRIED).when(FORGET, **BY_TWO).refused("petitioner.open_matter")
    done = *known.CARRIED, known.make("P1", known.MAY), known.close("P1", known.JUNE)
    known.after(*done).when(FORGET, **BY_TWO).then(PetitionerErased(X1, TODAY))
    again = known.reopen("P1", TODAY)
    known.after(*done, again).when(FORGET, **BY_TWO).refused("petitioner.open_matter")
    known.after(*done, PetitionerErased(X1, TODAY)).when(again, **BY_TWO).refused("petitioner.erased")


def test_a_petitioner_whose_need_is_not_rated_yet_is_not_erased():
    raised = known.outsider(), known.need(petitioner=X1)
    known.after(*raised).when(FORGET, **BY_TWO).refused("petitioner.open_matter")
    resolved = *raised, known.see_to("P2"), known.resolve("P2", known.JUNE)
    known.after(*resolved).when(FORGET, **BY_TWO).refused("petitioner.open_matter")
    for end in (known.rate(5, known.JUNE), known.annul(known.JUNE)):
        known.after(*resolved, end).when(FORGET, **BY_TWO).then(PetitionerErased(X1, TODAY))


def test_nothing_begins_for_a_petitioner_who_was_erased():
    erased = known.after(*known.TEAMED, PetitionerErased(X1, TODAY))
    for command in (FORGET, FREEZE, THAW, CORRECT_OUTSIDER, known.assign("P1"), known.need(petitioner=X1)):
        erased.when(command, **BY_TWO).refused("petitioner.erased")
    erased.when(known.outsider(), **BY_TWO).refused("petitioner.exists")


def test_a_petitioner_is_restricted_and_released_and_served_meanwhile():
    KNOWN.when(FREEZE).refused("erasure.reason")
    KNOWN.when(FREEZE, reason="contested").then(PetitionerRestricted(X1, TODAY))
    KNOWN.when(THAW, **BY_TWO).refused("petitioner.not_restricted")
    frozen = known.after(*known.TEAMED, PetitionerRestricted(X1, TODAY))
    frozen.when(FREEZE, reason="contested").refused("petitioner.restricted")
    frozen.when(CORRECT_OUTSIDER).refused("petitioner.restricted")
    frozen.when(known.assign("P1"), **BY_TWO).then_some()
    frozen.when(THAW, reason="settled").refused("erasure.second_person")
    frozen.when(THAW, **BY_TWO).then(PetitionerRestrictionLifted(X1, TODAY))
    given().when(FREEZE, reason="contested").refused("petitioner.unknown")
    given().when(THAW, **BY_TWO).refused("petitioner.unknown")


@pytest.mark.parametrize("command", [ERASE, LIFT, FORGET, THAW], ids=lambda each: type(each).__name__)
def test_who_asks_does_not_approve(command: Command):
    alone: dict[str, Any] = {"reason": "asked", "approver": "C1"}
    KNOWN.when(command, **alone).refused("erasure.second_person")
