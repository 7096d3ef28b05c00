"""Case teams, their recusals, and, for inspectors, who tried to interfere. None of it for who is recused from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from flask import g

from api.access import allowed
from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.reading import Item, Look, Page, Shown, no_case_team, read
from api.schemas.base import ByPersonSchema, DatedSchema
from api.schemas.case_teams import (
    CaseTeamsSchema,
    ChangeLeadSchema,
    DeclareRecusalSchema,
    FormCaseTeamSchema,
    HandOverCaseSchema,
    JoinCaseTeamSchema,
    OrderRecusalSchema,
    OverlaySchema,
    ReachCaseStageSchema,
    RecordInterferenceSchema,
)
from projections.views import case_teams as views
from projections.views.case_teams import CaseTeam, Handover, Making
from workflow.case_teams.forming import DissolveCaseTeam, FormCaseTeam
from workflow.case_teams.interference import RecordInterference
from workflow.case_teams.members import ChangeLead, HandOverCase, JoinCaseTeam, LeaveCaseTeam
from workflow.case_teams.moving import LinkOverlay, ReachCaseStage, UnlinkOverlay
from workflow.case_teams.recusals import DeclareRecusal, LiftRecusal, OrderRecusal
from workflow.sealed import Sealed

case_teams = Blueprint("case_teams", __name__, url_prefix="/v1", description="Case teams, recusal, interference.")

ONE = "/case-teams/<id:case_team>"

command(case_teams, "/case-teams", FormCaseTeam, FormCaseTeamSchema, "team", at="/v1/case-teams/{case_team}")
command(case_teams, f"{ONE}/dissolve", DissolveCaseTeam, DatedSchema, "team")
command(case_teams, f"{ONE}/join", JoinCaseTeam, JoinCaseTeamSchema, "team")
command(case_teams, f"{ONE}/leave", LeaveCaseTeam, ByPersonSchema, "team")
command(case_teams, f"{ONE}/hand-over", HandOverCase, HandOverCaseSchema, "team")
command(case_teams, f"{ONE}/lead", ChangeLead, ChangeLeadSchema, "team")
command(case_teams, f"{ONE}/stage", ReachCaseStage, ReachCaseStageSchema, "team")
command(case_teams, f"{ONE}/link", LinkOverlay, OverlaySchema, "team")
command(case_teams, f"{ONE}/unlink", UnlinkOverlay, OverlaySchema, "team")
command(case_teams, f"{ONE}/recusals/declare", DeclareRecusal, DeclareRecusalSchema, "declare")
command(case_teams, f"{ONE}/recusals/order", OrderRecusal, OrderRecusalSchema, "declare")
command(case_teams, f"{ONE}/recusals/lift", LiftRecusal, ByPersonSchema, "supervise")
command(case_teams, f"{ONE}/interferences", RecordInterference, RecordInterferenceSchema, "declare")


class RecusalShown(msgspec.Struct, kw_only=True):
    """A recusal. `ground` is null for who does not inspect, and where it was erased."""

    person: str
    since: date
    ordered_by: str | None
    level: str | None
    ground: str | None
    position: int


class InterferenceShown(msgspec.Struct, kw_only=True):
    """Somebody tried to interfere. `who` is null where it was erased."""

    number: int
    on: date
    person: str
    kind: str
    who: str | None
    position: int


class CaseTeamPage(Page[CaseTeam], kw_only=True):
    """Teams, and how each open one is composed."""

    makings: dict[str, Making]


class CaseTeamShown(Item[CaseTeam], kw_only=True):
    """A team: how it is composed beside what its form wants (null: it is dissolved), what was done about it one act
    after the other, what was handed over, who is recused, and the names of all of them."""

    making: Making | None
    acts: list[CaseTeam]
    handovers: list[Handover]
    recusals: list[RecusalShown]
    names: Names


class Interferences(Shown, kw_only=True):
    """Who tried to interfere with a case."""

    items: list[InterferenceShown]
    names: Names


@read(case_teams, "/case-teams", CaseTeamPage, CaseTeamsSchema)
def list_case_teams(look: Look) -> dict[str, Any]:
    """Case teams, by id."""
    asked = look.paging()
    state = asked.pop("state")
    found = views.case_teams(look.connection, look.moment, states=(state,) if state else (), **asked)
    return look.page(found) | {"makings": views.makings(look.connection, look.moment, found.items)}


@read(case_teams, ONE, CaseTeamShown)
def case_team(look: Look, case_team: str) -> dict[str, Any]:
    """A case team, as it is on the day, with its history."""
    at = look.connection, look.moment
    item = _found(look, case_team)
    acts, recusals = views.acts(*at, case_team), views.recusals(*at, case_team)
    people = {person for each in acts for person in (*each.members, each.lead, each.named_by, each.person)}
    people |= {person for each in recusals for person in (each.person, each.ordered_by)}
    opened = _opened(look, (each.details for each in recusals), (each.person for each in recusals))
    return {
        "item": item,
        "making": views.makings(*at, [item]).get(case_team),
        "acts": acts,
        "handovers": views.handovers(*at, case_team),
        "recusals": [
            RecusalShown(
                person=each.person,
                since=each.since,
                ordered_by=each.ordered_by,
                level=each.level,
                ground=details.get("ground"),
                position=each.position,
            )
            for each, details in zip(recusals, opened, strict=True)
        ],
        "names": names(look, people),
    }


@read(case_teams, f"{ONE}/interferences", Interferences, act="inspect")
def interferences(look: Look, case_team: str) -> dict[str, Any]:
    """Who tried to interfere with a case, for inspectors."""
    _found(look, case_team)
    known = views.interferences(look.connection, look.moment, case_team)
    opened = _opened(look, (each.details for each in known), (each.person for each in known))
    items = [
        InterferenceShown(
            number=each.number,
            on=each.since,
            person=each.person,
            kind=each.kind,
            who=details.get("who"),
            position=each.position,
        )
        for each, details in zip(known, opened, strict=True)
    ]
    return {"items": items, "names": names(look, {each.person for each in known})}


def _found(look: Look, id: str) -> CaseTeam:
    """Raises Problem for a team that there is not, for all that whoever asks may know."""
    item = views.case_team(look.connection, look.moment, id)
    if item is None:
        raise no_case_team("case_team")
    return item


def _opened(look: Look, boxes: Iterable[Sealed], people: Iterable[str]) -> list[dict[str, str]]:
    """What is sealed, for who inspects; else nothing."""
    inspects = allowed(g.bearer, "inspect")
    g.personal = inspects or g.get("personal", False)
    return [
        (look.app.keys.open(person, box) or {}) if inspects else {} for box, person in zip(boxes, people, strict=True)
    ]
