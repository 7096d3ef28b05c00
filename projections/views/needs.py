"""What people need: the register of what is open, what was done about each, and how satisfied people are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from sqlalchemy import Connection, func, select

from projections.models.needs import NEED, NEED_RATING
from projections.tables import iso
from projections.views import Fact, Found, Moment, history, holds, one, page
from projections.views.organisation import of_register, subtree

TO_BE_DONE = ("raised", "assigned", "reopened")
OPEN = (*TO_BE_DONE, "resolved")
"""The states of a need about which something is still to be done: at last, to rate it."""


class Need(Fact, kw_only=True):
    """What people need of a unit, as it stands since `since`. `petitioner` is who raised it, if it was anybody.

    `flags` are the colours of what is due: assign, resolve. Of the last act: `act`, who did it (`acted`), their `words`
    and `evidence`, and whether it was `late`. `rating` is the last one.
    """

    DOCUMENTS = ("flags", "evidence")
    FLAGS = ("late",)

    need: str
    unit: str
    petitioner: str | None
    title: str
    person: str | None
    state: str
    colour: str
    flags: dict[str, str] | None
    raised_on: date
    assign_due: date | None
    resolve_due: date
    rating: int | None
    rated_on: date | None
    reopenings: int
    act: str
    acted: str | None
    words: str
    late: bool
    evidence: tuple[str, ...] | None

    @property
    def due(self) -> date | None:
        """By when something is to be done next; None: it is only to be rated."""
        if self.state not in TO_BE_DONE:
            return None
        return self.resolve_due if self.assign_due is None else min(self.assign_due, self.resolve_due)


class Satisfaction(msgspec.Struct, kw_only=True):
    """How people rated what was done: how many ratings, how many of them satisfied, and their mean, rounded half up to
    two decimals; None without any."""

    ratings: int
    satisfied: int
    mean: Decimal | None


def needs(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    person: str | None = None,
    petitioner: str | None = None,
    colour: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Need]:
    """Needs by id: of a unit, `within` a unit and all below it, seen to by a person, raised by a petitioner, of a
    colour, or in certain states (`OPEN`: those that are open)."""
    equal = {"person": person, "petitioner": petitioner}
    conditions = of_register(moment, NEED, states, unit, within, colour, **equal)
    return page(connection, NEED, moment, Need, conditions, limit, after)


def need(connection: Connection, moment: Moment, id: str) -> Need | None:
    return one(connection, NEED, moment, Need, id)


def acts(connection: Connection, moment: Moment, id: str) -> list[Need]:
    """The need after each act that was known at the moment, in their order; `position` is that of the act."""
    return history(connection, NEED, moment, Need, id)


def satisfaction(connection: Connection, moment: Moment, unit: str, since: date, until: date) -> Satisfaction:
    """How what a unit, and all below it, did was rated from `since` until `until`, both included."""
    c = NEED_RATING.c
    query = select(func.count(), func.sum(c.satisfied), func.sum(c.rating)).where(
        holds(NEED_RATING, moment),
        c.unit.in_(subtree(moment, unit)),
        c.on_day >= iso(since),
        c.on_day <= iso(until),
    )
    ratings, satisfied, total = connection.execute(query).one()
    mean = (Decimal(int(total)) / ratings).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) if ratings else None
    return Satisfaction(ratings=ratings, satisfied=int(satisfied or 0), mean=mean)
