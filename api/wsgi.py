"""What stands around the application: ids of requests, bodies read to their end, headers that every answer has."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, Response, g, request
from werkzeug.wsgi import get_content_length

from api.metrics import metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_BODY = 1_000_000
"""Bytes of a request's body; larger ones are refused."""

DRAINED = 16_000_000
"""Bytes of a refused body that are read and thrown away, so that the client comes to read the answer: a server's worker
may stall on what nobody reads, and closing the connection on a client that still sends hides the answer from it."""

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Drained:
    """A WSGI application whose requests are read to their end before its answer goes out."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["resonance.request_id"] = secrets.token_hex(16)
        body = environ["wsgi.input"] = _Counted(environ["wsgi.input"])
        answer = self._application(environ, start_response)
        length = get_content_length(environ)
        if length is None:  # sent in chunks, or nothing was sent
            left = DRAINED if environ.get("wsgi.input_terminated") else 0
        else:
            left = min(length, DRAINED) - body.count
        while left > 0 and (chunk := body.read(min(left, 65_536))):
            left -= len(chunk)
        return answer


class _Counted:
    """A request's body, and how many of its bytes were read."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        chunk: bytes = self._stream.read(size)
        self.count += len(chunk)
        return chunk

    def readline(self, size: int = -1) -> bytes:
        line: bytes = self._stream.readline(size)
        self.count += len(line)
        return line


def register(app: Flask) -> None:
    """Let `app` measure and note each request, and guard each answer."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.wsgi_app = Drained(app.wsgi_app)  # type: ignore[method-assign]  # as Flask's documentation does it

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        if request.path.startswith("/v1/"):
            # Names are kept by nobody; all else only by the one who asked, and not without asking again.
            response.headers.setdefault("Cache-Control", "no-store" if g.get("personal") else "private, no-cache")
        response.headers["Resonance-Request"] = request.environ["resonance.request_id"]
        _note(response)
        return response


def _note(response: Response) -> None:
    """A line in the log, and two counters. Routes, not paths or queries: those may hold what somebody searched for."""
    seconds = time.perf_counter() - g.began
    route = request.url_rule.rule if request.url_rule is not None else "none"
    numbers = metrics()
    numbers.requests.labels(request.method, route, str(response.status_code)).inc()
    numbers.seconds.labels(request.method, route).observe(seconds)
    said: dict[str, Any] = {"method": request.method, "route": route, "status": response.status_code}
    bearer = g.get("bearer")
    if bearer is not None:
        said["user"] = bearer.user
    structlog.get_logger("resonance.http").info(
        "request", **said, seconds=round(seconds, 6), request=request.environ["resonance.request_id"]
    )
