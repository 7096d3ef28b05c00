"""The witness as a server of its own (C2SP tlog-witness): it knows logs by their keys, and nothing of institutions."""

from __future__ import annotations

from flask import Flask, Response, request

from api.wsgi import SECURITY
from workflow.ledger.strict import Malformed
from workflow.ledger.tree import BadProof
from workflow.ledger.witness import Forked, NotSigned, Stale, UnknownLog, Witness

LARGEST = 80 * 1024
"""Bytes of a request; larger ones are refused."""


def create_witness(witness: Witness) -> Flask:
    """`POST /add-checkpoint` cosigns; `GET /checkpoint/<origin>` shows the last checkpoint of a log that it saw."""
    app = Flask("witness")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST

    @app.post("/add-checkpoint")
    def add_checkpoint() -> Response:
        try:
            return _text(200, witness.add(request.get_data()))
        except Malformed as error:
            return _text(400, f"{error}\n")
        except UnknownLog as error:
            return _text(404, f"{error}\n")
        except NotSigned as error:
            return _text(403, f"{error}\n")
        except Stale as stale:
            return Response(f"{stale.size}\n", 409, content_type="text/x.tlog.size")
        except Forked as error:
            return _text(409, f"{error}\n")
        except BadProof as error:
            return _text(422, f"{error}\n")

    @app.get("/checkpoint/<path:origin>")
    def checkpoint(origin: str) -> Response:
        note = witness.note(origin)
        return _text(404, "no log of this name is known here\n") if note is None else _text(200, note)

    @app.get("/livez")
    def livez() -> Response:
        return _text(200, "ok\n")

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.update(SECURITY)
        return response

    return app


def _text(status: int, text: str) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
