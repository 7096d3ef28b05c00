"""Colours of tasks: yellow when few working days are left or nobody accepted, red when overdue; by the clock."""

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

from tests.projections.office import sealed
from tests.workflow.clock.house import Institution, by_the_clock
from tests.workflow.plans.known import (
    APRIL,
    CHARTER,
    NEW_YEAR,
    ONE,
    ORGANISATION,
    PLAN,
    T1,
    TWO,
    accept,
    after,
    assign,
    complete,
    progress,
    send_back,
    to,
    verify,
)
from workflow.charter.loader import digest, shipped
from workflow.ids import PersonId, TaskId, UnitId
from workflow.plans.agenda import DueTasks, FlagTask
from workflow.plans.amounts import flag_of
from workflow.plans.changing import ExtendTask, ReassignTask
from workflow.plans.events import TaskFlagged
from workflow.slices import Command, Event

DUE = date(2025, 6, 30)  # a Monday
YELLOW, RED = date(2025, 6, 23), date(2025, 7, 1)
G4 = UnitId("G4")
JUNE = (PLAN, assign(to("P1", 14, due=DUE), to("P2", 10)), accept(ONE, "P1"), accept(TWO, "P2"))
_places = count()


def flag(on: date, task: str = ONE) -> FlagTask:
    return FlagTask(task=TaskId(task), effective=on)


def flagged(colour: str, on: date, why: str = "due") -> TaskFlagged:
    return TaskFlagged(TaskId(ONE), T1, G4, colour, why, DUE, "1", digest(shipped("procuratorate")), on)


@pytest.mark.parametrize(
    ("day", "colour"),
    [
        (date(2025, 6, 22), "green"),  # a Sunday: six working days are left
        (YELLOW, "yellow"),
        (DUE, "yellow"),
        (RED, "red"),
    ],
)
def test_a_task_is_yellow_with_five_working_days_left_and_red_when_overdue(day: date, colour: str):
    assert flag_of(DUE, None, day, CHARTER).colour == colour


def test_a_task_nobody_accepted_in_time_is_yellow():
    assert flag_of(DUE, date(2025, 3, 3), date(2025, 3, 3), CHARTER) == ("green", "")
    assert flag_of(DUE, date(2025, 3, 3), date(2025, 3, 4), CHARTER) == ("yellow", "acceptance")
    after(*JUNE[:2]).when(flag(date(2025, 1, 10)), today=date(2025, 1, 10)).then(
        flagged("yellow", date(2025, 1, 10), "acceptance")
    )


def test_each_colour_is_given_once_and_only_a_worse_one():
    after(*JUNE).when(flag(date(2025, 6, 20)), today=date(2025, 6, 20)).nothing()
    after(*JUNE).when(flag(YELLOW), today=YELLOW).then(flagged("yellow", YELLOW))
    after(*JUNE, flagged("yellow", YELLOW)).when(flag(DUE), today=DUE).nothing()
    after(*JUNE, flagged("yellow", YELLOW)).when(flag(RED), today=RED).then(flagged("red", RED))
    after(*JUNE, flagged("red", RED)).when(flag(RED), today=RED).nothing()


def test_what_is_complete_when_the_day_begins_has_no_colour():
    complete_on = (*JUNE, progress(ONE, "P1", 14, DUE), complete(ONE, "P1", DUE))
    after(*complete_on).when(flag(RED), today=RED).nothing()
    too_late = (*JUNE, progress(ONE, "P1", 14, RED), complete(ONE, "P1", RED))
    after(*too_late).when(flag(RED), today=RED).then(flagged("red", RED))
    returned = (*complete_on, send_back(ONE, "P4", DUE))
    after(*returned).when(flag(RED), today=RED).then(flagged("red", RED))


def test_an_extended_task_turns_again_by_its_new_day():
    later = ExtendTask(task=TaskId(ONE), due=date(2025, 7, 31), effective=RED)
    known = (*JUNE, flagged("red", RED), later)
    after(*known).when(flag(date(2025, 7, 2)), today=date(2025, 7, 2)).nothing()
    turned = after(*known).when(flag(date(2025, 7, 24)), today=date(2025, 7, 24)).facts
    assert [(each.colour, each.due) for each in turned if isinstance(each, TaskFlagged)] == [
        ("yellow", date(2025, 7, 31))
    ]


FIRST = date(2025, 5, 20)
LIVED: dict[date, list[Command]] = {
    date(2025, 5, 21): [
        assign(to("P1", 14, due=DUE), to("P2", 10, due=date(2025, 6, 10)), on=date(2025, 5, 21)),
        accept(ONE, "P1", date(2025, 5, 21)),
    ],
    date(2025, 5, 27): [accept(TWO, "P2", date(2025, 5, 27))],
    date(2025, 6, 12): [ExtendTask(task=TaskId(TWO), due=date(2025, 6, 20), effective=date(2025, 6, 12))],
    date(2025, 6, 10): [ReassignTask(task=TaskId(ONE), person=PersonId("P2"), effective=date(2025, 6, 10))],
    date(2025, 6, 24): [progress(TWO, "P2", 10, date(2025, 6, 24)), complete(TWO, "P2", date(2025, 6, 24))],
    date(2025, 6, 25): [verify(TWO, "P4", date(2025, 6, 25)), accept(ONE, "P2", date(2025, 6, 25))],
}


def house(place: Path, *history: Event) -> Institution:
    plan = after().when(PLAN, today=NEW_YEAR).facts
    organisation = [sealed(fact) for fact in ORGANISATION]
    return Institution(f"sqlite:///{place}/log.sqlite", [*organisation, *plan, *history], FIRST)


def told(institution: Institution) -> list[tuple[str, str, str, date]]:
    return [(f.task, f.colour, f.why, f.effective) for f in institution.facts() if isinstance(f, TaskFlagged)]


def do(institution: Institution, command: Command) -> None:
    institution.do(command, approver="C2", reason="So it is.")


def live(institution: Institution, until: date, awake: Iterable[date] | None = None) -> None:
    clock, nights = institution.clock(lambda: [DueTasks()]), None if awake is None else set(awake)
    while institution.day <= until:
        if nights is None or institution.day in nights:
            clock.until(institution.day)
        for command in LIVED.get(institution.day, ()):
            do(institution, command)
        institution.day += timedelta(days=1)
    clock.until(until)


def test_the_clock_flags_tasks_on_their_days(tmp_path: Path):
    institution = house(tmp_path)
    live(institution, date(2025, 7, 10))
    assert told(institution) == [
        (TWO, "yellow", "acceptance", date(2025, 5, 27)),
        (TWO, "red", "due", date(2025, 6, 11)),
        (TWO, "yellow", "due", date(2025, 6, 13)),
        (ONE, "yellow", "acceptance", date(2025, 6, 14)),
        (TWO, "red", "due", date(2025, 6, 21)),
        (ONE, "red", "due", date(2025, 7, 1)),
    ]
    institution.close()


def test_what_was_due_before_the_clock_was_started_is_left_alone(tmp_path: Path):
    history = [fact for fact in after(*JUNE).facts if getattr(fact, "target", "") and fact.TOPIC != "plan.target_set"]
    institution = house(tmp_path, *history)
    institution.day = date(2025, 7, 8)
    live(institution, date(2025, 7, 10))
    assert told(institution) == []
    institution.close()


def test_what_was_to_be_accepted_before_the_clock_was_started_is_left_alone_until_it_is_due(tmp_path: Path):
    assigned = (PLAN, assign(to("P1", 14, due=DUE), to("P2", 10)))
    history = [fact for fact in after(*assigned).facts if fact.TOPIC in ("task.assigned", "task.split")]
    institution = house(tmp_path, *history)
    institution.day = date(2025, 6, 16)
    clock = institution.clock(lambda: [DueTasks()])
    institution.live(clock, date(2025, 7, 10))
    assert told(institution) == [(ONE, "yellow", "due", YELLOW), (ONE, "red", "due", RED)]
    institution.close()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 30), max_size=6))
def test_a_clock_that_slept_flags_what_one_flagged_that_was_awake(tmp_path: Path, naps: list[int]):
    def lived_by(awake: Iterable[date] | None) -> list[tuple[str, Any]]:
        institution = house(tmp_path / str(next(_places)))
        live(institution, date(2025, 7, 10), awake)
        done = by_the_clock(institution)
        institution.close()
        return done

    assert lived_by([FIRST, *(FIRST + timedelta(days=n) for n in accumulate(naps))]) == lived_by(None)


def test_april_is_a_day_on_which_nothing_turns():
    after(*JUNE).when(flag(APRIL), today=APRIL).nothing()
