"""What waits for one person: a signature, a reception, an interview that their level holds, and where they must be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

import msgspec
from sqlalchemy import Connection

from projections.views import Moment
from projections.views.duties import OPEN, Duty, duties
from projections.views.ground import ground_of
from projections.views.holding import Holding, LevelHeld
from projections.views.line import lines_of
from projections.views.organisation import reached
from projections.views.reports import Report, reports
from projections.views.study import Attended, Session, attendance_of, sessions
from projections.views.warnings import Interview, interviews
from workflow.calendar import Calendar
from workflow.charter.duties import Attendance
from workflow.charter.model import Charter
from workflow.charter.study import Audience

MOST = 1000
"""How many open reports, interviews, duties and sessions are looked through for those that wait for a person."""


class ReportAwaited(msgspec.Struct, kw_only=True):
    """A report which a person is to sign on some levels of the chain, or to accept or return on some lines."""

    report: Report
    sign: list[str]
    receive: list[str]


class OpenMakeUp(msgspec.Struct, kw_only=True):
    """A session somebody missed and may still make up for, with the last day `until` which that is shown; null: it was
    shown, and somebody has to verify it."""

    attended: Attended
    until: date | None


def reports_awaiting(
    connection: Connection, moment: Moment, charter: Charter, person: str, levels: list[LevelHeld]
) -> list[ReportAwaited]:
    """The reports that a person is to sign or to receive, by what they hold in the chain of each report's unit."""
    kinds = {kind.id: kind for kind in charter.reports}
    asked = {level for kind in kinds.values() for level in (*kind.signed_by, *kind.received_by)}
    held = [each for each in levels if each.level in asked]
    if not held:
        return []
    units = _through(connection, moment, held)
    waiting = reports(connection, moment, units=units, states=("submitted", "signed"), limit=MOST).items
    theirs = _levels_for(connection, moment, charter, person, {each.unit for each in waiting})
    found = []
    for each in waiting:
        kind, mine = kinds.get(each.kind), theirs[each.unit]
        if kind is None:
            continue
        sign = [level for level in kind.signed_by if level in mine and level not in each.signatures]
        lines = [charter.level(level).line for level in kind.received_by if level in mine]
        # Who signed it does not receive it.
        signed = each.state == "signed" and person not in each.signatures.values()
        receive = [line for line in lines if signed and line not in each.accepted]
        if sign or receive:
            found.append(ReportAwaited(report=each, sign=sign, receive=receive))
    return found


def interviews_awaiting(
    connection: Connection, moment: Moment, charter: Charter, person: str, levels: list[LevelHeld]
) -> list[Interview]:
    """The interviews that a person is to hold, by the level that each is for or went up to."""
    above = [each for each in levels if charter.level(each.level).by != "holder"]
    if not above:
        return []
    due = interviews(connection, moment, units=_through(connection, moment, above), limit=MOST).items
    theirs = _levels_for(connection, moment, charter, person, {each.unit for each in due})
    return [each for each in due if (each.escalated_to or each.level) in theirs[each.unit]]


def duties_to_attend(connection: Connection, moment: Moment, charter: Charter, holding: Holding) -> list[Duty]:
    """The duties of units at which a person must be present: as a holder of a post, or as a voting member."""
    asked = {
        (kind.id, unit)
        for kind in charter.owed()
        if kind.attendance is not None
        for unit in _where_present(charter, kind.attendance, holding)
    }
    units = {unit for _, unit in asked}
    found = duties(connection, moment, units=units, states=OPEN, limit=MOST).items if units else []
    return [each for each in found if (each.kind, each.unit) in asked]


def sessions_to_attend(
    connection: Connection, moment: Moment, charter: Charter, holding: Holding, personnel_class: str
) -> list[Session]:
    """The sessions that are scheduled, and whose audience a person is one of."""
    asked = {
        (tier.id, unit)
        for tier in charter.study
        if not tier.audience.classes or personnel_class in tier.audience.classes
        for unit in _where_heard(tier.audience, holding)
    }
    units = {unit for _, unit in asked}
    found = sessions(connection, moment, units=units, states=("scheduled",), limit=MOST).items if units else []
    return [each for each in found if (each.tier, each.unit) in asked]


def make_ups(connection: Connection, moment: Moment, charter: Charter, person: str) -> list[OpenMakeUp]:
    """The sessions that a person may still make up for, and those where that waits to be verified."""
    calendar, days = Calendar(charter), {tier.id: tier.make_up_working_days for tier in charter.study}
    found = []
    for each in attendance_of(connection, moment, person, states=("absent", "making_up"), limit=MOST).items:
        if each.state == "making_up":
            found.append(OpenMakeUp(attended=each, until=None))
        elif allowed := days.get(each.tier, 0):
            until = calendar.add(each.held_on, allowed)
            if until >= moment.effective_on:
                found.append(OpenMakeUp(attended=each, until=until))
    return found


def _through(connection: Connection, moment: Moment, levels: Collection[LevelHeld]) -> set[str] | None:
    """The units whose chains may lead through these levels; None, any: a chain may begin at the top of a line."""
    if any(each.unit.parent is None for each in levels):
        return None
    return reached(connection, moment, {each.unit.unit for each in levels})


def _levels_for(
    connection: Connection, moment: Moment, charter: Charter, person: str, units: Collection[str]
) -> dict[str, set[str]]:
    """By unit, the levels of its chain that a person holds."""
    found: dict[str, set[str]] = defaultdict(set)
    if not units:
        return found
    ground = ground_of(connection, moment, charter, units)
    for unit in units:
        for line in lines_of(ground, charter, ground.paths[unit], None, None):
            found[unit] |= {step.level for step in line.steps if any(each.person == person for each in step.holders)}
    return found


def _where_present(charter: Charter, rule: Attendance, holding: Holding) -> set[str]:
    """The units whose duties of such a rule the person must be at."""
    if not rule.post_kinds:
        voting = {kind.id for kind in charter.membership_kinds if kind.voting}
        return _upward(holding, (each.unit for each in holding.memberships if each.kind in voting))
    units = {post.unit for post in holding.posts.values() if post.kind in rule.post_kinds}
    if any(charter.post_kind(kind).rank == "head" for kind in rule.post_kinds):
        units |= {each.unit.unit for each in holding.headed(charter)}
    return units


def _where_heard(rule: Audience, holding: Holding) -> set[str]:
    """The units whose sessions for such an audience the person must attend."""
    if rule.membership_kinds:
        return _upward(holding, (each.unit for each in holding.memberships if each.kind in rule.membership_kinds))
    posts = holding.posts.values()
    return _upward(holding, (post.unit for post in posts if not rule.post_kinds or post.kind in rule.post_kinds))


def _upward(holding: Holding, units: Iterable[str]) -> set[str]:
    return {above.unit for unit in units for above in holding.paths.get(unit, ())}
