"""Looks at the log over HTTP: each is noted before its answer leaves, or there is no answer."""

from __future__ import annotations

import re
from collections.abc import Iterable

import structlog
from flask import g, request
from sqlalchemy.exc import SQLAlchemyError

from api.access import resonance
from api.problems import Problem
from workflow.looks import Asked

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:_+-]{0,119}")
"""Ids, tags, types, days, instants, positions: no text that somebody wrote, which could be a name."""

UNSAID = "…"
"""Stands for a text that was asked for: that there was one is kept, and not what it said."""

_WRITTEN = {"reason"}


def note_look(what: str, shown: int, position: int) -> None:
    """Note that whoever sends this request is shown so much of `what`, up to a position. Raises Problem if
    that cannot be written: then nothing is shown."""
    app, bearer = resonance(), g.bearer
    lists = [*request.args.lists(), *((name, [str(id)]) for name, id in (request.view_args or {}).items())]
    try:
        app.looks.note(app.now(), bearer.user, bearer.role, what, as_asked(lists), shown, position)
    except SQLAlchemyError as error:
        structlog.get_logger().error("look not noted", error=type(error).__name__)
        sentence = "Who looks at the log is noted first, and that cannot be done now. Try again soon."
        raise Problem(503, "look.unnoted", sentence, headers={"Retry-After": "5"}) from error


def as_asked(given: Iterable[tuple[str, Iterable[str]]]) -> Asked:
    """What was asked for, without texts that somebody wrote."""
    return {
        name: [each if name not in _WRITTEN and _PLAIN.fullmatch(each) else UNSAID for each in values]
        for name, values in given
    }
