"""What is wrong with the assessment section of a charter, and what both shipped ones say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workflow.charter import parse


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("rated = true, points = 10", 'rated = true, set = "overall", points = 10', "assessment.parts"),
        ("rated = true, points = 10", "points = 10", "assessment.parts"),
        ('set = "performance", points = 60', 'set = "performance", points = 0', "assessment.parts"),
        ('tie_by = "performance"', 'tie_by = "luck"', "assessment.tie_by"),
        ('veto_caps_at = "fair"', 'veto_caps_at = "fare"', "assessment.veto_caps_at"),
        ("at_least = 80", "at_least = 95", "assessment.grades"),
        ("at_least = 0 }", "at_least = 1 }", "assessment.grades"),
        ("at_least = 0 }", "at_least = 0, quota = 0.5 }", "assessment.grades"),
        ("quota = 0.2", "quota = 0", "assessment.grades"),
        ("quota = 0.2", "quota = 1.1", "assessment.grades"),
        ('{ id = "good"', '{ id = "fair"', "assessment.grades"),
        ('confirmed_by = "chief"', 'confirmed_by = "handler"', "assessment.confirmed_by"),
        ('confirmed_by = "chief"', 'confirmed_by = "pope"', "assessment.confirmed_by"),
        ("bonus_at_most = 10", "bonus_at_most = -1", "assessment.bonus_at_most"),
        (
            'unit_kinds = ["department"] },\n  { id = "leaders"',
            'unit_kinds = ["department"], classes = ["clerk"] },\n  { id = "leaders"',
            "assessment.groups",
        ),
        ('classes = ["clerk"] }', 'classes = ["clark"] }', "assessment.groups"),
        ('{ id = "clerks"', '{ id = "cl.erks"', "assessment.groups"),
        ('classes = ["clerk"] }', 'classes = ["clerk"], points = [{ part = "x", points = 1 }] }', "assessment.groups"),
        (
            'classes = ["clerk"] }',
            'classes = ["clerk"], points = [{ part = "common", points = 0 }] }',
            "assessment.groups",
        ),
        ("lodged_working_days = 5", "lodged_working_days = 0", "assessment.appeal.lodged_working_days"),
        ("points = 5\n", "points = -5\n", "honours.national.points"),
    ],
)
def test_what_does_not_go_together_is_named(problems, old: str, new: str, key: str):
    assert any(each.key.startswith(key) for each in problems(old, new)), problems(old, new)


def test_the_hospital_has_its_own_parts_and_grades(hospital):
    rule = parse(hospital, "h").assessment
    assert rule is not None
    assert rule.points("nurses") == {"safety": 50, "quality": 40, "conduct": 10}
    assert rule.points("doctors") == {"safety": 40, "quality": 50, "conduct": 10}
    assert [(grade.id, int(grade.at_least)) for grade in rule.grades] == [("a", 95), ("b", 75), ("improve", 0)]
    assert rule.ranking


def test_the_procuratorate_has_sixty_thirty_ten_and_a_fifth(procuratorate):
    charter = parse(procuratorate, "p")
    rule = charter.assessment
    assert rule is not None
    assert rule.points("prosecutors") == {"performance": 60, "common": 30, "overall": 10}
    assert (rule.grades[0].quota, rule.ranking) == (Decimal("0.2"), False)
    assert [(each.id, int(each.points)) for each in charter.honours] == [
        ("national", 5),
        ("province", 3),
        ("city", 2),
        ("county", 1),
    ]


def test_a_charter_without_the_sections_is_still_read(procuratorate):
    start, end = procuratorate.index("[assessment]"), procuratorate.index("# ---- when")
    charter = parse(procuratorate[:start] + procuratorate[end:], "old")
    assert (charter.assessment, charter.honours) == (None, ())
