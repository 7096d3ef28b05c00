"""The installation itself: is it alive, is it ready, its metrics, who asks, what was refused, and who looked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import flask
import msgspec
from flask import Response, g
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from api import metrics
from api.access import MAY, allowed, resonance, sight
from api.looks import note_look
from api.openapi import Blueprint
from api.paging import PageSchema, cursor, key_of, next_page
from api.problems import Problem
from api.reading import read_log
from api.resources.history import NothingSchema
from projections.models import MODELS
from projections.projector import Status, status
from workflow.database import FAILURES
from workflow.ledger.standing import standing
from workflow.looks import Look

probes = flask.Blueprint("probes", __name__)
installation = Blueprint(
    "installation", __name__, url_prefix="/v1", description="Who asks, what was refused, who looked"
)


class Me(msgspec.Struct):
    """Who asks: the user and role of the token, whose it is among the people, and what that role may do."""

    user: str
    role: str
    person: str | None
    may: list[str]


class Attempt(msgspec.Struct):
    """A refused command: who tried what, on what, and why not; never its details."""

    number: int
    at: datetime
    actor: str
    command: str
    command_id: str
    subjects: list[str]
    code: str
    sentence: str


class Attempts(msgspec.Struct):
    items: list[Attempt]
    next: str | None


class Looks(msgspec.Struct):
    """Who was shown what of the log, and what they asked for: … stands for a text that they wrote."""

    items: list[Look]
    next: str | None


@read_log(installation, "/me", Me, NothingSchema, "see")
def me(_: dict[str, Any]) -> Me:
    """Who asks."""
    bearer = g.bearer
    return Me(bearer.user, bearer.role, bearer.person, [act for act in MAY if allowed(bearer, act)])


@read_log(installation, "/attempts", Attempts, PageSchema, "operate")
def attempts(asked: dict[str, Any]) -> Attempts:
    """Refused commands, the latest first."""
    rows: list[Any] = list(resonance().journal.latest(asked["limit"], key_of(asked["cursor"], int)))
    seen = sight()
    items = [
        Attempt(
            row.number,
            datetime.fromisoformat(row.at),
            row.actor,
            row.command,
            row.command_id,
            row.subjects.split(),
            row.code,
            row.sentence,
        )
        for row in rows
        if seen.of_attempt(row.command, row.subjects.split(), row.sentence)
    ]
    more = len(rows) == asked["limit"]
    return Attempts(items, next_page(cursor=cursor(rows[-1].number)) if more else None)


@read_log(installation, "/looks", Looks, PageSchema, "operate")
def looks(asked: dict[str, Any]) -> Looks:
    """Who looked at the trail, events, comparisons and the log, or took them away, the latest first."""
    app = resonance()
    found = app.looks.latest(asked["limit"], key_of(asked["cursor"], int))
    seen = sight()
    items = [look for look in found if seen.of_look(look.asked)]
    note_look("looks", len(items), app.log.head().position)
    more = len(found) == asked["limit"]
    return Looks(items, next_page(cursor=cursor(found[-1].number)) if more else None)


@probes.get("/livez")
def livez() -> Response:
    """The process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@probes.get("/readyz")
def readyz() -> Response:
    """The log can be reached, and every read model follows it; else 503 names what does not."""
    told = _status()
    if wrong := [
        f"{name} is {each['state']}" for name, each in told.items() if each["state"] in ("parked", "rebuilding")
    ]:
        sentence = f"Not ready: {', '.join(wrong)}."
        raise Problem(503, "server.not_ready", sentence, headers={"Retry-After": "5"})
    body = {"head": resonance().log.head().position, "projections": told}
    return Response(msgspec.json.encode(body), content_type="application/json")


@probes.get("/metrics")
def exposed() -> Response:
    """Counters of this server, and how far the read models are behind, in Prometheus' text format."""
    registry = CollectorRegistry()
    lag = Gauge("resonance_projection_lag_events", "Events not in the facts yet.", ["model"], registry=registry)
    seconds = Gauge("resonance_projection_lag_seconds", "The age of the first of them.", ["model"], registry=registry)
    parked = Gauge("resonance_projection_parked", "1 if the read model has stopped.", ["model"], registry=registry)
    uncovered = Gauge("resonance_ledger_uncovered_events", "Events that no checkpoint covers yet.", registry=registry)
    try:
        for name, each in _status().items():
            lag.labels(name).set(each["lag_events"])
            seconds.labels(name).set(each["lag_seconds"])
            parked.labels(name).set(each["state"] == "parked")
        signed = standing(resonance().ledger, resonance().log.head().position)
        uncovered.set(signed["uncovered"])
    except FAILURES:
        pass  # without a database the server's own counters are still worth having
    return metrics.response(metrics.metrics().exposed() + generate_latest(registry))


def _status() -> dict[str, Status]:
    app = resonance()
    return status(app.generations, app.log, MODELS, app.now())
