"""What is known of plans, which commands share."""

from __future__ import annotations

from dataclasses import field

from workflow.ids import PlanId, TargetId
from workflow.plans.events import PlanAdopted, PlanTargetCancelled, PlanTargetSet
from workflow.slices import Refused, View, event


class PlanStanding(View):
    """The plan of that id, if it was adopted."""

    plan: PlanId
    adopted: PlanAdopted | None = field(init=False, default=None)

    @event(PlanAdopted)
    def was_adopted(self, fact: PlanAdopted) -> None:
        self.adopted = fact

    def must_be_adopted(self) -> PlanAdopted:
        """The plan. Raises Refused if there is none."""
        if self.adopted is None:
            raise Refused("plan.unknown", f"There is no plan {self.plan}.", "plan")
        return self.adopted


class PlanTargets(View):
    """The targets that a plan ever had, in the order of their numbers, and those that were cancelled."""

    plan: PlanId
    known: dict[TargetId, PlanTargetSet] = field(init=False, default_factory=dict)
    cancelled: set[TargetId] = field(init=False, default_factory=set)

    @event(PlanTargetSet)
    def was_set(self, fact: PlanTargetSet) -> None:
        self.known[fact.target] = fact

    @event(PlanTargetCancelled)
    def was_given_up(self, target: TargetId) -> None:
        self.cancelled.add(target)

    def pursued(self) -> list[PlanTargetSet]:
        """Those that were not cancelled."""
        return [each for id, each in self.known.items() if id not in self.cancelled]
