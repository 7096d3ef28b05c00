"""What is owed and done, what has lapsed when a programme closes, and that it is the same however it is decided."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.given import LONG_AGO, charter_in_force
from tests.projections.office import sealed
from tests.workflow.clock.house import Institution
from tests.workflow.indicators.known import CHARTER, TEXT
from tests.workflow.programmes.known import (
    ADOPTED,
    CLOSES,
    HEAD,
    JUNE,
    LAST,
    MARCH,
    NEW_YEAR,
    ONES,
    ORGANISATION,
    P1,
    P2,
    QUALITY,
    adopt,
    adopted,
    complete,
    completed,
    enrol,
    enrolled,
    known,
    progress,
    send_back,
    verified,
    verify,
    withdraw,
    withdrawn,
)
from workflow.dates import Span
from workflow.ids import CompletionId, PersonId, UnitId
from workflow.organisation.events import PersonLeft, UnitDissolved
from workflow.organisation.people import RecordDeparture
from workflow.programmes.agenda import RunningProgrammes
from workflow.programmes.closing import CloseProgramme, WithdrawByTime
from workflow.programmes.events import (
    ItemCompleted,
    ItemVerified,
    ParticipantsEnrolled,
    ParticipantWithdrawn,
    ProgrammeAdopted,
    ProgrammeClosed,
    Result,
)
from workflow.programmes.progress import Done, counted, owed
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event

YEAR = Span(NEW_YEAR, date(2026, 1, 1))
SIX_ONES, FOUR_ONES = CHARTER.programme("six_ones"), CHARTER.programme("four_ones")
close = CloseProgramme(programme=ONES, effective=CLOSES)
_places = itertools.count()


def closed(*results: Result, persons: Sequence[str] = ("P1",), finished: int = 0) -> ProgrammeClosed:
    people = tuple(PersonId(id) for id in persons)
    return ProgrammeClosed(ONES, "four_ones", UnitId("I"), people, (), results, finished, CLOSES)


# ---- what is owed, and what counts ----


def test_what_is_owed_in_each_period_counts_in_its_own_period_only():
    court = SIX_ONES.item("court")
    assert owed(court, YEAR) == 4
    four = [Done("court", 4, MARCH)]
    assert counted(court, YEAR, four) == 1
    spread = [Done("court", 1, day) for day in (MARCH, JUNE, date(2025, 9, 3), LAST)]
    assert counted(court, YEAR, spread) == 4
    assert counted(court, YEAR, [*spread, Done("book", 1, MARCH)]) == 4


def test_who_comes_later_owes_what_is_not_over_by_then():
    assert owed(SIX_ONES.item("court"), Span(date(2025, 6, 30), YEAR.until)) == 3
    assert owed(SIX_ONES.item("court"), Span(date(2025, 7, 1), YEAR.until)) == 2
    assert owed(SIX_ONES.item("book"), Span(LAST, YEAR.until)) == 1


@given(quantities=st.lists(st.integers(1, 5), max_size=8))
def test_of_what_is_owed_once_no_more_counts_than_is_owed(quantities: list[int]):
    fix = CHARTER.programme("quality_project").item("fix")
    done = [Done("fix", each, MARCH) for each in quantities]
    assert counted(fix, YEAR, done) == min(sum(quantities), 2)


# ---- closing ----


def test_a_programme_closes_with_what_everybody_did_and_what_has_lapsed():
    one, two = completed(), completed("lecture")
    facts = known(adopted(), enrolled("P1", "P2"), one, verified(one), two)
    none = Result((0, 0, 0, 0), (1, 1, 1, 1))
    facts.when(close, today=CLOSES).then(closed(Result((0, 1, 0, 0), (1, 1, 1, 1)), none, persons=("P1", "P2")))


def test_only_what_was_verified_counts():
    one = completed()
    returned = known(adopted(), enrolled("P1"), one).when(send_back(one), today=MARCH).facts
    for more in ((), returned):
        known(adopted(), enrolled("P1"), one, *more).when(close, today=CLOSES).then(
            closed(Result((0, 0, 0, 0), (1, 1, 1, 1)))
        )


def test_who_did_all_has_finished():
    done = [completed(item.id) for item in FOUR_ONES.items]
    facts = known(adopted(), enrolled("P1"), *done, *(verified(each) for each in done))
    facts.when(close, today=CLOSES).then(closed(Result((1, 1, 1, 1), (1, 1, 1, 1)), finished=1))


def test_who_was_withdrawn_counts_no_more_and_who_came_back_does():
    one = completed()
    facts = (adopted(), enrolled("P1"), one, verified(one), withdrawn(on=JUNE))
    known(*facts).when(close, today=CLOSES).then(closed(persons=()))
    known(*facts, enrolled("P1", on=JUNE)).when(close, today=CLOSES).then(closed(Result((0, 1, 0, 0), (1, 1, 1, 1))))


def test_it_closes_once_and_not_before_its_time():
    known(adopted()).when(close, today=CLOSES).then(closed(persons=()))
    known(adopted(), closed(persons=())).when(close, today=CLOSES).nothing()
    early = CloseProgramme(programme=ONES, effective=LAST)
    known(adopted()).when(early, today=LAST).nothing()


# ---- who is gone ----


def test_who_left_within_the_period_is_withdrawn_on_the_night_after():
    act = WithdrawByTime(programme=ONES, person=P1, effective=MARCH)
    facts = adopted(), enrolled("P1")
    left = PersonLeft(P1, MARCH - timedelta(days=1))
    known(*facts, left).when(act, today=MARCH).then(withdrawn(cause="left"))
    known(*facts, PersonLeft(P1, MARCH)).when(act, today=MARCH).nothing()
    known(*facts).when(act, today=MARCH).nothing()
    known(*facts, left, withdrawn(cause="left")).when(act, today=MARCH).nothing()
    late = WithdrawByTime(programme=ONES, person=P1, effective=date(2026, 1, 9))
    known(*facts, PersonLeft(P1, date(2026, 1, 5))).when(late, today=date(2026, 1, 9)).nothing()


def test_who_was_enrolled_since_is_not_withdrawn_before_though_that_they_left_was_known_late():
    """A clock that slept would else withdraw them before they took part, or once more where they had been before."""
    facts = adopted(), enrolled("P1"), withdrawn(), enrolled("P1", on=MARCH + timedelta(days=2))
    known_late = known(*facts, PersonLeft(P1, MARCH - timedelta(days=1)))
    for day in (MARCH, MARCH + timedelta(days=1)):
        known_late.when(WithdrawByTime(programme=ONES, person=P1, effective=day), today=day).nothing()
    day = MARCH + timedelta(days=2)
    act = WithdrawByTime(programme=ONES, person=P1, effective=day)
    known_late.when(act, today=day).then(withdrawn(on=day, cause="left"))


NIGHT_AFTER = MARCH + timedelta(days=1)
PEOPLE = adopted(), enrolled("P1"), PersonLeft(P1, MARCH)
UNITS = adopted("quality_project"), enrolled("G3", programme=QUALITY), UnitDissolved(UnitId("G3"), MARCH)


@pytest.mark.parametrize(
    ("facts", "act", "code"),
    [
        (PEOPLE, progress(), "programme.withdrawn"),
        (PEOPLE, complete(done_on=ADOPTED), "programme.withdrawn"),
        (PEOPLE, withdraw(), "programme.not_enrolled"),
        (UNITS, complete("fix", "G3", QUALITY, done_on=ADOPTED), "programme.withdrawn"),
        (UNITS, withdraw("G3", programme=QUALITY), "programme.not_enrolled"),
    ],
)
def test_who_left_takes_part_no_more_from_the_night_after_also_while_the_clock_sleeps(
    facts: tuple[Event, ...], act: Command, code: str
):
    asked: dict[str, Any] = {"approver": "C2", "reason": "So it is."}
    assert known(*facts).when(act, today=MARCH, **asked).refusal is None
    known(*facts).when(act, today=NIGHT_AFTER, **asked).refused(code)


def test_a_clock_that_slept_withdraws_nobody_before_they_were_enrolled(tmp_path: Path):
    """The departure is recorded, back-dated, when they had been enrolled."""
    place = Institution(f"sqlite:///{tmp_path}/log.sqlite", [sealed(fact) for fact in ORGANISATION], ADOPTED)
    by_two: dict[str, Any] = {"approver": "C2", "reason": "So it is."}
    clock, day = place.clock(lambda: [RunningProgrammes()]), ADOPTED + timedelta(days=3)
    clock.until(ADOPTED)
    place.do(adopt(), **by_two)
    place.day = day
    place.do(enrol("P1", on=day), **by_two)
    place.do(RecordDeparture(person=P1, effective=day - timedelta(days=2)), **by_two)
    place.day = day + timedelta(days=2)
    clock.until(place.day)
    facts = place.facts()
    place.close()
    assert [fact.effective for fact in facts if isinstance(fact, ParticipantWithdrawn)] == [day]


def test_a_unit_that_was_dissolved_is_withdrawn():
    act = WithdrawByTime(programme=QUALITY, unit=UnitId("G3"), effective=MARCH)
    facts = adopted("quality_project"), enrolled("G3", programme=QUALITY)
    gone = UnitDissolved(UnitId("G3"), MARCH - timedelta(days=1))
    known(*facts, gone).when(act, today=MARCH).then(withdrawn("G3", cause="dissolved", programme=QUALITY))


# ---- by the clock ----

LIVED: dict[date, list[Command]] = {
    ADOPTED: [adopt(), adopt("quality_project"), enrol("P1", "P2", "P10"), enrol("G3", programme=QUALITY)],
    MARCH: [complete(), complete("lecture", P2), complete("fix", "G3", QUALITY, quantity=2)],
    JUNE: [
        verify(completed(), P2, JUNE),
        verify(completed("fix", "G3", programme=QUALITY), PersonId("P10"), JUNE),
        RecordDeparture(person=PersonId("P10"), effective=JUNE),
    ],
    date(2025, 9, 1): [withdraw(P2, date(2025, 9, 1)), enrol("P2", on=date(2025, 9, 1))],
    date(2026, 1, 15): [verify(completed("lecture", P2), HEAD, date(2026, 1, 15))],
}


def lived(folder: Path, awake: Iterable[date] | None = None) -> Institution:
    last = date(2026, 1, 20)
    place = Institution(
        f"sqlite:///{folder}/{next(_places)}/log.sqlite", [sealed(fact) for fact in ORGANISATION], ADOPTED
    )
    clock, nights = place.clock(lambda: [RunningProgrammes()]), None if awake is None else set(awake)
    clock.until(ADOPTED)
    while place.day <= last:
        if nights is None or place.day in nights:
            clock.until(place.day)
        for command in LIVED.get(place.day, ()):
            place.do(command, reason="x")
        place.day += timedelta(days=1)
    place.day = last
    clock.until(last)
    return place


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterable[list[Event]]:
    place = lived(tmp_path_factory.mktemp("lived"))
    yield [*charter_in_force(TEXT, LONG_AGO), *ORGANISATION, *place.facts()[len(ORGANISATION) + 2 :]]
    place.close()


def test_the_clock_withdraws_who_left_and_closes_what_is_over(history: list[Event]):
    gone = [fact for fact in history if isinstance(fact, ParticipantWithdrawn) and fact.cause != "decided"]
    assert gone == [withdrawn("P10", JUNE + timedelta(days=1), "left")]
    ends = [fact for fact in history if isinstance(fact, ProgrammeClosed)]
    ones = closed(Result((0, 1, 0, 0), (1,) * 4), Result((0, 0, 1, 0), (1,) * 4), persons=("P1", "P2"))
    project = ProgrammeClosed(
        QUALITY, "quality_project", UnitId("I"), (), (UnitId("G3"),), (Result((0, 2), (4, 2)),), 0, CLOSES
    )
    assert ends == [ones, project]


def test_what_should_have_closed_before_the_clock_was_started_is_left_alone(tmp_path: Path):
    facts = [sealed(fact) for fact in (*ORGANISATION, adopted(), enrolled("P1"), PersonLeft(P1, MARCH))]
    place = Institution(f"sqlite:///{tmp_path}/log.sqlite", facts, CLOSES + timedelta(days=1))
    place.live(place.clock(lambda: [RunningProgrammes()]), CLOSES + timedelta(days=3))
    assert not any(isinstance(fact, ProgrammeClosed | ParticipantWithdrawn) for fact in place.facts())
    place.close()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(naps=st.lists(st.integers(0, 90), max_size=6))
def test_a_clock_that_slept_decides_the_same(tmp_path: Path, history: list[Event], naps: Sequence[int]):
    woken = [ADOPTED + timedelta(days=n) for n in itertools.accumulate(naps)]
    place = lived(tmp_path, woken)
    told: set[Any] = {fact for fact in place.facts() if fact.TOPIC.startswith("programme.")}
    place.close()
    assert told == {fact for fact in history if fact.TOPIC.startswith("programme.")}


# ---- decided again ----


def wrong(facts: Sequence[Event]) -> dict[int, str]:
    again = Reperformance()
    found = {place: again.follow(fact) for place, fact in enumerate(facts) if fact.TOPIC in again.topics}
    return {place: told for place, told in found.items() if told}


def test_what_was_decided_by_the_rules_passes(history: list[Event]):
    assert wrong(history) == {}


@pytest.mark.parametrize(
    ("kind", "number", "change", "told"),
    [
        (ProgrammeAdopted, 0, {"last_day": date(2026, 6, 30)}, "last_day is recorded as 2026-06-30"),
        (ProgrammeAdopted, 0, {"closes_on": LAST}, "closes_on is recorded as 2025-12-31, and had to be 2026-01-16"),
        (ProgrammeAdopted, 0, {"charter": "9"}, "charter is recorded as 9"),
        (ParticipantsEnrolled, 0, {"since": MARCH}, "since is recorded as 2025-03-03, and had to be 2025-01-06"),
        (ParticipantsEnrolled, 0, {"until": LAST}, "until is recorded as 2025-12-31"),
        (ParticipantsEnrolled, 2, {"persons": (P1,)}, "who takes part already is recorded as ['P1']"),
        (ParticipantWithdrawn, 0, {"effective": JUNE}, "effective is recorded as 2025-06-03, and had to be 2025-06-04"),
        (ParticipantWithdrawn, 0, {"cause": "dissolved"}, "cause is recorded as dissolved, and had to be left"),
        (
            ItemCompleted,
            0,
            {"done_on": date(2026, 1, 2)},
            "done_on is recorded as 2026-01-02, and had to be 2025-12-31",
        ),
        (ItemVerified, 0, {"verifier": P1}, "somebody else is recorded as True, and had to be False"),
        (ItemVerified, 1, {"verifier": HEAD}, "somebody else is recorded as True, and had to be False"),
        (ItemVerified, 0, {"completion": CompletionId("x")}, "could not be decided"),
        (ItemVerified, 2, {"completion": CompletionId(f"{ONES}.P1.paper.1")}, "the first to look"),
        (ItemVerified, 2, {"effective": CLOSES}, "effective is recorded as 2026-01-16, and had to be 2026-01-15"),
        (ProgrammeClosed, 0, {"finished": 1}, "finished is recorded as 1, and had to be 0"),
        (ProgrammeClosed, 0, {"persons": (P1,)}, "persons is recorded as ('P1',), and had to be ('P1', 'P2')"),
        (ProgrammeClosed, 0, {"results": (Result((1,) * 4, (1,) * 4),) * 2}, "results is recorded as"),
        (ProgrammeClosed, 0, {"effective": LAST}, "effective is recorded as 2025-12-31, and had to be 2026-01-16"),
    ],
)
def test_a_falsified_decision_is_found_and_named(
    history: list[Event], kind: type[Event], number: int, change: dict[str, Any], told: str
):
    where = [n for n, fact in enumerate(history) if isinstance(fact, kind)][number]
    found = wrong([*history[:where], replace(history[where], **change), *history[where + 1 :]])
    assert told in found[where]


def test_what_is_left_out_of_the_log_shows_in_the_result(history: list[Event]):
    where = next(n for n, fact in enumerate(history) if isinstance(fact, ItemVerified))
    found = wrong([*history[:where], *history[where + 1 :]])
    assert any("results is recorded as" in told for told in found.values())
