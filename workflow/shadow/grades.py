"""The grades of assessments under another charter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

import msgspec
from msgspec.structs import replace

from workflow.assessments.events import (
    AssessmentOpened,
    AssessmentPublished,
    AssessmentRevised,
    BonusRecorded,
    PartScore,
    Rating,
    Result,
    SubjectScored,
)
from workflow.assessments.following import LISTENS_TO, Followed, Following, OfAssessment
from workflow.assessments.grading import grounds
from workflow.assessments.measuring import Indicators, Owed, rounded
from workflow.assessments.views import AssessmentStanding, subject_of
from workflow.charter.events import CharterAdopted
from workflow.honours.events import HonourConferred
from workflow.ids import AssessmentId, HonourId
from workflow.indicators.events import IndicatorAdopted, IndicatorAmended, IndicatorRetired
from workflow.periods import Period
from workflow.shadow.rules import Rules
from workflow.slices import Event, Refused

UNGRADED = "ungraded"
"""The grade of somebody whom the charter would not assess in that group, or of whom it measures nothing."""
UNDECIDED = "undecided"
"""The grade of those who are equal where a quota ends, and between whom nobody voted."""


class GradeChange(msgspec.Struct, frozen=True, kw_only=True):
    """A subject of an assessment that would have another total, grade or rank: as last revised, and as in the shadow.

    `decided_by` says what decided a grade: the points (`good >=80`), a veto, a quota (`excellent: 2 at most`), or the
    vote that it lacks; of one that is ungraded, why. `why` says what went otherwise into the total.
    """

    assessment: str
    subject: str
    period: str
    total: Decimal
    grade: str
    decided_by: str
    rank: int | None
    shadow_total: Decimal | None
    shadow_grade: str
    shadow_decided_by: str
    shadow_rank: int | None
    why: tuple[str, ...]

    @property
    def way(self) -> str:
        return f"{self.grade} → {self.shadow_grade}"


@dataclass
class _Told:
    """The last results of an assessment, and what decided each."""

    results: Mapping[str, Result] = field(default_factory=dict)
    grounds: Mapping[str, str] = field(default_factory=dict)


class ShadowGrades:
    """All assessments, as recorded, and as they would have been.

    Kept is what people decided: whom they excused, what they rated (the share of the points of a part that they gave),
    votes, vetoes, deductions and bonuses with points of their own, appeals and what they struck, honours and their
    revocation. Done again, each when it was done and from what was known then, is what follows by rule: who belongs to
    the group, what was measured of them in which units on which days, the colours of the readings, the points of an
    honour's level, limits of bonuses and deductions, and the results. Who would be assessed besides is not: nobody
    rated them. What was not asked for then is not missing.
    """

    def __init__(self, rules: Rules) -> None:
        self._shadow = Following()
        self._shadow.charters = rules.charters
        self._shadow.known.indicators = rules.indicators
        self._shadow.known.counts = self._was_asked_for
        self._charter = rules.charter
        self._asked = Indicators()
        self._levels: dict[HonourId, str] = {}
        self._recorded: dict[AssessmentId, AssessmentStanding] = {}
        self._told: dict[AssessmentId, tuple[_Told, _Told]] = {}  # as recorded, and in the shadow
        self._left_out: dict[tuple[AssessmentId, str], str] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return LISTENS_TO

    def follow(self, fact: Followed) -> None:
        """Take note of the next event; of a reading, as it is judged in the shadow."""
        if isinstance(fact, CharterAdopted):
            return  # there is no other than the shadow's
        if isinstance(fact, IndicatorAdopted | IndicatorAmended | IndicatorRetired):
            self._asked.note(fact)
        elif isinstance(fact, OfAssessment):
            self._decided(fact)
        else:
            if isinstance(fact, HonourConferred):
                self._levels[fact.honour] = fact.level
            self._shadow.note(fact)

    def looked_at(self, since: date | None) -> int:
        """How many results there are, of periods that ended on `since` or later."""
        return sum(len(self._told[each][0].results) for each, _ in self._since(since))

    def changes(self, since: date | None) -> list[GradeChange]:
        """Those that would have been different, by assessment and subject."""
        changes = []
        for assessment, period in self._since(since):
            changes += [
                change
                for subject in sorted(self._told[assessment][0].results)
                if (change := self._changed(assessment, subject, period)) is not None
            ]
        return changes

    def _since(self, since: date | None) -> Iterator[tuple[AssessmentId, str]]:
        for assessment in sorted(self._told):
            period = self._recorded[assessment].must_be_known().period
            if since is None or Period.parse(period).last_day >= since:
                yield assessment, period

    def _was_asked_for(self, owed: Owed) -> bool:
        """Whether a reading was asked for by the definitions that were in force."""
        standing = self._asked.by_id.get(owed.indicator)
        try:
            definition = standing.on(owed.period.last_day).definition if standing is not None else None
        except Refused:
            return False
        if definition is None or definition.frequency != owed.period.frequency:
            return False
        return owed.unit in definition.scope or self._shadow.known.units[owed.unit].kind in definition.scope

    def _decided(self, fact: OfAssessment) -> None:
        recorded = self._recorded.setdefault(fact.assessment, AssessmentStanding(fact.assessment))
        recorded.note(fact)
        shadow = self._instead(fact, recorded)
        if shadow is not None:
            self._shadow.note(shadow)
        if isinstance(fact, AssessmentPublished | AssessmentRevised):
            instead = _Told() if shadow is None else _told(self._shadow.standing(fact.assessment))
            self._told[fact.assessment] = _told(recorded), instead

    def _instead(self, fact: OfAssessment, recorded: AssessmentStanding) -> OfAssessment | None:
        """A fact as it would have been; None if it would not have been."""
        if isinstance(fact, AssessmentOpened):
            return self._opened(fact)
        if fact.assessment not in self._shadow.standings:
            return None
        if isinstance(fact, SubjectScored):
            return self._scored(fact, recorded)
        if isinstance(fact, BonusRecorded) and fact.honour is not None:
            levels = {level.id for level in self._charter.honours}
            return self._shadow.anew(fact) if self._levels[fact.honour] in levels else None
        return self._shadow.anew(fact) or fact

    def _opened(self, fact: AssessmentOpened) -> AssessmentOpened | None:
        shadow = self._shadow.anew(fact)
        assert isinstance(shadow, AssessmentOpened)
        subjects = tuple(each for each in fact.subjects if each in shadow.subjects)
        for each in fact.subjects:
            if each not in subjects:
                self._left_out[fact.assessment, each] = f"not among {fact.group}"
        return replace(shadow, subjects=subjects) if subjects else None

    def _scored(self, fact: SubjectScored, recorded: AssessmentStanding) -> OfAssessment | None:
        standing = self._shadow.standing(fact.assessment)
        subject = subject_of(fact.person, fact.unit)
        if subject not in standing.must_be_known().subjects:
            return None
        self._left_out.pop((fact.assessment, subject), None)
        try:
            return self._shadow.anew(replace(fact, ratings=_rated(fact.ratings, recorded, standing)))
        except Refused as refused:  # nothing is measured of the subject, and nothing is rated
            standing.scores.pop(subject, None)
            self._left_out[fact.assessment, subject] = refused.code.rpartition(".")[2]
            return None

    def _changed(self, assessment: AssessmentId, subject: str, period: str) -> GradeChange | None:
        recorded, shadow = self._told[assessment]
        was, instead = recorded.results[subject], shadow.results.get(subject)
        if instead is None:
            total, given, by, rank = None, UNGRADED, self._left_out[assessment, subject], None
        else:
            total, given, by, rank = instead.total, _grade(instead), shadow.grounds[subject], instead.rank
        if (was.total, _grade(was), was.rank) == (total, given, rank):
            return None
        return GradeChange(
            assessment=assessment,
            subject=subject,
            period=period,
            total=was.total,
            grade=_grade(was),
            decided_by=recorded.grounds[subject],
            rank=was.rank,
            shadow_total=total,
            shadow_grade=given,
            shadow_decided_by=by,
            shadow_rank=rank,
            why=tuple(self._differ(assessment, was, instead)) if instead is not None else (),
        )

    def _differ(self, assessment: AssessmentId, was: Result, instead: Result) -> Iterator[str]:
        """What of the points, and of what decides between equals, is not the same."""
        one = _parts(self._recorded[assessment].scores[was.subject])
        other = _parts(self._shadow.standing(assessment).scores[was.subject])
        for part in dict.fromkeys((*one, *other)):
            if one.get(part) != other.get(part):
                yield f"{part}: {one.get(part, 'none')} → {other.get(part, 'none')}"
        for name in ("bonus", "deduction", "reds"):
            if getattr(was, name) != getattr(instead, name):
                yield f"{name}: {getattr(was, name)} → {getattr(instead, name)}"


def _told(standing: AssessmentStanding) -> _Told:
    results = {each.subject: each for each in standing.results}
    return _Told(results, grounds(standing.rule, standing.results, standing.votes))


def _grade(result: Result) -> str:
    return UNDECIDED if result.awaits_vote else result.grade


def _rated(ratings: Sequence[Rating], recorded: AssessmentStanding, shadow: AssessmentStanding) -> tuple[Rating, ...]:
    """The ratings of parts that are rated in the shadow too: the same share of its points, rounded to two places."""
    group = shadow.must_be_known().group
    was, instead = recorded.rule.points(group), shadow.rule.points(group)
    rated = {part.id for part in shadow.rule.parts if part.rated}
    return tuple(
        replace(each, points=_share(each.points, was[each.part], instead[each.part]))
        for each in ratings
        if each.part in rated
    )


def _share(points: Decimal, of: Decimal, instead: Decimal) -> Decimal:
    return points if of == instead else rounded(Fraction(points) * Fraction(instead) / Fraction(of))


def _parts(score: SubjectScored) -> dict[str, str]:
    return {each.part: _part(each) for each in score.parts}


def _part(score: PartScore) -> str:
    return f"{'unmeasured' if score.score is None else score.score} of {score.points}"
