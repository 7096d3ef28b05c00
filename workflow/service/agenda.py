"""The clock's part: visits and needs turn yellow and red, and who left is taken out of teams and away from needs.

What people did on a day counts from the next one on: the clock works in the night before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act, Agenda
from workflow.deadlines import Due
from workflow.ids import NeedId, PersonId, ServiceTeamId, VisitId
from workflow.organisation.events import AppointmentEnded, AppointmentStarted, MembershipEnded, PersonLeft, UnitMoved
from workflow.service.events import TeamFormed, TeamMemberJoined, TeamMemberWithdrew
from workflow.service.needs.commands import FlagNeed, UnassignNeed
from workflow.service.needs.events import NeedAnnulled, NeedAssigned, NeedMoved, NeedRated, NeedResolved, NeedUnassigned
from workflow.service.needs.views import NeedStanding
from workflow.service.teams import LetMemberGo
from workflow.service.views import TeamStanding
from workflow.service.visits.commands import FlagVisit
from workflow.service.visits.views import VisitStanding
from workflow.slices import Event

_OF_PEOPLE = (PersonLeft, MembershipEnded, AppointmentEnded, AppointmentStarted, UnitMoved)

EVERYBODY = PersonId("")
"""Whom a unit that moved concerns: whoever is in it, or below it, belongs no more where it was."""


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
    """The agenda of those who do not belong any more where they serve. Whether that is so, the commands find out on the
    day after anything about a person ended, or a unit moved."""

    def __init__(self) -> None:
        self._teams: dict[ServiceTeamId, TeamStanding] = {}
        self._needs: dict[NeedId, PersonId] = {}
        self._ended: dict[PersonId, set[date]] = {}
        self._asked: dict[tuple[PersonId, date], date] = {}

    def listens_to(self) -> Iterable[type[Event]]:
        of_needs = NeedAssigned, NeedUnassigned, NeedMoved, NeedResolved, NeedRated, NeedAnnulled
        return (*_OF_PEOPLE, TeamFormed, TeamMemberJoined, TeamMemberWithdrew, *of_needs)

    def note(self, fact: Event) -> None:
        match fact:
            case AppointmentStarted():
                if fact.until is not None:
                    self._ended.setdefault(fact.person, set()).add(fact.until)
            case PersonLeft() | MembershipEnded() | AppointmentEnded():
                self._ended.setdefault(fact.person, set()).add(fact.effective)
            case UnitMoved():
                self._ended.setdefault(EVERYBODY, set()).add(fact.effective)
            case TeamFormed() | TeamMemberJoined() | TeamMemberWithdrew():
                self._teams.setdefault(fact.team, TeamStanding(fact.team)).note(fact)
            case NeedAssigned():
                self._needs[fact.need] = fact.person
            case NeedUnassigned() | NeedMoved() | NeedResolved() | NeedRated() | NeedAnnulled():
                self._needs.pop(fact.need, None)

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        if charters.on(day).service is None:
            return
        people = self._asked_on(day)
        for team, standing in sorted(self._teams.items()):
            for person in sorted(standing.members if EVERYBODY in people else people):
                if standing.unit_of(person, day) is not None:
                    act = LetMemberGo(team=team, person=person, effective=day)
                    yield Act(f"service-team.{team}.{person}.{day}", act)
        for need, person in sorted(self._needs.items()):
            if person in people:
                yield Act(f"need.{need}.left.{day}", UnassignNeed(need=need, effective=day))

    def _asked_on(self, day: date) -> set[PersonId]:
        """About whom something had ended by the day before: it is looked at once, on the first day on which it can be
        known, however often that day is asked about."""
        found = set()
        for person, ends in list(self._ended.items()):
            for end in [end for end in ends if end < day]:
                first = self._asked.setdefault((person, end), day)
                if first == day:
                    found.add(person)
                else:
                    ends.discard(end)
                    del self._asked[person, end]
            if not ends:
                del self._ended[person]
        return found


def agendas_of_service() -> list[Agenda]:
    return [Leavers(), due_visits(), due_needs()]
