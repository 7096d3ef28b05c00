"""What readings count: how a part of the domain tells what is to be counted for a unit and a period.

A measure is a small object that reads views, as a command does, and then tells the tallies: what each event adds, by
its position in the log. `workflow.measures` lists all of them.

    class VisitsMade(Measure):
        VIEWS = (VisitsOf,)
        value = staticmethod(percent)                or ratio, or total

        def knows(self) -> Knows:
            self.visits = VisitsOf(self.asked.unit)  a method of it that asks for `position` is given the event's
            yield (self.visits,)

        def tallies(self) -> Iterator[Tally]:
            for visit in self.visits.assigned:
                yield tally(visit.position, 0, 1)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import ClassVar, NamedTuple

import msgspec

from workflow.calendar import ONE_DAY
from workflow.charter.views import CharterInForce
from workflow.ids import UnitId
from workflow.indicators.events import Count, Tally
from workflow.periods import Period
from workflow.slices import Knows, Refused, View

MOST_CITED = 2_500
"""So many tallies fit into an entry, whatever is in them."""

ONE, ZERO = Decimal(1), Decimal(0)

_FOUR_PLACES = Decimal("0.0001")
_context = Context(prec=60, rounding=ROUND_HALF_EVEN)


class Counting(NamedTuple):
    """What is to be counted: for a unit and a period, of some kinds (none: of all), from what was effective by `until`,
    the end of the day on which the reading is due. `since` is the day after that of the period before."""

    charters: CharterInForce
    unit: UnitId
    period: Period
    kinds: tuple[str, ...]
    since: date
    until: date

    @classmethod
    def by(cls, charters: CharterInForce, unit: UnitId, period: Period, kinds: tuple[str, ...]) -> Counting:
        """As the charters in force on the last days of the period, and of the one before, have it."""
        before, until = period.previous, period.due(charters.on(period.last_day))
        adopted = charters.adopted_by(before.last_day)
        since = before.due(charters.on(before.last_day)) + ONE_DAY if adopted else period.first_day
        return cls(charters, unit, period, kinds, since, until)


class Measure:
    """Counts for a unit and a period. It is pure: the same events give the same tallies. `VIEWS` are all that it reads,
    so that what it stands on can be followed and counted again."""

    VIEWS: ClassVar[Sequence[type[View]]]

    def __init__(self, asked: Counting) -> None:
        self.asked = asked

    def knows(self) -> Knows:
        """The views to read, stage by stage."""
        raise NotImplementedError

    def tallies(self) -> Iterator[Tally]:
        """What each event adds, of those that are effective by `asked.until`."""
        raise NotImplementedError

    @staticmethod
    def value(number: Decimal, of: Decimal) -> Decimal | None:
        """The value of the reading; None: there is nothing to count."""
        raise NotImplementedError


def percent(number: Decimal, of: Decimal) -> Decimal | None:
    """How much of it, in per cent, to four places, half to even; None for something of nothing."""
    return ratio(number * 100, of)


def ratio(number: Decimal, of: Decimal) -> Decimal | None:
    """How many for each, to four places, half to even; None for something of nothing."""
    return None if of == 0 else _plain(_context.quantize(_context.divide(number, of), _FOUR_PLACES))


def total(number: Decimal, of: Decimal) -> Decimal | None:
    """The number itself: there may be none."""
    return _plain(number)


def tally(position: int | None, number: Decimal | int, of: Decimal | int) -> Tally:
    """What an event adds. Raises Refused for one that is not recorded yet: it has no position to be cited by."""
    if position is None:
        raise Refused("reading.unrecorded", "What a reading counts is recorded before it.", "period")
    return Tally(position, Decimal(number), Decimal(of))


def counted(tallies: Iterable[Tally]) -> Count:
    """All tallies together; those of one event are one."""
    sums: dict[int, Tally] = {}
    for each in tallies:
        known = sums.get(each.position, Tally(each.position, ZERO, ZERO))
        sums[each.position] = Tally(each.position, known.number + each.number, known.of + each.of)
    cited = tuple(sums[position] for position in sorted(sums))
    number, of = sum((each.number for each in cited), ZERO), sum((each.of for each in cited), ZERO)
    if len(cited) <= MOST_CITED:
        return Count(number, of, len(cited), cited)
    return Count(number, of, len(cited), digest=hashlib.sha256(_encode(cited)).hexdigest())


_encode = msgspec.json.Encoder(decimal_format="string").encode


def _plain(number: Decimal) -> Decimal:
    """Without zeros at the end, and without an exponent."""
    return Decimal(f"{number.normalize():f}")
