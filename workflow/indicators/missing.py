"""Missing readings: what nobody reported in time has a colour too, and is never green."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.dates import Span, charter_for
from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.colour import colour_of_missing, is_judged, worse
from workflow.indicators.definitions import refuse_out_of_scope
from workflow.indicators.events import ReadingMissed, ReadingReported
from workflow.indicators.owing import OwedReadings
from workflow.indicators.readings import RaisedWarnings
from workflow.indicators.views import IndicatorStanding, ReadingStanding, reading_id
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.slices import Command, Event, Knows


class NoteMissingReading(Command):
    """Give a reading that is missing on `effective` the colour that it has by then, if it has not got it yet.

    The colour is that of the charter in force on the last day of the period, as is that of a reading that is there.
    One that was reported after that day was missing on it all the same. One that is counted is never missing.
    """

    indicator: IndicatorId
    unit: UnitId
    period: str
    effective: date

    def knows(self) -> Knows:
        self.when = Period.parse(self.period)
        self.reading = reading_id(self.indicator, self.unit, self.when)
        self.charters, self.standing = CharterInForce(), IndicatorStanding(self.indicator)
        self.place, self.known = UnitStanding(self.unit), ReadingStanding(self.reading)
        self.warnings = RaisedWarnings(self.reading)
        yield self.charters, self.standing, self.place, self.known
        yield from self.warnings.knows()
        loop = charter_for(self, self.charters)
        self.missed = self._judged()
        if self.missed is not None:
            yield from self.warnings.raise_if_needed(self.missed, self.missed.colour, loop, self.charters)

    def execute(self) -> None:
        if self.missed is not None:
            self.rule_version = self.missed.charter
            self.trigger(self.missed)
            for fact in self.warnings.events():
                self.trigger(fact)

    def _judged(self) -> ReadingMissed | None:
        """What is missing; None if it was reported by then, or has the colour already."""
        end = self.when.last_day
        definition = self.standing.on(end).definition
        self.place.must_stand(Span(end, end + ONE_DAY))
        refuse_out_of_scope(self.indicator, definition, self.unit, self.place.kind)
        if definition.counts or (self.known.reported is not None and self.known.reported.effective <= self.effective):
            return None
        charter = self.charters.on(end)
        due = self.when.due(charter)
        colour = colour_of_missing(definition, due, self.effective, charter)
        if not worse(colour, self.known.missed[-1].colour if self.known.missed else "green"):
            return None
        return ReadingMissed(
            self.reading,
            self.indicator,
            self.unit,
            self.period,
            colour,
            due,
            charter.version,
            self.charters.digest_on(end),
            self.effective,
        )


class MissingReadings:
    """The agenda of what is missing: on the days on which it turns yellow, and red."""

    def __init__(self) -> None:
        self._since = date.max
        self._owed = OwedReadings()
        self._reported: dict[ReadingId, date] = {}
        self._missed: dict[ReadingId, str] = {}

    def listens_to(self) -> Iterable[type[Event]]:
        return (ClockStarted, ReadingReported, ReadingMissed, *OwedReadings.LISTENS_TO)

    def note(self, fact: Event) -> None:
        match fact:
            case ClockStarted():
                self._since = fact.effective
            case ReadingReported():
                self._reported[fact.reading] = fact.effective
            case ReadingMissed():
                self._missed[fact.reading] = fact.colour
            case _:
                self._owed.note(fact)

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        for frequency in ("monthly", "quarterly"):
            period = Period.containing(day, frequency).previous
            while (turning := _turning(period, charters)) and period.due(charters.on(period.last_day)) >= self._since:
                for colour in (colour for colour, turns in turning.items() if turns == day):
                    yield from self._missing(period, colour, day)
                if max(turning.values()) < day:
                    break
                period = period.previous

    def _missing(self, period: Period, colour: str, day: date) -> Iterator[Act]:
        for each in self._owed.of(period):
            if each.definition.counts or not is_judged(each.definition):
                continue
            was_reported = self._reported.get(each.reading, date.max) <= day
            if not was_reported and worse(colour, self._missed.get(each.reading, "green")):
                command = NoteMissingReading(
                    indicator=each.indicator, unit=each.unit, period=str(period), effective=day
                )
                yield Act(f"missing.{each.reading}.{colour}", command)


def _turning(period: Period, charters: CharterInForce) -> dict[str, date]:
    """The days on which what is missing for the period turns yellow, and red; none before there was a charter."""
    if not charters.adopted_by(period.last_day):
        return {}
    charter = charters.on(period.last_day)
    calendar, due, rule = Calendar(charter), period.due(charter), charter.colour.missing
    return {
        "yellow": calendar.add(due, rule.yellow_from_working_day),
        "red": calendar.add(due, rule.red_from_working_day),
    }
