"""Who holds the levels of a unit's chain: heads, who is in charge, who acts, who leads ex officio, and nobody."""

from __future__ import annotations

from datetime import date

from tests.given import Given, given
from tests.workflow.indicators.known import CHARTER
from tests.workflow.organisation.happened import (
    BUSINESS,
    PARTY,
    appointed,
    appointment_ended,
    bound,
    leads,
    person,
    post,
)
from workflow.ids import UnitId
from workflow.organisation.events import PostDutiesSet, UnitMoved
from workflow.organisation.levels import LevelHolders
from workflow.slices import Event

DAY = date(2025, 6, 4)
LEVELS = ("handler", "department_head", "deputy_in_charge", "chief", "group_leader", "organ_secretary")
OFFICE = (
    *BUSINESS,
    *PARTY,
    *(person(f"P{n}") for n in range(1, 8)),
    post("G7-HEAD", "G7", "department_head"),
    post("DCP-DEPUTY", "DCP", "deputy_chief"),
    post("DCP-CHIEF", "DCP", "chief"),
    post("PG7-LEAD", "PG7", "group_leader"),
    post("OC-SEC", "OC", "organ_secretary"),
    appointed("A1", "P1", "DCP-CHIEF"),
    appointed("A2", "P2", "DCP-DEPUTY"),
    appointed("A5", "P5", "G7-HEAD"),
    appointed("A6", "P6", "OC-SEC"),
    PostDutiesSet(post("DCP-DEPUTY", "DCP", "").post, (UnitId("G7"),), date(2025, 1, 1)),
)


def holders(*more: Event, unit: str = "G7", levels: tuple[str, ...] = LEVELS, day: date = DAY) -> dict[str, list[str]]:
    known: Given = given(*OFFICE, *more)
    asked = LevelHolders(CHARTER, UnitId(unit), levels, day)
    for stage in asked.knows():
        known._read(stage)
    return {level: [*people] for level, people in asked.holders.items()}


def test_a_level_is_held_by_the_head_of_the_nearest_unit_or_by_who_is_in_charge_of_it():
    assert holders(bound("N7", "G7", "PG7")) == {
        "handler": [],  # a unit has no post of its own
        "department_head": ["P5"],
        "deputy_in_charge": ["P2"],
        "chief": ["P1"],
        "group_leader": [],
        "organ_secretary": ["P6"],
    }


def test_who_leads_ex_officio_holds_the_level_of_the_group():
    known = (bound("N7", "G7", "PG7"), leads(7, "P5", "A5", date(2025, 1, 1)))
    assert holders(*known)["group_leader"] == ["P5"]
    assert holders(*known, unit="PG7", levels=("group_leader", "department_head")) == {
        "group_leader": ["P5"],
        "department_head": ["P5"],
    }


def test_a_vacancy_has_nobody_and_who_acts_counts():
    left = appointment_ended("A5", "P5", "G7-HEAD", date(2025, 6, 2))
    acting = appointed("A8", "P4", "G7-HEAD", date(2025, 6, 3), "acting")
    assert holders(left)["department_head"] == []
    assert holders(left, day=date(2025, 6, 1))["department_head"] == ["P5"]
    assert holders(left, acting)["department_head"] == ["P4"]


def test_without_a_grid_the_other_line_is_reached_at_its_top():
    top = (post("LG-SEC", "LG", "leading_group_secretary"), appointed("A9", "P7", "LG-SEC"))
    assert holders(*top, levels=("leading_group_secretary", "organ_secretary")) == {
        "leading_group_secretary": ["P7"],
        "organ_secretary": [],
    }


def test_duties_and_the_tree_are_those_of_the_day():
    other = PostDutiesSet(post("DCP-DEPUTY", "DCP", "").post, (UnitId("G6"),), date(2025, 6, 4))
    assert holders(other)["deputy_in_charge"] == []
    assert holders(other, day=date(2025, 6, 3))["deputy_in_charge"] == ["P2"]
    moved = UnitMoved(UnitId("G7"), None, UnitId("DCP"), date(2025, 6, 4))
    assert holders(moved)["chief"] == []
    assert holders(moved, day=date(2025, 6, 3))["chief"] == ["P1"]
