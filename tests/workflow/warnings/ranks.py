"""A department with everybody above it, for the tests of who is told, who interviews, and whom a warning goes up to."""

from __future__ import annotations

from datetime import date

from tests.workflow.indicators.known import START, adopted
from tests.workflow.organisation.happened import appointed, bound, person, post, unit
from workflow.clock.events import ClockStarted
from workflow.ids import PersonId, UnitId
from workflow.organisation.events import PostDutiesSet

HEAD, DEPUTY, CHIEF, ORGAN, CHECKER = (PersonId(id) for id in ("P1", "P2", "P3", "P6", "P9"))
"""CHIEF is also secretary of the leading group; HEAD heads G3, CHECKER heads G4."""

RANKS = (
    unit("DCP", "institution"),
    unit("G3", "department", "DCP"),
    unit("G4", "department", "DCP"),
    unit("LG", "leading_group"),
    unit("OC", "organ_committee", "LG"),
    unit("B2", "branch", "OC"),
    unit("PG3", "party_group", "B2"),
    bound("N3", "G3", "PG3"),
    *(person(id) for id in ("P1", "P2", "P3", "P6", "P9")),
    post("G3-HEAD", "G3", "department_head"),
    post("G4-HEAD", "G4", "department_head"),
    post("DCP-DEPUTY", "DCP", "deputy_chief"),
    post("DCP-CHIEF", "DCP", "chief"),
    post("LG-SEC", "LG", "leading_group_secretary"),
    post("OC-SEC", "OC", "organ_secretary"),
    appointed("A1", HEAD, "G3-HEAD"),
    appointed("A2", DEPUTY, "DCP-DEPUTY"),
    appointed("A3", CHIEF, "DCP-CHIEF"),
    appointed("A4", CHIEF, "LG-SEC", kind="concurrent"),
    appointed("A6", ORGAN, "OC-SEC"),
    appointed("A9", CHECKER, "G4-HEAD"),
    PostDutiesSet(post("DCP-DEPUTY", "DCP", "").post, (UnitId("G3"),), date(2024, 1, 1)),
    adopted("I07"),
)

CLOCK = ClockStarted(START)
