"""The year of a brand: applied for, reviewed from outside, listed or rejected, checked, renewed or retired."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.given import LONG_AGO, charter_in_force, given
from tests.workflow.brands.known import (
    CHECK_DUE,
    DAY,
    ONE,
    PLACES,
    TREE,
    TWO,
    UNTIL,
    B,
    S,
    U,
    applied,
    apply,
    check,
    checked,
    cycle,
    known,
    list_,
    listed,
    mend,
    pending,
    points,
    retire,
    review,
    reviewed,
)
from tests.workflow.duties.known import HEAD, ORGANISATION, RULE, SECRETARY
from tests.workflow.indicators.known import TEXT, department
from workflow.brands.events import BrandListed, BrandMended, BrandRejected, BrandRetired
from workflow.brands.listing import RejectBrand
from workflow.ids import BrandId, PersonId, UnitId
from workflow.organisation.events import PersonLeft, UnitDissolved

G3, JULY = UnitId("G3"), date(2025, 7, 8)


# ---- applying ----


def test_a_unit_applies_for_a_brand_with_a_plan_and_evidence():
    known().when(apply(), today=DAY).then(applied(B))
    known().when(apply(person=HEAD, title_en=""), today=DAY).then(applied(B, person=HEAD, title_en=""))
    known().when(apply(U), today=DAY).then(applied(U))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"level": "galaxy"}, "brand.level"),
        ({"unit": UnitId("OC")}, "brand.unit_kind"),
        ({"unit": UnitId("G9")}, "unit.unknown"),
        ({"parent": None}, "brand.parent"),
        ({"parent": B}, "brand.circle"),
        ({"year": 2024}, "brand.year"),
        ({"year": 2027}, "brand.year"),
        ({"title_zh": " ", "title_en": ""}, "brand.title"),
        ({"goals": " "}, "brand.goals"),
        ({"evidence": ()}, "brand.evidence"),
        ({"evidence": ("sha256:0",)}, "brand.evidence"),
        ({"person": SECRETARY}, "brand.not_answerable"),
        ({"effective": date(2025, 3, 4)}, "brand.future"),
    ],
)
def test_an_application_that_is_not_in_order_is_refused(changes: dict[str, Any], code: str):
    known().when(apply(**changes), today=DAY).refused(code)


def test_a_brand_at_the_top_stands_below_none():
    known().when(apply(U, parent=S), today=DAY).refused("brand.parent")


def test_a_unit_that_is_gone_applies_for_nothing():
    known(UnitDissolved(G3, date(2025, 3, 1))).when(apply(), today=DAY).refused("unit.dissolved")


def test_a_brand_is_applied_for_once_a_year_unless_it_was_rejected():
    known(applied(B)).when(apply(), today=DAY).refused("brand.applied")
    known(*TREE).when(apply(), today=DAY).refused("brand.applied")
    known(*TREE).when(apply(year=2026), today=DAY).then(applied(B, 2026))
    rejected = BrandRejected(B, G3, 2025, DAY)
    known(applied(B), rejected).when(apply(goals="More."), today=DAY).then(applied(B, goals="More."))


def test_a_brand_that_is_listed_keeps_its_level_and_its_unit_while_that_stands():
    other: dict[str, Any] = {"unit": UnitId("G4"), "year": 2026}
    known(*TREE).when(apply(**other), today=DAY).refused("brand.unit")
    gone = UnitDissolved(G3, DAY)
    known(*TREE, gone).when(apply(**other), today=DAY).then(applied(B, 2026, unit=UnitId("G4")))
    higher: dict[str, Any] = {"level": "sub_brand", "parent": U, "year": 2026}
    known(*TREE).when(apply(**higher), today=DAY).refused("brand.level_kept")


def test_where_the_charter_knows_no_brands_there_are_none():
    start, end = TEXT.index("[brands]"), TEXT.index("[qualities]")
    facts = given(*ORGANISATION, charters=[(LONG_AGO, TEXT[:start] + TEXT[end:])])
    facts.when(apply(), today=DAY).refused("brand.charter")


# ---- reviewing ----


def test_an_application_is_reviewed_from_outside_the_unit_by_each_criterion():
    known(applied(B)).when(review(), today=DAY).then(reviewed(B, ONE))
    shuffled = review(points=points("40", "40", "10")[::-1])
    known(applied(B)).when(shuffled, today=DAY).then(reviewed(B, ONE))


@pytest.mark.parametrize("insider", [HEAD, PersonId("P5")])
def test_who_belongs_to_the_unit_reviews_nothing_of_it(insider: PersonId):
    known(applied(B)).when(review(reviewer=insider), today=DAY).refused("brand.reviewer")


def test_who_left_reviews_nothing():
    refused = known(applied(B), PersonLeft(ONE, DAY)).when(review(), today=DAY).refused("person.left")
    assert refused.fields == ("reviewer",)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (points("40", "40", "10")[:2], "brand.criteria"),
        ((*points("40", "40", "10"), points("40", "40", "10")[0]), "brand.criteria"),
        (points("40.001", "40", "10"), "brand.points"),
        (points("41", "40", "10"), "brand.points"),
        (points("-1", "40", "10"), "brand.points"),
        (points("NaN", "40", "10"), "brand.points"),
    ],
)
def test_points_are_within_the_charters_limits_one_for_a_criterion(given: Any, code: str):
    known(applied(B)).when(review(points=given), today=DAY).refused(code)


def test_a_reviewer_reviews_once_what_is_still_to_be_decided():
    known(*pending(B, "90")).when(review(), today=DAY).refused("brand.reviewed")
    known().when(review(), today=DAY).refused("brand.not_applied")
    known(*TREE).when(review(), today=DAY).refused("brand.decided")
    known(applied(B)).when(review(finding=""), today=DAY).refused("brand.finding")


# ---- listing and rejecting ----


def test_a_brand_is_listed_when_enough_reviewers_gave_it_enough_points():
    above = (*cycle(U), *cycle(S))
    known(*above, *pending(B, "90", "90")).when(list_(), today=DAY).then(listed(B))
    known(*above, *pending(B, "90")).when(list_(), today=DAY).refused("brand.unreviewed")
    known(*above, *pending(B, "79.99", "80")).when(list_(), today=DAY).then(listed(B, score=Decimal("80.00")))
    known(*above, *pending(B, "79.98", "80")).when(list_(), today=DAY).refused("brand.score")
    third = listed(B, score=Decimal("83.33"))
    known(*above, *pending(B, "80", "80", "90")).when(list_(), today=DAY).then(third)


def test_a_brand_is_listed_in_the_year_that_it_was_applied_for():
    above = (*cycle(U), *cycle(S))
    facts = known(*above, *pending(B, "90", "90", year=2026))
    facts.when(list_(year=2026), today=DAY).refused("brand.year")
    known(*above).when(list_(), today=DAY).refused("brand.not_applied")
    known(*TREE).when(list_(), today=DAY).refused("brand.decided")


def test_a_brand_that_is_listed_after_the_check_in_mid_term_has_none():
    late = date(2025, 7, 15)
    above = (*cycle(U), *cycle(S))
    asked = known(*above, *pending(B, "90", "90")).when(list_(on=late), today=late)
    asked.then(listed(B, on=late, check_due=None, yellow_from=None))


def test_an_application_is_rejected_with_a_reason():
    reject = RejectBrand(brand=B, year=2025, effective=DAY)
    known(applied(B)).when(reject, today=DAY, reason="Too early.").then(BrandRejected(B, G3, 2025, DAY))
    known(applied(B)).when(reject, today=DAY).refused("brand.reason")
    known(*TREE).when(reject, today=DAY, reason="Too late.").refused("brand.decided")


def test_what_is_done_about_a_brand_is_in_order():
    early = date(2025, 3, 2)
    known(applied(B)).when(review(effective=early), today=DAY).refused("brand.order")
    known(*TREE).when(retire(on=early), today=DAY, reason="Over.").refused("brand.order")
    known(*TREE).when(retire(on=date(2025, 3, 4)), today=DAY, reason="Over.").refused("brand.future")


def test_a_cycle_goes_by_the_charter_under_which_it_was_applied_for():
    stricter = TEXT.replace('version = "1"', 'version = "2"', 1).replace("listed_from = 80", "listed_from = 95")
    facts = given(
        *ORGANISATION, *cycle(U), *cycle(S), *pending(B, "90", "90"), charters=[(LONG_AGO, TEXT), (JULY, stricter)]
    )
    facts.when(list_(on=JULY), today=JULY).then(listed(B, on=JULY))


# ---- the check in mid-term ----


def test_a_brand_is_checked_in_mid_term_from_outside():
    known(*TREE).when(check(), today=JULY).then(checked(B, "pass", JULY))
    for insider in (HEAD, PersonId("P5")):
        known(*TREE).when(check(checker=insider), today=JULY).refused("brand.checker")
    known(*TREE).when(check(evidence=()), today=JULY).refused("brand.evidence")
    known(*TREE).when(check(finding=" "), today=JULY).refused("brand.finding")
    known(*TREE).when(check("perhaps"), today=JULY).refused("brand.result")
    known(*TREE, checked(B, "pass", JULY)).when(check(), today=JULY).refused("brand.checked")
    known().when(check(), today=JULY).refused("brand.not_listed")


def test_a_check_after_its_day_is_late():
    late = date(2025, 7, 16)
    known(*TREE).when(check(on=CHECK_DUE), today=CHECK_DUE).then(checked(B, "pass", CHECK_DUE))
    known(*TREE).when(check(on=late), today=late).then(checked(B, "pass", late, late=True))


def test_a_brand_that_was_listed_late_is_not_checked():
    above = (*cycle(U), *cycle(S))
    facts = known(*above, *pending(B, "90", "90"), listed(B, check_due=None, yellow_from=None))
    facts.when(check(), today=JULY).refused("brand.no_check")


def test_what_is_to_be_mended_is_so_by_a_day_that_the_charter_allows():
    last, yellow = date(2025, 8, 19), date(2025, 8, 5)
    asked = known(*TREE).when(check("mend", mend_by=last), today=JULY)
    asked.then(checked(B, "mend", JULY, mend_by=last, yellow_from=yellow))
    for result, by in (("mend", None), ("pass", last), ("mend", JULY), ("mend", date(2025, 8, 20))):
        known(*TREE).when(check(result, mend_by=by), today=JULY).refused("brand.mend_by")


def test_who_comes_from_outside_sees_that_it_is_mended():
    by, yellow = date(2025, 8, 19), date(2025, 8, 5)
    facts = known(*TREE, checked(B, "mend", JULY, mend_by=by, yellow_from=yellow))
    for day, late in ((by, False), (date(2025, 8, 20), True)):
        done = BrandMended(B, G3, 2025, ONE, "Mended.", ("minutes",), late, day)
        facts.when(mend(day), today=day).then(done)
    facts.when(mend(by, checker=HEAD), today=by).refused("brand.checker")
    known(*TREE).when(mend(by), today=by).refused("brand.not_to_mend")
    known(*TREE, checked(B, "pass", JULY)).when(mend(by), today=by).refused("brand.not_to_mend")


def test_who_fails_is_retired():
    failed = checked(B, "fail", JULY)
    known(*TREE).when(check("fail"), today=JULY).then(failed, BrandRetired(B, G3, 2025, "check_failed", JULY))
    refused = known(*TREE).when(check("fail", brand=S, checker=TWO), today=JULY).refused("brand.children")
    assert refused.fields == ("result",)


# ---- renewing and retiring ----

JANUARY = date(2026, 1, 12)
PASSED = tuple(checked(brand, "pass", JULY, unit=UnitId(PLACES[brand][0]), checker=TWO) for brand in (U, S, B))


def renewed(brand: BrandId, **changes: Any) -> Any:
    return listed(brand, 2026, JANUARY, renewed=True, **changes)


def test_a_brand_is_renewed_for_another_year_by_a_new_application():
    above = (*pending(U, "90", "90", year=2026, on=JANUARY), renewed(U))
    facts = known(*TREE, *PASSED, *above, *pending(S, "90", "90", year=2026, on=JANUARY))
    facts.when(list_(S, 2026, JANUARY), today=JANUARY).then(renewed(S))


def test_a_parent_is_renewed_before_its_children():
    facts = known(*TREE, *PASSED, *pending(S, "90", "90", year=2026, on=JANUARY))
    facts.when(list_(S, 2026, JANUARY), today=JANUARY).refused("brand.parent_term")


@pytest.mark.parametrize(
    "last",
    [(), (checked(U, "mend", JULY, mend_by=date(2025, 8, 19), yellow_from=date(2025, 8, 5)),)],
)
def test_a_brand_is_renewed_only_if_its_check_was_passed(last: Any):
    facts = known(*cycle(U), *last, *pending(U, "90", "90", year=2026, on=JANUARY))
    facts.when(list_(U, 2026, JANUARY), today=JANUARY).refused("brand.unchecked")


def test_what_was_not_renewed_in_time_is_listed_anew():
    ended = UNTIL
    facts = known(*cycle(U), PASSED[0], *pending(U, "90", "90", year=2026, on=JANUARY))
    facts.when(list_(U, 2026, date(2026, 2, 13)), today=ended).refused("brand.lapsed")
    facts.when(list_(U, 2026, ended), today=ended).then(listed(U, 2026, ended))


def test_a_brand_is_retired_with_a_reason():
    known(*TREE).when(retire(), today=DAY, reason="Over.").then(BrandRetired(B, G3, 2025, "decided", DAY))
    known(*TREE).when(retire(), today=DAY).refused("brand.reason")
    gone = BrandRetired(B, G3, 2025, "decided", DAY)
    known(*TREE, gone).when(retire(), today=DAY, reason="Over.").refused("brand.not_listed")


def test_a_brand_is_retired_also_when_the_charter_knows_no_brands_any_more():
    start, end = TEXT.index("[brands]"), TEXT.index("[qualities]")
    without = known(*TREE, *charter_in_force(TEXT[:start] + TEXT[end:], DAY))
    without.when(apply(BrandId("NEW")), today=DAY).refused("brand.charter")
    without.when(retire(), today=DAY, reason="Over.").then(BrandRetired(B, G3, 2025, "decided", DAY))


def test_a_brand_that_was_retired_by_mistake_is_applied_for_and_listed_again_that_year():
    gone = BrandRetired(B, G3, 2025, "decided", DAY)
    facts = known(*TREE, gone)
    facts.when(apply(), today=DAY).then(applied(B))
    known(*TREE).when(apply(), today=DAY).refused("brand.applied")
    again = known(*TREE, gone, *pending(B, "90", "90"))
    again.when(list_(), today=DAY).then(listed(B))


def test_the_hospital_checks_in_may_and_retires_nothing_by_itself():
    charter, day = "hospital", date(2025, 3, 3)
    wards = (department("H", "hospital"), department("D", "department", "H"), *ORGANISATION[7:16])
    house = apply(BrandId("U"), level="house", unit=UnitId("H"), effective=day)
    facts = given(*wards, charter=charter).when(house, today=day).facts
    scored = review(U, points=(type(points("1", "1", "1")[0])("outcome", Decimal(6)),), effective=day)
    facts += given(*wards, *facts, charter=charter).when(scored, today=day).facts
    (fact,) = given(*wards, *facts, charter=charter).when(list_(U, on=day), today=day).facts
    assert isinstance(fact, BrandListed)
    assert (fact.check_due, fact.until, fact.score) == (date(2025, 5, 12), None, Decimal("6.00"))
    assert fact.charter != RULE[1]
