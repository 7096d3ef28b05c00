"""Deciding again what reviews come to, for how long brands are listed and when they are checked, turn and lapse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from workflow.again import Decision, FollowedCharters, differing
from workflow.brands.events import (
    BrandApplied,
    BrandChecked,
    BrandCheckTurned,
    BrandListed,
    BrandMended,
    BrandMoved,
    BrandRejected,
    BrandRenewed,
    BrandRetired,
    BrandReviewed,
)
from workflow.brands.terms import mending_yellow, score_of, term_of
from workflow.brands.tree import BrandTree
from workflow.brands.views import BrandStanding
from workflow.ids import BrandId
from workflow.slices import Event

_OfBrands = (
    BrandApplied
    | BrandReviewed
    | BrandRejected
    | BrandListed
    | BrandRenewed
    | BrandMoved
    | BrandChecked
    | BrandMended
    | BrandCheckTurned
    | BrandRetired
)


class BrandsAgain:
    """The charter, scores, terms, checks and ends of brands."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = FollowedCharters()
        self._tree = BrandTree()
        self._brands: dict[BrandId, BrandStanding] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return (*FollowedCharters.HEARD, *_OfBrands.__args__)

    def follow(self, fact: Event) -> str:
        if self._charters.took(fact) or not isinstance(fact, _OfBrands):
            return ""
        standing = self._brands.setdefault(fact.brand, BrandStanding(fact.brand))
        return differing(fact.brand, fact, self._followed(fact, standing))

    def _followed(self, fact: _OfBrands, standing: BrandStanding) -> Iterator[Decision]:
        yield from self._again(fact, standing)
        standing.note(fact)  # right or wrong, what comes after was decided by it
        self._tree.note(fact)

    def _again(self, fact: _OfBrands, standing: BrandStanding) -> Iterator[Decision]:
        """Nothing for what people decide as they please."""
        if isinstance(fact, BrandMoved | BrandRejected) or getattr(fact, "why", "not_renewed") != "not_renewed":
            return
        self.decisions += 1
        if isinstance(fact, BrandApplied):
            yield "the charter", fact.charter_digest, self._charters.digest_on(fact.effective)
            yield "its version", fact.charter, self._charters.on(fact.effective).version
            return
        cycle = standing.cycles[fact.year]
        match fact:
            case BrandReviewed():
                yield "the total", fact.total, sum((each.points for each in fact.points), Decimal(0))
            case BrandListed():
                parent = None if fact.parent is None else self._tree.at(fact.parent, fact.effective)
                term = term_of(cycle.charter, fact.year, fact.effective, parent)
                yield "the score", fact.score, score_of([each.total for each in cycle.reviews])
                yield "the term", (fact.check_due, fact.yellow_from, fact.until), tuple(term)
                yield "the charter", fact.charter_digest, cycle.applied.charter_digest
            case BrandChecked():
                due = cycle.listed.check_due if cycle.listed is not None else None
                yield "late", fact.late, due is not None and fact.effective > due
                yellow = None if fact.mend_by is None else mending_yellow(cycle.charter, fact.mend_by)
                yield "yellow from", fact.yellow_from, yellow
            case BrandMended():
                by = cycle.checked.mend_by if cycle.checked is not None else None
                yield "late", fact.late, by is not None and fact.effective > by
            case BrandCheckTurned():
                about = fact.what, fact.colour, fact.due
                listed = standing.listed_before(fact.year, fact.effective)
                turns = listed.turns() if listed is not None else ()
                turn = next(((_noted(each.day, fact), *about) for each in turns if each[1:] == about), None)
                yield "the turn", (fact.effective, *about), turn
            case BrandRetired():
                over = standing.lapsed(fact.year, fact.effective) or cycle
                yield "the end of the term", fact.effective, _noted(over.lapses_on, fact)


def _noted(day: date, fact: BrandCheckTurned | BrandRetired) -> date:
    """When the clock notes what was due on a day: later, if what made it due was back-dated."""
    return max(fact.effective, day)
