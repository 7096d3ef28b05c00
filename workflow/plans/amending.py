"""Amending a plan that was adopted: another target, or another amount for one; always with a reason.

Before the period begins one person may; from its first day on people are held to the plan, and it takes two.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from workflow.calendar import ONE_DAY
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import PlanId, TargetId
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.plans.allocation import Allocation
from workflow.plans.amounts import rule_of
from workflow.plans.events import PlanTargetChanged
from workflow.plans.planning import MOST_TARGETS, Aim, SetsTargets, amount_of_target, refuse_over
from workflow.plans.splitting import Part, Reallocate
from workflow.plans.turns import refuse_alone, refuse_unsaid, refuse_untimely
from workflow.plans.views import PlanStanding, PlanTargets
from workflow.slices import Command, Context, Knows, Refused


class AddTarget(SetsTargets):
    """Add a target to a plan. No other target of it has the same indicator and title."""

    plan: PlanId
    aim: Aim
    pointer: ClassVar[str] = "aim"

    def knows(self) -> Knows:
        self.charters, self.known, self.others = CharterInForce(), PlanStanding(self.plan), PlanTargets(self.plan)
        yield self.charters, self.known, self.others, *self.look_up([self.aim])
        self.adopted = self.known.must_be_adopted()
        self.place = UnitStanding(self.adopted.unit)
        yield (self.place,)

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        when = Period.parse(self.adopted.period)
        refuse_untimely(self, self.adopted.effective)
        refuse_over(when, self.effective)
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        refuse_unfounded(self.context, when.first_day)
        number = len(self.others.known) + 1
        if number > MOST_TARGETS:
            raise Refused("plan.targets", f"A plan has 1 to {MOST_TARGETS} targets.", "aim")
        new = self.target(self.aim, number, when, self.place, charter)
        for known in self.others.pursued():
            if (known.indicator, known.title) == (new.indicator, new.title):
                raise Refused("target.exists", f"{known.target} is the same target, in this plan already.", "aim")
        self.trigger(new)


class ChangeTarget(Command):
    """Change the amount of a target. It is never below what its parts sum to, with what it keeps as done; unless it is
    split anew at the same time, into `parts`, as by a reallocation.

    What is above is not allocated yet: the next reallocation sums to it.
    """

    target: TargetId
    amount: Decimal
    effective: date
    parts: tuple[Part, ...] = ()

    def knows(self) -> Knows:
        self.anew = Reallocate(target=self.target, parts=self.parts, effective=self.effective) if self.parts else None
        if self.anew is None:
            self.charters, self.tree = CharterInForce(), Allocation(self.target)
            yield self.charters, self.tree
        else:
            self.anew.context = self.context
            yield from self.anew.knows()
            self.charters, self.tree = self.anew.charters, self.anew.tree

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        known, tree = self.tree.must_be_set(), self.tree
        refuse_untimely(self, tree.newest(tree.below(None)))
        refuse_over(Period.parse(known.plan.rpartition(".")[2]), self.effective)
        refuse_unfounded(self.context, known.first_day)
        amount, previous = amount_of_target(self.amount, known.measure, rule_of(charter), "amount"), tree.amount
        if amount == previous:
            raise Refused("target.same", f"The target {self.target} is {amount} already.", "amount")
        least = tree.done if self.anew is not None else tree.done + tree.allocated()
        if amount < least:
            sentence = f"{least} of {self.target} is allocated or done already; split it anew with its new amount."
            raise Refused("target.allocated", sentence, "amount")
        changed = PlanTargetChanged(self.target, known.plan, known.unit, amount, previous, self.effective)
        self.trigger(changed)
        if self.anew is not None:
            tree.note(changed)
            self.anew.anew(charter)
            self.new_decisions += self.anew.new_decisions


def refuse_unfounded(context: Context, first_day: date) -> None:
    """Raises Refused without a reason, or, once the period of the plan has begun, without a second person."""
    if context.today < first_day:
        refuse_unsaid(context)
    else:
        refuse_alone(context)
