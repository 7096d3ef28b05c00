"""Deciding again until when honours hold, and which unit has the points of a brand's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.again import Decision, FollowedCharters, differing
from workflow.brands.events import BrandListed, BrandMoved, BrandRenewed, BrandRetired
from workflow.brands.tree import BrandTree
from workflow.honours.commands import until_of
from workflow.honours.events import HonourConferred, HonourCorrected
from workflow.honours.views import as_corrected
from workflow.slices import Event


class HonoursAgain:
    """The terms of honours, and the units that are credited."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = FollowedCharters()
        self._tree = BrandTree()

    def listens_to(self) -> Sequence[type[Event]]:
        brands = (BrandListed, BrandRenewed, BrandMoved, BrandRetired)
        return (*FollowedCharters.HEARD, *brands, HonourConferred, HonourCorrected)

    def follow(self, fact: Event) -> str:
        if self._charters.took(fact):
            return ""
        if not isinstance(fact, HonourConferred | HonourCorrected):
            self._tree.note(fact)
            return ""
        self.decisions += 1
        honour = fact if isinstance(fact, HonourConferred) else as_corrected(fact)
        return differing(fact.honour, fact, self._again(honour))

    def _again(self, honour: HonourConferred) -> Iterator[Decision]:
        day = honour.effective
        yield "until", honour.until, until_of(self._charters.on(day), honour.level, day)
        if honour.brand is not None:
            yield "credited", honour.credited, self._tree.must_be_listed(honour.brand, day).unit
        elif honour.case_team is None:
            yield "credited", honour.credited, None
