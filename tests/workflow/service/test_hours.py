"""Checking in and holding activities: once a day and kind, by who belongs, and never more hours than a day allows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.workflow.organisation.happened import person
from tests.workflow.service.known import (
    B1,
    BY_TWO,
    JUNE,
    MAY,
    ORGANISATION,
    TODAY,
    after,
    check_in,
    correct,
    hold,
    register,
)
from workflow.ids import ActivityId, CheckInId, PersonId, ServiceDayId, UnitId
from workflow.organisation.events import PersonLeft, UnitDissolved
from workflow.sealed import personal
from workflow.service.events import (
    ActivityHeld,
    AttendanceCorrected,
    CheckInCorrected,
    CheckInRecorded,
    CommunityRegistered,
)
from workflow.service.hours import CorrectAttendance
from workflow.slices import Command, Event

P1, G1 = PersonId("P1"), UnitId("G1")
ID, DAY = CheckInId("P1.host.2025-06-03"), ServiceDayId("P1.2025-06-03")
AT_HOST = (register("P1"), register("P1", "home", "Elm Court"))


def test_a_person_registers_with_a_community_of_each_kind():
    for known, act in (((), register("P1")), ((register("P1"),), register("P1", community="Elm Court ", on=JUNE))):
        name = personal(community="Elm Court" if known else "Mill Lane")
        registered = CommunityRegistered(P1, "host", name, act.effective)
        after(*known).when(act, today=act.effective).then(registered)


@pytest.mark.parametrize(
    ("known", "act", "code"),
    [
        ((), register("P1", "club"), "community.kind"),
        ((), register("P1", community=" "), "community.community"),
        ((), register("P99"), "person.unknown"),
        ((PersonLeft(P1, MAY),), register("P1"), "person.left"),
        ((register("P1", on=JUNE),), register("P1", community="Elm Court"), "community.order"),
    ],
)
def test_a_registration_is_refused(known: tuple[Command | Event, ...], act: Any, code: str):
    after(*known).when(act, today=TODAY, approver="C2", reason="So it is.").refused(code)


def test_a_check_in_is_recorded_with_its_community_and_the_unit_of_the_person():
    after(*AT_HOST).when(check_in("P1", "2.5"), today=JUNE).then(
        CheckInRecorded(ID, DAY, P1, G1, "host", Decimal("2.5"), (), JUNE)
    )


def test_there_is_one_check_in_of_a_person_a_day_and_kind():
    known = after(*AT_HOST, check_in("P1"))
    known.when(check_in("P1", 1), today=JUNE).refused("check_in.twice")
    assert len(known.when(check_in("P1", 1, "home"), today=JUNE).facts) == 1
    assert len(known.when(check_in("P1", 1, on=TODAY), today=TODAY).facts) == 1


def test_nobody_serves_more_hours_a_day_than_the_charter_allows_whatever_they_do():
    known = after(*AT_HOST, check_in("P1", 5), hold(people=(("P1", 4),)))
    known.when(check_in("P1", 4, "home"), today=JUNE).refused("service.hours_a_day")
    assert len(known.when(check_in("P1", 3, "home"), today=JUNE).facts) == 1
    known.when(hold("A2", people=(("P1", 4),)), today=JUNE).refused("service.hours_a_day")


@pytest.mark.parametrize(
    ("known", "act", "code"),
    [
        (AT_HOST, check_in("P1", evidence=("sha256:1",)), "check_in.evidence"),
        (AT_HOST, check_in("P1", 0), "check_in.hours"),
        (AT_HOST, check_in("P1", "-1"), "check_in.hours"),
        (AT_HOST, check_in("P1", "0.25"), "check_in.hours"),
        (AT_HOST, check_in("P1", 13), "check_in.hours"),
        (AT_HOST, check_in("P1", kind="club"), "check_in.kind"),
        (AT_HOST, check_in("P1", on=date(2025, 6, 17)), "check_in.future"),
        (AT_HOST, check_in("P99"), "person.unknown"),
        ((*AT_HOST, PersonLeft(P1, JUNE)), check_in("P1"), "person.left"),
    ],
)
def test_a_check_in_is_refused(known: tuple[Command | Event, ...], act: Any, code: str):
    after(*known).when(act, today=TODAY, approver="C2", reason="So it is.").refused(code)


def test_nobody_checks_in_before_they_are_registered_with_a_community():
    for known in ((), (register("P1", on=TODAY),), (register("P1", "home"),)):
        after(*known).when(check_in("P1"), today=TODAY, **BY_TWO).refused("check_in.community")


def test_who_belongs_to_no_unit_cannot_check_in():
    known = after(register("Q1"), organisation=(*ORGANISATION, person("Q1")))
    known.when(check_in("Q1"), today=JUNE).refused("service.no_unit")


def test_a_check_in_of_long_ago_takes_two_persons():
    after(*AT_HOST).when(check_in("P1"), today=TODAY).refused("effective.backdated")
    assert len(after(*AT_HOST).when(check_in("P1"), today=TODAY, approver="C2", reason="Lost list.").facts) == 1


def test_the_hours_of_a_check_in_are_corrected_by_two_persons_with_a_reason():
    known = after(*AT_HOST, check_in("P1", 5), hold(people=(("P1", 4),)))
    known.when(correct("P1", 3), today=TODAY, approver="C2", reason="Misread.").then(
        CheckInCorrected(ID, DAY, P1, G1, Decimal(3), Decimal(5), TODAY)
    )
    known.when(correct("P1", 3), today=TODAY, reason="Misread.").refused("check_in.second_person")
    known.when(correct("P1", 3), today=TODAY, approver="C2").refused("check_in.reason")
    for hours, code in ((5, "check_in.same"), (9, "service.hours_a_day"), ("-1", "check_in.hours")):
        known.when(correct("P1", hours), today=TODAY, approver="C2", reason="Misread.").refused(code)
    known.when(correct("P2", 3), today=TODAY, approver="C2", reason="Misread.").refused("check_in.unknown")
    known.when(correct("P1", 3, on=MAY), today=TODAY, approver="C2", reason="Misread.").refused("check_in.order")


def test_one_that_did_not_take_place_leaves_its_hours_free_and_is_not_recorded_again():
    known = after(*AT_HOST, check_in("P1", 12), correct("P1", 0))
    assert len(known.when(check_in("P1", 12, "home"), today=JUNE).facts) == 1
    known.when(check_in("P1"), today=JUNE).refused("check_in.twice")


def test_an_activity_is_held_with_the_hours_and_the_units_of_those_who_were_there():
    after().when(hold(people=(("P1", 3), ("P7", 2)), place="The park "), today=JUNE).then(
        ActivityHeld(
            ActivityId("A1"),
            B1,
            "volunteering",
            "Trees",
            "The park",
            (P1, PersonId("P7")),
            (Decimal(3), Decimal(2)),
            (G1, UnitId("G3")),
            (DAY, ServiceDayId("P7.2025-06-03")),
            ("photo",),
            JUNE,
        )
    )


@pytest.mark.parametrize(
    ("known", "act", "code"),
    [
        ((hold(),), hold(), "activity.exists"),
        ((), hold(kind="dance"), "activity.kind"),
        ((), hold(title=" "), "activity.title"),
        ((), hold(evidence=()), "activity.evidence"),
        ((), hold(people=()), "activity.attendees"),
        ((), hold(people=(("P1", 1), ("P1", 2))), "activity.attendees"),
        ((), hold(people=(("a b", 1),)), "id.malformed"),
        ((), hold(people=(("P1", 0),)), "activity.hours"),
        ((), hold(people=(("P99", 1),)), "person.unknown"),
        ((PersonLeft(P1, MAY),), hold(), "person.left"),
        ((UnitDissolved(B1, MAY),), hold(), "unit.dissolved"),
        ((), hold(unit=UnitId("B9")), "unit.unknown"),
        ((), hold(on=date(2025, 6, 17)), "activity.future"),
        ((), hold(on=date(2019, 1, 1)), "charter.none"),
        (AT_HOST, check_in("P1", on=date(2019, 1, 1)), "charter.none"),
    ],
)
def test_an_activity_is_refused(known: tuple[Command | Event, ...], act: Any, code: str):
    after(*known).when(act, today=TODAY, approver="C2", reason="So it is.").refused(code)


def test_the_hours_of_an_attendee_are_corrected_by_two_persons():
    known = after(hold(people=(("P1", 3), ("P2", 2))))

    def corrected(who: str = "P1", hours: int = 1, activity: str = "A1") -> CorrectAttendance:
        return CorrectAttendance(
            activity=ActivityId(activity), person=PersonId(who), hours=Decimal(hours), effective=TODAY
        )

    both: dict[str, Any] = {"approver": "C2", "reason": "Left early."}
    known.when(corrected(), today=TODAY, **both).then(
        AttendanceCorrected(ActivityId("A1"), DAY, P1, G1, Decimal(1), Decimal(3), TODAY)
    )
    known.when(corrected(), today=TODAY, reason="Left early.").refused("activity.second_person")
    known.when(corrected(), today=TODAY, approver="C2").refused("activity.reason")
    known.when(corrected(hours=3), today=TODAY, **both).refused("activity.same")
    known.when(corrected("P3"), today=TODAY, **both).refused("activity.no_attendee")
    known.when(corrected(activity="A9"), today=TODAY, **both).refused("activity.unknown")


def test_hours_are_not_corrected_as_of_a_day_before_their_last_correction():
    both: dict[str, Any] = {"approver": "C2", "reason": "Misread."}
    first, later = date(2025, 6, 10), date(2025, 6, 12)
    checked = after(*AT_HOST, check_in("P1", 6), correct("P1", 1, on=later))
    checked.when(correct("P1", 3, on=first), today=TODAY, **both).refused("check_in.order")
    assert checked.when(correct("P1", 3, on=later), today=TODAY, **both).refusal is None

    def corrected(who: str, hours: int, on: date) -> CorrectAttendance:
        return CorrectAttendance(activity=ActivityId("A1"), person=PersonId(who), hours=Decimal(hours), effective=on)

    held = after(hold(people=(("P1", 3), ("P2", 2))), corrected("P1", 1, later))
    held.when(corrected("P1", 2, first), today=TODAY, **both).refused("activity.order")
    assert held.when(corrected("P2", 1, first), today=TODAY, **both).refusal is None
