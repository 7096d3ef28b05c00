"""Qualities of units: scored once a period, from outside, on evidence for each; corrected by two persons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.given import LONG_AGO, Given, given
from tests.workflow.duties.known import ORGANISATION, RULE, SECRETARY, member
from tests.workflow.indicators.known import CHARTER, TEXT
from workflow.ids import PersonId, QualityScoreId, UnitId
from workflow.organisation.events import UnitDissolved
from workflow.qualities.commands import CorrectQualities, ScoreQualities
from workflow.qualities.events import QualityCorrected, QualityPoints, QualityScored
from workflow.qualities.views import total_of
from workflow.reperformance import Reperformance
from workflow.slices import Event

B2, ID, DAY = UnitId("B2"), QualityScoreId("B2.2025-Q1"), date(2025, 4, 8)
SCORER, MEMBER = PersonId("P7"), PersonId("P6")
QUALITIES = ("learning", "service", "hard_work", "innovation", "integrity")


def points(*given: str) -> tuple[QualityPoints, ...]:
    return tuple(QualityPoints(q, Decimal(each), (f"proof of {q}",)) for q, each in zip(QUALITIES, given, strict=True))


FAIR, BETTER = points("18", "17.5", "16", "15", "19"), points("18", "17.5", "16", "16", "19")
SCORED = QualityScored(ID, B2, "2025-Q1", SCORER, FAIR, Decimal("85.50"), *RULE, DAY)
CORRECTED = QualityCorrected(ID, B2, "2025-Q1", SCORER, BETTER, Decimal("86.50"), Decimal("85.50"), DAY)


def known(*facts: Event) -> Given:
    return given(*ORGANISATION, member("P6", "PG3"), *facts)


def score(**changes: Any) -> ScoreQualities:
    asked: dict[str, Any] = {"unit": B2, "period": "2025-Q1", "scorer": SCORER, "points": FAIR, "effective": DAY}
    return ScoreQualities(**asked | changes)


def correct(**changes: Any) -> CorrectQualities:
    asked: dict[str, Any] = {"score": ID, "scorer": SCORER, "points": BETTER, "effective": DAY}
    return CorrectQualities(**asked | changes)


TWO: dict[str, Any] = {"reason": "Miscounted.", "approver": "C2"}


def test_a_unit_is_scored_for_each_quality_of_the_charter():
    known().when(score(), today=DAY).then(SCORED)
    known().when(score(points=FAIR[::-1]), today=DAY).then(SCORED)


@pytest.mark.parametrize("insider", [SECRETARY, MEMBER])
def test_the_scorer_is_neither_member_nor_officer_of_the_unit_or_of_one_below_it(insider: PersonId):
    known().when(score(scorer=insider), today=DAY).refused("quality.scorer")
    known(SCORED).when(correct(scorer=insider), today=DAY, **TWO).refused("quality.scorer")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"period": "2025-04"}, "quality.period"),
        ({"period": "soon"}, "quality.period"),
        ({"period": "2025-Q2"}, "quality.early"),
        ({"effective": date(2025, 4, 9)}, "quality.future"),
        ({"unit": UnitId("G3")}, "quality.unit_kind"),
        ({"unit": UnitId("B9")}, "unit.unknown"),
        ({"unit": UnitId("B" * 78)}, "id.malformed"),
        ({"scorer": PersonId("P404")}, "person.unknown"),
        ({"points": FAIR[:4]}, "quality.qualities"),
        ({"points": (*FAIR, FAIR[0])}, "quality.qualities"),
        ({"points": points("20.01", "1", "1", "1", "1")}, "quality.points"),
        ({"points": points("1.001", "1", "1", "1", "1")}, "quality.points"),
        ({"points": points("-1", "1", "1", "1", "1")}, "quality.points"),
        ({"points": points("Infinity", "1", "1", "1", "1")}, "quality.points"),
        ({"points": (QualityPoints("learning", Decimal(1), ()), *FAIR[1:])}, "quality.evidence"),
    ],
)
def test_a_score_that_is_not_in_order_is_refused(changes: dict[str, Any], code: str):
    known().when(score(**changes), today=DAY).refused(code)


def test_a_unit_that_did_not_stand_at_the_end_of_the_period_is_not_scored():
    gone = UnitDissolved(B2, date(2025, 3, 31))
    known(gone).when(score(), today=DAY).refused("unit.dissolved")
    known(UnitDissolved(B2, date(2025, 4, 1))).when(score(), today=DAY).then(SCORED)


def test_a_unit_is_scored_once_for_a_period():
    known(SCORED).when(score(points=BETTER), today=DAY).refused("quality.scored")


def test_a_score_is_corrected_by_two_persons_with_a_reason():
    known(SCORED).when(correct(), today=DAY, **TWO).then(CORRECTED)
    alone: list[dict[str, Any]] = [
        {},
        {"reason": "Miscounted."},
        {"approver": "C2"},
        {"reason": "So.", "approver": "C1"},
    ]
    for about in alone:
        known(SCORED).when(correct(), today=DAY, **about).refused("quality.second_person")
    known().when(correct(), today=DAY, **TWO).refused("quality.unknown")
    known(SCORED).when(correct(points=FAIR), today=DAY, **TWO).refused("quality.same")
    known(SCORED, CORRECTED).when(correct(), today=DAY, **TWO).refused("quality.same")
    known(SCORED).when(correct(effective=date(2025, 4, 7)), today=DAY, **TWO).refused("quality.order")
    known(SCORED).when(correct(effective=date(2025, 4, 9)), today=DAY, **TWO).refused("quality.future")


def test_where_the_charter_knows_no_qualities_nothing_is_scored():
    start, end = TEXT.index("[qualities]"), TEXT.index("# ---- when ----")
    facts = given(*ORGANISATION, charters=[(LONG_AGO, TEXT[:start] + TEXT[end:])])
    facts.when(score(), today=DAY).refused("quality.charter")


def test_a_period_goes_by_the_charter_in_force_on_its_last_day():
    later = TEXT.replace('version = "1"', 'version = "2"', 1).replace("decimals = 2\nitems", "decimals = 0\nitems")
    facts = given(*ORGANISATION, charters=[(LONG_AGO, TEXT), (date(2025, 4, 1), later)])
    facts.when(score(), today=DAY).then(SCORED)


def test_qualities_weigh_what_the_charter_says_and_are_rounded_half_up():
    heavy = TEXT.replace('en = "Service" }, weight = 1', 'en = "Service" }, weight = 3')
    answer = given(*ORGANISATION, charters=[(LONG_AGO, heavy)]).when(score(), today=DAY)
    (fact,) = answer.facts
    assert isinstance(fact, QualityScored)
    assert fact.total == Decimal("86.07")  # (18 + 3 × 17.5 + 16 + 15 + 19) ÷ 20 ÷ 7 = 0.860714…


@given_any(st.lists(st.integers(0, 2000), min_size=5, max_size=5))
def test_a_total_is_that_of_the_shares_whatever_the_points(cents: list[int]):
    assert CHARTER.qualities is not None
    total = total_of(CHARTER.qualities, points(*(str(Decimal(c) / 100) for c in cents)))
    assert total == Decimal(sum(cents)) / 100
    assert total.as_tuple().exponent == -2


# ---- decided again ----

HISTORY = [*known().facts, SCORED, CORRECTED]


def wrong(facts: list[Event]) -> list[str]:
    again = Reperformance()
    return [told for fact in facts if fact.TOPIC in again.topics and (told := again.follow(fact))]


def test_what_was_decided_by_the_rules_passes():
    assert wrong(HISTORY) == []


@pytest.mark.parametrize(
    ("fact", "changes", "told"),
    [
        (SCORED, {"total": Decimal("85.51")}, "the total is recorded as 85.51, and had to be 85.50"),
        (SCORED, {"charter_digest": "sha256:0"}, "the charter is recorded as sha256:0"),
        (SCORED, {"points": FAIR[:4]}, "could not be decided again"),
        (CORRECTED, {"total": Decimal(1)}, "the total is recorded as 1, and had to be 86.50"),
        (CORRECTED, {"previous": Decimal(1)}, "the total before is recorded as 1, and had to be 85.50"),
    ],
)
def test_a_falsified_score_is_named(fact: Event, changes: dict[str, Any], told: str):
    found = wrong([replace(each, **changes) if each is fact else each for each in HISTORY])
    assert told in found[0]
    assert found[0].startswith(ID)
