"""Deciding again until when honours hold, and which unit has the points of a brand's."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from workflow.brands.events import BrandListed, BrandMoved, BrandRenewed, BrandRetired
from workflow.brands.tree import BrandTree
from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import UnknownCharter, learn
from workflow.charter.loader import CharterError
from workflow.charter.views import CharterInForce
from workflow.honours.commands import until_of
from workflow.honours.events import HonourConferred, HonourCorrected
from workflow.slices import Event, Refused


class HonoursAgain:
    """The terms of honours, and the units that are credited."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = CharterInForce()
        self._tree = BrandTree()

    def listens_to(self) -> Sequence[type[Event]]:
        known = (CharterPublished, CharterAdopted, BrandListed, BrandRenewed, BrandMoved, BrandRetired)
        return (*known, HonourConferred, HonourCorrected)

    def follow(self, fact: Event) -> str:
        match fact:
            case CharterPublished():
                with suppress(CharterError):  # told by the re-performance of readings
                    learn(fact.text)
            case CharterAdopted():
                self._charters.note(fact)
            case BrandListed() | BrandMoved() | BrandRetired():
                self._tree.note(fact)
            case HonourConferred():
                return self._decide_again(fact, fact.effective)
            case HonourCorrected():
                return self._decide_again(fact, fact.conferred_on)
        return ""

    def _decide_again(self, fact: HonourConferred | HonourCorrected, day: date) -> str:
        self.decisions += 1
        try:
            until = until_of(self._charters.on(day), fact.level, day)
            credited = fact.credited
            if fact.brand is not None:
                credited = self._tree.must_be_listed(fact.brand, day).unit
        except (Refused, UnknownCharter, LookupError) as error:
            return f"{fact.honour} could not be decided again: {error!r}"
        pairs = (("until", fact.until, until), ("credited", fact.credited, credited))
        wrong = [f"{what} is recorded as {was}, and had to be {had}" for what, was, had in pairs if was != had]
        return f"{fact.honour}: {'; '.join(wrong)}" if wrong else ""
