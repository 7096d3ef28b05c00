"""The ledger over HTTP: checkpoint and tiles as C2SP tlog-tiles has them, how far it is, and receipts of events."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response

from api.access import resonance, whole_log
from api.commands import permitted
from api.looks import note_look
from api.openapi import Blueprint
from api.problems import Problem
from api.reading import read_log
from api.resources.history import NothingSchema, entry_at
from workflow.ledger.cosigning import cosigned_note
from workflow.ledger.standing import receipt, standing
from workflow.ledger.strict import Malformed
from workflow.ledger.tiles import WIDTH, TilePath, width_of
from workflow.ledger.tree import HASH_SIZE

ledger = Blueprint("ledger", __name__, description="The log proves itself: checkpoints, tiles, receipts.")

_FOR_EVER = "private, max-age=31536000, immutable"


class Ledger(msgspec.Struct, kw_only=True):
    """How far the ledger is. `origin` names the log in its checkpoints. `size` entries are covered by the last of
    them, signed at `signed_at`; `witnessed` by the last that a witness cosigned; `uncovered` by none yet. `keys` are
    the log's own verifier keys, the one in use first: whoever verifies should have them from elsewhere."""

    origin: str
    size: int
    signed_at: str | None
    witnessed: int
    uncovered: int
    keys: list[str]


@read_log(ledger, "/v1/ledger", Ledger, NothingSchema, "see")
def ledger_standing(_: dict[str, Any]) -> Ledger:
    """How far the ledger is: what is signed, what is witnessed, what nothing protects yet."""
    app = resonance()
    told = standing(app.ledger, app.log.head().position)
    return Ledger(origin=app.log.source, keys=[str(key) for key in app.verifiers], **told)


def checkpoint() -> Response:
    """The last checkpoint with its cosignatures: a signed note (C2SP tlog-checkpoint)."""
    app = resonance()
    signed = app.ledger.latest()
    if signed is None:
        raise Problem(404, "checkpoint.none", "Nothing was signed yet.")
    return _note(cosigned_note(app.ledger, signed))


def tile(path: str) -> Response:
    """A tile of hashes, or of entries: `0/000`, `0/x001/067.p/12`, `entries/000` (C2SP tlog-tiles)."""
    try:
        wanted = TilePath.parse(f"tile/{path}")
    except Malformed as error:
        raise Problem(404, "tile.path", f"This is no path of a tile: {error}.") from None
    if wanted.level is None:
        whole_log()  # nothing is said of how many there are
    app = resonance()
    there = width_of(wanted.level or 0, wanted.number, app.ledger.size())
    if there < wanted.width:
        sentence = f"Of this tile there are {there} of {WIDTH} so far, which are asked for with .p/{there}."
        raise Problem(404, "tile.none", sentence)
    content = _entries(wanted) if wanted.level is None else _hashes(wanted.level, wanted)
    response = Response(content, content_type="application/octet-stream")
    response.headers["Cache-Control"] = _FOR_EVER if wanted.width == WIDTH else "private, no-cache"
    return response


def event_receipt(position: int) -> Response:
    """A receipt: a file that proves, to whoever has the log's verifier key, that this event stands in the log (C2SP
    tlog-proof)."""
    entry_at(position)
    found = receipt(resonance().ledger, position)
    if found is None:
        sentence = f"No checkpoint covers position {position} yet. Try again soon."
        raise Problem(503, "receipt.uncovered", sentence, headers={"Retry-After": "1"})
    note_look("receipt", 1, position)
    response = _note(found.write())
    response.headers["Content-Disposition"] = f'attachment; filename="{position}.tlog-proof"'
    return response


def _hashes(level: int, wanted: TilePath) -> bytes:
    return resonance().ledger.tile(level, wanted.number)[: wanted.width * HASH_SIZE]


def _entries(wanted: TilePath) -> bytes:
    """Each entry after its length in two bytes."""
    first = wanted.number * WIDTH
    entries = list(resonance().log.entries(first, first + wanted.width))
    whole_log()  # once they are read, so that no recusal comes between
    note_look("entries", wanted.width, first + wanted.width)
    return b"".join(len(entry.bytes).to_bytes(2, "big") + entry.bytes for entry in entries)


def _note(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "private, no-cache"})


_NOTE = {"type": "string"}
_TILE = {"type": "string", "format": "binary"}

for _rule, _view, _schema, _type, _act in (
    ("/checkpoint", checkpoint, _NOTE, "text/plain", "prove"),
    ("/tile/<path:path>", tile, _TILE, "application/octet-stream", "prove"),
    ("/v1/events/<int:position>/receipt", event_receipt, _NOTE, "text/plain", "see history"),
):
    _described = ledger.response(200, _schema, content_type=_type)(ledger.doc(operationId=_view.__name__)(_view))
    ledger.route(_rule)(permitted(_act, _described))  # type: ignore[arg-type]
