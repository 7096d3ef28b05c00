"""What a charter says of duties, reports and cycles, and what is wrong with it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workflow.charter import parse, shipped
from workflow.charter.duties import Attendance

HALF = Decimal("0.5")

WRONG = [
    ('id = "general_meeting"', 'id = "general.meeting"', "duties.general.meeting.id", '"general.meeting"', ""),
    ("{ more_than = 0.5 }", "{ more_than = 1 }", "duties.general_meeting.attendance.more_than", "1", "less than 1"),
    ("{ more_than = 0.5 }", "{ at_least = 0 }", "duties.general_meeting.attendance.at_least", "0", "more than 0"),
    ("{ more_than = 0.5 }", "{ }", "duties.general_meeting.attendance.more_than", "neither", "one of the two"),
    (
        "{ more_than = 0.5 }",
        "{ more_than = 0.5, at_least = 0.5 }",
        "duties.general_meeting.attendance.more_than",
        "both",
        "one of the two",
    ),
    (
        '"branch_committee_member"], at_least',
        '"handler"], at_least',
        "duties.committee_meeting.attendance.post_kinds",
        '"handler"',
        "a branch has",
    ),
    ('id = "dual_report"', 'id = "lecture"', "reports.lecture.id", "the id of one of the duties", "no duty has"),
    (
        '["deputy_in_charge", "organ_secretary"]\nextension',
        '["deputy_in_charge", "chief"]\nextension',
        "reports.dual_report.received_by",
        "business, business",
        "business, party",
    ),
    ('{ line = "party", words', '{ line = "business", words', "reports.dual_report.parts", "business", "one part"),
    ("at_most_ahead = 1", "at_most_ahead = 0", "sync.at_most_ahead", "0", "1"),
    ('{ id = "deploy"', '{ id = "plan"', "sync.stages", "plan more than once", "each id once"),
    ('lines = ["party", "business"]', "lines = []", "sync.lines", "", ""),
]


@pytest.mark.parametrize(("old", "new", "key", "found", "allowed"), WRONG)
def test_what_is_wrong_is_named(problems, old, new, key, found, allowed):
    told = problems(old, new)
    assert any(each.key.startswith(key) and found in each.found and allowed in each.allowed for each in told), told


@pytest.mark.parametrize(
    ("rule", "present", "entitled", "met"),
    [
        (Attendance(more_than=HALF), 3, 6, False),
        (Attendance(more_than=HALF), 4, 6, True),
        (Attendance(more_than=Decimal(0)), 0, 6, False),
        (Attendance(at_least=HALF), 3, 6, True),
        (Attendance(at_least=HALF), 3, 7, False),
        (Attendance(at_least=Decimal(1)), 7, 7, True),
        (Attendance(at_least=HALF), 0, 0, False),
        (Attendance(more_than=HALF), 0, 0, False),
    ],
)
def test_a_quorum_is_a_share_of_those_who_must_be_there(rule, present, entitled, met):
    assert rule.met(present, entitled) is met


def test_the_duties_are_those_of_the_domain(procuratorate):
    charter = parse(procuratorate, "procuratorate.toml")
    assert {(duty.id, duty.cadence, *duty.unit_kinds) for duty in charter.owed()} == {
        ("weekly_meeting", "weekly", "department"),
        ("monthly_comment", "monthly", "department"),
        ("quarterly_assessment", "quarterly", "department"),
        ("yearly_summary", "yearly", "department"),
        ("general_meeting", "quarterly", "branch"),
        ("committee_meeting", "monthly", "branch"),
        ("group_meeting", "monthly", "party_group"),
        ("theme_day", "monthly", "branch"),
        ("lecture", "quarterly", "branch"),
        ("dual_report", "quarterly", "department"),
        ("friday_classroom", "weekly", "institution"),
        ("leading_group_study", "quarterly", "leading_group"),
        ("organ_committee_study", "quarterly", "organ_committee"),
        ("branch_study", "monthly", "branch"),
        ("youth_study", "quarterly", "youth_study_group"),
        ("mentoring_review", "quarterly"),
    }
    assert charter.sync is not None
    general, committee = charter.duty("general_meeting").attendance, charter.duty("committee_meeting").attendance
    assert general is not None
    assert committee is not None
    assert (str(general.more_than), general.post_kinds) == ("0.5", ())
    assert (str(committee.at_least), committee.post_kinds) == ("0.5", ("branch_secretary", "branch_committee_member"))
    yellow = {duty.cadence: charter.yellow_working_days(duty) for duty in charter.owed()}
    assert yellow == {"weekly": 1, "monthly": 5, "quarterly": 5, "yearly": 5}
    assert charter.report("dual_report").signed_by == ("department_head", "branch_secretary")
    assert [stage.id for stage in charter.sync.stages] == ["plan", "deploy", "implement", "inspect"]


@pytest.mark.parametrize("name", ["duties", "reports"])
def test_asking_for_what_the_charter_does_not_have_names_the_key(name):
    charter = parse(shipped("hospital"), "hospital.toml")
    assert charter.owed()[: len(charter.duties)] == charter.duties
    with pytest.raises(KeyError, match=r"\.nonsense"):
        getattr(charter, {"duties": "duty", "reports": "report"}[name])("nonsense")


def test_a_kind_of_duty_may_turn_yellow_earlier_than_its_cadence_says(procuratorate):
    own = 'cadence = "monthly"\nunit_kinds = ["department"]'
    text = procuratorate.replace(own, f"{own}\nyellow_working_days = 8", 1)
    charter = parse(text, "procuratorate.toml")
    assert charter.yellow_working_days(charter.duty("monthly_comment")) == 8
    assert charter.yellow_working_days(charter.duty("group_meeting")) == 5
