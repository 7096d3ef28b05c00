"""The OpenAPI document, the page that shows it, and strict reading of requests: flask-smorest, mended."""

from __future__ import annotations

import inspect
from decimal import Decimal
from typing import Any

import flask_smorest
import marshmallow as ma
import msgspec
from flask import Flask, Request, Response, url_for
from flask_smorest.utils import prepare_response
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import BaseConverter

from api import problems
from api.problems import Problem
from api.schemas.fields import OPENAPI, number_properties
from workflow.ids import ID_PATTERN

DESCRIPTION = """\
Who answers for what, what is red and why, now and at any past moment.

Every read takes `as_of` (an instant, or `position:N`: what was known then) and `effective_on` (a date: what holds on
that day), and says what they resolved to. Every command takes an `Idempotency-Key`: sent again with the same key, it
is done once. A reader who just wrote says `Prefer: wait=5` to see what they wrote.

Where a rule wants two persons, the request carries the second one's token too: `Resonance-Second-Person: Bearer …`.
"""

COMPONENTS = {
    "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "From `resonance token issue`."}},
}

# Floats are read as decimals. Not UTF-8, halves of surrogate pairs, NaN and trailing garbage are refused.
_decoder = msgspec.json.Decoder(float_hook=Decimal)


class Parser(FlaskParser):
    """Reads requests: nothing unknown is passed over, and a body is JSON or is refused."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {
        "query": ma.RAISE,
        "json": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        content = req.get_data(cache=True)
        if not content:
            return missing
        # Werkzeug cuts a body that comes in chunks off at the limit, and does not say so.
        if req.content_length is None and len(content) >= (req.max_content_length or 0):
            raise RequestEntityTooLarge
        if not req.is_json:
            sentence = "The body is to be JSON, sent as Content-Type: application/json."
            raise Problem(415, "request.content_type", sentence)
        try:
            return _decoder.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            why = "too deeply nested" if isinstance(error, RecursionError) else str(error)
            raise Problem(400, "request.malformed", f"The body is no JSON in UTF-8: {why}.") from None


ANSWERS: dict[str, dict[str, Any]] = {}
"""The schemas of answers, by the names of their types."""


def answer_schema(answer: Any) -> dict[str, Any]:
    """The JSON Schema of an answer that msgspec writes: a reference into `ANSWERS`."""
    (schema,), parts = msgspec.json.schema_components((answer,), ref_template="#/components/schemas/{name}")
    for part in parts.values():
        if "description" in part:  # a docstring, which Python indents from 3.13 on otherwise than before
            part["description"] = inspect.cleandoc(part["description"])
    ANSWERS.update(parts)
    return schema


class Blueprint(flask_smorest.Blueprint):
    """A blueprint whose routes answer every error with a problem, and are described so."""

    ARGUMENTS_PARSER = Parser()

    def _prepare_arguments_doc(self, doc: dict[str, Any], doc_info: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        # 422 would be named as the present Python names it, which not all do alike; the default response covers it.
        doc_info.get("arguments", {}).pop("responses", None)
        described: dict[str, Any] = super()._prepare_arguments_doc(doc, doc_info, **kwargs)
        return described


class IdConverter(BaseConverter):
    """An id in a path; anything else is a path that there is not."""

    regex = ID_PATTERN.removeprefix("^").removesuffix("$")


class Api(flask_smorest.Api):
    """flask-smorest with problems for errors, and with a page for the document that needs no script in the page."""

    ERROR_SCHEMA = problems.ProblemSchema

    def __init__(self, app: Flask) -> None:
        app.config.update(
            API_TITLE="Resonance",
            API_VERSION="v1",
            OPENAPI_VERSION="3.1.0",
            OPENAPI_URL_PREFIX="/",
            API_SPEC_OPTIONS={
                "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
                "components": COMPONENTS,
                "security": [{"token": []}],
            },
        )
        app.url_map.converters["id"] = IdConverter
        super().__init__(app)
        self.register_converter(IdConverter, lambda _: {"type": "string", "pattern": ID_PATTERN})
        for field, kind in OPENAPI.items():
            self.register_field(field, *kind)
        self.ma_plugin.converter.add_attribute_function(number_properties)
        for name, schema in sorted(ANSWERS.items()):
            self.spec.components.schemas[name] = schema
        app.add_url_rule("/docs", view_func=_docs)

    def _register_error_handlers(self) -> None:
        """flask-smorest's own drops the headers of an error (405 without Allow)."""
        problems.register(self._app)

    def _register_responses(self) -> None:
        """flask-smorest's own are application/json, and one for each status that the present Python knows."""
        response = {"description": "A problem (RFC 9457).", "schema": self.ERROR_SCHEMA}
        prepare_response(response, self.spec, problems.MEDIA_TYPE)
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, response, lazy=True)


def _docs() -> Response:
    """Swagger UI, from files of our own: the page works without the internet and without script in it."""
    files = ("swagger-ui.css", "swagger-ui-bundle.js", "init.js")
    style, bundle, init = (url_for("static", filename=f"swagger/{name}") for name in files)
    return Response(
        f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Resonance</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<div id="swagger-ui" data-url="{url_for("api-docs.openapi_json")}"></div>
<script src="{bundle}"></script>
<script src="{init}"></script>
</body>
</html>
""",
        content_type="text/html; charset=utf-8",
    )
