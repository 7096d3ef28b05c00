"""The clock turns checks yellow and red, and retires what nobody renewed; asleep or awake, it decides the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.workflow.brands.known import DAY, TREE, TWO, UNTIL, B, S, T, U, check, checked, cycle, known, retire
from tests.workflow.brands.lived import ANEW, FIRST, about_brands, house, live, of_a_year
from tests.workflow.clock.house import Institution
from workflow.brands.agenda import Brands, LapseBrand, TurnBrandCheck
from workflow.brands.events import (
    BrandApplied,
    BrandChecked,
    BrandCheckTurned,
    BrandListed,
    BrandMended,
    BrandRejected,
    BrandRenewed,
    BrandRetired,
    BrandReviewed,
)
from workflow.brands.tree import BrandTree
from workflow.clock.clock import Clock
from workflow.clock.events import ClockStarted
from workflow.ids import BrandId, UnitId
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event

_places = itertools.count()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Institution]:
    place = house(tmp_path_factory.mktemp("brands"))
    live(place)
    yield place
    place.close()


def turned(place: Institution, brand: str) -> list[tuple[str, str, date]]:
    facts = [f for f in about_brands(place) if isinstance(f, BrandCheckTurned) and f.brand == brand]
    return [(f.what, f.colour, f.effective) for f in facts]


def test_a_check_is_yellow_ten_working_days_before_it_is_due_and_red_when_it_is_overdue(lived: Institution):
    assert turned(lived, B) == [("check", "yellow", date(2025, 7, 1)), ("check", "red", date(2025, 7, 16))]


def test_what_is_to_be_mended_is_yellow_and_red_likewise_until_it_is_seen_to_be(lived: Institution):
    yellow = ("check", "yellow", date(2025, 7, 1))
    mending = [("mending", "yellow", date(2025, 8, 5)), ("mending", "red", date(2025, 8, 20))]
    assert turned(lived, S) == turned(lived, T) == [yellow, *mending]


def test_a_brand_that_nobody_renewed_is_retired_by_the_clock_when_its_term_is_over(lived: Institution):
    gone = [f for f in about_brands(lived) if isinstance(f, BrandRetired)]
    assert [(f.brand, f.why, f.effective) for f in gone] == [(b, "not_renewed", UNTIL) for b in (B, T)]
    tree = BrandTree()
    for fact in about_brands(lived):
        if type(fact) in BrandTree.listens_to():
            tree.note(fact)
    assert tree.at(B, ANEW - timedelta(days=1)) is None
    assert tree.at(B, ANEW) is not None
    assert tree.at(S, ANEW) is not None


def test_what_is_done_on_the_day_counts_from_the_next_one_on():
    yellow = date(2025, 7, 1)
    asked = {"brand": B, "year": 2025, "what": "check", "colour": "yellow", "effective": yellow}
    turn = BrandCheckTurned(B, UnitId("G3"), 2025, "check", "yellow", date(2025, 7, 15), yellow)
    known(*TREE).when(TurnBrandCheck(**asked), today=yellow).then(turn)  # type: ignore[arg-type]
    known(*TREE, checked(B, "pass", yellow)).when(TurnBrandCheck(**asked), today=yellow).then(turn)  # type: ignore[arg-type]
    before = checked(B, "pass", date(2025, 6, 30))
    known(*TREE, before).when(TurnBrandCheck(**asked), today=yellow).nothing()  # type: ignore[arg-type]
    known(*TREE, turn).when(TurnBrandCheck(**asked), today=yellow).nothing()  # type: ignore[arg-type]


def test_nothing_lapses_before_its_term_is_over_nor_twice_nor_what_was_retired():
    lapse = LapseBrand(brand=B, year=2025, effective=UNTIL)
    gone = BrandRetired(B, UnitId("G3"), 2025, "not_renewed", UNTIL)
    known(*TREE).when(lapse, today=UNTIL).then(gone)
    known(*TREE, gone).when(lapse, today=UNTIL).nothing()
    known(*TREE, BrandRetired(B, UnitId("G3"), 2025, "decided", DAY)).when(lapse, today=UNTIL).nothing()
    early = LapseBrand(brand=B, year=2025, effective=date(2026, 2, 15))
    known(*TREE).when(early, today=date(2026, 2, 15)).nothing()
    known().when(lapse, today=UNTIL).nothing()


@pytest.mark.parametrize("days", [0, 2])
def test_what_lapsed_is_retired_though_it_was_listed_anew_that_year_while_the_clock_slept(days: int):
    """The term of what was listed as of a day before its parent's retirement is over within the year."""
    over = date(2025, 6, 2)
    facts = *cycle(U), *cycle(S), *cycle(B, until=over), *cycle(B, on=over + timedelta(days=days))
    gone = BrandRetired(B, UnitId("G3"), 2025, "not_renewed", over)
    lapse = LapseBrand(brand=B, year=2025, effective=over)
    known(*facts).when(lapse, today=over).then(gone)
    known(*facts, gone).when(lapse, today=over).nothing()
    later = LapseBrand(brand=B, year=2025, effective=UNTIL)
    known(*facts, gone).when(later, today=UNTIL).then(replace(gone, effective=UNTIL))


def test_what_was_due_before_the_clock_was_started_is_left_alone():
    agenda = Brands()
    for fact in (ClockStarted(date(2025, 7, 20)), *TREE):
        if type(fact) in tuple(agenda.listens_to()):
            agenda.note(fact)
    assert list(agenda.due(date(2025, 7, 20), None)) == []  # type: ignore[arg-type]  # it needs no charter
    assert [act.name for act in agenda.due(UNTIL, None)] == [f"brand.{b}.2025.lapse.{UNTIL}.{UNTIL}" for b in "BSU"]  # type: ignore[arg-type]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 90), max_size=6))
def test_a_clock_that_slept_decides_what_one_decided_that_was_awake(
    tmp_path: Path, lived: Institution, naps: list[int]
):
    slept = house(tmp_path / str(next(_places)))
    live(slept, awake=[FIRST, *(FIRST + timedelta(days=n) for n in accumulate(naps))])
    facts = set(about_brands(slept))
    slept.close()
    assert facts == set(about_brands(lived))


# ---- decided again ----


def wrong(facts: list[Event]) -> list[str]:
    again = Reperformance()
    return [told for fact in facts if fact.TOPIC in again.topics and (told := again.follow(fact))]


def test_what_was_decided_by_the_rules_passes(lived: Institution):
    again = Reperformance()
    told = [again.follow(fact) for fact in lived.facts() if fact.TOPIC in again.topics]
    assert not any(told)
    assert again.decisions == len([f for f in about_brands(lived) if f.TOPIC != "brand.moved"])


def of_two_brands(folder: Path) -> tuple[Institution, Clock]:
    """U is listed on the first day, and the clock goes from then on."""
    place = house(folder)
    clock = place.clock(lambda: [Brands()])
    clock.until(place.day)
    do(place, *of_a_year(U, 2025, FIRST))
    return place, clock


def do(place: Institution, *commands: Command) -> None:
    for command in commands:
        place.do(command, approver="C2", reason="So decided.")


def test_what_turns_late_because_a_listing_was_back_dated_passes(tmp_path: Path):
    place, clock = of_two_brands(tmp_path)
    place.day = noted = date(2025, 7, 3)
    clock.until(noted)
    do(place, *of_a_year(S, 2025, date(2025, 6, 27)))
    clock.until(noted)
    assert turned(place, S) == [("check", "yellow", noted)]
    assert wrong(place.facts()) == []
    place.close()


def test_what_turns_late_because_a_check_was_back_dated_passes(tmp_path: Path):
    place, clock = of_two_brands(tmp_path)
    place.day = noted = date(2025, 5, 16)
    clock.until(noted)
    do(place, check("mend", brand=U, checker=TWO, mend_by=date(2025, 5, 14), on=date(2025, 5, 9)))
    clock.until(noted)
    assert turned(place, U) == [("mending", "yellow", noted), ("mending", "red", noted)]
    assert wrong(place.facts()) == []
    place.close()


def test_what_lapses_late_because_it_was_listed_after_its_term_passes(tmp_path: Path):
    place, clock = of_two_brands(tmp_path)
    place.day = noted = date(2026, 2, 18)
    clock.until(noted)
    do(place, *of_a_year(S, 2025, date(2025, 12, 29)))
    clock.until(noted)
    gone = {f.brand: f.effective for f in about_brands(place) if isinstance(f, BrandRetired)}
    assert gone == {U: UNTIL, S: noted}
    assert wrong(place.facts()) == []
    place.close()


def test_two_terms_of_a_year_that_are_known_late_to_be_over_lapse_in_one_night(tmp_path: Path):
    """B stood below S twice, each time until S was retired; both are recorded afterwards."""
    place, clock = of_two_brands(tmp_path)
    ends = date(2025, 4, 3), date(2025, 4, 8)
    for since, gone in zip((FIRST, date(2025, 4, 4)), ends, strict=True):
        place.day = since
        clock.until(since)
        do(place, *of_a_year(S, 2025, since))
        place.day = gone
        do(place, retire(S, gone))
    place.day = noted = date(2025, 4, 10)
    clock.until(noted)
    do(place, *of_a_year(B, 2025, date(2025, 4, 2)), *of_a_year(B, 2025, date(2025, 4, 7)))
    clock.until(noted)
    of_b = [f for f in about_brands(place) if f.brand == B]  # type: ignore[attr-defined]
    assert [f.until for f in of_b if isinstance(f, BrandListed)] == list(ends)
    assert [f.effective for f in of_b if isinstance(f, BrandRetired)] == [noted, noted]
    assert wrong(place.facts()) == []
    place.close()


FALSIFIED: list[tuple[type[Event], dict[str, Any], str]] = [
    (BrandApplied, {"charter": "9"}, "its version is recorded as 9, and had to be 1"),
    (BrandApplied, {"charter_digest": "sha256:0"}, "the charter is recorded as sha256:0"),
    (BrandReviewed, {"total": 91}, "the total is recorded as 91, and had to be 90"),
    (BrandListed, {"score": 80}, "the score is recorded as 80, and had to be 90.00"),
    (BrandListed, {"until": date(2026, 3, 1)}, "the term is recorded as"),
    (BrandListed, {"check_due": None}, "the term is recorded as"),
    (BrandRenewed, {"until": None}, "the term is recorded as"),
    (BrandChecked, {"late": True}, "late is recorded as True, and had to be False"),
    (BrandMended, {"late": False}, "late is recorded as False, and had to be True"),
    (BrandCheckTurned, {"effective": date(2025, 6, 30)}, "the turn is recorded as"),
    (BrandCheckTurned, {"colour": "red"}, "the turn is recorded as"),
    (BrandRetired, {"effective": date(2026, 2, 2)}, "the end of the term is recorded as 2026-02-02"),
]


@pytest.mark.parametrize(("kind", "changes", "told"), FALSIFIED)
def test_a_falsified_decision_is_named(lived: Institution, kind: type[Event], changes: dict[str, Any], told: str):
    facts = lived.facts()
    where = next(n for n, fact in enumerate(facts) if type(fact) is kind)
    found = wrong([*facts[:where], replace(facts[where], **changes), *facts[where + 1 :]])
    assert found
    assert found[0].startswith(f"{facts[where].brand}: ")  # type: ignore[attr-defined]
    assert told in found[0]


def test_a_mending_that_turns_yellow_on_another_day_is_named(lived: Institution):
    facts = lived.facts()
    where = next(n for n, fact in enumerate(facts) if isinstance(fact, BrandChecked) and fact.mend_by)
    found = wrong([*facts[:where], replace(facts[where], yellow_from=DAY), *facts[where + 1 :]])
    assert "yellow from is recorded as 2025-03-03, and had to be 2025-08-05" in found[0]


def test_what_cannot_be_decided_again_is_named(lived: Institution):
    facts = [fact for fact in lived.facts() if not (isinstance(fact, BrandApplied) and fact.brand == S)]
    assert "S: brand.reviewed could not be decided again" in wrong(facts)[0]
    nobody = BrandRejected(BrandId("NOBODY"), UnitId("G3"), 2025, DAY)
    assert wrong([*lived.facts(), nobody]) == ["NOBODY: brand.rejected could not be decided again: KeyError(2025)"]
