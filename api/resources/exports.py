"""The trail over HTTP as files for a spreadsheet, narrowed as the trail is, and with the checkpoint in them."""

from __future__ import annotations

import tempfile
from typing import Any

import flask
from flask import Response, g, request

from api.access import resonance, sight
from api.commands import permitted
from api.exports.tables import Write, write_csv, write_xlsx
from api.exports.taking import Taking, about
from api.looks import note_look
from api.narrowing import search_for
from api.openapi import Blueprint
from api.resources.history import moment_of
from api.schemas.trail import NarrowedSchema, filters_in

exports = Blueprint("exports", __name__, url_prefix="/v1/exports", description="The trail as files.")

MOST_ROWS = 10_000
MOST_PAGES = 100
"""Each page of the log has at least 1,000 entries or gives as many rows; on the command line there is no bound."""

_IN_MEMORY = 8_000_000

HEADERS = {
    "Resonance-Position": {"description": "The last event that was known.", "schema": {"type": "integer"}},
    "Resonance-Rows": {"description": "How many events the file has.", "schema": {"type": "integer"}},
    "Resonance-Left-Off": {
        "description": "How many more were found; with a plus sign if the log was not read to the end.",
        "schema": {"type": "string", "pattern": "^[0-9]+\\+?$"},
    },
}


def _answered(asked: dict[str, Any], write: Write, name: str, media_type: str) -> Response:
    app, filters = resonance(), filters_in(asked)
    upto, day = moment_of(app, asked)
    search = search_for(app.log, filters, upto, day, sight())
    taking = Taking(app.log, search, asked["order"], MOST_ROWS, MOST_PAGES)
    told = about(app, upto, dict(request.args.lists()), g.bearer.user, g.bearer.role)
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # the response closes it
    try:
        write(file, taking, told)
        note_look(f"export {name}", taking.rows, upto)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    response = flask.send_file(file, media_type, as_attachment=True, download_name=name)
    response.headers["Resonance-Position"] = str(upto)
    response.headers["Resonance-Rows"] = str(taking.rows)
    response.headers["Resonance-Left-Off"] = f"{taking.left_off}{'' if taking.whole else '+'}"
    response.headers["Cache-Control"] = "no-store"
    return response


CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def trail_csv(asked: dict[str, Any]) -> Response:
    """What happened as CSV, at most 10,000 events of it: UTF-8, and no cell begins a formula. The last record is the
    checkpoint."""
    return _answered(asked, write_csv, "trail.csv", CSV)


def trail_xlsx(asked: dict[str, Any]) -> Response:
    """What happened as a workbook, at most 10,000 events of it; the second worksheet has the checkpoint."""
    return _answered(asked, write_xlsx, "trail.xlsx", XLSX)


_FILE = {"type": "string", "format": "binary"}

for _rule, _view, _type in (("/trail.csv", trail_csv, CSV), ("/trail.xlsx", trail_xlsx, XLSX)):
    _described = exports.doc(operationId=_view.__name__)(_view)
    _described = exports.response(200, _FILE, content_type=_type, headers=HEADERS)(_described)
    _described = exports.arguments(NarrowedSchema, location="query")(_described)
    exports.route(_rule)(permitted("see history", _described))
