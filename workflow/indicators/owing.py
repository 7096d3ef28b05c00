"""Which readings are owed: by which units, of which indicators, for a period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.events import Definition, IndicatorAdopted, IndicatorAmended, IndicatorRetired
from workflow.indicators.views import IndicatorStanding, reading_id
from workflow.organisation.events import UnitDissolved, UnitEstablished
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.slices import Event, Refused


class Owed(NamedTuple):
    """A reading that a unit owes for a period, and how the indicator is defined then."""

    indicator: IndicatorId
    unit: UnitId
    period: Period
    definition: Definition

    @property
    def reading(self) -> ReadingId:
        return reading_id(self.indicator, self.unit, self.period)


class OwedReadings:
    """Follows indicators and units, for the agendas about their readings."""

    LISTENS_TO = (IndicatorAdopted, IndicatorAmended, IndicatorRetired, UnitEstablished, UnitDissolved)

    def __init__(self) -> None:
        self._indicators: dict[IndicatorId, IndicatorStanding] = {}
        self._units: dict[UnitId, UnitStanding] = {}

    def note(self, fact: Event) -> None:
        match fact:
            case IndicatorAdopted() | IndicatorAmended() | IndicatorRetired():
                self._indicators.setdefault(fact.indicator, IndicatorStanding(fact.indicator)).note(fact)
            case UnitEstablished() | UnitDissolved():
                self._units.setdefault(fact.unit, UnitStanding(fact.unit)).note(fact)

    def of(self, period: Period) -> Iterator[Owed]:
        """By indicator and unit: the indicator is in force, and the unit stands, on the last day of the period."""
        end = period.last_day
        standing = [unit for unit in self._units.values() if unit.span is not None and unit.span.holds_on(end)]
        for indicator, known in sorted(self._indicators.items()):
            definition = _definition_on(known, end)
            if definition is not None and definition.frequency == period.frequency:
                for unit in sorted(standing, key=lambda unit: unit.unit):
                    if unit.unit in definition.scope or unit.kind in definition.scope:
                        yield Owed(indicator, unit.unit, period, definition)


def _definition_on(standing: IndicatorStanding, day: date) -> Definition | None:
    try:
        return standing.on(day).definition
    except Refused:
        return None
