"""An honour that is revoked: its bonus is reversed, whatever has become of the assessment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from tests.workflow.assessments.known import (
    DAY,
    SCORE,
    SCORED,
    A,
    after,
    confirming,
    finalising,
    publishing,
    replace_day,
    result,
    voting,
)
from tests.workflow.assessments.test_scores import HONOUR, HONOURED, bonus
from workflow.assessments.events import AssessmentRevised, MatterStruck
from workflow.assessments.publishing import ReverseBonus
from workflow.assessments.reperformance import AssessmentsAgain
from workflow.honours.commands import RevokeHonour
from workflow.ids import HonourId, MatterId, PersonId
from workflow.reperformance import Reperformance

HONOURED_SCORES = (*SCORED, HONOURED, bonus("P1", honour=HONOUR))
REVOKE = RevokeHonour(honour=HONOUR, effective=DAY)
REVERSE = ReverseBonus(assessment=A, honour=HONOUR, effective=DAY)


def test_revoking_an_honour_reverses_its_bonus_in_an_open_assessment():
    facts = after(*HONOURED_SCORES, replace_day(REVOKE, SCORE), confirming(), voting(P1=2, P2=1), publishing()).facts
    assert [each.TOPIC for each in facts[-2:]] == ["assessment.matter_struck", "assessment.published"]
    assert result(facts, "P1").bonus == 0


def test_revoking_an_honour_reverses_its_bonus_by_a_revision_of_published_results():
    steps = (*HONOURED_SCORES, confirming(), publishing())
    assert result(after(*steps).facts, "P1").grade == "excellent"
    facts = after(*steps, REVOKE, REVERSE).facts
    assert [each.TOPIC for each in facts[-2:]] == ["assessment.matter_struck", "assessment.revised"]
    # Now P1 and P2 are equal: neither has the place until a vote decides.
    assert [result(facts, each).grade for each in ("P1", "P2")] == ["good", "good"]
    assert result(facts, "P1").awaits_vote
    voted = after(*steps, REVOKE, REVERSE, replace_day(voting(P1=1, P2=2))).facts
    assert [result(voted, each).grade for each in ("P1", "P2")] == ["good", "excellent"]
    after(*steps, REVOKE, REVERSE).when(REVERSE, today=DAY).nothing()
    after(*steps).when(REVERSE, today=DAY).nothing()


def test_of_honours_that_are_revoked_on_one_day_each_is_reversed_by_itself():
    """The command id of the clock names the honour: what becomes of another is not done under it."""
    other = replace(HONOURED, honour=HonourId("H2"), person=PersonId("P2"), matter=MatterId("M2"))
    revoked = [replace_day(RevokeHonour(honour=each, effective=DAY)) for each in (HONOUR, other.honour)]
    steps = (*HONOURED_SCORES, other, bonus("P2", "M2", honour=other.honour), confirming(), voting(P1=2, P2=1))
    first = after(*steps, publishing(), *revoked, REVERSE).facts
    assert [(each.honour, each.matter) for each in first if isinstance(each, MatterStruck)] == [(HONOUR, "M1")]
    second = after(
        *steps, publishing(), *revoked, REVERSE, ReverseBonus(assessment=A, honour=other.honour, effective=DAY)
    )
    struck = [(each.honour, each.matter) for each in second.facts if isinstance(each, MatterStruck)]
    assert struck == [(HONOUR, "M1"), ("H2", "M2")]
    assert [each.revision for each in second.facts if isinstance(each, AssessmentRevised)] == [2, 3]
    assert [result(second.facts, each).bonus for each in ("P1", "P2")] == [0, 0]
    again = Reperformance([AssessmentsAgain])
    assert not any(again.follow(fact) for fact in second.facts if fact.TOPIC in again.topics)


def test_final_results_are_revised_too():
    day = date(2025, 7, 22)
    steps = (*HONOURED_SCORES, confirming(), publishing(), finalising(day))
    facts = after(*steps, replace_day(REVOKE, day), replace_day(REVERSE, day)).facts
    assert result(facts, "P1").total == Decimal("95.00")
