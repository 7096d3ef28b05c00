"""Grades, quotas, ties, publication, finality, and appeals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.projections.office import sealed
from tests.workflow.assessments.known import (
    APPEAL,
    CHARTER,
    DAY,
    KNOWN,
    PUBLISH,
    PUBLISHED,
    SCORE,
    SCORED,
    TEXT,
    A,
    after,
    confirming,
    deciding,
    lodging,
    opening,
    publishing,
    rated,
    reported,
    result,
    scoring,
    voting,
)
from tests.workflow.assessments.test_scores import HONOUR, HONOURED, bonus, deduction, published, veto
from tests.workflow.clock.house import Institution, by_the_clock
from tests.workflow.indicators.known import department
from workflow.assessments.agenda import Assessments
from workflow.assessments.appeals import LodgeAppeal, NoteOverdueAppeal
from workflow.assessments.events import (
    AppealDecided,
    AppealLodged,
    AppealOverdue,
    AssessmentFinalised,
    AssessmentPublished,
    AssessmentRevised,
    PartScore,
    SubjectScored,
)
from workflow.assessments.following import LISTENS_TO
from workflow.assessments.grading import grade
from workflow.assessments.measuring import Indicators
from workflow.assessments.publishing import FinaliseAssessment, RecuseReviewer, ReverseBonus
from workflow.assessments.reperformance import AssessmentsAgain
from workflow.assessments.views import AssessmentStanding
from workflow.charter.views import CharterInForce
from workflow.honours.commands import RevokeHonour
from workflow.ids import AppealId, AssessmentId, IndicatorId, MatterId, PersonId, UnitId
from workflow.indicators.events import ReadingCorrected
from workflow.indicators.views import ReadingStanding
from workflow.organisation.events import PersonLeft, PersonnelClassChanged, UnitMoved, UnitRenamed
from workflow.organisation.views import Career, PostStanding, Standing, UnitAppointments, UnitsBelow, UnitStanding
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event, View

_places = count()


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


def replace_day(command: Command, effective: date = DAY) -> Command:
    again = command.again()
    again.effective = effective  # type: ignore[attr-defined]
    return again


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


def finalising(effective: date) -> Command:
    return FinaliseAssessment(assessment=A, effective=effective)


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


def test_final_results_are_revised_too():
    day = date(2025, 7, 22)
    steps = (*HONOURED_SCORES, confirming(), publishing(), finalising(day))
    facts = after(*steps, replace_day(REVOKE, day), replace_day(REVERSE, day)).facts
    assert result(facts, "P1").total == Decimal("95.00")


LIFE = (
    *HONOURED_SCORES,
    deduction("2", "P3"),
    confirming(),
    publishing(),
    lodging(),
    deciding(strike=(MatterId("M9"),)),
    REVOKE,
    REVERSE,
)


def again(facts: Iterable[Event]) -> tuple[list[str], int]:
    """What is found wrong when everything is decided again, and how many decisions that were."""
    reperformance = Reperformance([AssessmentsAgain])
    told = [reperformance.follow(fact) for fact in facts if fact.TOPIC in reperformance.topics]
    return [each for each in told if each], reperformance.decisions


def test_everything_that_was_decided_is_decided_again():
    wrong, decisions = again(after(*LIFE).facts)
    assert wrong == []
    assert decisions == 11


def falsified(kind: type[Event], **changes: Any) -> list[str]:
    facts = list(after(*LIFE).facts)
    place = next(n for n, each in enumerate(facts) if isinstance(each, kind))
    for name, change in changes.items():
        facts[place] = replace(facts[place], **{name: change(getattr(facts[place], name))})
    return again(facts)[0]


def test_a_falsified_grade_is_named():
    def better(results: Any) -> Any:
        return tuple(replace(each, grade="excellent") if each.subject == "P2" else each for each in results)

    for kind in (AssessmentPublished, AssessmentRevised):
        wrong = falsified(kind, results=better)
        assert "the grade of P2 is recorded as excellent, and had to be good" in wrong[0]


def test_all_that_an_assessment_stands_on_is_followed():
    stood_on: list[type[View]] = [CharterInForce, Indicators, ReadingStanding, Career, UnitAppointments, Standing]
    stood_on += [PostStanding, UnitStanding, UnitsBelow, AssessmentStanding]
    heard = {event for view in stood_on for event in view.listens_to()}
    assert heard - set(LISTENS_TO) == {UnitRenamed}  # what a unit is called decides nothing


ORGANISED = (
    PersonnelClassChanged(PersonId("P1"), "assistant", date(2025, 5, 1)),
    PersonnelClassChanged(PersonId("P8"), "prosecutor", date(2025, 6, 30)),
    PersonLeft(PersonId("P2"), date(2025, 6, 30)),
    department("DCP2", "institution"),
    UnitMoved(UnitId("D1"), UnitId("DCP2"), UnitId("DCP"), date(2025, 7, 1)),
    PersonnelClassChanged(PersonId("P3"), "clerk", date(2025, 7, 1)),
)


@pytest.mark.parametrize(
    ("group", "scope", "members"),
    [
        ("prosecutors", "DCP", ("P3", "P8")),
        ("assistants", "D1", ("P1",)),
        ("leaders", "DCP", ("P0", "P4")),
        ("departments", "DCP", ("D1", "D2")),
    ],
)
def test_who_belongs_to_a_group_is_decided_again(group: str, scope: str, members: tuple[str, ...]):
    facts = list(after(opening(group, scope), known=(*KNOWN, *ORGANISED)).facts)
    assert facts[-1].subjects == members  # type: ignore[attr-defined]
    assert again(facts)[0] == []
    for others in (members[1:], (*members, "P5")):
        told = again([*facts[:-1], replace(facts[-1], subjects=others)])[0]
        assert told[0].endswith(f"who is assessed is recorded as {others}, and had to be {members}")


def test_a_falsified_score_is_named():
    wrong = falsified(SubjectScored, base=lambda base: base + 1)
    assert "the score is recorded as 96.00, and had to be 95.00" in wrong[0]


def test_falsified_due_dates_and_counted_readings_are_named():
    later = lambda day: day + timedelta(days=1)  # noqa: E731
    assert "the end of appeals" in falsified(AssessmentPublished, appeals_until=later)[0]
    assert "the due date" in falsified(AppealLodged, decide_by=later)[0]
    assert "what readings count" in falsified(SubjectScored, counted=lambda counted: counted[:1])[0]


CLOCK_FROM = date(2025, 7, 16)
LIVED = {
    date(2025, 7, 17): [lodging(effective=date(2025, 7, 17)), lodging("P1", "P4", date(2025, 7, 17), "AP2")],
    date(2025, 7, 18): [deciding(False, effective=date(2025, 7, 18))],
    date(2025, 7, 31): [replace_day(REVOKE, date(2025, 7, 31))],
    date(2025, 8, 20): [deciding(False, ("P5", "P8"), effective=date(2025, 8, 20), appeal=AppealId("AP2"))],
}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 30), max_size=4))
def test_a_clock_that_slept_does_what_one_did_that_was_awake(tmp_path: Path, naps: list[int]):
    history = [sealed(fact) for fact in after(*HONOURED_SCORES, confirming(), publishing()).facts]
    last = date(2025, 9, 5)

    def lived(awake: Iterable[date]) -> list[tuple[str, Event]]:
        house = Institution(f"sqlite:///{tmp_path}/{next(_places)}/log.sqlite", [], CLOCK_FROM)
        house.record(*history)
        clock = house.clock(lambda: [Assessments()])
        nights = set(awake)
        while house.day <= last:
            if house.day in nights:
                clock.until(house.day)
            for command in LIVED.get(house.day, ()):
                house.do(command, reason="r", approver="C2")
            house.day += timedelta(days=1)
        clock.until(last)
        told = by_the_clock(house)
        house.close()
        return told

    every_night = [CLOCK_FROM + timedelta(days=n) for n in range((last - CLOCK_FROM).days + 1)]
    awake = lived(every_night)
    assert lived([CLOCK_FROM, *(CLOCK_FROM + timedelta(days=n) for n in accumulate(naps))]) == awake
    assert [(each.TOPIC, each.effective) for _, each in awake] == [  # type: ignore[attr-defined]
        ("appeal.overdue", date(2025, 8, 8)),
        ("assessment.finalised", date(2025, 8, 21)),
        ("assessment.matter_struck", date(2025, 8, 1)),
        ("assessment.revised", date(2025, 8, 1)),
        ("clock.started", CLOCK_FROM),
    ]


def test_what_was_due_before_the_clock_was_started_is_left_alone(tmp_path: Path):
    late = date(2025, 7, 23)
    house = Institution(f"sqlite:///{tmp_path}/log.sqlite", [], late)
    house.record(*map(sealed, after(*PUBLISHED).facts))
    house.live(house.clock(lambda: [Assessments()]), date(2025, 8, 1))
    assert not [each for each in house.facts() if isinstance(each, AssessmentFinalised)]
    house.close()


@given_any(totals=st.lists(st.decimals(0, 110, places=2), min_size=1, max_size=30))
def test_more_points_never_make_a_worse_grade_and_quotas_are_kept(totals: list[Decimal]):
    graded = results_of(*map(str, totals))
    best = ["excellent", "good", "fair", "poor"]
    places = [best.index(graded[f"S{n}"]) for n in range(len(totals))]
    assert places.count(0) <= max(len(totals) // 5, 1)
    for one, of_one in zip(totals, places, strict=True):
        for other, of_other in zip(totals, places, strict=True):
            assert one >= other or of_one >= of_other


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
