"""Overriding a colour: by whom the charter names, by two persons, beside what was computed; and lifting it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.given import LONG_AGO, given
from tests.workflow.indicators.known import TEXT, adopted, reported
from tests.workflow.organisation.happened import appointment_ended
from tests.workflow.warnings.ranks import CHIEF, DEPUTY, HEAD, RANKS
from workflow.charter.loader import digest
from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.events import ColourOverridden, OverrideLifted, ReadingMissed
from workflow.indicators.overrides import LiftOverride, OverrideColour

IN_TIME, DUE, DAY = date(2025, 6, 4), date(2025, 6, 5), date(2025, 6, 9)
I07, G3 = IndicatorId("I07"), UnitId("G3")
red = reported("I07", "G3", "2025-05", "33", IN_TIME, DUE)
MAY = red.reading
green_beside = ColourOverridden(MAY, I07, G3, "2025-05", DEPUTY, "red", "green", DAY)
WHY: dict[str, Any] = {"today": DAY, "approver": "C2", "reason": "One case was counted that was suspended."}


def override(**changes: Any) -> OverrideColour:
    return OverrideColour(**{"reading": MAY, "person": DEPUTY, "colour": "green", "effective": DAY, **changes})


def lift(**changes: Any) -> LiftOverride:
    return LiftOverride(**{"reading": MAY, "person": DEPUTY, "effective": DAY, **changes})


def test_who_holds_a_level_that_may_sets_another_colour_and_no_warning_is_touched() -> None:
    known = given(*RANKS, red)
    for person in (DEPUTY, CHIEF):
        known.when(override(person=person), **WHY).then(replace(green_beside, person=person))
    refused = known.when(override(person=HEAD), **WHY).refused("override.not_level")
    assert "P2 or P3" in refused.sentence


def test_who_does_not_hold_the_level_on_that_day_may_not() -> None:
    left = appointment_ended("A2", "P2", "DCP-DEPUTY", DAY)
    given(*RANKS, left, red).when(override(), **WHY).refused("override.not_level")


def test_where_the_charter_names_no_level_nobody_may() -> None:
    bare = "".join(line for line in TEXT.splitlines(True) if not line.startswith("override = {"))
    given(*RANKS, red, charters=[(LONG_AGO, bare)]).when(override(), **WHY).refused("override.not_level")


@pytest.mark.parametrize("act", [override, lift])
def test_it_takes_two_persons_and_a_reason(act: Any) -> None:
    known = given(*RANKS, red, green_beside) if act is lift else given(*RANKS, red)
    known.when(act(), today=DAY, reason="So it is.").refused("override.second_person")
    known.when(act(), today=DAY, reason="So it is.", approver="C1").refused("override.second_person")
    known.when(act(), today=DAY, reason=" ", approver="C2").refused("override.reason")


def test_only_a_colour_that_was_computed_of_a_value_is_overridden_and_by_another_one() -> None:
    given(*RANKS).when(override(), **WHY).refused("reading.unknown")
    missed = ReadingMissed(MAY, I07, G3, "2025-05", "red", DUE, "1", digest(TEXT), DAY)
    given(*RANKS, missed).when(override(), **WHY).refused("override.missing")
    known = given(*RANKS, red)
    known.when(override(colour="red"), **WHY).refused("override.same")
    known.when(override(colour="blue"), **WHY).refused("override.colour")
    given(*RANKS, red, green_beside).when(override(), **WHY).refused("override.same")
    shown = reported("I08", "G3", "2025-05", "95", IN_TIME, DUE)
    asked = override(reading=ReadingId("I08.G3.2025-05"))
    given(*RANKS, adopted("I08"), shown).when(asked, **WHY).refused("override.reference")


def test_it_is_not_before_what_it_changes_and_not_on_a_day_to_come() -> None:
    given(*RANKS, red).when(override(effective=date(2025, 6, 3)), **WHY).refused("override.order")
    given(*RANKS, red).when(override(effective=date(2025, 6, 10)), **WHY).refused("override.future")


def test_it_is_lifted_and_may_be_set_anew() -> None:
    lifted = OverrideLifted(MAY, I07, G3, "2025-05", DEPUTY, DAY)
    given(*RANKS, red, green_beside).when(lift(), **WHY).then(lifted)
    given(*RANKS, red).when(lift(), **WHY).refused("override.none")
    given(*RANKS, red, green_beside, lifted).when(lift(), **WHY).refused("override.none")
    given(*RANKS, red, green_beside, lifted).when(override(), **WHY).then(green_beside)
