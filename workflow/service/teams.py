"""Teams: formed, joined, and left; whoever leaves hands over what they carry, or it is left to be handed over."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.model import Charter
from workflow.charter.service import TeamKind
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import said
from workflow.ids import PersonId, ServiceTeamId, UnitId
from workflow.organisation.views import UnitStanding
from workflow.service.acts import refuse_untimely, service_of
from workflow.service.belonging import Belonging, TakingOn
from workflow.service.events import TeamFormed, TeamMemberJoined, TeamMemberWithdrew
from workflow.service.views import Member, TeamStanding, must_take_on
from workflow.service.visits.dates import handover_due
from workflow.service.visits.events import VisitHandedOver, VisitLeftBehind
from workflow.service.visits.views import Carried
from workflow.slices import Command, Knows, Refused


class FormTeam(Command):
    """Form a team of a kind, with nobody in it yet."""

    team: ServiceTeamId
    kind: str
    name: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), TeamStanding(self.team)
        yield self.charters, self.standing

    def execute(self) -> None:
        kind_of(charter_for(self, self.charters), self.kind)
        if self.standing.formed is not None:
            raise Refused("service_team.exists", f"There is a team {self.team} already.", "team")
        refuse_untimely(self, "service_team")
        name = said(self.name, "service_team.name", "A team has a name.")
        self.trigger(TeamFormed(self.team, self.kind, name, self.effective))


class JoinTeam(Command):
    """Let a person be in a team, for a unit to which or below which they belong, while the unit has places in it."""

    team: ServiceTeamId
    person: PersonId
    unit: UnitId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing, self.place = CharterInForce(), TeamStanding(self.team), UnitStanding(self.unit)
        self.belonging = TakingOn(self.person, self.effective, self.context.today)
        yield self.charters, self.standing, self.place
        yield from self.belonging.knows()

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        formed = self.standing.must_be_formed()
        kind = kind_of(charter, formed.kind)
        refuse_untimely(self, "service_team", formed.effective)
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        if self.place.kind not in kind.unit_kinds:
            allowed = ", ".join(kind.unit_kinds)
            sentence = f"Members of such a team come for units of the kinds {allowed}."
            raise Refused("service_team.unit_kind", sentence, "unit")
        known = self.standing.members.get(self.person)
        if known is not None and known.span.reaches(self.effective):
            raise Refused("service_team.member", f"{self.person} is in the team already, or on a later day.", "person")
        self.belonging.must_be_within(self.unit, "service_team.belongs")
        self._refuse_full(kind)
        self.trigger(TeamMemberJoined(self.team, self.person, self.unit, self.effective))

    def _refuse_full(self, kind: TeamKind) -> None:
        places = kind.places_of(self.unit)
        if places is not None and self.standing.count(self.effective, self.unit) >= places:
            raise Refused("service_team.places", f"{self.unit} has {places} places in such a team.", "unit")
        if kind.size_at_most is not None and self.standing.count(self.effective) >= kind.size_at_most:
            raise Refused("service_team.size", f"Such a team has at most {kind.size_at_most} members.", "team")


class WithdrawMember(Command):
    """Let a member leave the team from `effective` on. What they carry goes to the `successor`, another member; without
    one it is left behind, and to be handed over in time."""

    team: ServiceTeamId
    person: PersonId
    effective: date
    successor: PersonId | None = None
    notes: str = ""

    def knows(self) -> Knows:
        self.charters, self.standing, self.carried = (
            CharterInForce(),
            TeamStanding(self.team),
            Carried(self.person),
        )
        self.heir = None
        yield self.charters, self.standing, self.carried
        if self.successor is not None:
            self.heir = TakingOn(self.successor, self.effective, self.context.today)
            yield from self.heir.knows()

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        service_of(charter)
        unit = self.standing.must_be_member(self.person, self.effective)
        carried = self.carried.of(self.team)
        last = last_act(self.standing.members[self.person], self.carried, self.team)
        refuse_untimely(self, "service_team", last)
        self.trigger(TeamMemberWithdrew(self.team, self.person, unit, "asked", self.effective))
        if self.heir is None:
            leave_behind(self, self.carried, self.team, unit, self.effective, charter)
            return
        theirs = must_take_on(self.heir, self.standing, "successor")
        if self.heir.person == self.person:
            raise Refused("service_team.successor", "The successor is somebody else.", "successor")
        notes = said(self.notes, "service_team.notes", "Who takes over is told how things stand.") if carried else ""
        for visit, (petitioner, _) in carried.items():
            names = visit, petitioner, self.team, self.heir.person, self.person, theirs
            self.trigger(VisitHandedOver(*names, notes, self.effective))


class LetMemberGo(Command):
    """Take a person out of a team who the day before `effective` had left the service, or did not belong any more to
    the unit for which they are in it. What they carry is left behind.

    Nothing is done about who is back on a later day, as far as is known, or withdrew already, nor on a day before they
    did something last.
    """

    team: ServiceTeamId
    person: PersonId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing, self.carried = (
            CharterInForce(),
            TeamStanding(self.team),
            Carried(self.person),
        )
        self.belonging = Belonging(self.person, self.effective - ONE_DAY)
        yield self.charters, self.standing, self.carried
        yield from self.belonging.knows()

    def execute(self) -> None:
        charter, day_before = charter_for(self, self.charters), self.effective - ONE_DAY
        member, span = self.standing.members.get(self.person), self.belonging.service.span
        if member is None or member.span.until is not None or span is None:
            return
        done_since = self.effective < last_act(member, self.carried, self.team)
        if done_since or not self.belonging.over(member.unit, day_before):
            return
        cause = "moved" if span.holds_on(day_before) else "left"
        self.trigger(TeamMemberWithdrew(self.team, self.person, member.unit, cause, self.effective))
        leave_behind(self, self.carried, self.team, member.unit, self.effective, charter)


def last_act(member: Member, carried: Carried, team: ServiceTeamId) -> date:
    """When a member joined, or something was done last about what they carry in the team."""
    return max([member.span.since, *(last for _, last in carried.of(team).values())])


def leave_behind(
    command: Command, carried: Carried, team: ServiceTeamId, unit: UnitId, day: date, charter: Charter
) -> None:
    """What a person carried in a team is to be handed over, in time, from that day on."""
    for visit, (petitioner, _) in carried.of(team).items():
        names = visit, petitioner, team, carried.person, unit
        command.trigger(VisitLeftBehind(*names, handover_due(day, charter), day))


def kind_of(charter: Charter, kind: str) -> TeamKind:
    """Raises Refused for a kind of team that the charter does not know."""
    known = service_of(charter).teams
    for each in known:
        if each.id == kind:
            return each
    sentence = f"The charter knows no such team; it has {', '.join(each.id for each in known) or 'none'}."
    raise Refused("service_team.kind", sentence, "kind")
