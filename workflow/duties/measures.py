"""Counting the duties that were met in time, for the readings of indicators."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.calendar import Calendar
from workflow.charter.duties import DutyKind
from workflow.counting import ONE, ZERO, Counting, Measure, percent, tally
from workflow.duties.events import DutyFulfilledLate
from workflow.duties.owing import Parts
from workflow.duties.views import DutyStanding
from workflow.ids import DutyId, is_id
from workflow.indicators.events import Tally
from workflow.organisation.counterparts import Counterparts
from workflow.periods import Period
from workflow.slices import Knows


class DutiesMet(Measure):
    """Of the duties of some kinds that fell due since the last cut-off and were not excused, those met in time.

    They are the duties of the unit and its `Counterparts`: also those of the unit that a grid binds to it, and of the
    units above that one. By the due date every duty counts just once, an extended one when it is due then.
    """

    VIEWS = (*Counterparts.VIEWS, DutyStanding)
    value = staticmethod(percent)

    def __init__(self, asked: Counting) -> None:
        super().__init__(asked)
        self._places = Counterparts(asked.unit, asked.period.last_day)
        self._duties: list[DutyStanding] = []

    def knows(self) -> Knows:
        yield from self._places.knows()
        self._duties = [DutyStanding(duty) for duty in dict.fromkeys(self._owed())]
        if self._duties:
            yield tuple(self._duties)

    def tallies(self) -> Iterator[Tally]:
        since, until = self.asked.since, self.asked.until
        for duty in self._duties:
            excused = duty.excused is not None and duty.excused.effective <= until
            if duty.opened is None or excused or not since <= duty.due(duty.opened).day <= until:
                continue
            yield tally(duty.opened_at, ZERO, ONE)
            if duty.fulfilled is not None and not isinstance(duty.fulfilled, DutyFulfilledLate):
                yield tally(duty.fulfilled_at, ONE, ZERO)

    def _owed(self) -> Iterator[DutyId]:
        """The duties that may fall due within the days that count."""
        charter = self.asked.charters.on(self.asked.period.last_day)
        for kind in charter.owed():
            if kind.id in self.asked.kinds or not self.asked.kinds:
                owing = [unit for unit, place in self._places.units.items() if place.kind in kind.unit_kinds]
                for period in self._periods(kind) if owing else ():
                    for unit in owing:
                        if is_id(id := str(Parts(kind.id, unit, period))):
                            yield DutyId(id)

    def _periods(self, kind: DutyKind) -> Iterator[Period]:
        """Those whose duty is due within the days that count, if it was put off or not."""
        charters = self.asked.charters
        period = Period.containing(self.asked.until, kind.cadence)
        while charters.adopted_by(period.first_day):
            charter = charters.on(period.first_day)
            due = latest = period.due(charter)
            if kind.extension is not None:
                latest = Calendar(charter).add(due, kind.extension.at_most * kind.extension.working_days)
            if latest < self.asked.since:
                return
            if due <= self.asked.until:
                yield period
            period = period.previous
