"""The tree of brands: one umbrella, parents that are listed and of the right level, no circles, no orphans; dated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from msgspec.structs import replace

from tests.given import LONG_AGO, Given, given
from tests.workflow.brands.known import (
    DAY,
    ONE,
    TREE,
    TWO,
    B,
    S,
    T,
    U,
    applied,
    apply,
    check,
    checked,
    cycle,
    known,
    list_,
    listed,
    move,
    pending,
    retire,
    review,
)
from tests.workflow.duties.known import ORGANISATION
from tests.workflow.indicators.known import TEXT
from workflow.brands.events import BrandApplied, BrandListed, BrandMoved, BrandRetired
from workflow.brands.tree import BrandTree
from workflow.brands.views import BrandStanding
from workflow.charter.loader import digest
from workflow.ids import BrandId, UnitId
from workflow.slices import Event

LATER = date(2025, 4, 1)
OTHER = BrandId("V")


def test_there_is_one_umbrella():
    renamed = [replace(f, brand=OTHER) for f in pending(U, "90", "90")]
    known(*cycle(U), *renamed).when(list_(OTHER), today=DAY).refused("brand.too_many")
    gone = BrandRetired(U, UnitId("I"), 2025, "decided", DAY)
    other = replace(listed(U), brand=OTHER)
    known(*cycle(U), *renamed, gone).when(list_(OTHER), today=DAY).then(other)


def test_a_unit_has_as_many_brands_of_a_level_as_the_charter_says():
    second = [replace(f, brand=OTHER) for f in pending(B, "90", "90")]
    known(*TREE, *second).when(list_(OTHER), today=DAY).refused("brand.unit_has")


def test_a_brand_is_listed_below_one_that_is_listed_and_of_the_right_level():
    known(*cycle(U), *pending(B, "90", "90")).when(list_(), today=DAY).refused("brand.parent_not_listed")
    astray = [
        type(f)(**f.as_dict() | ({"parent": U} if "parent" in f.as_dict() else {})) for f in pending(B, "90", "90")
    ]
    known(*TREE[:8], *astray).when(list_(), today=DAY).refused("brand.parent_level")


def test_a_brand_is_moved_below_another_from_a_day_on():
    facts = (*TREE, *cycle(T))
    known(*facts).when(move(B, T, LATER), today=LATER).then(BrandMoved(B, UnitId("G3"), T, S, LATER))
    known(*facts).when(move(B, S, LATER), today=LATER).refused("brand.same_parent")
    known(*facts).when(move(B, U, LATER), today=LATER).refused("brand.parent_level")
    known(*facts).when(move(B, OTHER, LATER), today=LATER).refused("brand.parent_not_listed")
    known(*facts).when(move(OTHER, S, LATER), today=LATER).refused("brand.not_listed")
    known(*facts).when(move(U, S, LATER), today=LATER).refused("brand.circle")
    known(*facts).when(move(B, B, LATER), today=LATER).refused("brand.circle")


def test_a_brand_does_not_move_below_one_that_ends_before_it():
    short = listed(T, until=date(2025, 12, 1))
    facts = (*TREE, *pending(T, "90", "90"), short)
    known(*facts).when(move(B, T, LATER), today=LATER).refused("brand.parent_not_listed")


def test_nobody_is_retired_while_others_stand_below():
    known(*TREE).when(retire(S, LATER), today=LATER, reason="Over.").refused("brand.children")
    moved = BrandMoved(B, UnitId("G3"), T, S, DAY)
    gone = BrandRetired(S, UnitId("G4"), 2025, "decided", LATER)
    known(*TREE, *cycle(T), moved).when(retire(S, LATER), today=LATER, reason="Over.").then(gone)


def test_who_moves_below_later_counts_too():
    moved = BrandMoved(B, UnitId("G3"), T, S, LATER)
    facts = known(*TREE, *cycle(T), moved)
    facts.when(retire(T, date(2025, 3, 28)), today=LATER, reason="Over.").refused("brand.children")


TOGETHER = TEXT.replace("listed_from = 80", 'listed_from = 80\nchildren_of_retired = "retire"')
BY_IT = [replace(fact, charter_digest=digest(TOGETHER)) if isinstance(fact, BrandApplied) else fact for fact in TREE]


def test_where_the_charter_says_so_those_below_are_retired_too():
    facts = given(*ORGANISATION, *BY_IT, charters=[(LONG_AGO, TOGETHER)])
    gone = [
        BrandRetired(brand, UnitId(unit), 2025, why, LATER)
        for brand, unit, why in (
            (U, "I", "decided"),
            (S, "G4", "parent_retired"),
            (B, "G3", "parent_retired"),
        )
    ]
    facts.when(retire(U, LATER), today=LATER, reason="Over.").then(*gone)


def test_nobody_is_retired_with_others_before_what_was_done_last_about_them():
    before, last = date(2025, 3, 28), date(2025, 3, 31)
    gone = BrandRetired(B, UnitId("G3"), 2025, "decided", last)
    moved = BrandMoved(B, UnitId("G3"), T, S, last)
    for done in (gone, moved, checked(B, "pass", last), applied(B, 2026, last)):
        facts = given(*ORGANISATION, *BY_IT, *cycle(T), done, charters=[(LONG_AGO, TOGETHER)])
        for brand in (S, U):
            facts.when(retire(brand, before), today=LATER, reason="Over.").refused("brand.order")
        failed = check("fail", before, brand=S, checker=TWO)
        facts.when(failed, today=LATER).refused("brand.order")
        assert facts.when(retire(S, last), today=LATER, reason="Over.").refusal is None


def test_a_retirement_falls_on_what_was_listed_by_its_day_alone():
    """Whatever was recorded: neither on an application that is pending, nor on what was listed later."""
    gone, late = (BrandRetired(B, UnitId("G3"), 2025, why, on) for why, on in (("decided", LATER), ("x", DAY)))
    for again in (pending(B, "90", "90", on=LATER), cycle(B, on=LATER)):
        standing = BrandStanding(B)
        for fact in (*cycle(B), gone, *again, late, listed(B, on=LATER)):
            standing.note(fact)
        assert standing.must_be_current(LATER).listed == listed(B, on=LATER)


def test_a_child_holds_no_longer_than_its_parent():
    short = listed(S, until=date(2025, 12, 1))
    facts = (*cycle(U), *pending(S, "90", "90"), short, *pending(B, "90", "90"))
    known(*facts).when(list_(), today=DAY).then(listed(B, until=date(2025, 12, 1)))


def test_the_tree_is_dated():
    tree = BrandTree()
    for fact in (*TREE, *cycle(T), BrandMoved(B, UnitId("G3"), T, S, LATER)):
        if type(fact) in BrandTree.listens_to():
            tree.note(fact)
    place = tree.must_be_listed(B, DAY)
    assert (place.parent_on(DAY), place.parent_on(LATER)) == (S, T)
    assert tree.at(B, DAY - timedelta(days=1)) is None
    assert tree.days(place.span) == [DAY, LATER]


# ---- whatever people do, it stays a forest ----

NESTED = TEXT.replace('parents = ["sub_brand"]', 'parents = ["sub_brand", "business_brand"]').replace(
    "at_most_a_unit = 1", "at_most_a_unit = 3"
)
"""Business brands may stand below business brands, so that there is room for circles."""

UNITS = {"umbrella_brand": "I", "sub_brand": "G4", "business_brand": "G3"}
PARENTS = {"umbrella_brand": [], "sub_brand": ["umbrella_brand"], "business_brand": ["sub_brand", "business_brand"]}
MOST = {"umbrella_brand": 1, "sub_brand": 3, "business_brand": 3}
NAMES = [BrandId(f"N{n}") for n in range(9)]


class Forestry(RuleBasedStateMachine):
    """Brands are listed, moved, retired and renewed at random; what is refused changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[Event] = []
        self.day = date(2025, 1, 6)

    def known(self) -> Given:
        return given(*ORGANISATION, *self.facts, charters=[(LONG_AGO, NESTED)])

    def ask(self, command: Any) -> bool:
        answer = self.known().when(command, today=self.day, reason="So decided.")
        self.facts += answer.facts
        return answer.refusal is None

    @rule(days=st.integers(1, 60))
    def time_goes_by(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(brand=st.sampled_from(NAMES), level=st.sampled_from([*UNITS]), parent=st.sampled_from([None, *NAMES]))
    def somebody_lists(self, brand: BrandId, level: str, parent: BrandId | None) -> None:
        unit, year = UnitId(UNITS[level]), self.day.year
        asked = apply(brand, level=level, parent=parent, unit=unit, year=year, effective=self.day)
        before = list(self.facts)
        reviews = [review(brand, reviewer=r, year=year, effective=self.day) for r in (ONE, TWO)]
        if not all(self.ask(each) for each in (asked, *reviews, list_(brand, year, self.day))):
            self.facts = before  # else the year would be taken

    @rule(brand=st.sampled_from(NAMES), parent=st.sampled_from(NAMES))
    def somebody_moves(self, brand: BrandId, parent: BrandId) -> None:
        self.ask(move(brand, parent, self.day))

    @rule(brand=st.sampled_from(NAMES))
    def somebody_retires(self, brand: BrandId) -> None:
        self.ask(retire(brand, self.day))

    @invariant()
    def it_is_a_forest_on_every_day(self) -> None:
        listed = [fact for fact in self.facts if isinstance(fact, BrandListed)]
        changes = {each.effective for each in listed} | {each.until for each in listed if each.until is not None}
        changes |= {each.effective for each in self.facts if isinstance(each, BrandMoved | BrandRetired)}
        for day in changes:
            above = placed(self.facts, day)
            levels = [level for level, _ in above.values()]
            assert all(levels.count(level) <= most for level, most in MOST.items() if level != "business_brand")
            for brand, (level, parent) in above.items():
                wanted = PARENTS[level]
                assert (parent is None) == (not wanted)
                assert parent is None or above[parent][0] in wanted
                steps, at = 0, parent
                while at is not None:
                    assert at != brand
                    at, steps = above[at][1], steps + 1
                    assert steps <= len(above)


def placed(facts: list[Event], day: date) -> dict[BrandId, tuple[str, BrandId | None]]:
    """Which brands are in the tree on a day, by their level and parent: told from the events alone, in another way."""
    found: dict[BrandId, tuple[str, BrandId | None]] = {}
    for fact in sorted(
        (f for f in facts if isinstance(f, BrandListed | BrandMoved | BrandRetired) and f.effective <= day),
        key=lambda f: f.effective,
    ):
        match fact:
            case BrandListed():
                found.pop(fact.brand, None)
                if fact.until is None or day < fact.until:
                    found[fact.brand] = (fact.level, fact.parent)
            case BrandMoved() if fact.brand in found:
                found[fact.brand] = (found[fact.brand][0], fact.parent)
            case BrandRetired():
                found.pop(fact.brand, None)
    return found


def test_whatever_people_do_it_stays_a_forest_with_one_umbrella():
    run_state_machine_as_test(Forestry, settings=settings(max_examples=40, stateful_step_count=25, deadline=None))


def test_the_random_woods_grow_high_enough():
    """That what the machine above does is not all refused."""
    machine = Forestry()
    machine.somebody_lists(NAMES[0], "umbrella_brand", None)
    machine.somebody_lists(NAMES[1], "sub_brand", NAMES[0])
    machine.somebody_lists(NAMES[2], "business_brand", NAMES[1])
    machine.somebody_lists(NAMES[3], "business_brand", NAMES[2])
    assert len(placed(machine.facts, machine.day)) == 4
    machine.somebody_moves(NAMES[2], NAMES[3])
    assert placed(machine.facts, machine.day)[NAMES[2]] == ("business_brand", NAMES[1])
    machine.somebody_moves(NAMES[3], NAMES[1])
    assert placed(machine.facts, machine.day)[NAMES[3]] == ("business_brand", NAMES[1])
    machine.facts.append(BrandMoved(NAMES[1], UnitId("G4"), NAMES[2], NAMES[0], machine.day))
    with pytest.raises(AssertionError):
        machine.it_is_a_forest_on_every_day()
