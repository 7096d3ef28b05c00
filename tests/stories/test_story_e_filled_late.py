"""Story (e), the month filled late: red as reported, yellow as corrected, and its warnings stay."""

from __future__ import annotations

from tests.stories.demonstration import Organisation

READING = "I09.G3.2025-05"
HEAD, DEPUTY, CHIEF = "P030", "P002", "P001"
OVERRIDE = f"/v1/readings/{READING}/override"


def test_a_month_that_is_filled_late_is_red_as_reported_and_yellow_as_corrected(organisation: Organisation):
    at = organisation
    at.on("2025-05-30")
    may_is_not_reported(at)
    it_is_filled_late(at)
    its_colour_is_overridden_and_that_is_lifted(at)
    at.look_again()


def cell(at: Organisation) -> tuple[str, str, str | None, str | None]:
    (card,) = at.look("/v1/scorecards/unit/G3")["items"]
    (row,) = [row for row in card["rows"] if row["indicator"] == "I09"]
    (found,) = [each for each in (row["latest"], *row["past"]) if each["period"] == "2025-05"]
    return found["state"], found["colour"], found["corrected_colour"], found["overridden_colour"]


def open_ones(at: Organisation) -> list[tuple[str, str, str]]:
    found = at.look("/v1/register", unit="G3")["items"]
    return [(each["id"], each["colour"], each["escalated_to"]) for each in found if each["about"] == "I09"]


def may_is_not_reported(at: Organisation) -> None:
    at.work("2025-06-05", but=READING)
    assert cell(at) == ("awaited", "none", None, None)
    at.work("2025-06-06", but=READING)
    assert cell(at) == ("missing", "yellow", None, None)
    at.work("2025-06-10", but=READING)
    assert cell(at) == ("missing", "red", None, None)
    assert open_ones(at) == [(f"W.{READING}", "yellow", ""), (f"W.{READING}.2", "red", "")]


def it_is_filled_late(at: Organisation) -> None:
    at.work("2025-06-16", but=READING)
    assert open_ones(at)[1] == (f"W.{READING}.2", "red", "deputy_in_charge")
    body = {"indicator": "I09", "unit": "G3", "period": "2025-05", "value": "85", "effective": at.today}
    filled = at.done("/v1/readings", body)
    # It raises no warning: a graver one is open. And none is closed.
    assert [event["type"] for event in filled["events"]] == ["reading.reported"]
    assert filled["events"][0]["data"]["late"] is True
    assert cell(at) == ("reported", "red", "yellow", None)
    assert [each[:2] for each in open_ones(at)] == [(f"W.{READING}", "yellow"), (f"W.{READING}.2", "red")]
    decisions = at.look(f"/v1/readings/{READING}/explanation")["explanation"]["decisions"]
    assert [(each["kind"], each["colour"]) for each in decisions] == [
        ("missed", "yellow"),
        ("missed", "red"),
        ("reported", "yellow"),
    ]


def its_colour_is_overridden_and_that_is_lifted(at: Organisation) -> None:
    at.on("2025-06-17")
    before = open_ones(at)
    set_green = {"person": DEPUTY, "colour": "green", "effective": at.today, "reason": "A case was counted twice."}
    two = {"role": "supervisor", "second": "assessor"}
    assert at.refused(OVERRIDE, set_green, role="leader", second="assessor") == (403, "access.role")
    assert at.refused(OVERRIDE, set_green, role="supervisor") == (422, "override.second_person")
    assert at.refused(OVERRIDE, set_green | {"person": HEAD}, **two) == (422, "override.not_level")
    assert at.refused(OVERRIDE, set_green | {"reason": ""}, **two) == (422, "override.reason")
    at.done(OVERRIDE, set_green, **two)
    item = at.look(f"/v1/readings/{READING}")["item"]
    shown = item["colour"], item["overridden_colour"], item["overridden_by"], item["overridden_why"]
    assert shown == ("yellow", "green", DEPUTY, "A case was counted twice.")
    assert cell(at) == ("reported", "red", "yellow", "green")
    assert open_ones(at) == before
    green = at.look("/v1/readings", indicator="I09", period="2025-05", colour="green")["items"]
    assert READING in [each["reading"] for each in green]
    last = at.look(f"/v1/readings/{READING}/explanation")["explanation"]["decisions"][-1]
    assert (last["kind"], last["colour"], last["rule"], last["decided_by"]) == (
        "overridden",
        "green",
        "override",
        DEPUTY,
    )
    lift = {"person": CHIEF, "effective": at.today, "reason": "It was not counted twice after all."}
    at.done(f"/v1/readings/{READING}/lift-override", lift, **two)
    assert cell(at) == ("reported", "red", "yellow", None)
    assert at.look(f"/v1/readings/{READING}")["item"]["overridden_colour"] is None
