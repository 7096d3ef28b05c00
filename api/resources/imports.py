"""Imports: a spreadsheet, all of it or nothing, with the cell of every error; and the blank forms to fill in."""

from __future__ import annotations

from functools import partial
from typing import Any

import marshmallow as ma
from flask import Response, g, request
from flask_smorest.fields import Upload

from api.access import Act, allowed, asking, resonance
from api.commands import HEADERS, permitted
from api.imports import TEMPLATES, CellError, SheetError, blank_template, load
from api.imports.cells import MAX_BYTES
from api.imports.commands import ImportRefused, import_records
from api.openapi import Blueprint
from api.problems import Pointer, Problem
from api.schemas.fields import Text
from workflow.entry import EntryTooLarge

imports = Blueprint("imports", __name__, url_prefix="/v1", description="Spreadsheets: all of one, or nothing of it.")

ACTS: dict[str, Act] = {"targets": "measure", "readings": "report", "honours": "honour"}
"""What it takes to import a kind of file, where it is not the right to organise."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileSchema(ma.Schema):
    file = Upload(required=True, metadata={"description": "XLSX, or CSV in UTF-8 or GB18030; at most 10 MB."})


class FormSchema(ma.Schema):
    kind = ma.fields.String(
        validate=ma.validate.OneOf(list(TEMPLATES)),
        metadata={"description": "What the file holds, if neither its name nor its sheets' names say."},
    )
    dry_run = ma.fields.Boolean(load_default=False, metadata={"description": "Only say what would come of it."})
    reason = Text(least=0, most=1000, load_default="")


class KindSchema(ma.Schema):
    kind = ma.fields.String(validate=ma.validate.OneOf(list(TEMPLATES)))


class ImportedSchema(ma.Schema):
    """What came of an import, or would: `changed` rows did something, `unchanged` ones had been imported before."""

    rows = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)
    events = ma.fields.Integer(required=True)
    position = ma.fields.Integer(required=True)
    dry_run = ma.fields.Boolean(required=True)


def _may_have_ten_megabytes(view: Any) -> Any:
    def larger(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = MAX_BYTES + 10_000  # the form around the file takes its share
        return view(*args, **kwargs)

    larger.__name__, larger.__doc__ = view.__name__, view.__doc__
    return larger


@imports.arguments(FileSchema, location="files")
@imports.arguments(FormSchema, location="form")
@imports.response(200, ImportedSchema)
@imports.doc(parameters=HEADERS[1:], operationId="ImportFile")
def import_file(files: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    """Import a spreadsheet: all of it or nothing. The same rows again change nothing."""
    upload = files["file"]
    try:
        records, errors = load(upload.read(), upload.filename or "", form.get("kind"))
    except SheetError as error:
        raise Problem(422, f"import.{error.code}", str(error), [{"pointer": "#/file", "detail": str(error)}]) from None
    if errors:
        raise _problem(errors)
    for act in {ACTS.get(record.kind, "organise") for record in records}:
        if not allowed(g.bearer, act):
            raise Problem(403, "access.role", f"A {g.bearer.role} may not import this; it takes the right to {act}.")
    try:
        done = import_records(resonance(), records, asking(form["reason"]), form["dry_run"])
    except ImportRefused as refused:
        raise _problem(refused.errors) from None
    except EntryTooLarge as error:
        raise Problem(413, "event.too_large", str(error)) from None
    said = {name: getattr(done, name) for name in ("rows", "changed", "unchanged", "events", "position")}
    return said | {"dry_run": form["dry_run"]}


def _problem(errors: Any) -> Problem:
    """All that is wrong with a file, cell by cell; at most a thousand are told."""
    first = [_pointer(error) for error in errors[:1_000]]
    return Problem(422, "import.refused", f"{len(errors)} error(s); nothing was imported. {errors[0]}", first)


def _pointer(error: CellError) -> Pointer:
    return {"pointer": "#/file", "cell": f"{error.sheet}!{error.address}", "detail": str(error)}


imports.route("/imports", methods=["POST"])(permitted("import", _may_have_ten_megabytes(import_file)))


@imports.route("/imports/template")
@partial(permitted, "see")
@imports.arguments(KindSchema, location="query")
@imports.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
def template(query: dict[str, Any]) -> Response:
    """A blank workbook to fill in, for one kind of rows or for all."""
    content = blank_template([query["kind"]] if "kind" in query else TEMPLATES)
    response = Response(content, content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="resonance.xlsx"'
    return response
