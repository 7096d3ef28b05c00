"""Field hearings: those of a unit, the register of what is still to come, and how they compare with the plan."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec
from sqlalchemy import Connection

from projections.models.hearings import HEARING, HEARING_PLAN
from projections.tables import iso
from projections.views import Fact, Found, Moment, every, history, one, page
from projections.views.organisation import of_register

OPEN = ("planned", "notified")
"""The states of a hearing that is still to be held."""


class Heard(msgspec.Struct):
    """How many hearers of a kind there were."""

    kind: str
    number: int


class Hearing(Fact, kw_only=True):
    """A hearing about a case, known by its reference only, as it stands since `since`; to be held `on_day`, not before
    `earliest`.

    `flags` are the colours of what is due: notice, hold. Of the last act: `act`, its `words` and `evidence`.
    """

    DOCUMENTS = ("flags", "told", "hearers", "evidence")
    FLAGS = ("local_resolution",)

    hearing: str
    unit: str
    reference: str
    place: str
    host: str
    on_day: date
    state: str
    colour: str
    flags: dict[str, str] | None
    notice_due: date | None
    earliest: date | None
    told: tuple[str, ...] | None
    hearers: tuple[Heard, ...] | None
    result: str | None
    local_resolution: bool
    act: str
    words: str
    evidence: tuple[str, ...] | None

    @property
    def due(self) -> date:
        """By when something is to be done next."""
        return self.on_day if self.notice_due is None else self.notice_due


class HearingPlan(Fact, kw_only=True):
    """How many hearings a unit is to hold in each quarter of a year."""

    DOCUMENTS = ("quarters",)

    plan: str
    unit: str
    year: int
    quarters: tuple[int, ...]


class Compared(msgspec.Struct, kw_only=True):
    """How many hearings were planned, and held, in each quarter of a year."""

    plan: HearingPlan
    held: tuple[int, int, int, int]


def hearings(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    host: str | None = None,
    reference: str | None = None,
    result: str | None = None,
    local_resolution: bool | None = None,
    since: date | None = None,
    until: date | None = None,
    colour: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Hearing]:
    """Hearings by id: of a unit, `within` a unit and all below it, of a host, about a case, with a result, settled
    where it arose or not, on a day from `since` until `until` (both included), of a colour, or in certain states
    (`OPEN`: those to come)."""
    equal = {"host": host, "reference": reference, "result": result}
    conditions = of_register(moment, HEARING, states, unit, within, colour, **equal)
    if local_resolution is not None:  # what was not held yet was settled nowhere
        conditions += [HEARING.c.local_resolution == int(local_resolution), HEARING.c.result.is_not(None)]
    if since is not None:
        conditions.append(HEARING.c.on_day >= iso(since))
    if until is not None:
        conditions.append(HEARING.c.on_day <= iso(until))
    return page(connection, HEARING, moment, Hearing, conditions, limit, after)


def hearing(connection: Connection, moment: Moment, id: str) -> Hearing | None:
    return one(connection, HEARING, moment, Hearing, id)


def acts(connection: Connection, moment: Moment, id: str) -> list[Hearing]:
    """The hearing after each act that was known at the moment, in their order; `position` is that of the act."""
    return history(connection, HEARING, moment, Hearing, id)


def compared(connection: Connection, moment: Moment, plan: str) -> Compared | None:
    """A plan of hearings, and how many were held; None: there is no such plan."""
    known = one(connection, HEARING_PLAN, moment, HearingPlan, plan)
    if known is None:
        return None
    return Compared(plan=known, held=_held(connection, moment, known.unit, known.year))


def _held(connection: Connection, moment: Moment, unit: str, year: int) -> tuple[int, int, int, int]:
    """How many; all of them, whoever looks, as in the readings that count them."""
    moment = moment._replace(barred=frozenset())
    conditions = [
        HEARING.c.unit == unit,
        HEARING.c.state == "held",
        HEARING.c.on_day >= iso(date(year, 1, 1)),
        HEARING.c.on_day <= iso(date(year, 12, 31)),
    ]
    quarters = [(each.on_day.month - 1) // 3 for each in every(connection, HEARING, moment, Hearing, *conditions)]
    return quarters.count(0), quarters.count(1), quarters.count(2), quarters.count(3)
