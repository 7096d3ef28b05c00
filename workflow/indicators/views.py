"""What is known of indicators, targets and readings: views that commands share."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.events import (
    Definition,
    IndicatorAdopted,
    IndicatorAmended,
    IndicatorRetired,
    Judgement,
    NothingCounted,
    ReadingCorrected,
    ReadingMissed,
    ReadingReported,
    TargetSet,
)
from workflow.periods import Period
from workflow.slices import Refused, View, event


def reading_id(indicator: IndicatorId, unit: UnitId, period: Period) -> ReadingId:
    """The id of the one reading that there can be: the same three never give another, nor do others give the same.

    An indicator has no dot in its id and a period none in its text, so the dots tell where each part ends.
    """
    return ReadingId(f"{indicator}.{unit}.{period}")


class Defined(NamedTuple):
    """A definition, and the date since which it holds."""

    since: date
    definition: Definition


class IndicatorStanding(View):
    """How an indicator is defined, from which date on, and when it was retired."""

    indicator: IndicatorId
    definitions: list[Defined] = field(init=False, default_factory=list)
    retired: date | None = field(init=False, default=None)

    @event(IndicatorAdopted)
    def was_adopted(self, definition: Definition, effective: date) -> None:
        self.definitions.append(Defined(effective, definition))

    @event(IndicatorAmended)
    def was_amended(self, definition: Definition, effective: date) -> None:
        self.definitions.append(Defined(effective, definition))

    @event(IndicatorRetired)
    def was_retired(self, effective: date) -> None:
        self.retired = effective

    def on(self, day: date) -> Defined:
        """The definition in force on `day`. Raises Refused if there is none."""
        if not self.definitions:
            raise Refused("indicator.unknown", f"There is no indicator {self.indicator}.", "indicator")
        if self.retired is not None and self.retired <= day:
            sentence = f"The indicator {self.indicator} is in force only until {self.retired}."
            raise Refused("indicator.retired", sentence, "indicator")
        for defined in reversed(self.definitions):
            if defined.since <= day:
                return defined
        since = self.definitions[0].since
        sentence = f"The indicator {self.indicator} is in force only from {since} on."
        raise Refused("indicator.not_yet", sentence, "indicator")


class Targets(View):
    """The targets that were set for a unit, instead of the indicator's own."""

    indicator: IndicatorId
    unit: UnitId
    by_year: dict[int, list[tuple[date, Decimal]]] = field(init=False, default_factory=dict)

    @event(TargetSet)
    def was_set(self, year: int, target: Decimal, effective: date) -> None:
        self.by_year.setdefault(year, []).append((effective, target))

    def on(self, day: date) -> Decimal | None:
        """The target of the year of `day`, as it is in force on `day`; None if none is."""
        set_so_far = reversed(self.by_year.get(day.year, []))
        return next((target for since, target in set_so_far if since <= day), None)


class ReadingStanding(View):
    """What was reported for a period, what it was corrected to since, and the colours that it had while missing; and
    whether there was nothing to count for it."""

    reading: ReadingId
    nothing: bool = field(init=False, default=False)
    missed: list[ReadingMissed] = field(init=False, default_factory=list)
    reported: ReadingReported | None = field(init=False, default=None)
    judgement: Judgement | None = field(init=False, default=None)
    last: date = field(init=False, default=date.min)
    judged: list[tuple[date, Judgement]] = field(init=False, default_factory=list)

    @event(ReadingMissed)
    def was_missed(self, fact: ReadingMissed) -> None:
        self.missed.append(fact)

    @event(NothingCounted)
    def counted_nothing(self) -> None:
        self.nothing = True

    @event(ReadingReported)
    def was_reported(self, fact: ReadingReported) -> None:
        self.reported = fact
        self._judge(fact.judgement, fact.effective)

    @event(ReadingCorrected)
    def was_corrected(self, judgement: Judgement, effective: date) -> None:
        self._judge(judgement, effective)

    def judgement_on(self, day: date) -> Judgement | None:
        """What it was judged to be by then, as corrected by then; None: it was not reported yet."""
        return next((judgement for since, judgement in reversed(self.judged) if since <= day), None)

    def _judge(self, judgement: Judgement, effective: date) -> None:
        self.judgement, self.last = judgement, effective
        self.judged.append((effective, judgement))
