"""Command routes: a body, a command, the writer, and what came of it."""

from __future__ import annotations

import hashlib
import re
from functools import wraps
from typing import Any

import marshmallow as ma
import msgspec
from flask import Response, request
from marshmallow import fields

from api.access import SECOND_PERSON, Act, admit, asking, resonance, sight
from api.metrics import metrics
from api.openapi import Blueprint
from api.problems import Problem
from workflow.entry import EntryTooLarge
from workflow.ids import tags_of
from workflow.sealed import Sealed, Unsealed
from workflow.slices import Command, Event, Refused
from workflow.writer import Conflict, Outcome

_KEY = re.compile(r"[!-~]{1,200}")

HEADERS = [
    {
        "in": "header",
        "name": "Idempotency-Key",
        "description": "Names this command for ever: sent again, it is answered as before. Left out: one is made.",
        "schema": {"type": "string", "pattern": f"^{_KEY.pattern}$"},
    },
    {
        "in": "header",
        "name": SECOND_PERSON,
        "description": "`Bearer` and the token of the second person, who approves; where a rule wants two.",
        "schema": {"type": "string"},
    },
]

ANSWER_HEADERS = {
    "Resonance-Position": {"description": "The position after this command.", "schema": {"type": "integer"}},
    "Idempotency-Replayed": {"description": "true, if it had been done before.", "schema": {"type": "string"}},
}


class EventSchema(ma.Schema):
    position = fields.Integer(required=True)
    type = fields.String(required=True)
    data = fields.Dict(required=True, metadata={"description": "Without personal details."})


class OutcomeSchema(ma.Schema):
    """What came of a command: its events, and the position of the last one."""

    position = fields.Integer(required=True)
    events = fields.List(fields.Nested(EventSchema), required=True)


def command(
    blueprint: Blueprint,
    rule: str,
    kind: type[Command],
    schema: type[ma.Schema],
    act: Act,
    *,
    at: str = "",
    makes: str = "",
) -> None:
    """Let `POST rule` perform a command, for whoever may do `act`.

    The command's parameters are the body's fields and the ids in the path. With `at`, the command makes a thing that is
    to be found there (201 and Location). If the body leaves out the id named by `makes`, it is made of the command id.
    """

    def view(body: dict[str, Any], **ids: str) -> Response:
        reason, key = body.pop("reason"), _command_id()
        if makes and makes not in body:
            body[makes] = f"{makes[0].upper()}-{hashlib.sha256(key.encode()).hexdigest()[:20]}"
        asked = {name: tuple(value) if isinstance(value, list) else value for name, value in (body | ids).items()}
        return _perform(kind(**asked), key, reason, at)

    view.__doc__, view.__name__ = kind.__doc__, kind.__name__
    command_route(blueprint, rule, view, schema, act, makes=bool(at))


def command_route(
    blueprint: Blueprint, rule: str, view: Any, schema: type[ma.Schema], act: Act, *, makes: bool
) -> None:
    """Let `POST rule` be answered by a view that takes the body, and describe it as a command."""
    described = blueprint.doc(parameters=HEADERS, operationId=view.__name__)(view)
    described = blueprint.response(201 if makes else 200, OutcomeSchema, headers=ANSWER_HEADERS)(described)
    if makes:  # what turns out to be so already makes nothing
        described = blueprint.alt_response(200, schema=OutcomeSchema, headers=ANSWER_HEADERS, success=True)(described)
    blueprint.route(rule, methods=["POST"])(permitted(act, blueprint.arguments(schema)(described)))


def permitted(act: Act, view: Any) -> Any:
    """The view, for those only who may do `act`: nobody else learns what is wrong with a request."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        admit(act)
        return view(*args, **kwargs)

    return guarded


def _perform(command: Command, key: str, reason: str, at: str) -> Response:
    """What came of a command, but for what is kept from whoever asks by now. What they named themselves is told: they
    had a part in it when that was decided, and who declares their own recusal is told that it is recorded."""
    app, name, context = resonance(), type(command).__name__, asking(reason, key)
    try:
        outcome = app.handle(command, context)
    except (Refused, Conflict, EntryTooLarge) as error:
        kind = Refused if isinstance(error, Refused) else type(error)  # metrics tell nobody of which kind a refusal was
        metrics().commands.labels(name, kind.__name__.lower()).inc()
        raise
    metrics().commands.labels(name, "repeated" if outcome.repeated else "done").inc()
    return answer(outcome, sight().barred.difference(tags_of(command)), at)


def _command_id() -> str:
    """The request's Idempotency-Key, or one of our own. Raises Problem."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return hashlib.sha256(request.environ["resonance.request_id"].encode()).hexdigest()[:32]
    if _KEY.fullmatch(key) is None:
        sentence = "An Idempotency-Key is 1 to 200 visible ASCII characters."
        raise Problem(400, "request.idempotency_key", sentence, [{"header": "Idempotency-Key", "detail": sentence}])
    return key


def answer(outcome: Outcome, barred: frozenset[str], at: str) -> Response:
    """What came of a command, but for events about what is `barred`. `at` is where to find what it made, if it made a
    thing; its first event says the id."""
    events = [
        {"position": outcome.first + number, "type": fact.TOPIC, "data": _public(fact)}
        for number, fact in enumerate(outcome.events)
        if barred.isdisjoint(tags_of(fact))
    ]
    body = msgspec.json.encode({"position": outcome.last, "events": events})
    response = Response(body, 201 if at and outcome.events else 200, content_type="application/json")
    response.headers["Resonance-Position"] = str(outcome.last)
    if at and outcome.events:
        response.headers["Location"] = at.format_map(outcome.events[0].as_dict())
    if outcome.repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _public(fact: Event) -> dict[str, Any]:
    """What an event says, without personal details, sealed or not: so it is the same the first time and ever after."""
    return {name: value for name, value in fact.as_dict().items() if not isinstance(value, (Sealed, Unsealed))}
