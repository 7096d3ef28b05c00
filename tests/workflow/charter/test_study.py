"""What may stand in `[[study]]`, and in what an indicator counts."""

from __future__ import annotations

import pytest

from workflow.charter import parse, shipped

WRONG = [
    (
        'membership_kinds = ["youth"]',
        'membership_kinds = ["old"]',
        "study.youth_study.audience.membership_kinds",
        '"old"',
    ),
    ('{ membership_kinds = ["youth"] }', '{ membership_kinds = ["youth"], post_kinds = ["chief"] }', "audience", "too"),
    ('id = "youth_study"', 'id = "lecture"', "study.lecture.id", "the id of one of the duties or reports"),
    ('cadence = "weekly"\nyellow', 'cadence = "daily"\nyellow', "study.friday_classroom.cadence", '"daily"'),
    ('what = "attendance"', 'what = "applause"', "indicators.C3.counts.what", '"applause"'),
    (
        'what = "duties_met", kinds = ["dual',
        'what = "attendance", kinds = ["dual',
        "indicators.C2.counts.kinds",
        "dual_report",
    ),
    ('kinds = ["dual_report"]', 'kinds = ["tea"]', "indicators.C2.counts.kinds", '"tea"'),
]


@pytest.mark.parametrize(("old", "new", "key", "found"), WRONG)
def test_what_is_wrong_is_named(problems, old, new, key, found):
    told = problems(old, new)
    assert any(key in each.key and found in each.found for each in told), told


def test_only_what_is_not_cumulative_is_counted(problems):
    told = problems('profile = "linear"\n', 'profile = "linear"\ncounts = { what = "attendance" }\n')
    assert any(each.key.endswith(".counts") and "profile" in each.allowed for each in told), told


def test_a_tier_without_a_cadence_is_no_duty(procuratorate):
    charter = parse(
        procuratorate.replace('cadence = "monthly"\n\n[[study]]\nid = "youth', '\n[[study]]\nid = "youth'), "x"
    )
    assert "branch_study" not in {kind.id for kind in charter.owed()}
    assert [tier.id for tier in parse(shipped("hospital"), "hospital").study] == ["grand_round"]
