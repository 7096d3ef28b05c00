"""The demonstration organisation: loaded once, loaded again, and loaded after it was interrupted."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.demo.loading import Loaded, demonstration_in
from api.demo.procuratorate import brands, erasure, quarterly_plans, service
from api.demo.procuratorate.answers import EXTENDED, REOPENED
from api.demo.procuratorate.assessments import APPELLANT, ASSESSMENT, HONOUR, HONOURED
from api.demo.procuratorate.case_teams import INSTEAD, RECUSED, RECUSED_ON, RECUSED_TEAM, REFORMED_ON, TEAMS
from api.demo.procuratorate.demonstration import FIRST_DAY, LAST_DAY, PROCURATORATE, stricter_rules
from api.demo.procuratorate.measurements import CORRECTION
from api.demo.procuratorate.mentoring import ENDED, PAIRS, TRANSFERRED
from api.demo.procuratorate.mentoring import EXTENDED as PROLONGED
from api.demo.procuratorate.organisation import people
from api.demo.procuratorate.programmes import WITHDRAWN
from api.demo.procuratorate.quarterly_assessments import TIED
from api.demo.procuratorate.quarterly_plans import ADDED
from api.demo.procuratorate.quarterly_tasks import NEVER_DONE
from api.settings import Settings
from api.shadow import shadow_run
from api.wiring import Resonance, bootstrap
from projections.audit import reperformance
from tests.api.loaded import envelopes, facts, installation, told
from workflow.agendas import agendas
from workflow.assessments.events import (
    AppealDecided,
    AssessmentFinalised,
    AssessmentOpened,
    AssessmentPublished,
    AssessmentRevised,
    MatterStruck,
    VetoRecorded,
    VoteRecorded,
)
from workflow.brands.events import (
    BrandChecked,
    BrandCheckTurned,
    BrandMended,
    BrandMoved,
    BrandRejected,
    BrandRetired,
)
from workflow.brands.tree import BrandTree
from workflow.case_teams.events import CaseTeamFormed, InterferenceRecorded, LeadChanged, MemberJoined, MemberLeft
from workflow.charter import difference, parse, shipped
from workflow.charter.adoption import AdoptCharter
from workflow.charter.events import CharterAdopted
from workflow.clock import Clock
from workflow.duties.events import DutyFulfilled
from workflow.entry import Envelope
from workflow.erasure.events import PersonRestricted, PersonRestrictionLifted
from workflow.honours.events import HonourConferred, HonourCorrected
from workflow.indicators.events import ReadingCorrected, ReadingReported
from workflow.mentoring.events import (
    MentorshipEnded,
    MentorshipExtended,
    MentorshipGoalMet,
    MentorshipReviewed,
    MentorshipStarted,
    ModelPersonDesignated,
)
from workflow.organisation.events import (
    AppointmentStarted,
    ExOfficioLeadershipNotApplicable,
    ExOfficioLeadershipStarted,
    PersonRegistered,
)
from workflow.periods import Period
from workflow.plans.events import (
    AssigneeLeft,
    PlanAdopted,
    PlanTargetChanged,
    PlanTargetSet,
    SplitMade,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskCompleted,
    TaskProgressed,
    TaskReassigned,
    TaskShared,
    TaskVerified,
)
from workflow.programmes.events import (
    ItemCompleted,
    ItemReturned,
    ItemVerified,
    ParticipantsEnrolled,
    ProgrammeClosed,
)
from workflow.qualities.events import QualityCorrected, QualityScored
from workflow.service.events import TeamMemberJoined, TeamMemberWithdrew
from workflow.service.visits.events import VisitClosed, VisitHandedOver, VisitLeftBehind
from workflow.warnings.events import ExtensionGranted, InterviewDue, InterviewHeld, WarningRaised, WarningReopened

DAYS = (LAST_DAY - FIRST_DAY).days
QUARTERS = [(year, quarter) for year in (2024, 2025) for quarter in range(1, 5)]
SECOND_DAY = FIRST_DAY + timedelta(days=1)


@pytest.fixture(scope="module")
def history(demonstration: Path) -> list[Envelope]:
    with installation(demonstration) as (wired, _):
        return envelopes(wired)


def test_all_of_the_domain_is_there(history):
    counts = Counter(each.type for each in history)
    expected = {
        "charter.adopted": 2,
        "indicator.adopted": 32,
        "unit.established": 25,
        "post.established": 142,
        "grid.bound": 8,
        "person.registered": 103 + 1,
        "person.left": 1,
        "person.erased": 1,
        "person.restricted": 1,
        "person.restriction_lifted": 1,
        "petitioner.erased": 1,
        "membership.started": 75 + 24,
        "reading.reported": 1082,
        "reading.corrected": 1,
        "warning.reopened": 1,
        "plan.adopted": 3 + 64,
        "plan.target_set": 4 + 185,
        "plan.target_changed": 1,
        "plan.target_cancelled": 2,
        "task.assigned": 10 + 889,
        "task.progressed": 2427,
        "task.completed": 909,
        "task.returned": 30,
        "task.verified": 6 + 873,
        "task.extended": 1 + 40,
        "task.flagged": 256,
        "assessment.opened": 1 + 87,
        "assessment.scored": 872,
        "assessment.published": 1 + 87,
        "assessment.finalised": 1 + 76,
        "assessment.bonus_recorded": 5,
        "assessment.deduction_recorded": 5,
        "warning.notice_issued": 87,
        "warning.interview_due": 3,
        "warning.interview_held": 3,
        "warning.extension_granted": 1,
        "warning.rectification_overdue": 6,
        "warning.escalated": 51,
        "duty.opened": 2058,
        "duty.lapsed": 97,
        "duty.fulfilled_late": 73,
        "duty.excused": 4,
        "session.scheduled": 250,
        "session.held": 250,
        "attendance.made_up": 265,
        "attendance.make_up_verified": 265,
        "duty.extended": 1,
        "dual_report.submitted": 65,
        "dual_report.returned": 1,
        "cycle.closed": 16,
        "service_team.member_joined": 22,
        "service_team.member_withdrew": 1,
        "community.registered": 150,
        "check_in.recorded": 3483,
        "activity.held": 120,
        "petitioner.registered": 42,
        "visit.assigned": 42,
        "visit.made": 132,
        "visit.left_behind": 2,
        "visit.handed_over": 2,
        "visit.closed": 39,
        "need.raised": 60,
        "need.reopened": 4,
        "need.rated": 64,
        "hearing_plan.set": 10,
        "hearing.planned": 32,
        "hearing.postponed": 1,
        "hearing.cancelled": 1,
        "hearing.held": 31,
        "brand.applied": 37,
        "brand.listed": 13,
        "brand.renewed": 15,
        "brand.checked": 24,
        "quality.scored": 40,
        "honour.conferred": 5,
        "case_team.formed": 6,
        "case_team.stage_reached": 54,
        "case_team.member_joined": 52,
        "case_team.overlay_linked": 6,
        "case_team.handed_over": 3,
        "case_team.lead_changed": 3,
        "case_team.dissolved": 2,
        "recusal.declared": 2,
        "recusal.ordered": 1,
        "recusal.lifted": 1,
    }
    assert {name: counts[name] for name in expected} == expected
    counted = Counter(f.indicator for f in facts(history, ReadingReported) if f.count is not None)
    assert counted == {"C1": 8 * 24, "C2": 8 * 8, "C3": 8 * 8, "C4": 8 * 8, "C5": 38}
    study = Counter(f.judgement.colour for f in facts(history, ReadingReported) if f.indicator == "C3")
    assert study == {"green": 58, "yellow": 5, "red": 1}
    assert (counts["warning.raised"], counts["warning.acknowledged"], counts["reading.missed"]) == (90, 80, 10)


def test_each_branch_has_a_committee_of_three_to_five_of_whom_half_meet(history):
    held = facts(history, AppointmentStarted)
    seats = {f"B{n}": {each.person for each in held if each.unit == f"B{n}"} for n in range(1, 6)}
    assert {branch: len(people) for branch, people in seats.items()} == {"B1": 5, "B2": 3, "B3": 5, "B4": 3, "B5": 3}
    met = [each for each in facts(history, DutyFulfilled) if each.duty.startswith("committee_meeting.")]
    assert met
    assert all(each.entitled == len(seats[each.unit]) and 2 * each.present >= each.entitled for each in met)


def test_everything_was_recorded_on_the_day_on_which_it_happened(history):
    times = [datetime.fromisoformat(each.time) for each in history]
    assert times == sorted(times)
    for envelope, at in zip(history, times, strict=True):
        day = at.astimezone(PROCURATORATE.zone).date()
        assert day <= LAST_DAY
        # The clock, started on the second day, finds open what is owed since the first.
        if envelope.type != "charter.adopted" and (envelope.type, day) != ("duty.opened", SECOND_DAY):
            effective = envelope.effectivedate
            # Decided on a day, some things begin later; nothing is said to have begun before it was recorded.
            assert not effective or effective >= day.isoformat(), envelope


def test_nothing_was_recorded_by_a_name(history):
    actors = {each.actor for each in history}
    assert actors == {"clerk", "clock", "supervisor", "assessor", "leader", *(f"head-G{n}" for n in range(1, 9))}


def test_names_are_sealed_and_open(demonstration, history):
    registered = facts(history, PersonRegistered)
    with installation(demonstration) as (wired, _):
        details = wired.keys.open_many((fact.person, fact.details) for fact in registered)
        assert {person: each["name"] for person, each in details.items()} == {p.id: p.name for p in people()}
        assert wired.keys.find("unit 6 head") == [p.id for p in people() if p.post == "G6-HEAD"]


def test_every_colour_stands_up_to_the_audit(demonstration):
    with installation(demonstration) as (wired, _):
        finding = reperformance(wired.log)
    assert finding.ok, finding
    assert finding.checked > 1_082  # every reading, and what came of them


def test_a_shadow_of_the_rules_in_force_differs_in_nothing(demonstration):
    with installation(demonstration) as (wired, _):
        first, then = shadow_run(wired, shipped("procuratorate")), shadow_run(wired, stricter_rules(), date(2025, 7, 1))
    assert first.grades.looked_at > 0
    assert first.grades.rows == []
    # What differs from the first rules is judged by the second, which are in force since July.
    assert min(Period.parse(each.period).last_day for each in first.colours.rows) > date(2025, 7, 1)
    assert then.colours.looked_at > 100
    assert (then.colours.rows, then.grades.rows) == ([], [])


def test_under_the_charter_of_quite_another_house_nothing_is_measured_and_nobody_graded(demonstration):
    with installation(demonstration) as (wired, _):
        found = shadow_run(wired, shipped("hospital"))
    assert {each.shadow_rule for each in found.colours.rows} == {"unmeasured"}
    assert {each.shadow_grade for each in found.grades.rows} == {"ungraded"}
    assert found.grades.differ == found.grades.looked_at
    assert (found.colours.differ, found.colours.left_off) == (found.colours.looked_at, found.colours.differ - 1_000)


def test_who_asked_for_it_was_forgotten_and_whose_details_were_contested_is_shown_again(demonstration, history):
    with installation(demonstration) as (wired, _):
        assert wired.keys.held() == {erasure.ON_LOAN: "erased", f"petitioner:{erasure.PETITIONER}": "erased"}
        assert wired.keys.find("借调") == []
        assert wired.keys.find("Petitioner 05", kind="petitioner") == []
        assert wired.keys.find("Handler 4-11") == [erasure.CONTESTED]
    shown = {each.effective for each in facts(history, PersonRestricted) + facts(history, PersonRestrictionLifted)}
    assert shown == {erasure.RESTRICTED, erasure.LIFTED}


def test_loading_it_again_changes_nothing(demonstration_copy):
    with installation(demonstration_copy) as (wired, again):
        before = list(wired.log.entries())
        progress: list[tuple[int, int]] = []
        assert again.load(lambda done, total: progress.append((done, total))) == Loaded(len(before))
        assert list(wired.log.entries()) == before
        assert wired.journal.latest() == []
    assert progress[-1] == (DAYS, DAYS)
    assert [done for done, _ in progress] == list(range(DAYS + 1))


class Killed(BaseException):
    """Nobody can catch this."""


def test_killed_again_and_again_and_resumed_it_comes_to_the_same(tmp_path, history):
    for stop in (2, 250):
        with installation(tmp_path) as (wired, interrupted), pytest.raises(Killed):
            interrupted.load(killed_after(stop))
        with installation(tmp_path) as (wired, _):
            assert 0 < wired.log.head().position < len(history)
    with installation(tmp_path) as (wired, resumed):
        assert resumed.load() == Loaded(len(history))
        assert told(envelopes(wired)) == told(history)


def killed_after(days: int) -> Any:
    def progress(done: int, total: int) -> None:
        if done == days:
            raise Killed

    return progress


class TestWhoseLogItIs:
    def test_an_empty_log_may_become_the_demonstration(self, tmp_path):
        with installation(tmp_path) as (wired, _):
            assert demonstration_in(wired) == ""

    def test_its_own_log_is_known(self, demonstration):
        with installation(demonstration) as (wired, _):
            assert demonstration_in(wired) == "procuratorate"

    def test_the_log_of_others_is_left_alone(self, tmp_path):
        with installation(tmp_path) as (wired, _):
            adopt = AdoptCharter(text=shipped("hospital") + "# our own\n", effective=date(2024, 1, 1))
            wired.handle(adopt, wired.context("A", approver="B"))
            assert demonstration_in(wired) is None

    def test_an_office_that_took_the_same_charter_as_it_is_is_no_demonstration(self, tmp_path):
        with bootstrap(Settings.read({"RESONANCE_VAR": str(tmp_path)})) as wired:
            wired.migrate()
            adopt = AdoptCharter(text=shipped("procuratorate"), effective=date(2024, 1, 1))
            wired.handle(adopt, wired.context("A", approver="B"))
            assert demonstration_in(wired) is None


class TestHowPeopleGrow:
    def test_three_model_persons_lead_nine_two_to_four_each(self, history):
        assert [f.person for f in facts(history, ModelPersonDesignated)] == ["P031", "P049", "P064"]
        started = facts(history, MentorshipStarted)
        assert Counter(f.mentor for f in started) == {"P031": 4, "P049": 3, "P064": 2}
        assert {f.mentorship for f in started} == {each.id for each in PAIRS}

    def test_mentorships_end_at_their_term_by_a_transfer_and_by_a_side(self, history):
        ended = {f.mentorship: (f.cause, f.effective) for f in facts(history, MentorshipEnded)}
        assert Counter(cause for cause, _ in ended.values()) == {"term": 5, "mentee_transferred": 1, "mentee": 1}
        assert ended[TRANSFERRED.id] == ("mentee_transferred", TRANSFERRED.ran_until)
        assert ended[ENDED.id] == ("mentee", ENDED.ran_until)
        assert ended[PROLONGED.id] == ("term", PROLONGED.extended_to)
        (extended,) = facts(history, MentorshipExtended)
        assert extended.mentorship == PROLONGED.id

    def test_every_quarter_through_which_one_ran_was_reviewed_and_that_is_a_duty(self, history):
        about = [each.event for each in history if "duty:mentoring_review" in each.tags]
        states = Counter(f.TOPIC for f in about if f.TOPIC.startswith("duty."))
        # Two were ended within a quarter, and the last quarter is not over yet.
        assert states == {"duty.opened": 26, "duty.fulfilled": 23, "duty.excused": 2}
        assert len(facts(history, MentorshipReviewed)) == 23
        assert len(facts(history, MentorshipGoalMet)) == 21

    def test_four_programmes_in_two_years_for_the_young_for_members_and_for_departments(self, history):
        enrolled = {f.programme: len(f.persons) + len(f.units) for f in facts(history, ParticipantsEnrolled)}
        wanted = {"four_ones": 36, "six_ones": 20, "quality_project": 8, "conduct_project": 8}
        assert enrolled == {f"{name}.DCP.{year}": many for year in (2024, 2025) for name, many in wanted.items()}
        assert 2_500 < sum(each.type.startswith("programme.") for each in history) < 3_500

    def test_they_close_by_the_clock_with_what_has_lapsed(self, history):
        closed = facts(history, ProgrammeClosed)
        assert len(closed) == 8
        last = next(f for f in closed if f.programme == "four_ones.DCP.2025")
        assert WITHDRAWN not in last.persons
        assert len(last.persons) == 35
        assert 0 < last.finished < 35
        for f in closed:
            assert f.finished == sum(result.done == result.owed for result in f.results)

    def test_what_was_verified_is_what_the_departments_heads_saw(self, history):
        done = {f.completion: f for f in facts(history, ItemCompleted)}
        seen = facts(history, ItemVerified)
        assert all(f.verifier != done[f.completion].person for f in seen)
        assert {f.completion for f in facts(history, ItemReturned)} < set(done)


class TestTheWorkOfEveryQuarter:
    def test_all_departments_plan_every_quarter_beside_the_plans_of_the_year(self, history):
        adopted = Counter(f.unit for f in facts(history, PlanAdopted) if "-Q" in f.period)
        assert adopted == {f"G{n}": 8 for n in range(1, 9)}
        targets = Counter(f.plan for f in facts(history, PlanTargetSet) if "-Q" in f.plan)
        assert set(targets.values()) == {2, 3, 4}
        assert [plan for plan, many in targets.items() if many == 4] == [ADDED[0]]
        measured = {f.indicator for f in facts(history, PlanTargetSet) if "-Q" in f.plan}
        assert measured == {None, "I06", "I12", "I13", "I18", "I25"}

    def test_the_parts_of_a_target_sum_to_it_also_when_it_was_changed(self, history):
        amounts = {f.target: f.amount for f in facts(history, PlanTargetSet)}
        amounts |= {f.target: f.amount for f in facts(history, PlanTargetChanged)}
        kept: Counter[str] = Counter()
        for f in facts(history, TaskCancelled):
            if f.target not in quarterly_plans.GIVEN_UP:
                kept[f.target] += f.done
        split = {f.target: sum(f.amounts) for f in facts(history, SplitMade) if f.parent is None}
        assert {target: split[target] + kept[target] for target in split} == {each: amounts[each] for each in split}
        # Of the plan of a year one target is never split.
        assert set(amounts) - set(split) == {"G4.2025.T2"}

    def test_of_ten_tasks_nine_are_done_in_time_and_of_the_others_few_stay_undone(self, history):
        due = {f.task: f.due for f in facts(history, TaskAssigned) if "-Q" in f.plan}
        cancelled = {f.task for f in facts(history, TaskCancelled)}
        done = {f.task: f.effective for f in facts(history, TaskCompleted) if f.task in due}
        assert set(due) - cancelled - set(done) == NEVER_DONE
        in_time = sum(done[task] <= due[task] for task in done)
        assert 0.9 < in_time / len(due) < 0.95
        assert {f.task for f in facts(history, TaskVerified) if f.task in due} == set(done)

    def test_nobody_verifies_their_own_task(self, history):
        did: dict[str, set[str]] = {}
        for kind in (TaskAccepted, TaskProgressed, TaskCompleted):
            for f in facts(history, kind):
                did.setdefault(f.task, set()).add(f.person)
        assert all(f.verifier not in did[f.task] for f in facts(history, TaskVerified))

    def test_what_those_who_change_places_left_behind_is_noted_and_given_to_who_came(self, history):
        left = {f.task: f.person for f in facts(history, AssigneeLeft)}
        given = {f.task: (f.previous_person, f.person) for f in facts(history, TaskReassigned) if f.task in left}
        assert left == {"G4.2025-Q2.T3.3": "P059", "G5.2025-Q2.T3.1": "P072"}
        assert given == {"G4.2025-Q2.T3.3": ("P059", "P072"), "G5.2025-Q2.T3.1": ("P072", "P059")}


class TestTheAssessmentOfEveryQuarter:
    def test_everybody_is_assessed_once_a_quarter(self, history):
        assessed = Counter(
            (f.assessment.rpartition(".")[2], subject)
            for f in facts(history, AssessmentOpened)
            for subject in f.subjects
        )
        assert set(assessed.values()) == {1}
        people_of = Counter(quarter for quarter, subject in assessed if subject.startswith("P"))
        # Two of the leading group work in no department; in early 2025 the head of G7 holds no post.
        assert people_of == {f"{y}-Q{q}": 100 if (y, q) in ((2025, 1), (2025, 2)) else 101 for y, q in QUARTERS}

    def test_results_are_final_by_the_clock_but_those_still_on_notice(self, history):
        published = {f.assessment: f.notice_until for f in facts(history, AssessmentPublished)}
        final = {f.assessment for f in facts(history, AssessmentFinalised)}
        assert set(published) - final == {each for each, until in published.items() if until >= LAST_DAY}
        assert {each.rpartition(".")[2] for each in set(published) - final} == {"2025-Q4"}

    def test_a_breach_of_conduct_caps_the_best_of_the_police(self, history):
        (veto,) = facts(history, VetoRecorded)
        (results,) = [f.results for f in facts(history, AssessmentPublished) if f.assessment == veto.assessment]
        best = max(results, key=lambda each: each.total)
        assert (best.subject, best.vetoed, best.grade) == (veto.person, True, "fair")

    def test_a_vote_decides_between_two_who_are_equal_where_the_quota_ends(self, history):
        (voted,) = facts(history, VoteRecorded)
        (results,) = [f.results for f in facts(history, AssessmentPublished) if f.assessment == voted.assessment]
        assert voted.assessment == TIED
        tied = {each.subject: each for each in results if each.subject in {vote.subject for vote in voted.votes}}
        first, second = sorted(voted.votes, key=lambda vote: -vote.votes)
        assert tied[first.subject].total == tied[second.subject].total == max(each.total for each in results)
        assert (tied[first.subject].grade, tied[second.subject].grade) == ("excellent", "good")
        order = [e.type for e in history if getattr(e.event, "assessment", "") == TIED]
        assert order.index("assessment.vote_recorded") < order.index("assessment.published")

    def test_of_two_more_appeals_one_is_rejected_and_one_changes_the_grade(self, history):
        decided = {f.assessment: f.upheld for f in facts(history, AppealDecided) if f.assessment != ASSESSMENT}
        assert decided == {"clerks.DCP.2024-Q3": False, "prosecutors.G5.2025-Q3": True}
        (revised,) = [f for f in facts(history, AssessmentRevised) if f.assessment in decided]
        grades = {each.subject: each.grade for each in revised.results}
        assert (revised.assessment, grades["P065"]) == ("prosecutors.G5.2025-Q3", "excellent")


class TestTheStories:
    def test_a_the_head_of_g6_is_no_party_member_and_the_deputy_acts(self, history):
        outcomes = [f for f in facts(history, ExOfficioLeadershipNotApplicable) if f.department == "G6"]
        head = next(p.id for p in people() if p.post == "G6-HEAD")
        assert outcomes[-1].person == head
        assert not [f for f in facts(history, ExOfficioLeadershipStarted) if f.department == "G6"]
        (acting,) = [f for f in facts(history, AppointmentStarted) if f.post == "PG6-LEAD"]
        assert (acting.kind, acting.person) == ("acting", next(p.id for p in people() if p.post == "G6-D1"))

    def test_b_the_deputy_of_g7_leads_while_the_head_is_away(self, history):
        led = [
            (f.effective.isoformat(), f.acting) for f in facts(history, ExOfficioLeadershipStarted) if f.group == "PG7"
        ]
        assert led == [("2024-01-01", False), ("2025-03-01", True), ("2025-07-01", False)]

    def test_c_a_handler_of_g3_is_recused_and_the_team_re_forms(self, history):
        assert [f.case_team for f in facts(history, CaseTeamFormed)] == [team.id for team in TEAMS]
        (left,) = [f for f in facts(history, MemberLeft) if f.recused]
        assert (left.case_team, left.person, left.effective) == (RECUSED_TEAM, RECUSED, RECUSED_ON)
        (instead,) = [f for f in facts(history, MemberJoined) if f.role == "handler"]
        assert (instead.case_team, instead.person, instead.effective) == (RECUSED_TEAM, INSTEAD, REFORMED_ON)
        assert all(f.handover is not None for f in facts(history, LeadChanged))
        assert [f.case_team for f in facts(history, InterferenceRecorded)] == [RECUSED_TEAM]

    def test_d_a_transfer_in_mid_quarter_splits_the_tasks_of_both_by_days(self, history):
        shared = [(f.task, f.person, f.days, f.of_days, str(f.share), str(f.rest)) for f in facts(history, TaskShared)]
        assert shared == [
            ("G4.2025.T1.1", "P059", 45, 91, "6", "7"),
            ("G5.2025.T1.1", "P072", 45, 91, "10", "10"),
        ]
        successors = {f.task: f.person for f in facts(history, TaskAssigned) if f.effective == date(2025, 5, 16)}
        assert successors == {"G4.2025.T1.4": "P072", "G5.2025.T1.4": "P059"}

    def test_e_a_wrong_value_is_corrected_and_the_reported_colour_stays(self, history):
        (corrected,) = facts(history, ReadingCorrected)
        (reported,) = [f for f in facts(history, ReadingReported) if f.reading == corrected.reading]
        assert corrected.reading == "I14.G5.2025-04"
        assert (reported.judgement.colour, corrected.judgement.colour) == ("red", "yellow")
        assert (corrected.effective, corrected.value) == (CORRECTION.found_on, CORRECTION.value)
        (envelope,) = [e for e in history if e.type == "reading.corrected"]
        assert (envelope.actor, envelope.approver, envelope.reason) == ("clerk", "assessor", CORRECTION.reason)

    def test_f_the_red_of_march_is_closed_out_and_reopened(self, history):
        (reopened,) = facts(history, WarningReopened)
        assert reopened.warning == REOPENED
        steps = [e.type for e in history if f"warning:{REOPENED}" in e.tags.split()]
        assert steps == [
            "warning.raised",
            "warning.notice_issued",
            "warning.escalated",
            "warning.escalated",
            "warning.acknowledged",
            "warning.rectification_planned",
            "warning.rectification_reported",
            "warning.closed_out",
            "warning.reopened",
            "warning.rectification_overdue",
        ]
        assert [f.colour for f in facts(history, WarningRaised) if f.warning == EXTENDED] == ["red"]
        (due,) = [f for f in facts(history, InterviewDue) if f.warning == EXTENDED]
        (held,) = [f for f in facts(history, InterviewHeld) if f.warning == EXTENDED]
        assert (due.rung, due.by, (held.person,)) == ("red_twice", "deputy_in_charge", due.told[1].persons)
        assert [f.warning for f in facts(history, ExtensionGranted)] == [EXTENDED]

    def test_h_an_appeal_is_upheld_and_the_results_are_revised(self, history):
        (appeal,) = [f for f in facts(history, AppealDecided) if f.assessment == ASSESSMENT]
        assert (appeal.person, appeal.upheld, appeal.late) == (APPELLANT, True, False)
        assert [f.why for f in facts(history, AssessmentRevised) if f.assessment == ASSESSMENT] == ["appeal", "honour"]

    def test_i_an_honour_is_revoked_and_its_bonus_reversed(self, history):
        (first,) = [f.results for f in facts(history, AssessmentPublished) if f.assessment == ASSESSMENT]
        *_, then = [f.results for f in facts(history, AssessmentRevised) if f.assessment == ASSESSMENT]
        assert [f.subject for f in first if f.grade == "excellent"] == [HONOURED]
        assert [f.subject for f in then if f.grade == "excellent"] == [APPELLANT]
        (struck,) = facts(history, MatterStruck)
        assert (struck.person, struck.honour) == (HONOURED, HONOUR)

    def test_l_a_vanguard_member_withdraws_and_her_visits_are_handed_over(self, history):
        places = Counter(f.unit for f in facts(history, TeamMemberJoined) if f.effective == service.FORMED)
        assert places == {"B1": 5, "B2": 4, "B3": 5, "B4": 4, "B5": 3}
        (gone,) = facts(history, TeamMemberWithdrew)
        assert (gone.person, gone.cause) == (service.LEAVER, "asked")
        left = {f.visit: f.due for f in facts(history, VisitLeftBehind)}
        taken = {f.visit: (f.previous, f.person) for f in facts(history, VisitHandedOver)}
        assert taken == dict(zip(sorted(left), [(service.LEAVER, heir) for heir in service.HEIRS], strict=True))
        assert all(f.effective <= left[f.visit] for f in facts(history, VisitHandedOver))
        closed = {f.visit: f.person for f in facts(history, VisitClosed) if f.visit in left}
        assert closed == dict(zip(sorted(left), service.HEIRS, strict=True))

    def test_g_stricter_rules_are_in_force_from_july_on_and_the_second_quarter_is_untouched(self, history):
        adoptions = [(f.version, f.effective.isoformat()) for f in facts(history, CharterAdopted)]
        assert adoptions == [("1", "2024-01-01"), ("2", "2025-07-01")]
        changed = [c.key for c in difference(parse(shipped("procuratorate"), "1"), parse(stricter_rules(), "2"))]
        assert len(changed) == 2
        judged = {f.period: f.judgement for f in facts(history, ReadingReported) if f.reading.startswith("I06.G2.2025")}
        assert (judged["2025-06"].charter, judged["2025-06"].colour) == ("1", "yellow")
        assert (judged["2025-07"].charter, judged["2025-07"].colour) == ("2", "red")


def test_brands_live_through_two_years(history):
    (rejected,), (moved,) = facts(history, BrandRejected), facts(history, BrandMoved)
    (gone,), mended = facts(history, BrandRetired), facts(history, BrandMended)
    assert (rejected.brand, moved.brand, moved.parent) == (brands.REJECTED, brands.MOVED, brands.SERVICE)
    assert (gone.brand, gone.why, gone.effective) == (brands.LATE, "not_renewed", date(2025, 2, 16))
    assert [(f.brand, f.late) for f in mended] == [(brands.MENDED, False), (brands.MENDED_LATE, True)]
    assert [(f.brand, f.year) for f in facts(history, BrandChecked) if f.late] == [brands.OVERDUE]
    red = [(f.brand, f.what) for f in facts(history, BrandCheckTurned) if f.colour == "red"]
    assert red == [(brands.OVERDUE[0], "check"), (brands.MENDED_LATE, "mending")]
    tree = BrandTree()
    for envelope in history:
        if type(envelope.event) in BrandTree.listens_to():
            tree.note(envelope.event)
    levels = Counter(each.level for each in tree.on(LAST_DAY).values())
    assert levels == {"umbrella_brand": 1, "sub_brand": 3, "business_brand": 8}


def test_each_branch_is_scored_for_its_qualities_every_quarter(history):
    scored = Counter(f.unit for f in facts(history, QualityScored))
    assert scored == dict.fromkeys(brands.BRANCHES, 8)
    (corrected,) = facts(history, QualityCorrected)
    assert (corrected.score, corrected.total > corrected.previous) == (brands.CORRECTED, True)


def test_two_teams_a_person_and_a_brand_are_honoured(history):
    told = {f.honour: (f.case_team or f.brand or f.person, f.level) for f in facts(history, HonourConferred)}
    assert told.pop(HONOUR) == (HONOURED, "province")
    (right,) = facts(history, HonourCorrected)
    told[right.honour] = (right.case_team, right.level)
    one, two = brands.HONOURED_TEAMS
    assert [*told.values()] == [(one, "city"), (two, "province"), ("P064", "province"), ("BR-G6", "county")]


class TwoAtOnce:
    """Two clocks that do what is due at the same time."""

    def __init__(self, wired: Resonance) -> None:
        self._clocks = [Clock(wired.log, wired.handle_all, agendas()) for _ in range(2)]

    def until(self, day: date) -> None:
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda clock: clock.until(day), self._clocks))


def test_lived_again_and_by_two_clocks_at_once_it_is_the_same_history(tmp_path, history, monkeypatch):
    with installation(tmp_path) as (wired, again):
        monkeypatch.setattr(again, "_ticking", TwoAtOnce(wired))
        again.load()
        assert told(envelopes(wired)) == told(history)
