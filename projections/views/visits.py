"""Visits: the register of those that are open, what was done about each, and whose matters they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from projections.models.visits import PETITIONER, VISIT
from projections.views import Fact, Found, Moment, history, one, page
from projections.views.organisation import of_register
from workflow.sealed import Sealed

OPEN = ("open", "left")
"""The states of a visit about which something is still to be done."""


class Petitioner(Fact, kw_only=True):
    """Somebody from outside; the details stay sealed here."""

    DOCUMENTS = ("details",)

    petitioner: str
    details: Sealed


class Visit(Fact, kw_only=True):
    """A petitioner's matter, carried by `person` (of whom it was `left` behind, if so), as it stands since `since`.

    `flags` are the colours of what is due: answer, result, handover. Of the last act: `act`, who did it (`acted`),
    their `words` and `evidence`, whether it was `late`, and when they meet again.
    """

    DOCUMENTS = ("flags", "evidence")
    FLAGS = ("late",)

    visit: str
    petitioner: str
    team: str
    person: str
    unit: str
    matter: str
    state: str
    colour: str
    flags: dict[str, str] | None
    received: date
    answer_due: date | None
    result_due: date
    handover_due: date | None
    answered_on: date | None
    made: int
    act: str
    acted: str
    words: str
    late: bool
    next_on: date | None
    evidence: tuple[str, ...] | None

    @property
    def due(self) -> date:
        """By when something is to be done next."""
        return min(day for day in (self.answer_due, self.result_due, self.handover_due) if day is not None)


def visits(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    person: str | None = None,
    petitioner: str | None = None,
    team: str | None = None,
    colour: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Visit]:
    """Visits by id: in a unit, `within` a unit and all below it, carried by a person (`OPEN`: what they carry now), of
    a petitioner, of a team, of a colour, or in certain states."""
    equal = {"person": person, "petitioner": petitioner, "team": team}
    conditions = of_register(moment, VISIT, states, unit, within, colour, **equal)
    return page(connection, VISIT, moment, Visit, conditions, limit, after)


def visit(connection: Connection, moment: Moment, id: str) -> Visit | None:
    return one(connection, VISIT, moment, Visit, id)


def acts(connection: Connection, moment: Moment, id: str) -> list[Visit]:
    """The visit after each act that was known at the moment, in their order; `position` is that of the act."""
    return history(connection, VISIT, moment, Visit, id)


def petitioners(
    connection: Connection,
    moment: Moment,
    *,
    ids: Collection[str] | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Petitioner]:
    """Petitioners by id, or only those of `ids` (what a search for a name has found)."""
    conditions = [] if ids is None else [PETITIONER.c.petitioner.in_(sorted(ids))]
    return page(connection, PETITIONER, moment, Petitioner, conditions, limit, after)


def petitioner(connection: Connection, moment: Moment, id: str) -> Petitioner | None:
    return one(connection, PETITIONER, moment, Petitioner, id)
