"""Names of people: opened for those who may see them, with one look into the key store a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

import msgspec
from flask import g

from api.access import allowed
from api.reading import Look
from projections.views.erasure import held_since
from projections.views.people import details_of
from workflow.keys import ERASED
from workflow.sealed import Sealed

Names = dict[str, str | None]
"""Names by person; null for one whose details were erased or are restricted. Empty for who may not see names."""

Details = Mapping[str, str]


def opened(look: Look, sealed: Mapping[str, Sealed]) -> dict[str, Details | None]:
    """Details by person, None where they were erased or are restricted; nothing at all for who may not see names."""
    if not allowed(g.bearer, "see names"):
        return {}
    g.personal = True
    found = look.app.keys.open_many(sealed.items())
    return {person: found.get(person) for person in sealed}


class Held(NamedTuple):
    """Whether somebody's details are erased or restricted by now, whatever the moment; since when, the facts say."""

    erased_on: date | None = None
    erased: bool = False
    restricted_since: date | None = None
    restricted: bool = False


NOT_HELD = Held()


def held(look: Look, sealed: Collection[str]) -> dict[str, Held]:
    """Who of these, by the names of their keys, is erased or restricted."""
    states, since = look.app.keys.held(sealed), held_since(look.connection, sealed)
    found = {}
    for whose, state in states.items():
        known, day = since.get(whose, (state, None))
        day = day if known == state else None  # the facts may be a little behind
        found[whose] = Held(erased_on=day, erased=True) if state == ERASED else Held(None, False, day, True)
    return found


def names(look: Look, people: Collection[str | None]) -> Names:
    """The names of people, as they were known at the moment."""
    wanted = {person for person in people if person is not None}
    return names_in(look, details_of(look.connection, look.moment, wanted))


def names_in(look: Look, boxes: Mapping[str, str]) -> Names:
    """The names in sealed details: by person, the JSON of a `Sealed`."""
    sealed = {person: msgspec.json.decode(box, type=Sealed) for person, box in boxes.items()}
    return {person: details.get("name") if details else None for person, details in opened(look, sealed).items()}
