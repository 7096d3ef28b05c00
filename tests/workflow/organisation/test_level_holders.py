"""Who holds the levels of the chain of a unit, on both lines, as commands find it."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from tests.given import given
from tests.workflow.duties.known import ORGANISATION
from tests.workflow.indicators.known import CHARTER, START, department, holds, person, post
from tests.workflow.organisation.happened import unit
from workflow.charter.library import learn
from workflow.charter.loader import shipped
from workflow.ids import AppointmentId, GridId, PersonId, PostId, UnitId
from workflow.organisation.events import (
    AppointmentEnded,
    ExOfficioLeadershipStarted,
    GridUnbound,
    PostAbolished,
    PostDutiesSet,
    UnitMoved,
)
from workflow.organisation.levels import LevelHolders
from workflow.slices import Event

DAY, LATER = date(2025, 6, 4), date(2025, 7, 1)
BUSINESS = ("handler", "department_head", "deputy_in_charge", "chief")
PARTY = ("group_leader", "branch_secretary", "organ_secretary", "leading_group_secretary")
LEADS = ExOfficioLeadershipStarted(
    GridId("GRID3"),
    UnitId("PG3"),
    UnitId("G3"),
    PersonId("P1"),
    AppointmentId("P1-G3-HEAD"),
    "head_leads_group",
    False,
    START,
)


def held(unit: str, *more: Event, day: date = DAY) -> dict[str, list[str]]:
    """Who holds each level of both lines; levels that nobody holds are left out."""
    holders = LevelHolders(CHARTER, UnitId(unit), (*BUSINESS, *PARTY), day)
    known = given(*ORGANISATION, *more)
    for stage in holders.knows():
        known._read(stage)
    return {level: list(people) for level in (*BUSINESS, *PARTY) if (people := holders.holders[level])}


def test_the_levels_of_a_department_are_found_in_its_tree_and_by_its_grid_on_the_other_line():
    assert held("G3", LEADS) == {
        "department_head": ["P1"],
        "deputy_in_charge": ["P7"],
        "group_leader": ["P1"],
        "branch_secretary": ["P2"],
        "organ_secretary": ["P8"],
    }


def test_those_of_a_party_group_are_found_the_other_way_round():
    assert held("PG3", LEADS) == held("G3", LEADS)


def test_without_a_grid_nobody_is_found_on_the_other_line():
    assert held("G4") == {"deputy_in_charge": ["P7"]}
    unbound = GridUnbound(GridId("GRID3"), UnitId("G3"), UnitId("PG3"), DAY)
    assert held("G3", unbound) == {"department_head": ["P1"], "deputy_in_charge": ["P7"]}
    assert "branch_secretary" in held("G3", replace(unbound, effective=LATER))


def test_a_unit_below_a_department_has_the_levels_of_the_department():
    assert held("T", department("T", "department", "G3")) != held("G3")  # itself a department: its own comes first
    assert held("T", department("T", "ward", "G3")) == held("G3")


def test_acting_holders_count_and_stand_after_those_who_hold_the_post():
    acting = holds("P9", "G3-HEAD", "G3", "acting", since=DAY)
    assert held("G3", acting)["department_head"] == ["P1", "P9"]
    ended = AppointmentEnded(AppointmentId("P1-G3-HEAD"), PersonId("P1"), PostId("G3-HEAD"), UnitId("G3"), DAY)
    assert held("G3", acting, ended)["department_head"] == ["P9"]


def test_who_is_in_charge_of_a_unit_is_so_from_the_day_on_which_the_duties_were_set():
    moved = PostDutiesSet(PostId("DC1"), (UnitId("G4"),), LATER)
    assert held("G3", moved)["deputy_in_charge"] == ["P7"]
    assert "deputy_in_charge" not in held("G3", moved, day=LATER)
    assert held("G4", moved, day=LATER)["deputy_in_charge"] == ["P7"]
    other = (
        post("DC2", "I", "deputy_chief"),
        holds("P9", "DC2", "I"),
        PostDutiesSet(PostId("DC2"), (UnitId("G3"),), LATER),
    )
    assert held("G3", moved, *other, day=LATER)["deputy_in_charge"] == ["P9"]


def test_a_post_that_was_abolished_holds_no_level():
    gone = PostAbolished(PostId("DC1"), UnitId("I"), DAY)
    assert "deputy_in_charge" not in held("G3", gone)


def test_the_way_up_is_that_of_the_day():
    elsewhere = department("B5", "branch", "OC"), post("B5-SEC", "B5", "branch_secretary"), holds("P9", "B5-SEC", "B5")
    moved = UnitMoved(UnitId("PG3"), UnitId("B5"), UnitId("B2"), LATER)
    assert held("G3", *elsewhere, moved)["branch_secretary"] == ["P2"]
    assert held("G3", *elsewhere, moved, day=LATER)["branch_secretary"] == ["P9"]


def test_of_a_unit_nobody_established_nobody_holds_anything():
    assert held("X") == {}


def test_levels_that_do_not_stand_above_a_unit_are_beside_its_way():
    """The hospital, whose one line has the levels of wards, teams and the committee."""
    charter = learn(shipped("hospital"))
    asked = "head_nurse", "director", "quality_team_leader", "committee_chair", "president"
    known = given(
        unit("H", "hospital"),
        unit("D", "department", "H"),
        unit("QC", "quality_committee", "H"),
        unit("QT", "quality_team", "QC"),
        post("H-PRES", "H", "president"),
        person("P1"),
        holds("P1", "H-PRES", "H"),
        charter="hospital",
    )

    def holders(unit: str) -> tuple[set[str], list[str]]:
        found = LevelHolders(charter, UnitId(unit), asked, DAY)
        for stage in found.knows():
            known._read(stage)
        return found.beside, found.held_by(PersonId("P1"))

    assert holders("D") == ({"head_nurse", "quality_team_leader", "committee_chair"}, ["president"])
    assert holders("QT") == ({"head_nurse", "director"}, ["president"])
