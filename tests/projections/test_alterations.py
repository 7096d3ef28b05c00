"""What an event changed, column by column: old and new, and for which days."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from projections.alterations import SEALED, alterations
from projections.facts import FactTable, ReadModel, document, flag, text
from workflow.sealed import Sealed

BOAT = FactTable("boat", key=[text("boat")], columns=[text("berth"), flag("afloat"), document("details")])
MODEL = ReadModel("boats", version=1, tables=[BOAT], handlers={})

BOX = Sealed(event="E.1", topic="t", box="b", commitment="c")
OTHER = Sealed(event="E.2", topic="t", box="d", commitment="e")


def row(since: str, until: str | None = None, **columns: Any) -> dict[str, Any]:
    kept = {"boat": "B", "berth": None, "afloat": None, "details": None} | columns
    if kept["details"] is not None:
        kept["details"] = msgspec.json.encode(kept["details"]).decode()
    return kept | {"opened": 1, "closed": None, "valid_from": since, "valid_to": until}


def altered(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    found = alterations([MODEL], {"boat": (before, after)})
    assert all(each.table == "boat" and each.key == {"boat": "B"} for each in found)
    return [(each.column, each.old, each.new, each.since, each.until) for each in found]


JANUARY, MARCH, MAY = "2025-01-01", "2025-03-01", "2025-05-01"


def test_a_fact_that_comes_has_no_old_values():
    assert altered([], [row(JANUARY, berth="N", afloat=1)]) == [
        ("boat", None, "B", JANUARY, None),
        ("berth", None, "N", JANUARY, None),
        ("afloat", None, True, JANUARY, None),
    ]


def test_a_fact_that_goes_has_no_new_ones():
    assert altered([row(JANUARY, berth="N")], []) == [
        ("boat", "B", None, JANUARY, None),
        ("berth", "N", None, JANUARY, None),
    ]


def test_a_fact_that_ends_is_no_more_from_that_day_on():
    assert altered([row(JANUARY, berth="N")], [row(JANUARY, MARCH, berth="N")]) == [
        ("boat", "B", None, MARCH, None),
        ("berth", "N", None, MARCH, None),
    ]


def test_a_change_from_a_day_on_tells_of_the_days_after_it_only():
    after = [row(JANUARY, MARCH, berth="N"), row(MARCH, berth="S")]
    assert altered([row(JANUARY, berth="N")], after) == [("berth", "N", "S", MARCH, None)]


def test_a_correction_of_several_spans_is_one_where_it_is_the_same():
    before = [row(JANUARY, MARCH, berth="N"), row(MARCH, MAY, berth="N"), row(MAY, berth="S")]
    after = [row(JANUARY, berth="W")]
    assert altered(before, after) == [("berth", "N", "W", JANUARY, MAY), ("berth", "S", "W", MAY, None)]


def test_what_is_written_anew_as_it_was_is_no_change():
    assert altered([row(JANUARY, berth="N")], [row(JANUARY, berth="N")]) == []


@pytest.mark.parametrize("shape", [lambda box: box, lambda box: {"who": [box]}])
def test_what_is_sealed_is_not_opened_and_a_change_of_it_is_told(shape):
    shown = shape(SEALED)
    before, after = ([row(JANUARY, details=shape(box))] for box in (BOX, OTHER))
    assert altered(before, after) == [("details", shown, shown, JANUARY, None)]
    assert altered(before, before) == []


def test_documents_and_flags_are_shown_as_what_they_mean():
    before, after = [row(JANUARY, afloat=0, details=["a"])], [row(JANUARY, afloat=1, details={"b": "1.5"})]
    assert altered(before, after) == [
        ("afloat", False, True, JANUARY, None),
        ("details", ["a"], {"b": "1.5"}, JANUARY, None),
    ]
