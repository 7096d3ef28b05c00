"""What units owe: duties, dual reports, and the cycles in which their lines keep step."""

from __future__ import annotations

from typing import Any

from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.reading import Item, Look, Page, found, read
from api.schemas.base import DatedSchema
from api.schemas.duties import (
    CloseCycleSchema,
    CountersignReportSchema,
    CyclesSchema,
    DutiesSchema,
    ExtendDutySchema,
    FulfilDutySchema,
    InspectCycleSchema,
    OpenCycleSchema,
    ReachStageSchema,
    ReceiveReportSchema,
    ReportsSchema,
    SubmitReportSchema,
)
from projections.views import cycles as cycles_view
from projections.views import duties as duties_view
from projections.views import reports as reports_view
from projections.views.cycles import Cycle
from projections.views.duties import Duty
from projections.views.reports import Report, Version
from workflow.cycles.commands import CloseCycle, OpenCycle, ReachStage, RecordInspection
from workflow.duties.commands import ExcuseDuty, ExtendDuty, FulfilDuty
from workflow.reports.commands import AcceptReport, CountersignReport, ReturnReport, SubmitReport

duties = Blueprint("duties", __name__, url_prefix="/v1", description="Duties, dual reports, sync cycles.")

command(duties, "/duties/<id:duty>/fulfil", FulfilDuty, FulfilDutySchema, "perform")
command(duties, "/duties/<id:duty>/extend", ExtendDuty, ExtendDutySchema, "answer")
command(duties, "/duties/<id:duty>/excuse", ExcuseDuty, DatedSchema, "supervise")
command(duties, "/reports", SubmitReport, SubmitReportSchema, "perform", at="/v1/reports/{report}")
command(duties, "/reports/<id:report>/countersign", CountersignReport, CountersignReportSchema, "answer")
command(duties, "/reports/<id:report>/accept", AcceptReport, ReceiveReportSchema, "answer")
command(duties, "/reports/<id:report>/return", ReturnReport, ReceiveReportSchema, "answer")
command(duties, "/cycles", OpenCycle, OpenCycleSchema, "perform", at="/v1/cycles/{cycle}", makes="cycle")
command(duties, "/cycles/<id:cycle>/reach", ReachStage, ReachStageSchema, "perform")
command(duties, "/cycles/<id:cycle>/inspect", RecordInspection, InspectCycleSchema, "supervise")
command(duties, "/cycles/<id:cycle>/close", CloseCycle, CloseCycleSchema, "perform")


class ReportShown(Item[Report], kw_only=True):
    """A report, all its versions, and the names of the people in it."""

    versions: list[Version]
    names: Names


class CycleShown(Item[Cycle], kw_only=True):
    """A cycle, what was done about it, one act after the other, and the names of who did."""

    acts: list[Cycle]
    names: Names


class DutyShown(Item[Duty], kw_only=True):
    """A duty, how it came to be so, one event after the other, and the names of the people in it."""

    acts: list[Duty]
    names: Names


@read(duties, "/duties", Page[Duty], DutiesSchema)
def list_duties(look: Look) -> dict[str, Any]:
    """Duties, by id; with `state=pending` the register of those that are still to be done."""
    asked = look.paging()
    states = {each for named in asked.pop("state") for each in (duties_view.OPEN if named == "pending" else (named,))}
    return look.page(duties_view.duties(look.connection, look.moment, states=sorted(states), **asked))


@read(duties, "/duties/<id:duty>", DutyShown)
def duty(look: Look, duty: str) -> dict[str, Any]:
    """A duty, from its opening on."""
    item = found(duties_view.duty(look.connection, look.moment, duty), "duty", duty)
    people = [item.person, *(item.attendees or ())]
    return {"item": item, "acts": duties_view.acts(look.connection, look.moment, duty), "names": names(look, people)}


@read(duties, "/reports", Page[Report], ReportsSchema)
def list_reports(look: Look) -> dict[str, Any]:
    """Dual reports, by id."""
    asked = look.paging()
    states = {each for named in asked.pop("state") for each in (reports_view.OPEN if named == "pending" else (named,))}
    return look.page(reports_view.reports(look.connection, look.moment, states=sorted(states), **asked))


@read(duties, "/reports/<id:report>", ReportShown)
def report(look: Look, report: str) -> dict[str, Any]:
    """A dual report, with all its versions."""
    item = found(reports_view.report(look.connection, look.moment, report), "report", report)
    versions = reports_view.versions(look.connection, look.moment, report)
    people = [item.person, *item.signatures.values(), *item.accepted.values(), *(each.person for each in versions)]
    return {"item": item, "versions": versions, "names": names(look, people)}


@read(duties, "/cycles", Page[Cycle], CyclesSchema)
def list_cycles(look: Look) -> dict[str, Any]:
    """Sync cycles, by id."""
    asked = look.paging()
    states = sorted(set(asked.pop("state")))
    return look.page(cycles_view.cycles(look.connection, look.moment, states=states, **asked))


@read(duties, "/cycles/<id:cycle>", CycleShown)
def cycle(look: Look, cycle: str) -> dict[str, Any]:
    """A sync cycle, from its opening on."""
    item = found(cycles_view.cycle(look.connection, look.moment, cycle), "cycle", cycle)
    acts = cycles_view.acts(look.connection, look.moment, cycle)
    return {"item": item, "acts": acts, "names": names(look, [each.person for each in acts])}
