"""The responsibility chain: who answers for a unit, a post, a person, or anything that one of them has, upward on each
line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, get_args

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from projections.models.responsibility import APPOINTMENT, MEMBERSHIP
from projections.views import Moment, every
from projections.views.brands import Brand, brand
from projections.views.case_teams import CaseTeam, case_team, makings
from projections.views.ground import Ground, ground_of, line_of_kind
from projections.views.hearings import Hearing, hearing
from projections.views.indicators import Indicator, indicator, scope_of
from projections.views.line import Line, lines_of
from projections.views.mentoring import Mentorship, mentorship
from projections.views.needs import Need, need
from projections.views.organisation import Post, Unit, post, subtree, unit
from projections.views.people import Appointment, Membership, details_of, person
from projections.views.plans import Task, task
from projections.views.programmes import Programme, programme
from projections.views.study import session
from projections.views.visits import Visit, visit
from projections.views.warnings import Warning, warning
from workflow.charter.model import Charter
from workflow.organisation.views import SUBSTANTIVE

Kind = Literal[
    "unit",
    "post",
    "person",
    "indicator",
    "warning",
    "task",
    "session",
    "visit",
    "need",
    "hearing",
    "mentorship",
    "programme",
    "brand",
    "case-team",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Chain(msgspec.Struct, kw_only=True):
    """The chain upward from `unit`, on each line; from a post in it, where the chain is that of a post.

    `appointment` and `membership` say by what a person stands here. `unit` is None if it does not stand on that day.
    """

    unit: Unit | None
    post: Post | None = None
    appointment: Appointment | None = None
    membership: Membership | None = None
    lines: list[Line]
    broken: bool


class Chains(msgspec.Struct, kw_only=True):
    """The chains of one thing: a person has one for each post and membership, an indicator one for each unit that it
    concerns (`after`: the unit to go on after). `details`: by person, their sealed details as JSON.

    `overlays` are the chains of the units that accompany a case team, each on its own line: they answer for themselves,
    not for the team. `flaws`: how the team is not composed as it should be; then its chain is `broken` too.
    """

    kind: Kind
    id: str
    chains: list[Chain]
    broken: bool
    details: dict[str, str]
    indicator: Indicator | None = None
    warning: Warning | None = None
    task: Task | None = None
    visit: Visit | None = None
    need: Need | None = None
    hearing: Hearing | None = None
    mentorship: Mentorship | None = None
    programme: Programme | None = None
    brand: Brand | None = None
    case_team: CaseTeam | None = None
    overlays: list[Chain] = []
    flaws: list[str] = []
    after: str | None = None


class _Start(NamedTuple):
    """Where a chain begins. `only`: the line of a membership, not all."""

    unit: str
    post: Post | None = None
    appointment: Appointment | None = None
    membership: Membership | None = None


class _Asked(NamedTuple):
    starts: list[_Start]
    indicator: Indicator | None = None
    warning: Warning | None = None
    task: Task | None = None
    visit: Visit | None = None
    need: Need | None = None
    hearing: Hearing | None = None
    mentorship: Mentorship | None = None
    programme: Programme | None = None
    brand: Brand | None = None
    case_team: CaseTeam | None = None
    flaws: Sequence[str] = ()
    after: str | None = None


def chain(
    connection: Connection, moment: Moment, kind: Kind, id: str, charter: Charter, *, limit: int = 50, after: str = ""
) -> Chains | None:
    """The chains of a thing, under the charter that was in force at the moment; None if it is not known.

    `limit` and `after` page through the units that an indicator concerns.
    """
    asked = (
        _of_indicator(connection, moment, id, limit, after)
        if kind == "indicator"
        else _STARTS[kind](connection, moment, id)
    )
    if asked is None:
        return None
    posts = [start.post.post for start in asked.starts if start.post is not None]
    overlays = asked.case_team.overlays if asked.case_team else ()
    units = {start.unit for start in asked.starts}.union(overlays)
    ground = ground_of(connection, moment, charter, units, posts)
    chains = _chains(ground, charter, asked.starts)
    beside = [_own_line(each, charter) for each in _chains(ground, charter, [_Start(unit) for unit in overlays])]
    return Chains(
        kind=kind,
        id=id,
        chains=chains,
        broken=any(each.broken for each in chains) or bool(asked.flaws),
        details=details_of(connection, moment, _persons([*chains, *beside])),
        indicator=asked.indicator,
        warning=asked.warning,
        task=asked.task,
        visit=asked.visit,
        need=asked.need,
        hearing=asked.hearing,
        mentorship=asked.mentorship,
        programme=asked.programme,
        brand=asked.brand,
        case_team=asked.case_team,
        overlays=beside,
        flaws=list(asked.flaws),
        after=asked.after,
    )


def _chains(ground: Ground, charter: Charter, starts: Sequence[_Start]) -> list[Chain]:
    chains = []
    for start in starts:
        path = ground.paths[start.unit]
        lines = lines_of(ground, charter, path, start.post, start.appointment)
        if start.membership is not None and path:
            lines = [line for line in lines if line.line == line_of_kind(charter, path[0].kind)]
        chains.append(
            Chain(
                unit=path[0] if path else None,
                post=start.post,
                appointment=start.appointment,
                membership=start.membership,
                lines=lines,
                broken=any(line.broken for line in lines),
            )
        )
    return chains


def _own_line(found: Chain, charter: Charter) -> Chain:
    """The same on the line of its unit only."""
    own = line_of_kind(charter, found.unit.kind) if found.unit else ""
    lines = [line for line in found.lines if line.line == own]
    return replace(found, lines=lines, broken=any(line.broken for line in lines))


def _persons(chains: list[Chain]) -> set[str]:
    steps = [step for each in chains for line in each.lines for step in line.steps]
    return {holder.person for step in steps for holder in step.holders}


def _of_unit(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    return _Asked([_Start(id)]) if unit(connection, moment, id) else None


def _of_post(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    known = post(connection, moment, id)
    return _Asked([_Start(known.unit, known)]) if known else None


def _of_person(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    if person(connection, moment, id) is None:
        return None
    starts = []
    for held in every(connection, APPOINTMENT, moment, Appointment, APPOINTMENT.c.person == id):
        starts.append(_Start(held.unit, post(connection, moment, held.post), held))
    for each in every(connection, MEMBERSHIP, moment, Membership, MEMBERSHIP.c.person == id):
        starts.append(_Start(each.unit, membership=each))
    return _Asked(starts)


def _of_warning(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    known = warning(connection, moment, id)
    return _Asked([_Start(known.unit)], warning=known) if known else None


def _of_task(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    """That of the post which has it, or of the person's posts in its unit; else that of the unit."""
    known = task(connection, moment, id)
    if known is None:
        return None
    if known.person is not None:
        return _Asked(_held(connection, moment, known.person, known.unit), task=known)
    return _Asked([_Start(known.unit, post(connection, moment, known.post) if known.post else None)], task=known)


def _of_mentorship(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    """That of the mentor's posts in the unit that answers for it; else that of the unit."""
    known = mentorship(connection, moment, id)
    return _Asked(_held(connection, moment, known.mentor, known.unit), mentorship=known) if known else None


def _of_programme(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    known = programme(connection, moment, id)
    return _Asked([_Start(known.unit)], programme=known) if known else None


def _held(connection: Connection, moment: Moment, person: str, unit: str) -> list[_Start]:
    """The posts that a person holds in a unit; the unit, if there are none."""
    theirs = APPOINTMENT.c.person == person, APPOINTMENT.c.unit == unit
    held = every(connection, APPOINTMENT, moment, Appointment, *theirs)
    return [_Start(each.unit, post(connection, moment, each.post), each) for each in held] or [_Start(unit)]


def _of_visit(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    known = visit(connection, moment, id)
    return _Asked(_held_by(connection, moment, known.person, known.unit, anywhere=True), visit=known) if known else None


def _of_need(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    known = need(connection, moment, id)
    return _Asked(_held_by(connection, moment, known.person, known.unit), need=known) if known else None


def _of_hearing(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    known = hearing(connection, moment, id)
    return _Asked(_held_by(connection, moment, known.host, known.unit), hearing=known) if known else None


def _held_by(
    connection: Connection, moment: Moment, person: str | None, unit: str, anywhere: bool = False
) -> list[_Start]:
    """From the posts that a person holds in a unit or in one below it; `anywhere`, of who serves in a team for a unit:
    from their own post wherever it is. Else from the unit."""
    theirs = [APPOINTMENT.c.person == person]
    theirs += [APPOINTMENT.c.kind == SUBSTANTIVE] if anywhere else [APPOINTMENT.c.unit.in_(subtree(moment, unit))]
    held = every(connection, APPOINTMENT, moment, Appointment, *theirs) if person is not None else []
    return [_Start(each.unit, post(connection, moment, each.post), each) for each in held] or [_Start(unit)]


def _of_session(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    known = session(connection, moment, id)
    return _Asked([_Start(known.unit)]) if known else None


def _of_brand(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    known = brand(connection, moment, id)
    return _Asked([_Start(known.unit)], brand=known) if known else None


def _of_case_team(connection: Connection, moment: Moment, id: str) -> _Asked | None:
    """That of who leads, or else of each member that its first role asks for, by their posts in its unit; else that of
    the unit."""
    known = case_team(connection, moment, id)
    if known is None:
        return None
    making = makings(connection, moment, [known]).get(id)
    people: list[str] = []
    if making is not None:
        people = [making.lead] if making.lead else [] if making.lead_by else making.places[0].members
    theirs = APPOINTMENT.c.person.in_(people), APPOINTMENT.c.unit == known.unit
    held = every(connection, APPOINTMENT, moment, Appointment, *theirs)
    starts = [_Start(each.unit, post(connection, moment, each.post), each) for each in held]
    return _Asked(starts or [_Start(known.unit)], case_team=known, flaws=making.flaws if making else ())


def _of_indicator(connection: Connection, moment: Moment, id: str, limit: int, after: str) -> _Asked | None:
    known = indicator(connection, moment, id)
    if known is None:
        return None
    units = scope_of(connection, moment, known, limit=limit, after=after)
    return _Asked([_Start(each.unit) for each in units.items], indicator=known, after=units.after)


_STARTS: dict[str, Callable[[Connection, Moment, str], _Asked | None]] = {
    "unit": _of_unit,
    "post": _of_post,
    "person": _of_person,
    "warning": _of_warning,
    "task": _of_task,
    "visit": _of_visit,
    "need": _of_need,
    "hearing": _of_hearing,
    "session": _of_session,
    "mentorship": _of_mentorship,
    "programme": _of_programme,
    "brand": _of_brand,
    "case-team": _of_case_team,
}
