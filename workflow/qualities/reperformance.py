"""Deciding again what scores of qualities come to, and by which charter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.again import Decision, FollowedCharters, differing
from workflow.charter.library import by_digest
from workflow.ids import QualityScoreId
from workflow.periods import Period
from workflow.qualities.commands import rule_of
from workflow.qualities.events import QualityCorrected, QualityScored
from workflow.qualities.views import ScoreStanding, total_of
from workflow.slices import Event

_Decided = QualityScored | QualityCorrected


class QualitiesAgain:
    """The totals of qualities."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = FollowedCharters()
        self._scores: dict[QualityScoreId, ScoreStanding] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return (*FollowedCharters.HEARD, *_Decided.__args__)

    def follow(self, fact: Event) -> str:
        if self._charters.took(fact) or not isinstance(fact, _Decided):
            return ""
        self.decisions += 1
        standing = self._scores.setdefault(fact.score, ScoreStanding(fact.score))
        return differing(fact.score, fact, self._again(fact, standing))

    def _again(self, fact: _Decided, standing: ScoreStanding) -> Iterator[Decision]:
        if isinstance(fact, QualityScored):
            digest = self._charters.digest_on(Period.parse(fact.period).last_day)
            yield "the charter", fact.charter_digest, digest
        else:
            digest = standing.must_be_known().charter_digest
            yield "the total before", fact.previous, standing.total
        yield "the total", fact.total, total_of(rule_of(by_digest(digest)), fact.points)
        standing.note(fact)
