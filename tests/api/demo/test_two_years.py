"""What two years of the county procuratorate hold, and that it stands up to the audit."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from api.demo.procuratorate import brands, erasure
from api.demo.procuratorate.assessments import HONOUR, HONOURED
from api.demo.procuratorate.demonstration import FIRST_DAY, LAST_DAY, PROCURATORATE, stricter_rules
from api.demo.procuratorate.organisation import people
from api.shadow import shadow_run
from projections.audit import reperformance
from tests.api.loaded import facts, installation
from workflow.brands.events import (
    BrandChecked,
    BrandCheckTurned,
    BrandMended,
    BrandMoved,
    BrandRejected,
    BrandRetired,
)
from workflow.brands.tree import BrandTree
from workflow.charter import shipped
from workflow.duties.events import DutyFulfilled
from workflow.erasure.events import PersonRestricted, PersonRestrictionLifted
from workflow.honours.events import HonourConferred, HonourCorrected
from workflow.indicators.events import ReadingReported
from workflow.organisation.events import (
    AppointmentStarted,
    PersonRegistered,
)
from workflow.periods import Period
from workflow.qualities.events import QualityCorrected, QualityScored

SECOND_DAY = FIRST_DAY + timedelta(days=1)


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


def test_each_branch_has_a_committee_of_three_to_five_of_whom_half_meet(history):
    held = facts(history, AppointmentStarted)
    seats = {f"B{n}": {each.person for each in held if each.unit == f"B{n}"} for n in range(1, 6)}
    assert {branch: len(people) for branch, people in seats.items()} == {"B1": 5, "B2": 3, "B3": 5, "B4": 3, "B5": 3}
    met = [each for each in facts(history, DutyFulfilled) if each.duty.startswith("committee_meeting.")]
    assert met
    assert all(each.entitled == len(seats[each.unit]) and 2 * each.present >= each.entitled for each in met)


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
