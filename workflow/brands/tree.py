"""The tree of brands: which is where on which days, and what a place in it takes.

It is small, changes seldom, and its rules concern all of it (how many there are of a level, no circles), so a change of
it reads all of it. Two changes at once are therefore decided one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from workflow.brands.events import BrandListed, BrandMoved, BrandRenewed, BrandRetired
from workflow.charter.recognition import BrandRule
from workflow.dates import Span
from workflow.ids import BrandId, UnitId
from workflow.slices import Refused, View, event


@dataclass
class Place:
    """Where a brand stands in the tree during `span`, and below which others since when; `year` is that of its last
    cycle."""

    brand: BrandId
    unit: UnitId
    level: str
    year: int
    span: Span
    parents: list[tuple[date, BrandId | None]]

    def parent_on(self, day: date) -> BrandId | None:
        return next((parent for since, parent in reversed(self.parents) if since <= day), None)


Forest = dict[BrandId, Place]
"""What is in the tree on a day."""


class BrandTree(View):
    """All places that brands ever had; a brand that was retired may come back, to another place."""

    places: list[Place] = field(init=False, default_factory=list)

    @event(BrandListed)
    def was_listed(self, fact: BrandListed) -> None:
        span = Span(fact.effective, fact.until)
        parents = [(fact.effective, fact.parent)]
        self.places.append(Place(fact.brand, fact.unit, fact.level, fact.year, span, parents))

    @event(BrandRenewed)
    def was_renewed(self, fact: BrandRenewed) -> None:
        if (place := self.at(fact.brand, fact.effective)) is not None:
            place.unit, place.year = fact.unit, fact.year
            place.span = Span(place.span.since, fact.until)
            place.parents.append((fact.effective, fact.parent))

    @event(BrandMoved)
    def was_moved(self, brand: BrandId, parent: BrandId, effective: date) -> None:
        if (place := self.at(brand, effective)) is not None:
            place.parents.append((effective, parent))

    @event(BrandRetired)
    def was_retired(self, brand: BrandId, why: str, effective: date) -> None:
        # What was not renewed ended by itself, and may be listed anew before the clock notes it.
        if why != "not_renewed" and (place := self.at(brand, effective)) is not None:
            place.span = place.span.ended(effective)

    def at(self, brand: BrandId, day: date) -> Place | None:
        """Where a brand stands on a day; None: nowhere."""
        return next((each for each in self.places if each.brand == brand and each.span.holds_on(day)), None)

    def must_be_listed(self, brand: BrandId, day: date) -> Place:
        """The same. Raises Refused if it stands nowhere."""
        place = self.at(brand, day)
        if place is None:
            raise Refused("brand.not_listed", f"The brand {brand} is not listed on {day}.", "brand")
        return place

    def on(self, day: date) -> Forest:
        return {each.brand: each for each in self.places if each.span.holds_on(day)}

    def days(self, span: Span) -> list[date]:
        """The first day of `span`, and the later ones in it on which the tree changes."""
        changes = {span.since}
        for each in self.places:
            changes |= {each.span.since, *(since for since, _ in each.parents)}
            changes |= {each.span.until} if each.span.until is not None else set()
        return sorted(day for day in changes if span.holds_on(day))

    def below(self, brand: BrandId, since: date) -> Iterator[BrandId]:
        """The brands that stand directly below one on a day or a later one."""
        found = {
            each.brand: None
            for day in self.days(Span(since))
            for each in self.on(day).values()
            if each.parent_on(day) == brand
        }
        yield from sorted(found)

    def all_below(self, brand: BrandId, since: date) -> list[BrandId]:
        """Those, and all that are below them; nearer ones first."""
        found: dict[BrandId, None] = {}
        below = [brand]
        while below:
            below = [each for one in below for each in self.below(one, since) if each != brand and each not in found]
            found |= dict.fromkeys(below)
        return list(found)


def refuse_misplaced(tree: BrandTree, rule: BrandRule, brand: BrandId, span: Span) -> None:
    """Raises Refused unless the brand's place in `tree` is one that the charter has, on each day of `span`: below a
    listed parent of the right level, in no circle, and among no more of its level than there may be."""
    for day in tree.days(span):
        forest = tree.on(day)
        place = forest[brand]
        level, parent = rule.level(place.level), place.parent_on(day)
        if brand in _upward(forest, parent, day):
            raise Refused("brand.circle", f"The brand {brand} would stand below itself.", "parent")
        if bool(level.parents) != (parent is not None):
            sentence = f"A brand of the level {level.id} stands below {' or '.join(level.parents) or 'no other'}."
            raise Refused("brand.parent", sentence, "parent")
        if parent is not None:
            if parent not in forest:
                raise Refused("brand.parent_not_listed", f"The brand {parent} is not listed on {day}.", "parent")
            if forest[parent].level not in level.parents:
                sentence = f"{parent} is of the level {forest[parent].level}; this takes {' or '.join(level.parents)}."
                raise Refused("brand.parent_level", sentence, "parent")
        same = [each for each in forest.values() if each.level == place.level]
        if level.at_most is not None and len(same) > level.at_most:
            raise Refused("brand.too_many", f"There are {level.at_most} of the level {level.id} already.", "level")
        own = [each for each in same if each.unit == place.unit]
        if level.at_most_a_unit is not None and len(own) > level.at_most_a_unit:
            sentence = f"The unit {place.unit} has {level.at_most_a_unit} of the level {level.id} already."
            raise Refused("brand.unit_has", sentence, "unit")


def _upward(forest: Forest, start: BrandId | None, day: date) -> list[BrandId]:
    """`start` and the brands above it, each once."""
    path: list[BrandId] = []
    while start is not None and start not in path:
        path.append(start)
        start = forest[start].parent_on(day) if start in forest else None
    return path
