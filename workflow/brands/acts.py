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


def retired(
    tree: BrandTree, rule: BrandRule, brand: BrandId, why: str, effective: date, field: str = "brand"
) -> Iterator[BrandRetired]:
    """A brand goes, and, where the charter wants it so, all below it go with it; else Refused while there are any."""
    below = list(tree.below(brand, effective))
    if below and rule.children_of_retired == "refuse":
        sentence = f"{', '.join(below)} would stand below nothing: they are moved or retired first."
        raise Refused("brand.children", sentence, field)
    gone: dict[BrandId, None] = {}
    while below:
        gone |= dict.fromkeys(each for each in below if each != brand)
        below = [each for one in below for each in tree.below(one, effective) if each not in gone]
    for each in (brand, *gone):
        place = tree.at(each, effective)
        if place is not None:
            cause = why if each == brand else "parent_retired"
            yield BrandRetired(each, place.unit, place.year, cause, effective)
