"""Deciding again what reviews come to, for how long brands are listed and when they are checked, turn and lapse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from workflow.brands.agenda import lapses_on
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
from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import UnknownCharter, learn
from workflow.charter.loader import CharterError
from workflow.charter.views import CharterInForce
from workflow.ids import BrandId
from workflow.slices import Event, Refused

_Decided = BrandApplied | BrandReviewed | BrandListed | BrandChecked | BrandMended | BrandCheckTurned | BrandRetired
_Told = Iterator[tuple[str, Any, Any]]
"""What is decided, as it is recorded, and as it had to be."""


class BrandsAgain:
    """The charter, scores, terms, checks and ends of brands."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = CharterInForce()
        self._tree = BrandTree()
        self._brands: dict[BrandId, BrandStanding] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return (CharterPublished, CharterAdopted, BrandMoved, BrandRejected, BrandRenewed, *_Decided.__args__)

    def follow(self, fact: Event) -> str:
        match fact:
            case CharterPublished():
                with suppress(CharterError):  # told by the re-performance of readings
                    learn(fact.text)
            case CharterAdopted():
                self._charters.note(fact)
            case BrandMoved() | BrandRejected():
                self._note(fact)
            case _ if isinstance(fact, _Decided):
                return self._decide_again(fact)
        return ""

    def _note(self, fact: Any) -> BrandStanding:
        standing = self._brands.setdefault(fact.brand, BrandStanding(fact.brand))
        standing.note(fact)
        self._tree.note(fact)
        return standing

    def _decide_again(self, fact: _Decided) -> str:
        if isinstance(fact, BrandRetired) and fact.why != "not_renewed":
            self._note(fact)
            return ""
        self.decisions += 1
        standing = self._brands.setdefault(fact.brand, BrandStanding(fact.brand))
        try:
            wrong = [
                f"{what} is recorded as {was}, and had to be {had_to_be}"
                for what, was, had_to_be in self._again(fact, standing)
                if was != had_to_be
            ]
            self._note(fact)  # right or wrong, what comes after was decided by it
        except (Refused, UnknownCharter, LookupError, ValueError, ArithmeticError) as error:
            return f"{fact.brand}: {fact.TOPIC} could not be decided again: {error!r}"
        return f"{fact.brand}: {'; '.join(wrong)}" if wrong else ""

    def _again(self, fact: _Decided, standing: BrandStanding) -> _Told:
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
                turned = fact.effective, fact.what, fact.colour, fact.due
                yield "the turn", turned, next((tuple(each) for each in cycle.turns() if each[1:] == turned[1:]), None)
            case BrandRetired():
                yield "the end of the term", fact.effective, lapses_on(cycle)
