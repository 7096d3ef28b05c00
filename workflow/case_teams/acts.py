"""What all commands about a case team have in common."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from workflow.calendar import ONE_DAY
from workflow.case_teams.events import CaseTeamFormed
from workflow.case_teams.views import CaseTeamStanding, Recusals
from workflow.charter.case_teams import CaseTeamRule
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import CaseTeamId, PersonId
from workflow.organisation.levels import LevelHolders
from workflow.organisation.views import Standing
from workflow.slices import Command, Context, Knows, Refused, together


class ActOnCaseTeam(Command):
    """What is done about a team. It is not done before the last act, nor on a day that is still to come.

    `PART` are the parameters that name who has a part in it, and so is not recused from the case.
    """

    PART: ClassVar[tuple[str, ...]] = ()

    case_team: CaseTeamId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), CaseTeamStanding(self.case_team)
        self.recusals = Recusals(getattr(self, each) for each in self.PART)
        yield from together([iter([(self.charters, self.standing)]), self.recusals.knows()])
        self.formed = self.standing.must_be_known()

    def begin(self) -> CaseTeamFormed:
        """The team as it was formed. Raises Refused if it is dissolved, or the day is not one on which this is done."""
        self.begin_even_if_dissolved()
        if self.standing.dissolved:
            raise Refused("case_team.dissolved", f"The case team {self.case_team} is dissolved.", "case_team")
        return self.formed

    def begin_even_if_dissolved(self) -> CaseTeamFormed:
        charter_for(self, self.charters)
        refuse_future(self.effective, self.context)
        if self.effective < self.standing.last:
            sentence = f"The last was on {self.standing.last}, and this is earlier."
            raise Refused("case_team.order", sentence, "effective")
        self.rule_version = self.formed.charter
        for each in self.PART:
            self.recusals.refuse(self.formed.case_reference, getattr(self, each), each)
        return self.formed

    def level(self, *levels: str) -> LevelHolders:
        """Who holds levels for the team's unit, by the charter under which it was formed."""
        return LevelHolders(self.standing.charter, self.formed.unit, levels, self.effective)


def refuse_future(effective: date, context: Context) -> None:
    if effective > context.today:
        raise Refused("case_team.future", f"{effective} is still to come.", "effective")


def refuse_unfit(rule: CaseTeamRule, service: Standing, role: str, effective: date) -> None:
    """Raises Refused for who is not in service on a day, or not of a class of the role."""
    service.must_serve(Span(effective, effective + ONE_DAY))
    if not fits(rule, service, role, effective):
        classes = ", ".join(rule.classes_of(role)) or "nobody, for there is no such role"
        raise Refused("case_team.class", f"{service.person} cannot be {role}; that is for {classes}.", "role")


def fits(rule: CaseTeamRule, service: Standing, role: str, day: date) -> bool:
    """Whether somebody is in service on a day, and of a class of the role."""
    serves = service.span is not None and service.span.holds_on(day)
    return serves and service.class_on(day) in rule.classes_of(role)


def refuse_not_named(levels: LevelHolders, wanted: str, named_by: PersonId | None) -> PersonId:
    """Who names the lead. Raises Refused for anybody but the holder of that level."""
    if named_by is None or named_by not in levels.holders[wanted]:
        raise Refused("case_team.named_by", f"The lead is named by the {wanted}.", "named_by")
    return named_by
