"""Grades, quotas, ties, confirmation, publication and finality."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.workflow.assessments.known import (
    CHARTER,
    DAY,
    PUBLISH,
    PUBLISHED,
    SCORE,
    SCORED,
    TEXT,
    A,
    after,
    confirming,
    deciding,
    finalising,
    lodging,
    publishing,
    replace_day,
    result,
    voting,
)
from tests.workflow.assessments.test_scores import bonus, published, veto
from workflow.assessments.events import (
    AssessmentFinalised,
    AssessmentPublished,
    PartScore,
    SubjectScored,
)
from workflow.assessments.grading import grade
from workflow.ids import PersonId


def results_of(*totals: str, decides: str = "50", reds: int = 0, **rule: Any) -> dict[str, str]:
    """The grades of subjects S0, S1, … with these scores."""
    scores = {}
    for number, total in enumerate(totals):
        part = PartScore("performance", Decimal(60), Decimal(decides))
        scores[f"S{number}"] = SubjectScored(
            A, PersonId(f"S{number}"), None, PersonId("P9"), (), (), (), (part,), Decimal(total), reds, DAY
        )
    return {each.subject: each.grade for each in grade(_rule(**rule), scores, (), {})}


def _rule(**changes: Any) -> Any:
    assert CHARTER.assessment is not None
    return replace(CHARTER.assessment, **changes)


def test_grades_begin_at_90_80_and_60():
    found = results_of("90", "89.99", "80", "79.99", "60", "59.99")
    assert list(found.values()) == ["excellent", "good", "good", "fair", "fair", "poor"]


@pytest.mark.parametrize(("people", "excellent"), [(1, 1), (4, 1), (9, 1), (10, 2), (14, 2), (15, 3)])
def test_at_most_a_fifth_is_excellent_rounded_down_but_one_at_least(people: int, excellent: int):
    found = list(results_of(*(str(91 + Decimal(n) / 10) for n in range(people))).values())
    assert found.count("excellent") == excellent
    assert found.count("good") == people - excellent


def test_a_veto_caps_at_fair_and_frees_the_place():
    facts = published(voting(P1=3, P2=1), veto("P1"))
    assert (result(facts, "P1").grade, result(facts, "P2").grade) == ("fair", "excellent")


def test_between_equals_performance_decides_then_fewer_reds_then_a_recorded_vote():
    def with_(**differs: Any) -> list[str]:
        scores = {}
        for subject in ("S0", "S1"):
            mine: dict[str, Any] = {"decides": "50", "reds": 1} | (differs if subject == "S1" else {})
            part = PartScore("performance", Decimal(60), Decimal(mine["decides"]))
            scores[subject] = SubjectScored(
                A, PersonId(subject), None, PersonId("P9"), (), (), (), (part,), Decimal(95), mine["reds"], DAY
            )
        votes = {"S1": differs.get("votes", 0)}
        return [each.grade for each in grade(_rule(), scores, (), votes)]

    assert with_(decides="51") == ["good", "excellent"]
    assert with_(decides="49") == ["excellent", "good"]
    assert with_(reds=0) == ["good", "excellent"]
    assert with_(votes=1) == ["good", "excellent"]
    assert with_() == ["good", "good"]


def test_where_the_quota_ends_between_equals_a_vote_comes_first():
    refused = after(*SCORED, confirming()).when(publishing(), today=PUBLISH).refused("assessment.tie")
    assert "P1, P2" in refused.sentence
    assert result(published(voting(P1=1, P2=2)), "P2").grade == "excellent"


def test_a_vote_is_between_two_who_are_assessed():
    known = after(*SCORED)
    for command in (voting(P1=1), voting(P1=1, P2=-1)):
        known.when(command, today=SCORE).refused("assessment.vote")
    known.when(voting(P1=1, P8=1), today=SCORE).refused("assessment.subject")
    after(*PUBLISHED).when(replace_day(voting(P1=1, P2=9)), today=DAY).refused("assessment.vote")


def test_without_ranking_results_stand_by_id_and_have_no_rank():
    facts = published(voting(P1=1, P2=2), bonus("P3", points=Decimal(10)))
    assert [(each.subject, each.rank) for each in facts[-1].results] == [  # type: ignore[attr-defined]
        ("P1", None),
        ("P2", None),
        ("P3", None),
    ]


def test_with_ranking_they_stand_by_rank():
    text = TEXT.replace("ranking = false", "ranking = true")
    facts = after(*SCORED, voting(P1=1, P2=2), confirming(), publishing(), text=text).facts
    assert [(each.subject, each.rank) for each in facts[-1].results] == [  # type: ignore[attr-defined]
        ("P2", 1),
        ("P1", 2),
        ("P3", 3),
    ]


def test_scores_are_confirmed_by_the_level_that_the_charter_names():
    refused = after(*SCORED).when(confirming(by="P4"), today=SCORE).refused("assessment.confirmer")
    assert "P0" in refused.sentence
    after(*SCORED[:-1]).when(confirming(), today=SCORE).refused("assessment.unscored")
    after(*SCORED, confirming()).when(confirming(), today=SCORE).refused("assessment.state")


def test_results_are_published_once_and_only_when_confirmed():
    after(*SCORED).when(publishing(), today=PUBLISH).refused("assessment.state")
    after(*PUBLISHED).when(publishing(DAY), today=DAY).refused("assessment.state")


def test_notice_and_appeals_end_after_five_working_days():
    fact = after(*PUBLISHED).facts[-1]
    assert isinstance(fact, AssessmentPublished)
    assert (fact.notice_until, fact.appeals_until) == (date(2025, 7, 21), date(2025, 7, 21))


def test_results_are_final_when_notice_is_over_and_appeals_are_decided():
    last, day = date(2025, 7, 21), date(2025, 7, 22)
    after(*PUBLISHED).when(finalising(last), today=last).refused("assessment.unsettled")
    after(*PUBLISHED).when(finalising(day), today=day).then(AssessmentFinalised(A, day))
    after(*PUBLISHED, lodging()).when(finalising(day), today=day).refused("assessment.unsettled")
    rejected = deciding(upheld=False, effective=day)
    after(*PUBLISHED, lodging(), rejected).when(finalising(day), today=day).refused("assessment.unsettled")
    after(*PUBLISHED, lodging(), rejected).when(finalising(date(2025, 7, 23)), today=date(2025, 7, 23)).then(
        AssessmentFinalised(A, date(2025, 7, 23))
    )


@given_any(totals=st.lists(st.decimals(0, 110, places=2), min_size=1, max_size=30))
def test_more_points_never_make_a_worse_grade_and_quotas_are_kept(totals: list[Decimal]):
    graded = results_of(*map(str, totals))
    best = ["excellent", "good", "fair", "poor"]
    places = [best.index(graded[f"S{n}"]) for n in range(len(totals))]
    assert places.count(0) <= max(len(totals) // 5, 1)
    for one, of_one in zip(totals, places, strict=True):
        for other, of_other in zip(totals, places, strict=True):
            assert one >= other or of_one >= of_other
