"""Paging: lists go on where a cursor says, never by counting rows."""

from __future__ import annotations

import base64
import binascii
from typing import Any, TypeVar
from urllib.parse import urlencode

import marshmallow as ma
import msgspec
from flask import request

from api.problems import Problem
from api.schemas.fields import QueryWhole, Text
from api.time_control import MomentSchema

MOST = 200

T = TypeVar("T")


class PageSchema(ma.Schema):
    """Query parameters of every list."""

    limit = QueryWhole(1, MOST, load_default=50)
    cursor = Text(
        1,
        400,
        load_default=None,
        metadata={"description": "From the `next` of the page before: opaque, and good for the same query only."},
    )


class PageOfMomentSchema(MomentSchema, PageSchema):
    """Query parameters of a list of what holds at a moment."""


def cursor(key: str | int) -> str:
    """The cursor after the row with this key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def key_of(text: str | None, kind: type[T]) -> T | None:
    """The key in a cursor. Raises Problem for one that we did not make."""
    if text is None:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=kind)
    except (binascii.Error, msgspec.DecodeError, ValueError):
        sentence = "This is no cursor of ours; take it from the `next` of the page before."
        raise Problem(422, "request.cursor", sentence, [{"parameter": "cursor", "detail": sentence}]) from None


def next_page(**changed: Any) -> str:
    """The path and query of this request, with some parameters changed."""
    query = {**request.args.to_dict(), **{name: str(value) for name, value in changed.items()}}
    return f"{request.path}?{urlencode(query)}"
