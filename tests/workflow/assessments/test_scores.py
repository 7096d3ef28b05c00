"""How a score comes about: from readings, by parts, weighted by days; and what adds to it and takes from it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.workflow.assessments.known import (
    KNOWN,
    OPEN,
    RATER,
    READINGS,
    SCORE,
    SCORED,
    TEXT,
    A,
    after,
    confirming,
    opening,
    publishing,
    rated,
    reported,
    result,
    scoring,
    voting,
)
from tests.workflow.indicators.known import holds
from workflow.assessments.events import AssessmentOpened, BonusRecorded, SubjectScored
from workflow.assessments.publishing import ReverseBonus
from workflow.assessments.reperformance import AssessmentsAgain
from workflow.assessments.scoring import (
    ExcuseSubject,
    RecordBonus,
    RecordDeduction,
    RecordVeto,
    ScoreSubject,
)
from workflow.honours.commands import RevokeHonour
from workflow.honours.events import HonourConferred, HonourRevoked
from workflow.ids import AppointmentId, AssessmentId, HonourId, IndicatorId, MatterId, PersonId, PostId, UnitId
from workflow.indicators.events import (
    IndicatorAdopted,
    IndicatorAmended,
    NothingCounted,
    ReadingCorrected,
    ReadingReported,
)
from workflow.organisation.events import (
    AppointmentEnded,
    AppointmentStarted,
    PersonLeft,
    PostDutiesSet,
    PostEstablished,
)
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event

HONOUR = HonourId("H1")
HONOURED = HonourConferred(
    HONOUR, PersonId("P1"), None, "province", "Model", "Province", MatterId("M1"), ("decree",), date(2025, 5, 1)
)


def scored(*steps: Event | Command, known: tuple[Event, ...] = KNOWN) -> SubjectScored:
    """The last score among what came of the steps."""
    return [each for each in after(*steps, known=known).facts if isinstance(each, SubjectScored)][-1]


def points(score: SubjectScored) -> list[str]:
    return [str(part.score) for part in score.parts]


def opened(*steps: Event | Command, known: tuple[Event, ...] = KNOWN) -> tuple[str, ...]:
    return [each for each in after(*steps, known=known).facts if isinstance(each, AssessmentOpened)][-1].subjects


def bonus(subject: str = "P1", matter: str = "M1", effective: date = SCORE, **more: Any) -> Command:
    return RecordBonus(
        assessment=A, subject=subject, matter=MatterId(matter), evidence=("decree",), effective=effective, **more
    )


def deduction(points: str, subject: str = "P1", matter: str = "M9") -> Command:
    return RecordDeduction(
        assessment=A,
        subject=subject,
        matter=MatterId(matter),
        points=Decimal(points),
        evidence=("file",),
        effective=SCORE,
    )


def veto(subject: str = "P1") -> Command:
    return RecordVeto(assessment=A, subject=subject, matter=MatterId("M8"), evidence=("file",), effective=SCORE)


def published(*steps: Event | Command) -> list[Event]:
    return after(*SCORED, *steps, confirming(), publishing()).facts


def test_people_are_assessed_by_personnel_class_and_leaders_apart():
    assert opened(opening()) == ("P1", "P2", "P3")
    assert opened(opening("clerks")) == ("P8",)
    assert opened(opening("leaders")) == ("P0", "P4")
    assert opened(opening("departments")) == ("D1", "D2")
    assert opened(opening(scope="D1")) == ("P1", "P2")


def test_who_left_by_the_last_day_of_the_period_is_not_assessed():
    gone = (*KNOWN, PersonLeft(PersonId("P1"), date(2025, 6, 30)))
    assert opened(opening(), known=gone) == ("P2", "P3")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (opening(period="2025-05"), "assessment.period"),
        (opening(period="soon"), "assessment.period"),
        (opening(group="nurses"), "assessment.group"),
        (opening("police"), "assessment.nobody"),
        (opening(scope="D9"), "unit.unknown"),
        (opening(scope="D" * 70), "assessment.id"),
        (opening(effective=date(2025, 6, 29)), "assessment.early"),
        (opening(period="2025-Q3", effective=date(2025, 9, 30)), "assessment.future"),
    ],
)
def test_an_assessment_that_cannot_be_is_not_opened(command: Command, code: str):
    after().when(command, today=OPEN, reason="r", approver="C2").refused(code)


def test_an_assessment_is_opened_once():
    after(opening()).when(opening(), today=OPEN).refused("assessment.exists")


def test_performance_common_and_overall_make_the_score():
    score = scored(opening(), scoring("P1"))
    # (0.8 + 1 + 1) / 3 of 60, all of 30, 9 of 10
    assert (points(score), score.base) == (["56.00", "30.00", "9.00"], Decimal("95.00"))
    assert [(each.indicator, int(each.weight), len(each.readings)) for each in score.counted] == [
        ("C3", 15, 1),
        ("I07", 20, 3),
    ]


def test_attainment_counts_up_to_the_target():
    score = scored(opening(), scoring("P1"))  # the 20 days of June are fewer than the 25 that are asked for
    assert [str(each.attainment) for each in score.counted[1].readings] == ["0.8000", "1.0000", "1"]


def test_a_missing_reading_counts_nothing():
    known = tuple(each for each in KNOWN if each != READINGS[4])
    score = scored(opening(), scoring("P1"), known=known)
    assert [each.colour for each in score.counted[1].readings] == ["yellow", "missing", "green"]
    assert (points(score)[0], score.reds) == ("36.00", 1)


def test_where_there_was_nothing_to_count_nothing_counts():
    adopted, gone = READINGS[0], READINGS[4]
    assert isinstance(adopted, IndicatorAdopted)
    assert isinstance(gone, ReadingReported)
    counted = replace(adopted, definition=replace(adopted.definition, counts="duties_met"))
    known = tuple(counted if each == adopted else each for each in KNOWN if each != gone)
    names = gone.reading, gone.indicator, gone.unit, gone.period, gone.due
    nothing = NothingCounted(*names, gone.judgement.charter, gone.judgement.charter_digest, gone.due)
    for told in ((), (nothing,)):
        score = scored(opening(), scoring("P1"), known=(*known, *told))
        assert [each.colour for each in score.counted[1].readings] == ["yellow", "green"]
        assert (points(score)[0], score.reds) == ("54.00", 0)


def test_a_corrected_reading_counts_as_corrected():
    wrong = READINGS[3]
    right = reported("I07", "D1", "2025-04", "25")
    assert isinstance(wrong, type(right))
    corrected = ReadingCorrected(
        right.reading, right.indicator, right.unit, right.period, Decimal(25), Decimal("31.25"), right.judgement, OPEN
    )
    assert points(scored(opening(), corrected, scoring("P1")))[0] == "60.00"


@pytest.mark.parametrize("mode", ["reference_only", "warning_only"])
def test_only_indicators_that_are_scored_count(mode: str):
    adopted = READINGS[0]
    assert isinstance(adopted, IndicatorAdopted)
    amended = IndicatorAmended(IndicatorId("I07"), replace(adopted.definition, mode=mode), date(2025, 5, 15))
    score = scored(opening(), scoring("P1"), known=(*KNOWN, amended))
    # April was scored; May and June were not. 0.8 of 60.
    assert [each.period for each in score.counted[1].readings] == ["2025-04"]
    assert points(score)[0] == "48.00"


def moved(on: date, kind: str = "substantive") -> tuple[Event, ...]:
    """P1 goes from D1 to D2."""
    post = PostEstablished(PostId("D2-H9"), UnitId("D2"), "handler", "x", "x", 1, date(2024, 1, 1))
    to = AppointmentStarted(AppointmentId("A9"), PersonId("P1"), PostId("D2-H9"), UnitId("D2"), kind, on)
    if kind != "substantive":
        return (post, to)
    end = AppointmentEnded(AppointmentId("P1-D1-H1"), PersonId("P1"), PostId("D1-H1"), UnitId("D1"), on)
    return (post, end, to)


@pytest.mark.parametrize("kind", ["substantive", "seconded"])
def test_a_transfer_is_split_by_calendar_days(kind: str):
    score = scored(opening(), scoring("P1"), known=(*KNOWN, *moved(date(2025, 5, 16), kind)))
    assert [(each.units, each.days) for each in score.stays] == [(("D1",), 45), (("D2",), 46)]
    # performance: (45 × 56 + 46 × 60) / 91 = 58.021…; common: (45 × 30 + 46 × 15) / 91 = 22.417…
    assert points(score) == ["58.02", "22.42", "9.00"]
    assert score.base == Decimal("89.44")


def test_a_concurrent_post_splits_nothing():
    score = scored(opening(), scoring("P1"), known=(*KNOWN, *moved(date(2025, 5, 16), "concurrent")))
    assert [each.units for each in score.stays] == [("D1",)]


def test_days_without_a_post_do_not_count():
    late = AppointmentStarted(
        AppointmentId("A9"), PersonId("P5"), PostId("D1-H1"), UnitId("D1"), "substantive", date(2025, 6, 1)
    )
    assert [each.days for each in scored(opening(), scoring("P5"), known=(*KNOWN, late)).stays] == [30]


def test_who_oversees_units_is_measured_by_them_evenly():
    post = PostEstablished(PostId("DC1"), UnitId("DCP"), "deputy_chief", "x", "x", 1, date(2024, 1, 1))
    duties = PostDutiesSet(PostId("DC1"), (UnitId("D1"), UnitId("D2")), date(2024, 1, 1))
    known = (*KNOWN, post, duties, holds("P5", "DC1", "DCP"))
    leaders = "leaders.DCP.2025-Q2"
    score = scored(opening("leaders"), scoring("P5", of=leaders), known=known)
    assert score.stays[0].units == ("D1", "D2")
    assert points(score)[:2] == ["58.00", "22.50"]


def test_a_unit_of_which_nothing_is_measured_is_measured_by_those_below_it():
    score = scored(opening("leaders"), scoring("P0", of="leaders.DCP.2025-Q2"))
    assert score.stays[0].units == ("DCP",)
    assert points(score)[:2] == ["58.00", "22.50"]


def test_a_unit_is_scored_as_a_person_is():
    score = scored(opening("departments"), scoring("D1", of="departments.DCP.2025-Q2"))
    assert (score.unit, score.person, score.base) == ("D1", None, Decimal("95.00"))


def test_the_points_of_a_part_that_nothing_measures_are_shared():
    known = tuple(each for each in KNOWN if not isinstance(each, IndicatorAdopted) or each.indicator != "C3")
    score = scored(opening(), scoring("P1"), known=known)
    assert points(score) == ["56.00", "None", "9.00"]
    assert score.base == Decimal("92.86")  # 65 of 70


def test_the_mean_of_the_ratings_counts():
    assert points(scored(opening(), scoring("P1", (*rated("9"), *rated("8.5", "P4")))))[2] == "8.75"


@pytest.mark.parametrize(
    ("ratings", "code"),
    [
        ((), "assessment.rating"),
        (rated(part="performance"), "assessment.rating"),
        (rated("10.01"), "assessment.rating"),
        (rated("9.005"), "assessment.rating"),
        ((*rated(), *rated("8")), "assessment.rating"),
        (rated(rater="P1"), "assessment.self"),
        (rated(rater="P404"), "person.unknown"),
        (rated(rater="no id"), "id.malformed"),
    ],
)
def test_ratings_are_of_rated_parts_within_their_points_by_others(ratings: Any, code: str):
    after(opening()).when(scoring("P1", ratings), today=SCORE).refused(code)


def test_only_who_is_assessed_is_scored():
    for subject, code in (("P8", "assessment.subject"), ("no id", "id.malformed")):
        after(opening()).when(scoring(subject), today=SCORE).refused(code)
    after().when(scoring("P1"), today=SCORE).refused("assessment.unknown")
    after(*SCORED, confirming()).when(scoring("P1"), today=SCORE).refused("assessment.state")
    after(opening()).when(scoring("P1", effective=date(2025, 7, 9)), today=SCORE).refused("assessment.order")
    after(opening()).when(scoring("P1"), today=OPEN).refused("assessment.future")


def test_scored_again_the_later_score_counts():
    assert result(published(voting(P1=2, P2=1), scoring("P3", rated("9.5"))), "P3").base == Decimal("84.50")


def test_of_several_bonuses_for_a_matter_only_the_highest_counts():
    facts = published(voting(P1=2, P2=1), bonus(points=Decimal(2)), bonus(points=Decimal(3)))
    assert result(facts, "P1").bonus == 3
    once = after(*SCORED, bonus(points=Decimal(2)))
    once.when(bonus(points=Decimal(2)), today=SCORE).refused("assessment.matter")
    once.when(bonus(points=Decimal("1.5")), today=SCORE).refused("assessment.matter")


def in_other(of: str, effective: date = SCORE, **more: Any) -> Command:
    about: dict[str, Any] = {"subject": "P1", "matter": MatterId("M1"), "evidence": ("decree",)}
    return RecordBonus(assessment=AssessmentId(of), effective=effective, **about | more)


def test_a_matter_gives_one_bonus_in_assessments_of_periods_that_overlap():
    year, later = "prosecutors.DCP.2025", date(2026, 1, 12)
    about: dict[str, Any] = {"today": later, "approver": "C2", "reason": "Late."}
    once = after(*SCORED, bonus(points=Decimal(2)), opening(scope="D1"), opening(period="2025", effective=later))
    for other, day in (("prosecutors.D1.2025-Q2", SCORE), (year, later)):
        refused = once.when(in_other(other, day, points=Decimal(3)), **about).refused("assessment.counted")
        assert "prosecutors.DCP.2025-Q2" in refused.sentence
        for free in ({"subject": "P2"}, {"matter": MatterId("M2")}):
            assert once.when(in_other(other, day, points=Decimal(3), **free), **about).refusal is None
    quarter = date(2025, 10, 13)
    third = after(*SCORED, bonus(points=Decimal(2)), opening(period="2025-Q3", effective=quarter))
    command = in_other("prosecutors.DCP.2025-Q3", quarter, points=Decimal(2))
    assert third.when(command, today=quarter).refusal is None


def test_a_matter_that_was_struck_may_count_elsewhere():
    revoked = RevokeHonour(honour=HONOUR, effective=SCORE)
    day = date(2025, 7, 14)
    struck = ReverseBonus(assessment=A, honour=HONOUR, effective=day)
    lived = (*SCORED, HONOURED, bonus(honour=HONOUR), opening(scope="D1", effective=SCORE))
    command = in_other("prosecutors.D1.2025-Q2", day, points=Decimal(1))
    after(*lived, revoked).when(command, today=day).refused("assessment.counted")
    assert after(*lived, revoked, struck).when(command, today=day).refusal is None


def test_a_bonus_that_counts_twice_is_found_when_it_is_decided_again():
    lived = after(*SCORED, bonus(points=Decimal(2)), opening(scope="D1")).facts
    about = AssessmentId("prosecutors.D1.2025-Q2"), PersonId("P1"), None, MatterId("M1")
    twice = BonusRecorded(*about, Decimal(1), None, ("decree",), SCORE)
    again = Reperformance([AssessmentsAgain])
    told = [again.follow(fact) for fact in (*lived, twice) if fact.TOPIC in again.topics]
    assert [each for each in told if each] == ["prosecutors.D1.2025-Q2: M1 counts in prosecutors.DCP.2025-Q2 already"]


def test_bonuses_and_deductions_are_capped():
    more = [bonus(matter=f"M{n}", points=Decimal(6)) for n in (1, 2)]
    less = [deduction("15", matter=f"D{n}") for n in (1, 2)]
    found = result(published(*more, *less), "P1")
    assert (found.bonus, found.deduction, found.total) == (10, 20, Decimal("85.00"))


def test_an_honour_gives_the_points_of_its_level():
    facts = published(HONOURED, bonus(honour=HONOUR))
    assert (result(facts, "P1").bonus, result(facts, "P1").total) == (3, Decimal("98.00"))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (bonus(), "assessment.points"),
        (bonus(honour=HONOUR, points=Decimal(3)), "assessment.points"),
        (bonus(points=Decimal("10.5")), "assessment.points"),
        (bonus(points=Decimal(0)), "assessment.points"),
        (bonus(points=Decimal("0.001")), "assessment.points"),
        (bonus("P2", honour=HONOUR), "assessment.honour"),
        (bonus(matter="M2", honour=HONOUR), "assessment.honour"),
        (bonus(honour=HonourId("H404")), "honour.unknown"),
        (bonus("P8", points=Decimal(1)), "assessment.subject"),
        (deduction("20.5"), "assessment.points"),
        (bonus(points=Decimal(-1)), "assessment.points"),
    ],
)
def test_a_bonus_that_nothing_gives_is_refused(command: Command, code: str):
    after(*SCORED, HONOURED).when(command, today=SCORE).refused(code)


def test_a_revoked_honour_gives_nothing():
    gone = HonourRevoked(HONOUR, PersonId("P1"), None, MatterId("M1"), date(2025, 7, 1))
    after(*SCORED, HONOURED, gone).when(bonus(honour=HONOUR), today=SCORE).refused("assessment.honour")


def test_points_are_given_and_taken_on_evidence():
    for evidence in ((), (" ",), ("sha256:12",)):
        without = RecordBonus(
            assessment=A, subject="P1", matter=MatterId("M1"), evidence=evidence, effective=SCORE, points=Decimal(1)
        )
        after(*SCORED).when(without, today=SCORE).refused("assessment.evidence")


def test_who_is_excused_is_not_graded():
    excuse = ExcuseSubject(assessment=A, subject="P3", effective=SCORE)
    facts = after(opening(), excuse, scoring("P1"), scoring("P2"), voting(P1=2, P2=1), confirming(), publishing()).facts
    assert [each.subject for each in facts[-1].results] == ["P1", "P2"]  # type: ignore[attr-defined]
    after(opening()).when(excuse, today=SCORE).refused("assessment.reason")
    after(opening(), excuse).when(excuse, today=SCORE, reason="r").refused("assessment.subject")


def test_nobody_scores_themselves():
    command = ScoreSubject(assessment=A, subject="P1", scorer=PersonId("P1"), ratings=rated(), effective=SCORE)
    after(opening()).when(command, today=SCORE).refused("assessment.self")


def test_a_charter_without_the_section_assesses_nobody():
    start, end = TEXT.index("[assessment]"), TEXT.index("[[honours]]")
    after(text=TEXT[:start] + TEXT[end:]).when(opening(), today=OPEN).refused("assessment.none")


def test_a_veto_counts_once():
    after(*SCORED, veto()).when(veto(), today=SCORE).refused("assessment.matter")


def test_who_scores_is_in_service():
    known = (*KNOWN, PersonLeft(RATER, date(2025, 7, 1)))
    after(opening(), known=known).when(scoring("P1"), today=SCORE).refused("person.left")
