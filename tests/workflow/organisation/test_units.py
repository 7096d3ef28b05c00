"""Units stand in a tree that the charter shapes, and end only when nothing is left in them."""

from __future__ import annotations

from datetime import date

import pytest

from tests.given import LONG_AGO, TODAY, given
from tests.workflow.organisation.happened import (
    BUSINESS,
    PARTY,
    appointed,
    bound,
    member,
    membership_ended,
    person,
    post,
    unit,
)
from workflow.ids import PostId, UnitId
from workflow.organisation.events import (
    PostAbolished,
    UnitDissolved,
    UnitEstablished,
    UnitMoved,
    UnitRenamed,
)
from workflow.organisation.units import DissolveUnit, EstablishUnit, MoveUnit, RenameUnit

JULY = date(2025, 7, 1)
AUGUST = date(2025, 8, 1)
SEPTEMBER = date(2025, 9, 1)


def establish(
    id: str = "G1", kind: str = "department", parent: str | None = "DCP", effective: date = TODAY
) -> EstablishUnit:
    return EstablishUnit(
        unit=UnitId(id),
        kind=kind,
        name_zh="一部",
        parent=None if parent is None else UnitId(parent),
        effective=effective,
    )


def rename(id: str, name: str, effective: date = TODAY) -> RenameUnit:
    return RenameUnit(unit=UnitId(id), name_zh=name, effective=effective)


def move(id: str, parent: str | None, effective: date = TODAY) -> MoveUnit:
    return MoveUnit(unit=UnitId(id), parent=None if parent is None else UnitId(parent), effective=effective)


def moved(id: str, parent: str, previous: str, effective: date = TODAY) -> UnitMoved:
    return UnitMoved(UnitId(id), UnitId(parent), UnitId(previous), effective)


def dissolve(id: str, effective: date = TODAY) -> DissolveUnit:
    return DissolveUnit(unit=UnitId(id), effective=effective)


def test_a_unit_is_established_below_a_parent_of_an_allowed_kind():
    given(*BUSINESS).when(establish()).then(
        UnitEstablished(UnitId("G1"), "department", "一部", "", UnitId("DCP"), TODAY)
    )


def test_a_unit_whose_kind_has_no_parents_is_a_root():
    given().when(establish("DCP", "institution", None)).then(
        UnitEstablished(UnitId("DCP"), "institution", "一部", "", None, TODAY)
    )


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("department", "G6"), ("department", None), ("institution", "DCP"), ("party_group", "OC")],
)
def test_a_unit_below_a_parent_of_another_kind_is_refused(kind: str, parent: str | None):
    given(*BUSINESS, *PARTY).when(establish("X", kind, parent)).refused("unit.parent")


def test_a_unit_of_a_kind_the_charter_does_not_know_is_refused():
    given(*BUSINESS).when(establish(kind="ward")).refused("unit.kind")


def test_a_unit_id_is_not_used_twice_even_after_the_unit_is_dissolved():
    given(*BUSINESS).when(establish("G6")).refused("unit.exists")
    given(*BUSINESS, UnitDissolved(UnitId("G6"), TODAY)).when(establish("G6")).refused("unit.exists")


def test_a_malformed_unit_id_is_refused():
    given(*BUSINESS).when(establish("G 1")).refused("id.malformed")


def test_a_unit_without_any_name_is_refused():
    nameless = EstablishUnit(unit=UnitId("G1"), kind="department", name_zh=" ", parent=UnitId("DCP"), effective=TODAY)
    given(*BUSINESS).when(nameless).refused("unit.nameless")


def test_a_unit_is_not_established_before_its_parent_or_after_its_end():
    given(unit("DCP", "institution", since=AUGUST)).when(establish(effective=JULY)).refused("unit.not_yet")
    gone = (unit("DCP", "institution"), UnitDissolved(UnitId("DCP"), AUGUST))
    given(*gone).when(establish(effective=AUGUST)).refused("unit.dissolved")
    given(*gone).when(establish(effective=JULY)).refused("unit.dissolved")
    given().when(establish()).refused("unit.unknown")


def test_without_a_charter_in_force_nothing_is_established():
    given(*BUSINESS, charter=None).when(establish()).refused("charter.none")


def test_a_unit_is_renamed_from_a_date_on():
    given(*BUSINESS).when(rename("G6", "未检部")).then(UnitRenamed(UnitId("G6"), "未检部", "", TODAY))


def test_a_unit_is_not_renamed_before_its_last_renaming():
    renamed = UnitRenamed(UnitId("G6"), "未检部", "", AUGUST)
    given(*BUSINESS, renamed).when(rename("G6", "少年部", JULY)).refused("unit.order")
    given(*BUSINESS, renamed).when(rename("G6", "少年部", AUGUST)).then(UnitRenamed(UnitId("G6"), "少年部", "", AUGUST))


def test_a_unit_is_not_given_the_name_it_has():
    given(*BUSINESS, UnitRenamed(UnitId("G6"), "未检部", "", LONG_AGO)).when(rename("G6", "未检部")).refused(
        "unit.same_name"
    )


def test_a_unit_that_is_not_there_is_not_renamed():
    given(*BUSINESS).when(rename("G9", "未检部")).refused("unit.unknown")
    given(*BUSINESS, UnitDissolved(UnitId("G6"), JULY)).when(rename("G6", "未检部", JULY)).refused("unit.dissolved")


def test_a_unit_moves_below_another_parent():
    branch = unit("B5", "branch", "OC")
    given(*PARTY, branch).when(move("PG6", "B5")).then(moved("PG6", "B5", "B4"))


def test_a_unit_does_not_move_before_its_last_move():
    before = (*PARTY, unit("B5", "branch", "OC"), moved("PG6", "B5", "B4", AUGUST))
    given(*before).when(move("PG6", "B4", JULY)).refused("unit.order")
    given(*before).when(move("PG6", "B4", AUGUST)).then(moved("PG6", "B4", "B5", AUGUST))


def test_a_unit_does_not_move_to_where_it_stands():
    given(*PARTY).when(move("PG6", "B4")).refused("unit.same_parent")


def test_a_unit_moves_only_below_a_parent_of_an_allowed_kind_that_is_there():
    given(*PARTY).when(move("PG6", "OC")).refused("unit.parent")
    given(*PARTY).when(move("PG6", None)).refused("unit.parent")
    given(*PARTY).when(move("PG6", "B9")).refused("unit.unknown")
    given(*PARTY, unit("B5", "branch", "OC", AUGUST)).when(move("PG6", "B5", JULY)).refused("unit.not_yet")


NESTED = (
    unit("H", "hospital"),
    unit("D", "department", "H"),
    *(unit(ward, "ward", "D") for ward in ("W1", "W2", "W3")),
)
"""Wards of the hospital may not stand in one another; in these tests of the tree they happen to."""


def test_a_unit_does_not_move_below_itself():
    given(*NESTED, charter="hospital").when(move("W1", "W1")).refused("unit.circle")


def test_a_unit_does_not_move_below_a_unit_that_stands_below_it():
    below = (moved("W2", "W1", "D", LONG_AGO), moved("W3", "W2", "D", LONG_AGO))
    given(*NESTED, *below, charter="hospital").when(move("W1", "W3")).refused("unit.circle")


def test_a_circle_that_would_close_only_later_is_refused_too():
    later = moved("W2", "W1", "D", AUGUST)
    refused = given(*NESTED, later, charter="hospital").when(move("W1", "W2", JULY)).refused("unit.circle")
    assert str(AUGUST) in refused.sentence


def test_a_unit_may_move_below_one_that_no_longer_stands_below_it():
    """It is refused, but only for its kind: there is no circle on any day."""
    before = (moved("W2", "W1", "D", LONG_AGO), moved("W2", "D", "W1", JULY))
    given(*NESTED, *before, charter="hospital").when(move("W1", "W2", AUGUST)).refused("unit.parent")


def test_an_empty_unit_is_dissolved_together_with_its_posts():
    posts = (post("G6-HEAD", "G6", "department_head"), post("G6-H1", "G6", "handler", since=AUGUST))
    given(*BUSINESS, *posts).when(dissolve("G6", JULY)).then(
        PostAbolished(PostId("G6-HEAD"), UnitId("G6"), JULY),
        PostAbolished(PostId("G6-H1"), UnitId("G6"), AUGUST),
        UnitDissolved(UnitId("G6"), JULY),
    )


def test_a_unit_is_not_dissolved_while_units_stand_below_it():
    given(*BUSINESS).when(dissolve("DCP")).refused("unit.has_units")
    gone = (UnitDissolved(UnitId("G6"), JULY), UnitDissolved(UnitId("G7"), AUGUST))
    given(*BUSINESS, *gone).when(dissolve("DCP", JULY)).refused("unit.has_units")
    given(*BUSINESS, *gone).when(dissolve("DCP", AUGUST)).then(UnitDissolved(UnitId("DCP"), AUGUST))


def test_a_unit_from_which_all_moved_away_is_dissolved():
    before = (*PARTY, unit("B5", "branch", "OC"), moved("PG6", "B5", "B4"))
    given(*before, moved("PG7", "B5", "B4", AUGUST)).when(dissolve("B4", JULY)).refused("unit.has_units")
    given(*before, moved("PG7", "B5", "B4", JULY)).when(dissolve("B4", JULY)).then(UnitDissolved(UnitId("B4"), JULY))


def test_a_unit_is_not_dissolved_while_somebody_holds_a_post_in_it():
    held = (post("G6-HEAD", "G6", "department_head"), person("P1"))
    given(*BUSINESS, *held, appointed("A1", "P1", "G6-HEAD", until=AUGUST)).when(dissolve("G6", JULY)).refused(
        "unit.has_holders"
    )
    given(*BUSINESS, *held, appointed("A1", "P1", "G6-HEAD", until=JULY)).when(dissolve("G6", JULY)).then_some(
        UnitDissolved(UnitId("G6"), JULY)
    )


def test_a_unit_is_not_dissolved_while_it_has_members():
    given(*PARTY, person("P1"), member("P1", "PG6")).when(dissolve("PG6")).refused("unit.has_members")
    left = membership_ended("P1", "PG6", TODAY)
    given(*PARTY, person("P1"), member("P1", "PG6"), left).when(dissolve("PG6")).then(
        UnitDissolved(UnitId("PG6"), TODAY)
    )


@pytest.mark.parametrize("id", ["G6", "PG6"])
def test_a_unit_is_not_dissolved_while_a_grid_binds_it(id: str):
    given(*BUSINESS, *PARTY, bound("N6", "G6", "PG6")).when(dissolve(id)).refused("unit.bound")


def test_a_unit_is_not_dissolved_twice_but_although_it_was_to_change_later():
    given(*BUSINESS, UnitDissolved(UnitId("G6"), JULY)).when(dissolve("G6", JULY)).refused("unit.dissolved")
    renamed = UnitRenamed(UnitId("G6"), "未检部", "", SEPTEMBER)
    given(*BUSINESS, renamed).when(dissolve("G6", AUGUST)).then(UnitDissolved(UnitId("G6"), AUGUST))
