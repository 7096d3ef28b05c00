"""A person's page of duties: all that they answer for, lead, learn and visit at a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Connection

from projections.views import Found, Moment, service
from projections.views.awaited import (
    OpenMakeUp,
    ReportAwaited,
    duties_to_attend,
    interviews_awaiting,
    make_ups,
    reports_awaiting,
    sessions_to_attend,
)
from projections.views.brands import Brand, brands
from projections.views.case_teams import CaseTeam, Making, makings, teams_of
from projections.views.duties import OPEN as OWED
from projections.views.duties import Duty, duties
from projections.views.hearings import OPEN as COMING
from projections.views.hearings import Hearing, hearings
from projections.views.holding import Holding, LevelHeld, PostHeld, UnitHeaded, holding_of
from projections.views.honours import Honour, honours
from projections.views.indicators import Target, targets_for
from projections.views.matrix import ProgressRow, row_of
from projections.views.mentoring import Mentorship, ModelPerson, learned_by, led_by, models_of
from projections.views.needs import Need, needs
from projections.views.organisation import Leadership
from projections.views.people import Membership, Person
from projections.views.plans import TO_BE_DONE, PlanTarget, Tally, Task, tally_of_person, targets_of, tasks
from projections.views.programmes import Programme, programme, taken_by
from projections.views.study import Session
from projections.views.visits import Visit, visits
from projections.views.warnings import OPEN as WARNED
from projections.views.warnings import Interview, Warning, warnings
from workflow.charter.model import Charter
from workflow.periods import Period

MOST = 50
"""How many of each are shown."""

COUNTED = 1000
"""How many more of each are counted."""

T = TypeVar("T")


class Some(msgspec.Struct, Generic[T], kw_only=True):
    """The first 50 of a list. `left_out`: how many more there are; 1000: so many at least."""

    items: list[T]
    left_out: int


class Held(msgspec.Struct, kw_only=True):
    """Posts, memberships, units headed, levels of the chain on every line, and groups led ex officio."""

    posts: Some[PostHeld]
    memberships: Some[Membership]
    heads: Some[UnitHeaded]
    levels: Some[LevelHeld]
    leaderships: Some[Leadership]


class Owed(msgspec.Struct, kw_only=True):
    """What is to be done: of the units headed, the open `warnings` and the `duties`; then the `interviews` to hold on a
    level of the chain, the duties to be present at (`to_attend`), and the `reports` to sign or to receive."""

    warnings: Some[Warning]
    interviews: Some[Interview]
    duties: Some[Duty]
    to_attend: Some[Duty]
    reports: Some[ReportAwaited]


class Aims(msgspec.Struct, kw_only=True):
    """The tasks that the person, or a post of theirs, has; and what the units headed are to reach: by their plans, and
    by the indicators for which a target was set for them in the year."""

    tasks: Some[Task]
    tally: Tally
    plan_targets: Some[PlanTarget]
    targets: Some[Target]


class Mentoring(msgspec.Struct, kw_only=True):
    """The running mentorships in which the person leads, and learns; and what they are a model for."""

    leads: Some[Mentorship]
    learns: Some[Mentorship]
    models: Some[ModelPerson]


class Learning(msgspec.Struct, kw_only=True):
    """A programme in which the person takes part, and what they did of what they owe."""

    programme: Programme
    progress: ProgressRow


class TeamWork(msgspec.Struct, kw_only=True):
    """A case team in which the person has a role, and whether they lead it. `making`: how it is composed."""

    case_team: CaseTeam
    role: str
    leads: bool
    making: Making | None


class Serving(msgspec.Struct, kw_only=True):
    """The teams that the person serves in, the visits they carry, the needs they see to, the hearings they are to host;
    and the hours of the quarter so far, null if there are none."""

    teams: Some[service.Member]
    visits: Some[Visit]
    needs: Some[Need]
    hearings: Some[Hearing]
    hours: service.Hours | None
    hours_since: date


class Studying(msgspec.Struct, kw_only=True):
    """The scheduled sessions that the person must attend, and the missed ones they may still make up for."""

    to_attend: Some[Session]
    make_ups: Some[OpenMakeUp]


class AnsweringFor(msgspec.Struct, kw_only=True):
    """All that a person answers for. `brands` are those of the units headed, `honours` those of the person."""

    held: Held
    owed: Owed
    aims: Aims
    mentoring: Mentoring
    programmes: Some[Learning]
    case_teams: Some[TeamWork]
    service: Serving
    study: Studying
    brands: Some[Brand]
    honours: Some[Honour]


def answering_for(connection: Connection, moment: Moment, charter: Charter, person: Person) -> AnsweringFor:
    """The page of a person, under the charter that was in force. How much is read follows from what is theirs."""
    at, id = (connection, moment), person.person
    holding = holding_of(*at, id)
    heads, levels = holding.headed(charter), holding.levels(charter)
    headed = {each.unit.unit for each in heads}
    return AnsweringFor(
        held=_held(holding, heads, levels),
        owed=Owed(
            warnings=_of_units(warnings, *at, headed, WARNED),
            interviews=_first(interviews_awaiting(*at, charter, id, levels)),
            duties=_of_units(duties, *at, headed, OWED),
            to_attend=_first(duties_to_attend(*at, charter, holding)),
            reports=_first(reports_awaiting(*at, charter, id, levels)),
        ),
        aims=_aims(*at, id, headed),
        mentoring=Mentoring(
            leads=_first(led_by(*at, id)), learns=_first(learned_by(*at, id)), models=_first(models_of(*at, id))
        ),
        programmes=_programmes(*at, id),
        case_teams=_case_teams(*at, id),
        service=_serving(*at, id),
        study=Studying(
            to_attend=_first(sessions_to_attend(*at, charter, holding, person.personnel_class)),
            make_ups=_first(make_ups(*at, charter, id)),
        ),
        brands=_some(brands, *at, units=headed) if headed else _first([]),
        honours=_some(honours, *at, person=id, state="conferred"),
    )


def _held(holding: Holding, heads: list[UnitHeaded], levels: list[LevelHeld]) -> Held:
    return Held(
        posts=_first(holding.held()),
        memberships=_first(holding.memberships),
        heads=_first(heads),
        levels=_first(levels),
        leaderships=_first(holding.leaderships),
    )


def _aims(connection: Connection, moment: Moment, person: str, headed: set[str]) -> Aims:
    at = connection, moment
    return Aims(
        tasks=_some(tasks, *at, person=person, states=TO_BE_DONE),
        tally=tally_of_person(*at, person),
        plan_targets=_first(targets_of(*at, headed)),
        targets=_first(targets_for(*at, headed, moment.effective_on.year)),
    )


def _programmes(connection: Connection, moment: Moment, person: str) -> Some[Learning]:
    """Those that the person takes part in still."""
    enrolled = _first([each for each in taken_by(connection, moment, person) if each.state == "enrolled"])
    found = [(each, programme(connection, moment, each.programme)) for each in enrolled.items]
    items = [
        Learning(programme=known, progress=row_of(connection, moment, known, each)) for each, known in found if known
    ]
    return Some(items=items, left_out=enrolled.left_out)


def _case_teams(connection: Connection, moment: Moment, person: str) -> Some[TeamWork]:
    teams = _first(teams_of(connection, moment, person))
    made = makings(connection, moment, teams.items)
    items = [
        TeamWork(
            case_team=each,
            role=each.members.get(person, ""),
            leads=each.lead == person,
            making=made.get(each.case_team),
        )
        for each in teams.items
    ]
    return Some(items=items, left_out=teams.left_out)


def _serving(connection: Connection, moment: Moment, person: str) -> Serving:
    at, until = (connection, moment), moment.effective_on
    since = Period.containing(until, "quarterly").first_day
    return Serving(
        teams=_first(service.teams_of(*at, person)),
        visits=_some(visits, *at, person=person, states=("open",)),
        needs=_some(needs, *at, person=person, states=("assigned",)),
        hearings=_some(hearings, *at, host=person, states=COMING),
        hours=next(iter(service.hours(*at, since, until, person=person)), None),
        hours_since=since,
    )


def _of_units(
    ask: Callable[..., Found[Any]], connection: Connection, moment: Moment, units: set[str], states: Sequence[str]
) -> Some[Any]:
    return _some(ask, connection, moment, units=units, states=states) if units else _first([])


def _some(ask: Callable[..., Found[Any]], connection: Connection, moment: Moment, **asked: Any) -> Some[Any]:
    """The first of a list that a view pages through."""
    first = ask(connection, moment, **asked, limit=MOST)
    if first.after is None:
        return Some(items=first.items, left_out=0)
    more = ask(connection, moment, **asked, limit=COUNTED, after=first.after)
    return Some(items=first.items, left_out=len(more.items))


def _first(found: list[T]) -> Some[T]:
    return Some(items=found[:MOST], left_out=min(max(len(found) - MOST, 0), COUNTED))
