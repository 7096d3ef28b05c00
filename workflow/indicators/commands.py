"""Indicators and targets: adopting, amending and retiring an indicator, and setting a unit's target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workflow.calendar import ONE_DAY
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import IndicatorId, UnitId
from workflow.indicators.definitions import plain, refuse_out_of_scope, refuse_unsound
from workflow.indicators.events import (
    Definition,
    IndicatorAdopted,
    IndicatorAmended,
    IndicatorRetired,
    TargetSet,
)
from workflow.indicators.views import IndicatorStanding, Targets
from workflow.organisation.views import UnitStanding
from workflow.slices import Command, Context, Knows, Refused


class AdoptIndicator(Command):
    """Measure an indicator from `effective` on. `definition_of` makes a definition from the charter's."""

    indicator: IndicatorId
    definition: Definition
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), IndicatorStanding(self.indicator)
        yield self.charters, self.standing

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if "." in self.indicator or len(self.indicator) > 32:
            sentence = (
                "The id of an indicator has at most 32 characters and no dot, for it begins that of its readings."
            )
            raise Refused("indicator.id", sentence, "indicator")
        if self.standing.definitions:
            raise Refused("indicator.exists", f"There is an indicator {self.indicator} already.", "indicator")
        refuse_unsound(self.definition, charter)
        self.trigger(IndicatorAdopted(self.indicator, self.definition, self.effective))


class AmendIndicator(Command):
    """Measure an indicator differently from `effective` on: a change of the rules, by two persons, with a reason."""

    indicator: IndicatorId
    definition: Definition
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), IndicatorStanding(self.indicator)
        yield self.charters, self.standing

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        current = self.standing.on(self.effective)
        _refuse_disorder(self.standing, self.effective)
        _refuse_alone(self.context)
        refuse_unsound(self.definition, charter)
        if self.definition == current.definition:
            raise Refused("indicator.same", "It is so defined already.", "definition")
        self.trigger(IndicatorAmended(self.indicator, self.definition, self.effective))


class RetireIndicator(Command):
    """Measure an indicator no longer, from `effective` on: a change of the rules, by two persons, with a reason."""

    indicator: IndicatorId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), IndicatorStanding(self.indicator)
        yield self.charters, self.standing

    def execute(self) -> None:
        charter_for(self, self.charters)
        if self.standing.retired is not None:
            sentence = f"The indicator {self.indicator} was retired already, from {self.standing.retired} on."
            raise Refused("indicator.retired", sentence, "indicator")
        self.standing.on(self.effective)
        _refuse_disorder(self.standing, self.effective)
        _refuse_alone(self.context)
        self.trigger(IndicatorRetired(self.indicator, self.effective))


class SetTarget(Command):
    """Set what a unit is to reach in a year, from `effective` on, instead of the indicator's own target.

    With the profile "each" it is the target of every period that ends from then on; with the others, of the year.
    """

    indicator: IndicatorId
    unit: UnitId
    year: int
    target: Decimal
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), IndicatorStanding(self.indicator)
        self.targets, self.place = Targets(self.indicator, self.unit), UnitStanding(self.unit)
        yield self.charters, self.standing, self.targets, self.place

    def execute(self) -> None:
        charter_for(self, self.charters)
        definition = self.standing.on(self.effective).definition
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        refuse_out_of_scope(self.indicator, definition, self.unit, self.place.kind)
        target = plain(self.target, "target.value", "target")
        _refuse_unfit(definition, target)
        if not self.effective.year <= self.year <= self.effective.year + 1:
            sentence = f"A target of {self.year} is set in that year or in the year before."
            raise Refused("target.year", sentence, "year", "effective")
        earlier = self.targets.by_year.get(self.year, [])
        if earlier and self.effective < earlier[-1][0]:
            sentence = f"The target of {self.year} was last set from {earlier[-1][0]} on, and this is before."
            raise Refused("target.order", sentence, "effective")
        if earlier and target == earlier[-1][1]:
            raise Refused("target.same", f"The target of {self.year} is {target} already.", "target")
        self.trigger(TargetSet(self.indicator, self.unit, self.year, target, self.effective))


def _refuse_unfit(definition: Definition, target: Decimal) -> None:
    """Raises Refused for a target that the indicator could not be judged by."""
    if definition.direction == "reference":
        raise Refused("target.reference", "An indicator for reference has no target.", "indicator")
    if definition.count_rule and target != 0:
        raise Refused("target.count", "It counts what should not happen: its target is 0.", "target")
    if target == 0 and definition.direction == "higher":
        raise Refused("target.zero", "Where more is better, a target is more than 0.", "target")


def _refuse_disorder(standing: IndicatorStanding, effective: date) -> None:
    """Raises Refused for a change before the last one; on the same day, the later recorded goes before."""
    last = standing.definitions[-1].since
    if effective < last:
        sentence = f"The indicator was last changed from {last} on, and this is before."
        raise Refused("indicator.order", sentence, "effective")


def _refuse_alone(context: Context) -> None:
    if not context.reason.strip():
        raise Refused("indicator.reason", "Why an indicator is changed must be said.", "reason")
    if context.approver in ("", context.actor):
        raise Refused("indicator.second_person", "An indicator is changed by two persons.", "approver")
