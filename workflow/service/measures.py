"""Counting the hours that members served, for the readings of indicators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from workflow.counting import ONE, ZERO, Counting, Measure, ratio, tally
from workflow.dates import Span
from workflow.ids import MembershipId, PersonId, UnitId
from workflow.indicators.events import Tally
from workflow.organisation.belonging import GridsOf
from workflow.organisation.events import MembershipEnded, MembershipStarted
from workflow.service.events import ActivityHeld, AttendanceCorrected, CheckInCorrected, CheckInRecorded
from workflow.slices import Knows, View, event


class _Member(NamedTuple):
    person: PersonId
    span: Span
    position: int | None


class MembersIn(View):
    """The memberships in a unit, and the events by which they started."""

    unit: UnitId
    known: dict[MembershipId, _Member] = field(init=False, default_factory=dict)

    @event(MembershipStarted)
    def started(self, fact: MembershipStarted, position: int | None) -> None:
        self.known[fact.membership] = _Member(fact.person, Span(fact.effective), position)

    @event(MembershipEnded)
    def was_ended(self, membership: MembershipId, effective: date) -> None:
        self.known[membership] = self.known[membership]._replace(span=self.known[membership].span.ended(effective))


class _Served(NamedTuple):
    """What an event says of the hours of `day`; it was told on `told`."""

    kind: str
    day: date
    told: date
    hours: Decimal
    position: int | None


class HoursServed(View):
    """What each event adds to the hours of a person: a correction the difference."""

    person: PersonId
    served: list[_Served] = field(init=False, default_factory=list)
    of: dict[str, tuple[str, date]] = field(init=False, default_factory=dict)

    @event(CheckInRecorded)
    def checked_in(self, fact: CheckInRecorded, position: int | None) -> None:
        self._first(f"check-in:{fact.check_in}", fact.kind, fact.effective, fact.hours, position)

    @event(CheckInCorrected)
    def check_in_corrected(self, fact: CheckInCorrected, position: int | None) -> None:
        self._then(f"check-in:{fact.check_in}", fact, position)

    @event(ActivityHeld)
    def attended(self, fact: ActivityHeld, position: int | None) -> None:
        hours = fact.hours[fact.attendees.index(self.person)]
        self._first(f"activity:{fact.activity}", fact.kind, fact.effective, hours, position)

    @event(AttendanceCorrected)
    def attendance_corrected(self, fact: AttendanceCorrected, position: int | None) -> None:
        self._then(f"activity:{fact.activity}", fact, position)

    def _first(self, what: str, kind: str, day: date, hours: Decimal, position: int | None) -> None:
        self.of[what] = kind, day
        self.served.append(_Served(kind, day, day, hours, position))

    def _then(self, what: str, fact: CheckInCorrected | AttendanceCorrected, position: int | None) -> None:
        kind, day = self.of[what]
        self.served.append(_Served(kind, day, fact.effective, fact.hours - fact.was, position))


class ServiceHours(Measure):
    """The hours, of check-ins and activities of some kinds in the period, of each member: of whoever is a member of the
    unit, or of one that a grid binds to it, on the last day of the period."""

    VIEWS = (GridsOf, MembersIn, HoursServed)
    value = staticmethod(ratio)

    def __init__(self, asked: Counting) -> None:
        super().__init__(asked)
        self._members: dict[PersonId, int | None] = {}
        self._served: list[HoursServed] = []

    def knows(self) -> Knows:
        last, unit = self.asked.period.last_day, self.asked.unit
        grids = GridsOf(unit)
        yield (grids,)
        bound = [grid for grid in grids.bindings.values() if grid.span.holds_on(last)]
        units = {unit} | {grid.group if grid.department == unit else grid.department for grid in bound}
        members = [MembersIn(each) for each in sorted(units)]
        yield tuple(members)
        for each in (member for view in members for member in view.known.values()):
            if each.span.holds_on(last):
                self._members.setdefault(each.person, each.position)
        self._served = [HoursServed(person) for person in self._members]
        if self._served:
            yield tuple(self._served)

    def tallies(self) -> Iterator[Tally]:
        period, kinds = self.asked.period, self.asked.kinds
        for position in self._members.values():
            yield tally(position, ZERO, ONE)
        for view in self._served:
            for each in view.served:
                within = period.first_day <= each.day <= period.last_day and each.told <= self.asked.until
                if within and (each.kind in kinds or not kinds):
                    yield tally(each.position, each.hours, ZERO)
