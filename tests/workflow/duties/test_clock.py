"""The clock opens duties, turns them yellow, and lets them lapse; a clock that slept does so too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from itertools import accumulate, count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.given import given
from tests.workflow.clock.house import Institution
from tests.workflow.duties.known import HEAD, ORGANISATION, SECRETARY, fulfilled, opened, turned
from tests.workflow.duties.test_fulfilling import extended
from tests.workflow.indicators.known import department
from workflow.duties.agenda import Duties, LetDutyGo, OpenDuty, TurnDuty
from workflow.duties.commands import ExcuseDuty, ExtendDuty, FulfilDuty
from workflow.duties.events import DutyExcused, DutyFulfilled, DutyLapsed, DutyOpened, DutyTurnedYellow
from workflow.ids import DutyId, UnitId
from workflow.organisation.events import PersonRegistered, UnitDissolved
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event

COMMENT, THEME, WEEK = "monthly_comment.G3.2025-05", "theme_day.B2.2025-05", "weekly_meeting.G3.2025-W23"
DUE = date(2025, 6, 5)
YELLOW, RED = date(2025, 5, 28), date(2025, 6, 6)
"""Five working days before 5 June, with the Dragon Boat holiday on the second; and the day after it."""
_places = count()


def turn(duty: str, colour: str, on: date) -> Command:
    return TurnDuty(duty=DutyId(duty), colour=colour, effective=on)


def test_a_duty_is_yellow_when_five_working_days_are_left():
    before = date(2025, 5, 27)
    given(*ORGANISATION, opened(COMMENT)).when(turn(COMMENT, "yellow", before), today=before).nothing()
    given(*ORGANISATION, opened(COMMENT)).when(turn(COMMENT, "yellow", YELLOW), today=YELLOW).then(
        turned(COMMENT, "yellow", DUE, YELLOW)
    )


def test_a_weekly_duty_is_yellow_on_the_last_working_day_before_it_is_due():
    friday = date(2025, 6, 6)
    before = friday - timedelta(days=1)
    known = given(*ORGANISATION, opened(WEEK))
    known.when(turn(WEEK, "yellow", before), today=before).nothing()
    known.when(turn(WEEK, "yellow", friday), today=friday).then(turned(WEEK, "yellow", date(2025, 6, 9), friday))


def test_a_duty_that_turns_records_the_day_and_the_time_until_which_it_is_due():
    known, late = given(*ORGANISATION, opened(WEEK)), date(2025, 6, 10)
    (lapsed,) = known.when(turn(WEEK, "red", late), today=late).facts
    assert isinstance(lapsed, DutyLapsed)
    assert (lapsed.due, lapsed.due_at) == (date(2025, 6, 9), time(18))
    (yellow,) = given(*ORGANISATION, opened(COMMENT)).when(turn(COMMENT, "yellow", YELLOW), today=YELLOW).facts
    assert isinstance(yellow, DutyTurnedYellow)
    assert (yellow.due, yellow.due_at) == (DUE, time.max)


def test_a_duty_is_red_on_the_day_after_it_was_due():
    known = given(*ORGANISATION, opened(COMMENT), turned(COMMENT, "yellow", DUE, YELLOW))
    known.when(turn(COMMENT, "red", DUE), today=DUE).nothing()
    known.when(turn(COMMENT, "red", RED), today=RED).then(turned(COMMENT, "red", DUE, RED))


def test_what_was_done_before_that_day_turns_neither_yellow_nor_red():
    done = fulfilled(COMMENT, date(2025, 5, 20), date(2025, 5, 27))
    known = given(*ORGANISATION, opened(COMMENT), done)
    known.when(turn(COMMENT, "yellow", RED), today=RED).nothing()
    known.when(turn(COMMENT, "red", RED), today=RED).nothing()


def test_what_was_done_only_later_turned_all_the_same():
    done = fulfilled(COMMENT, RED, RED, late=True)
    known = given(*ORGANISATION, opened(COMMENT), done)
    known.when(turn(COMMENT, "red", RED), today=RED).then(turned(COMMENT, "red", DUE, RED))


def test_what_was_extended_turns_yellow_and_red_by_its_new_due_date():
    until = date(2025, 6, 12)
    facts = (*ORGANISATION, opened(THEME), turned(THEME, "yellow", DUE, YELLOW), extended())
    after = date(2025, 6, 13)
    given(*facts).when(turn(THEME, "red", RED), today=RED).nothing()
    given(*facts).when(turn(THEME, "yellow", RED), today=RED).then(turned(THEME, "yellow", until, RED))
    given(*facts).when(turn(THEME, "red", after), today=after).then(turned(THEME, "red", until, after))


def test_a_turn_is_told_once():
    known = given(*ORGANISATION, opened(COMMENT), turned(COMMENT, "red", DUE, RED))
    known.when(turn(COMMENT, "red", RED), today=RED).nothing()


def test_a_duty_is_opened_once():
    first = date(2025, 5, 1)
    act = OpenDuty(duty=DutyId(COMMENT), effective=first)
    given(*ORGANISATION).when(act, today=first).then(opened(COMMENT))
    given(*ORGANISATION, opened(COMMENT)).when(act, today=first).nothing()


def test_a_duty_of_a_unit_that_is_dissolved_within_the_period_is_excused():
    gone = UnitDissolved(UnitId("G3"), date(2025, 5, 20))
    act = LetDutyGo(duty=DutyId(COMMENT), effective=date(2025, 5, 20))
    excused = DutyExcused(DutyId(COMMENT), UnitId("G3"), "dissolved", date(2025, 5, 20))
    known = (*ORGANISATION, opened(COMMENT))
    given(*known, gone).when(act, today=date(2025, 5, 20)).then(excused)
    given(*known).when(act, today=date(2025, 5, 20)).nothing()
    given(*known, gone, excused).when(act, today=date(2025, 5, 20)).nothing()
    given(*known, gone).when(turn(COMMENT, "yellow", YELLOW), today=YELLOW).nothing()


FIRST, LAST = date(2025, 5, 1), date(2025, 8, 20)


def fulfil(duty: str, on: date, **more: Any) -> FulfilDuty:
    return FulfilDuty(duty=DutyId(duty), held_on=on, evidence=("minutes",), effective=on, **more)


LIVED: dict[date, list[Command]] = {
    date(2025, 5, 20): [fulfil(COMMENT, date(2025, 5, 20), person=HEAD)],
    date(2025, 6, 4): [
        ExtendDuty(duty=DutyId(THEME), person=SECRETARY, until=date(2025, 6, 12), effective=date(2025, 6, 4)),
        fulfil(WEEK, date(2025, 6, 4)),
    ],
    date(2025, 6, 16): [fulfil("weekly_meeting.G3.2025-W24", date(2025, 6, 16))],
    date(2025, 6, 27): [fulfil("monthly_comment.G3.2025-06", date(2025, 6, 27))],  # on the very day it turned yellow
    date(2025, 7, 8): [fulfil("theme_day.B2.2025-06", date(2025, 7, 8))],
    date(2025, 7, 15): [
        ExcuseDuty(duty=DutyId("lecture.B2.2025-Q2"), effective=date(2025, 7, 15)),
        ExcuseDuty(duty=DutyId("weekly_meeting.G3.2025-W29"), effective=date(2025, 7, 15)),
    ],
}


def house(folder: Path, *more: Event, first: date = FIRST) -> Institution:
    people = [fact for fact in ORGANISATION if not isinstance(fact, PersonRegistered)]  # whom only a writer can seal
    return Institution(f"sqlite:///{folder}/log.sqlite", [*people, *more], first)


def live(place: Institution, until: date = LAST, awake: Iterable[date] | None = None) -> None:
    """Day by day what people do, by two persons; and before it, in the nights given or in all, the clock."""
    clock = place.clock(lambda: [Duties()])
    nights = None if awake is None else set(awake)
    while place.day <= until:
        if nights is None or place.day in nights:
            clock.until(place.day)
        for command in LIVED.get(place.day, ()):
            place.do(command, approver="C2", reason="So decided.")
        place.day += timedelta(days=1)
    clock.until(until)


def of(place: Institution, duty: str) -> list[tuple[str, date]]:
    """What happened to a duty, and when."""
    return [(f.TOPIC, f.effective) for f in place.facts() if getattr(f, "duty", "") == duty]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterable[Institution]:
    place = house(tmp_path_factory.mktemp("lived"))
    live(place)
    yield place
    place.close()


def test_a_duty_opens_on_the_first_day_of_its_period_turns_yellow_and_lapses(lived: Institution):
    assert of(lived, "monthly_comment.G4.2025-05") == [
        ("duty.opened", date(2025, 5, 1)),
        ("duty.turned_yellow", YELLOW),
        ("duty.lapsed", RED),
    ]
    assert of(lived, "weekly_meeting.G4.2025-W23") == [
        ("duty.opened", date(2025, 6, 2)),
        ("duty.turned_yellow", date(2025, 6, 6)),
        ("duty.lapsed", date(2025, 6, 10)),
    ]


def test_what_is_done_in_time_neither_turns_yellow_nor_lapses(lived: Institution):
    assert of(lived, COMMENT) == [("duty.opened", date(2025, 5, 1)), ("duty.fulfilled", date(2025, 5, 20))]


def test_an_extended_duty_turns_yellow_twice(lived: Institution):
    assert of(lived, THEME) == [
        ("duty.opened", date(2025, 5, 1)),
        ("duty.turned_yellow", YELLOW),
        ("duty.extended", date(2025, 6, 4)),
        ("duty.turned_yellow", date(2025, 6, 5)),
        ("duty.lapsed", date(2025, 6, 13)),
    ]


def test_a_lapsed_duty_is_fulfilled_late_or_excused(lived: Institution):
    assert of(lived, "theme_day.B2.2025-06")[-2:] == [
        ("duty.lapsed", date(2025, 7, 8)),
        ("duty.fulfilled_late", date(2025, 7, 8)),
    ]
    assert of(lived, "lecture.B2.2025-Q2")[-2:] == [
        ("duty.lapsed", date(2025, 7, 11)),
        ("duty.excused", date(2025, 7, 15)),
    ]


def test_everybody_owes_what_the_charter_says_and_nothing_else(lived: Institution):
    owed = {(f.unit, f.kind) for f in lived.facts() if isinstance(f, DutyOpened)}
    party = {"general_meeting", "committee_meeting", "lecture", "theme_day"}
    business = {"weekly_meeting", "monthly_comment", "quarterly_assessment", "yearly_summary", "dual_report"}
    expected = {("B2", kind) for kind in party} | {("PG3", "group_meeting")}
    expected |= {("I", "friday_classroom"), ("B2", "branch_study")}
    expected |= {("LG", "leading_group_study"), ("OC", "organ_committee_study")}
    assert owed == expected | {(unit, kind) for unit in ("G3", "G4") for kind in business}


def test_what_was_due_before_the_clock_was_started_is_left_alone(tmp_path: Path):
    place = house(tmp_path, first=date(2025, 6, 6))
    live(place, date(2025, 7, 4))
    opened_for = {f.period for f in place.facts() if isinstance(f, DutyOpened) and f.unit == "G3"}
    assert "2025-05" not in opened_for
    assert {"2025-06", "2025-W23", "2025-Q2", "2025"} <= opened_for
    place.close()


def test_a_unit_that_comes_or_goes_within_the_period_owes_nothing_for_it(tmp_path: Path):
    new = department("G5", parent="I", since=date(2025, 5, 2))
    gone = UnitDissolved(UnitId("G4"), date(2025, 5, 20))
    place = house(tmp_path, new)
    live(place, date(2025, 5, 10))
    place.record(gone)
    live(place, date(2025, 7, 4))
    assert of(place, "monthly_comment.G5.2025-05") == []
    assert of(place, "monthly_comment.G5.2025-06")
    assert of(place, "monthly_comment.G4.2025-05") == [
        ("duty.opened", date(2025, 5, 1)),
        ("duty.excused", date(2025, 5, 20)),
    ]
    assert of(place, "monthly_comment.G4.2025-06") == []
    assert of(place, "weekly_meeting.G4.2025-W20")[-1][0] == "duty.lapsed"
    place.close()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 45), max_size=6))
def test_a_clock_that_slept_decides_what_one_decided_that_was_awake(
    tmp_path: Path, lived: Institution, naps: list[int]
):
    def told(place: Institution) -> set[Any]:
        return {f for f in place.facts() if f.TOPIC.startswith("duty.")}

    slept = house(tmp_path / str(next(_places)))
    live(slept, awake=[FIRST, *(FIRST + timedelta(days=n) for n in accumulate(naps))])
    facts = told(slept)
    slept.close()
    assert facts == told(lived)


# ---- decided again ----


def wrong(facts: Iterable[Event]) -> list[str]:
    again = Reperformance()
    return [told for fact in facts if fact.TOPIC in again.topics and (told := again.follow(fact))]


def test_what_was_decided_by_the_rules_passes(lived: Institution):
    assert wrong(lived.facts()) == []
    again = Reperformance()
    for fact in lived.facts():
        if fact.TOPIC in again.topics:
            again.follow(fact)
    assert again.decisions > 100


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        (DutyOpened, {"due": date(2025, 6, 9)}, "due is recorded as 2025-06-09"),
        (DutyOpened, {"yellow_from": date(2025, 6, 9)}, "yellow_from is recorded as 2025-06-09"),
        (DutyOpened, {"charter": "2"}, "charter is recorded as 2, and had to be 1"),
        (DutyTurnedYellow, {"colour": "red"}, "colour is recorded as red, and had to be yellow"),
        (DutyTurnedYellow, {"effective": date(2025, 5, 2)}, "effective is recorded as 2025-05-02"),
        (DutyLapsed, {"due": date(2025, 6, 4)}, "the turn is recorded as 2025-06-04"),
        (DutyLapsed, {"due_at": time(18)}, "due_at is recorded as 18:00:00"),
        (DutyFulfilled, {"effective": date(2025, 6, 20)}, "late is recorded as False, and had to be True"),
        (DutyFulfilled, {"due": date(2025, 6, 6)}, "due is recorded as 2025-06-06, and had to be 2025-06-05"),
        (DutyFulfilled, {"present": 3}, "present is recorded as 3, and had to be 0"),
    ],
)
def test_a_falsified_decision_is_named(kind: type[Event], changes: dict[str, Any], told: str, lived: Institution):
    facts = lived.facts()
    where = next(n for n, f in enumerate(facts) if type(f) is kind and (kind is DutyFulfilled or ".2025-05" in f.duty))  # type: ignore[attr-defined]
    found = wrong([*facts[:where], replace(facts[where], **changes), *facts[where + 1 :]])
    assert found
    assert told in found[0]
    assert facts[where].duty in found[0]  # type: ignore[attr-defined]


def test_a_fulfilment_of_what_nobody_opened_is_named(lived: Institution):
    facts = [f for f in lived.facts() if not (isinstance(f, DutyOpened) and f.duty == COMMENT)]
    assert f"{COMMENT}: duty.fulfilled could not be decided" in wrong(facts)[0]
