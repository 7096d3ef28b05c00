"""Counted readings: the clock counts from events, by effective dates, what nobody reports; and it is counted again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.given import given
from tests.workflow.clock.house import Institution, by_the_clock
from tests.workflow.duties.known import ORGANISATION, RULE, fulfilled, opened
from tests.workflow.duties.test_fulfilling import extended
from tests.workflow.indicators.known import CHARTER, adopted, department, reported
from workflow import counting
from workflow.charter.coherence import COUNTED
from workflow.counting import counted, percent, ratio, tally, total
from workflow.duties.agenda import Duties
from workflow.duties.commands import ExcuseDuty, FulfilDuty
from workflow.duties.events import DutyExcused
from workflow.ids import DutyId, IndicatorId, ReadingId, UnitId
from workflow.indicators.counted import CountedReadings, CountReading
from workflow.indicators.events import Count, NothingCounted, ReadingMissed, ReadingReported, Tally
from workflow.indicators.missing import MissingReadings, NoteMissingReading
from workflow.indicators.readings import CorrectReading, ReportReading
from workflow.indicators.recounting import brief
from workflow.measures import MEASURES
from workflow.organisation.events import PersonRegistered
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event
from workflow.warnings.events import WarningRaised

C1, C2, G3 = IndicatorId("C1"), IndicatorId("C2"), UnitId("G3")
MAY = ReadingId("C1.G3.2025-05")
DUE, NIGHT = date(2025, 6, 5), date(2025, 6, 6)
GROUP, COMMITTEE, THEME = "group_meeting.PG3.2025-05", "committee_meeting.B2.2025-05", "theme_day.B2.2025-05"
KNOWN = (*ORGANISATION, adopted("C1"), opened(GROUP), opened(COMMITTEE), opened(THEME))
HELD = date(2025, 5, 20)
_places = count()


def count_may(indicator: str = "C1", period: str = "2025-05", on: date = NIGHT, unit: str = "G3") -> Command:
    return CountReading(indicator=IndicatorId(indicator), unit=UnitId(unit), period=period, effective=on)


def reading(*facts: Event, today: date = NIGHT) -> ReadingReported:
    """What is counted for C1 of G3 in May."""
    answer = given(*KNOWN, *facts).when(count_may(), today=today, actor="clock")
    assert answer.refusal is None, answer.refusal
    (found,) = (fact for fact in answer.facts if isinstance(fact, ReadingReported))
    return found


def done(*duties: str) -> list[Event]:
    return [fulfilled(duty, HELD, HELD) for duty in duties]


def test_the_duties_of_the_group_and_the_branch_count_for_their_department():
    found = reading(*done(GROUP, COMMITTEE, THEME))
    assert (found.value, found.judgement.colour, found.late, found.effective) == (Decimal(100), "green", False, NIGHT)
    assert brief(found.count) == "3 of 3, by 6 events"


def test_a_reading_cites_the_events_that_it_counts_by_their_positions():
    facts = [*given(*KNOWN, *done(GROUP, THEME)).facts]
    found = reading(*done(GROUP, THEME))
    at = {fact.duty: facts.index(fact) + 1 for fact in facts if fact.TOPIC == "duty.opened"}  # type: ignore[attr-defined]
    met = {fact.duty: facts.index(fact) + 1 for fact in facts if fact.TOPIC == "duty.fulfilled"}  # type: ignore[attr-defined]
    owed = [Tally(at[duty], Decimal(0), Decimal(1)) for duty in (GROUP, COMMITTEE, THEME)]
    shown = [Tally(met[duty], Decimal(1), Decimal(0)) for duty in (GROUP, THEME)]
    assert found.count == Count(Decimal(2), Decimal(3), 5, (*owed, *shown))
    assert found.value == Decimal("66.6667")


def test_a_bad_colour_raises_its_warning_in_the_same_append():
    answer = given(*KNOWN, *done(GROUP)).when(count_may(), today=NIGHT, actor="clock")
    found = [fact for fact in answer.facts if isinstance(fact, WarningRaised)]
    assert [(fact.reading, fact.colour, fact.effective) for fact in found] == [(MAY, "red", NIGHT)]


def test_what_was_done_late_or_never_is_owed_and_not_met():
    late = fulfilled(THEME, date(2025, 6, 6), date(2025, 6, 6), late=True)
    found = reading(*done(GROUP), late, today=date(2025, 6, 12))
    assert brief(found.count) == "1 of 3, by 4 events"


def test_what_was_excused_by_the_cut_off_is_not_owed_and_what_was_excused_afterwards_is():
    in_time, afterwards = (
        DutyExcused(DutyId(THEME), UnitId("B2"), "decided", on) for on in (DUE, DUE + timedelta(days=1))
    )
    assert reading(*done(GROUP, COMMITTEE), in_time).value == Decimal(100)
    assert reading(*done(GROUP, COMMITTEE), afterwards, today=date(2025, 6, 12)).value == Decimal("66.6667")


def test_a_duty_that_is_extended_counts_when_it_is_due_then():
    longer = extended(date(2025, 6, 12))
    assert reading(*done(GROUP, COMMITTEE), longer).value == Decimal(100)
    june = given(*KNOWN, *done(GROUP, COMMITTEE), longer, fulfilled(THEME, date(2025, 6, 9), date(2025, 6, 9)))
    later = june.when(count_may(period="2025-06", on=date(2025, 7, 8)), today=date(2025, 7, 8), actor="clock")
    (found,) = (fact for fact in later.facts if isinstance(fact, ReadingReported))
    assert (found.value, brief(found.count)) == (Decimal(100), "1 of 1, by 2 events")


def test_a_quarterly_duty_counts_in_the_month_whose_reading_is_due_next():
    general = "general_meeting.B2.2025-Q1"  # due on 10 April
    known = given(*ORGANISATION, adopted("C1"), opened(general), fulfilled(general, date(2025, 3, 20), HELD))
    for period, on, nothing in (("2025-03", date(2025, 4, 8), True), ("2025-04", date(2025, 5, 7), False)):
        answer = known.when(count_may(period=period, on=on), today=on, actor="clock")
        assert answer.refusal is None
        assert isinstance(answer.facts[0], NothingCounted) is nothing


def test_the_duties_of_other_units_and_kinds_do_not_count():
    others = opened("monthly_comment.G3.2025-05"), opened("monthly_comment.G4.2025-05")
    assert reading(*done(GROUP, COMMITTEE, THEME), *others).value == Decimal(100)


def test_nothing_of_nothing_is_no_reading_and_is_not_missing():
    nothing = NothingCounted(MAY, C1, G3, "2025-05", DUE, *RULE, NIGHT)
    given(*ORGANISATION, adopted("C1")).when(count_may(), today=NIGHT, actor="clock").then(nothing)
    given(*ORGANISATION, adopted("C1"), nothing).when(count_may(), today=NIGHT, actor="clock").nothing()
    missing = NoteMissingReading(indicator=C1, unit=G3, period="2025-05", effective=date(2025, 6, 10))
    given(*ORGANISATION, adopted("C1"), nothing).when(missing, today=date(2025, 6, 10), actor="clock").nothing()


def test_a_person_reports_nothing_that_is_counted():
    report = ReportReading(indicator=C1, unit=G3, period="2025-05", value=Decimal(100), effective=date(2025, 6, 4))
    given(*KNOWN).when(report, today=date(2025, 6, 4)).refused("reading.counted")


def test_a_counted_reading_is_corrected_by_two_persons_and_stays_corrected():
    found = reading(*done(GROUP, COMMITTEE))
    known = given(*KNOWN, *done(GROUP, COMMITTEE), found)
    correct = CorrectReading(reading=MAY, value=Decimal(100), effective=date(2025, 6, 9))
    known.when(correct, today=date(2025, 6, 9), reason="The minutes were there.").refused("reading.second_person")
    answer = known.when(correct, today=date(2025, 6, 9), reason="The minutes were there.", approver="B")
    assert answer.refusal is None
    given(*known.facts, *answer.facts, charter=None).when(count_may(), today=NIGHT, actor="clock").nothing()


def test_it_is_counted_in_the_night_after_the_day_on_which_it_is_due():
    given(*KNOWN).when(count_may(), today=DUE, actor="clock").refused("reading.count_day")
    given(*KNOWN).when(count_may(on=DUE), today=NIGHT, actor="clock").refused("reading.count_day")
    given(*KNOWN, adopted("I07")).when(count_may("I07"), today=NIGHT, actor="clock").refused("reading.uncounted")
    given(*KNOWN).when(count_may(unit="PG3"), today=NIGHT, actor="clock").refused("indicator.scope")


def test_what_is_counted_is_recorded_before_the_reading():
    with pytest.raises(Exception, match=r"reading\.unrecorded"):
        tally(None, 1, 1)


def test_more_than_an_entry_can_cite_is_cited_by_its_digest(monkeypatch: pytest.MonkeyPatch):
    tallies = [tally(n, 1, 0) for n in range(1, 6)]
    monkeypatch.setattr(counting, "MOST_CITED", 4)
    found, other = counted(tallies), counted([*tallies[:4], tally(9, 1, 0)])
    assert (brief(found), found.tallies, len(found.digest)) == ("5 of 0, by 5 events", (), 64)
    assert found.digest != other.digest


def test_values_are_shares_means_and_totals():
    assert (percent(Decimal(1), Decimal(3)), percent(Decimal(0), Decimal(0))) == (Decimal("33.3333"), None)
    assert (ratio(Decimal(9), Decimal(2)), total(Decimal(0), Decimal(0))) == (Decimal("4.5"), Decimal(0))


def test_whatever_a_charter_may_count_is_measured_somewhere():
    assert set(COUNTED) == set(MEASURES)


# ---- the clock ----

FIRST, LAST = date(2025, 4, 20), date(2025, 8, 20)


def fulfil(duty: str, on: date) -> FulfilDuty:
    return FulfilDuty(duty=DutyId(duty), held_on=on, evidence=("minutes",), effective=on)


LIVED: dict[date, Sequence[Command]] = {
    HELD: [fulfil(GROUP, HELD)],
    DUE: [fulfil(THEME, DUE)],
    date(2025, 6, 10): [fulfil("theme_day.B2.2025-06", date(2025, 6, 10))],
    date(2025, 6, 12): [fulfil("group_meeting.PG3.2025-06", date(2025, 6, 12))],
    date(2025, 7, 10): [fulfil("theme_day.B2.2025-07", date(2025, 7, 10))],
}
EXCUSES = {
    date(2025, 6, 20): [ExcuseDuty(duty=DutyId("committee_meeting.B2.2025-06"), effective=date(2025, 6, 20))],
}


def lived(place: Path, awake: Iterable[date]) -> Institution:
    history = [fact for fact in ORGANISATION if not isinstance(fact, PersonRegistered)]  # their details are not sealed
    house = Institution(f"sqlite:///{place}/{next(_places)}/log.sqlite", [*history, adopted("C1")], FIRST)
    nights, clock = set(awake), house.clock(lambda: [CountedReadings(), MissingReadings(), Duties()])
    while house.day <= LAST:
        if house.day in nights:
            clock.until(house.day)
        for command in LIVED.get(house.day, ()):
            house.do(command)
        for command in EXCUSES.get(house.day, ()):
            house.do(command, reason="Closed.", approver="B")
        house.day += timedelta(days=1)
    house.day = LAST
    clock.until(LAST)
    return house


EVERY_NIGHT = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def readings(house: Institution) -> list[tuple[str, Decimal, date]]:
    return [(f.reading, f.value, f.effective) for f in house.facts() if isinstance(f, ReadingReported)]


def test_the_clock_counts_in_the_night_after_the_reading_is_due(tmp_path: Path):
    house = lived(tmp_path, EVERY_NIGHT)
    assert readings(house) == [
        ("C1.G3.2025-04", Decimal(0), date(2025, 5, 7)),
        ("C1.G3.2025-05", Decimal("66.6667"), NIGHT),
        ("C1.G3.2025-06", Decimal(100), date(2025, 7, 8)),
        ("C1.G3.2025-07", Decimal(20), date(2025, 8, 6)),
    ]
    assert not [fact for fact in house.facts() if isinstance(fact, ReadingMissed)]
    again = Reperformance()
    told = [again.follow(fact, n) for n, fact in enumerate(house.facts(), 1) if fact.TOPIC in again.topics]
    assert set(told) == {""}
    house.close()


def test_a_clock_that_is_started_anew_counts_nothing_twice(tmp_path: Path):
    house = lived(tmp_path, EVERY_NIGHT)
    before = len(house.facts())
    house.clock(lambda: [CountedReadings(), MissingReadings(), Duties()]).until(LAST)
    assert len(house.facts()) == before
    house.close()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 45), max_size=6))
def test_a_clock_that_slept_counts_what_one_counted_that_was_awake(tmp_path: Path, naps: list[int]):
    slept = lived(tmp_path, [FIRST, *(FIRST + timedelta(days=n) for n in accumulate(naps))])
    awake = lived(tmp_path, EVERY_NIGHT)

    def told(house: Institution) -> list[tuple[str, Event]]:
        return [(id, _unplaced(fact)) for id, fact in by_the_clock(house) if isinstance(fact, ReadingReported)]

    assert told(slept) == told(awake)
    slept.close()
    awake.close()


def _unplaced(fact: ReadingReported) -> ReadingReported:
    """A clock that slept opened duties at other positions."""
    assert fact.count is not None
    return replace(fact, count=replace(fact.count, tallies=()))


# ---- counted again ----


def wrong(*facts: Event) -> str:
    again = Reperformance()
    found = [again.follow(fact, n) for n, fact in enumerate(facts, 1) if fact.TOPIC in again.topics]
    return "; ".join(filter(None, found))


def test_what_was_counted_is_counted_again():
    found = reading(*done(GROUP, THEME))
    facts = given(*KNOWN, *done(GROUP, THEME)).facts
    assert wrong(*facts, found) == ""
    assert found.count is not None
    more = replace(found.count, number=Decimal(3))
    moved = replace(found.count, tallies=found.count.tallies[:-1])
    assert "had to be 2 of 3" in wrong(*facts, replace(found, count=more))
    assert "other events are cited" in wrong(*facts, replace(found, count=moved))
    assert "the value is recorded as 90" in wrong(*facts, replace(found, value=Decimal(90)))
    assert "effective is recorded as 2025-06-04" in wrong(*facts, replace(found, effective=date(2025, 6, 4)))
    assert "had to be 2 of 3" in wrong(*facts, replace(found, count=None))
    nothing = NothingCounted(MAY, C1, G3, "2025-05", DUE, *RULE, NIGHT)
    assert "the value is recorded as None" in wrong(*facts, nothing)


def test_a_count_of_what_is_not_counted_is_named():
    facts = given(department("G3"), adopted("I07")).facts
    fact = reported("I07", "G3", "2025-05", "24", date(2025, 6, 4), DUE)
    assert wrong(*facts, fact) == ""
    assert "is not to be counted" in wrong(*facts, replace(fact, count=Count(Decimal(1), Decimal(1), 0)))


def test_the_report_of_a_quarter_counts_in_that_quarter():
    owed = opened("dual_report.G3.2025-Q1")
    assert owed.due == date(2025, 4, 10)
    told = fulfilled("dual_report.G3.2025-Q1", date(2025, 4, 9), date(2025, 4, 9))
    assert CHARTER.indicator("C2").frequency == "quarterly"
    answer = given(*ORGANISATION, adopted("C2"), owed, told).when(
        count_may("C2", "2025-Q1", date(2025, 4, 11)), today=date(2025, 4, 11), actor="clock"
    )
    (found,) = (fact for fact in answer.facts if isinstance(fact, ReadingReported))
    assert (found.value, brief(found.count)) == (Decimal(100), "1 of 1, by 2 events")
