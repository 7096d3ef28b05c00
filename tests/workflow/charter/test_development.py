"""What is wrong with the sections on mentoring and programmes, and what both shipped charters say."""

from __future__ import annotations

import pytest

from workflow.charter import parse


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("mentees_at_most = 5", "mentees_at_most = 0", "mentoring.mentees_at_most"),
        ('id = "newcomer"', 'id = "key_handler"', "mentoring.kinds"),
        ('id = "newcomer"', 'id = "new.comer"', "mentoring.kinds"),
        ("days_at_least = 90, days_at_most = 732", "days_at_least = 90, days_at_most = 89", "mentoring.kinds"),
        ('mentee_post_kinds = ["handler"]', 'mentee_post_kinds = ["cook"]', "mentoring.kinds"),
        ('{ id = "mentoring_review"', '{ id = "dual_report"', "mentoring.review"),
        ('{ id = "mentoring_review"', '{ id = "theme_day"', "mentoring.review"),
        ('{ id = "mentoring_review"', '{ id = "mentoring.review"', "mentoring.review"),
        ("extension = { at_most = 1, days = 184 }", "extension = { at_most = 1, days = 0 }", "mentoring.kinds"),
        ('{ id = "paper"', '{ id = "mentor"', "programmes.four_ones.items"),
        ('audience = { post_kinds = ["handler"] }', 'audience = { post_kinds = ["cook"] }', "programmes.four_ones"),
        (
            'audience = { membership_kinds = ["full", "probationary"] }\nclosing_working_days',
            'audience = { membership_kinds = ["x"] }\nclosing_working_days',
            "pro",
        ),
        ('audience = { unit_kinds = ["department"] }', 'audience = { classes = ["clerk"] }', "programmes.quality"),
        ('cadence = "quarterly", evidence', 'cadence = "weekly", evidence', "programmes.six_ones.items"),
        ("quantity = 2, evidence", "quantity = 0, evidence", "programmes.quality_project.items"),
        ('participants = "units"', 'participants = "teams"', "programmes.quality_project.participants"),
        ('id = "six_ones"', 'id = "four_ones"', "programmes"),
        ('id = "six_ones"', 'id = "six.ones"', "programmes"),
    ],
)
def test_what_does_not_go_together_is_named(problems, old: str, new: str, key: str):
    assert any(each.key.startswith(key) for each in problems(old, new)), problems(old, new)


def test_the_procuratorate_has_four_ones_six_ones_and_two_projects(procuratorate):
    charter = parse(procuratorate, "p")
    items = {each.id: len(each.items) for each in charter.programmes}
    assert items == {"four_ones": 4, "six_ones": 6, "quality_project": 2, "conduct_project": 2}
    assert all(item.quantity == 1 for id in ("four_ones", "six_ones") for item in charter.programme(id).items)
    assert [each.participants for each in charter.programmes] == ["people", "people", "units", "units"]
    assert charter.mentoring is not None
    assert charter.mentoring.mentees_at_most == 5
    assert charter.is_review("mentoring_review")
    assert not charter.is_review("theme_day")


def test_the_hospital_has_its_own(hospital):
    charter = parse(hospital, "h")
    assert charter.mentoring is not None
    assert (charter.mentoring.mentees_at_most, charter.mentoring.ends_with_designation) == (3, False)
    assert charter.duty("mentor_talk").cadence == "monthly"
    assert [(each.id, each.cadence, each.closing_working_days) for each in charter.programmes] == [
        ("bedside_skills", "quarterly", 0),
        ("falls", "yearly", 5),
    ]


def test_a_charter_without_the_sections_is_still_read(procuratorate):
    start, end = procuratorate.index("# ---- mentoring"), procuratorate.index("# ---- what it is called")
    charter = parse(procuratorate[:start] + procuratorate[end:], "old")
    assert (charter.mentoring, charter.programmes) == (None, ())
    assert not charter.is_review("mentoring_review")
