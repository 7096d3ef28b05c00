"""Supervision through HTTP: the register, shadows, and who may do what about a warning."""

from __future__ import annotations

import pytest

from tests.api.test_measurement import DAY, department  # noqa: F401 (a fixture)
from workflow.charter.loader import shipped

TEXT = shipped("procuratorate")


@pytest.fixture
def red(department):  # noqa: F811
    """I07 of G3 is red for May; nobody is in charge of G3 yet."""
    reading = {"indicator": "I07", "unit": "G3", "period": "2025-05", "value": 40.5, "effective": DAY}
    department.done("/v1/readings", reading)
    return department


def test_the_register_lists_what_is_open_page_by_page(red):
    reading = {"indicator": "I09", "unit": "G3", "period": "2025-05", "value": 85, "effective": DAY}
    red.done("/v1/readings", reading)
    (first,) = (page := red.seen("/v1/register", within="DCP", limit=1))["items"]
    assert (first["kind"], first["id"], first["colour"], first["about"]) == (
        "warning",
        "W.I07.G3.2025-05",
        "red",
        "I07",
    )
    (second,) = (following := red.client.get(page["next"], headers=red.bearer("leader")).json)["items"]
    assert (second["id"], second["colour"], following["next"]) == ("W.I09.G3.2025-05", "yellow", None)
    assert [each["id"] for each in red.seen("/v1/register", colour="yellow")["items"]] == [second["id"]]
    assert red.seen("/v1/register", unit="G4")["items"] == []
    assert red.get("/v1/register", colour="blue").status_code == 422


def test_a_shadow_tells_what_would_have_differed_and_records_nothing(red):
    before = red.resonance.log.head().position
    looser = TEXT.replace('red = ">32"', 'red = ">45"', 1)
    answer = red.post("/v1/charter/shadow", {"text": looser}, role="supervisor").json
    colours = answer["colours"]
    (change,) = colours["rows"]
    assert (change["reading"], change["value"]) == ("I07.G3.2025-05", "40.5")
    assert (change["colour"], change["decided_by"]) == ("red", "red >32")
    assert (change["shadow_colour"], change["shadow_decided_by"]) == ("yellow", "yellow >28")
    assert (colours["looked_at"], colours["differ"], colours["counts"]) == (1, 1, {"red → yellow": 1})
    assert answer["grades"] == {"looked_at": 0, "differ": 0, "counts": {}, "rows": [], "left_off": 0}
    later = red.post("/v1/charter/shadow", {"text": looser, "since": "2025-06-01"}, role="supervisor").json
    assert (later["colours"]["looked_at"], later["colours"]["rows"]) == (0, [])
    assert red.post("/v1/charter/shadow", {"text": TEXT}, role="supervisor").json["colours"]["differ"] == 0
    assert red.resonance.log.head().position == before


def test_a_shadow_of_what_is_no_charter_is_refused_with_its_places(red):
    refused = red.post("/v1/charter/shadow", {"text": "[charter]"}, role="supervisor")
    assert (refused.status_code, refused.json["code"]) == (422, "charter.invalid")
    assert refused.json["pointers"]
    assert red.post("/v1/charter/shadow", {"text": TEXT}, role="recorder").status_code == 403


def test_what_is_bad_about_a_measure_is_refused(red):
    before, path = red.resonance.log.head().position, "/v1/warnings/W.I07.G3.2025-05"
    met = {"person": "P003", "persons": ["P004"], "record": "What is in the way.", "effective": DAY}
    assert red.post(f"{path}/interview", met, role="leader").json["code"] == "interview.none"
    assert red.post(f"{path}/interview", met | {"persons": []}, role="leader").status_code == 422
    assert red.post("/v1/warnings/X/talk", met, role="leader").status_code == 404
    more = {"rectify_by": "2025-07-09", "effective": DAY, "reason": "Two are ill."}
    assert red.post(f"{path}/extension", more, role="supervisor").json["code"] == "warning.second_person"
    other = {"person": "P003", "colour": "green", "effective": DAY, "reason": "Counted twice."}
    override = "/v1/readings/I07.G3.2025-05/override"
    refused = red.post(override, other, role="supervisor", second="assessor")
    assert (refused.status_code, refused.json["code"]) == (422, "override.not_level")
    assert red.post(override, other | {"colour": "none"}, role="supervisor").status_code == 422
    assert red.post("/v1/readings/X/lift-override", other | {"colour": None}, role="supervisor").status_code == 422
    assert red.resonance.log.head().position == before
