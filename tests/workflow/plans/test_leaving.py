"""Tasks that are left behind: the clock notes it for the leader, and people share or reassign them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate, count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.projections.office import sealed
from tests.workflow.clock.house import Institution, by_the_clock
from tests.workflow.organisation.happened import appointed, member
from tests.workflow.plans.known import APRIL, CHARTER, ONE, ORGANISATION, T1, after, complete, lived, progress
from tests.workflow.plans.test_changing import JUNE_30, MAY_16, MOVED, QUARTER, leaves, reassign, share
from workflow.charter.loader import digest, shipped
from workflow.clock.events import ClockStarted
from workflow.ids import PersonId, PostId, TaskId, UnitId
from workflow.organisation.events import AppointmentEnded
from workflow.plans.agenda import DueTasks, FlagTask
from workflow.plans.amounts import flag_of
from workflow.plans.events import AssigneeLeft, AssigneeReturned, TaskFlagged
from workflow.plans.leaving import NoteAssignee
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event

NEXT = MAY_16 + timedelta(days=1)  # a Saturday
SETTLE_BY = date(2025, 5, 23)
P1 = PersonId("P1")
LEFT = AssigneeLeft(TaskId(ONE), T1, UnitId("G4"), P1, MAY_16, SETTLE_BY, NEXT)
BACK = date(2025, 5, 21)
COMES_BACK = appointed("A8", "P1", "G4-H1", unit="G4", since=BACK)


def note(on: date = NEXT) -> NoteAssignee:
    return NoteAssignee(task=TaskId(ONE), effective=on)


def test_on_the_day_after_an_assignee_left_it_is_noted_once_with_the_day_to_settle_it_by():
    after(*MOVED).when(note(MAY_16), today=MAY_16).nothing()
    after(*MOVED).when(note(), today=NEXT).then(LEFT)
    after(*MOVED, LEFT).when(note(), today=NEXT).nothing()
    later = date(2025, 5, 19)
    after(*MOVED, LEFT).when(note(later), today=later).nothing()
    by = date(2025, 5, 26)
    after(*MOVED).when(note(later), today=later).then(replace(LEFT, settle_by=by, effective=later))


def test_who_still_belongs_to_the_unit_has_not_left():
    after(*QUARTER).when(note(), today=NEXT).nothing()
    still = appointed("A8", "P1", "G4-H2", unit="G4", since=MAY_16)
    after(*MOVED, still).when(note(), today=NEXT).nothing()
    belongs = member("P1", "G4", since=APRIL)
    after(*MOVED, belongs).when(note(), today=NEXT).nothing()


def test_what_is_shared_reassigned_or_complete_when_the_day_begins_is_not_left_behind():
    p2 = PersonId("P2")
    shared, passed = share(person=p2), reassign(on=MAY_16, person=p2)
    done = (progress(ONE, "P1", 13, MAY_16), complete(ONE, "P1", MAY_16))
    for acts in ((*MOVED, shared), (*MOVED, passed), (*QUARTER, *done, *MOVED[len(QUARTER) :])):
        after(*acts).when(note(), today=NEXT).nothing()
    on_the_day_itself = reassign(on=NEXT, person=p2)
    after(*MOVED, on_the_day_itself).when(note(), today=NEXT).then(LEFT)


def test_who_comes_back_before_it_was_settled_keeps_it():
    returned = AssigneeReturned(TaskId(ONE), T1, UnitId("G4"), P1, BACK + timedelta(days=1))
    known = (*MOVED, LEFT, COMES_BACK)
    after(*known).when(note(BACK), today=BACK).nothing()
    after(*known).when(note(returned.effective), today=returned.effective).then(returned)
    after(*known, returned).when(note(returned.effective), today=returned.effective).nothing()
    gone = date(2025, 6, 3)
    again = replace(leaves("P1", "G4-H1", gone), appointment=COMES_BACK.appointment)
    answer = after(*known, returned, again).when(note(date(2025, 6, 4)), today=date(2025, 6, 4))
    assert [getattr(fact, "left", None) for fact in answer.facts] == [gone]


def test_what_was_noted_later_changes_nothing_of_the_days_before_when_a_clock_lives_them_again():
    returned = AssigneeReturned(TaskId(ONE), T1, UnitId("G4"), P1, BACK + timedelta(days=1))
    early = MAY_16 - timedelta(days=1)
    after(*MOVED, LEFT).when(note(early), today=BACK).nothing()
    after(*MOVED, LEFT, COMES_BACK, returned).when(note(), today=returned.effective).nothing()
    after(*MOVED, LEFT, COMES_BACK, returned).when(note(BACK), today=returned.effective).nothing()


def test_a_task_that_was_left_behind_is_yellow_when_it_is_not_settled_in_time():
    assert flag_of(JUNE_30, None, SETTLE_BY, CHARTER, SETTLE_BY) == ("green", "")
    assert flag_of(JUNE_30, None, date(2025, 5, 24), CHARTER, SETTLE_BY) == ("yellow", "leaver")
    late = date(2025, 5, 24)
    flag = FlagTask(task=TaskId(ONE), effective=late)
    flagged = TaskFlagged(
        TaskId(ONE), T1, UnitId("G4"), "yellow", "leaver", JUNE_30, "1", digest(shipped("procuratorate")), late
    )
    after(*MOVED, LEFT).when(flag, today=late).then(flagged)
    after(*MOVED, LEFT, share(person=PersonId("P2"))).when(flag, today=late).nothing()
    in_time = reassign(on=SETTLE_BY, person=PersonId("P2"))
    after(*MOVED, LEFT, in_time).when(flag, today=late).nothing()
    assert after(*MOVED, LEFT, replace_on(in_time, late)).when(flag, today=late).facts == [flagged]


def replace_on(command: Any, on: date) -> Command:
    return reassign(on=on, person=command.person)


# ---- decided again ----


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"left": APRIL}, "the left is recorded as 2025-04-01, and had to be 2025-05-16"),
        ({"settle_by": JUNE_30}, "the settle_by is recorded as 2025-06-30, and had to be 2025-05-23"),
        ({"unit": UnitId("G5")}, "the unit is recorded as G5, and had to be G4"),
        ({"effective": MAY_16}, "task.assignee_left is recorded of P1, and had not to be"),
        ({"person": PersonId("P2")}, "had not to be"),
    ],
)
def test_a_falsified_note_is_named(change: dict[str, Any], told: str):
    history = lived(*MOVED, LEFT)
    assert wrong(history) == []
    assert told in wrong([*history[:-1], replace(LEFT, **change)])[0]


def wrong(facts: Iterable[Event]) -> list[str]:
    again = Reperformance()
    return [told for fact in facts if fact.TOPIC in again.topics and (told := again.follow(fact))]


# ---- by the clock ----

_places = count()
FIRST, END = date(2025, 4, 28), date(2025, 7, 4)
HAPPENS: dict[date, list[Event]] = {
    date(2025, 5, 15): [leaves("P1", "G4-H1"), appointed("A5", "P1", "G5-H2", unit="G5", since=MAY_16)],
    date(2025, 5, 20): [COMES_BACK],
    date(2025, 6, 3): [
        AppointmentEnded(COMES_BACK.appointment, P1, PostId("G4-H1"), UnitId("G4"), date(2025, 6, 3), "transferred")
    ],
}
DONE: dict[date, list[Command]] = {date(2025, 6, 20): [reassign(on=date(2025, 6, 20), person=PersonId("P2"))]}


def live(place: Path, awake: Iterable[date] | None = None, *history: Event) -> list[tuple[str, Event]]:
    known = [sealed(fact) for fact in (*ORGANISATION, *lived(*QUARTER)[len(ORGANISATION) + 2 :])]
    house = Institution(f"sqlite:///{place}/log.sqlite", [*known, *history], FIRST)
    clock, nights = house.clock(lambda: [DueTasks()]), None if awake is None else set(awake)
    while house.day <= END:
        if nights is None or house.day in nights:
            clock.until(house.day)
        if house.day in HAPPENS:
            house.record(*HAPPENS[house.day])
        for command in DONE.get(house.day, ()):
            house.do(command, reason="So it is.", approver="C2")
        house.day += timedelta(days=1)
    clock.until(END)
    told = by_the_clock(house)
    house.close()
    return told


def test_the_clock_notes_who_left_and_who_came_back(tmp_path: Path):
    told = [fact for _, fact in live(tmp_path) if isinstance(fact, AssigneeLeft | AssigneeReturned)]
    assert [(type(fact).TOPIC, fact.effective) for fact in told] == [
        ("task.assignee_left", NEXT),
        ("task.assignee_returned", date(2025, 5, 22)),
        ("task.assignee_left", date(2025, 6, 4)),
    ]
    flags = [(fact.why, fact.effective) for _, fact in live(tmp_path / "again") if isinstance(fact, TaskFlagged)]
    assert ("leaver", date(2025, 6, 12)) in flags


def test_who_left_before_the_clock_was_started_is_left_alone(tmp_path: Path):
    started = ClockStarted(date(2025, 5, 17))
    told = [fact for _, fact in live(tmp_path, [], started) if isinstance(fact, AssigneeLeft)]
    assert [fact.left for fact in told] == [date(2025, 6, 3)]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 30), max_size=6))
def test_a_clock_that_slept_notes_what_one_noted_that_was_awake(tmp_path: Path, naps: list[int]):
    awake = [FIRST, *(FIRST + timedelta(days=n) for n in accumulate(naps))]
    assert live(tmp_path / str(next(_places)), awake) == live(tmp_path / str(next(_places)))
