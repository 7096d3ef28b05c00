"""Grading: totals, grades within their quotas, and ranks, of one group; a pure function.

Between equal totals the part that the charter names decides, then fewer red readings, then a recorded vote. Where a
quota ends between some who are equal even then, none of them gets in, and their results await a vote.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import msgspec

from workflow.assessments.events import Result, SubjectScored
from workflow.charter.assessment import AssessmentRule


class Merit(msgspec.Struct):
    """What a matter gave or took, of whom. `kind`: bonus, deduction or veto."""

    kind: str
    subject: str
    matter: str
    points: Decimal
    honour: str | None
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
    results = [_total(rule, subject, score, merits) for subject, score in scores.items()]
    results.sort(key=lambda each: (*_order(each, votes), each.subject))
    grades = _grades(rule, results, votes)
    ranked: list[Result] = []
    for number, each in enumerate(results, 1):
        same = ranked and _order(each, votes) == _order(results[number - 2], votes)
        rank = (ranked[-1].rank if same else number) if rule.ranking else None
        given, awaits = grades[each.subject]
        ranked.append(msgspec.structs.replace(each, grade=given, rank=rank, awaits_vote=awaits))
    return tuple(ranked if rule.ranking else sorted(ranked, key=lambda each: each.subject))


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


def _order(result: Result, votes: Mapping[str, int]) -> tuple[Decimal, Decimal, int, int]:
    return -result.total, -result.decides, result.reds, -votes.get(result.subject, 0)


def _grades(rule: AssessmentRule, results: Sequence[Result], votes: Mapping[str, int]) -> dict[str, tuple[str, bool]]:
    """The grade of each, and whether a vote has to decide it. `results` are in their order."""
    best_of_vetoed = [grade.id for grade in rule.grades].index(rule.veto_caps_at)
    given: dict[str, str] = {}
    awaits: set[str] = set()
    for number, grade in enumerate(rule.grades):
        fit = [
            each
            for each in results
            if each.subject not in given
            and each.total >= grade.at_least
            and not (each.vetoed and number < best_of_vetoed)
        ]
        if grade.quota is not None:
            seats = max(int(grade.quota * len(results)), 1)
            if len(fit) > seats:
                edge = _order(fit[seats - 1], votes)
                if _order(fit[seats], votes) == edge:
                    tied = [each.subject for each in fit if _order(each, votes) == edge]
                    awaits |= set(tied)
                    fit = [each for each in fit[:seats] if each.subject not in tied]
                else:
                    fit = fit[:seats]
        given |= {each.subject: grade.id for each in fit}
    return {each.subject: (given[each.subject], each.subject in awaits) for each in results}
