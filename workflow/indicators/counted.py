"""Counted readings: what the clock counts from events, instead of a clerk reporting it.

A reading is counted in the night after the day on which it is due, as of that day: so all that was recorded by then
counts, and it is never late. What happens afterwards changes it no more; a wrong value is corrected as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.counting import Counting, counted
from workflow.dates import Span, charter_for
from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.definitions import refuse_out_of_scope
from workflow.indicators.events import Definition, NothingCounted, ReadingReported
from workflow.indicators.owing import OwedReadings
from workflow.indicators.readings import FirstReading
from workflow.measures import MEASURES
from workflow.periods import Period
from workflow.slices import Command, Event, Knows, Refused


class CountReading(Command):
    """Count what an indicator counts of a unit for a period, as of the day on which the reading is due; `effective` is
    the day after."""

    indicator: IndicatorId
    unit: UnitId
    period: str
    effective: date

    def knows(self) -> Knows:
        self.first = first = FirstReading(self.indicator, self.unit, self.period)
        yield from first.knows()
        loop = charter_for(self, first.charters)
        definition = self._definition()
        measure = MEASURES[definition.counts](Counting.by(first.charters, self.unit, first.when, definition.kinds))
        yield from measure.knows()
        count = counted(measure.tallies())
        self.value = measure.value(count.number, count.of)
        if self.value is not None:
            yield from first.judge(self.value, self.effective, loop, count=count)

    def execute(self) -> None:
        known, when = self.first.known, self.first.when
        if known.reported is not None or known.nothing:
            return
        if self.value is not None:
            self.first.tell(self)
            return
        charter = self.first.charters.on(when.last_day)
        self.rule_version = charter.version
        names = self.first.reading, self.indicator, self.unit, str(when), when.due(charter)
        digest = self.first.charters.digest_on(when.last_day)
        self.trigger(NothingCounted(*names, charter.version, digest, self.effective))

    def _definition(self) -> Definition:
        """How the indicator is defined. Raises Refused unless the unit owes a reading of it, and this is the day."""
        end = self.first.when.last_day
        definition = self.first.standing.on(end).definition
        self.first.place.must_stand(Span(end, end + ONE_DAY))
        refuse_out_of_scope(self.indicator, definition, self.unit, self.first.place.kind)
        if not definition.counts or definition.frequency != self.first.when.frequency:
            raise Refused("reading.uncounted", f"{self.indicator} is not counted for {self.period}.", "indicator")
        due = self.first.when.due(self.first.charters.on(end))
        if self.effective != due + ONE_DAY or self.context.today < self.effective:
            raise Refused("reading.count_day", f"It is counted in the night after {due}.", "effective")
        return definition


class CountedReadings:
    """The agenda of what is to be counted: in the night after it is due. What was due before the clock was started is
    left alone."""

    def __init__(self) -> None:
        self._since = date.max
        self._owed = OwedReadings()
        self._done: set[ReadingId] = set()

    def listens_to(self) -> Iterable[type[Event]]:
        return (ClockStarted, ReadingReported, NothingCounted, *OwedReadings.LISTENS_TO)

    def note(self, fact: Event) -> None:
        match fact:
            case ClockStarted():
                self._since = fact.effective
            case ReadingReported() | NothingCounted():
                self._done.add(fact.reading)
            case _:
                self._owed.note(fact)

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        yesterday = day - ONE_DAY
        for frequency in ("monthly", "quarterly"):
            period = Period.containing(yesterday, frequency).previous
            if charters.adopted_by(period.last_day) and period.due(charters.on(period.last_day)) == yesterday:
                yield from self._counted(period, day)

    def _counted(self, period: Period, day: date) -> Iterator[Act]:
        if day <= self._since:
            return
        for each in self._owed.of(period):
            if each.definition.counts and each.reading not in self._done:
                command = CountReading(indicator=each.indicator, unit=each.unit, period=str(period), effective=day)
                yield Act(f"count.{each.reading}", command)
