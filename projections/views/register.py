"""The register: whatever is open, of all kinds, with its colour, what is due next, and how far up it went.

Each kind of thing that can be open is a source; what is to be listed, and to colour a unit, is added to `SOURCES`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from projections.facts import FactTable
from projections.models.brands import CHECK
from projections.models.duties import DUTY
from projections.models.hearings import HEARING
from projections.models.needs import NEED
from projections.models.plans import TASK
from projections.models.visits import VISIT
from projections.models.warnings import INTERVIEW, WARNING
from projections.views import Found, Moment, case_teams
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
from projections.views.warnings import OPEN, TO_BE_HELD, Interview, Warning, interviews, warnings
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

    listed: Callable[[Connection, Moment, Asked, int, str], Listed]
    by_colour: Callable[[Connection, Moment, str], Mapping[str, int]]


def _kept(
    table: FactTable, states: Collection[str], query: Callable[..., Found[Any]], item: Callable[[Any, date], OpenItem]
) -> Source:
    """What a table keeps, as long as it is in one of these states; `query` finds it there."""

    def listed(connection: Connection, moment: Moment, asked: Asked, limit: int, after: str) -> Listed:
        found = query(connection, moment, states=states, **asked._asdict(), limit=limit, after=after)
        return Listed([item(each, moment.effective_on) for each in found.items], found.after)

    return Source(listed, lambda connection, moment, unit: by_colour(connection, moment, table, states, unit))


def _item(
    kind: str,
    id: str,
    about: str,
    each: Interview | Duty | Task | Visit | Need | Hearing | BrandCheck,
    day: date,
    *,
    period: str = "",
    uncoloured: str = "green",
    escalated_to: str = "",
) -> OpenItem:
    """What almost all kinds have in common, and what some have besides."""
    return OpenItem(
        kind=kind,
        id=id,
        unit=each.unit,
        about=about,
        period=period,
        colour=each.colour or uncoloured,
        state=each.state,
        since=each.since,
        due=each.due,
        overdue=each.due is not None and each.due < day,
        escalated_to=escalated_to,
        position=each.position,
    )


def _warning(each: Warning, day: date) -> OpenItem:
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


def _interview(each: Interview, day: date) -> OpenItem:
    more = {"period": each.period, "uncoloured": "none", "escalated_to": each.escalated_to}
    return _item("interview", each.warning, each.indicator, each, day, **more)


def _duty(each: Duty, day: date) -> OpenItem:
    item = _item("duty", each.duty, each.kind, each, day, period=each.period)
    return replace(item, overdue=each.state == "lapsed")


_STATES_OF_DUTIES = {"green": ("open",), "yellow": ("yellow",), "red": ("lapsed",)}


def _duties(
    connection: Connection, moment: Moment, *, states: Collection[str], colour: str | None, **asked: Any
) -> Found[Duty]:
    """Duties keep no colour to be asked for, but a state for each."""
    if colour is not None:
        states = _STATES_OF_DUTIES.get(colour, ())
    return duty_views.duties(connection, moment, states=states, **asked) if states else Found([], None)


def _task(each: Task, day: date) -> OpenItem:
    item = _item("task", each.task, each.target, each, day)
    if each.state == "completed":  # it is the turn of who verifies it
        return replace(item, due=None, overdue=False)
    if each.settle_by is None:
        return item
    due = min(each.due, each.settle_by)  # it is to be shared or reassigned first
    return replace(item, state="assignee_left", due=due, overdue=due < day)


def _visit(each: Visit, day: date) -> OpenItem:
    return _item("visit", each.visit, each.petitioner, each, day)


def _need(each: Need, day: date) -> OpenItem:
    return _item("need", each.need, each.petitioner or "", each, day)


def _hearing(each: Hearing, day: date) -> OpenItem:
    return _item("hearing", each.hearing, each.reference, each, day)


def _brand_check(each: BrandCheck, day: date) -> OpenItem:
    return _item("brand_check", each.application, each.brand, each, day, period=str(each.year))


def _case_teams(connection: Connection, moment: Moment, asked: Asked, limit: int, after: str) -> Listed:
    """Those that are not composed as their form wants: found by looking at all that are open, which are few."""
    found = [
        _broken(team, making)
        for team, making in case_teams.broken(connection, moment, asked.unit, asked.within)
        if asked.colour in (None, making.colour) and team.case_team > after
    ]
    return Listed(found[:limit], found[limit - 1].id if len(found) > limit else None)


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
    "warning": _kept(WARNING, OPEN, warnings, _warning),
    # It is not the unit's to hold, and so does not colour it.
    "interview": _kept(INTERVIEW, TO_BE_HELD, interviews, _interview)._replace(by_colour=lambda *_: {}),
    "duty": _kept(DUTY, duty_views.OPEN, _duties, _duty),
    "task": _kept(TASK, plan_views.TO_BE_DONE, plan_views.tasks, _task),
    "visit": _kept(VISIT, visit_views.OPEN, visit_views.visits, _visit),
    "need": _kept(NEED, need_views.OPEN, need_views.needs, _need),
    "hearing": _kept(HEARING, hearing_views.OPEN, hearing_views.hearings, _hearing),
    "brand_check": _kept(CHECK, brand_views.OPEN, brand_views.checks, _brand_check),
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
