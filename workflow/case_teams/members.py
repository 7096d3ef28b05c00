"""Members of case teams: joining and leaving, handing over, and who leads."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.case_teams.acts import ActOnCaseTeam, fits, refuse_not_named, refuse_unfit
from workflow.case_teams.events import CaseHandedOver, LeadChanged, MemberJoined, MemberLeft
from workflow.case_teams.forming import refuse_role
from workflow.case_teams.views import CaseTeamStanding
from workflow.dates import Span
from workflow.ids import PersonId
from workflow.organisation.views import Standing
from workflow.slices import Knows, Refused


class JoinCaseTeam(ActOnCaseTeam):
    """Join a team in a role. Who is no longer in service, or of another class by now, takes up no place."""

    PART = ("person",)

    person: PersonId
    role: str

    def knows(self) -> Knows:
        yield from super().knows()
        people = sorted({self.person, *self.standing.members})
        self.services = {each: Standing(each) for each in people}
        yield tuple(self.services.values())

    def execute(self) -> None:
        formed = self.begin()
        if self.person in self.standing.members:
            raise Refused("case_team.member", f"{self.person} is a member already.", "person")
        rule, form = self.standing.rule, self.standing.form
        refuse_role(form, self.role)
        refuse_unfit(rule, self.services[self.person], self.role, self.effective)
        most = next(place.at_most for place in form.members if place.role == self.role)
        there = [each for each, role in self.standing.members.items() if role == self.role]
        taken = sum(fits(rule, self.services[each], self.role, self.effective) for each in there)
        if most is not None and taken >= most:
            raise Refused("case_team.full", f"A {form.id} has {most} in the role {self.role} at most.", "role")
        self.trigger(MemberJoined(self.case_team, formed.unit, self.person, self.role, self.effective))


class LeaveCaseTeam(ActOnCaseTeam):
    """Leave a team. It may lack somebody then; it says so until others join."""

    person: PersonId

    def execute(self) -> None:
        self.begin()
        if self.person not in self.standing.members:
            raise Refused("case_team.not_member", f"{self.person} is no member of this team.", "person")
        self.trigger(left(self.standing, self.person, self.effective))


class HandOverCase(ActOnCaseTeam):
    """Record what of a case one member, or one who was, handed over to another member."""

    PART = ("receiver",)

    giver: PersonId
    receiver: PersonId
    items: tuple[str, ...]

    def knows(self) -> Knows:
        yield from super().knows()
        self.service = Standing(self.receiver)
        yield (self.service,)

    def execute(self) -> None:
        formed, standing = self.begin(), self.standing
        if self.receiver not in standing.members or self.receiver == self.giver:
            raise Refused("case_team.receiver", "A case is handed over to another member of the team.", "receiver")
        if self.giver not in standing.members and self.giver not in standing.former:
            raise Refused("case_team.giver", f"{self.giver} was never a member of this team.", "giver")
        self.service.must_serve(Span(self.effective, self.effective + ONE_DAY))
        known = [each.id for each in standing.rule.handover]
        if not self.items or len(set(self.items)) < len(self.items) or not set(self.items) <= set(known):
            raise Refused("case_team.items", f"What is handed over is some of {', '.join(known)}.", "items")
        number = len(standing.handovers) + 1
        self.trigger(
            CaseHandedOver(self.case_team, formed.unit, number, self.giver, self.receiver, self.items, self.effective)
        )


class ChangeLead(ActOnCaseTeam):
    """Let another member lead, whom the holder of the level names to whom that is left.

    There must be a handover to them from who leads, or led last, or a reason why there is none.
    """

    PART = ("lead", "named_by")

    lead: PersonId
    named_by: PersonId

    def knows(self) -> Knows:
        yield from super().knows()
        self.service = Standing(self.lead)
        yield (self.service,)
        named = self.standing.form.lead_by
        self.levels = self.level(*([named] if named else []))
        yield from self.levels.knows()

    def execute(self) -> None:
        formed, standing, form = self.begin(), self.standing, self.standing.form
        if not form.lead_by:
            raise Refused("case_team.no_lead", f"A {form.id} has no lead.", "lead")
        refuse_not_named(self.levels, form.lead_by, self.named_by)
        if self.lead == standing.leading.now:
            raise Refused("case_team.leads", f"{self.lead} leads already.", "lead")
        if standing.members.get(self.lead) != form.lead_role:
            raise Refused("case_team.lead", f"A {form.id} is led by a member in the role {form.lead_role}.", "lead")
        refuse_unfit(standing.rule, self.service, form.lead_role, self.effective)
        previous = standing.leading.now or standing.leading.last
        handover = self._handover(previous)
        if handover is None and not self.context.reason.strip():
            sentence = f"{previous} hands the case over to {self.lead} first, or a reason says why not."
            raise Refused("case_team.handover", sentence, "lead", "reason")
        self.trigger(
            LeadChanged(self.case_team, formed.unit, self.lead, previous, self.named_by, handover, self.effective)
        )

    def _handover(self, previous: PersonId | None) -> int | None:
        """The number of the handover on which this change stands."""
        for number, each in reversed(list(enumerate(self.standing.handovers, 1))):
            if (each.giver, each.receiver, each.led) == (previous, self.lead, False):
                return number
        return None


def left(standing: CaseTeamStanding, person: PersonId, effective: date, *, recused: bool = False) -> MemberLeft:
    """A member leaves, and with them the lead, if they had it."""
    formed = standing.must_be_known()
    return MemberLeft(standing.case_team, formed.unit, person, standing.leading.now == person, recused, effective)
