"""The ladder: how many periods in a row an indicator of a unit is yellow or red, and what that calls for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.measurement import Rung
from workflow.charter.views import CharterInForce
from workflow.clock.starting import ClockStanding
from workflow.dates import Span
from workflow.ids import PersonId
from workflow.indicators.colour import colour_of_missing, worse
from workflow.indicators.definitions import refuse_out_of_scope
from workflow.indicators.views import IndicatorStanding, ReadingStanding, reading_id
from workflow.organisation.levels import LevelHolders
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.slices import Event, Knows, Refused
from workflow.warnings.events import InterviewDue, NoticeIssued, Told, WarningRaised


class Ladder:
    """The rung that a warning reaches when it is raised, by the charter in force on that day: of those of its colour
    the highest that asks for no more periods in a row than there are.

    The period of the warning counts, and before it, one after the other, each that has at least this colour on the day
    on which the warning is raised: as corrected, if it was corrected by then, and as missing, if it was not reported by
    then. What was due before the clock was started is not missing. Periods are counted as far as the ladder goes.
    """

    def __init__(self, raised: WarningRaised, charters: CharterInForce) -> None:
        self.raised = raised
        self._charters = charters
        self._rungs = [rung for rung in charters.on(raised.effective).warnings.ladder if rung.colour == raised.colour]
        self._past: list[tuple[Period, ReadingStanding]] = []
        self._standing, self._place = IndicatorStanding(raised.indicator), UnitStanding(raised.unit)
        self._clock = ClockStanding()
        self._rung: Rung | None = None
        self._levels = LevelHolders(charters.on(raised.effective), raised.unit, [], raised.effective)

    def knows(self) -> Knows:
        """The views to read, in stages."""
        period = Period.parse(self.raised.period)
        for _ in range(1, max((rung.after for rung in self._rungs), default=1)):
            period = period.previous
            reading = reading_id(self.raised.indicator, self.raised.unit, period)
            self._past.append((period, ReadingStanding(reading)))
        if self._past:
            yield (self._standing, self._place, self._clock, *(reading for _, reading in self._past))
        reached = [rung for rung in self._rungs if rung.after <= self.periods]
        self._rung = max(reached, key=lambda rung: rung.after, default=None)
        if self._rung is not None:
            charter = self._charters.on(self.raised.effective)
            levels = dict.fromkeys((*self._rung.tell, *([self._rung.by] if self._rung.by else [])))
            # The holder of a post is told of what concerns that post; what is measured concerns a unit.
            asked = [level for level in levels if charter.level(level).by != "holder"]
            self._levels = LevelHolders(charter, self.raised.unit, asked, self.raised.effective)
            yield from self._levels.knows()

    @property
    def periods(self) -> int:
        """How many in a row have at least the colour of the warning, its own included."""
        count = 1
        for period, reading in self._past:
            if worse(self.raised.colour, self._colour(period, reading)):
                break
            count += 1
        return count

    def events(self) -> Iterator[Event]:
        """The warning, and what its rung calls for; that is nothing where the charter has no rung for it."""
        raised, rung = self.raised, self._rung
        yield raised
        if rung is None:
            return
        told = told_of(self._levels)
        reached = rung.id, raised.colour, self.periods, told, persons_of(told)
        if rung.action == "accountability_interview":
            due = raised.respond_by
            if rung.working_days is not None:
                due = Calendar(self._charters.on(raised.effective)).add(raised.effective, rung.working_days)
            yield InterviewDue(raised.warning, raised.unit, rung.by, *reached, due, raised.effective)
        else:
            due_dates = raised.respond_by, raised.rectify_by
            yield NoticeIssued(raised.warning, raised.unit, rung.action, *reached, *due_dates, raised.effective)

    def _colour(self, period: Period, reading: ReadingStanding) -> str:
        """The colour of a period on the day on which the warning is raised; `none` if the unit owed nothing for it."""
        day, end = self.raised.effective, period.last_day
        judgement = reading.judgement_on(day)
        if judgement is not None:
            return judgement.colour
        try:
            definition = self._standing.on(end).definition
            self._place.must_stand(Span(end, end + ONE_DAY))
            refuse_out_of_scope(self.raised.indicator, definition, self.raised.unit, self._place.kind)
            charter = self._charters.on(end)
        except Refused:
            return "none"
        if definition.counts:
            return "none"  # there was nothing to count, or the clock did not
        due = period.due(charter)
        if definition.frequency != period.frequency or self._clock.since is None or due < self._clock.since:
            return "none"
        return colour_of_missing(definition, due, day, charter)


def told_of(levels: LevelHolders) -> tuple[Told, ...]:
    """The levels that were asked for, with their holders, but those beside the way up from the unit."""
    told = ((level, holders) for level, holders in levels.holders.items() if level not in levels.beside)
    return tuple(Told(level, tuple(holders)) for level, holders in told)


def persons_of(told: Sequence[Told]) -> tuple[PersonId, ...]:
    """Everybody who is told, each once."""
    return tuple(dict.fromkeys(PersonId(person) for each in told for person in each.persons))
