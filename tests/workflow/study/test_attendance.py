"""Attendance: made up in time, verified by the session's side, corrected by two persons; and what readings count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.given import given
from tests.workflow.clock.house import Institution, by_the_clock
from tests.workflow.indicators.known import adopted
from tests.workflow.study.known import (
    BRANCH,
    CLASSROOM,
    FRIDAY,
    HOST,
    KNOWN,
    LAST_DAY,
    held,
    made_up,
    people,
    scheduled,
    verified,
)
from workflow.ids import IndicatorId, PersonId, UnitId
from workflow.indicators.counted import CountedReadings, CountReading
from workflow.indicators.events import NothingCounted, ReadingReported
from workflow.indicators.recounting import brief
from workflow.organisation.events import PersonLeft, PersonRegistered
from workflow.reperformance import Reperformance
from workflow.sealed import Sealed
from workflow.slices import Command, Event
from workflow.study.attendance import CorrectAttendance, MakeUpAttendance, ReturnMakeUp, VerifyMakeUp
from workflow.study.events import AttendanceCorrected, MakeUpReturned
from workflow.study.sessions import HoldSession

LATER = date(2025, 5, 20)
TWO: dict[str, Any] = {"reason": "She came in late.", "approver": "B"}
SESSION = (*KNOWN, scheduled(), held())
_places = count()


def make_up(person: int = 3, on: date = LATER, **changes: Any) -> Command:
    (who,) = people(person)
    about: dict[str, Any] = {
        "session": CLASSROOM,
        "person": who,
        "made_up_on": on,
        "evidence": ("notes",),
        "effective": on,
    }
    return MakeUpAttendance(**about | changes)


def verify(by: PersonId = HOST, on: date = LATER, person: int = 3) -> VerifyMakeUp:
    return VerifyMakeUp(session=CLASSROOM, person=people(person)[0], verifier=by, effective=on)


def correct(state: str, person: int = 3, on: date = LATER) -> Command:
    return CorrectAttendance(session=CLASSROOM, person=people(person)[0], state=state, effective=on)


def corrected(previous: str, state: str, person: int = 3, on: date = LATER) -> AttendanceCorrected:
    return AttendanceCorrected(CLASSROOM, UnitId("I"), people(person)[0], previous, state, on)


def test_who_was_absent_makes_up_within_ten_working_days():
    given(*SESSION).when(make_up(), today=LATER).then(made_up(3, LATER))
    assert given(*SESSION).when(make_up(on=LAST_DAY), today=LAST_DAY).refusal is None
    late = LAST_DAY + timedelta(days=3)
    given(*SESSION).when(make_up(on=late), today=late).refused("attendance.late")


def test_only_who_was_absent_makes_up():
    given(*SESSION).when(make_up(1), today=LATER).refused("attendance.state")
    given(*SESSION, made_up(3, LATER)).when(make_up(), today=LATER).refused("attendance.state")
    given(*SESSION).when(make_up(9), today=LATER).refused("attendance.not_asked")
    given(*KNOWN, scheduled()).when(make_up(), today=LATER).refused("session.not_held")
    given(*KNOWN).when(make_up(), today=LATER).refused("session.unknown")


def test_it_is_made_up_after_the_session_and_shown():
    given(*SESSION).when(make_up(made_up_on=FRIDAY - timedelta(days=1)), today=LATER).refused("attendance.made_up_on")
    given(*SESSION).when(make_up(made_up_on=date(2025, 5, 21)), today=LATER).refused("attendance.made_up_on")
    given(*SESSION).when(make_up(evidence=()), today=LATER).refused("attendance.evidence")
    given(*SESSION).when(make_up(), today=FRIDAY).refused("attendance.future")


def test_who_has_left_makes_up_for_nothing():
    left = PersonLeft(PersonId("P3"), date(2025, 5, 19))
    given(*SESSION, left).when(make_up(), today=LATER).refused("person.left")


def test_the_host_verifies_or_who_answers_for_the_unit_and_nobody_for_themselves():
    known = given(*SESSION, made_up(3, LATER))
    known.when(verify(), today=LATER).then(verified(3, LATER))
    known.when(verify(PersonId("P4")), today=LATER).refused("attendance.verifier")
    known.when(verify(PersonId("P3")), today=LATER).refused("attendance.own")
    given(*SESSION).when(verify(), today=LATER).refused("attendance.state")
    known.when(verify(on=date(2025, 5, 19)), today=LATER).refused("attendance.order")


def test_what_is_returned_may_be_shown_again_in_time():
    back = ReturnMakeUp(session=CLASSROOM, person=PersonId("P3"), verifier=HOST, effective=LATER)
    known = given(*SESSION, made_up(3, LATER))
    returned = MakeUpReturned(CLASSROOM, UnitId("I"), PersonId("P3"), HOST, LATER)
    known.when(back, today=LATER, reason="Two pages are missing.").then(returned)
    known.when(back, today=LATER).refused("attendance.reason")
    given(*known.facts[2:], returned).when(make_up(), today=LATER).then(made_up(3, LATER))


def test_an_attendance_is_corrected_by_two_persons_with_a_reason():
    known = given(*SESSION)
    known.when(correct("present"), today=LATER, **TWO).then(corrected("absent", "present"))
    known.when(correct("present"), today=LATER, approver="B").refused("attendance.reason")
    known.when(correct("present"), today=LATER, reason="So it was.").refused("attendance.second_person")
    known.when(correct("absent"), today=LATER, **TWO).refused("attendance.same")
    known.when(correct("made_up"), today=LATER, **TWO).refused("attendance.kind")
    known.when(correct("present", 9), today=LATER, **TWO).refused("attendance.not_asked")


# ---- what readings count ----

CUT_OFF, NIGHT = date(2025, 7, 10), date(2025, 7, 11)
C3 = IndicatorId("C3")


def counted_for(unit: str, *facts: Event) -> str:
    """What C3 of a unit counts for the second quarter, and its value."""
    command = CountReading(indicator=C3, unit=UnitId(unit), period="2025-Q2", effective=NIGHT)
    answer = given(*KNOWN, adopted("C3"), *facts).when(command, today=NIGHT, actor="clock")
    assert answer.refusal is None, answer.refusal
    (found,) = (fact for fact in answer.facts if isinstance(fact, ReadingReported | NothingCounted))
    return "nothing" if isinstance(found, NothingCounted) else f"{found.value}: {brief(found.count)}"


def test_a_department_counts_its_own_people_whoever_held_the_session():
    branch = scheduled(BRANCH), held(BRANCH, present=(1, 2), absent=(3,))
    assert counted_for("G3", *SESSION[len(KNOWN) :]) == "50: 1 of 2, by 1 events"
    assert counted_for("G3", *SESSION[len(KNOWN) :], *branch) == "50: 2 of 4, by 2 events"
    assert counted_for("G4", *SESSION[len(KNOWN) :], *branch) == "0: 0 of 1, by 1 events"


def test_who_is_excused_does_not_count():
    assert counted_for("G3", scheduled(), held(excused=(3,), absent=(4,))) == "100: 1 of 1, by 1 events"
    assert counted_for("G4", scheduled(), held(excused=(4,), absent=(3,))) == "nothing"


def test_what_was_made_up_counts_once_it_is_verified():
    facts = scheduled(), held(), made_up(3, LATER)
    assert counted_for("G3", *facts) == "50: 1 of 2, by 1 events"
    assert counted_for("G3", *facts, verified(3, LATER)) == "100: 2 of 2, by 2 events"
    assert counted_for("G3", *facts, verified(3, CUT_OFF)) == "100: 2 of 2, by 2 events"
    assert counted_for("G3", *facts, verified(3, NIGHT)) == "50: 1 of 2, by 1 events"


def test_what_was_corrected_counts_as_corrected():
    assert counted_for("G3", scheduled(), held(), corrected("absent", "present")) == "100: 2 of 2, by 2 events"
    assert counted_for("G3", scheduled(), held(), corrected("absent", "excused")) == "100: 1 of 1, by 2 events"
    assert counted_for("G3", scheduled(), held(), corrected("present", "absent", 1)) == "0: 0 of 2, by 2 events"


def test_sessions_of_other_quarters_do_not_count():
    other = replace(held(), on=date(2025, 3, 28), effective=date(2025, 3, 28))
    assert counted_for("G3", replace(scheduled(), on=date(2025, 3, 28)), other) == "nothing"


# ---- the clock ----

ACTS: dict[date, list[Command]] = {
    FRIDAY: [HoldSession(session=CLASSROOM, attendees=people(1, 7), evidence=("minutes",), effective=FRIDAY)],
    LATER: [make_up(), make_up(4)],
    date(2025, 5, 21): [verify(on=date(2025, 5, 21))],
    NIGHT: [verify(on=NIGHT, person=4)],
}


def lived(place: Path, awake: Iterable[date]) -> list[tuple[str, Any]]:
    """What the clock counted, without the positions: a clock that slept recorded other things in between."""
    first, last = FRIDAY - timedelta(days=5), date(2025, 7, 20)
    house = Institution(f"sqlite:///{place}/{next(_places)}/log.sqlite", [*UNSEALED, adopted("C3"), scheduled()], first)
    nights, clock = set(awake), house.clock(lambda: [CountedReadings()])
    while house.day <= last:
        if house.day in nights:
            clock.until(house.day)
        for command in ACTS.get(house.day, ()):
            house.do(command)
        house.day += timedelta(days=1)
    house.day = last
    clock.until(last)
    told = [(id, fact.value) for id, fact in by_the_clock(house) if isinstance(fact, ReadingReported)]
    house.close()
    return told


SEALED = Sealed("E", "person.registered", "", "")
UNSEALED = [replace(fact, details=SEALED) if isinstance(fact, PersonRegistered) else fact for fact in KNOWN]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 45), max_size=5))
def test_a_clock_that_slept_counts_what_one_counted_that_was_awake(tmp_path: Path, naps: list[int]):
    first = FRIDAY - timedelta(days=5)
    awake = lived(tmp_path, [first + timedelta(days=n) for n in range(80)])
    assert awake == [("clock.count.C3.G3.2025-Q2", Decimal(100)), ("clock.count.C3.G4.2025-Q2", Decimal(0))]
    assert lived(tmp_path, [first, *(first + timedelta(days=n) for n in accumulate(naps))]) == awake


# ---- decided again ----


def wrong(*facts: Event) -> str:
    again = Reperformance()
    found = [again.follow(fact, n) for n, fact in enumerate(given(*facts).facts, 1) if fact.TOPIC in again.topics]
    return "; ".join(filter(None, found))


def test_what_was_decided_by_the_rules_passes():
    assert wrong(*SESSION, made_up(3, LATER), verified(3, LATER), corrected("made_up", "excused")) == ""


@pytest.mark.parametrize(
    ("falsified", "told"),
    [
        ((scheduled(), held(absent=(3,))), "whether P4 had to attend is recorded as False, and had to be True"),
        ((scheduled(), held(guests=(4,), absent=(3,))), "P4 as is recorded as a guest, and had to be one who had to"),
        ((scheduled(), held(excused=(3,))), "how many had to attend is recorded as 5, and had to be 4"),
        ((replace(scheduled(), charter_digest="0"),), "the charter is recorded as 0"),
        (
            (scheduled(), held(), made_up(3, date(2025, 6, 3))),
            "effective is recorded as 2025-06-03, and had to be 2025-05-30",
        ),
        (
            (scheduled(), held(), made_up(3, LATER, until=date(2025, 6, 3))),
            "until is recorded as 2025-06-03, and had to be 2025-05-30",
        ),
        (
            (scheduled(), held(), corrected("present", "excused")),
            "what P3 was before is recorded as present, and had to be absent",
        ),
    ],
)
def test_a_falsified_decision_is_named(falsified: tuple[Event, ...], told: str):
    assert told in wrong(*KNOWN, *falsified)


def test_a_session_that_nobody_scheduled_is_named():
    assert "could not be decided" in wrong(*KNOWN, made_up(3, LATER))
