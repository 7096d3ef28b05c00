"""Dual reports: where each is, and its versions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec
from sqlalchemy import Connection

from projections.models.reports import REPORT, VERSION
from projections.views import Fact, Found, Moment, every, one, page
from projections.views.indicators import begins_with
from projections.views.organisation import in_units

OPEN = ("submitted", "signed", "returned")
"""The states of a report that somebody still has to do something about."""


class Report(Fact, kw_only=True):
    """A report, in its `state` since `since`. `signatures` by level, `accepted` by line; `person` did the last act, and
    `words` say why it was returned."""

    DOCUMENTS = ("signatures", "accepted")

    report: str
    kind: str
    unit: str
    period: str
    version: int
    state: str
    submitted_on: date
    signatures: dict[str, str]
    accepted: dict[str, str]
    person: str
    words: str


class Told(msgspec.Struct):
    """What a report says about one line."""

    line: str
    text: str


class Version(Fact, kw_only=True):
    """What a version of a report says, and who submitted it."""

    DOCUMENTS = ("parts", "evidence")

    report: str
    version: int
    person: str
    parts: tuple[Told, ...]
    evidence: tuple[str, ...]
    charter: str


def reports(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    units: Collection[str] | None = None,
    within: str | None = None,
    kind: str | None = None,
    period: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Report]:
    """Reports by id: of a unit, of several `units`, `within` a unit and all below it, of a kind, for a period, or in
    certain states."""
    conditions = in_units(moment, REPORT, states, unit, within, units)
    if kind is not None:
        conditions += [REPORT.c.kind == kind, *begins_with(REPORT.c.report, f"{kind}.")]
    if period is not None:
        conditions.append(REPORT.c.period == period)
    return page(connection, REPORT, moment, Report, conditions, limit, after)


def report(connection: Connection, moment: Moment, id: str) -> Report | None:
    return one(connection, REPORT, moment, Report, id)


def versions(connection: Connection, moment: Moment, id: str) -> list[Version]:
    """All versions of a report that were submitted by the moment, the first one first."""
    return every(connection, VERSION, moment, Version, VERSION.c.report == id)
