"""What time does to visits, needs and teams; a clock that slept does the same; and decisions are taken again."""

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

from projections.audit import reperformance
from tests.workflow.clock.house import Institution, by_the_clock
from tests.workflow.service.known import (
    CARRIED,
    NEED,
    ORGANISATION,
    VISIT,
    after,
    assign,
    close,
    form,
    hand_over,
    join,
    make,
    move,
    need,
    outsider,
    rate,
    reopen,
    resolve,
    see_to,
    withdraw,
)
from workflow.clock.clock import Clock
from workflow.ids import AppointmentId, MembershipId, PersonId, UnitId
from workflow.organisation.appointments import EndAppointment
from workflow.organisation.events import PersonRegistered
from workflow.organisation.memberships import EndMembership, StartMembership
from workflow.organisation.people import RecordDeparture
from workflow.organisation.units import MoveUnit
from workflow.reperformance import Reperformance
from workflow.sealed import Sealed
from workflow.service.events import TeamMemberWithdrew
from workflow.service.needs.commands import FlagNeed
from workflow.service.needs.events import (
    NeedFlagged,
    NeedMoved,
    NeedRaised,
    NeedRated,
    NeedReopened,
    NeedResolved,
    NeedUnassigned,
)
from workflow.service.visits.commands import FlagVisit
from workflow.service.visits.events import (
    VisitAssigned,
    VisitClosed,
    VisitFlagged,
    VisitLeftBehind,
    VisitMade,
    VisitReopened,
)
from workflow.slices import Command, Event

_places = count()
FIRST, LAST = date(2025, 5, 6), date(2025, 8, 20)


def flag(why: str, on: date) -> FlagVisit:
    return FlagVisit(visit=VISIT, why=why, effective=on)


def flags(facts: Iterable[Event]) -> list[tuple[str, str, date]]:
    return [(f.why, f.colour, f.due) for f in facts if isinstance(f, VisitFlagged)]


def test_a_visit_that_is_not_answered_is_yellow_two_working_days_before_and_red_on_the_day_after():
    due = date(2025, 5, 15)
    known = after(*CARRIED)
    for number, colour in ((12, ""), (13, "yellow"), (15, "yellow"), (16, "red")):
        day = date(2025, 5, number)
        found = flags(known.when(flag("answer", day), today=day).facts)
        assert found == ([("answer", colour, due)] if colour else []), day


def test_what_turned_before_it_was_handed_over_is_of_the_unit_that_had_it_also_if_that_is_noted_late():
    late, day = date(2025, 5, 20), date(2025, 5, 16)
    for known, act, unit in (
        ((*CARRIED, hand_over("P7", late)), flag("answer", day), "B1"),
        ((need(), move("G3", late)), FlagNeed(need=NEED, why="assign", effective=day), "G1"),
    ):
        (told,) = after(*known).when(act, today=late).facts
        assert isinstance(told, (VisitFlagged, NeedFlagged))
        assert (told.unit, told.effective) == (unit, day)


def test_a_colour_is_given_once():
    day = date(2025, 5, 13)
    known = after(*CARRIED, flag("answer", day))
    known.when(flag("answer", day), today=day).nothing()
    assert flags(known.when(flag("answer", date(2025, 5, 16)), today=date(2025, 5, 16)).facts)


def test_what_was_done_before_that_day_turns_no_more_but_on_the_day_itself_it_is_too_late():
    red = date(2025, 5, 16)
    after(*CARRIED, make("P1", date(2025, 5, 15), "answer")).when(flag("answer", red), today=red).nothing()
    assert flags(after(*CARRIED, make("P1", red, "answer")).when(flag("answer", red), today=red).facts)


def test_a_visit_without_a_result_in_three_months_is_red_unless_progress_was_told():
    red = date(2025, 8, 7)
    assert flags(after(*CARRIED).when(flag("result", red), today=red).facts) == [("result", "red", date(2025, 8, 6))]
    told = after(*CARRIED, make("P1", date(2025, 8, 5), "progress"))
    told.when(flag("result", red), today=red).nothing()


def test_a_visit_that_was_left_behind_is_red_when_nobody_took_it_over_in_time():
    red = date(2025, 6, 11)
    known = (*CARRIED, withdraw("P1"))
    assert flags(after(*known).when(flag("handover", red), today=red).facts) == [("handover", "red", date(2025, 6, 10))]
    after(*known, hand_over("P2", date(2025, 6, 10))).when(flag("handover", red), today=red).nothing()


def test_a_need_that_is_not_assigned_or_resolved_in_time_is_red():
    for why, day in (("assign", date(2025, 5, 12)), ("resolve", date(2025, 5, 28))):
        (told,) = after(need()).when(FlagNeed(need=NEED, why=why, effective=day), today=day).facts
        assert isinstance(told, NeedFlagged)
        assert (told.why, told.colour) == (why, "red")
    act = FlagNeed(need=NEED, why="assign", effective=date(2025, 5, 12))
    after(need(), see_to("P2")).when(act, today=date(2025, 5, 12)).nothing()


# ---- lived with a clock ----

LIVED: dict[date, list[Command]] = {
    FIRST: [
        *(form(), join("P1"), join("P2"), join("P7", "B2"), join("P8", "B2"), outsider()),
        *(need(), need("N2"), need("N3")),
    ],
    date(2025, 5, 7): [
        *(assign(who, id, on=date(2025, 5, 7)) for who, id in (("P1", "V1"), ("P2", "V2"), ("P7", "V3"))),
        see_to("P5", date(2025, 5, 7)),
        see_to("P4", date(2025, 5, 7), "N2"),
    ],
    date(2025, 5, 12): [make("P2", date(2025, 5, 12), "answer", visit="V2"), resolve("P4", date(2025, 5, 12), "N2")],
    date(2025, 5, 14): [rate(1, date(2025, 5, 14), id="N2")],
    date(2025, 5, 20): [RecordDeparture(person=PersonId("P5"), effective=date(2025, 5, 20))],
    date(2025, 5, 21): [move("G3", date(2025, 5, 21), "N3")],
    date(2025, 5, 22): [EndMembership(membership="M-P7", effective=date(2025, 5, 22))],  # type: ignore[arg-type]
    date(2025, 6, 2): [RecordDeparture(person=PersonId("P1"), effective=date(2025, 6, 2))],
    date(2025, 6, 4): [MoveUnit(unit=UnitId("PG3"), parent=UnitId("B1"), effective=date(2025, 6, 4))],
    date(2025, 6, 12): [hand_over("P2", date(2025, 6, 12))],
    date(2025, 7, 1): [make("P2", date(2025, 7, 1), "progress"), close("P2", date(2025, 7, 1), "V2")],
    date(2025, 7, 8): [reopen("P2", date(2025, 7, 8), "V2")],
}


def sealed(fact: Event) -> Event:
    """As the log holds it."""
    if isinstance(fact, PersonRegistered):
        return replace(fact, details=Sealed("e", fact.TOPIC, "", ""))
    return fact


def house(place: Path, first: date = FIRST) -> Institution:
    return Institution(f"sqlite:///{place}/log.sqlite", [sealed(fact) for fact in ORGANISATION], first)


def live(institution: Institution, awake: Iterable[date] | None = None) -> None:
    clock, nights = institution.clock(), None if awake is None else set(awake)
    while institution.day <= LAST:
        if nights is None or institution.day in nights:
            clock.until(institution.day)
        for command in LIVED.get(institution.day, ()):
            institution.do(command, approver="C2", reason="So it is.")
        institution.day += timedelta(days=1)
    clock.until(LAST)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Any:
    institution = house(tmp_path_factory.mktemp("house"))
    live(institution)
    yield institution
    institution.close()


def mine(institution: Institution) -> list[tuple[str, Event]]:
    of = ("visit.", "need.", "service_team.")
    return [(name, fact) for name, fact in by_the_clock(institution) if fact.TOPIC.startswith(of)]


def test_the_clock_flags_visits_and_needs_and_takes_leavers_away(lived: Institution):
    facts = [fact for _, fact in mine(lived)]
    gone = [(f.person, f.cause, f.effective) for f in facts if isinstance(f, TeamMemberWithdrew)]
    assert sorted(gone) == [
        ("P1", "left", date(2025, 6, 3)),
        ("P7", "moved", date(2025, 5, 23)),
        ("P8", "moved", date(2025, 6, 5)),
    ]
    left = [(f.visit, f.due) for f in facts if isinstance(f, VisitLeftBehind)]
    assert sorted(left) == [("V1", date(2025, 6, 10)), ("V3", date(2025, 5, 30))]
    assert [(f.need, f.person) for f in facts if isinstance(f, NeedUnassigned)] == [(NEED, "P5")]
    turned = {(f.visit, f.why, f.colour): f.effective for f in facts if isinstance(f, VisitFlagged)}
    assert turned == {
        ("V1", "answer", "yellow"): date(2025, 5, 13),
        ("V1", "answer", "red"): date(2025, 5, 16),
        ("V1", "handover", "yellow"): date(2025, 6, 6),
        ("V1", "handover", "red"): date(2025, 6, 11),
        ("V3", "answer", "yellow"): date(2025, 5, 13),
        ("V3", "answer", "red"): date(2025, 5, 16),
        ("V3", "handover", "yellow"): date(2025, 5, 28),
        ("V3", "handover", "red"): date(2025, 5, 31),
        ("V3", "result", "yellow"): date(2025, 8, 4),
        ("V3", "result", "red"): date(2025, 8, 7),
    }
    red = {(f.need, f.why) for f in facts if isinstance(f, NeedFlagged) and f.colour == "red"}
    assert red == {(id, why) for id in ("N1", "N2", "N3") for why in ("assign", "resolve")}


def test_what_was_due_before_the_clock_was_started_is_left_alone(tmp_path: Path):
    institution = house(tmp_path, FIRST)
    for day in sorted(LIVED)[:2]:
        institution.day = day
        for command in LIVED[day]:
            institution.do(command)
    institution.day = date(2025, 6, 1)
    institution.live(institution.clock(), date(2025, 8, 20))
    turned = {(f.visit, f.why) for _, f in mine(institution) if isinstance(f, VisitFlagged)}
    assert turned == {(visit, "result") for visit in ("V1", "V2", "V3")}
    institution.close()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 45), max_size=6))
def test_a_clock_that_slept_decides_what_one_decided_that_was_awake(
    tmp_path: Path, lived: Institution, naps: list[int]
):
    # Whoever acts after the clock found something must be told by it in time: by then it is awake.
    told = [date(2025, 6, 12)]
    slept = house(tmp_path / str(next(_places)))
    live(slept, awake=[FIRST, *(FIRST + timedelta(days=n) for n in accumulate(naps)), *told])
    found = mine(slept)
    slept.close()
    assert found == mine(lived)


# ---- an end that is recorded late ----

ENDED_BY_THEN = EndMembership(membership=MembershipId("M-P7"), effective=date(2025, 5, 8))


def in_service(place: Path) -> tuple[Institution, Clock]:
    """P1, P2 and P7 are in the team since the first day, and P7 carries a visit; with the clock that is awake."""
    institution = house(place)
    clock = institution.clock()
    clock.until(FIRST)
    people_do(institution, form(), join("P1"), join("P2"), join("P7", "B2"), outsider(), assign("P7"))
    return institution, clock


def people_do(institution: Institution, *commands: Command) -> None:
    for command in commands:
        institution.do(command, approver="C2", reason="So it is.")


def pass_nights(institution: Institution, clock: Clock, until: date) -> None:
    institution.day += timedelta(days=1)
    institution.live(clock, until)
    institution.day = until


def taken_out(institution: Institution) -> list[tuple[str, str, date]]:
    facts = [fact for fact in institution.facts() if isinstance(fact, TeamMemberWithdrew)]
    return [(fact.person, fact.cause, fact.effective) for fact in facts]


def test_who_ends_two_things_on_one_day_is_taken_out_also_if_the_clock_looks_in_between(tmp_path: Path):
    institution, clock = in_service(tmp_path)
    pass_nights(institution, clock, date(2025, 5, 8))
    post = EndAppointment(appointment=AppointmentId("A7"), effective=date(2025, 5, 7))
    membership = EndMembership(membership=MembershipId("M-P7"), effective=date(2025, 5, 7))
    for command in (post, membership):
        people_do(institution, command)
        clock.until(institution.day)
    pass_nights(institution, clock, date(2025, 6, 2))
    assert taken_out(institution) == [("P7", "moved", date(2025, 5, 8))]
    assert reperformance(institution.log).ok
    institution.close()


def test_who_was_taken_out_late_is_not_taken_out_again_by_a_clock_that_is_started_anew(tmp_path: Path):
    institution, clock = in_service(tmp_path)
    pass_nights(institution, clock, date(2025, 5, 12))
    people_do(institution, ENDED_BY_THEN)
    pass_nights(institution, clock, date(2025, 5, 20))
    found = taken_out(institution)
    assert [(person, cause) for person, cause, _ in found] == [("P7", "moved")]
    institution.clock().until(institution.day)
    assert taken_out(institution) == found
    assert reperformance(institution.log).ok
    institution.close()


@pytest.mark.parametrize("started_anew", [True, False])
def test_who_is_back_is_not_taken_out_whether_the_clock_was_awake_slept_or_is_started_anew(
    tmp_path: Path, started_anew: bool
):
    institution, clock = in_service(tmp_path)
    if started_anew:
        pass_nights(institution, clock, date(2025, 5, 14))
    institution.day = date(2025, 5, 14)
    back = StartMembership(
        membership=MembershipId("M-P7b"),
        person=PersonId("P7"),
        unit=UnitId("PG3"),
        kind="full",
        effective=date(2025, 5, 12),
    )
    people_do(institution, ENDED_BY_THEN, back)
    pass_nights(institution, clock, date(2025, 5, 20))
    if started_anew:
        institution.clock().until(institution.day)
    assert taken_out(institution) == []
    assert reperformance(institution.log).ok
    institution.close()


def test_a_clock_that_slept_takes_nobody_out_before_what_they_did_last(tmp_path: Path):
    institution, clock = in_service(tmp_path)
    institution.day = date(2025, 5, 14)
    people_do(institution, make("P7", institution.day), ENDED_BY_THEN)
    pass_nights(institution, clock, date(2025, 5, 20))
    assert taken_out(institution) == [("P7", "moved", date(2025, 5, 14))]
    assert reperformance(institution.log).ok
    institution.close()


# ---- decided again ----


def wrong(facts: Iterable[Event]) -> list[str]:
    again = Reperformance()
    placed = [(n, fact) for n, fact in enumerate(facts, 1) if fact.TOPIC in again.topics]
    return [told for n, fact in placed if (told := again.follow(fact, n))]


def test_what_was_decided_by_the_rules_passes(lived: Institution):
    assert wrong(lived.facts()) == []


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        (VisitAssigned, {"answer_due": LAST}, "V1: answer_due is recorded as 2025-08-20, and had to be 2025-05-15"),
        (VisitAssigned, {"result_due": LAST}, "result_due is recorded as 2025-08-20, and had to be 2025-08-06"),
        (VisitAssigned, {"charter": "9"}, "charter is recorded as 9"),
        (VisitMade, {"late": True}, "V2: late is recorded as True, and had to be False"),
        (VisitMade, {"due": LAST}, "due is recorded as 2025-08-20"),
        (VisitMade, {"result_due": LAST}, "result_due is recorded as 2025-08-20"),
        (VisitLeftBehind, {"due": LAST}, "due is recorded as 2025-08-20, and had to be 2025-05-30"),
        (VisitClosed, {"late": True}, "late is recorded as True"),
        (VisitClosed, {"due": LAST}, "due is recorded as 2025-08-20"),
        (VisitReopened, {"result_due": LAST}, "result_due is recorded as 2025-08-20, and had to be 2025-10-08"),
        (VisitFlagged, {"colour": "red"}, "colour is recorded as red, and had to be yellow"),
        (VisitFlagged, {"due": LAST}, "due is recorded as 2025-08-20"),
        (VisitFlagged, {"effective": FIRST}, "colour is recorded as yellow, and had to be no new one"),
        (VisitFlagged, {"charter_digest": "0"}, "charter_digest is recorded as 0"),
        (NeedRaised, {"resolve_due": LAST}, "N1: due is recorded as"),
        (NeedUnassigned, {"assign_due": LAST}, "assign_due is recorded as 2025-08-20"),
        (NeedMoved, {"assign_due": LAST}, "assign_due is recorded as 2025-08-20"),
        (NeedMoved, {"previous": UnitId("G3")}, "N3: previous is recorded as G3, and had to be G1"),
        (NeedResolved, {"late": True}, "late is recorded as True"),
        (NeedRated, {"satisfied": True}, "satisfied is recorded as True"),
        (NeedRated, {"reopens": False}, "reopens is recorded as False"),
        (NeedRated, {"rating": 9}, "rating is recorded as 9"),
        (NeedReopened, {"number": 2}, "number is recorded as 2"),
        (NeedFlagged, {"colour": "red"}, "colour is recorded as red"),
    ],
)
def test_a_falsified_decision_is_named(kind: type[Event], changes: dict[str, Any], told: str, lived: Institution):
    facts = lived.facts()
    where = next(n for n, fact in enumerate(facts) if type(fact) is kind)
    found = wrong([*facts[:where], replace(facts[where], **changes), *facts[where + 1 :]])
    assert told in found[0]


def test_a_decision_about_what_nobody_assigned_is_named(lived: Institution):
    facts = [f for f in lived.facts() if not (isinstance(f, VisitAssigned) and f.visit == "V2")]
    assert "V2: visit.made could not be decided" in wrong(facts)[0]
