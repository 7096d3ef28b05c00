"""What is wrong with the sections on brands, qualities and honours of a charter, and what both shipped ones say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workflow.charter import parse


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('{ id = "sub_brand"', '{ id = "umbrella_brand"', "brands.levels"),
        ('parents = ["umbrella_brand"]', 'parents = ["sky"]', "brands.levels"),
        ('parents = ["umbrella_brand"]', 'parents = ["business_brand"]', "brands.levels"),
        ('unit_kinds = ["institution"], at_most = 1', 'unit_kinds = ["galaxy"], at_most = 1', "brands.levels"),
        ('unit_kinds = ["institution"], at_most = 1', "unit_kinds = [], at_most = 1", "brands.levels"),
        ("at_most_a_unit = 1", "at_most_a_unit = 0", "brands.levels"),
        ('{ id = "results"', '{ id = "fusion"', "brands.criteria"),
        ('"Results" }, at_most = 40', '"Results" }, at_most = 0', "brands.criteria"),
        ("listed_from = 80", "listed_from = 101", "brands.listed_from"),
        ("listed_from = 80", "listed_from = -1", "brands.listed_from"),
        ("= 80\nreviewers_at_least = 2", "= 80\nreviewers_at_least = 0", "brands.reviewers_at_least"),
        ("renewed_by = { month = 2", "renewed_by = { month = 13", "brands.renewed_by.month"),
        ("check = { month = 7, day = 15", "check = { month = 7, day = 31", "brands.check.day"),
        ("listed_from = 80", 'listed_from = 80\nchildren_of_retired = "sell"', "brands.children_of_retired"),
        ('id = "learning", words = { zh = "学习型"', 'id = "service", words = { zh = "学习型"', "qualities.items"),
        ('"Learning" }, weight = 1', '"Learning" }, weight = 0', "qualities.items"),
        ('"Learning" }, weight = 1, at_most = 20', '"Learning" }, weight = 1, at_most = -1', "qualities.items"),
        ('cadence = "quarterly"\ndecimals', 'cadence = "hourly"\ndecimals', "qualities.cadence"),
        ('id = "city"', 'id = "city"\nmembers_share = 1.5', "honours.city.members_share"),
        ('id = "city"', 'id = "city"\nterm_months = 0', "honours.city.term_months"),
    ],
)
def test_what_does_not_go_together_is_named(problems, old: str, new: str, key: str):
    assert any(each.key.startswith(key) for each in problems(old, new)), problems(old, new)


def test_the_procuratorate_has_one_umbrella_three_sub_brands_and_five_qualities(procuratorate):
    charter = parse(procuratorate, "p")
    assert charter.brands is not None
    assert charter.qualities is not None
    levels = [(level.id, level.parents, level.at_most) for level in charter.brands.levels]
    assert levels == [
        ("umbrella_brand", (), 1),
        ("sub_brand", ("umbrella_brand",), 3),
        ("business_brand", ("sub_brand",), None),
    ]
    five = ["learning", "service", "hard_work", "innovation", "integrity"]
    assert [each.id for each in charter.qualities.items] == five
    assert {each.weight * each.at_most for each in charter.qualities.items} == {Decimal(20)}


def test_the_hospital_has_brands_and_qualities_of_its_own(hospital):
    charter = parse(hospital, "h")
    assert charter.brands is not None
    assert charter.qualities is not None
    assert (charter.brands.renewed_by, charter.brands.children_of_retired) == (None, "retire")
    assert charter.brands.level("line").parents == ("house", "line")
    assert charter.qualities.cadence == "yearly"
    level = charter.honour_level("hospital")
    assert (level.term_months, level.members_share) == (24, Decimal("0.5"))
