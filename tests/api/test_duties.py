"""Duties, reports and cycles through HTTP: who may do what, twice, and what is wrong with a request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.office import Office

WEEK = "/v1/duties/weekly_meeting.G3.2025-W24"
DONE = {"held_on": "2025-06-12", "evidence": ["minutes"], "effective": "2025-06-16"}


@pytest.fixture
def peopled(desk: Office) -> Office:
    """A department with a head on Monday, 16 June 2025, nine o'clock."""
    desk.adopt_charter()
    desk.establish("DCP", "institution", None, "2025-03-01")
    desk.establish("G3", "department", "DCP", "2025-03-01")
    at = {"effective": "2025-06-10"}
    desk.done("/v1/posts", {"post": "G3-HEAD", "unit": "G3", "kind": "department_head", "title_zh": "主任"} | at)
    desk.done("/v1/people", {"person": "P003", "personnel_class": "prosecutor", "name": "A"} | at)
    held = {"appointment": "A3", "person": "P003", "post": "G3-HEAD", "kind": "substantive"}
    desk.done("/v1/appointments", held | at)
    return desk


def refused(office: Office, path: str, body: Any, status: int, code: str, **by: Any) -> Any:
    before = office.resonance.log.head().position
    response = office.post(path, body, **by)
    assert response.json is not None
    assert (response.status_code, response.json["code"]) == (status, code), response.json
    assert office.resonance.log.head().position == before
    return response.json


def test_a_meeting_is_recorded_by_a_clerk_or_reported_by_the_head(peopled):
    peopled.done(f"{WEEK}/fulfil", DONE)
    week = "/v1/duties/weekly_meeting.G3.2025-W25"
    body = {"held_on": "2025-06-16", "evidence": ["minutes"], "effective": "2025-06-16", "person": "P003"}
    peopled.done(f"{week}/fulfil", body, role="leader")
    shown = peopled.seen(week)
    assert (shown["item"]["state"], shown["item"]["person"], shown["names"]) == ("fulfilled", "P003", {"P003": "A"})


def test_the_same_request_again_is_answered_as_before(peopled):
    first = peopled.done(f"{WEEK}/fulfil", DONE, key="K1")
    assert peopled.done(f"{WEEK}/fulfil", DONE, key="K1") == first
    refused(peopled, f"{WEEK}/fulfil", DONE | {"held_on": "2025-06-11"}, 409, "command.reused", key="K1")
    refused(peopled, f"{WEEK}/fulfil", DONE, 422, "duty.fulfilled", key="K2")


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (f"{WEEK}/fulfil", "supervisor"),
        (f"{WEEK}/extend", "recorder"),
        (f"{WEEK}/excuse", "leader"),
        ("/v1/reports", "assessor"),
        ("/v1/reports/dual_report.G3.2025-Q2/countersign", "recorder"),
        ("/v1/reports/dual_report.G3.2025-Q2/accept", "recorder"),
        ("/v1/reports/dual_report.G3.2025-Q2/return", "supervisor"),
        ("/v1/cycles", "supervisor"),
        ("/v1/cycles/C1/inspect", "leader"),
    ],
)
def test_a_role_that_may_not_do_it_is_refused(peopled, path, role):
    refused(peopled, path, {}, 403, "access.role", role=role)


def test_an_extension_and_an_excuse_take_a_second_person(peopled):
    lapsing = "/v1/duties/quarterly_assessment.G3.2025-Q2"
    ask = {"person": "P003", "until": "2025-07-15", "effective": "2025-06-16", "reason": "The figures come later."}
    refused(peopled, f"{lapsing}/extend", ask, 422, "duty.second_person", role="leader")
    peopled.done(f"{lapsing}/extend", ask, role="leader", second="supervisor")
    assert peopled.seen(lapsing)["item"]["due"] == "2025-07-15"
    excuse = {"effective": "2025-06-16", "reason": "Flood."}
    refused(peopled, f"{WEEK}/excuse", excuse, 422, "duty.second_person", role="supervisor")
    peopled.done(f"{WEEK}/excuse", excuse, role="supervisor", second="leader")
    assert peopled.seen(WEEK)["item"]["cause"] == "Flood."


def test_what_is_wrong_is_pointed_at(peopled):
    told = refused(peopled, f"{WEEK}/fulfil", DONE | {"held_on": "2025-06-20"}, 422, "duty.held_on")
    assert told["pointers"][0]["pointer"] == "#/held_on"
    refused(peopled, f"{WEEK}/fulfil", DONE | {"evidence": []}, 422, "request.invalid")
    refused(peopled, "/v1/duties/tea.G3.2025-W24/fulfil", DONE, 404, "duty.unknown")
    report = {"kind": "dual_report", "unit": "G3", "period": "soon", "person": "P003", "effective": "2025-06-16"}
    parts = {"parts": [{"line": "party", "text": "x"}], "evidence": ["x"]}
    told = refused(peopled, "/v1/reports", report | parts, 422, "report.period")
    assert told["pointers"][0]["pointer"] == "#/period"
    refused(peopled, "/v1/reports", report | parts | {"period": "2025-Q2"}, 422, "report.parts")
    accept = {"person": "P003", "line": "party", "effective": "2025-06-16"}
    refused(peopled, "/v1/reports/dual_report.G3.2025-Q2/accept", accept, 404, "report.unknown", role="leader")


@pytest.mark.parametrize("path", [WEEK, "/v1/reports/dual_report.G3.2025-Q2", "/v1/cycles/C1"])
def test_what_is_not_known_is_not_found(peopled, path):
    peopled.project()
    assert peopled.get(path).status_code == 404


def test_the_register_is_what_is_still_to_be_done(peopled):
    peopled.done(f"{WEEK}/fulfil", DONE)
    assert peopled.seen("/v1/duties", state="pending")["items"] == []
    assert [each["state"] for each in peopled.seen("/v1/duties", within="DCP")["items"]] == ["fulfilled"]
    assert peopled.get("/v1/duties", state="done").status_code == 422
