"""What all acts on a brand have in common: what they stand on, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflow.brands.events import BrandRetired
from workflow.brands.terms import rule_of
from workflow.brands.tree import BrandTree
from workflow.brands.views import BrandStanding
from workflow.charter.model import Charter
from workflow.charter.recognition import BrandRule
from workflow.charter.views import CharterInForce
from workflow.dates import charter_for
from workflow.ids import BrandId
from workflow.slices import Command, Knows, Refused


class ActOnBrand(Command):
    """Something that people do about a brand, not before what they did last about it."""

    brand: BrandId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing, self.tree = CharterInForce(), BrandStanding(self.brand), BrandTree()
        yield self.charters, self.standing, self.tree

    def begin(self) -> Charter:
        """The charter in force on the day of the act. Raises Refused if the day is not in order."""
        charter = charter_for(self, self.charters)
        if self.effective > self.context.today:
            raise Refused("brand.future", f"{self.effective} is still to come.", "effective")
        if self.effective < self.standing.last:
            raise Refused("brand.order", f"The last was on {self.standing.last}, and this is earlier.", "effective")
        return charter

    def decided_by(self, charter: Charter) -> BrandRule:
        """What a charter says of brands; it is the one by which this is decided."""
        self.rule_version = charter.version
        return rule_of(charter)

    def must_have_reason(self, what: str) -> None:
        if not self.context.reason.strip():
            raise Refused("brand.reason", f"Why a brand is {what} must be said.", "reason")


class Retirement:
    """A brand goes on a day, and, where the charter wants it so, all below it go with it."""

    def __init__(self, tree: BrandTree, brand: BrandId, effective: date) -> None:
        self._tree, self._brand, self._effective = tree, brand, effective

    def knows(self) -> Knows:
        self._below = [BrandStanding(each) for each in self._tree.all_below(self._brand, self._effective)]
        if self._below:
            yield tuple(self._below)

    def facts(self, rule: BrandRule, why: str, field: str = "brand") -> Iterator[BrandRetired]:
        """Raises Refused while others are below, if the charter wants them moved or retired first; else if something
        was done about one of them later."""
        if self._below and rule.children_of_retired == "refuse":
            below = ", ".join(self._tree.below(self._brand, self._effective))
            sentence = f"{below} would stand below nothing: they are moved or retired first."
            raise Refused("brand.children", sentence, field)
        for each in self._below:
            if self._effective < each.last:
                sentence = f"The last about {each.brand}, which is below it, was on {each.last}, and this is earlier."
                raise Refused("brand.order", sentence, "effective")
        for brand in (self._brand, *(each.brand for each in self._below)):
            place = self._tree.must_be_listed(brand, self._effective)
            cause = why if brand == self._brand else "parent_retired"
            yield BrandRetired(brand, place.unit, place.year, cause, self._effective)
