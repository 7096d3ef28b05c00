"""Sessions: who may hold which, when, and who must be there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.given import given
from tests.workflow.duties.known import RULE, fulfilled, opened
from tests.workflow.indicators.known import person
from tests.workflow.study.known import BRANCH, CLASSROOM, FRIDAY, HOST, KNOWN, held, people, scheduled
from workflow.duties.commands import FulfilDuty
from workflow.ids import DutyId, PersonId, SessionId, UnitId
from workflow.organisation.events import PersonLeft, UnitDissolved
from workflow.slices import Command
from workflow.study.events import SessionCancelled, SessionHeld
from workflow.study.sessions import CancelSession, HoldSession, ScheduleSession

EARLIER = date(2025, 5, 6)
WEEK = "friday_classroom.I.2025-W20"


def schedule(**changes: Any) -> Command:
    about: dict[str, Any] = {"tier": "friday_classroom", "unit": UnitId("I"), "on": FRIDAY, "topic": "The new code"}
    return ScheduleSession(**about | {"host": HOST, "place": "Hall 2", "effective": EARLIER} | changes)


def hold(*attendees: int, excused: tuple[int, ...] = (), on: date = FRIDAY, session: SessionId = CLASSROOM) -> Command:
    there, away = people(*attendees), people(*excused)
    return HoldSession(session=session, attendees=there, excused=away, evidence=("minutes",), effective=on)


def test_a_unit_schedules_a_session_of_a_tier_that_it_has():
    given(*KNOWN).when(schedule(), today=EARLIER).then(scheduled())
    given(*KNOWN).when(schedule(unit=UnitId("G3")), today=EARLIER).refused("session.tier")
    given(*KNOWN).when(schedule(tier="reading"), today=EARLIER).refused("session.tier")
    given(*KNOWN).when(schedule(tier="read.ing"), today=EARLIER).refused("session.tier")
    given(*KNOWN).when(schedule(tier="read ing"), today=EARLIER).refused("session.id")
    given(*KNOWN).when(schedule(unit=UnitId("I9")), today=EARLIER).refused("unit.unknown")


def test_a_unit_holds_one_session_of_a_tier_a_day():
    given(*KNOWN, scheduled()).when(schedule(), today=EARLIER).refused("session.exists")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"topic": " "}, "session.topic"),
        ({"place": " "}, "session.place"),
        ({"materials": ("sha256:1",)}, "session.materials"),
        ({"effective": EARLIER + timedelta(days=1)}, "session.future"),
        ({"on": date(2026, 6, 1)}, "session.too_far"),
        ({"host": PersonId("P99")}, "person.unknown"),
        ({"speaker": PersonId("P99")}, "person.unknown"),
        ({"effective": date(2025, 4, 1)}, "effective.backdated"),
    ],
)
def test_what_is_scheduled_is_told_properly(changes: dict[str, Any], code: str):
    given(*KNOWN).when(schedule(**changes), today=EARLIER).refused(code)


def test_who_leaves_before_the_day_hosts_nothing():
    left = PersonLeft(HOST, date(2025, 5, 12))
    given(*KNOWN, left).when(schedule(), today=EARLIER).refused("person.left")


def test_a_unit_that_is_gone_on_that_day_holds_nothing():
    gone = UnitDissolved(UnitId("I"), date(2025, 5, 12))
    given(*KNOWN, gone).when(schedule(), today=EARLIER).refused("unit.dissolved")


def test_everybody_who_holds_a_post_must_attend_the_classroom_and_who_did_not_was_absent():
    known = given(*KNOWN, scheduled(), opened(WEEK))
    # P2 and P8 hold posts on the other line only, below the leading group.
    known.when(hold(1, 7, excused=(4,)), today=FRIDAY).then(
        held(excused=(4,), absent=(3,)), fulfilled(WEEK, FRIDAY, FRIDAY)
    )


def test_members_of_the_branch_and_of_its_groups_must_attend_its_study():
    known = given(*KNOWN, scheduled(BRANCH))
    answer = known.when(hold(1, 2, session=BRANCH), today=FRIDAY)
    (found,) = (fact for fact in answer.facts if isinstance(fact, SessionHeld))
    assert (found.present, found.absent) == (people(1, 2), people(3))


def test_who_need_not_be_there_is_a_guest():
    answer = given(*KNOWN, scheduled(BRANCH)).when(hold(1, 2, 3, 9, session=BRANCH), today=FRIDAY)
    (found,) = (fact for fact in answer.facts if isinstance(fact, SessionHeld))
    assert (found.present, found.guests, found.absent) == (people(1, 2, 3), people(9), ())


def test_who_left_need_not_be_there():
    left = PersonLeft(PersonId("P3"), FRIDAY)
    given(*KNOWN, scheduled(), left).when(hold(1, 7, excused=(4,)), today=FRIDAY).then_some(
        held(excused=(4,), absent=())
    )


def test_nobody_attends_who_is_not_in_service_on_that_day():
    known = given(*KNOWN, scheduled(), person("P20", since=date(2025, 5, 17)), PersonLeft(PersonId("P3"), FRIDAY))
    known.when(hold(1, 7, 20), today=FRIDAY).refused("person.not_yet")
    known.when(hold(1, 3, 7), today=FRIDAY).refused("person.left")
    known.when(hold(1, 99), today=FRIDAY).refused("person.unknown")


def test_nobody_is_both_there_and_excused_nor_excused_from_what_they_need_not_attend():
    known = given(*KNOWN, scheduled())
    known.when(hold(1, 1), today=FRIDAY).refused("session.attendees")
    known.when(hold(1, excused=(1,)), today=FRIDAY).refused("session.attendees")
    known.when(hold(1, excused=(9,)), today=FRIDAY).refused("session.excused")


def test_a_session_is_held_on_its_day_and_told_then_or_later():
    known, before, after = given(*KNOWN, scheduled()), date(2025, 5, 15), date(2025, 5, 19)
    known.when(hold(1, on=before), today=before).refused("session.early")
    known.when(hold(1, on=after), today=FRIDAY).refused("session.future")
    assert known.when(hold(1, on=after), today=after).refusal is None


def test_a_session_is_not_held_as_of_a_day_before_it_was_scheduled():
    after = date(2025, 5, 19)
    late = given(*KNOWN, replace(scheduled(), effective=after))
    late.when(hold(1), today=after).refused("session.order")
    assert late.when(hold(1, on=after), today=after).refusal is None


def test_a_session_is_held_once_and_not_after_it_was_cancelled():
    given(*KNOWN, scheduled(), held()).when(hold(1), today=FRIDAY).refused("session.held")
    cancelled = SessionCancelled(CLASSROOM, "friday_classroom", UnitId("I"), FRIDAY)
    given(*KNOWN, scheduled(), cancelled).when(hold(1), today=FRIDAY).refused("session.cancelled")
    given(*KNOWN).when(hold(1), today=FRIDAY).refused("session.unknown")


def test_it_takes_minutes():
    nothing = HoldSession(session=CLASSROOM, attendees=people(1), evidence=(), effective=FRIDAY)
    given(*KNOWN, scheduled()).when(nothing, today=FRIDAY).refused("session.evidence")


def test_a_session_that_is_owed_fulfils_the_duty_and_opens_it_if_need_be():
    given(*KNOWN, scheduled()).when(hold(1, 7, excused=(3, 4)), today=FRIDAY).then(
        held(excused=(3, 4), absent=()), opened(WEEK), fulfilled(WEEK, FRIDAY, FRIDAY)
    )
    late = date(2025, 5, 20)
    answer = given(*KNOWN, scheduled(), opened(WEEK)).when(hold(1, on=late), today=late)
    assert [fact.TOPIC for fact in answer.facts] == ["session.held", "duty.fulfilled_late"]


def test_a_second_session_in_the_period_fulfils_nothing_more():
    known = given(*KNOWN, scheduled(), opened(WEEK), fulfilled(WEEK, FRIDAY, FRIDAY))
    assert [fact.TOPIC for fact in known.when(hold(1), today=FRIDAY).facts] == ["session.held"]


def test_the_duty_to_hold_a_session_is_fulfilled_by_holding_it():
    fulfil = FulfilDuty(duty=DutyId(WEEK), held_on=FRIDAY, evidence=("minutes",), effective=FRIDAY)
    given(*KNOWN, opened(WEEK)).when(fulfil, today=FRIDAY).refused("duty.study")


def test_a_session_is_cancelled_with_a_reason_before_it_is_held():
    cancel, known = CancelSession(session=CLASSROOM, effective=FRIDAY), given(*KNOWN, scheduled())
    cancelled = SessionCancelled(CLASSROOM, "friday_classroom", UnitId("I"), FRIDAY)
    known.when(cancel, today=FRIDAY, reason="Flood.").then(cancelled)
    known.when(cancel, today=FRIDAY).refused("session.reason")
    given(*KNOWN, scheduled(), held()).when(cancel, today=FRIDAY, reason="Flood.").refused("session.held")
    given(*KNOWN, scheduled(), cancelled).when(cancel, today=FRIDAY, reason="Flood.").refused("session.cancelled")
    early = CancelSession(session=CLASSROOM, effective=date(2025, 5, 5))
    known.when(early, today=date(2025, 5, 6), reason="Flood.").refused("session.order")


def test_what_was_cancelled_is_scheduled_again_for_its_day():
    cancelled = SessionCancelled(CLASSROOM, "friday_classroom", UnitId("I"), EARLIER)
    facts = given(*KNOWN, scheduled(), cancelled)
    facts.when(schedule(), today=EARLIER).then(scheduled())
    before = schedule(effective=EARLIER - timedelta(days=1))
    facts.when(before, today=EARLIER).refused("session.order")
    again = given(*KNOWN, scheduled(), cancelled, scheduled(), opened(WEEK))
    again.when(schedule(), today=EARLIER).refused("session.exists")
    again.when(hold(1, 7, excused=(4,)), today=FRIDAY).then(
        held(excused=(4,), absent=(3,)), fulfilled(WEEK, FRIDAY, FRIDAY)
    )


def test_the_charter_under_which_it_was_scheduled_decides():
    assert scheduled().charter_digest == RULE[1]
