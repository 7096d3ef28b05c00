"""Problems: every error is answered as RFC 9457 says, with a sentence for the person who asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypedDict

import marshmallow as ma
import msgspec
import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from workflow.barred import Recused
from workflow.database import FAILURES, is_not_migrated, is_read_only, is_unreachable
from workflow.entry import EntryTooLarge
from workflow.slices import Refused
from workflow.writer import Conflict, RefusedTogether

MEDIA_TYPE = "application/problem+json"

SENTENCES = {
    404: ("request.no_such_address", "There is nothing at this address."),
    405: ("request.method", "This address does not take such a request; the header Allow says which it takes."),
    413: ("request.too_large", "The body of a request is at most 1,000,000 bytes."),
}
"""The code and the sentence for what the framework refuses most."""


class Pointer(TypedDict, total=False):
    """What is at fault: a JSON pointer into the body (RFC 6901, as a fragment), a cell of a spreadsheet, a parameter of
    the path or the query, or a header; and what about it."""

    pointer: str
    cell: str
    parameter: str
    header: str
    detail: str


class Problem(Exception):
    """A request that is answered with an error. `code` is stable; `detail` is a sentence."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        pointers: Iterable[Pointer] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.pointers = list(pointers)
        self.headers = dict(headers or {})

    def response(self) -> Response:
        body = {
            "type": f"/problems/{self.code}",
            "title": HTTP_STATUS_CODES[self.status],
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "pointers": self.pointers,
        }
        return Response(msgspec.json.encode(body), self.status, self.headers, content_type=MEDIA_TYPE)


class PointerSchema(ma.Schema):
    pointer = ma.fields.String(metadata={"description": "A JSON pointer into the request's body."})
    cell = ma.fields.String(metadata={"description": "A cell of an imported file, `sheet!B7`."})
    parameter = ma.fields.String(metadata={"description": "A parameter of the path or the query."})
    header = ma.fields.String()
    detail = ma.fields.String(required=True)


class ProblemSchema(ma.Schema):
    """How errors are described; they are written by `Problem.response`."""

    type = ma.fields.String(required=True, metadata={"description": "`/problems/` and the code: a stable name."})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True, metadata={"description": "A sentence for the person who asked."})
    code = ma.fields.String(required=True, metadata={"description": "The rule that refused, e.g. `post.occupied`."})
    pointers = ma.fields.List(ma.fields.Nested(PointerSchema), required=True)


def register(app: Flask) -> None:
    """Let `app` answer every error with a problem."""
    app.register_error_handler(Problem, Problem.response)
    app.register_error_handler(Refused, lambda refused: of_refusal(refused).response())
    app.register_error_handler(RefusedTogether, _of_refusals)
    app.register_error_handler(Conflict, _of_conflict)
    app.register_error_handler(EntryTooLarge, _of_size)
    app.register_error_handler(HTTPException, _of_http)
    for error in FAILURES:
        app.register_error_handler(error, _of_failure)
    app.register_error_handler(Exception, _of_mishap)


def of_refusal(refused: Refused) -> Problem:
    """404 where the path names what is not known, 409 where the command id or an id was used before, 422 for all else:
    the request is understood, and by the rules it cannot be. What is kept from whoever asks is answered as if it were
    not there: 403 only where nothing else would be said then."""
    told, in_path = refused.told, request.view_args or {}
    if isinstance(told, Recused):
        status = 403
    elif told.code.endswith(".unknown") and told.fields and in_path.keys() >= set(told.fields):
        status = 404
    elif told.code in ("command.reused", "command.erased") or told.code.endswith(".exists"):
        status = 409
    else:
        status = 422
    return _problem(status, told)


def _problem(status: int, refused: Refused) -> Problem:
    return Problem(status, refused.code, refused.sentence, [_pointer(field, refused) for field in refused.fields])


def _of_refusals(together: RefusedTogether) -> Response:
    """The problem of the first, and what all of them point to."""
    refused = [of_refusal(each) for each in together.refusals.values()]
    first = refused[0]
    pointers = {tuple(pointer.items()): pointer for each in refused for pointer in each.pointers}
    return Problem(first.status, first.code, first.detail, pointers.values()).response()


def _pointer(field: str, refused: Refused) -> Pointer:
    if field in (request.view_args or {}):
        return {"parameter": field, "detail": refused.sentence}
    if field == "approver":
        return {"header": "Resonance-Second-Person", "detail": refused.sentence}
    return {"pointer": f"#/{field}", "detail": refused.sentence}


def _of_conflict(_: Conflict) -> Response:
    sentence = "Others changed the same things at the same moment. Send the request again with the same key."
    return Problem(409, "command.conflict", sentence, headers={"Retry-After": "1"}).response()


def _of_size(_: EntryTooLarge) -> Response:
    sentence = "What this would record is too large for one event, which holds 60,000 bytes."
    return Problem(413, "event.too_large", sentence).response()


def _of_http(error: HTTPException) -> Response:
    """What the framework refuses: its headers (Allow, for one) are kept, and fields are pointed to."""
    status = error.code or 500
    if 300 <= status < 400:
        return Response(error.get_response())  # type: ignore[arg-type]  # a redirect is no error
    messages = getattr(error, "data", {}).get("messages")
    headers = {k: v for k, v in error.get_headers() if k.lower() not in ("content-type", "content-length")}
    if messages:
        pointers = list(_pointers(messages))
        detail = " ".join(dict.fromkeys(f"{_name(each)}: {each['detail']}" for each in pointers[:3]))
        return Problem(status, "request.invalid", detail, pointers, headers).response()
    code = "request." + re.sub(r"[^a-z]+", "_", error.name.lower())
    code, detail = SENTENCES.get(status, (code, error.description or error.name))
    return Problem(status, code, detail, (), headers).response()


def _of_failure(error: Exception) -> Response:
    if is_read_only(error):
        code, sentence = "database.read_only", "The database takes no writes now. Try again soon, or where it does."
    elif is_unreachable(error) or is_not_migrated(error):
        code, sentence = "database.unreachable", "The database cannot be reached, or was not migrated. Try again soon."
    else:
        return _of_mishap(error)
    structlog.get_logger().error(code, error=type(error).__name__)
    return Problem(503, code, sentence, headers={"Retry-After": "5"}).response()


def _of_mishap(error: Exception) -> Response:
    structlog.get_logger().error("unforeseen error", exc_info=error)
    return Problem(500, "server.mishap", "Something went wrong on our side; it is in the log.").response()


def _pointers(messages: Mapping[str, Any]) -> Iterator[Pointer]:
    """One pointer for each message of marshmallow's, which nest: {location: {field: {index: {field: [text…]}}}}."""
    for location, found in messages.items():
        for path, text in _leaves(found, ()):
            if location == "json":
                # RFC 6901, section 3: "~" and "/" in a name are written ~0 and ~1.
                names = (name.replace("~", "~0").replace("/", "~1") for name in path if name != "_schema")
                yield {"pointer": "#" + "".join(f"/{name}" for name in names), "detail": text}
            elif location == "headers":
                yield {"header": ".".join(path), "detail": text}
            else:
                yield {"parameter": ".".join(path), "detail": text}


def _leaves(found: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(found, Mapping):
        for name, inner in found.items():
            yield from _leaves(inner, (*path, str(name)))
    elif isinstance(found, (list, tuple)):
        for inner in found:
            yield from _leaves(inner, path)
    else:
        yield path, str(found)


def _name(pointer: Pointer) -> str:
    return (pointer.get("pointer") or pointer.get("parameter") or pointer.get("header") or "").removeprefix("#/") or (
        "the body"
    )
