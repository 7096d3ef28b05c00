"""Story (j), its warnings: an indicator moves from `scored` to `reference_only`; it warns no more, old ones stay."""

from __future__ import annotations

from tests.stories.demonstration import Organisation

APRIL = "W.I07.G3.2025-04"


def test_an_indicator_for_reference_raises_no_warning_and_those_before_stay(organisation: Organisation):
    at = organisation
    at.report("I07", "2025-04")
    definition = at.look("/v1/indicators/I07")["item"]["definition"]
    at.on("2025-05-20")
    body = {
        "definition": definition | {"mode": "reference_only"},
        "effective": "2025-05-31",
        "reason": "Ranking of case indicators was withdrawn.",
    }
    assert at.refused("/v1/indicators/I07/amend", body, role="assessor") == (422, "indicator.second_person")
    at.done("/v1/indicators/I07/amend", body, role="assessor", second="supervisor")
    at.on("2025-06-03")
    red_value = {"indicator": "I07", "unit": "G3", "period": "2025-05", "value": "40", "effective": at.today}
    done = at.done("/v1/readings", red_value)
    assert [event["type"] for event in done["events"]] == ["reading.reported"]
    assert at.look("/v1/readings/I07.G3.2025-05")["item"]["colour"] == "none"
    # Nobody reports June: what is for reference is never missing.
    at.live("2025-07-12")
    assert at.look("/v1/readings", indicator="I07", period="2025-06")["items"] == []
    mine = [each["id"] for each in at.look("/v1/register", unit="G3")["items"] if each["about"] == "I07"]
    assert mine == [APRIL]
    assert at.look(f"/v1/warnings/{APRIL}")["item"]["colour"] == "red"
    act = {"person": "P030", "explanation": "Two long cases.", "effective": at.today}
    at.done(f"/v1/warnings/{APRIL}/acknowledge", act, role="leader")
    assert at.look(f"/v1/warnings/{APRIL}")["item"]["state"] == "acknowledged"
    at.look_again()
