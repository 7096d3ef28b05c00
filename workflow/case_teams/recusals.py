"""Recusal: who must have no part in a case. It blocks at once, and is lifted by two persons only.

Who is recused leaves the team, and every other team of the case. They cannot join one, lead it, or be handed the case;
nor ask for, or approve, anything about it (`workflow/barred.py`), nor read of it (`api/access.py`).
"""

from __future__ import annotations

from workflow.case_teams.acts import ActOnCaseTeam
from workflow.case_teams.events import RecusalDeclared, RecusalLifted, RecusalOrdered
from workflow.case_teams.members import left
from workflow.case_teams.views import CaseTeamStanding, Recusals, TeamsFor
from workflow.ids import PersonId
from workflow.organisation.views import Standing
from workflow.sealed import Sealed, personal
from workflow.slices import Knows, Refused, together


class _Recuse(ActOnCaseTeam):
    """A person is recused from the team's case, whether they are a member or not. `ground` is one of the charter's, and
    sealed."""

    person: PersonId
    ground: str

    def knows(self) -> Knows:
        yield from super().knows()
        self.service, self.before = Standing(self.person), Recusals([self.person])
        self.same_case = TeamsFor(self.formed.case_reference)
        yield from together([iter([(self.service, self.same_case)]), self.before.knows()])
        others = [CaseTeamStanding(team) for team in self.same_case.teams if team != self.case_team]
        yield tuple(others)
        self.teams = [self.standing, *others]

    def details(self) -> Sealed:
        """Raises Refused for who is recused already or not known, and for a ground that there is not."""
        if self.service.span is None:
            raise Refused("person.unknown", f"There is no person {self.person}.", "person")
        if self.person in self.before.from_case(self.formed.case_reference):
            raise Refused("recusal.again", f"{self.person} is recused already.", "person")
        grounds = [each.id for each in self.standing.rule.grounds]
        if self.ground not in grounds:
            raise Refused("recusal.ground", f"The grounds are {', '.join(grounds)}.", "ground")
        return personal(ground=self.ground)

    def take_out(self) -> None:
        """Let them leave every team of the case, at once, but not before what was done last there."""
        for team in self.teams:
            if self.person in team.members and not team.dissolved:
                self.trigger(left(team, self.person, max(self.effective, team.last), recused=True))


class DeclareRecusal(_Recuse):
    """Declare oneself recused from a case."""

    def execute(self) -> None:
        formed = self.begin_even_if_dissolved()
        self.trigger(RecusalDeclared(self.case_team, formed.unit, self.person, self.details(), self.effective))
        self.take_out()


class OrderRecusal(_Recuse):
    """Order somebody's recusal, as the holder `by` of a level to which the charter leaves that."""

    PART = ("by",)

    by: PersonId

    def knows(self) -> Knows:
        yield from super().knows()
        self.levels = self.level(*self.standing.rule.recusal_ordered_by)
        yield from self.levels.knows()

    def execute(self) -> None:
        formed = self.begin_even_if_dissolved()
        if self.by == self.person:
            raise Refused("recusal.self", "Nobody orders their own recusal; it is declared.", "by")
        held = self.levels.held_by(self.by)
        if not held:
            levels = ", ".join(self.standing.rule.recusal_ordered_by)
            raise Refused("recusal.by", f"A recusal is ordered by one of {levels}.", "by")
        self.trigger(
            RecusalOrdered(self.case_team, formed.unit, self.person, self.by, held[0], self.details(), self.effective)
        )
        self.take_out()


class LiftRecusal(ActOnCaseTeam):
    """Lift a recusal, by two persons, with a reason. Who was a member has to join again."""

    person: PersonId

    def execute(self) -> None:
        formed = self.begin_even_if_dissolved()
        if self.person not in self.standing.recused:
            raise Refused("recusal.none", f"{self.person} is not recused.", "person")
        if not self.context.reason.strip():
            raise Refused("recusal.reason", "Why a recusal is lifted must be said.", "reason")
        if self.context.approver in ("", self.context.actor):
            raise Refused("recusal.second_person", "A recusal is lifted by two persons.", "approver")
        self.trigger(RecusalLifted(self.case_team, formed.unit, self.person, self.effective))
