"""A shadow: what another charter would have made of recorded readings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.given import TODAY, given
from tests.workflow.indicators.known import TEXT, adopted, department, reported
from workflow.charter.library import learn
from workflow.charter.loader import digest
from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.events import ReadingMissed, TargetSet
from workflow.indicators.readings import CorrectReading
from workflow.shadow.readings import ColourChange, ShadowReadings
from workflow.shadow.rules import Rules
from workflow.slices import Event

ON, DUE = date(2025, 6, 4), date(2025, 6, 5)
STRICTER = TEXT.replace("yellow = 0.80 }", "yellow = 0.90 }", 1)
G2, G3 = UnitId("G2"), UnitId("G3")
# 17 of 20 are 85 %: yellow, and red where yellow begins at 90 %. I07 has limits of its own.
pieces = reported("I06", "G2", "2025-05", "17", ON, DUE)
days = reported("I07", "G3", "2025-05", "30", ON, DUE)


def shadow(text: str, *facts: Event) -> ShadowReadings:
    found = ShadowReadings(Rules(learn(text), digest(text)))
    for fact in facts:
        if type(fact) in found.listens_to():
            found.follow(fact)
    return found


def brief(changes: list[ColourChange]) -> list[tuple[str, str, str, str, str]]:
    return [(c.reading, c.colour, c.decided_by, c.shadow_colour, c.shadow_decided_by) for c in changes]


def test_under_the_charter_that_judged_them_nothing_differs():
    assert shadow(TEXT, pieces, days).changes(None) == []


def test_what_stricter_limits_would_have_judged_differently_is_told():
    found = shadow(STRICTER, pieces, days)
    assert brief(found.changes(None)) == [("I06.G2.2025-05", "yellow", "yellow >=0.80", "red", "red <0.90")]
    assert found.looked_at(None) == 2


def test_definitions_are_those_of_the_charter():
    start = TEXT.index('id = "I07"')
    looser = TEXT[:start] + TEXT[start:].replace('">28"', '">31"', 1)
    assert brief(shadow(looser, pieces, days).changes(None)) == [
        ("I07.G3.2025-05", "yellow", "yellow >28", "green", "green not >31")
    ]
    for_reference = TEXT[:start] + TEXT[start:].replace('mode = "scored"', 'mode = "reference_only"', 1)
    (found,) = shadow(for_reference, days).changes(None)
    assert (found.colour, found.shadow_colour, found.shadow_rule) == ("yellow", "none", "reference")


def test_what_is_not_measured_any_more_has_no_colour():
    start = TEXT.index('[[indicators]]\nid = "I07"')
    end = TEXT.index("[[indicators]]", start + 1)
    (found,) = shadow(TEXT[:start] + TEXT[end:], pieces, days).changes(None)
    assert (found.reading, found.shadow_colour, found.shadow_rule) == ("I07.G3.2025-05", "none", "unmeasured")


@pytest.mark.parametrize(
    ("asked", "otherwise"),
    [('units = ["G3"]', 'units = ["G4"]'), ('frequency = "monthly"', 'frequency = "quarterly"')],
)
def test_what_is_asked_of_other_units_or_for_other_periods_has_no_colour_even_corrected(asked: str, otherwise: str):
    start = TEXT.index('id = "I07"')
    elsewhere = TEXT[:start] + TEXT[start:].replace(asked, otherwise, 1)
    correct = CorrectReading(reading=days.reading, value=Decimal(20), effective=TODAY)
    known = (adopted("I07"), department("G3"), days)
    corrected = given(*known).when(correct, approver="C2", reason="A slip.").facts
    (found,) = shadow(elsewhere, days, *corrected).changes(None)
    assert (found.colour, found.shadow_colour, found.shadow_rule) == ("green", "none", "unmeasured")


def test_a_reading_that_came_late_is_judged_by_its_value():
    id = ReadingId("I07.G3.2025-05")
    missed = ReadingMissed(id, IndicatorId("I07"), G3, "2025-05", "yellow", DUE, "1", digest(TEXT), date(2025, 6, 6))
    looser = TEXT[: TEXT.index('id = "I07"')] + TEXT[TEXT.index('id = "I07"') :].replace('">28"', '">31"', 1)
    for facts in ((missed, days), (days, missed)):
        found = shadow(TEXT, *facts)
        assert (found.changes(None), found.looked_at(None)) == ([], 1)
        (change,) = shadow(looser, *facts).changes(None)
        assert (change.value, change.colour, change.shadow_colour) == (Decimal(30), "yellow", "green")


def test_a_target_that_was_set_for_the_unit_counts_here_too():
    easy = TargetSet(IndicatorId("I06"), G2, 2025, Decimal(36), date(2025, 1, 1))
    reached = reported("I06", "G2", "2025-05", "17", ON, DUE, target="36")  # 17 of 15
    assert shadow(STRICTER, easy, reached).changes(None) == []


def test_a_corrected_value_is_judged_instead_of_the_reported_one():
    known = (adopted("I06"), department("G2"), pieces)
    correct = CorrectReading(reading=pieces.reading, value=Decimal(20), effective=TODAY)
    corrected = given(*known).when(correct, approver="C2", reason="A slip.").facts
    assert shadow(STRICTER, pieces, *corrected).changes(None) == []


def test_what_is_missing_is_judged_on_the_day_on_which_it_was_found_missing():
    id = ReadingId("I07.G3.2025-05")
    missed = ReadingMissed(id, IndicatorId("I07"), G3, "2025-05", "yellow", DUE, "1", digest(TEXT), date(2025, 6, 6))
    assert shadow(TEXT, missed).changes(None) == []
    patient = TEXT.replace("yellow_from_working_day = 1", "yellow_from_working_day = 2", 1)
    (found,) = shadow(patient, missed).changes(None)
    assert (found.value, found.colour, found.shadow_colour, found.shadow_rule) == (None, "yellow", "none", "missing")


def test_only_periods_that_ended_since_are_looked_at():
    found = shadow(STRICTER, pieces, days)
    assert found.changes(date(2025, 5, 31)) == found.changes(None)
    assert (found.changes(date(2025, 6, 1)), found.looked_at(date(2025, 6, 1))) == ([], 0)
