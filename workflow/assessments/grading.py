"""Grading: totals, grades within their quotas, and ranks, of one group; a pure function.

Between equal totals the part that the charter names decides, then fewer red readings, then a recorded vote. Where a
quota ends between some who are equal even then, none of them gets in, and their results await a vote.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from workflow.assessments.events import Result, SubjectScored
from workflow.charter.assessment import AssessmentRule, Grade
from workflow.ids import HonourId, MatterId


class Merit(msgspec.Struct):
    """What a matter gave or took, of whom. `kind`: bonus, deduction or veto."""

    kind: str
    subject: str
    matter: MatterId
    points: Decimal
    honour: HonourId | None
    struck: bool = False


def merits_of(merits: Sequence[Merit], kind: str, subject: str) -> dict[str, Decimal]:
    """What counts of a kind, by matter: of several for one matter only the highest."""
    found: dict[str, Decimal] = {}
    for each in merits:
        if (each.kind, each.subject) == (kind, subject) and not each.struck:
            found[each.matter] = max(each.points, found.get(each.matter, Decimal(0)))
    return found


def grade(
    rule: AssessmentRule,
    scores: Mapping[str, SubjectScored],
    merits: Sequence[Merit],
    votes: Mapping[str, int],
) -> tuple[Result, ...]:
    """The results of a group, by rank if ranks are published, else by id."""
    results = _sorted([_total(rule, subject, score, merits) for subject, score in scores.items()], votes)
    grades = _grades(rule, results, votes)
    ranked: list[Result] = []
    for number, each in enumerate(results, 1):
        same = ranked and _order(each, votes) == _order(results[number - 2], votes)
        rank = (ranked[-1].rank if same else number) if rule.ranking else None
        given = grades[each.subject]
        ranked.append(msgspec.structs.replace(each, grade=given.grade, rank=rank, awaits_vote=given.awaits_vote))
    return tuple(ranked if rule.ranking else sorted(ranked, key=lambda each: each.subject))


def grounds(rule: AssessmentRule, results: Collection[Result], votes: Mapping[str, int]) -> dict[str, str]:
    """What decided each grade of a group: the limit of points that was reached (`good >=80`), or what was in the way
    of the best grade that the points are good for: a veto, a quota (`excellent: 2 at most`), or the vote that it needs
    (`excellent: 2 ends between equals`)."""
    return {subject: given.by for subject, given in _grades(rule, _sorted(results, votes), votes).items()}


def awaiting(results: Collection[Result]) -> list[str]:
    """Those whose grade a vote has to decide."""
    return [each.subject for each in results if each.awaits_vote]


def _total(rule: AssessmentRule, subject: str, score: SubjectScored, merits: Sequence[Merit]) -> Result:
    def together(kind: str, at_most: Decimal) -> Decimal:
        return min(sum(merits_of(merits, kind, subject).values(), Decimal(0)), at_most)

    bonus, deduction = together("bonus", rule.bonus_at_most), together("deduction", rule.deduction_at_most)
    decides = next((part.score for part in score.parts if part.part == rule.tie_by), None)
    return Result(
        subject=subject,
        base=score.base,
        bonus=bonus,
        deduction=deduction,
        total=max(score.base + bonus - deduction, Decimal(0)),
        decides=Decimal(0) if decides is None else decides,
        reds=score.reds,
        vetoed=bool(merits_of(merits, "veto", subject)),
        grade="",
    )


def _sorted(results: Collection[Result], votes: Mapping[str, int]) -> list[Result]:
    return sorted(results, key=lambda each: (*_order(each, votes), each.subject))


def _order(result: Result, votes: Mapping[str, int]) -> tuple[Decimal, Decimal, int, int]:
    return -result.total, -result.decides, result.reds, -votes.get(result.subject, 0)


class _Given(NamedTuple):
    """A grade, whether a vote has to decide it, and what decided it."""

    grade: str
    awaits_vote: bool
    by: str


def _grades(rule: AssessmentRule, results: Sequence[Result], votes: Mapping[str, int]) -> dict[str, _Given]:
    """What each is given. `results` are in their order."""
    best_of_vetoed = [grade.id for grade in rule.grades].index(rule.veto_caps_at)
    given: dict[str, Grade] = {}
    awaits: set[str] = set()
    passed: dict[str, str] = {}  # why somebody has not the best grade that the points are good for
    for number, grade in enumerate(rule.grades):
        reach = [each for each in results if each.subject not in given and each.total >= grade.at_least]
        fit = [each for each in reach if not (each.vetoed and number < best_of_vetoed)]
        for each in reach:
            if each not in fit:
                passed.setdefault(each.subject, f"veto: {rule.veto_caps_at} at best")
        if grade.quota is not None:
            seats = max(int(grade.quota * len(results)), 1)
            placed, tied = _placed(fit, seats, votes)
            awaits |= tied
            for each in fit[len(placed) :]:
                ends = "ends between equals" if each.subject in tied else "at most"
                passed.setdefault(each.subject, f"{grade.id}: {seats} {ends}")
            fit = placed
        given |= {each.subject: grade for each in fit}
    return {
        subject: _Given(grade.id, subject in awaits, passed.get(subject) or f"{grade.id} >={grade.at_least}")
        for subject, grade in given.items()
    }


def _placed(fit: Sequence[Result], seats: int, votes: Mapping[str, int]) -> tuple[list[Result], set[str]]:
    """Those of the first who get in, and those who are equal where the seats end: none of them does."""
    if len(fit) <= seats or _order(fit[seats - 1], votes) != _order(fit[seats], votes):
        return list(fit[:seats]), set()
    edge = _order(fit[seats], votes)
    tied = {each.subject for each in fit if _order(each, votes) == edge}
    return [each for each in fit[:seats] if each.subject not in tied], tied
