"""What is known of one brand: its yearly cycles, and when the check of each turns yellow and red."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from workflow.brands.events import (
    BrandApplied,
    BrandChecked,
    BrandCheckTurned,
    BrandListed,
    BrandMended,
    BrandMoved,
    BrandRejected,
    BrandRenewed,
    BrandRetired,
    BrandReviewed,
)
from workflow.calendar import ONE_DAY
from workflow.charter.library import by_digest
from workflow.charter.model import Charter
from workflow.ids import BrandId
from workflow.slices import Refused, View, event


class Turn(NamedTuple):
    """On `day`, `what` (check or mending) turns yellow or red, because it is due on `due`."""

    day: date
    what: str
    colour: str
    due: date


@dataclass
class Cycle:
    """A year of a brand, from its last application on. `ended`: the day from which it is not in the tree by this
    cycle, whatever the charter's term says."""

    applied: BrandApplied
    reviews: list[BrandReviewed] = field(default_factory=list)
    rejected: bool = False
    listed: BrandListed | None = None
    checked: BrandChecked | None = None
    mended: BrandMended | None = None
    turned: set[tuple[str, str, date]] = field(default_factory=set)
    ended: date = date.max

    @property
    def charter(self) -> Charter:
        """By which the cycle is decided."""
        return by_digest(self.applied.charter_digest)

    @property
    def pending(self) -> bool:
        return self.listed is None and not self.rejected

    @property
    def until(self) -> date:
        """Before that day it holds."""
        until = self.listed.until if self.listed is not None else None
        return min(self.ended, until or date.max)

    @property
    def lapses_on(self) -> date:
        """The day from which the brand is in the tree no more because the term is over; never, if it ended before."""
        if self.listed is None or self.listed.until is None or self.ended < date.max:
            return date.max
        return self.listed.until

    def in_order(self, day: date) -> bool:
        """Whether on a day no check of it was due before, or it was passed."""
        if self.checked is not None:
            return self.checked.result == "pass" or self.mended is not None
        due = self.listed.check_due if self.listed is not None else None
        return due is None or day <= due

    def turns(self) -> Iterator[Turn]:
        """When it has to turn, as it stands. What people do on a day counts from the next one on: it turns in the
        night."""
        listed, checked = self.listed, self.checked
        if listed is None:
            return
        if listed.check_due is not None and listed.yellow_from is not None:
            done = checked.effective if checked is not None else date.max
            yield from self._turns("check", listed.effective, listed.yellow_from, listed.check_due, done)
        if checked is not None and checked.mend_by is not None and checked.yellow_from is not None:
            done = self.mended.effective if self.mended is not None else date.max
            yield from self._turns("mending", checked.effective, checked.yellow_from, checked.mend_by, done)

    def _turns(self, what: str, since: date, yellow_from: date, due: date, done: date) -> Iterator[Turn]:
        term = self.listed.until if self.listed is not None and self.listed.until is not None else date.max
        for day, colour in ((max(yellow_from, since + ONE_DAY), "yellow"), (due + ONE_DAY, "red")):
            if day <= min(done, self.ended) and day < term and (colour == "red" or day <= due):
                yield Turn(day, what, colour, due)


class BrandStanding(View):
    """The cycles of a brand by year, and the day of the last act of people on it. `ended`: those of before, where it
    was listed, retired and applied for anew in one year."""

    brand: BrandId
    cycles: dict[int, Cycle] = field(init=False, default_factory=dict)
    ended: list[Cycle] = field(init=False, default_factory=list)
    last: date = field(init=False, default=date.min)

    # The events of the brands below, when they are applied for, listed or moved, bear this brand's tag too.

    @event(BrandApplied)
    def was_applied(self, fact: BrandApplied) -> None:
        if fact.brand == self.brand:
            if (before := self.cycles.get(fact.year)) is not None and before.listed is not None:
                self.ended.append(before)
            self.cycles[fact.year] = Cycle(fact)
            self._acted(fact.effective)

    @event(BrandReviewed)
    def was_reviewed(self, fact: BrandReviewed) -> None:
        self.cycles[fact.year].reviews.append(fact)
        self._acted(fact.effective)

    @event(BrandRejected)
    def was_rejected(self, year: int, effective: date) -> None:
        self.cycles[year].rejected = True
        self._acted(effective)

    @event(BrandListed)
    def was_listed(self, fact: BrandListed) -> None:
        if fact.brand == self.brand:
            self.cycles[fact.year].listed = fact
            self._acted(fact.effective)

    @event(BrandRenewed)
    def was_renewed(self, fact: BrandRenewed) -> None:
        if fact.brand == self.brand:
            if (before := self.current(fact.effective)) is not None:
                before.ended = fact.effective
            self.cycles[fact.year].listed = fact
            self._acted(fact.effective)

    @event(BrandMoved)
    def was_moved(self, brand: BrandId, effective: date) -> None:
        if brand == self.brand:
            self._acted(effective)

    @event(BrandCheckTurned)
    def turned(self, year: int, what: str, colour: str, due: date, effective: date) -> None:
        if (cycle := self.listed_before(year, effective)) is not None:
            cycle.turned.add((what, colour, due))

    @event(BrandChecked)
    def was_checked(self, fact: BrandChecked) -> None:
        self.cycles[fact.year].checked = fact
        self._acted(fact.effective)

    @event(BrandMended)
    def was_mended(self, fact: BrandMended) -> None:
        self.cycles[fact.year].mended = fact
        self._acted(fact.effective)

    @event(BrandRetired)
    def was_retired(self, year: int, why: str, effective: date) -> None:
        if why == "not_renewed":  # the clock may note that late
            cycle = self.lapsed(year, effective)
        else:
            cycle = self.cycles[year]
            self._acted(effective)
        if cycle is not None and cycle.listed is not None and cycle.listed.effective <= effective <= cycle.ended:
            cycle.ended = effective

    def ever(self) -> list[Cycle]:
        """All cycles, also those that ended within their year."""
        return [*self.ended, *self.cycles.values()]

    def listed_before(self, year: int, day: date) -> Cycle | None:
        """The cycle of a year by which it was listed last when a day began; whatever turns on that day is its."""
        listed = [each for each in self.ever() if each.applied.year == year and each.listed is not None]
        return next((each for each in reversed(listed) if each.listed and each.listed.effective < day), None)

    def lapsed(self, year: int, day: date) -> Cycle | None:
        """The cycle of a year whose term was over last by a day, of those that did not end before."""
        over = [each for each in self.ever() if each.applied.year == year and each.lapses_on <= day]
        return max(over, key=lambda each: each.lapses_on, default=None)

    def current(self, day: date) -> Cycle | None:
        """The cycle by which it is in the tree on a day."""
        listed = [each for each in self.cycles.values() if each.listed is not None and each.listed.effective <= day]
        return next((each for each in listed if day < each.until), None)

    def must_be_current(self, day: date) -> Cycle:
        found = self.current(day)
        if found is None:
            raise Refused("brand.not_listed", f"The brand {self.brand} is not listed on {day}.", "brand")
        return found

    def must_be_pending(self, year: int) -> Cycle:
        """The application for a year. Raises Refused unless it is still to be decided."""
        cycle = self.cycles.get(year)
        if cycle is None:
            raise Refused("brand.not_applied", f"Nobody applied for the brand {self.brand} for {year}.", "year")
        if not cycle.pending:
            decided = "rejected" if cycle.rejected else "granted"
            raise Refused("brand.decided", f"The application for {year} was {decided} already.", "year")
        return cycle

    def _acted(self, day: date) -> None:
        self.last = max(day, self.last)
