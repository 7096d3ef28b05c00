"""How people grow in the demonstration, and what is planned, done and assessed in each of its quarters."""

from __future__ import annotations

from collections import Counter

from api.demo.procuratorate import quarterly_plans
from api.demo.procuratorate.assessments import ASSESSMENT
from api.demo.procuratorate.demonstration import LAST_DAY
from api.demo.procuratorate.mentoring import ENDED, PAIRS, TRANSFERRED
from api.demo.procuratorate.mentoring import EXTENDED as PROLONGED
from api.demo.procuratorate.programmes import WITHDRAWN
from api.demo.procuratorate.quarterly_assessments import TIED
from api.demo.procuratorate.quarterly_plans import ADDED
from api.demo.procuratorate.quarterly_tasks import NEVER_DONE
from tests.api.loaded import facts
from workflow.assessments.events import (
    AppealDecided,
    AssessmentFinalised,
    AssessmentOpened,
    AssessmentPublished,
    AssessmentRevised,
    VetoRecorded,
    VoteRecorded,
)
from workflow.mentoring.events import (
    MentorshipEnded,
    MentorshipExtended,
    MentorshipGoalMet,
    MentorshipReviewed,
    MentorshipStarted,
    ModelPersonDesignated,
)
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
    TaskVerified,
)
from workflow.programmes.events import (
    ItemCompleted,
    ItemReturned,
    ItemVerified,
    ParticipantsEnrolled,
    ProgrammeClosed,
)

QUARTERS = [(year, quarter) for year in (2024, 2025) for quarter in range(1, 5)]


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
