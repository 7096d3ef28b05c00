"""The charter, indicators with their targets, readings, and the warnings that follow from them."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from api.access import approver, resonance
from api.charters import apply_charter
from api.commands import answer, command, command_route
from api.names import Names, names
from api.openapi import Blueprint
from api.paging import PageOfMomentSchema
from api.problems import Pointer, Problem
from api.reading import Item, Look, Page, Shown, found, read
from api.schemas.base import DatedSchema
from api.schemas.indicators import (
    AcknowledgeSchema,
    AdoptCharterSchema,
    AdoptIndicatorSchema,
    AmendIndicatorSchema,
    CloseOutSchema,
    CorrectReadingSchema,
    PlanRectificationSchema,
    ReopenSchema,
    ReportReadingSchema,
    ReportRectificationSchema,
    SetTargetSchema,
)
from api.schemas.queries import ReadingsSchema, TargetsSchema, WarningsSchema
from projections.views import charters, indicators, warnings
from projections.views.charters import Adoption
from projections.views.indicators import Count, Indicator, Reading, Target
from projections.views.warnings import OPEN, Interview, Measure, Warning
from workflow.charter.loader import CharterError
from workflow.indicators.commands import AdoptIndicator, AmendIndicator, RetireIndicator, SetTarget
from workflow.indicators.readings import CorrectReading, ReportReading
from workflow.warnings.commands import (
    Acknowledge,
    CloseOut,
    PlanRectification,
    Reopen,
    ReportRectification,
)
from workflow.writer import Outcome

measurement = Blueprint("measurement", __name__, url_prefix="/v1", description="Charter, indicators, warnings.")

command(measurement, "/indicators", AdoptIndicator, AdoptIndicatorSchema, "measure", at="/v1/indicators/{indicator}")
command(measurement, "/indicators/<id:indicator>/amend", AmendIndicator, AmendIndicatorSchema, "measure")
command(measurement, "/indicators/<id:indicator>/retire", RetireIndicator, DatedSchema, "measure")
command(measurement, "/indicators/<id:indicator>/targets", SetTarget, SetTargetSchema, "measure")
command(measurement, "/readings", ReportReading, ReportReadingSchema, "report", at="/v1/readings/{reading}")
command(measurement, "/readings/<id:reading>/correct", CorrectReading, CorrectReadingSchema, "report")
command(measurement, "/warnings/<id:warning>/acknowledge", Acknowledge, AcknowledgeSchema, "answer")
command(measurement, "/warnings/<id:warning>/plan", PlanRectification, PlanRectificationSchema, "answer")
command(measurement, "/warnings/<id:warning>/report", ReportRectification, ReportRectificationSchema, "answer")
command(measurement, "/warnings/<id:warning>/close-out", CloseOut, CloseOutSchema, "supervise")
command(measurement, "/warnings/<id:warning>/reopen", Reopen, ReopenSchema, "supervise")


def adopt_charter(body: dict[str, Any]) -> Response:
    """Put a charter in force from `effective` on, with the indicators that it defines: all or nothing, by two persons.

    The same charter from the same day on changes nothing, whatever the Idempotency-Key.
    """
    try:
        outcomes = apply_charter(resonance(), actor=g.bearer.user, approver=approver(g.bearer), **body)
    except CharterError as error:
        pointers: list[Pointer] = [{"pointer": "#/text", "detail": str(problem)} for problem in error.problems]
        raise Problem(422, "charter.invalid", str(error), pointers) from None
    if not outcomes:
        head = resonance().log.head().position
        return answer(Outcome(head, head, (), repeated=True), frozenset(), "/v1/charter")
    events = [fact for outcome in outcomes for fact in outcome.events]
    return answer(Outcome(outcomes[0].first, outcomes[-1].last, events), frozenset(), "/v1/charter")


command_route(measurement, "/charter", adopt_charter, AdoptCharterSchema, "rule", makes=True)


class CharterShown(Item[Adoption], kw_only=True):
    """The charter in force, with its whole text."""

    text: str


class Adoptions(Shown, kw_only=True):
    items: list[Adoption]


class ReadingShown(Item[Reading], kw_only=True):
    """A reading; `count` is what was counted for it, by the positions of events: null if somebody reported it."""

    count: Count | None


class Targets(Shown, kw_only=True):
    items: list[Target]


class WarningShown(Item[Warning], kw_only=True):
    """A warning, what was done about it, one act after the other, what was done besides, the interview that it called
    for, if it did, and the names of who did or was told."""

    acts: list[Warning]
    measures: list[Measure]
    interview: Interview | None
    names: Names


@read(measurement, "/charter", CharterShown)
def charter(look: Look) -> dict[str, Any]:
    """The charter in force."""
    adoption = charters.in_force(look.connection, look.moment)
    if adoption is None:
        raise Problem(404, "charter.none", f"No charter is in force on {look.moment.effective_on}.")
    return {"item": adoption, "text": charters.text_of(look.connection, adoption.digest) or ""}


@read(measurement, "/charter/adoptions", Adoptions)
def charter_adoptions(look: Look) -> dict[str, Any]:
    """Every adoption of a charter, also of those to come."""
    return {"items": charters.adoptions(look.connection, look.moment)}


@read(measurement, "/indicators", Page[Indicator], PageOfMomentSchema)
def list_indicators(look: Look) -> dict[str, Any]:
    """Indicators, by id."""
    return look.page(indicators.indicators(look.connection, look.moment, **look.paging()))


@read(measurement, "/indicators/<id:indicator>", Item[Indicator])
def indicator(look: Look, indicator: str) -> dict[str, Any]:
    """An indicator, as it is measured and judged."""
    return {"item": found(indicators.indicator(look.connection, look.moment, indicator), "indicator", indicator)}


@read(measurement, "/indicators/<id:indicator>/targets", Targets, TargetsSchema)
def targets(look: Look, indicator: str) -> dict[str, Any]:
    """The targets that units have instead of the indicator's own."""
    found(indicators.indicator(look.connection, look.moment, indicator), "indicator", indicator)
    return {"items": indicators.targets(look.connection, look.moment, indicator=indicator, **look.query)}


@read(measurement, "/readings", Page[Reading], ReadingsSchema)
def readings(look: Look) -> dict[str, Any]:
    """Readings, by id."""
    return look.page(indicators.readings(look.connection, look.moment, **look.paging()))


@read(measurement, "/readings/<id:reading>", ReadingShown)
def reading(look: Look, reading: str) -> dict[str, Any]:
    """A reading, as reported or counted, and as corrected beside it."""
    item = found(indicators.reading(look.connection, look.moment, reading), "reading", reading)
    return {"item": item, "count": indicators.count_of(look.connection, look.moment, reading)}


@read(measurement, "/warnings", Page[Warning], WarningsSchema)
def list_warnings(look: Look) -> dict[str, Any]:
    """Warnings, by id; with `state=open` the register of those that somebody still has to do something about."""
    asked = look.paging()
    states = {state for named in asked.pop("state") for state in (OPEN if named == "open" else (named,))}
    return look.page(warnings.warnings(look.connection, look.moment, states=sorted(states), **asked))


@read(measurement, "/warnings/<id:warning>", WarningShown)
def warning(look: Look, warning: str) -> dict[str, Any]:
    """A warning, from raising to close-out."""
    item = found(warnings.warning(look.connection, look.moment, warning), "warning", warning)
    acts = warnings.acts(look.connection, look.moment, warning)
    measures = warnings.measures(look.connection, look.moment, warning)
    did = [*(each.person for each in acts), *(each.person for each in measures)]
    told = [person for each in measures for person in each.persons]
    interview = warnings.interview(look.connection, look.moment, warning)
    named = names(look, [*did, *told])
    return {"item": item, "acts": acts, "measures": measures, "interview": interview, "names": named}
