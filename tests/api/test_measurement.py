"""From the charter to a warning that is closed out, through HTTP: what is red, why, and who answers for it."""

from __future__ import annotations

import pytest

from tests.api.office import Office
from workflow.charter.loader import shipped

DAY = "2025-06-16"
DEFINITION = {
    "indicator_set": "performance",
    "name_zh": "提前介入",
    "name_en": "Early-intervention opinions given",
    "measure": "percent",
    "direction": "higher",
    "profile": "each",
    "frequency": "monthly",
    "mode": "scored",
    "weight": "10",
    "target": 95,
    "yellow": "<95",
    "red": "<85",
    "scope": ["department"],
}


def adopt(office: Office, **change: str) -> None:
    body = {"text": shipped("procuratorate"), "effective": "2025-01-01", "reason": "Resonance is introduced"}
    office.done("/v1/charter", body | change, role="supervisor", second="leader")


@pytest.fixture
def department(office: Office) -> Office:
    """The charter with its indicators, a department G3 with a head, and somebody from another department."""
    adopt(office)
    second = {"second": "leader"}
    why = {"reason": "taken over from the old books", "effective": "2025-01-01"}

    def make(path: str, **body: str | int | None) -> None:
        office.done(path, body | why, **second)

    make("/v1/units", unit="DCP", kind="institution", name_zh="县院")
    for unit in ("G3", "G4"):
        make("/v1/units", unit=unit, kind="department", name_zh=unit, parent="DCP")
        make("/v1/posts", post=f"{unit}-HEAD", unit=unit, kind="department_head", title_zh="主任")
    for person, unit in (("P003", "G3"), ("P004", "G4")):
        make("/v1/people", person=person, personnel_class="prosecutor", name=f"Head of {unit}")
        make("/v1/appointments", person=person, post=f"{unit}-HEAD", kind="substantive", appointment=f"A-{unit}")
    return office


def test_a_charter_is_adopted_with_the_indicators_that_it_defines(office):
    body = {"text": shipped("procuratorate"), "effective": DAY}
    first = office.post("/v1/charter", body, role="supervisor", second="leader")
    assert first.status_code == 201
    types = {event["type"] for event in first.json["events"]}
    assert types == {"charter.published", "charter.adopted", "indicator.adopted"}
    again = office.post("/v1/charter", body, role="supervisor", second="leader")
    assert (again.status_code, again.json["events"]) == (200, [])
    shown = office.seen("/v1/charter")
    assert (shown["item"]["version"], shown["text"]) == ("1", body["text"])
    assert [each["since"] for each in office.seen("/v1/charter/adoptions")["items"]] == [DAY]
    assert office.seen("/v1/indicators/I07")["item"]["definition"]["direction"] == "lower"


def test_what_is_wrong_with_a_charter_is_told_all_at_once(office):
    text = shipped("procuratorate").replace("[charter]", '[charter]\ncolor = "red"\nsize = 3', 1)
    refused = office.post("/v1/charter", {"text": text, "effective": DAY}, role="supervisor", second="leader")
    assert (refused.status_code, refused.json["code"]) == (422, "charter.invalid")
    assert len(refused.json["pointers"]) >= 2
    assert {each["pointer"] for each in refused.json["pointers"]} == {"#/text"}


def test_a_charter_takes_two_persons(office):
    body = {"text": shipped("procuratorate"), "effective": DAY}
    refused = office.post("/v1/charter", body, role="supervisor")
    assert (refused.status_code, refused.json["code"]) == (422, "charter.second_person")
    assert refused.json["pointers"][0]["header"] == "Resonance-Second-Person"
    assert office.resonance.log.head().position == 0


def test_before_there_is_a_charter_none_is_shown(office):
    office.project()
    for path in ("/v1/charter", "/v1/scorecards/unit/G1"):
        response = office.get(path)
        assert (response.status_code, response.json["code"]) == (404, "charter.none")


def test_a_red_reading_is_explained_answered_for_and_closed_out(department):
    office = department
    reported = office.done(
        "/v1/readings",
        {"indicator": "I07", "unit": "G3", "period": "2025-05", "value": 40.5, "effective": DAY},
    )
    assert [event["type"] for event in reported["events"]] == [
        "reading.reported",
        "warning.raised",
        "warning.notice_issued",
    ]
    assert reported["events"][0]["data"]["value"] == "40.5"
    assert reported["events"][0]["data"]["judgement"]["colour"] == "red"
    warning = reported["events"][1]["data"]["warning"]

    register = office.seen("/v1/warnings", state="open", within="DCP")["items"]
    assert [(each["warning"], each["colour"], each["state"]) for each in register] == [(warning, "red", "raised")]
    assert office.seen("/v1/warnings", state="closed_out")["items"] == []

    explained = office.seen(f"/v1/warnings/{warning}/explanation")
    look, *_ = office.seen("/v1/looks", role="auditor")["items"]
    assert (look["what"], look["asked"]["warning"], look["shown"]) == (
        "explanation",
        [warning],
        len(explained["sources"]),
    )
    (decision,) = explained["explanation"]["decisions"]
    assert (decision["value"], decision["colour"], decision["rule"], decision["decided_by"]) == (
        "40.5",
        "red",
        "limits",
        "red >32",
    )
    assert explained["explanation"]["charter"]["version"] == "1"
    said = {source["position"]: source["actor"] for source in explained["sources"]}
    assert said[decision["position"]] == "RECORDER"
    assert said[explained["explanation"]["definition_position"]] == "SUPERVISOR"

    chain = office.seen(f"/v1/chain/warning/{warning}")
    heads = [
        holder["person"]
        for line in chain["chains"][0]["lines"]
        if line["line"] == "business"
        for step in line["steps"]
        for holder in step["holders"]
    ]
    assert heads == ["P003"]
    assert chain["names"] == {"P003": "Head of G3"}
    assert chain["broken"]  # there is no deputy in charge, and no chief

    card = office.seen("/v1/scorecards/unit/G3")["items"][0]
    assert (card["colour"], card["open"]) == ("red", {"red": 1})
    assert [each["unit"]["unit"] for each in office.seen("/v1/scorecards/person/P003")["items"]] == ["G3"]

    act = {"person": "P003", "effective": DAY}
    office.done(f"/v1/warnings/{warning}/acknowledge", act | {"explanation": "two on leave"}, role="leader")
    office.done(f"/v1/warnings/{warning}/plan", act | {"plan": "split files", "due": "2025-06-27"}, role="leader")
    office.done(f"/v1/warnings/{warning}/report", act | {"report": "done", "evidence": ["doc-1"]}, role="leader")
    check = {"checker": "P004", "finding": "true", "evidence": ["doc-1"], "effective": DAY}
    insider = office.post(f"/v1/warnings/{warning}/close-out", check | {"checker": "P003"}, role="supervisor")
    assert (insider.status_code, insider.json["code"]) == (422, "warning.checker")
    office.done(f"/v1/warnings/{warning}/close-out", check, role="supervisor")

    shown = office.seen(f"/v1/warnings/{warning}")
    assert [each["state"] for each in shown["acts"]] == ["raised", "acknowledged", "planned", "rectified", "closed_out"]
    assert shown["names"] == {"P003": "Head of G3", "P004": "Head of G4"}
    assert office.seen("/v1/scorecards/unit/G3")["items"][0]["open"] == {}

    body = {"person": "P004", "effective": DAY, "reason": "it came back"}
    office.done(f"/v1/warnings/{warning}/reopen", body, role="supervisor")
    assert office.seen(f"/v1/warnings/{warning}")["item"]["state"] == "reopened"


def test_a_correction_stands_beside_what_was_reported(department):
    office = department
    body = {"indicator": "I09", "unit": "G3", "period": "2025-05", "value": "78", "effective": DAY}
    office.done("/v1/readings", body)
    before = office.resonance.log.head().position
    wrong = {"value": "85", "effective": DAY, "reason": "counted twice"}
    alone = office.post("/v1/readings/I09.G3.2025-05/correct", wrong)
    assert (alone.status_code, alone.json["code"]) == (422, "reading.second_person")
    office.done("/v1/readings/I09.G3.2025-05/correct", wrong, second="assessor")
    item = office.seen("/v1/readings/I09.G3.2025-05")["item"]
    assert (item["value"], item["colour"]) == ("78", "red")
    assert (item["corrected_value"], item["corrected_colour"]) == ("85", "yellow")
    then = office.seen("/v1/readings/I09.G3.2025-05", as_of=f"position:{before}")["item"]
    assert (then["colour"], then["corrected_colour"]) == ("red", None)
    yellow = office.seen("/v1/readings", unit="G3", colour="yellow")["items"]
    assert [each["reading"] for each in yellow] == ["I09.G3.2025-05"]
    decisions = office.seen("/v1/readings/I09.G3.2025-05/explanation")["explanation"]["decisions"]
    assert [(each["kind"], each["colour"]) for each in decisions] == [("reported", "red"), ("corrected", "yellow")]


def test_an_indicator_of_its_own_is_adopted_targeted_amended_and_retired(department):
    office = department
    body = {"indicator": "X01", "definition": DEFINITION, "effective": DAY}
    made = office.post("/v1/indicators", body, role="assessor")
    assert (made.status_code, made.headers.get("Location")) == (201, "/v1/indicators/X01"), made.json
    target = {"unit": "G3", "year": 2025, "target": "97.5", "effective": DAY}
    office.done("/v1/indicators/X01/targets", target, role="assessor")
    (shown,) = office.seen("/v1/indicators/X01/targets", unit="G3", year=2025)["items"]
    assert shown["target"] == "97.5"
    rule = {"effective": "2025-07-01", "reason": "stricter"}
    stricter = DEFINITION | {"red": "<90"}
    office.done("/v1/indicators/X01/amend", rule | {"definition": stricter}, role="assessor", second="supervisor")
    office.done("/v1/indicators/X01/retire", rule | {"effective": "2025-08-01"}, role="assessor", second="supervisor")
    for day, red in (("2025-06-30", "<85"), ("2025-07-01", "<90")):
        assert office.seen("/v1/indicators/X01", effective_on=day)["item"]["definition"]["red"] == red
    listed = office.seen("/v1/indicators", effective_on="2025-08-01", limit=200)["items"]
    assert "X01" not in [each["indicator"] for each in listed]


@pytest.mark.parametrize("value", ["x", "1e3", "NaN", True, None, [1], "1234567890123", "0.1234567"])
def test_a_value_that_is_no_plain_number_is_refused(department, value):
    body = {"indicator": "I07", "unit": "G3", "period": "2025-05", "value": value, "effective": DAY}
    refused = department.post("/v1/readings", body)
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json["pointers"]] == ["#/value"]


@pytest.mark.parametrize(
    ("value", "kept"), [(30, "30"), (28.5, "28.5"), ("28.50", "28.50"), ("0.1", "0.1"), (0.1, "0.1")]
)
def test_a_value_is_kept_as_it_was_written(department, value, kept):
    body = {"indicator": "I07", "unit": "G3", "period": "2025-05", "value": value, "effective": DAY}
    assert department.done("/v1/readings", body)["events"][0]["data"]["value"] == kept


@pytest.mark.parametrize("kind", ["unit/G3", "post/G3-HEAD", "person/P003", "indicator/I07"])
def test_the_chain_of_anything_leads_to_its_head(department, kind):
    shown = department.seen(f"/v1/chain/{kind}")
    assert f"{shown['kind']}/{shown['id']}" == kind
    assert shown["names"].get("P003") == "Head of G3"


@pytest.mark.parametrize(
    "path", ["chain/unit/X", "chain/person/X", "scorecards/unit/X", "scorecards/person/X", "warnings/X"]
)
def test_what_nobody_knows_is_not_found(department, path):
    department.project()
    response = department.get(f"/v1/{path}")
    assert response.status_code == 404
    assert response.json["code"].endswith(".unknown")
