"""A grid binds one department to one group, each in one grid at a time; who leads is in test_ex_officio."""

from __future__ import annotations

from datetime import date

import pytest

from tests.given import TODAY, given
from tests.workflow.organisation.happened import BUSINESS, PARTY, bound, nobody_leads, unit
from workflow.ids import GridId, UnitId
from workflow.organisation.events import GridUnbound, UnitDissolved
from workflow.organisation.grids import BindGrid, UnbindGrid

JULY = date(2025, 7, 1)
AUGUST = date(2025, 8, 1)


def bind(grid: str, department: str, group: str, effective: date = TODAY) -> BindGrid:
    return BindGrid(grid=GridId(grid), department=UnitId(department), group=UnitId(group), effective=effective)


def unbind(effective: date = TODAY) -> UnbindGrid:
    return UnbindGrid(grid=GridId("N6"), effective=effective)


def unbound(effective: date) -> GridUnbound:
    return GridUnbound(GridId("N6"), UnitId("G6"), UnitId("PG6"), effective)


def test_a_grid_binds_a_department_to_a_group():
    given(*BUSINESS, *PARTY).when(bind("N6", "G6", "PG6")).then(
        bound("N6", "G6", "PG6", TODAY), nobody_leads(6, "vacancy", TODAY)
    )


@pytest.mark.parametrize(("department", "group"), [("PG6", "G6"), ("G6", "B4"), ("G6", "G7"), ("G6", "G6")])
def test_a_grid_binds_only_kinds_for_which_the_charter_has_a_rule(department: str, group: str):
    given(*BUSINESS, *PARTY).when(bind("N6", department, group)).refused("grid.kinds")


def test_a_grid_id_is_not_used_twice():
    once = (bound("N6", "G6", "PG6"), unbound(TODAY))
    given(*BUSINESS, *PARTY, *once).when(bind("N6", "G7", "PG7")).refused("grid.exists")


def test_a_unit_is_in_one_grid_at_a_time():
    before = (*BUSINESS, *PARTY, bound("N6", "G6", "PG6"))
    given(*before).when(bind("N9", "G6", "PG7")).refused("grid.taken")
    given(*before).when(bind("N9", "G7", "PG6")).refused("grid.taken")
    given(*before, unbound(AUGUST)).when(bind("N9", "G6", "PG7", JULY)).refused("grid.taken")
    assert given(*before, unbound(AUGUST)).when(bind("N9", "G6", "PG7", AUGUST)).facts


def test_a_grid_binds_only_units_that_are_there():
    given(*BUSINESS, *PARTY).when(bind("N6", "G9", "PG6")).refused("unit.unknown")
    given(*BUSINESS, unit("PG6", "party_group", "B4", AUGUST)).when(bind("N6", "G6", "PG6", JULY)).refused(
        "unit.not_yet"
    )
    gone = UnitDissolved(UnitId("PG6"), AUGUST)
    given(*BUSINESS, *PARTY, gone).when(bind("N6", "G6", "PG6", JULY)).refused("unit.dissolved")


def test_a_grid_is_unbound_once_and_not_before_it_was_bound():
    before = (*BUSINESS, *PARTY, bound("N6", "G6", "PG6", JULY), nobody_leads(6, "vacancy", JULY))
    given(*before).when(unbind(AUGUST)).then(unbound(AUGUST))
    given(*before).when(unbind(TODAY)).refused("grid.order")
    given(*before, unbound(AUGUST)).when(unbind(AUGUST)).refused("grid.unbound")
    given(*BUSINESS, *PARTY).when(unbind()).refused("grid.unknown")
