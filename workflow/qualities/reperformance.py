"""Deciding again what scores of qualities come to, and by which charter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import UnknownCharter, by_digest, learn
from workflow.charter.loader import CharterError
from workflow.charter.views import CharterInForce
from workflow.ids import QualityScoreId
from workflow.periods import Period
from workflow.qualities.commands import rule_of
from workflow.qualities.events import QualityCorrected, QualityScored
from workflow.qualities.views import ScoreStanding, total_of
from workflow.slices import Event, Refused

_Decided = QualityScored | QualityCorrected


class QualitiesAgain:
    """The totals of qualities."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = CharterInForce()
        self._scores: dict[QualityScoreId, ScoreStanding] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return (CharterPublished, CharterAdopted, *_Decided.__args__)

    def follow(self, fact: Event) -> str:
        match fact:
            case CharterPublished():
                with suppress(CharterError):  # told by the re-performance of readings
                    learn(fact.text)
            case CharterAdopted():
                self._charters.note(fact)
            case QualityScored() | QualityCorrected():
                return self._decide_again(fact)
        return ""

    def _decide_again(self, fact: _Decided) -> str:
        self.decisions += 1
        standing = self._scores.setdefault(fact.score, ScoreStanding(fact.score))
        try:
            told = list(self._again(fact, standing))
            standing.note(fact)
        except (Refused, UnknownCharter, LookupError, ValueError, ArithmeticError) as error:
            return f"{fact.score}: {fact.TOPIC} could not be decided again: {error!r}"
        wrong = [f"{what} is recorded as {was}, and had to be {had}" for what, was, had in told if was != had]
        return f"{fact.score}: {'; '.join(wrong)}" if wrong else ""

    def _again(self, fact: _Decided, standing: ScoreStanding) -> Iterator[tuple[str, Any, Any]]:
        if isinstance(fact, QualityScored):
            digest = self._charters.digest_on(Period.parse(fact.period).last_day)
            yield "the charter", fact.charter_digest, digest
        else:
            digest = standing.must_be_known().charter_digest
            yield "the total before", fact.previous, standing.total
        yield "the total", fact.total, total_of(rule_of(by_digest(digest)), fact.points)
