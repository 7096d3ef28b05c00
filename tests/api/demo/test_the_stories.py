"""The stories that the demonstration tells, each as it was recorded."""

from __future__ import annotations

from collections import Counter
from datetime import date

from api.demo.procuratorate import service
from api.demo.procuratorate.answers import EXTENDED, REOPENED
from api.demo.procuratorate.assessments import APPELLANT, ASSESSMENT, HONOUR, HONOURED
from api.demo.procuratorate.case_teams import INSTEAD, RECUSED, RECUSED_ON, RECUSED_TEAM, REFORMED_ON, TEAMS
from api.demo.procuratorate.demonstration import stricter_rules
from api.demo.procuratorate.measurements import CORRECTION
from api.demo.procuratorate.organisation import people
from tests.api.loaded import facts
from workflow.assessments.events import (
    AppealDecided,
    AssessmentPublished,
    AssessmentRevised,
    MatterStruck,
)
from workflow.case_teams.events import CaseTeamFormed, InterferenceRecorded, LeadChanged, MemberJoined, MemberLeft
from workflow.charter import difference, parse, shipped
from workflow.charter.events import CharterAdopted
from workflow.indicators.events import ReadingCorrected, ReadingReported
from workflow.organisation.events import (
    AppointmentStarted,
    ExOfficioLeadershipNotApplicable,
    ExOfficioLeadershipStarted,
)
from workflow.plans.events import (
    TaskAssigned,
    TaskShared,
)
from workflow.service.events import TeamMemberJoined, TeamMemberWithdrew
from workflow.service.visits.events import VisitClosed, VisitHandedOver, VisitLeftBehind
from workflow.warnings.events import ExtensionGranted, InterviewDue, InterviewHeld, WarningRaised, WarningReopened


def test_a_the_head_of_g6_is_no_party_member_and_the_deputy_acts(history):
    outcomes = [f for f in facts(history, ExOfficioLeadershipNotApplicable) if f.department == "G6"]
    head = next(p.id for p in people() if p.post == "G6-HEAD")
    assert outcomes[-1].person == head
    assert not [f for f in facts(history, ExOfficioLeadershipStarted) if f.department == "G6"]
    (acting,) = [f for f in facts(history, AppointmentStarted) if f.post == "PG6-LEAD"]
    assert (acting.kind, acting.person) == ("acting", next(p.id for p in people() if p.post == "G6-D1"))


def test_b_the_deputy_of_g7_leads_while_the_head_is_away(history):
    led = [(f.effective.isoformat(), f.acting) for f in facts(history, ExOfficioLeadershipStarted) if f.group == "PG7"]
    assert led == [("2024-01-01", False), ("2025-03-01", True), ("2025-07-01", False)]


def test_c_a_handler_of_g3_is_recused_and_the_team_re_forms(history):
    assert [f.case_team for f in facts(history, CaseTeamFormed)] == [team.id for team in TEAMS]
    (left,) = [f for f in facts(history, MemberLeft) if f.recused]
    assert (left.case_team, left.person, left.effective) == (RECUSED_TEAM, RECUSED, RECUSED_ON)
    (instead,) = [f for f in facts(history, MemberJoined) if f.role == "handler"]
    assert (instead.case_team, instead.person, instead.effective) == (RECUSED_TEAM, INSTEAD, REFORMED_ON)
    assert all(f.handover is not None for f in facts(history, LeadChanged))
    assert [f.case_team for f in facts(history, InterferenceRecorded)] == [RECUSED_TEAM]


def test_d_a_transfer_in_mid_quarter_splits_the_tasks_of_both_by_days(history):
    shared = [(f.task, f.person, f.days, f.of_days, str(f.share), str(f.rest)) for f in facts(history, TaskShared)]
    assert shared == [
        ("G4.2025.T1.1", "P059", 45, 91, "6", "7"),
        ("G5.2025.T1.1", "P072", 45, 91, "10", "10"),
    ]
    successors = {f.task: f.person for f in facts(history, TaskAssigned) if f.effective == date(2025, 5, 16)}
    assert successors == {"G4.2025.T1.4": "P072", "G5.2025.T1.4": "P059"}


def test_e_a_wrong_value_is_corrected_and_the_reported_colour_stays(history):
    (corrected,) = facts(history, ReadingCorrected)
    (reported,) = [f for f in facts(history, ReadingReported) if f.reading == corrected.reading]
    assert corrected.reading == "I14.G5.2025-04"
    assert (reported.judgement.colour, corrected.judgement.colour) == ("red", "yellow")
    assert (corrected.effective, corrected.value) == (CORRECTION.found_on, CORRECTION.value)
    (envelope,) = [e for e in history if e.type == "reading.corrected"]
    assert (envelope.actor, envelope.approver, envelope.reason) == ("clerk", "assessor", CORRECTION.reason)


def test_f_the_red_of_march_is_closed_out_and_reopened(history):
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


def test_g_stricter_rules_are_in_force_from_july_on_and_the_second_quarter_is_untouched(history):
    adoptions = [(f.version, f.effective.isoformat()) for f in facts(history, CharterAdopted)]
    assert adoptions == [("1", "2024-01-01"), ("2", "2025-07-01")]
    changed = [c.key for c in difference(parse(shipped("procuratorate"), "1"), parse(stricter_rules(), "2"))]
    assert len(changed) == 2
    judged = {f.period: f.judgement for f in facts(history, ReadingReported) if f.reading.startswith("I06.G2.2025")}
    assert (judged["2025-06"].charter, judged["2025-06"].colour) == ("1", "yellow")
    assert (judged["2025-07"].charter, judged["2025-07"].colour) == ("2", "red")


def test_h_an_appeal_is_upheld_and_the_results_are_revised(history):
    (appeal,) = [f for f in facts(history, AppealDecided) if f.assessment == ASSESSMENT]
    assert (appeal.person, appeal.upheld, appeal.late) == (APPELLANT, True, False)
    assert [f.why for f in facts(history, AssessmentRevised) if f.assessment == ASSESSMENT] == ["appeal", "honour"]


def test_i_an_honour_is_revoked_and_its_bonus_reversed(history):
    (first,) = [f.results for f in facts(history, AssessmentPublished) if f.assessment == ASSESSMENT]
    *_, then = [f.results for f in facts(history, AssessmentRevised) if f.assessment == ASSESSMENT]
    assert [f.subject for f in first if f.grade == "excellent"] == [HONOURED]
    assert [f.subject for f in then if f.grade == "excellent"] == [APPELLANT]
    (struck,) = facts(history, MatterStruck)
    assert (struck.person, struck.honour) == (HONOURED, HONOUR)


def test_l_a_vanguard_member_withdraws_and_her_visits_are_handed_over(history):
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
