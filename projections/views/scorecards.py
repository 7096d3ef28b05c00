"""Scorecards: how a unit stands on each of its indicators, period by period. What is missing is never green."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec
from sqlalchemy import Connection

from projections.facts import as_of
from projections.models.indicators import INDICATOR, READING
from projections.models.responsibility import APPOINTMENT, LEADERSHIP
from projections.models.warnings import WARNING
from projections.views import Moment, every, seen, shown
from projections.views.indicators import Indicator, Reading, covers
from projections.views.organisation import Leadership, Unit, post, unit
from projections.views.people import Appointment
from projections.views.plans import Tally, tally_of_unit
from projections.views.register import rolled_up
from projections.views.warnings import OPEN, Warning, open_by_colour
from workflow.charter.measurement import Frequency
from workflow.charter.model import Charter
from workflow.indicators.colour import colour_of_missing, worse
from workflow.indicators.events import Definition
from workflow.periods import Period

MONTHS = 12
"""How many months back a scorecard goes, if nobody asks for more or less."""

Colours = dict[str, int]


class Cell(msgspec.Struct, kw_only=True):
    """One period. `state`: reported; awaited, as it is not due yet; missing; or uncounted, as nothing could be counted.

    `colour` is as reported; that of a missing reading follows from the charter and is `none` only for an indicator that
    is never judged. One that was reported after it turned red stays red as reported. What is `corrected_…` stands
    beside it, None without a correction; so does the colour that somebody set, which goes before both.
    """

    period: str
    state: Literal["reported", "awaited", "missing", "uncounted"]
    due: date
    late: bool = False
    colour: str
    reading: str | None = None
    value: Decimal | None = None
    target: Decimal | None = None
    attainment: Decimal | None = None
    corrected_value: Decimal | None = None
    corrected_attainment: Decimal | None = None
    corrected_colour: str | None = None
    overridden_colour: str | None = None


class Row(msgspec.Struct, kw_only=True):
    """One indicator: as it is defined now or was last, its periods from the latest back, and its open warnings."""

    indicator: str
    definition: Definition
    latest: Cell | None
    past: list[Cell]
    warnings: list[Warning]


class Scorecard(msgspec.Struct, kw_only=True):
    """A unit. `colour` is the worst of what is open: its open warnings and its missing readings; green if there is
    nothing of that; none if nothing is judged. `open_within` counts open warnings by colour, of it and all below it;
    `rolled_up` is the worst colour of all that is open there: of what the register lists. `tasks` says how it stands
    with its own tasks and those of its posts and people."""

    unit: Unit
    colour: str
    rolled_up: str
    missing: int
    open: Colours
    open_within: Colours
    rows: list[Row]
    tasks: Tally


def scorecard(
    connection: Connection, moment: Moment, id: str, charter: Charter, *, months: int = MONTHS
) -> Scorecard | None:
    """The scorecard of a unit over so many months up to the moment's day; None if it is not known."""
    known = unit(connection, moment, id)
    if known is None:
        return None
    periods = list(_periods(moment.effective_on, months))
    reported = {
        (each.indicator, each.period): each
        for each in every(
            connection,
            READING,
            moment,
            Reading,
            READING.c.unit == id,
            READING.c.period.in_([str(period) for period in periods]),
        )
    }
    warnings = defaultdict(list)
    for warning in every(connection, WARNING, moment, Warning, WARNING.c.unit == id, WARNING.c.state.in_(OPEN)):
        warnings[warning.indicator].append(warning)
    rows = []
    for indicator, spans in _definitions(connection, moment).items():
        cells = [
            _cell(period, reported.get((indicator, str(period))), span.definition, charter, moment.effective_on)
            for period in periods
            if (span := _owed(spans, known, period)) is not None
        ]
        last = spans[-1]
        now = last.until is None or moment.effective_on < last.until
        if cells or warnings[indicator] or (now and covers(last.definition, known)):
            rows.append(
                Row(
                    indicator=indicator,
                    definition=last.definition,
                    latest=cells[0] if cells else None,
                    past=cells[1:],
                    warnings=warnings[indicator],
                )
            )
    missing = [cell for row in rows for cell in _cells(row) if cell.state == "missing"]
    still_open = [warning.colour for several in warnings.values() for warning in several]
    return Scorecard(
        unit=known,
        colour=_worst(_judged(rows), [*still_open, *(cell.colour for cell in missing)]),
        rolled_up=rolled_up(connection, moment, id),
        missing=len(missing),
        open={colour: still_open.count(colour) for colour in sorted(set(still_open))},
        open_within=open_by_colour(connection, moment, id),
        rows=rows,
        tasks=tally_of_unit(connection, moment, id),
    )


def scorecards_of(
    connection: Connection, moment: Moment, person: str, charter: Charter, *, months: int = MONTHS
) -> list[Scorecard]:
    """The scorecards of the units that a person answers for: those they head or lead ex officio, acting or not, and
    those among the duties of a post they hold."""
    found = [
        scorecard(connection, moment, each, charter, months=months)
        for each in answered_for(connection, moment, person, charter)
    ]
    return [each for each in found if each is not None]


def answered_for(connection: Connection, moment: Moment, person: str, charter: Charter) -> list[str]:
    """The ids of the units that a person answers for."""
    ranks = {kind.id: kind.rank for kind in charter.post_kinds}
    units: dict[str, None] = {}
    for held in every(connection, APPOINTMENT, moment, Appointment, APPOINTMENT.c.person == person):
        place = post(connection, moment, held.post)
        rank = ranks.get(place.kind) if place else None
        if place and rank == "head":
            units[place.unit] = None
        elif place and rank == "overseer":
            units |= dict.fromkeys(place.duties)
    for led in every(connection, LEADERSHIP, moment, Leadership, LEADERSHIP.c.person == person, LEADERSHIP.c.why == ""):
        units[led.group_unit] = None
    return list(units)


def _periods(day: date, months: int) -> Iterator[Period]:
    """The months and quarters that were over on `day`, from the latest back; so many months."""
    month = Period.containing(day, "monthly")
    month = month if month.last_day <= day else month.previous
    first = month
    for _ in range(months - 1):
        first = first.previous
    frequencies: tuple[Frequency, Frequency] = ("monthly", "quarterly")
    for frequency in frequencies:
        period = Period.containing(month.last_day, frequency)
        while period.last_day > first.first_day:
            if period.last_day <= day:
                yield period
            period = period.previous


def _definitions(connection: Connection, moment: Moment) -> dict[str, list[Indicator]]:
    """Every indicator that was known with all its definitions, by id and by their first days."""
    query = seen(INDICATOR, Indicator).where(as_of(INDICATOR, moment.position))
    found: dict[str, list[Indicator]] = defaultdict(list)
    for row in connection.execute(query.order_by(INDICATOR.c.indicator, INDICATOR.c.valid_from)):
        each = shown(row, Indicator)
        if each.since <= moment.effective_on:
            found[each.indicator].append(each)
    return found


def _owed(spans: list[Indicator], unit: Unit, period: Period) -> Indicator | None:
    """The indicator as it was on the last day of a period, if the unit owed a reading for it."""
    end = period.last_day
    if end < unit.established or (unit.dissolved is not None and unit.dissolved <= end):
        return None
    for span in spans:
        if span.since <= end and (span.until is None or end < span.until):
            owed = span.definition.frequency == period.frequency and covers(span.definition, unit)
            return span if owed else None
    return None


def _cell(period: Period, reading: Reading | None, definition: Definition, charter: Charter, day: date) -> Cell:
    if reading is None or reading.value is None:
        due = period.due(charter)
        if definition.counts and due < day:
            return Cell(period=str(period), state="uncounted", due=due, colour="none")
        colour = colour_of_missing(definition, due, day, charter)
        return Cell(period=str(period), state="missing" if due < day else "awaited", due=due, colour=colour)
    as_reported, present = reading.colour_as_reported, reading.computed_colour
    return Cell(
        period=reading.period,
        state="reported",
        due=reading.due,
        late=reading.late,
        colour=as_reported,
        reading=reading.reading,
        value=reading.value,
        target=reading.target,
        attainment=reading.attainment,
        corrected_value=reading.corrected_value,
        corrected_attainment=reading.corrected_attainment,
        corrected_colour=present if reading.corrected_colour or reading.missed else None,
        overridden_colour=reading.overridden_colour,
    )


def _cells(row: Row) -> list[Cell]:
    return [row.latest, *row.past] if row.latest is not None else []


def _judged(rows: Iterable[Row]) -> str:
    """Green if anything is judged at all."""
    colours = (cell.corrected_colour or cell.colour for row in rows for cell in _cells(row))
    return "green" if any(colour != "none" for colour in colours) else "none"


def _worst(colour: str, others: Iterable[str]) -> str:
    for other in others:
        if worse(other, colour):
            colour = other
    return colour
