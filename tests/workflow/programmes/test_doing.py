"""Items: done within the period by who takes part, shown, and verified by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.workflow.programmes.known import (
    ADOPTED,
    CLOSES,
    G3,
    HEAD,
    JUNE,
    LAST,
    MARCH,
    ONES,
    P1,
    P2,
    QUALITY,
    STRANGER,
    adopted,
    complete,
    completed,
    enrolled,
    known,
    progress,
    send_back,
    verified,
    verify,
    withdrawn,
)
from workflow.ids import AppointmentId, PersonId, PostId
from workflow.organisation.events import AppointmentEnded, PersonLeft, UnitDissolved
from workflow.programmes.checking import VerifyCompletion
from workflow.programmes.doing import MOST_OF_AN_ITEM
from workflow.programmes.events import ItemProgressed, ItemReturned
from workflow.slices import Command, Event

TAKING: tuple[Event, ...] = (adopted(), enrolled("P1", "P2"))
BY_TWO: dict[str, Any] = {"approver": "C2", "reason": "The wrong one."}
PROJECT: tuple[Event, ...] = (adopted("quality_project"), enrolled("G3", programme=QUALITY))


def test_how_far_an_item_has_come_is_noted():
    expected = ItemProgressed(ONES, "paper", P1, None, "Half of it.", MARCH)
    known(*TAKING).when(progress(), today=MARCH).then(expected)
    known(*TAKING).when(progress(note=" "), today=MARCH).refused("programme.note")


def test_what_was_noted_of_an_item_is_not_followed_by_an_earlier_note():
    half = known(*TAKING, ItemProgressed(ONES, "paper", P1, None, "Half of it.", JUNE))
    half.when(progress(effective=MARCH), today=JUNE, **BY_TWO).refused("programme.order")
    for another in (progress(effective=JUNE), progress("lecture", effective=MARCH), progress(who=P2)):
        assert half.when(another, today=JUNE, **BY_TWO).refusal is None


def test_what_was_done_is_shown_each_time_under_the_next_number():
    known(*TAKING).when(complete(), today=MARCH).then(completed())
    known(*TAKING, completed()).when(complete(), today=MARCH).then(completed(number=2))
    known(*TAKING, completed()).when(complete("lecture"), today=MARCH).then(completed("lecture"))
    known(*TAKING, completed()).when(complete(who=P2), today=MARCH).then(completed(who=P2))
    known(*PROJECT).when(complete("fix", "G3", QUALITY), today=MARCH).then(completed("fix", "G3", programme=QUALITY))
    known(*TAKING).when(complete(evidence=()), today=MARCH).refused("programme.evidence")


@pytest.mark.parametrize(
    ("done_on", "on", "code"),
    [
        (date(2024, 12, 31), ADOPTED, "programme.outside"),
        (date(2026, 1, 1), date(2026, 1, 5), "programme.outside"),
        (JUNE, MARCH, "programme.done_on"),
        (date(2025, 1, 3), MARCH, "programme.not_enrolled"),
        (LAST, CLOSES, "programme.closed"),
    ],
)
def test_what_is_done_outside_the_period_or_before_one_took_part_does_not_count(done_on: date, on: date, code: str):
    known(*TAKING).when(complete(done_on=done_on, effective=on), today=on).refused(code)


def test_what_was_done_on_the_last_day_may_be_shown_until_the_programme_closes():
    january = date(2026, 1, 15)
    known(*TAKING).when(complete(done_on=LAST, effective=january), today=january).then(
        completed(on=january, done_on=LAST)
    )


@pytest.mark.parametrize("quantity", [0, -1, 101])
def test_an_item_is_done_at_least_once(quantity: int):
    known(*TAKING).when(complete(quantity=quantity), today=MARCH).refused("programme.quantity")


@pytest.mark.parametrize("act", [progress, complete])
def test_only_who_takes_part_does_an_item_of_the_programme(act: Callable[..., Command]):
    known(adopted()).when(act(), today=MARCH).refused("programme.not_enrolled")
    known(*TAKING).when(act("song"), today=MARCH).refused("programme.item")
    known(*TAKING, withdrawn()).when(act(), today=MARCH).refused("programme.withdrawn")
    known().when(act(), today=MARCH).refused("programme.unknown")
    known(*TAKING).when(act(effective=JUNE), today=MARCH).refused("programme.future")


def test_who_does_it_serves_on_that_day_and_so_does_who_reports_it():
    known(*TAKING, PersonLeft(P1, MARCH)).when(complete(), today=MARCH).refused("person.left")
    dissolved = UnitDissolved(G3, MARCH)
    known(*PROJECT, dissolved).when(complete("fix", "G3", QUALITY), today=MARCH).refused("unit.dissolved")
    known(*TAKING).when(complete(reported_by=HEAD), today=MARCH).then(completed(by=HEAD))
    known(*TAKING).when(complete(reported_by=P1), today=MARCH).then(completed(by=P1))
    unknown = complete(reported_by=PersonId("P404"))
    assert known(*TAKING).when(unknown, today=MARCH).refused("person.unknown").fields == ("reported_by",)


# ---- verified, or returned ----


def test_somebody_else_than_the_doer_verifies_it():
    done = completed()
    known(*TAKING, done).when(verify(done), today=MARCH).then(verified(done))
    known(*TAKING, done).when(verify(done, P2), today=MARCH).then(verified(done, P2))
    known(*TAKING, done).when(verify(done, P1), today=MARCH).refused("completion.verifier")
    told = completed(by=HEAD)
    known(*TAKING, told).when(verify(told, HEAD), today=MARCH).refused("completion.verifier")


def test_what_a_unit_did_is_verified_from_outside_the_unit():
    done = completed("fix", "G3", programme=QUALITY)
    for within in (HEAD, P1):
        known(*PROJECT, done).when(verify(done, within), today=MARCH).refused("completion.verifier")
    known(*PROJECT, done).when(verify(done, PersonId("P10")), today=MARCH).then(verified(done, PersonId("P10")))


def test_what_is_returned_is_done_anew():
    done = completed()
    returned = ItemReturned(done.completion, ONES, "paper", P1, None, HEAD, "Too short.", MARCH)
    known(*TAKING, done).when(send_back(done), today=MARCH).then(returned)
    known(*TAKING, done).when(send_back(done, P1), today=MARCH).refused("completion.verifier")
    known(*TAKING, done, returned).when(complete(), today=MARCH).then(completed(number=2))


@pytest.mark.parametrize("act", [verify, send_back])
def test_it_is_looked_at_once_after_it_was_shown_before_the_programme_closes(act: Callable[..., VerifyCompletion]):
    done = completed()
    facts = known(*TAKING, done)
    facts.when(act(done, on=JUNE), today=MARCH).refused("programme.future")
    early = date(2025, 2, 28)
    facts.when(act(done, on=early), today=MARCH).refused("completion.order")
    facts.when(act(done, on=CLOSES), today=CLOSES).refused("programme.closed")
    known(*TAKING).when(act(done), today=MARCH).refused("completion.unknown")
    gone = PersonLeft(HEAD, MARCH)
    assert known(*TAKING, done, gone).when(act(done), today=MARCH).refused("person.left").fields == ("verifier",)


def test_what_was_looked_at_is_returned_once_and_what_was_returned_is_not_verified():
    done = completed()
    returned = ItemReturned(done.completion, ONES, "paper", P1, None, HEAD, "Too short.", MARCH)
    for act in (verify, send_back):
        known(*TAKING, done, returned).when(act(done), today=MARCH, **BY_TWO).refused("completion.found")
    known(*TAKING, done, verified(done)).when(verify(done), today=MARCH, **BY_TWO).refused("completion.found")


def test_what_was_verified_by_mistake_is_returned_by_two_persons_with_a_reason():
    done = completed()
    facts = known(*TAKING, done, verified(done))
    returned = ItemReturned(done.completion, ONES, "paper", P1, None, HEAD, "Too short.", MARCH)
    facts.when(send_back(done), today=MARCH, **BY_TWO).then(returned)
    facts.when(send_back(done), today=MARCH, approver="C2").refused("completion.reason")
    for approver in ("", "C1"):
        alone = facts.when(send_back(done), today=MARCH, approver=approver, reason="The wrong one.")
        alone.refused("completion.second_person")
    later = date(2025, 3, 20)
    facts = known(*TAKING, done, replace(verified(done), effective=later))
    facts.when(send_back(done), today=later, **BY_TWO).refused("completion.order")
    known(*TAKING, done, verified(done), returned).when(complete(), today=MARCH).then(completed(number=2))


def test_who_had_a_post_in_the_unit_when_it_was_done_does_not_verify_it_after_moving():
    done = completed("fix", "G3", programme=QUALITY)
    later = done.done_on + timedelta(days=1)
    moved = AppointmentEnded(AppointmentId("P1-G3-H1"), P1, PostId("G3-H1"), G3, later, "moved")
    known(*PROJECT, done, moved).when(verify(done, P1, on=later), today=later).refused("completion.verifier")
    before = replace(moved, effective=done.done_on)
    assert known(*PROJECT, done, before).when(verify(done, P1, on=later), today=later).refusal is None


def test_what_was_found_is_said():
    done = completed()
    known(*TAKING, done).when(verify(done, finding=" "), today=MARCH).refused("completion.finding")


def test_who_holds_no_post_may_verify_too():
    done = completed()
    known(*TAKING, done).when(verify(done, STRANGER), today=MARCH).then(verified(done, STRANGER))


def test_an_item_is_completed_so_often_at_most():
    many = [completed(number=number) for number in range(1, MOST_OF_AN_ITEM + 1)]
    known(*TAKING, *many[:-1]).when(complete(), today=MARCH).then(many[-1])
    known(*TAKING, *many).when(complete(), today=MARCH).refused("programme.too_many")
