"""Honours: of a person, a unit, a brand or a case team, of a level or a year, and of a unit with all below it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Connection, or_, select

from projections.models.honours import HONOUR
from projections.models.responsibility import APPOINTMENT
from projections.views import Fact, Found, Moment, every, holds, one, page
from projections.views.organisation import subtree


class Honour(Fact, kw_only=True):
    """An honour in its `state`: conferred, expired, revoked or annulled; `words` say why the latter two, or why it was
    corrected. `credited` is the unit that has the points of a brand's or a team's honour."""

    DOCUMENTS = ("evidence",)

    honour: str
    person: str | None
    unit: str | None
    brand: str | None
    case_team: str | None
    credited: str | None
    level: str
    title: str
    issuer: str
    matter: str
    evidence: tuple[str, ...]
    conferred_on: date
    held_until: date | None
    state: str
    corrected_on: date | None
    words: str


def honours(
    connection: Connection,
    moment: Moment,
    *,
    person: str | None = None,
    unit: str | None = None,
    brand: str | None = None,
    case_team: str | None = None,
    matter: str | None = None,
    within: str | None = None,
    level: str | None = None,
    year: int | None = None,
    state: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Honour]:
    """Honours by id: of one subject, for a matter, of a level, conferred in a year, in a state; or `within` a unit and
    all below it: theirs, those credited to them, and those of who holds a post there on the day."""
    wanted = {"person": person, "unit": unit, "brand": brand, "case_team": case_team, "matter": matter}
    wanted |= {"level": level, "state": state}
    conditions: list[ColumnElement[bool]] = [
        HONOUR.c[name] == value for name, value in wanted.items() if value is not None
    ]
    if year is not None:
        conditions.append(HONOUR.c.year == year)
    if within is not None:
        units = subtree(moment, within)
        there = select(APPOINTMENT.c.person).where(holds(APPOINTMENT, moment), APPOINTMENT.c.unit.in_(units))
        conditions.append(or_(HONOUR.c.unit.in_(units), HONOUR.c.credited.in_(units), HONOUR.c.person.in_(there)))
    return page(connection, HONOUR, moment, Honour, conditions, limit, after)


def honour(connection: Connection, moment: Moment, id: str) -> Honour | None:
    return one(connection, HONOUR, moment, Honour, id)


def honours_of_brand(connection: Connection, moment: Moment, brand: str) -> list[Honour]:
    return every(connection, HONOUR, moment, Honour, HONOUR.c.brand == brand)
