"""The clock's part: visits and needs turn yellow and red, and who left is taken out of teams and away from needs.

What people did on a day counts from the next one on: the clock works in the night before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from workflow.calendar import ONE_DAY
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act, Agenda
from workflow.deadlines import Due
from workflow.ids import NeedId, PersonId, ServiceTeamId, VisitId
from workflow.organisation.events import (
    AppointmentEnded,
    AppointmentStarted,
    MembershipEnded,
    MembershipStarted,
    PersonLeft,
    PersonRegistered,
    UnitEstablished,
    UnitMoved,
)
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import UnitStanding
from workflow.service.belonging import Belonging
from workflow.service.events import TeamFormed, TeamMemberJoined, TeamMemberWithdrew
from workflow.service.needs.commands import FlagNeed, UnassignNeed
from workflow.service.needs.events import NeedAnnulled, NeedAssigned, NeedMoved, NeedRated, NeedResolved, NeedUnassigned
from workflow.service.needs.views import NeedStanding
from workflow.service.teams import LetMemberGo
from workflow.service.views import TeamStanding
from workflow.service.visits.commands import FlagVisit
from workflow.service.visits.views import VisitStanding
from workflow.slices import Event

_OF_PEOPLE = (
    *(PersonRegistered, PersonLeft),
    *(AppointmentStarted, AppointmentEnded, MembershipStarted, MembershipEnded),
)
_OF_UNITS = UnitEstablished, UnitMoved


def due_visits() -> Agenda:
    def rule(charter: Charter) -> int | None:
        return None if charter.service is None else charter.service.visits.yellow_working_days

    def flag(id: str, why: str, day: date) -> FlagVisit:
        return FlagVisit(visit=VisitId(id), why=why, effective=day)

    return Due("visit", VisitStanding.listens_to(), VisitStanding, flag, rule)


def due_needs() -> Agenda:
    def rule(charter: Charter) -> int | None:
        return None if charter.service is None else charter.service.needs.yellow_working_days

    def flag(id: str, why: str, day: date) -> FlagNeed:
        return FlagNeed(need=NeedId(id), why=why, effective=day)

    return Due("need", NeedStanding.listens_to(), NeedStanding, flag, rule)


class Leavers:
    """The agenda of those who do not belong any more where they serve: they are named on each day, until they are taken
    out. So an end that is recorded late is found by a clock that was awake, that slept, and that is started anew."""

    def __init__(self) -> None:
        self._teams: dict[ServiceTeamId, TeamStanding] = {}
        self._needs: dict[NeedId, PersonId] = {}
        self._people: dict[PersonId, Belonging] = {}
        self._tree = UnitTree([], date.min)

    def listens_to(self) -> Iterable[type[Event]]:
        of_teams = TeamFormed, TeamMemberJoined, TeamMemberWithdrew
        of_needs = NeedAssigned, NeedUnassigned, NeedMoved, NeedResolved, NeedRated, NeedAnnulled
        return (*_OF_PEOPLE, *_OF_UNITS, *of_teams, *of_needs)

    def note(self, fact: Event) -> None:
        match fact:
            case UnitEstablished() | UnitMoved():
                self._tree.units.setdefault(fact.unit, UnitStanding(fact.unit)).note(fact)
            case TeamFormed() | TeamMemberJoined() | TeamMemberWithdrew():
                self._teams.setdefault(fact.team, TeamStanding(fact.team)).note(fact)
            case NeedAssigned():
                self._needs[fact.need] = fact.person
            case NeedUnassigned() | NeedMoved() | NeedResolved() | NeedRated() | NeedAnnulled():
                self._needs.pop(fact.need, None)
            case _:
                self._note_person(fact)

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        if charters.on(day).service is None:
            return
        day_before = day - ONE_DAY
        for team, standing in sorted(self._teams.items()):
            for person, (unit, span) in sorted(standing.members.items()):
                if span.until is None and span.since <= day and self._people[person].over(unit, day_before):
                    act = LetMemberGo(team=team, person=person, effective=day)
                    yield Act(f"service-team.{team}.{person}.{day}", act)
        for need, person in sorted(self._needs.items()):
            serves = self._people[person].service.span
            if serves is not None and not serves.reaches(day_before):
                yield Act(f"need.{need}.left.{day}", UnassignNeed(need=need, effective=day))

    def _note_person(self, fact: Any) -> None:
        if fact.person not in self._people:
            self._people[fact.person] = Belonging(fact.person, date.min)
            self._people[fact.person].tree = self._tree
        known = self._people[fact.person]
        for view in (known.service, known.career, known.memberships):
            view.note(fact)


def agendas_of_service() -> list[Agenda]:
    return [Leavers(), due_visits(), due_needs()]
