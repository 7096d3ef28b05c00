"""Who is recused from a case neither scores those for whom it counts, nor reviews their appeals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tests.workflow.assessments.known import (
    DAY,
    PUBLISH,
    PUBLISHED,
    RATER,
    SCORE,
    A,
    after,
    confirming,
    deciding,
    lodging,
    opening,
    publishing,
    rated,
    scoring,
    voting,
)
from tests.workflow.case_teams.known import REFERENCE, formed
from workflow.assessments.events import BonusRecorded
from workflow.assessments.scoring import RecordBonus
from workflow.case_teams.events import RecusalDeclared, RecusalLifted, RecusalOrdered
from workflow.honours.events import HonourConferred
from workflow.ids import CaseTeamId, HonourId, MatterId, PersonId, UnitId
from workflow.sealed import personal
from workflow.slices import Command

CASE, D2 = CaseTeamId("T1"), UnitId("D2")


def cited(matter: str = CASE) -> RecordBonus:
    """A bonus for P3 for the case of a team."""
    return RecordBonus(
        assessment=A, subject="P3", matter=MatterId(matter), points=Decimal(1), evidence=("decree",), effective=SCORE
    )


def recused(person: str) -> RecusalDeclared:
    return RecusalDeclared(CASE, D2, PersonId(person), personal(ground="kinship"), SCORE)


def lifted(person: str) -> RecusalLifted:
    return RecusalLifted(CASE, D2, PersonId(person), SCORE)


def lodged(matter: str = CASE) -> Iterator[Command]:
    """An appeal after a bonus for a matter."""
    yield from (opening(), scoring("P1"), scoring("P2"), scoring("P3", rated("8")), cited(matter), confirming())
    yield from (voting(P1=3, P2=1), publishing(), lodging())


LODGED = tuple(lodged())


def test_who_is_recused_from_a_case_does_not_score_those_for_whom_it_counts():
    after(opening(), cited(), recused(RATER)).when(scoring("P3"), today=SCORE).refused("assessment.scorer_recused")
    rating = rated("8", "P5")
    after(opening(), cited(), recused("P5")).when(scoring("P3", rating), today=SCORE).refused(
        "assessment.scorer_recused"
    )
    for fine in (
        after(opening(), cited()),
        after(opening(), recused(RATER)),
        after(opening(), cited("T2"), recused(RATER)),
        after(formed(), opening(), cited("DCP-2025-0108"), recused(RATER)),
        after(opening(), cited(), recused(RATER), lifted(RATER)),
    ):
        assert fine.when(scoring("P3"), today=SCORE).refusal is None
    by_reference = after(formed(), opening(), cited(REFERENCE), recused(RATER))
    by_reference.when(scoring("P3"), today=SCORE).refused("assessment.scorer_recused")
    assert after(opening(), cited(), recused(RATER)).when(scoring("P1"), today=SCORE).refusal is None


def test_who_is_recused_from_a_case_does_not_review_the_appeal_of_those_for_whom_it_counts():
    decide = deciding(False)
    assert after(*LODGED).when(decide, today=DAY).refusal is None
    after(*LODGED, recused("P4")).when(decide, today=DAY).refused("appeal.recused")
    by_reference = after(formed(), *lodged(REFERENCE), recused("P4"))
    by_reference.when(decide, today=DAY).refused("appeal.recused")
    assert after(*LODGED, recused("P4"), lifted("P4")).when(decide, today=DAY).refusal is None
    assert after(*PUBLISHED, lodging(), recused("P4")).when(decide, today=DAY).refusal is None


def honoured() -> HonourConferred:
    """An honour of the team, for a matter of its own."""
    about = HonourId("H1"), None, None, "city", "T", "I", MatterId("M-9"), ("decree",), SCORE
    return HonourConferred(*about, case_team=CASE)


def by_honour() -> BonusRecorded:
    return BonusRecorded(A, PersonId("P3"), None, MatterId("M-9"), Decimal(1), HonourId("H1"), ("decree",), SCORE)


def test_a_case_counts_by_an_honour_about_it_and_by_another_team_of_it_too():
    asked = scoring("P3")
    by_its_honour = after(formed(), honoured(), opening(), by_honour())
    assert by_its_honour.when(asked, today=SCORE).refusal is None
    for counts in ((honoured(), opening(), by_honour()), (formed(case_team="T2"), opening(), cited("T2"))):
        known = after(formed(), *counts, recused(RATER))
        known.when(asked, today=SCORE).refused("assessment.scorer_recused")


def test_who_is_recused_neither_enters_nor_approves_what_others_decide():
    counts = after(opening(), cited(), recused("P7"))
    assert counts.when(scoring("P3"), today=SCORE).refusal is None
    counts.when(scoring("P3"), today=SCORE, people=(PersonId("P7"),)).refused("assessment.barred")
    assert counts.when(scoring("P1"), today=SCORE, people=(PersonId("P7"),)).refusal is None
    appealed = after(*LODGED, recused("P7"))
    assert appealed.when(deciding(False), today=DAY, people=(PersonId("P0"),)).refusal is None
    appealed.when(deciding(False), today=DAY, people=(PersonId("P0"), PersonId("P7"))).refused("assessment.barred")


def test_who_is_recused_neither_enters_nor_approves_a_vote_on_those_for_whom_the_case_counts():
    counts = after(opening(), scoring("P1"), scoring("P2"), scoring("P3"), cited(), recused("P7"))
    for people in ((PersonId("P7"),), (PersonId("P0"), PersonId("P7"))):
        counts.when(voting(P3=1, P2=2), today=SCORE, people=people).refused("assessment.barred")
        assert counts.when(voting(P1=1, P2=2), today=SCORE, people=people).refusal is None


def test_scores_by_who_is_recused_by_now_are_not_confirmed_but_given_anew():
    others = (opening(), scoring("P1"), scoring("P2"), scoring("P3", rated("8")))
    for came in ((cited(), recused(RATER)), (recused(RATER), cited())):
        known = after(*others, *came)
        known.when(confirming(), today=DAY).refused("assessment.scored_by_recused")
    for fine in ((cited(),), (cited("T2"), recused(RATER)), (cited(), recused("P8"))):
        assert after(*others, *fine).when(confirming(), today=DAY).refusal is None


def test_what_who_is_recused_by_now_rated_is_rated_anew_when_an_appeal_is_upheld():
    strikes = deciding(True, strike=(MatterId(CASE),))
    after(*LODGED, recused(RATER)).when(strikes, today=DAY).refused("assessment.scored_by_recused")
    assert after(*LODGED).when(strikes, today=DAY).refusal is None
    anew = deciding(True, ratings=rated("9", "P4"))
    assert after(*LODGED, recused(RATER)).when(anew, today=DAY).refusal is None


def test_who_orders_a_recusal_is_not_recused_by_it():
    ordered = RecusalOrdered(CASE, D2, PersonId("P1"), PersonId("P4"), "chief", personal(ground="other"), PUBLISH)
    assert after(*LODGED, ordered).when(deciding(False), today=DAY).refusal is None
