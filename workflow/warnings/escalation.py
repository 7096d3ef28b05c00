"""Escalation: what nobody answers in time goes one level up the chain; what is not rectified in time too, and the
interview that is not held in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.clock.starting import ClockStanding
from workflow.dates import charter_for
from workflow.ids import PersonId, WarningId
from workflow.organisation.levels import LevelHolders
from workflow.organisation.views import UnitStanding
from workflow.slices import Command, Event, Knows
from workflow.warnings.events import RectificationOverdue, WarningEscalated, WarningRaised
from workflow.warnings.measures import STILL_OPEN
from workflow.warnings.views import INTERVIEW, Escalations, InterviewStanding, WarningStanding

UNACKNOWLEDGED, OVERDUE = "unacknowledged", "overdue"


class Passed(NamedTuple):
    """A day that passed without what should have been done by it."""

    why: str
    due: date


def passed(
    loop: WarningStanding,
    past: Escalations,
    interview: InterviewStanding,
    day: date,
    charter: Charter,
    clock_since: date | None,
) -> list[Passed]:
    """What has to be escalated on `day`: what was not done before `day` began, though its last day in time passed at
    least a working day ago, and for which it did not go up already.

    Not acknowledged: the day to respond by; and for as long as there is a level above, again after as many working days
    as there were to respond. Not rectified: the day to rectify by. An interview that was not held, whatever became of
    the warning: the day it was due, and again likewise. What was due before the clock was started is left alone.
    """
    stage, raised = loop.before(day), loop.raised
    if stage is None or raised is None or clock_since is None:
        return []
    calendar, found = Calendar(charter), []
    if stage.state == "raised" and raised.respond_by >= clock_since:
        days = respond_days(raised, charter)
        found += _again(UNACKNOWLEDGED, raised.respond_by, days, past, day, calendar)
    by = stage.rectify_by
    if by is not None and stage.state in STILL_OPEN and by >= clock_since and by not in past.overdue:
        found += [Passed(OVERDUE, by)] if calendar.add(by, 1) <= day else []
    missing = interview.missing_on(day)
    if missing is not None and missing.due >= clock_since:
        days = max(1, calendar.between(missing.effective, missing.due))
        found += _again(INTERVIEW, missing.due, days, past, day, calendar)
    return found


def _again(why: str, first: date, days: int, past: Escalations, day: date, calendar: Calendar) -> list[Passed]:
    """What passed first on a day, and again every so many working days, until nobody is above."""
    up = [each for each in past.escalated if each.why == why]
    due = calendar.add(first, len(up) * days)
    at_the_top = bool(up) and up[-1].level == ""
    return [] if at_the_top or calendar.add(due, 1) > day else [Passed(why, due)]


def respond_days(raised: WarningRaised, charter: Charter) -> int:
    """How many working days there are to respond to a warning of this colour."""
    rules = charter.warnings
    return rules.red.plan_working_days if raised.colour == "red" else rules.yellow.explanation_working_days


def levels_above(charter: Charter, unit_kind: str) -> list[str]:
    """The levels above the head of such a unit that its own line passes, from the bottom to the top."""
    kind = next((each for each in charter.unit_kinds if each.id == unit_kind), None)
    levels = [level for level in charter.levels(kind.line) if charter.passes(unit_kind, level)] if kind else []
    own = [n for n, level in enumerate(levels, 1) if level.by == "head_of" and level.unit_kind == unit_kind]
    return [level.id for level in levels[own[-1] if own else 0 :]]


def levels_over(charter: Charter, level: str) -> list[str]:
    """The levels above a level on its line, from the bottom to the top."""
    line = next((each.line for each in charter.chain if each.id == level), None)
    levels = [each.id for each in charter.levels(line) if each.by != "holder"] if line is not None else []
    return levels[levels.index(level) + 1 :] if level in levels else []


class EscalateWarning(Command):
    """Take a warning one level up for whatever passed by `effective`.

    One level up is the next level on the unit's own line that somebody holds on that day; those between that nobody
    holds are noted. If nobody holds any, it is the highest. An interview goes up from the level that was to hold it.
    """

    warning: WarningId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.loop = CharterInForce(), WarningStanding(self.warning)
        self.past, self.interview = Escalations(self.warning), InterviewStanding(self.warning)
        self.clock = ClockStanding()
        yield self.charters, self.loop, self.past, self.interview, self.clock
        raised = self.loop.must_be_known()
        charter = charter_for(self, self.charters)
        self.passed = passed(self.loop, self.past, self.interview, self.effective, charter, self.clock.since)
        if self.passed:
            place = UnitStanding(raised.unit)
            yield (place,)
            self.above = levels_above(charter, place.kind)
            due = self.interview.due
            self.over = levels_over(charter, due.by) if due is not None else []
            asked = list(dict.fromkeys((*self.above, *self.over)))
            self.levels = LevelHolders(charter, raised.unit, asked, self.effective)
            yield from self.levels.knows()

    def execute(self) -> None:
        for fact in self._events():
            self.trigger(fact)

    def _events(self) -> Iterator[Event]:
        unit = self.loop.must_be_known().unit
        for why, due in self.passed:
            if why == OVERDUE:
                yield RectificationOverdue(self.warning, unit, due, self.effective)
            level, persons, vacant = self._next(why)
            if level or why != OVERDUE:
                fact = WarningEscalated(self.warning, unit, why, due, level, persons, vacant, self.effective)
                self.past.note(fact)
                yield fact

    def _next(self, why: str) -> tuple[str, tuple[PersonId, ...], tuple[str, ...]]:
        """The level after the one reached, its holders, and those passed over; no level above the highest."""
        of_interview = why == INTERVIEW
        levels = self.over if of_interview else self.above
        up = [each.level for each in self.past.escalated if each.level and (each.why == INTERVIEW) == of_interview]
        above = levels[levels.index(up[-1]) + 1 :] if up and up[-1] in levels else levels
        for number, level in enumerate(above):
            if persons := self.levels.holders[level]:
                return level, tuple(persons), tuple(above[:number])
        return (above[-1], (), tuple(above[:-1])) if above else ("", (), ())
