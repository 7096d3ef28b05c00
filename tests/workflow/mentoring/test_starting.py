"""Who may be paired with whom: model persons, a mentor's load, one mentor a kind, no circle, a term within limits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.given import given
from tests.workflow.indicators.known import START, TEXT
from tests.workflow.mentoring.known import (
    DAY,
    FREE,
    KIND,
    MODEL,
    ORGANISATION,
    designated,
    ended,
    known,
    start,
    started,
)
from workflow.ids import AppointmentId, PersonId, PostId, UnitId
from workflow.mentoring.events import Goal, ModelPersonWithdrawn
from workflow.organisation.events import AppointmentEnded, PersonLeft


def test_a_mentorship_is_started_with_goals_and_a_term_by_the_charter_of_that_day():
    known().when(start(), today=DAY).then(started())


def test_the_mentor_is_a_model_person_of_the_kind_where_the_charter_says_so():
    given(*ORGANISATION).when(start(), today=DAY).refused("mentorship.not_model")
    given(*ORGANISATION, designated("P1", FREE)).when(start(), today=DAY).refused("mentorship.not_model")
    late = designated(since=date(2025, 3, 4))
    given(*ORGANISATION, late).when(start(), today=DAY).refused("mentorship.not_model")
    withdrawn = ModelPersonWithdrawn(MODEL, KIND, DAY)
    known(withdrawn).when(start(), today=DAY).refused("mentorship.not_model")
    given(*ORGANISATION).when(start(kind=FREE), today=DAY).then(started(kind=FREE))


def test_the_mentee_holds_a_post_of_the_kind_that_the_charter_names():
    known().when(start(mentee="P9"), today=DAY).refused("mentorship.unfit")
    known().when(start(mentee="P9", kind=FREE), today=DAY).then(started(mentee="P9", kind=FREE, units=("G3", "G4")))


def test_the_mentee_is_of_a_class_that_the_charter_names():
    text = TEXT.replace('mentee_post_kinds = ["handler"]', 'mentee_classes = ["clerk"]')
    facts = given(*ORGANISATION, designated(), charters=[(START, text)])
    facts.when(start(), today=DAY).refused("mentorship.unfit")


def led(count: int, **about: Any) -> list[Any]:
    return [started(f"L{n}", mentee=f"P{n}", **about) for n in range(3, 3 + count)]


def test_a_mentor_leads_at_most_as_many_as_the_charter_allows_on_any_day_of_the_term():
    known(*led(4)).when(start(), today=DAY).then(started())
    known(*led(5)).when(start(), today=DAY).refused("mentorship.limit")
    later = led(5, since=date(2025, 8, 31), until=date(2026, 2, 1))
    known(*later).when(start(), today=DAY).refused("mentorship.limit")
    known(*later).when(start(until=date(2025, 8, 31)), today=DAY).then(started(until=date(2025, 8, 31)))
    other = led(5, kind=FREE)
    known(*other).when(start(), today=DAY).refused("mentorship.limit")


def test_what_time_has_ended_counts_no_more_also_if_the_clock_has_not_noted_it_yet():
    five, later = led(5), date(2025, 5, 20)
    gone = PersonLeft(PersonId("P3"), date(2025, 5, 6))
    asked = start(effective=later, until=date(2025, 11, 20))
    known(*five).when(asked, today=later).refused("mentorship.limit")
    assert known(*five, gone).when(asked, today=later).refusal is None
    other = started("L9", mentor="P10", mentee="P2", kind=KIND, units=("G4", "G3"))
    known(designated("P10"), other).when(asked, today=later).refused("mentorship.taken")
    mentor_gone = PersonLeft(PersonId("P10"), date(2025, 5, 6))
    assert known(designated("P10"), other, mentor_gone).when(asked, today=later).refusal is None
    below = started("L8", mentor="P2", mentee="P3", kind=FREE), started("L9", mentor="P3", mentee="P1", kind=FREE)
    known(*below).when(asked, today=later).refused("mentorship.circle")
    assert known(*below, gone).when(asked, today=later).refusal is None


def test_those_one_after_the_other_are_not_led_at_once():
    early = led(3, since=START, until=DAY)
    known(*early, *led(2, kind=FREE)).when(start(), today=DAY).then(started())


def test_what_ended_before_counts_no_more():
    over = ended(on=date(2025, 3, 1), of="L3", mentee="P3")
    known(*led(5, since=START), over).when(start(), today=DAY).then(started())


def test_the_limit_is_the_charters():
    text = TEXT.replace("mentees_at_most = 5", "mentees_at_most = 2")
    facts = given(*ORGANISATION, designated(), *led(2), charters=[(START, text)])
    facts.when(start(), today=DAY).refused("mentorship.limit")


def test_a_mentee_has_one_mentor_a_kind_at_a_time():
    taken = started("M9", mentor="P3")
    known(taken).when(start(), today=DAY).refused("mentorship.taken")
    known(started("M9", mentor="P3", kind=FREE)).when(start(), today=DAY).then(started())
    known(started("M9", mentor="P3", since=START, until=DAY)).when(start(), today=DAY).then(started())


def test_nobody_mentors_themselves():
    known().when(start(mentee=MODEL), today=DAY).refused("mentorship.self")


@pytest.mark.parametrize("length", range(1, 6))
def test_nobody_learns_in_a_circle_of_any_length_and_kind(length: int):
    ring = ["P2", *(f"P{n}" for n in range(3, 2 + length)), "P1"]
    kinds = [FREE if n % 2 else KIND for n in range(length)]
    chain = [started(f"C{n}", mentor=ring[n], mentee=ring[n + 1], kind=kinds[n]) for n in range(length)]
    known(*chain).when(start(), today=DAY).refused("mentorship.circle")
    known(*chain[:-1]).when(start(), today=DAY).then(started())


def test_a_circle_takes_a_day_on_which_all_of_it_holds():
    middle = date(2025, 6, 1)
    down = started("C1", mentor="P2", mentee="P3", until=middle)
    back = started("C2", mentor="P3", mentee="P1", since=middle)
    known(down, back).when(start(), today=DAY).then(started())
    still = started("C1", mentor="P2", mentee="P3", until=middle + timedelta(days=1))
    known(still, back).when(start(), today=DAY).refused("mentorship.circle")


def test_both_serve_and_hold_a_post_on_the_first_day():
    for who, pointer in (("P1", "mentor"), ("P2", "mentee")):
        gone = PersonLeft(PersonId(who), DAY)
        assert known(gone).when(start(), today=DAY).refused("person.left").fields == (pointer,)
    assert known().when(start(mentee="P404"), today=DAY).refused("person.unknown").fields == ("mentee",)
    known().when(start(mentee="P15", kind=FREE), today=DAY).refused("mentorship.no_post")
    known().when(start(mentor="P15", kind=FREE), today=DAY).refused("mentorship.no_post")
    early = start(effective=date(2023, 12, 29), until=date(2024, 6, 1))
    known().when(early, today=DAY, approver="C2", reason="x").refused("person.not_yet")


def test_who_has_just_lost_the_post_cannot_begin():
    lost = AppointmentEnded(AppointmentId("P2-G3-H2"), PersonId("P2"), PostId("G3-H2"), UnitId("G3"), DAY, "moved")
    known(lost).when(start(kind=FREE), today=DAY).refused("mentorship.no_post")


@pytest.mark.parametrize(("days", "fits"), [(0, False), (89, False), (90, True), (366, True), (367, False)])
def test_a_term_is_as_long_as_the_charter_allows(days: int, fits: bool):
    until = DAY + timedelta(days=days)
    answer = known().when(start(until=until), today=DAY)
    if fits:
        answer.then(started(until=until))
    else:
        answer.refused("mentorship.term")


@pytest.mark.parametrize("goals", [(), (Goal(" ", "x"),), (Goal("x", " "),), (Goal("x", "y"),) * 21])
def test_a_mentorship_has_goals_that_can_be_measured(goals: tuple[Goal, ...]):
    known().when(start(goals=goals), today=DAY).refused("mentorship.goals")


def test_there_is_one_mentorship_of_an_id():
    known(started()).when(start(mentee="P3"), today=DAY).refused("mentorship.exists")


def test_the_charter_knows_the_kind():
    known().when(start(kind="pen_friend"), today=DAY).refused("mentorship.kind")
    section = TEXT[TEXT.index("[mentoring]") : TEXT.index("[[programmes]]")]
    facts = given(*ORGANISATION, charters=[(START, TEXT.replace(section, ""))])
    facts.when(start(), today=DAY).refused("mentorship.kind")


def test_what_is_entered_late_takes_two_persons_and_too_far_ahead_is_refused():
    late = DAY + timedelta(days=20)
    known().when(start(), today=late).refused("effective.backdated")
    known().when(start(), today=late, approver="C2", reason="overlooked").then(started())
    ahead = DAY - timedelta(days=400)
    known().when(start(), today=ahead).refused("effective.too_far")


def test_a_mentorship_may_be_started_ahead_of_its_first_day():
    known().when(start(), today=DAY - timedelta(days=30)).then(started())


def test_the_hospital_has_its_own_kinds_and_limits():
    asked = start(kind="peer", until=DAY + timedelta(days=30))
    answer = given(*ORGANISATION, charter="hospital").when(asked, today=DAY)
    assert answer.refusal is None
    assert len(answer.facts) == 1
    teaching = start(kind="clinical_teaching")
    given(*ORGANISATION, charter="hospital").when(teaching, today=DAY).refused("mentorship.not_model")
    model = designated("P1", "clinical_teaching")
    given(*ORGANISATION, model, charter="hospital").when(teaching, today=DAY).refused("mentorship.unfit")
