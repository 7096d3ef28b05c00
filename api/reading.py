"""Read routes: one consistent look at the facts, at the moment asked for, and what it shows."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import marshmallow as ma
import msgspec
from flask import Response, request
from sqlalchemy import Connection

from api.access import Act, resonance, sight
from api.commands import permitted
from api.openapi import Blueprint, answer_schema
from api.paging import cursor, key_of, next_page
from api.problems import Problem
from api.time_control import AsOf, MomentSchema, asked, recorded_at
from api.wiring import Resonance
from projections.generations import Generation
from projections.models import MODELS
from projections.store import Checkpoint, checkpoints
from projections.views import F, Found, Moment
from projections.views.charters import charter_at
from projections.views.erasure import last_changed
from workflow.case_teams.views import unknown
from workflow.charter.model import Charter

LONGEST_WAIT = 10
"""Seconds; a `Prefer: wait` for longer is cut down to it."""

_POLL = 0.01
_WAIT = re.compile(r'(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?=$|[,;\s])')

WAIT_FOR = "Resonance-Wait-For"

HEADERS: list[dict[str, Any]] = [
    {
        "in": "header",
        "name": "Prefer",
        "description": f"`wait=N`: wait up to N seconds (at most {LONGEST_WAIT}) until all of the log can be seen.",
        "schema": {"type": "string"},
    },
    {
        "in": "header",
        "name": WAIT_FOR,
        "description": "The position to wait for, if not the end of the log: that of a command's answer.",
        "schema": {"type": "integer", "minimum": 0},
    },
    {"in": "header", "name": "If-None-Match", "schema": {"type": "string"}},
]

ANSWER_HEADERS = {
    "Resonance-Position": {"description": "The last event that is shown.", "schema": {"type": "integer"}},
    "Resonance-Parked": {"description": "Read models that stopped before it.", "schema": {"type": "string"}},
    "ETag": {"schema": {"type": "string"}},
    "Link": {"description": "The next page, with rel=next.", "schema": {"type": "string"}},
}


T = TypeVar("T")


class Shown(msgspec.Struct, kw_only=True):
    """What every read answers: the moment that it shows, resolved."""

    as_of: AsOf
    effective_on: date


class Page(Shown, Generic[T], kw_only=True):
    """One page of a list. `next` is the address of the next one, at the very same moment."""

    items: list[T]
    next: str | None


class Item(Shown, Generic[T], kw_only=True):
    """One thing. It may not hold on the day asked for: then it is as it held last before, or will hold first."""

    item: T


@dataclass(frozen=True)
class Look:
    """One consistent look at the facts of a generation. `shown` and `moment` say when, `query` what else was asked."""

    app: Resonance
    connection: Connection
    moment: Moment
    shown: AsOf
    query: dict[str, Any]

    def page(self, found: Found[F]) -> dict[str, Any]:
        """The items of a page, and the address of the next one."""
        return {"items": found.items, "next": self.next(found.after)}

    def next(self, after: str | None) -> str | None:
        """The address of the page after a key, at this very moment; None if there is none."""
        if after is None:
            return None
        at = f"position:{self.shown.position}"
        return next_page(cursor=cursor(after), as_of=at, effective_on=self.moment.effective_on)

    def paging(self) -> dict[str, Any]:
        """What was asked of a list: its filters, how many items, and after which key."""
        return self.query | {"after": key_of(self.query.pop("cursor"), str) or ""}


def read(
    blueprint: Blueprint,
    rule: str,
    answer: type[Shown],
    query: type[ma.Schema] = MomentSchema,
    act: Act = "see",
) -> Callable[[Callable[..., dict[str, Any]]], None]:
    """Let `GET rule` answer with what a view finds, for whoever may do `act`.

    The view takes a look and the ids in the path, and returns the fields of `answer`, but for the moment that it shows.
    """

    def route(view: Callable[..., dict[str, Any]]) -> None:
        def answered(asked_for: dict[str, Any], **ids: str) -> Response:
            app, moment = resonance(), asked(resonance(), asked_for.pop("as_of"), asked_for.pop("effective_on"))
            with facts(app, moment.position) as (connection, generation, reached):
                position = _shown(reached) if moment.position is None else moment.position
                barred = sight().barred
                seen = reached if moment.position is None else position
                tag = _etag(generation, seen, moment.effective_on, barred, last_changed(connection))
                if request.if_none_match.contains(tag):
                    return _headed(Response(status=304), tag, position, reached)
                # What is known now is found faster than what was known at a position, and is the same if all are there.
                level = moment.position is None and all(each.position == position for each in reached.values())
                at = AsOf(position, recorded_at(app, position))
                known = Moment(None if level else position, moment.effective_on, barred)
                look = Look(app, connection, known, at, asked_for)
                body = answer(as_of=at, effective_on=moment.effective_on, **view(look, **ids))
            return _headed(as_json(body), tag, position, reached)

        answered.__doc__, answered.__name__ = view.__doc__, view.__name__
        described = blueprint.doc(parameters=HEADERS, operationId=view.__name__)(answered)
        described = blueprint.response(200, answer_schema(answer), headers=ANSWER_HEADERS)(described)
        described = blueprint.alt_response(304, description="Not modified.", success=True)(described)
        blueprint.route(rule)(permitted(act, blueprint.arguments(query, location="query")(described)))

    return route


def read_log(
    blueprint: Blueprint, rule: str, answer: type[msgspec.Struct], query: type[ma.Schema], act: Act
) -> Callable[[Callable[..., Any]], None]:
    """Let `GET rule` answer with what a view finds in the log itself, for whoever may do `act`.

    The view takes what was asked and the ids in the path, and returns an `answer`.
    """

    def route(view: Callable[..., Any]) -> None:
        def answered(asked_for: dict[str, Any], **ids: Any) -> Response:
            response = as_json(view(asked_for, **ids))
            response.add_etag()
            response.make_conditional(request)
            return response

        answered.__doc__, answered.__name__ = view.__doc__, view.__name__
        described = blueprint.doc(parameters=HEADERS[-1:], operationId=view.__name__)(answered)
        described = blueprint.response(200, answer_schema(answer))(described)
        described = blueprint.alt_response(304, description="Not modified.", success=True)(described)
        blueprint.route(rule)(permitted(act, blueprint.arguments(query, location="query")(described)))

    return route


def as_json(body: Any) -> Response:
    """A body as JSON, with a Link to the next page if it has one."""
    response = Response(msgspec.json.encode(body), content_type="application/json")
    if following := getattr(body, "next", None):
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def found(thing: T | None, kind: str, name: str, parameter: str = "") -> T:
    """The thing that the path names. Raises Problem if it was not known at the moment."""
    if thing is None:
        sentence = f"There is no {kind} {name}, as known at that moment."
        raise Problem(404, f"{kind}.unknown", sentence, [{"parameter": parameter or kind, "detail": sentence}])
    return thing


def no_case_team(parameter: str) -> Problem:
    """That there is no such team, for all that whoever asks may know; it does not repeat what was asked for."""
    refused = unknown()
    return Problem(404, refused.code, refused.sentence, [{"parameter": parameter, "detail": refused.sentence}])


def charter_of(look: Look) -> Charter:
    """The charter that was in force at the moment. Raises Problem if none was."""
    charter = charter_at(look.connection, look.moment)
    if charter is None:
        raise Problem(404, "charter.none", f"No charter is in force on {look.moment.effective_on}.")
    return charter


@contextmanager
def facts(app: Resonance, asked_for: int | None) -> Iterator[tuple[Connection, Generation, dict[str, Checkpoint]]]:
    """A snapshot of the facts that are read now. Waits as the request prefers; for a position that was asked for by
    name a little in any case, and then raises Problem rather than show another."""
    wanted, seconds = preferred_wait(app)
    if asked_for is not None:
        wanted, seconds = max(wanted, asked_for), max(seconds, 1.0)
    deadline = time.monotonic() + seconds
    while True:
        generation = _generation(app)
        with snapshot(generation) as connection:
            found = {model.name: checkpoints(connection)[model.name] for model in MODELS}
            reached = _shown(found)
            if reached >= wanted or time.monotonic() >= deadline:
                if asked_for is not None and reached < asked_for:
                    raise behind(reached, asked_for)
                yield connection, generation, found
                return
        time.sleep(_POLL)


@contextmanager
def snapshot(generation: Generation) -> Iterator[Connection]:
    """A connection on which all queries see the same facts."""
    with generation.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # else Python's driver gives each query a snapshot of its own
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def behind(reached: int, wanted: int) -> Problem:
    sentence = f"The facts reach position {reached} so far, not {wanted}. Try again soon."
    return Problem(503, "facts.behind", sentence, headers={"Retry-After": "1"})


def _generation(app: Resonance) -> Generation:
    generation = app.generations.current()
    if generation is None or not all(generation.serves(model) for model in MODELS):
        sentence = "The facts are being built: the projector has not come so far yet."
        raise Problem(503, "facts.building", sentence, headers={"Retry-After": "5"})
    return generation


def _shown(found: dict[str, Checkpoint]) -> int:
    """The last position that all facts show; a parked read model does not hold the others up."""
    live = [each.position for each in found.values() if each.state != "parked"]
    return min(live or [each.position for each in found.values()])


def preferred_wait(app: Resonance) -> tuple[int, float]:
    """The position to wait for, and for how many seconds at most (RFC 7240, section 4.3)."""
    named = request.headers.get(WAIT_FOR)
    if named is not None and not re.fullmatch("[0-9]{1,18}", named):
        sentence = "The position to wait for is a whole number."
        raise Problem(400, "request.wait_for", sentence, [{"header": WAIT_FOR, "detail": sentence}])
    preferred = _WAIT.search(request.headers.get("Prefer", ""))
    if preferred is None:
        return 0, 0.0
    position = app.log.head().position if named is None else int(named)
    return position, min(float(preferred[1]), LONGEST_WAIT)


def _etag(
    generation: Generation, shown: Any, effective_on: date, barred: frozenset[str], holds: tuple[int, int]
) -> str:
    """`holds`: who is erased or restricted changes what is shown of the past."""
    positions = [each.position for each in shown.values()] if isinstance(shown, dict) else shown
    seen = [generation.number, generation.models, positions, effective_on, request.full_path, sorted(barred), holds]
    return hashlib.sha256(msgspec.json.encode(seen)).hexdigest()[:32]


def _headed(response: Response, tag: str, position: int, found: dict[str, Checkpoint]) -> Response:
    response.set_etag(tag)
    response.headers["Resonance-Position"] = str(position)
    if parked := [name for name, each in found.items() if each.state == "parked"]:
        response.headers["Resonance-Parked"] = ", ".join(parked)
    if _WAIT.search(request.headers.get("Prefer", "")):
        response.headers["Preference-Applied"] = "wait"
    return response
