"""Charters: which one is in force, and what was adopted so far."""

from __future__ import annotations

from sqlalchemy import Connection, select

from projections.facts import as_of
from projections.models.charters import CHARTER, CHARTER_TEXT
from projections.views import Fact, Moment, every, seen, shown
from workflow.charter.library import UnknownCharter, by_digest, learn
from workflow.charter.model import Charter


class Adoption(Fact, kw_only=True):
    """A charter was adopted, to be in force from `since` on, until another is. `version` is its author's numbering."""

    digest: str
    charter: str
    version: str


def adoptions(connection: Connection, moment: Moment) -> list[Adoption]:
    """Every adoption that was known, also of charters to come, in the order in which they come into force."""
    query = seen(CHARTER, Adoption).where(as_of(CHARTER, moment.position))
    rows = connection.execute(query.order_by(CHARTER.c.valid_from, CHARTER.c.opened))
    return [shown(row, Adoption) for row in rows]


def in_force(connection: Connection, moment: Moment) -> Adoption | None:
    """The charter in force: what came into force last, and of two on one day, what was adopted later."""
    return max(every(connection, CHARTER, moment, Adoption), key=lambda each: (each.since, each.position), default=None)


def text_of(connection: Connection, digest: str) -> str | None:
    """The whole TOML text of a charter."""
    text: str | None = connection.scalar(select(CHARTER_TEXT.c.content).where(CHARTER_TEXT.c.digest == digest))
    return text


def charter_at(connection: Connection, moment: Moment) -> Charter | None:
    """The charter in force, read; a text is read only once in a process."""
    adoption = in_force(connection, moment)
    return None if adoption is None else charter_by(connection, adoption.digest)


def charter_by(connection: Connection, digest: str) -> Charter | None:
    """The charter of a digest, read."""
    try:
        return by_digest(digest)
    except UnknownCharter:
        text = text_of(connection, digest)
        return None if text is None else learn(text)
