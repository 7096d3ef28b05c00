"""What the tests of indicators and warnings say has happened: a department with a head, indicators, readings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workflow.charter.library import learn
from workflow.charter.loader import digest, shipped
from workflow.ids import AppointmentId, IndicatorId, PersonId, PostId, UnitId, WarningId
from workflow.indicators.colour import judge, target_to_date
from workflow.indicators.definitions import definition_of
from workflow.indicators.events import Definition, IndicatorAdopted, ReadingReported
from workflow.indicators.views import reading_id
from workflow.organisation.events import (
    AppointmentStarted,
    PersonRegistered,
    PostEstablished,
    UnitEstablished,
)
from workflow.periods import Period
from workflow.sealed import personal
from workflow.slices import Event
from workflow.warnings.events import NoticeIssued, Told, WarningRaised
from workflow.warnings.views import warning_id

TEXT = shipped("procuratorate")
CHARTER = learn(TEXT)
START = date(2024, 1, 1)


def definition(id: str) -> Definition:
    """An indicator as the procuratorate's charter defines it."""
    return definition_of(CHARTER.indicator(id))


def department(unit: str, kind: str = "department", parent: str | None = None, since: date = START) -> Event:
    above = None if parent is None else UnitId(parent)
    return UnitEstablished(UnitId(unit), kind, unit, unit, above, since)


def adopted(id: str, since: date = START) -> Event:
    return IndicatorAdopted(IndicatorId(id), definition(id), since)


def person(id: str, since: date = START) -> Event:
    return PersonRegistered(PersonId(id), "prosecutor", personal(name=id), since)


def post(id: str, unit: str, kind: str = "department_head") -> Event:
    return PostEstablished(PostId(id), UnitId(unit), kind, id, id, 1, START)


def holds(person: str, post: str, unit: str, kind: str = "substantive", since: date = START) -> Event:
    return AppointmentStarted(
        AppointmentId(f"{person}-{post}"), PersonId(person), PostId(post), UnitId(unit), kind, since
    )


def reported(
    indicator: str, unit: str, period: str, value: str, on: date, due: date, *, late: bool = False, target: str = ""
) -> ReadingReported:
    """A reading by the charter's definition. `target` is that of the year, where it is not the charter's."""
    id, owner, when, defined = IndicatorId(indicator), UnitId(unit), Period.parse(period), definition(indicator)
    asked = target_to_date(defined, Decimal(target) if target else defined.target, when)
    judgement = judge(Decimal(value), asked, defined, START, CHARTER, digest(TEXT))
    return ReadingReported(reading_id(id, owner, when), id, owner, period, Decimal(value), judgement, due, late, on)


def raised(by: ReadingReported, colour: str, on: date, respond_by: date, rectify_by: date | None) -> WarningRaised:
    return WarningRaised(
        warning_id(by.reading, 1), by.indicator, by.unit, by.reading, by.period, colour, respond_by, rectify_by, on
    )


def warning(reading: ReadingReported) -> WarningId:
    """The id of the first warning that a reading raised."""
    return warning_id(reading.reading, 1)


FIRST_RUNG = {"yellow": ["department_head"], "red": ["department_head", "deputy_in_charge", "organ_secretary"]}
"""Whom the first rung of the ladder tells, by colour."""


def notice(of: WarningRaised) -> NoticeIssued:
    """The notice of a warning that reaches the first rung, while nobody holds any level."""
    return NoticeIssued(
        warning=of.warning,
        unit=of.unit,
        kind="warning_notice",
        rung=of.colour,
        colour=of.colour,
        periods=1,
        told=tuple(Told(level, ()) for level in FIRST_RUNG[of.colour]),
        persons=(),
        respond_by=of.respond_by,
        rectify_by=of.rectify_by,
        effective=of.effective,
    )
