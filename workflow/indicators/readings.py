"""Readings: what a unit reports for a period, the colour it gets, and the warning that a bad colour raises.

Colour and warning are decided with the reading and recorded in one append: nobody can see a red without its warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.library import by_digest
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import IndicatorId, ReadingId, UnitId, WarningId
from workflow.indicators.colour import judge, target_to_date, warns, worse
from workflow.indicators.definitions import plain, refuse_out_of_scope
from workflow.indicators.events import Count, Judgement, ReadingCorrected, ReadingMissed, ReadingReported
from workflow.indicators.views import IndicatorStanding, ReadingStanding, Targets, reading_id
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.slices import Command, Event, Knows, Refused
from workflow.warnings.events import WarningRaised
from workflow.warnings.ladder import Ladder
from workflow.warnings.views import WarningsOfReading, WarningStanding, warning_id

LONGEST_READING_ID = 74
"""So that the ids of its warnings, `W.…` to `W.….999`, are ids too."""


class FirstReading:
    """The first reading of an indicator for a period: what is known of it, its colour, and the warning that follows."""

    def __init__(self, indicator: IndicatorId, unit: UnitId, period: str) -> None:
        self.when = _period(period)
        self.reading = reading_id(indicator, unit, self.when)
        if len(self.reading) > LONGEST_READING_ID:
            raise Refused("reading.id", f"{self.reading} is too long an id for a reading.", "indicator", "unit")
        self._names = self.reading, indicator, unit, str(self.when)
        self.charters, self.standing = CharterInForce(), IndicatorStanding(indicator)
        self.targets, self.place = Targets(indicator, unit), UnitStanding(unit)
        self.known, self._warnings = ReadingStanding(self.reading), RaisedWarnings(self.reading)

    def knows(self) -> Knows:
        yield self.charters, self.standing, self.targets, self.place, self.known
        if self.known.missed:
            yield from self._warnings.knows()

    def judge(
        self, value: Decimal, effective: date, loop: Charter, *, note: str = "", count: Count | None = None
    ) -> Knows:
        """Judge a value that is reported, or was counted, on a day; then the views that tell what follows. `loop` is
        the charter of that day."""
        value = plain(value, "reading.value", "value")
        judgement = judge_reading(value, self.when, self.charters, self.standing, self.targets)
        due = self.when.due(self.charters.on(self.when.last_day))
        self.reported = ReadingReported(
            *self._names, value, judgement, due, count is None and effective > due, effective, note.strip(), count
        )
        yield from self._warnings.raise_if_needed(self.reported, judgement.colour, loop, self.charters)

    def tell(self, command: Command) -> None:
        """Let the reading happen, and what follows from it."""
        command.rule_version = self.reported.judgement.charter
        command.trigger(self.reported)
        for fact in self._warnings.events():
            command.trigger(fact)


class ReportReading(Command):
    """Report the value of an indicator for a period (`2025-04`, `2025-Q2`), on the date `effective`.

    With a profile other than "each" the value is cumulative from 1 January. It is judged by the charter, the definition
    and the target in force on the last day of the period, however late it is reported. What a warning asks for, and by
    when, is that of the charter in force on the day it is raised.
    """

    indicator: IndicatorId
    unit: UnitId
    period: str
    value: Decimal
    effective: date
    note: str = ""

    def knows(self) -> Knows:
        self.first = FirstReading(self.indicator, self.unit, self.period)
        yield from self.first.knows()
        loop = charter_for(self, self.first.charters)
        self._refuse_misplaced(self.first.when.last_day)
        yield from self.first.judge(self.value, self.effective, loop, note=self.note)

    def execute(self) -> None:
        self.first.tell(self)

    def _refuse_misplaced(self, end: date) -> None:
        """Raises Refused unless this is the first reading of a period that is over, and the unit owes it."""
        definition = self.first.standing.on(end).definition
        self.first.place.must_stand(Span(end, end + ONE_DAY))
        refuse_out_of_scope(self.indicator, definition, self.unit, self.first.place.kind)
        if definition.counts:
            sentence = f"{self.indicator} is counted by the clock, and not reported; a wrong value is corrected."
            raise Refused("reading.counted", sentence, "indicator")
        if self.first.when.frequency != definition.frequency:
            sentence = f"{self.indicator} is reported {definition.frequency}; {self.period} is no such period."
            raise Refused("reading.frequency", sentence, "period")
        if self.effective < end:
            sentence = f"{self.period} ends on {end}; it cannot be reported on {self.effective}."
            raise Refused("reading.early", sentence, "effective", "period")
        if self.effective > self.context.today:
            raise Refused("reading.future", f"{self.effective} is still to come.", "effective")
        if self.first.known.reported is not None:
            sentence = (
                f"{self.indicator} of {self.unit} was reported for {self.period} already; a wrong value is corrected."
            )
            raise Refused("reading.exists", sentence, "period")


def judge_reading(
    value: Decimal, when: Period, charters: CharterInForce, standing: IndicatorStanding, targets: Targets
) -> Judgement:
    """The colour of a reported value, by charter, definition and target in force on the last day of its period."""
    end = when.last_day
    since, definition = standing.on(end)
    own = targets.on(end)
    target = target_to_date(definition, definition.target if own is None else own, when)
    return judge(value, target, definition, since, charters.on(end), charters.digest_on(end))


def judge_correction(value: Decimal, current: Judgement) -> Judgement:
    """The colour of a corrected value, by what the reading was judged by when it was reported."""
    return judge(
        value,
        current.target,
        current.definition,
        current.definition_from,
        by_digest(current.charter_digest),
        current.charter_digest,
    )


class CorrectReading(Command):
    """Put another value in the place of a reading's, by two persons, with a reason.

    The corrected value is judged just as the reported one was: by the same definition, target and charter. The colour
    as reported stays. A colour that became worse raises a warning, unless an open one asks for as much already; a
    colour that became better closes none, for that takes somebody from outside.
    """

    reading: ReadingId
    value: Decimal
    effective: date

    def knows(self) -> Knows:
        self.charters, self.known = CharterInForce(), ReadingStanding(self.reading)
        self.warnings = RaisedWarnings(self.reading)
        yield self.charters, self.known
        yield from self.warnings.knows()
        loop = charter_for(self, self.charters)
        self.corrected, raises = self._judged()
        if raises:
            colour = self.corrected.judgement.colour
            yield from self.warnings.raise_if_needed(self.corrected, colour, loop, self.charters)

    def execute(self) -> None:
        self.rule_version = self.corrected.judgement.charter
        self.trigger(self.corrected)
        for fact in self.warnings.events():
            self.trigger(fact)

    def _judged(self) -> tuple[ReadingCorrected, bool]:
        """The correction, and whether its colour raises a warning."""
        reported, current = self.known.reported, self.known.judgement
        if reported is None or current is None:
            raise Refused("reading.unknown", f"There is no reading {self.reading}.", "reading")
        self._refuse_unproper(reported, current)
        value = plain(self.value, "reading.value", "value")
        if value == current.value:
            raise Refused("reading.same", f"The value is {value} already.", "value")
        judgement = judge_correction(value, current)
        raises, warning = self._warning(judgement.colour, current.colour)
        corrected = ReadingCorrected(
            self.reading,
            reported.indicator,
            reported.unit,
            reported.period,
            value,
            current.value,
            judgement,
            self.effective,
            warning,
        )
        return corrected, raises

    def _refuse_unproper(self, reported: ReadingReported, current: Judgement) -> None:
        """Raises Refused for a correction nobody answers for, or one that is out of order."""
        if not self.context.reason.strip():
            raise Refused("reading.reason", "Why a reading is corrected must be said.", "reason")
        if self.context.approver in ("", self.context.actor):
            raise Refused("reading.second_person", "A reading is corrected by two persons.", "approver")
        if self.effective < self.known.last:
            sentence = f"The reading stands as it is since {self.known.last}; this is before."
            raise Refused("reading.order", sentence, "effective")
        if self.effective > self.context.today:
            raise Refused("reading.future", f"{self.effective} is still to come.", "effective")

    def _warning(self, colour: str, before: str) -> tuple[bool, WarningId | None]:
        """Whether the correction raises a warning, and which: that one, or else the gravest that is open."""
        if worse(colour, before) and self.warnings.must_be_raised(colour):
            return True, self.warnings.next
        gravest = self.warnings.gravest
        return False, gravest.warning if gravest else None


class RaisedWarnings:
    """The warnings that a reading raised so far, and whether a colour raises another, with the rung that it reaches."""

    def __init__(self, reading: ReadingId) -> None:
        self._reading = reading
        self._loops: list[WarningStanding] = []
        self._ladder: Ladder | None = None

    def knows(self) -> Knows:
        """The views to read."""
        raised = WarningsOfReading(self._reading)
        yield (raised,)
        self._loops = [WarningStanding(each.warning) for each in raised.raised]
        if self._loops:
            yield tuple(self._loops)

    def raise_if_needed(
        self,
        fact: ReadingReported | ReadingCorrected | ReadingMissed,
        colour: str,
        charter: Charter,
        charters: CharterInForce,
    ) -> Knows:
        """The views to read, if what was decided just now raises a warning; `charter` is that of the day."""
        if self.must_be_raised(colour):
            self._ladder = Ladder(raised_by(fact, colour, self.next, charter), charters)
            yield from self._ladder.knows()

    def events(self) -> Iterator[Event]:
        """What follows from what was decided: a warning with its rung, or nothing."""
        if self._ladder is not None:
            yield from self._ladder.events()

    @property
    def next(self) -> WarningId:
        """The id of the next one."""
        return warning_id(self._reading, len(self._loops) + 1)

    @property
    def gravest(self) -> WarningRaised | None:
        """Of those that are open, the one that asks for most."""
        still_open = [each.raised for each in self._loops if each.is_open and each.raised is not None]
        return max(still_open, key=lambda raised: raised.colour == "red", default=None)

    def must_be_raised(self, colour: str) -> bool:
        """Whether a warning must be raised: the colour warns, and none that is open asks for as much already."""
        return warns(colour) and worse(colour, self.gravest.colour if self.gravest else "green")


def _period(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as error:
        raise Refused("reading.period", f"{error}.", "period") from None
    if period.frequency not in ("monthly", "quarterly"):
        raise Refused("reading.period", f"Nothing is measured for {text}, but for months and quarters.", "period")
    return period


def raised_by(
    fact: ReadingReported | ReadingCorrected | ReadingMissed, colour: str, warning: WarningId, charter: Charter
) -> WarningRaised:
    """The warning for a yellow or red reading, with the due dates that `charter` counts from the same day."""
    return WarningRaised(
        warning,
        fact.indicator,
        fact.unit,
        fact.reading,
        fact.period,
        colour,
        *due_dates(colour, fact.effective, charter),
        fact.effective,
    )


def due_dates(colour: str, raised: date, charter: Charter) -> tuple[date, date | None]:
    """By when a warning of this colour that was raised on a day is to be responded to, and, if it is red, rectified."""
    calendar, rules = Calendar(charter), charter.warnings
    if colour == "red":
        return calendar.add(raised, rules.red.plan_working_days), calendar.add(raised, rules.red.fixed_working_days)
    return calendar.add(raised, rules.yellow.explanation_working_days), None
