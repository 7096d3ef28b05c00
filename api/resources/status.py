"""How things stand: scorecards of units and people, and why a colour is what it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

from api.looks import note_look
from api.names import Names, names
from api.openapi import Blueprint
from api.reading import Look, Shown, charter_of, found, read
from api.schemas.fields import QueryWhole
from api.time_control import MomentSchema
from projections.views import scorecards
from projections.views.explanation import Explanation, explain_reading, explain_warning
from projections.views.people import person
from projections.views.plans import Tally, tally_of_person
from projections.views.scorecards import Scorecard
from workflow.entry import read_envelope

status = Blueprint("status", __name__, url_prefix="/v1", description="How things stand, and why.")


class ScorecardsSchema(MomentSchema):
    months = QueryWhole(1, 60, load_default=scorecards.MONTHS, metadata={"description": "How far back, in months."})


class Scorecards(Shown, kw_only=True):
    """The scorecard of a unit; of a person, those of all units that they answer for. `tasks` says how the unit, or the
    person, stands with tasks of its own."""

    kind: Literal["unit", "person"]
    id: str
    items: list[Scorecard]
    tasks: Tally


class Source(msgspec.Struct, kw_only=True):
    """Who said so, when, and why: of the event at `position`."""

    position: int
    type: str
    recorded_at: datetime
    actor: str
    approver: str
    reason: str


class ExplanationShown(Shown, kw_only=True):
    """All that a colour follows from. `sources` tells of each `position` in it who said so."""

    explanation: Explanation
    sources: list[Source]
    names: Names


@read(status, "/scorecards/<any(unit, person):kind>/<id:id>", Scorecards, ScorecardsSchema)
def scorecard(look: Look, kind: Literal["unit", "person"], id: str) -> dict[str, Any]:
    """How a unit, or what a person answers for, stands on each indicator, period by period."""
    at, charter = (look.connection, look.moment), charter_of(look)
    if kind == "unit":
        items = [found(scorecards.scorecard(*at, id, charter, **look.query), kind, id, "id")]
        tasks = items[0].tasks
    else:
        found(person(*at, id), kind, id, "id")
        items = scorecards.scorecards_of(*at, id, charter, **look.query)
        tasks = tally_of_person(*at, id)
    return {"kind": kind, "id": id, "items": items, "tasks": tasks}


@read(status, "/readings/<id:reading>/explanation", ExplanationShown)
def reading_explanation(look: Look, reading: str) -> dict[str, Any]:
    """Why a reading has its colour: its inputs, the rule and the limits that decided, and who said so."""
    return _explained(look, found(explain_reading(look.connection, look.moment, reading), "reading", reading))


@read(status, "/warnings/<id:warning>/explanation", ExplanationShown)
def warning_explanation(look: Look, warning: str) -> dict[str, Any]:
    """Why a warning was raised: the explanation of its reading."""
    return _explained(look, found(explain_warning(look.connection, look.moment, warning), "warning", warning))


def _explained(look: Look, explanation: Explanation) -> dict[str, Any]:
    sources = [_source(look, position) for position in sorted(set(_positions(explanation)))]
    note_look("explanation", len(sources), look.shown.position)
    people = {act.person for loop in explanation.warnings for act in loop.acts}
    return {"explanation": explanation, "sources": sources, "names": names(look, people)}


def _positions(explanation: Explanation) -> Iterator[int]:
    yield explanation.charter.position
    yield explanation.definition_position
    if explanation.set_target is not None:
        yield explanation.set_target.position
    yield from (decision.position for decision in explanation.decisions)
    yield from (act.position for loop in explanation.warnings for act in loop.acts)


def _source(look: Look, position: int) -> Source:
    entry = look.app.log.entry(position)
    assert entry is not None, f"the facts name position {position}, which the log has not"
    envelope = read_envelope(entry.bytes)
    return Source(
        position=position,
        type=envelope.type,
        recorded_at=datetime.fromisoformat(envelope.time),
        actor=envelope.actor,
        approver=envelope.approver,
        reason=envelope.reason,
    )
