"""Indicators, their targets, and readings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import msgspec
from sqlalchemy import ColumnElement, Connection, func

from projections.models.indicators import COUNT, INDICATOR, READING, TARGET
from projections.models.responsibility import UNIT
from projections.views import Fact, Found, Moment, every, one, page
from projections.views.organisation import Unit, subtree
from workflow.indicators.events import Definition


class Indicator(Fact, kw_only=True):
    """An indicator, as it is defined from `since` on. From `retired` on it is measured no more."""

    DOCUMENTS = ("definition",)

    indicator: str
    definition: Definition
    adopted: date
    retired: date | None


class Target(Fact, kw_only=True):
    """What a unit is to reach in a year, instead of the indicator's own target."""

    indicator: str
    unit: str
    year: int
    target: Decimal


class Reading(Fact, kw_only=True):
    """What a unit reported for a period, and beside it what it was corrected to (None: it was not).

    `missed` is the colour that it got while it was missing, None if it was reported in time. Until it is reported,
    there is no `value` and that is its `colour`, by the rule `missing`; where there was nothing to count there is none
    either, and it has no colour, by the rule `nothing_counted`. `overridden_colour` was set beside the computed
    one by the person `overridden_by`; it decides nothing else.

    `target` is the target to date, `attainment` a ratio; `rule` and `decided_by` say what decided the colour, under the
    version `charter`, by the definition in force since `definition_from`. `due` was the last day in time.
    """

    FLAGS = ("late",)

    reading: str
    indicator: str
    unit: str
    period: str
    value: Decimal | None
    colour: str
    rule: str
    decided_by: str
    target: Decimal | None
    attainment: Decimal | None
    charter: str
    definition_from: date | None
    due: date
    late: bool
    note: str
    missed: str | None
    corrected_value: Decimal | None
    corrected_colour: str | None
    corrected_rule: str | None
    corrected_by: str | None
    corrected_attainment: Decimal | None
    overridden_colour: str | None
    overridden_by: str | None
    overridden_why: str | None

    @property
    def present_colour(self) -> str:
        """As overridden, if it is, else as computed."""
        return self.overridden_colour or self.computed_colour

    @property
    def computed_colour(self) -> str:
        """As corrected, if it was, else as reported."""
        return self.corrected_colour or self.colour

    @property
    def colour_as_reported(self) -> str:
        """What the register said first: the colour of what was missing stays, however good it turns out to be."""
        return self.missed or self.colour


class Tally(msgspec.Struct, kw_only=True):
    """What the event at a position adds to a count: to the `number`, and to what it is a number `of`."""

    position: int
    number: Decimal
    of: Decimal


class Count(Fact, kw_only=True):
    """What was counted for a reading, when it was made: `number` of `out_of`, by so many events as are `cited`.

    Where they are too many to be told, `tallies` is empty, and `digest` is that of all of them.
    """

    DOCUMENTS = ("tallies",)

    reading: str
    number: Decimal
    out_of: Decimal
    cited: int
    tallies: list[Tally]
    digest: str | None


def indicators(
    connection: Connection, moment: Moment, *, unit: Unit | None = None, limit: int = 50, after: str = ""
) -> Found[Indicator]:
    """Indicators by id: all, or those that concern a unit."""
    if unit is None:
        return page(connection, INDICATOR, moment, Indicator, (), limit, after)
    concerned = [each for each in concerning(connection, moment, unit) if each.indicator > after]
    return Found(concerned[:limit], concerned[limit - 1].indicator if len(concerned) > limit else None)


def concerning(connection: Connection, moment: Moment, unit: Unit) -> list[Indicator]:
    """The indicators that concern a unit, by its id or by its kind."""
    return [each for each in every(connection, INDICATOR, moment, Indicator) if covers(each.definition, unit)]


def covers(definition: Definition, unit: Unit) -> bool:
    return unit.unit in definition.scope or unit.kind in definition.scope


def indicator(connection: Connection, moment: Moment, id: str) -> Indicator | None:
    return one(connection, INDICATOR, moment, Indicator, id)


def scope_of(
    connection: Connection, moment: Moment, indicator: Indicator, *, limit: int = 50, after: str = ""
) -> Found[Unit]:
    """The units that an indicator concerns, by id."""
    scope = indicator.definition.scope
    return page(connection, UNIT, moment, Unit, [UNIT.c.unit.in_(scope) | UNIT.c.kind.in_(scope)], limit, after)


def targets(
    connection: Connection, moment: Moment, *, indicator: str, unit: str | None = None, year: int | None = None
) -> list[Target]:
    """The targets that were set for an indicator, by unit and year."""
    conditions = [TARGET.c.indicator == indicator]
    if unit is not None:
        conditions.append(TARGET.c.unit == unit)
    if year is not None:
        conditions.append(TARGET.c.year == year)
    return every(connection, TARGET, moment, Target, *conditions)


def targets_for(connection: Connection, moment: Moment, units: Collection[str], year: int) -> list[Target]:
    """The targets that were set for some units in a year, by indicator."""
    return every(connection, TARGET, moment, Target, TARGET.c.unit.in_(sorted(units)), TARGET.c.year == year)


def readings(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    indicator: str | None = None,
    period: str | None = None,
    colour: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Reading]:
    """Readings by id, which begins with the indicator's: of a unit, `within` a unit and all below it, of an indicator,
    for a period, or of a colour as it is now, corrected or overridden or not."""
    conditions: list[ColumnElement[bool]] = []
    if unit is not None:
        conditions.append(READING.c.unit == unit)
    if within is not None:
        conditions.append(READING.c.unit.in_(subtree(moment, within)))
    if indicator is not None:
        conditions += [READING.c.indicator == indicator, *begins_with(READING.c.reading, f"{indicator}.")]
    if period is not None:
        conditions.append(READING.c.period == period)
    if colour is not None:
        present = func.coalesce(READING.c.overridden_colour, READING.c.corrected_colour, READING.c.colour)
        conditions.append(present == colour)
    return page(connection, READING, moment, Reading, conditions, limit, after)


def reading(connection: Connection, moment: Moment, id: str) -> Reading | None:
    return one(connection, READING, moment, Reading, id)


def count_of(connection: Connection, moment: Moment, reading: str) -> Count | None:
    """What a reading was counted from; None if it was reported."""
    return one(connection, COUNT, moment, Count, reading)


def begins_with(key: ColumnElement[str], beginning: str) -> list[ColumnElement[bool]]:
    """The keys that begin so, as a range of the key's own index. The last character is no U+10FFFF."""
    return [key >= beginning, key < beginning[:-1] + chr(ord(beginning[-1]) + 1)]
