"""What the clock counts of service and hearings: hours for each member, and hearings against the plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.given import given
from tests.workflow.hearings import test_hearings as hearing
from tests.workflow.indicators.known import adopted
from tests.workflow.organisation.happened import bound, membership_ended
from tests.workflow.service.known import JUNE, MAY, check_in, correct, hold, lived, register
from tests.workflow.service.test_clock import wrong
from workflow.ids import ActivityId, IndicatorId, PersonId, UnitId
from workflow.indicators.counted import CountReading
from workflow.indicators.events import NothingCounted, ReadingReported
from workflow.indicators.recounting import brief
from workflow.service.hours import CorrectAttendance
from workflow.slices import Command, Event

NIGHT = date(2025, 7, 11)
"""The night after the readings of the second quarter are due."""
KNOWN = (*hearing.PEOPLE, bound("GR1", "G1", "PG1"), bound("GR3", "G3", "PG3"), adopted("C4"), adopted("C5"))
BOTH = tuple(register(f"P{n}", kind) for n in (1, 2, 7) for kind in ("host", "home"))


def count(*acts: Command | Event, indicator: str = "C4", unit: str = "G1", period: str = "2025-Q2") -> list[Event]:
    """All that has happened after these, with what is counted."""
    facts = lived(*acts, organisation=KNOWN)
    asked = CountReading(indicator=IndicatorId(indicator), unit=UnitId(unit), period=period, effective=NIGHT)
    answer = given(*facts, charter=None).when(asked, today=NIGHT, actor="clock")
    assert answer.refusal is None, answer.refusal
    return [*facts, *answer.facts]


def reading(*acts: Command | Event, **asked: Any) -> tuple[Decimal, str]:
    (found,) = (fact for fact in count(*acts, **asked) if isinstance(fact, ReadingReported))
    return found.value, brief(found.count)


def test_the_hours_of_check_ins_and_activities_count_for_each_member_of_the_bound_group():
    acts = (*BOTH, check_in("P1", 5), check_in("P2", 4, "home"), hold(people=(("P1", 3), ("P7", 2))))
    assert reading(*acts) == (Decimal(2), "12 of 6, by 9 events")
    assert reading(*acts, unit="G3") == (Decimal(1), "2 of 2, by 3 events")


def test_who_served_and_is_no_member_on_the_last_day_counts_no_more():
    acts = (*BOTH, check_in("P1", 5), check_in("P2", 5))
    assert reading(*acts, membership_ended("P2", "PG1", JUNE))[0] == Decimal(1)


def test_hours_of_another_quarter_do_not_count():
    assert reading(register("P1", on=date(2025, 3, 3)), check_in("P1", 6, on=date(2025, 3, 31)))[0] == Decimal(0)


def test_a_correction_until_the_cut_off_counts_and_a_later_one_does_not():
    acts = (*BOTH, check_in("P1", 6), hold(people=(("P2", 6),)))
    assert reading(*acts, correct("P1", 3))[0] == Decimal("1.5")
    assert reading(*acts, correct("P1", 0, on=NIGHT))[0] == Decimal(2)
    of: dict[str, Any] = {"activity": ActivityId("A1"), "person": PersonId("P2"), "hours": Decimal(0)}
    assert reading(*acts, CorrectAttendance(**of, effective=date(2025, 7, 10)))[0] == Decimal(1)


def test_a_unit_without_members_has_nothing_to_count():
    ended = [membership_ended(f"P{n}", "PG3", MAY) for n in (7, 8)]
    assert any(isinstance(fact, NothingCounted) for fact in count(*ended, unit="G3"))


PLAN = hearing.quarters(1, 1, 2, 0)


def test_hearings_count_against_those_planned_for_the_quarters_that_are_over():
    held = (PLAN, *hearing.NOTIFIED, hearing.hold())
    assert reading(*held, indicator="C5") == (Decimal(50), "1 of 2, by 2 events")
    assert reading(PLAN, indicator="C5") == (Decimal(0), "0 of 2, by 1 events")


def test_a_changed_plan_counts_as_it_is_on_the_cut_off():
    changed = hearing.quarters(0, 1, 0, 0, on=date(2025, 7, 1))
    assert reading(PLAN, *hearing.NOTIFIED, hearing.hold(), changed, indicator="C5")[0] == Decimal(100)
    late = hearing.quarters(0, 1, 0, 0, on=NIGHT)
    assert reading(PLAN, *hearing.NOTIFIED, hearing.hold(), late, indicator="C5")[0] == Decimal(50)


@pytest.mark.parametrize("acts", [(), (hearing.quarters(0, 0, 1, 1),)])
def test_where_no_hearing_was_planned_by_then_there_is_nothing_to_count(acts: tuple[Command, ...]):
    assert any(isinstance(fact, NothingCounted) for fact in count(*acts, indicator="C5"))


def test_what_was_counted_is_counted_again():
    for indicator, acts in (("C4", (*BOTH, check_in("P1", 6))), ("C5", (PLAN, *hearing.NOTIFIED, hearing.hold()))):
        facts = count(*acts, indicator=indicator)
        assert wrong(facts) == []
        where, told = next((n, fact) for n, fact in enumerate(facts) if isinstance(fact, ReadingReported))
        assert told.count is not None
        falsified = replace(told, count=replace(told.count, number=Decimal(9)))
        assert wrong([*facts[:where], falsified, *facts[where + 1 :]])
