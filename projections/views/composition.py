"""Composition: whether a unit has the members and the committee that the charter wants. It refuses nothing."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, distinct, func, select

from projections.models.responsibility import APPOINTMENT, MEMBERSHIP
from projections.views import Moment, holds
from projections.views.organisation import Unit, subtree
from workflow.charter.model import Charter


class Composition(msgspec.Struct, kw_only=True):
    """The `members` of a unit and of those below it, how many of them are `voting`, and how many hold a post in it, its
    `committee`. `flaws` names the keys of the charter's rule that are not met: members_at_least, committee_at_most."""

    members: int
    voting: int
    committee: int
    flaws: list[str]


def composition(connection: Connection, moment: Moment, unit: Unit, charter: Charter | None) -> Composition | None:
    """None for a kind of unit of which the charter wants nothing, or does not know."""
    kinds = {kind.id: kind for kind in charter.unit_kinds} if charter else {}
    rule = kinds[unit.kind].composition if unit.kind in kinds else None
    if charter is None or rule is None:
        return None
    query = select(MEMBERSHIP.c.kind, func.count()).where(
        holds(MEMBERSHIP, moment), MEMBERSHIP.c.unit.in_(subtree(moment, unit.unit))
    )
    by_kind = {row[0]: row[1] for row in connection.execute(query.group_by(MEMBERSHIP.c.kind))}
    voting = {kind.id for kind in charter.membership_kinds if kind.voting}
    members = sum(by_kind.values())
    posts = select(func.count(distinct(APPOINTMENT.c.person))).where(
        holds(APPOINTMENT, moment), APPOINTMENT.c.unit == unit.unit
    )
    found = Composition(
        members=members,
        voting=sum(number for kind, number in by_kind.items() if kind in voting),
        committee=connection.execute(posts).scalar_one(),
        flaws=[],
    )
    wants_committee = rule.committee_from is not None and members >= rule.committee_from
    met = {
        "members_at_least": found.voting >= rule.members_at_least,
        "members_at_most": rule.members_at_most is None or members <= rule.members_at_most,
        "committee_at_least": not wants_committee or found.committee >= (rule.committee_at_least or 0),
        "committee_at_most": not wants_committee or found.committee <= (rule.committee_at_most or found.committee),
    }
    found.flaws = [key for key, is_met in met.items() if not is_met]
    return found
