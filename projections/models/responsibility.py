"""The responsibility chain: units in their tree, posts, who holds them, who belongs where, and what grids bind."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from projections.facts import At, Facts, FactTable, ReadModel, day, document, flag, integer, text
from workflow.organisation.events import (
    AppointmentEnded,
    AppointmentStarted,
    ExOfficioLeadershipEnded,
    ExOfficioLeadershipNotApplicable,
    ExOfficioLeadershipStarted,
    GridBound,
    GridUnbound,
    MembershipEnded,
    MembershipStarted,
    PostAbolished,
    PostDutiesSet,
    PostEstablished,
    UnitDissolved,
    UnitEstablished,
    UnitMoved,
    UnitRenamed,
)

UNIT = FactTable(
    "unit",
    key=[text("unit")],
    columns=[
        text("kind"),
        text("name_zh"),
        text("name_en"),
        text("parent"),
        day("established"),
        day("dissolved"),
    ],
    indexes=[["parent"]],
)

POST = FactTable(
    "post",
    key=[text("post")],
    columns=[
        text("unit"),
        text("kind"),
        text("title_zh"),
        text("title_en"),
        integer("seats"),
        document("duties"),
        day("established"),
        day("abolished"),
    ],
    indexes=[["unit"]],
)
"""`duties`: the units that the post answers for besides its own."""

POST_DUTY = FactTable("post_duty", key=[text("post"), text("unit")], indexes=[["unit"]])
"""The same the other way round. What became of the post is not told here: join with `POST`."""

APPOINTMENT = FactTable(
    "appointment",
    key=[text("appointment")],
    columns=[text("person"), text("post"), text("unit"), text("kind")],
    indexes=[["person"], ["post"], ["unit"]],
)

MEMBERSHIP = FactTable(
    "membership",
    key=[text("membership")],
    columns=[text("person"), text("unit"), text("kind")],
    indexes=[["person"], ["unit"]],
)

GRID = FactTable(
    "grid",
    key=[text("grid")],
    columns=[text("department"), text("group_unit")],
    indexes=[["department"], ["group_unit"]],
)

LEADERSHIP = FactTable(
    "leadership",
    key=[text("grid")],
    columns=[
        text("group_unit"),
        text("department"),
        text("person"),
        text("appointment"),
        text("rule"),
        flag("acting"),
        text("why"),
    ],
    indexes=[["group_unit"], ["person"]],
)
"""What the ex-officio rule says of a bound grid: who leads the group, by which appointment; or `why` nobody does, and
then `person` is the head whom it concerns, if there is one."""


def unit_established(facts: Facts, fact: UnitEstablished, at: At) -> None:
    facts.open(
        UNIT,
        fact.unit,
        valid_from=fact.effective,
        kind=fact.kind,
        name_zh=fact.name_zh,
        name_en=fact.name_en,
        parent=fact.parent,
        established=fact.effective,
    )


def unit_renamed(facts: Facts, fact: UnitRenamed, at: At) -> None:
    facts.amend(UNIT, fact.unit, effective=fact.effective, name_zh=fact.name_zh, name_en=fact.name_en)


def unit_moved(facts: Facts, fact: UnitMoved, at: At) -> None:
    facts.amend(UNIT, fact.unit, effective=fact.effective, parent=fact.parent)


def unit_dissolved(facts: Facts, fact: UnitDissolved, at: At) -> None:
    facts.amend(UNIT, fact.unit, dissolved=fact.effective)
    facts.close(UNIT, fact.unit, effective=fact.effective)


def post_established(facts: Facts, fact: PostEstablished, at: At) -> None:
    facts.open(
        POST,
        fact.post,
        valid_from=fact.effective,
        unit=fact.unit,
        kind=fact.kind,
        title_zh=fact.title_zh,
        title_en=fact.title_en,
        seats=fact.seats,
        duties=(),
        established=fact.effective,
    )


def post_abolished(facts: Facts, fact: PostAbolished, at: At) -> None:
    facts.amend(POST, fact.post, abolished=fact.effective)
    facts.close(POST, fact.post, effective=fact.effective)


def duties_set(facts: Facts, fact: PostDutiesSet, at: At) -> None:
    known = facts.get(POST, fact.post)
    before = set(msgspec.json.decode(known["duties"])) if known else set()
    facts.amend(POST, fact.post, effective=fact.effective, duties=fact.units)
    for unit in sorted(before.difference(fact.units)):
        facts.close(POST_DUTY, fact.post, unit, effective=fact.effective)
    for unit in fact.units:
        if unit not in before:
            facts.open(POST_DUTY, fact.post, unit, valid_from=fact.effective)


def appointed(facts: Facts, fact: AppointmentStarted, at: At) -> None:
    facts.open(
        APPOINTMENT,
        fact.appointment,
        valid_from=fact.effective,
        valid_to=fact.until,
        person=fact.person,
        post=fact.post,
        unit=fact.unit,
        kind=fact.kind,
    )


def appointment_ended(facts: Facts, fact: AppointmentEnded, at: At) -> None:
    facts.close(APPOINTMENT, fact.appointment, effective=fact.effective)


def joined(facts: Facts, fact: MembershipStarted, at: At) -> None:
    facts.open(
        MEMBERSHIP, fact.membership, valid_from=fact.effective, person=fact.person, unit=fact.unit, kind=fact.kind
    )


def membership_ended(facts: Facts, fact: MembershipEnded, at: At) -> None:
    facts.close(MEMBERSHIP, fact.membership, effective=fact.effective)


def bound(facts: Facts, fact: GridBound, at: At) -> None:
    facts.open(GRID, fact.grid, valid_from=fact.effective, department=fact.department, group_unit=fact.group)


def unbound(facts: Facts, fact: GridUnbound, at: At) -> None:
    facts.close(GRID, fact.grid, effective=fact.effective)
    _from_then_on(facts, fact.grid, fact.effective)


def leads(facts: Facts, fact: ExOfficioLeadershipStarted, at: At) -> None:
    _from_then_on(
        facts,
        fact.grid,
        fact.effective,
        group_unit=fact.group,
        department=fact.department,
        person=fact.person,
        appointment=fact.appointment,
        rule=fact.rule,
        acting=fact.acting,
        why="",
    )


def leads_no_more(facts: Facts, fact: ExOfficioLeadershipEnded, at: At) -> None:
    _from_then_on(facts, fact.grid, fact.effective)


def leads_nobody(facts: Facts, fact: ExOfficioLeadershipNotApplicable, at: At) -> None:
    _from_then_on(
        facts,
        fact.grid,
        fact.effective,
        group_unit=fact.group,
        department=fact.department,
        person=fact.person,
        appointment=None,
        rule=fact.rule,
        acting=False,
        why=fact.why,
    )


def _from_then_on(facts: Facts, grid: str, effective: date, **answer: Any) -> None:
    """An answer replaces, from its day on, all that was foreseen for the grid, as in `workflow.organisation`.

    It holds as long as the grid is bound: where nobody leads, no event says that the rule is asked no more.
    """
    if facts.get(LEADERSHIP, grid) is not None:
        facts.close(LEADERSHIP, grid, effective=effective)
    known = facts.get(GRID, grid)
    until = date.fromisoformat(known["valid_to"]) if known and known["valid_to"] else None
    if answer and (until is None or effective < until):
        facts.open(LEADERSHIP, grid, valid_from=effective, valid_to=until, **answer)


MODEL = ReadModel(
    "responsibility",
    version=1,
    tables=[UNIT, POST, POST_DUTY, APPOINTMENT, MEMBERSHIP, GRID, LEADERSHIP],
    handlers={
        UnitEstablished: unit_established,
        UnitRenamed: unit_renamed,
        UnitMoved: unit_moved,
        UnitDissolved: unit_dissolved,
        PostEstablished: post_established,
        PostAbolished: post_abolished,
        PostDutiesSet: duties_set,
        AppointmentStarted: appointed,
        AppointmentEnded: appointment_ended,
        MembershipStarted: joined,
        MembershipEnded: membership_ended,
        GridBound: bound,
        GridUnbound: unbound,
        ExOfficioLeadershipStarted: leads,
        ExOfficioLeadershipEnded: leads_no_more,
        ExOfficioLeadershipNotApplicable: leads_nobody,
    },
)
