"""Measuring: the score of a person or a unit from recorded readings alone, as a pure function of what is known.

The units that tell how a person worked are, day by day, those in which the person worked. Of each unit the readings of
all periods within the assessment's count: for a part the attainments, at most 1 each, weighted by indicator and months.
Two units are weighted by calendar days. All of that is exact; only the score of a part is rounded, to two places, half
up, and the scores of the parts are then added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import NamedTuple

from workflow.assessments.events import Counted, Counting, PartScore, Rating, Stay
from workflow.charter.model import Charter
from workflow.ids import IndicatorId, PersonId, PostId, ReadingId, UnitId
from workflow.indicators.events import Definition, IndicatorAdopted, IndicatorAmended, IndicatorRetired
from workflow.indicators.views import IndicatorStanding, ReadingStanding, reading_id
from workflow.organisation.views import (
    Appointment,
    Career,
    PostStanding,
    Standing,
    UnitAppointments,
    UnitsBelow,
    UnitStanding,
)
from workflow.periods import Period
from workflow.slices import Refused, View, event

_GOES_BEFORE = ("seconded", "substantive", "acting", "concurrent")
_rounding = Context(prec=60, rounding=ROUND_HALF_UP)
_CENT = Decimal("0.01")


class Indicators(View):
    """All indicators that were ever adopted."""

    by_id: dict[IndicatorId, IndicatorStanding] = field(init=False, default_factory=dict)

    @event(IndicatorAdopted)
    def was_adopted(self, fact: IndicatorAdopted) -> None:
        self._standing(fact.indicator).note(fact)

    @event(IndicatorAmended)
    def was_amended(self, fact: IndicatorAmended) -> None:
        self._standing(fact.indicator).note(fact)

    @event(IndicatorRetired)
    def was_retired(self, fact: IndicatorRetired) -> None:
        self._standing(fact.indicator).note(fact)

    def _standing(self, indicator: IndicatorId) -> IndicatorStanding:
        return self.by_id.setdefault(indicator, IndicatorStanding(indicator))


@dataclass
class Known:
    """What assessments stand on, by id. `counts` says of a reading that would count whether it does."""

    indicators: Indicators = field(default_factory=Indicators)
    careers: dict[PersonId, Career] = field(default_factory=dict)
    posts: dict[PostId, PostStanding] = field(default_factory=dict)
    units: dict[UnitId, UnitStanding] = field(default_factory=dict)
    below: dict[UnitId, UnitsBelow] = field(default_factory=dict)
    readings: dict[ReadingId, ReadingStanding] = field(default_factory=dict)
    people: dict[PersonId, Standing] = field(default_factory=dict)
    works: dict[UnitId, UnitAppointments] = field(default_factory=dict)
    counts: Callable[[Owed], bool] = lambda owed: True


class Owed(NamedTuple):
    """A reading that a unit owes, and how it counts."""

    indicator: IndicatorId
    unit: UnitId
    period: Period
    definition: Definition

    @property
    def reading(self) -> ReadingId:
        return reading_id(self.indicator, self.unit, self.period)

    @property
    def weight(self) -> Decimal:
        return self.definition.weight * (3 if self.period.frequency == "quarterly" else 1)


class Measured(NamedTuple):
    stays: tuple[Stay, ...]
    counted: tuple[Counted, ...]
    parts: tuple[PartScore, ...]
    base: Decimal
    reds: int


def rounded(number: Fraction) -> Decimal:
    """To two places, half up; the number is not negative."""
    exact = _rounding.divide(Decimal(number.numerator), Decimal(number.denominator))
    return _rounding.quantize(exact, _CENT)


def measure(
    known: Known,
    charter: Charter,
    group: str,
    period: Period,
    person: PersonId | None,
    unit: UnitId | None,
    ratings: Sequence[Rating],
) -> Measured:
    """The score of a person, or of a unit. Raises Refused if nothing at all can be measured or was rated."""
    assert charter.assessment is not None
    stays = stays_of(known, charter, period, person, unit)
    expanded = {each: measured_units(known, each, period) for stay in stays for each in stay.units}
    counted = tuple(
        each
        for measured in sorted({one for several in expanded.values() for one in several})
        for each in _counted(known, charter, period, measured)
    )
    days: dict[str, Fraction] = {}
    for stay in stays:
        for told in stay.units:
            for one in expanded[told]:
                share = Fraction(stay.days, len(stay.units) * len(expanded[told]))
                days[one] = days.get(one, Fraction(0)) + share
    parts = []
    for part, points in charter.assessment.points(group).items():
        rated = [Fraction(each.points) for each in ratings if each.part == part]
        reached = _mean(rated) / Fraction(points) if rated else _part(part, days, counted)
        score = None if reached is None else rounded(reached * Fraction(points))
        parts.append(PartScore(part, points, score))
    reds = sum(reading.colour in ("red", "missing") for each in counted for reading in each.readings)
    return Measured(stays, counted, tuple(parts), base_of(parts), reds)


def _mean(numbers: Sequence[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)


def base_of(parts: Sequence[PartScore]) -> Decimal:
    """The scores of the parts together; where one could not be measured, raised to all the points in proportion.

    Raises Refused if none could.
    """
    scores = [(each.points, each.score) for each in parts if each.score is not None]
    if not scores:
        raise Refused("assessment.unmeasured", "Nothing was measured of this subject, and nothing rated.", "subject")
    got = sum((Fraction(score) for _, score in scores), Fraction(0))
    of = sum((Fraction(points) for points, _ in scores), Fraction(0))
    return rounded(got * sum((Fraction(each.points) for each in parts), Fraction(0)) / of)


def stays_of(
    known: Known, charter: Charter, period: Period, person: PersonId | None, unit: UnitId | None
) -> tuple[Stay, ...]:
    """Which units tell how somebody worked, on which days of the period: a unit itself on the days on which it stands;
    of a person the units of `units_on`."""
    days = [period.first_day + timedelta(days=n) for n in range((period.last_day - period.first_day).days + 1)]
    if person is None:
        assert unit is not None
        span = known.units[unit].span
        itself: tuple[str, ...] = (unit,)
        told = [(day, itself if span is not None and span.holds_on(day) else ()) for day in days]
    else:
        told = [(day, units_on(known, charter, person, day)) for day in days]
    stays = []
    for units, several in groupby(told, key=lambda each: each[1]):
        on = [day for day, _ in several]
        if units:
            stays.append(Stay(units, on[0], on[-1], len(on)))
    return tuple(stays)


def units_on(known: Known, charter: Charter, person: PersonId, day: date) -> tuple[str, ...]:
    """The units in which a person worked on a day: that of the post; of an overseer's post, those among its duties.

    Where somebody is seconded goes before the substantive post, that before one held for another, and a concurrent one
    comes last; of several of a kind, the one held last.
    """
    held = known.careers[person].on(day)
    if not held:
        return ()
    chosen = min(held, key=lambda each: (_GOES_BEFORE.index(each.kind), -each.span.since.toordinal(), each.id))
    return _of_post(known, charter, chosen, day)


def _of_post(known: Known, charter: Charter, held: Appointment, day: date) -> tuple[str, ...]:
    post = known.posts[held.post]
    kind = post.established.kind if post.established is not None else ""
    ranks = {each.id: each.rank for each in charter.post_kinds}
    if ranks.get(kind) == "overseer":
        duties = next((units for since, units in reversed(post.duties) if since <= day), ())
        if duties:
            return tuple(sorted(duties))
    return (str(held.unit),)


def measured_units(known: Known, unit: str, period: Period) -> tuple[str, ...]:
    """The units whose readings stand for a unit: itself; if nothing of it is scored, those below it, likewise."""
    id = UnitId(unit)
    if id not in known.units or any(True for _ in owed(known, period, id)):
        return (unit,)
    end = period.last_day
    below = [
        each
        for each in sorted(known.below[id].units if id in known.below else ())
        if each in known.units and known.units[each].parent_on(end) == id and _stands(known.units[each], end)
    ]
    found = {one for each in below for one in measured_units(known, each, period)}
    return tuple(sorted(found)) or (unit,)


def owed(known: Known, period: Period, unit: UnitId) -> Iterator[Owed]:
    """The readings of a unit that count within a period: of indicators that were scored on the last day of their own
    period and concerned the unit, which stood on that day."""
    place = known.units[unit]
    for indicator, standing in sorted(known.indicators.by_id.items()):
        for within, end in _within(period):
            try:
                definition = standing.on(end).definition
            except Refused:
                continue
            concerns = unit in definition.scope or place.kind in definition.scope
            scored = definition.mode == "scored" and definition.weight > 0 and definition.frequency == within.frequency
            one = Owed(indicator, unit, within, definition)
            if scored and concerns and _stands(place, end) and known.counts(one):
                yield one


@cache
def _within(period: Period) -> tuple[tuple[Period, date], ...]:
    """The months and quarters that end within a period, each with its last day. Asked for each unit and indicator."""
    found = []
    for frequency in ("monthly", "quarterly"):
        each = Period.containing(period.first_day, frequency)
        while each.last_day <= period.last_day:
            found.append((each, each.last_day))
            each = each.next
    return tuple(found)


def _stands(place: UnitStanding, day: date) -> bool:
    return place.span is not None and place.span.holds_on(day)


def _counted(known: Known, charter: Charter, period: Period, unit: str) -> Iterator[Counted]:
    assert charter.assessment is not None
    parts = {part.set: part.id for part in charter.assessment.parts if part.set}
    by: dict[tuple[str, str, Decimal], list[Counting]] = {}
    if UnitId(unit) not in known.units:
        return
    for each in owed(known, period, UnitId(unit)):
        standing = known.readings.get(each.reading)
        if each.definition.counts and (standing is None or standing.judgement is None):
            continue  # there was nothing to count, or it is not counted yet: that is no fault of the unit
        part = parts.get(each.definition.indicator_set)
        if part is not None:
            by.setdefault((part, each.indicator, each.weight), []).append(_counting(known, each))
    for (part, indicator, weight), readings in by.items():
        yield Counted(unit, part, indicator, weight, tuple(readings))


def _counting(known: Known, each: Owed) -> Counting:
    """How far the target of a reading was reached, as it is corrected by now. Where nothing was to be reached yet, or
    nothing bad happened, it is reached; what is missing is not."""
    standing = known.readings.get(each.reading)
    judgement = standing.judgement if standing is not None else None
    if judgement is None:
        return Counting(str(each.period), Decimal(0), "missing")
    attained = Decimal(1) if judgement.attainment is None else min(judgement.attainment, Decimal(1))
    return Counting(str(each.period), attained, judgement.colour)


def _part(part: str, days: Mapping[str, Fraction], counted: Sequence[Counted]) -> Fraction | None:
    """How much of a part was reached, from 0 to 1; None if nothing of it was measured."""
    total, weights = Fraction(0), Fraction(0)
    for unit, share in days.items():
        of = [each for each in counted if (each.unit, each.part) == (unit, part)]
        weight = sum((Fraction(each.weight) * len(each.readings) for each in of), Fraction(0))
        if weight:
            got = sum(
                (Fraction(each.weight) * Fraction(reading.attainment) for each in of for reading in each.readings),
                Fraction(0),
            )
            total, weights = total + share * got / weight, weights + share
    return total / weights if weights else None
