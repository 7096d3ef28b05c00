"""A shadow: judges again, under a charter that need not be in force, what was recorded, and says what would differ.

It follows the log and decides nothing. Each kind of decision is a table of its own: `colours` is that of readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from workflow.charter.model import Charter
from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.colour import colour_of_missing, judge, target_to_date
from workflow.indicators.definitions import definition_of
from workflow.indicators.events import Definition, ReadingCorrected, ReadingMissed, ReadingReported, TargetSet
from workflow.indicators.views import ReadingStanding, Targets
from workflow.periods import Period
from workflow.slices import Event

UNMEASURED = "unmeasured"
"""The rule of a reading whose indicator the charter does not measure for such periods; its colour is `none`."""


class ColourChange(msgspec.Struct, frozen=True, kw_only=True):
    """A reading that would have another colour, or have it by another limit: as recorded, last corrected, and as in the
    shadow. `value` is None for one that is missing: that is judged on the day on which it was last found missing."""

    reading: str
    indicator: str
    unit: str
    period: str
    value: Decimal | None
    colour: str
    rule: str
    decided_by: str
    shadow_colour: str
    shadow_rule: str
    shadow_decided_by: str


class Shadow:
    """What was recorded, as `charter` would have judged it: by its own definitions of indicators, and by the targets
    that were set for units."""

    def __init__(self, charter: Charter, digest: str) -> None:
        self._charter = charter
        self._digest = digest
        self._definitions = {indicator.id: definition_of(indicator) for indicator in charter.indicators}
        self._targets: dict[tuple[IndicatorId, UnitId], Targets] = {}
        self._readings: dict[ReadingId, ReadingStanding] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return TargetSet, ReadingMissed, ReadingReported, ReadingCorrected

    def follow(self, fact: Event) -> None:
        if isinstance(fact, TargetSet):
            key = fact.indicator, fact.unit
            self._targets.setdefault(key, Targets(*key)).note(fact)
        elif isinstance(fact, ReadingMissed | ReadingReported | ReadingCorrected):
            self._readings.setdefault(fact.reading, ReadingStanding(fact.reading)).note(fact)

    def looked_at(self, since: date | None = None) -> int:
        """How many readings there are of periods that ended on `since` or later."""
        return sum(1 for _ in self._since(since))

    def colours(self, since: date | None = None) -> list[ColourChange]:
        """The readings that would have been judged differently, by id."""
        changes = [self._judged(reading, period) for reading, period in self._since(since)]
        return sorted((each for each in changes if each is not None), key=lambda each: each.reading)

    def _since(self, since: date | None) -> Iterator[tuple[ReadingStanding, Period]]:
        for reading in self._readings.values():
            period = Period.parse((reading.reported or reading.missed[-1]).period)
            if since is None or period.last_day >= since:
                yield reading, period

    def _judged(self, reading: ReadingStanding, period: Period) -> ColourChange | None:
        """How it differs; None if it does not."""
        fact = reading.reported or reading.missed[-1]
        if reading.judgement is not None:
            value: Decimal | None = reading.judgement.value
            recorded = reading.judgement.colour, reading.judgement.rule, reading.judgement.decided_by
        else:
            value, recorded = None, (reading.missed[-1].colour, "missing", "")
        definition = self._definitions.get(fact.indicator)
        if definition is None or definition.frequency != period.frequency:
            shadow = "none", UNMEASURED, ""
        elif value is None:
            due = period.due(self._charter)
            colour = colour_of_missing(definition, due, reading.missed[-1].effective, self._charter)
            shadow = colour, "missing", ""
        else:
            shadow = self._judge(value, definition, period, fact.indicator, fact.unit)
        if shadow == recorded:
            return None
        return ColourChange(
            reading=reading.reading,
            indicator=fact.indicator,
            unit=fact.unit,
            period=fact.period,
            value=value,
            colour=recorded[0],
            rule=recorded[1],
            decided_by=recorded[2],
            shadow_colour=shadow[0],
            shadow_rule=shadow[1],
            shadow_decided_by=shadow[2],
        )

    def _judge(
        self, value: Decimal, definition: Definition, period: Period, indicator: IndicatorId, unit: UnitId
    ) -> tuple[str, str, str]:
        end = period.last_day
        targets = self._targets.get((indicator, unit))
        own = targets.on(end) if targets else None
        target = target_to_date(definition, definition.target if own is None else own, period)
        judged = judge(value, target, definition, end, self._charter, self._digest)
        return judged.colour, judged.rule, judged.decided_by
