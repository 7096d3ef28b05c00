"""Appeals: lodged in time by who may, decided by who took no part; and what an upheld one changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.workflow.assessments.known import (
    APPEAL,
    DAY,
    PUBLISHED,
    SCORED,
    A,
    after,
    confirming,
    deciding,
    finalising,
    lodging,
    opening,
    publishing,
    rated,
    replace_day,
    reported,
    result,
    scoring,
    voting,
)
from tests.workflow.assessments.test_again import again
from tests.workflow.assessments.test_scores import HONOUR, HONOURED, bonus, deduction
from workflow.assessments.appeals import LodgeAppeal, NoteOverdueAppeal
from workflow.assessments.events import (
    AppealDecided,
    AppealLodged,
    AppealOverdue,
    AssessmentPublished,
    AssessmentRevised,
    MatterStruck,
)
from workflow.assessments.publishing import RecuseReviewer
from workflow.ids import AssessmentId, IndicatorId, MatterId, PersonId, UnitId
from workflow.indicators.events import ReadingCorrected
from workflow.slices import Command


def test_an_appeal_is_lodged_within_five_working_days_and_decided_within_fifteen():
    last = date(2025, 7, 21)
    lodged = AppealLodged(APPEAL, A, PersonId("P3"), None, PersonId("P3"), "No.", date(2025, 8, 11), last)
    after(*PUBLISHED).when(lodging(effective=last), today=last).then(lodged)
    day = date(2025, 7, 22)
    after(*PUBLISHED).when(lodging(effective=day), today=day).refused("appeal.late")


def test_an_appeal_is_that_of_the_subject_or_of_who_answers_for_it():
    after(*PUBLISHED).when(lodging("P1", by="P4"), today=DAY).then(
        AppealLodged(APPEAL, A, PersonId("P1"), None, PersonId("P4"), "No.", date(2025, 8, 5), DAY)
    )
    after(*PUBLISHED).when(lodging("P3", by="P4"), today=DAY).refused("appeal.not_answerable")
    after(*PUBLISHED).when(lodging("P8", by="P8"), today=DAY).refused("assessment.subject")
    after(*PUBLISHED, lodging()).when(lodging(), today=DAY).refused("appeal.exists")
    after(*PUBLISHED, lodging()).when(lodging(appeal="AP2"), today=DAY).refused("appeal.again")
    after(*SCORED).when(lodging(), today=DAY).refused("assessment.state")


@pytest.mark.parametrize(
    ("reviewers", "code"),
    [
        (("P4",), "appeal.reviewers"),
        (("P4", "P4"), "appeal.reviewers"),
        (("P4", "P9"), "appeal.scored"),
        (("P4", "P0"), "appeal.scored"),
        (("P4", "P8"), "appeal.recused"),
        (("P4", "P3"), "appeal.concerned"),
        (("P4", "P404"), "person.unknown"),
    ],
)
def test_an_appeal_is_decided_by_people_who_took_no_part_and_are_not_recused(reviewers: tuple[str, ...], code: str):
    recused = RecuseReviewer(assessment=A, person=PersonId("P8"), effective=DAY)
    known = after(*PUBLISHED, lodging(), recused)
    known.when(deciding(False, reviewers), today=DAY).refused(code)
    known.when(recused, today=DAY, reason="r").refused("assessment.recused")
    after(*PUBLISHED).when(recused, today=DAY).refused("assessment.reason")


def test_an_appeal_upheld_decides_quotas_and_grades_of_the_group_again_and_keeps_the_old_result():
    first = result(after(*PUBLISHED).facts, "P3")
    better = lodging(), deciding(ratings=rated("10", "P4"), effective=DAY)
    facts = after(*PUBLISHED, *better).facts
    assert (first.total, result(facts, "P3").total) == (Decimal("83.00"), Decimal("85.00"))
    published_first, revised = (
        next(each for each in facts if isinstance(each, AssessmentPublished)),
        facts[-1],
    )
    assert isinstance(revised, AssessmentRevised)
    assert (revised.revision, revised.why, revised.appeal) == (2, "appeal", APPEAL)
    assert next(each for each in published_first.results if each.subject == "P3") == first


def test_an_upheld_appeal_takes_the_place_of_another_in_the_quota():
    steps = (*SCORED, deduction("6", "P1"), confirming(), publishing())
    facts = after(*steps).facts
    assert (result(facts, "P1").grade, result(facts, "P2").grade) == ("good", "excellent")
    won = (lodging("P1", "P1"), deciding(strike=(MatterId("M9"),), ratings=rated("9.5", "P4")))
    facts = after(*steps, *won).facts
    assert (result(facts, "P1").grade, result(facts, "P2").grade) == ("excellent", "good")


def test_an_upheld_appeal_that_makes_equals_needs_a_vote_first():
    steps = (*SCORED, deduction("6", "P1"), confirming(), publishing(), lodging("P1", "P1"))
    strike = deciding(strike=(MatterId("M9"),))
    after(*steps).when(strike, today=DAY).refused("assessment.tie")
    voted = after(*steps, replace_day(voting(P1=2, P2=1)), strike)
    assert result(voted.facts, "P1").grade == "excellent"


def test_an_appeal_upheld_counts_readings_as_they_are_corrected_by_now():
    right = reported("C3", "D2", "2025-Q2", "92")
    corrected = ReadingCorrected(
        right.reading, IndicatorId("C3"), right.unit, "2025-Q2", Decimal(92), Decimal(46), right.judgement, DAY
    )
    facts = after(*PUBLISHED, lodging(), corrected, deciding()).facts
    assert result(facts, "P3").total == Decimal("98.00")
    assert (result(facts, "P3").grade, result(facts, "P1").grade) == ("excellent", "good")


def test_a_matter_that_an_appeal_strikes_counts_no_more_by_whatever_it_did():
    """By an honour, by itself, and as a deduction: each is struck once, and by itself."""
    of_p1 = (HONOURED, bonus(points=Decimal(1)), bonus(honour=HONOUR), deduction("2", matter="M1"), deduction("1"))
    steps = (*SCORED, *of_p1, confirming(), voting(P1=2, P2=1), publishing(), lodging("P1", "P1"))
    facts = after(*steps, deciding(strike=(MatterId("M1"),))).facts
    struck = [(each.matter, each.honour, each.appeal) for each in facts if isinstance(each, MatterStruck)]
    assert sorted(struck, key=str) == [("M1", HONOUR, APPEAL), ("M1", None, APPEAL)]
    before, now = result(after(*steps).facts, "P1"), result(facts, "P1")
    assert (before.bonus, before.deduction, now.bonus, now.deduction) == (3, 3, 0, 1)
    assert again(facts)[0] == []


def test_an_appeal_that_would_change_nothing_is_not_upheld():
    known = after(*PUBLISHED, lodging())
    known.when(deciding(), today=DAY).refused("appeal.same")
    known.when(deciding(strike=(MatterId("M404"),)), today=DAY).refused("appeal.strike")
    known.when(deciding(ratings=rated("10", "P9")), today=DAY).refused("appeal.rating")
    known.when(deciding(False, ratings=rated("10", "P4")), today=DAY).refused("appeal.rejected")
    known.when(deciding(False, finding=" "), today=DAY).refused("appeal.finding")
    after(*PUBLISHED).when(deciding(), today=DAY).refused("appeal.unknown")


def test_an_appeal_is_decided_once():
    after(*PUBLISHED, lodging(), deciding(False)).when(deciding(False), today=DAY).refused("appeal.decided")


def test_an_appeal_that_is_not_decided_in_time_is_noted():
    due, day = date(2025, 8, 5), date(2025, 8, 6)
    known = after(*PUBLISHED, lodging())
    note = NoteOverdueAppeal(appeal=APPEAL, effective=day)
    known.when(NoteOverdueAppeal(appeal=APPEAL, effective=due), today=due).nothing()
    known.when(note, today=day).then(AppealOverdue(APPEAL, A, PersonId("P3"), None, due, day))
    after(*PUBLISHED, lodging(), deciding(False)).when(note, today=day).nothing()
    after(*PUBLISHED, lodging(), note).when(note, today=day).nothing()
    late = after(*PUBLISHED, lodging(), note, deciding(False, effective=day)).facts[-1]
    assert late.late  # type: ignore[attr-defined]


FINAL = (*PUBLISHED, finalising(date(2025, 7, 22)))
IN_TIME, FIVE_LATER = date(2025, 7, 21), date(2025, 7, 23)


def test_an_appeal_that_came_in_in_time_is_recorded_though_the_results_are_final():
    lodged = AppealLodged(APPEAL, A, PersonId("P3"), None, PersonId("P3"), "No.", date(2025, 8, 11), IN_TIME)
    after(*FINAL).when(lodging(effective=IN_TIME), today=FIVE_LATER).then(lodged)
    after(*FINAL).when(lodging(effective=FIVE_LATER), today=FIVE_LATER).refused("appeal.late")
    before = date(2025, 7, 11)
    after(*FINAL).when(lodging(effective=before), today=DAY).refused("assessment.order")
    late = date(2025, 8, 20)  # too far back for one person
    after(*FINAL).when(lodging(effective=IN_TIME), today=late).refused("effective.backdated")
    after(*FINAL).when(lodging(effective=IN_TIME), today=late, approver="C2", reason="Mislaid.").then(lodged)


def test_an_appeal_is_decided_after_its_time_and_after_the_results_are_final_and_shows_as_late():
    day = date(2025, 9, 1)
    appealed = (*FINAL, lodging(effective=IN_TIME))
    (decided,) = after(*appealed).when(deciding(False, effective=day), today=day).facts
    assert isinstance(decided, AppealDecided)
    assert decided.late
    facts = after(*appealed, deciding(ratings=rated("10", "P4"), effective=day)).facts
    assert (result(facts, "P3").total, facts[-1].revision) == (Decimal("85.00"), 2)  # type: ignore[attr-defined]
    assert again(facts)[0] == []
    recused = RecuseReviewer(assessment=A, person=PersonId("P5"), effective=day)
    after(*appealed, recused).when(deciding(False, effective=day), today=day).refused("appeal.recused")
    overdue = NoteOverdueAppeal(appeal=APPEAL, effective=date(2025, 8, 12))
    assert isinstance(after(*appealed, overdue).facts[-1], AppealOverdue)


def test_the_head_of_a_unit_appeals_for_it():
    departments = AssessmentId("departments.DCP.2025-Q2")
    steps = (
        opening("departments"),
        scoring("D1", of=departments),
        scoring("D2", of=departments),
        confirming(of=departments),
        publishing(of=departments),
    )

    def lodge(by: str) -> Command:
        return LodgeAppeal(
            appeal=APPEAL, assessment=departments, subject="D1", by=PersonId(by), grounds="No.", effective=DAY
        )

    expected = AppealLodged(APPEAL, departments, None, UnitId("D1"), PersonId("P4"), "No.", date(2025, 8, 5), DAY)
    after(*steps).when(lodge("P4"), today=DAY).then(expected)
    after(*steps).when(lodge("P1"), today=DAY).refused("appeal.not_answerable")
