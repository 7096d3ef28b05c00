"""The register: whatever is open, of all kinds, with its colour, what is due next, and how far up it went.

Each kind of thing that can be open is a source; what is to be listed, and to colour a unit, is added to `SOURCES`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from projections.models.brands import CHECK
from projections.models.duties import DUTY
from projections.models.hearings import HEARING
from projections.models.needs import NEED
from projections.models.plans import TASK
from projections.models.visits import VISIT
from projections.views import Moment, case_teams
from projections.views import brands as brand_views
from projections.views import duties as duty_views
from projections.views import hearings as hearing_views
from projections.views import needs as need_views
from projections.views import plans as plan_views
from projections.views import visits as visit_views
from projections.views.brands import BrandCheck
from projections.views.case_teams import CaseTeam, Making
from projections.views.duties import Duty
from projections.views.hearings import Hearing
from projections.views.needs import Need
from projections.views.organisation import by_colour
from projections.views.plans import Task
from projections.views.visits import Visit
from projections.views.warnings import OPEN, Interview, Warning, interviews, open_by_colour, warnings
from workflow.indicators.colour import worse


class OpenItem(msgspec.Struct, kw_only=True):
    """Something that is open. `kind` and `id` say what: a warning, the interview that it called for, a duty, a task, a
    visit, a need, a hearing, the check of a brand, or a case team that is not composed as it should be; `about` what it
    concerns: an indicator, a kind of duty, a target, a petitioner, the reference of a case, a brand, a form; for a
    `period`, "" if for none.

    `state` is the thing's own; a task whose assignee left its unit is `assignee_left` until it is shared or reassigned.
    `due` is by when its unit has to do something next, None if there is no such day or it is the turn of somebody else;
    `overdue`, whether that day is past. `escalated_to` is a level of the chain, "" if it did not go up.
    """

    kind: str
    id: str
    unit: str
    about: str
    period: str
    colour: str
    state: str
    since: date
    due: date | None
    overdue: bool
    escalated_to: str
    position: int


class Asked(NamedTuple):
    """What is asked of the register: of a unit, `within` a unit and all below it, of a colour; None: of any."""

    unit: str | None = None
    within: str | None = None
    colour: str | None = None


class Listed(NamedTuple):
    """One page. `after`: the key to go on after; None: this was all."""

    items: list[OpenItem]
    after: str | None


class Source(NamedTuple):
    """One kind of open things. `listed` gives them by id: so many, after an id, and the id to go on after; `by_colour`
    counts them in a unit and all below it."""

    listed: Callable[[Connection, Moment, Asked, int, str], tuple[list[OpenItem], str | None]]
    by_colour: Callable[[Connection, Moment, str], Mapping[str, int]]


def _warnings(
    connection: Connection, moment: Moment, asked: Asked, limit: int, after: str
) -> tuple[list[OpenItem], str | None]:
    found = warnings(connection, moment, states=OPEN, **asked._asdict(), limit=limit, after=after)
    return [_open_warning(each, moment.effective_on) for each in found.items], found.after


def _open_warning(each: Warning, day: date) -> OpenItem:
    return OpenItem(
        kind="warning",
        id=each.warning,
        unit=each.unit,
        about=each.indicator,
        period=each.period,
        colour=each.colour,
        state=each.state,
        since=each.raised_on,
        due=each.due,
        overdue=each.due is not None and each.due < day,
        escalated_to=each.escalated_to,
        position=each.position,
    )


def _interviews(
    connection: Connection, moment: Moment, asked: Asked, limit: int, after: str
) -> tuple[list[OpenItem], str | None]:
    found = interviews(connection, moment, **asked._asdict(), limit=limit, after=after)
    return [_open_interview(each, moment.effective_on) for each in found.items], found.after


def _open_interview(each: Interview, day: date) -> OpenItem:
    return OpenItem(
        kind="interview",
        id=each.warning,
        unit=each.unit,
        about=each.indicator,
        period=each.period,
        colour=each.colour or "none",
        state=each.state,
        since=each.since,
        due=each.due,
        overdue=each.due < day,
        escalated_to=each.escalated_to,
        position=each.position,
    )


_STATES_OF_DUTIES: Mapping[str | None, tuple[str, ...]] = {
    None: duty_views.OPEN,
    "green": ("open",),
    "yellow": ("yellow",),
    "red": ("lapsed",),
}


def _duties(
    connection: Connection, moment: Moment, asked: Asked, limit: int, after: str
) -> tuple[list[OpenItem], str | None]:
    states = _STATES_OF_DUTIES.get(asked.colour)
    if states is None:  # no duty is of this colour
        return [], None
    found = duty_views.duties(
        connection, moment, unit=asked.unit, within=asked.within, states=states, limit=limit, after=after
    )
    return [_open_duty(each) for each in found.items], found.after


def _open_duty(each: Duty) -> OpenItem:
    return OpenItem(
        kind="duty",
        id=each.duty,
        unit=each.unit,
        about=each.kind,
        period=each.period,
        colour=each.colour or "green",
        state=each.state,
        since=each.since,
        due=each.due,
        overdue=each.state == "lapsed",
        escalated_to="",
        position=each.position,
    )


def _tasks(
    connection: Connection, moment: Moment, asked: Asked, limit: int, after: str
) -> tuple[list[OpenItem], str | None]:
    states = plan_views.TO_BE_DONE
    found = plan_views.tasks(connection, moment, states=states, **asked._asdict(), limit=limit, after=after)
    return [_open_task(each, moment.effective_on) for each in found.items], found.after


def _open_task(each: Task, day: date) -> OpenItem:
    reported = each.state == "completed"  # it is the turn of who verifies it
    left = each.settle_by is not None and not reported  # it is to be shared or reassigned first
    due = min(each.due, each.settle_by) if left and each.settle_by is not None else each.due
    return OpenItem(
        kind="task",
        id=each.task,
        unit=each.unit,
        about=each.target,
        period="",
        colour=each.colour,
        state="assignee_left" if left else each.state,
        since=each.since,
        due=None if reported else due,
        overdue=not reported and due < day,
        escalated_to="",
        position=each.position,
    )


def _visits(
    connection: Connection, moment: Moment, asked: Asked, limit: int, after: str
) -> tuple[list[OpenItem], str | None]:
    states = visit_views.OPEN
    found = visit_views.visits(connection, moment, states=states, **asked._asdict(), limit=limit, after=after)
    return [_open("visit", each.visit, each.petitioner, each, moment.effective_on) for each in found.items], found.after


def _needs(
    connection: Connection, moment: Moment, asked: Asked, limit: int, after: str
) -> tuple[list[OpenItem], str | None]:
    states = need_views.OPEN
    found = need_views.needs(connection, moment, states=states, **asked._asdict(), limit=limit, after=after)
    items = [_open("need", each.need, each.petitioner or "", each, moment.effective_on) for each in found.items]
    return items, found.after


def _hearings(
    connection: Connection, moment: Moment, asked: Asked, limit: int, after: str
) -> tuple[list[OpenItem], str | None]:
    states = hearing_views.OPEN
    found = hearing_views.hearings(connection, moment, states=states, **asked._asdict(), limit=limit, after=after)
    items = [_open("hearing", each.hearing, each.reference, each, moment.effective_on) for each in found.items]
    return items, found.after


def _open(kind: str, id: str, about: str, each: Visit | Need | Hearing, day: date) -> OpenItem:
    return OpenItem(
        kind=kind,
        id=id,
        unit=each.unit,
        about=about,
        period="",
        colour=each.colour,
        state=each.state,
        since=each.since,
        due=each.due,
        overdue=each.due is not None and each.due < day,
        escalated_to="",
        position=each.position,
    )


def _brand_checks(
    connection: Connection, moment: Moment, asked: Asked, limit: int, after: str
) -> tuple[list[OpenItem], str | None]:
    states = brand_views.OPEN
    found = brand_views.checks(connection, moment, states=states, **asked._asdict(), limit=limit, after=after)
    return [_open_brand_check(each, moment.effective_on) for each in found.items], found.after


def _open_brand_check(each: BrandCheck, day: date) -> OpenItem:
    return OpenItem(
        kind="brand_check",
        id=each.application,
        unit=each.unit,
        about=each.brand,
        period=str(each.year),
        colour=each.colour or "green",
        state=each.state,
        since=each.since,
        due=each.due,
        overdue=each.due < day,
        escalated_to="",
        position=each.position,
    )


def _case_teams(
    connection: Connection, moment: Moment, asked: Asked, limit: int, after: str
) -> tuple[list[OpenItem], str | None]:
    """Those that are not composed as their form wants: found by looking at all that are open, which are few."""
    found = [
        _broken(team, making)
        for team, making in case_teams.broken(connection, moment, asked.unit, asked.within)
        if asked.colour in (None, making.colour) and team.case_team > after
    ]
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def _broken(team: CaseTeam, making: Making) -> OpenItem:
    return OpenItem(
        kind="case_team",
        id=team.case_team,
        unit=team.unit,
        about=team.form,
        period="",
        colour=making.colour,
        state="broken",
        since=team.since,
        due=None,
        overdue=False,
        escalated_to="",
        position=team.position,
    )


def _broken_by_colour(connection: Connection, moment: Moment, unit: str) -> Mapping[str, int]:
    return Counter(making.colour for _, making in case_teams.broken(connection, moment, within=unit))


SOURCES: Mapping[str, Source] = {
    "warning": Source(_warnings, open_by_colour),
    "interview": Source(_interviews, lambda *_: {}),  # it is not the unit's to hold, and so does not colour it
    "duty": Source(_duties, lambda c, moment, unit: by_colour(c, moment, DUTY, duty_views.OPEN, unit)),
    "task": Source(_tasks, lambda c, moment, unit: by_colour(c, moment, TASK, plan_views.TO_BE_DONE, unit)),
    "visit": Source(_visits, lambda c, moment, unit: by_colour(c, moment, VISIT, visit_views.OPEN, unit)),
    "need": Source(_needs, lambda c, moment, unit: by_colour(c, moment, NEED, need_views.OPEN, unit)),
    "hearing": Source(_hearings, lambda c, moment, unit: by_colour(c, moment, HEARING, hearing_views.OPEN, unit)),
    "brand_check": Source(_brand_checks, lambda c, moment, unit: by_colour(c, moment, CHECK, brand_views.OPEN, unit)),
    "case_team": Source(_case_teams, _broken_by_colour),
}
"""By kind, in the order in which the register lists them."""


def register(
    connection: Connection, moment: Moment, asked: Asked, *, limit: int = 50, after: str = "", kind: str | None = None
) -> Listed:
    """What is open, of one kind or of all: kind by kind, and by id. The key of an item is its kind, `/` and its id."""
    begin, _, id = after.partition("/")
    kinds = [each for each in SOURCES if kind in (None, each)]
    kinds = kinds[kinds.index(begin) :] if begin in kinds else kinds
    items: list[OpenItem] = []
    for each in kinds:
        room = limit - len(items)
        found, more = SOURCES[each].listed(connection, moment, asked, max(room, 1), id if each == begin else "")
        if found and not room:
            return Listed(items, f"{each}/")
        items += found
        if more is not None:
            return Listed(items, f"{each}/{more}")
    return Listed(items, None)


def rolled_up(connection: Connection, moment: Moment, unit: str) -> str:
    """The worst colour of what is open in a unit and all below it; green if nothing is."""
    colour = "green"
    for source in SOURCES.values():
        for other, number in source.by_colour(connection, moment, unit).items():
            colour = other if number and worse(other, colour) else colour
    return colour
