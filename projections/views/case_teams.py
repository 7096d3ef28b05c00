"""Case teams: who is in them on a day, who leads, who is recused, and whether they are composed as their form wants.

Nobody who is recused from a team sees anything here that is about it: `Moment.barred` sees to that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, select

from projections.models.case_teams import CASE_TEAM, HANDOVER, INTERFERENCE, MEMBER, RECUSAL
from projections.models.people import PERSON
from projections.views import Fact, Found, Moment, every, history, holds, one, page
from projections.views.charters import charter_by
from projections.views.organisation import in_units
from projections.views.people import Person
from workflow.case_teams.views import flaws_of
from workflow.charter.case_teams import CaseTeamRule
from workflow.sealed import Sealed


class CaseTeam(Fact, kw_only=True):
    """A case team after its last act: `act` and `person` say which, and of whom. `members`: their roles, by person.
    `lead` is null where there is none, or the lead is vacant. `overlays` accompany the team and have no say in it."""

    DOCUMENTS = ("members", "overlays")

    case_team: str
    unit: str
    form: str
    case_reference: str
    members: dict[str, str]
    lead: str | None
    named_by: str | None
    stage: str
    overlays: tuple[str, ...]
    state: str
    act: str
    person: str | None
    formed_on: date
    charter: str
    charter_digest: str


class Recusal(Fact, kw_only=True):
    """A person has no part in a case since `since`. `ordered_by` and `level` are null where they declared it."""

    DOCUMENTS = ("details",)

    case_team: str
    person: str
    ordered_by: str | None
    level: str | None
    details: Sealed


class Handover(Fact, kw_only=True):
    """What was handed over, by whom and to whom. `led`: a change of lead stood on it."""

    DOCUMENTS = ("items",)
    FLAGS = ("led",)

    case_team: str
    number: int
    giver: str
    receiver: str
    items: tuple[str, ...]
    led: bool


class Interference(Fact, kw_only=True):
    """Somebody tried to interfere with a case; `person` says so. For inspectors only."""

    DOCUMENTS = ("details",)

    case_team: str
    number: int
    unit: str
    person: str
    kind: str
    details: Sealed


class Place(msgspec.Struct, kw_only=True):
    """Who has a role, and how many of them the form wants at least and at most (null: any number)."""

    role: str
    at_least: int
    at_most: int | None
    members: list[str]


class Making(msgspec.Struct, kw_only=True):
    """How a team is composed, beside what its form wants. `lead` is who leads, `lead_by` the level that names the lead
    ("": the form has none). `unfit` are members who left service, or are of another class by now, and take up no place.
    `flaws`: what the form wants and does not get, as `role.at_least`, `role.at_most` or `lead`; `colour` follows."""

    places: list[Place]
    lead_by: str
    lead: str | None
    unfit: list[str]
    flaws: list[str]
    colour: str


def case_teams(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    person: str | None = None,
    form: str | None = None,
    case_reference: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[CaseTeam]:
    """Teams by id: of a unit, `within` a unit and all below it, with a member, of a form, for a case, open or
    dissolved."""
    conditions = in_units(moment, CASE_TEAM, states, unit, within)
    if person is not None:
        conditions.append(CASE_TEAM.c.case_team.in_(_joined(moment, MEMBER.c.person == person)))
    equal = (CASE_TEAM.c.form, form), (CASE_TEAM.c.case_reference, case_reference)
    conditions += [column == wanted for column, wanted in equal if wanted is not None]
    return page(connection, CASE_TEAM, moment, CaseTeam, conditions, limit, after)


def case_team(connection: Connection, moment: Moment, id: str) -> CaseTeam | None:
    return one(connection, CASE_TEAM, moment, CaseTeam, id)


def acts(connection: Connection, moment: Moment, id: str) -> list[CaseTeam]:
    """The team after each act that was known at the moment, in their order."""
    return history(connection, CASE_TEAM, moment, CaseTeam, id)


def teams_of(connection: Connection, moment: Moment, person: str) -> list[CaseTeam]:
    """The open teams in which a person is a member on the day; they lead those of which they are the `lead`."""
    theirs = CASE_TEAM.c.case_team.in_(_joined(moment, MEMBER.c.person == person))
    # Were the state asked for in SQL, all open teams would be looked up by it.
    return [each for each in every(connection, CASE_TEAM, moment, CaseTeam, theirs) if each.state == "open"]


def recusals(connection: Connection, moment: Moment, id: str) -> list[Recusal]:
    return every(connection, RECUSAL, moment, Recusal, RECUSAL.c.case_team == id)


def handovers(connection: Connection, moment: Moment, id: str) -> list[Handover]:
    return every(connection, HANDOVER, moment, Handover, HANDOVER.c.case_team == id)


def interferences(connection: Connection, moment: Moment, id: str) -> list[Interference]:
    return every(connection, INTERFERENCE, moment, Interference, INTERFERENCE.c.case_team == id)


def makings(connection: Connection, moment: Moment, teams: Iterable[CaseTeam]) -> dict[str, Making]:
    """How these teams are composed on the day, by id; of a dissolved one nothing is wanted."""
    wanted = [each for each in teams if each.state == "open"]
    people = sorted({person for each in wanted for person in each.members})
    classes = {
        each.person: each.personnel_class
        for each in every(connection, PERSON, moment, Person, PERSON.c.person.in_(people))
    }
    found = {}
    for each in wanted:
        charter = charter_by(connection, each.charter_digest)
        if charter.case_teams is not None:
            found[each.case_team] = _making(each, charter.case_teams, classes)
    return found


def broken(
    connection: Connection, moment: Moment, unit: str | None = None, within: str | None = None
) -> list[tuple[CaseTeam, Making]]:
    """The open teams of a unit, or `within` one, that are not composed as their form wants, by id."""
    conditions: list[ColumnElement[bool]] = in_units(moment, CASE_TEAM, ("open",), unit, within)
    teams = every(connection, CASE_TEAM, moment, CaseTeam, *conditions)
    found = makings(connection, moment, teams)
    return [(each, found[each.case_team]) for each in teams if each.case_team in found and found[each.case_team].flaws]


def _making(team: CaseTeam, rule: CaseTeamRule, classes: dict[str, str]) -> Making:
    form = rule.form(team.form)
    fit = {person: role for person, role in team.members.items() if classes.get(person, "") in rule.classes_of(role)}
    lead = team.lead if team.lead in fit else None
    flaws = flaws_of(form, fit, lead)
    return Making(
        places=[
            Place(
                role=place.role,
                at_least=place.at_least,
                at_most=place.at_most,
                members=sorted(person for person, role in fit.items() if role == place.role),
            )
            for place in form.members
        ],
        lead_by=form.lead_by,
        lead=lead,
        unfit=sorted(team.members.keys() - fit.keys()),
        flaws=flaws,
        colour=rule.broken_colour if flaws else "green",
    )


def _joined(moment: Moment, *conditions: ColumnElement[bool]) -> Select[tuple[str]]:
    return select(MEMBER.c.case_team).where(holds(MEMBER, moment), *conditions)
