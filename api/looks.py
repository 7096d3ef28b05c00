"""Looks at the log over HTTP: each is noted before its answer leaves, or there is no answer."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import g, request

from api.access import resonance
from workflow.looks import Asked

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:_+-]{0,119}")
"""Ids, tags, types, days, instants, positions: no text that somebody wrote, which could be a name."""

UNSAID = "…"
"""Stands for a text that was asked for: that there was one is kept, and not what it said."""

_WRITTEN = {"reason"}


def note_look(what: str, shown: int, position: int) -> None:
    """Note that whoever sends this request is shown so much of `what`, up to a position. If that cannot be written, the
    error is answered in place of what was to be shown."""
    app, bearer = resonance(), g.bearer
    lists = [*request.args.lists(), *((name, [str(id)]) for name, id in (request.view_args or {}).items())]
    app.looks.note(app.now(), bearer.user, bearer.role, what, as_asked(lists), shown, position)


def as_asked(given: Iterable[tuple[str, Iterable[str]]]) -> Asked:
    """What was asked for, without texts that somebody wrote."""
    return {
        name: [each if name not in _WRITTEN and _PLAIN.fullmatch(each) else UNSAID for each in values]
        for name, values in given
    }
