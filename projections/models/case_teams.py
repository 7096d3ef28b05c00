"""Case teams: who is in each, who leads it, how far its case is; and who must have no part in it."""

from __future__ import annotations

from typing import Any

import msgspec

from projections.facts import At, Facts, FactTable, ReadModel, day, document, flag, integer, text
from workflow.case_teams.events import (
    CaseHandedOver,
    CaseStageReached,
    CaseTeamDissolved,
    CaseTeamFormed,
    InterferenceRecorded,
    LeadChanged,
    MemberJoined,
    MemberLeft,
    OverlayLinked,
    OverlayUnlinked,
    RecusalDeclared,
    RecusalLifted,
    RecusalOrdered,
)

CASE_TEAM = FactTable(
    "case_team",
    key=[text("case_team")],
    columns=[
        text("unit"),
        text("form"),
        text("case_reference"),
        document("members"),
        text("lead"),
        text("named_by"),
        text("stage"),
        document("overlays"),
        text("state"),
        text("act"),
        text("person"),
        day("formed_on"),
        text("charter"),
        text("charter_digest"),
    ],
    indexes=[["unit"], ["case_reference"]],
    register=["state", "unit"],
)
"""A row holds from one act to the next. `members`: their roles, by person. `state`: open or dissolved. `act` and
`person` tell of the last act: formed, joined, left, handed_over, lead, stage, linked, unlinked, recused, lifted,
dissolved. A column `case_team` keeps a row from those who are recused; see `projections/views`."""

MEMBER = FactTable(
    "case_team_member",
    key=[text("case_team"), text("person")],
    columns=[text("role")],
    indexes=[["person"]],
)

RECUSAL = FactTable(
    "case_team_recusal",
    key=[text("case_team"), text("person")],
    columns=[text("ordered_by"), text("level"), document("details")],
    indexes=[["person"]],
)
"""Who is recused, and since when; `ordered_by` and its level, null where they declared it themselves."""

HANDOVER = FactTable(
    "case_team_handover",
    key=[text("case_team"), integer("number")],
    columns=[text("giver"), text("receiver"), document("items"), flag("led")],
)
"""What was handed over; `led`: a change of lead stood on it."""

INTERFERENCE = FactTable(
    "case_team_interference",
    key=[text("case_team"), integer("number")],
    columns=[text("unit"), text("person"), text("kind"), document("details")],
)
"""For inspectors only: whoever shows tables leaves this one out for anybody else."""


def formed(facts: Facts, fact: CaseTeamFormed, at: At) -> None:
    facts.open(
        CASE_TEAM,
        fact.case_team,
        valid_from=fact.effective,
        unit=fact.unit,
        form=fact.form,
        case_reference=fact.case_reference,
        members=dict(zip(fact.members, fact.roles, strict=True)),
        lead=fact.lead,
        named_by=fact.named_by,
        stage="",
        overlays=(),
        state="open",
        act="formed",
        person=None,
        formed_on=fact.effective,
        charter=fact.charter,
        charter_digest=fact.charter_digest,
    )
    for person, role in zip(fact.members, fact.roles, strict=True):
        facts.open(MEMBER, fact.case_team, person, valid_from=fact.effective, role=role)


def dissolved(facts: Facts, fact: CaseTeamDissolved, at: At) -> None:
    for person in _held(facts, fact.case_team, "members", dict[str, str]):
        facts.close(MEMBER, fact.case_team, person, effective=fact.effective)
    _acted(facts, fact, "dissolved", None, state="dissolved")


def joined(facts: Facts, fact: MemberJoined, at: At) -> None:
    members = _held(facts, fact.case_team, "members", dict[str, str])
    facts.open(MEMBER, fact.case_team, fact.person, valid_from=fact.effective, role=fact.role)
    _acted(facts, fact, "joined", fact.person, members={**members, fact.person: fact.role})


def left(facts: Facts, fact: MemberLeft, at: At) -> None:
    members = _held(facts, fact.case_team, "members", dict[str, str])
    del members[fact.person]
    facts.close(MEMBER, fact.case_team, fact.person, effective=fact.effective)
    changes: dict[str, Any] = {"lead": None, "named_by": None} if fact.led else {}
    _acted(facts, fact, "recused" if fact.recused else "left", fact.person, members=members, **changes)


def handed_over(facts: Facts, fact: CaseHandedOver, at: At) -> None:
    facts.open(
        HANDOVER,
        fact.case_team,
        fact.number,
        valid_from=fact.effective,
        giver=fact.giver,
        receiver=fact.receiver,
        items=fact.items,
        led=False,
    )
    _acted(facts, fact, "handed_over", fact.receiver)


def lead_changed(facts: Facts, fact: LeadChanged, at: At) -> None:
    if fact.handover is not None:
        facts.amend(HANDOVER, fact.case_team, fact.handover, led=True)
    _acted(facts, fact, "lead", fact.lead, lead=fact.lead, named_by=fact.named_by)


def stage_reached(facts: Facts, fact: CaseStageReached, at: At) -> None:
    _acted(facts, fact, "stage", None, stage=fact.stage)


def linked(facts: Facts, fact: OverlayLinked, at: At) -> None:
    overlays = _held(facts, fact.case_team, "overlays", list[str])
    _acted(facts, fact, "linked", None, overlays=sorted({*overlays, fact.overlay}))


def unlinked(facts: Facts, fact: OverlayUnlinked, at: At) -> None:
    overlays = _held(facts, fact.case_team, "overlays", list[str])
    _acted(facts, fact, "unlinked", None, overlays=sorted({*overlays} - {fact.overlay}))


def declared(facts: Facts, fact: RecusalDeclared, at: At) -> None:
    _recused(facts, fact, None, None)


def ordered(facts: Facts, fact: RecusalOrdered, at: At) -> None:
    _recused(facts, fact, fact.by, fact.level)


def lifted(facts: Facts, fact: RecusalLifted, at: At) -> None:
    facts.close(RECUSAL, fact.case_team, fact.person, effective=fact.effective)
    _acted(facts, fact, "lifted", fact.person)


def interfered(facts: Facts, fact: InterferenceRecorded, at: At) -> None:
    facts.open(
        INTERFERENCE,
        fact.case_team,
        fact.number,
        valid_from=fact.effective,
        unit=fact.unit,
        person=fact.person,
        kind=fact.kind,
        details=fact.details,
    )


def _recused(facts: Facts, fact: RecusalDeclared | RecusalOrdered, by: str | None, level: str | None) -> None:
    facts.open(
        RECUSAL,
        fact.case_team,
        fact.person,
        valid_from=fact.effective,
        ordered_by=by,
        level=level,
        details=fact.details,
    )
    _acted(facts, fact, "recused", fact.person)


def _acted(facts: Facts, fact: Any, act: str, person: str | None, **changes: Any) -> None:
    """The team as it is after an act."""
    facts.amend(CASE_TEAM, fact.case_team, effective=fact.effective, act=act, person=person, **changes)


def _held(facts: Facts, case_team: str, column: str, kind: type[Any]) -> Any:
    known = facts.get(CASE_TEAM, case_team)
    assert known is not None, f"nobody formed the case team {case_team}"
    return msgspec.json.decode(known[column], type=kind)


MODEL = ReadModel(
    "case_teams",
    version=2,
    tables=[CASE_TEAM, MEMBER, RECUSAL, HANDOVER, INTERFERENCE],
    handlers={
        CaseTeamFormed: formed,
        CaseTeamDissolved: dissolved,
        MemberJoined: joined,
        MemberLeft: left,
        CaseHandedOver: handed_over,
        LeadChanged: lead_changed,
        CaseStageReached: stage_reached,
        OverlayLinked: linked,
        OverlayUnlinked: unlinked,
        RecusalDeclared: declared,
        RecusalOrdered: ordered,
        RecusalLifted: lifted,
        InterferenceRecorded: interfered,
    },
)
