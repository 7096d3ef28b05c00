"""Programmes: adopted, carried out item by item, verified, and how far everybody has come."""

from __future__ import annotations

from typing import Any

import msgspec

from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.reading import Item, Look, Page, Shown, found, read
from api.schemas.programmes import (
    AdoptProgrammeSchema,
    CheckCompletionSchema,
    CompleteItemSchema,
    CompletionsSchema,
    EnrolParticipantsSchema,
    MatrixSchema,
    OfParticipantSchema,
    ProgrammesSchema,
    ReportItemProgressSchema,
)
from projections.views import organisation as organisation_views
from projections.views import people as people_views
from projections.views import programmes as views
from projections.views.matrix import CompletionRate, ProgressRow, matrix, row_of
from projections.views.programmes import Completion, Participation, Programme
from workflow.charter.programmes import ProgrammeItem
from workflow.programmes.adopting import AdoptProgramme
from workflow.programmes.checking import ReturnCompletion, VerifyCompletion
from workflow.programmes.doing import CompleteItem, ReportItemProgress
from workflow.programmes.enrolling import EnrolParticipants, WithdrawParticipant

programmes = Blueprint("programmes", __name__, url_prefix="/v1", description="Programmes and their items.")

ONE = "/programmes/<id:programme>"

command(programmes, "/programmes", AdoptProgramme, AdoptProgrammeSchema, "plan", at="/v1/programmes/{programme}")
command(programmes, f"{ONE}/enrol", EnrolParticipants, EnrolParticipantsSchema, "develop")
command(programmes, f"{ONE}/withdraw", WithdrawParticipant, OfParticipantSchema, "develop")
command(programmes, f"{ONE}/progress", ReportItemProgress, ReportItemProgressSchema, "develop")
command(programmes, f"{ONE}/complete", CompleteItem, CompleteItemSchema, "develop", at="/v1/completions/{completion}")
command(programmes, "/completions/<id:completion>/verify", VerifyCompletion, CheckCompletionSchema, "verify")
command(programmes, "/completions/<id:completion>/return", ReturnCompletion, CheckCompletionSchema, "verify")


class ProgrammeShown(Item[Programme], kw_only=True):
    """A programme, its items, and how much of what is owed is done: in all, by item and by unit."""

    items: list[ProgrammeItem]
    total: CompletionRate
    by_item: list[CompletionRate]
    by_unit: list[CompletionRate]


class MatrixShown(ProgrammeShown, kw_only=True):
    """The same with a row for each participant; of some, or of one item, if so asked."""

    rows: list[ProgressRow]
    names: Names


class CompletionShown(Item[Completion], kw_only=True):
    names: Names


class Taken(msgspec.Struct, kw_only=True):
    """A programme, and the row of one participant in it."""

    programme: Programme
    row: ProgressRow


class ProgrammesTaken(Shown, kw_only=True):
    """The programmes in which somebody takes or took part, and how far they have come in each."""

    taken: list[Taken]


@read(programmes, "/programmes", Page[Programme], ProgrammesSchema)
def list_programmes(look: Look) -> dict[str, Any]:
    """Programmes, by id."""
    asked = look.paging()
    states = sorted(set(asked.pop("state")))
    return look.page(views.programmes(look.connection, look.moment, states=states, **asked))


@read(programmes, ONE, ProgrammeShown)
def programme(look: Look, programme: str) -> dict[str, Any]:
    """A programme, and its rates of completion."""
    item = found(views.programme(look.connection, look.moment, programme), "programme", programme)
    told = matrix(look.connection, look.moment, item)
    return {
        "item": item,
        "items": told.items,
        "total": told.total,
        "by_item": told.by_item,
        "by_unit": told.by_unit,
    }


@read(programmes, f"{ONE}/matrix", MatrixShown, MatrixSchema)
def programme_matrix(look: Look, programme: str) -> dict[str, Any]:
    """The progress matrix of a programme: participants by items."""
    item = found(views.programme(look.connection, look.moment, programme), "programme", programme)
    told = matrix(look.connection, look.moment, item, **look.query)
    return {
        "item": item,
        "items": told.items,
        "total": told.total,
        "by_item": told.by_item,
        "by_unit": told.by_unit,
        "rows": told.rows,
        "names": names(look, [row.participation.person for row in told.rows]),
    }


@read(programmes, "/completions", Page[Completion], CompletionsSchema)
def list_completions(look: Look) -> dict[str, Any]:
    """Completions, by id; with `state=completed` the register of those that somebody has to look at."""
    asked = look.paging()
    states = sorted(set(asked.pop("state")))
    return look.page(views.completions(look.connection, look.moment, states=states, **asked))


@read(programmes, "/completions/<id:completion>", CompletionShown)
def completion(look: Look, completion: str) -> dict[str, Any]:
    """What was completed, and what somebody found who looked at it."""
    item = found(views.completion(look.connection, look.moment, completion), "completion", completion)
    return {"item": item, "names": names(look, [item.person, item.reported_by, item.verifier])}


@read(programmes, "/people/<id:person>/programmes", ProgrammesTaken)
def programmes_of_person(look: Look, person: str) -> dict[str, Any]:
    """The programmes in which a person takes or took part."""
    found(people_views.person(look.connection, look.moment, person), "person", person)
    return {"taken": _taken(look, views.taken_by(look.connection, look.moment, person))}


@read(programmes, "/units/<id:unit>/programmes", ProgrammesTaken)
def programmes_of_unit(look: Look, unit: str) -> dict[str, Any]:
    """The programmes in which a unit itself takes or took part."""
    found(organisation_views.unit(look.connection, look.moment, unit), "unit", unit)
    return {"taken": _taken(look, views.taken_by_unit(look.connection, look.moment, unit))}


def _taken(look: Look, several: list[Participation]) -> list[Taken]:
    taken = []
    for each in several:
        known = views.programme(look.connection, look.moment, each.programme)
        if known is not None:
            taken.append(Taken(programme=known, row=row_of(look.connection, look.moment, known, each)))
    return taken
