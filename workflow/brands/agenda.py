"""The clock's part: checks turn yellow and red, and a brand that nobody renewed is retired when its term is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.brands.events import (
    BrandApplied,
    BrandChecked,
    BrandCheckTurned,
    BrandListed,
    BrandMended,
    BrandRenewed,
    BrandRetired,
)
from workflow.brands.views import BrandStanding, Cycle
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.dates import charter_for
from workflow.ids import BrandId
from workflow.slices import Command, Event, Knows


class _Noted(Command):
    """What time brings about for a brand on a day."""

    brand: BrandId
    year: int
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), BrandStanding(self.brand)
        yield self.charters, self.standing

    def by(self, cycle: Cycle | None) -> Cycle | None:
        """It is brought about by the charter of a cycle, if there is one."""
        charter_for(self, self.charters)
        if cycle is not None:
            self.rule_version = cycle.applied.charter
        return cycle


class TurnBrandCheck(_Noted):
    """Turn a check or a mending yellow or red, if it has to by `effective` and was not done before that day."""

    what: str
    colour: str

    def execute(self) -> None:
        cycle = self.by(self.standing.listed_before(self.year, self.effective))
        for day, what, colour, due in cycle.turns() if cycle is not None else ():
            asked = (what, colour) == (self.what, self.colour) and day <= self.effective
            if cycle is not None and asked and (what, colour, due) not in cycle.turned:
                unit = cycle.applied.unit
                self.trigger(BrandCheckTurned(self.brand, unit, self.year, what, colour, due, self.effective))
                return


class LapseBrand(_Noted):
    """Retire a brand whose term is over, if it was neither renewed nor retired before."""

    def execute(self) -> None:
        cycle = self.by(self.standing.lapsed(self.year, self.effective))
        if cycle is not None:
            unit = cycle.applied.unit
            self.trigger(BrandRetired(self.brand, unit, self.year, "not_renewed", self.effective))


class Brands:
    """The agenda of brands. What was due before the clock was started is left alone."""

    def __init__(self) -> None:
        self._since = date.max
        self._known: dict[BrandId, BrandStanding] = {}
        self._next: dict[BrandId, date] = {}  # for those listed, the day on which there may be something to do

    def listens_to(self) -> Iterable[type[Event]]:
        yield from (ClockStarted, BrandApplied, BrandListed, BrandRenewed, BrandChecked, BrandMended)
        yield from (BrandCheckTurned, BrandRetired)

    def note(self, fact: Event) -> None:
        match fact:
            case ClockStarted():
                self._since = fact.effective
            case BrandApplied():
                self._known.setdefault(fact.brand, BrandStanding(fact.brand)).note(fact)
            case (
                BrandListed() | BrandChecked() | BrandMended() | BrandCheckTurned() | BrandRetired()
            ):  # renewed ones are listed
                self._known[fact.brand].note(fact)
                self._next[fact.brand] = date.min

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        for brand in sorted(each for each, when in self._next.items() if when <= day):
            later, known = [], self._known[brand]
            for cycle in sorted(known.ever(), key=lambda each: each.applied.year):
                year = cycle.applied.year
                for turn in cycle.turns():
                    if turn[1:] in cycle.turned or turn.due < self._since:
                        continue
                    if turn.day <= day and cycle is known.listed_before(year, day):
                        asked = {"what": turn.what, "colour": turn.colour}
                        command = TurnBrandCheck(brand=brand, year=year, effective=day, **asked)
                        yield Act(f"brand.{brand}.{year}.{turn.what}.{turn.due}.{turn.colour}.{day}", command)
                    later.append(turn.day)
                lapses = cycle.lapses_on
                if self._since <= lapses <= day:
                    lapse = LapseBrand(brand=brand, year=year, effective=day)
                    yield Act(f"brand.{brand}.{year}.lapse.{lapses}.{day}", lapse)
                if self._since <= lapses < date.max:
                    later.append(lapses)
            self._next[brand] = min(later, default=date.max)
