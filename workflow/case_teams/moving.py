"""How far a case is, and which units accompany its team."""

from __future__ import annotations

from workflow.calendar import ONE_DAY
from workflow.case_teams.acts import ActOnCaseTeam
from workflow.case_teams.events import CaseStageReached, OverlayLinked, OverlayUnlinked
from workflow.dates import Span
from workflow.ids import UnitId
from workflow.organisation.views import UnitStanding
from workflow.slices import Knows, Refused


class ReachCaseStage(ActOnCaseTeam):
    """Say that the case has reached its next stage, or, with a reason, that it is back in an earlier one."""

    stage: str

    def execute(self) -> None:
        formed = self.begin()
        stages = [each.id for each in self.standing.rule.stages]
        if self.stage not in stages:
            raise Refused("case_team.stage", f"The stages are {', '.join(stages)}.", "stage")
        now = stages.index(self.standing.stage) if self.standing.stage else -1
        wanted = stages.index(self.stage)
        if wanted == now:
            raise Refused("case_team.stage", f"The case is in the stage {self.stage} already.", "stage")
        if wanted > now + 1:
            raise Refused("case_team.stage", f"The next stage is {stages[now + 1]}.", "stage")
        if wanted < now and not self.context.reason.strip():
            raise Refused("case_team.back", "Why a case goes back must be said.", "reason")
        self.trigger(CaseStageReached(self.case_team, formed.unit, self.stage, wanted < now, self.effective))


class LinkOverlay(ActOnCaseTeam):
    """Let a unit of another line accompany the team. That gives nobody any say in it."""

    overlay: UnitId

    def knows(self) -> Knows:
        yield from super().knows()
        self.place = UnitStanding(self.overlay)
        yield (self.place,)

    def execute(self) -> None:
        formed, kinds = self.begin(), self.standing.rule.overlay_kinds
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY), "overlay")
        if self.place.kind not in kinds:
            allowed = ", ".join(kinds) or "nothing"
            raise Refused("case_team.overlay", f"What can be linked to a team is {allowed}.", "overlay")
        if self.overlay in self.standing.overlays:
            raise Refused("case_team.linked", f"{self.overlay} is linked already.", "overlay")
        self.trigger(OverlayLinked(self.case_team, formed.unit, self.overlay, self.effective))


class UnlinkOverlay(ActOnCaseTeam):
    """Let a unit accompany the team no longer."""

    overlay: UnitId

    def execute(self) -> None:
        formed = self.begin()
        if self.overlay not in self.standing.overlays:
            raise Refused("case_team.not_linked", f"{self.overlay} is not linked to this team.", "overlay")
        self.trigger(OverlayUnlinked(self.case_team, formed.unit, self.overlay, self.effective))
