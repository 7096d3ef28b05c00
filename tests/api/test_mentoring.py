"""Mentoring through HTTP: who may do what, twice, and what is wrong with a request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.office import Office
from tests.api.test_duties import refused

TODAY = {"effective": "2025-06-16"}
GOALS = [{"text": "Lead hearings alone", "measured_by": "three hearings"}]
START = {"mentorship": "M1", "mentor": "P001", "mentee": "P002", "kind": "newcomer", "goals": GOALS}
START |= {"until": "2026-03-01", **TODAY}
MODEL = {"person": "P001", "kind": "key_handler", "citation": "Model of the year", "evidence": ["decree"], **TODAY}


def staffed(desk: Office) -> Office:
    """A department with a head, P000, and three handlers on Monday, 16 June 2025, nine o'clock."""
    desk.adopt_charter()
    desk.establish("DCP", "institution", None, "2025-03-01")
    desk.establish("G3", "department", "DCP", "2025-03-01")
    at = {"effective": "2025-06-10"}
    for number, kind in enumerate(("department_head", "handler", "handler", "handler")):
        post, person = f"G3-{number}", f"P00{number}"
        desk.done("/v1/posts", {"post": post, "unit": "G3", "kind": kind, "title_zh": "岗"} | at)
        desk.done("/v1/people", {"person": person, "personnel_class": "prosecutor", "name": f"N{number}"} | at)
        held = {"appointment": f"A{number}", "person": person, "post": post, "kind": "substantive"}
        desk.done("/v1/appointments", held | at)
    return desk


@pytest.fixture
def peopled(desk: Office) -> Office:
    return staffed(desk)


@pytest.fixture
def paired(peopled: Office) -> Office:
    peopled.done("/v1/mentorships", START)
    return peopled


def test_a_model_person_leads_and_both_sides_show_it(peopled):
    peopled.done("/v1/model-persons", MODEL, role="supervisor")
    peopled.done("/v1/mentorships", START | {"kind": "key_handler"})
    mine = peopled.seen("/v1/people/P001/mentorships")
    assert [each["kind"] for each in mine["models"]] == ["key_handler"]
    assert [each["mentorship"] for each in mine["led"]] == ["M1"]
    assert (mine["learned"], mine["names"]) == ([], {"P001": "N1", "P002": "N2"})
    theirs = peopled.seen("/v1/people/P002/mentorships")
    assert [each["mentorship"] for each in theirs["learned"]] == ["M1"]
    assert [each["person"] for each in peopled.seen("/v1/model-persons", within="DCP")["items"]] == ["P001"]
    assert peopled.seen("/v1/model-persons", kind="newcomer")["items"] == []


def test_a_mentorship_runs_from_its_start_to_its_end(paired):
    listed = paired.seen("/v1/mentorships", within="DCP", state="running")["items"]
    assert [each["mentorship"] for each in listed] == ["M1"]
    met = {"goal": 1, "person": "P001", "evidence": ["minutes"], **TODAY}
    paired.done("/v1/mentorships/M1/meet", met, role="leader")
    paired.done("/v1/mentorships/M1/end", {"person": "P002", "reason": "All is learnt.", **TODAY})
    shown = paired.seen("/v1/mentorships/M1")
    assert [(each["state"], each["met"]) for each in shown["acts"]] == [
        ("running", []),
        ("running", [1]),
        ("ended", [1]),
    ]
    assert (shown["item"]["cause"], shown["item"]["words"]) == ("mentee", "All is learnt.")
    assert paired.seen("/v1/people/P001/mentorships")["led"] == []


def test_a_review_is_shown_with_the_duty_that_it_fulfils(peopled):
    peopled.done("/v1/mentorships", START | {"effective": "2025-06-12"})
    peopled.clock.tick(days=20)  # 6 July, when the second quarter, which it did not begin with, owes nothing
    review = {"period": "2025-Q2", "held_on": "2025-07-06", "finding": "On the way.", "evidence": []}
    body = review | {"effective": "2025-07-06", "person": "P001"}
    refused(peopled, "/v1/mentorships/M1/review", body, 422, "duty.not_owed")
    third = body | {"period": "2025-Q3"}
    told = peopled.done("/v1/mentorships/M1/review", third)
    assert [each["type"] for each in told["events"]] == ["duty.opened", "mentorship.reviewed", "duty.fulfilled"]
    assert peopled.seen("/v1/mentorships/M1")["item"]["reviews"] == 1
    duty = peopled.seen("/v1/duties/mentoring_review.M1.2025-Q3")["item"]
    assert (duty["state"], duty["unit"], duty["attendees"]) == ("fulfilled", "G3", ["P001", "P002"])


def test_the_same_request_again_is_answered_as_before(peopled):
    first = peopled.done("/v1/mentorships", START, key="K1")
    assert peopled.done("/v1/mentorships", START, key="K1") == first
    refused(peopled, "/v1/mentorships", START | {"mentee": "P003"}, 409, "command.reused", key="K1")
    refused(peopled, "/v1/mentorships", START, 409, "mentorship.exists", key="K2")
    made = peopled.done("/v1/mentorships", {k: v for k, v in START.items() if k != "mentorship"} | {"mentee": "P003"})
    assert made["events"][0]["data"]["mentorship"].startswith("M-")


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/v1/model-persons", "recorder"),
        ("/v1/model-persons/P001/withdraw", "recorder"),
        ("/v1/mentorships", "supervisor"),
        ("/v1/mentorships/M1/review", "assessor"),
        ("/v1/mentorships/M1/meet", "auditor"),
        ("/v1/mentorships/M1/extend", "supervisor"),
        ("/v1/mentorships/M1/end", "admin"),
    ],
)
def test_a_role_that_may_not_do_it_is_refused(peopled, path, role):
    refused(peopled, path, {}, 403, "access.role", role=role)


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"mentee": "P001"}, "mentorship.self", "#/mentee"),
        ({"kind": "key_handler"}, "mentorship.not_model", "#/mentor"),
        ({"kind": "pen_friend"}, "mentorship.kind", "#/kind"),
        ({"until": "2025-06-16"}, "mentorship.term", "#/until"),
        ({"until": "2030-01-01"}, "mentorship.term", "#/until"),
        ({"mentee": "P404"}, "person.unknown", "#/mentee"),
        ({"effective": "2025-06-01"}, "effective.backdated", "#/effective"),
        ({"goals": []}, "request.invalid", "#/goals"),
        ({"goals": [{"text": "x"}]}, "request.invalid", "#/goals/0/measured_by"),
    ],
)
def test_what_is_wrong_with_a_start_is_pointed_at(peopled, change: dict[str, Any], code: str, pointer: str):
    told = refused(peopled, "/v1/mentorships", START | change, 422, code)
    assert told["pointers"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("act", "body", "status", "code"),
    [
        ("meet", {"goal": 2, "person": "P001", "evidence": ["x"]}, 422, "mentorship.goal"),
        ("meet", {"goal": 1, "person": "P002", "evidence": ["x"]}, 422, "mentorship.not_answerable"),
        ("meet", {"goal": 0, "person": "P001", "evidence": ["x"]}, 422, "request.invalid"),
        ("extend", {"until": "2026-04-01", "reason": "x"}, 422, "mentorship.extension_limit"),
        ("extend", {"until": "soon"}, 422, "request.invalid"),
        ("end", {"person": "P003", "reason": "x"}, 422, "mentorship.not_a_side"),
        ("end", {"person": "P001"}, 422, "mentorship.reason"),
        (
            "review",
            {"period": "soon", "held_on": "2025-06-16", "finding": "x", "evidence": []},
            422,
            "mentorship.period",
        ),
    ],
)
def test_what_is_wrong_with_an_act_is_refused(paired, act: str, body: dict[str, Any], status: int, code: str):
    refused(paired, f"/v1/mentorships/M1/{act}", TODAY | body, status, code)


@pytest.mark.parametrize("act", ["meet", "extend", "end", "review"])
def test_what_nobody_started_is_not_found(peopled, act: str):
    bodies: dict[str, dict[str, Any]] = {
        "meet": {"goal": 1, "person": "P001", "evidence": ["x"]},
        "extend": {"until": "2026-04-01", "reason": "x"},
        "end": {"person": "P001", "reason": "x"},
        "review": {"period": "2025-Q2", "held_on": "2025-06-16", "finding": "x", "evidence": []},
    }
    refused(peopled, f"/v1/mentorships/M404/{act}", TODAY | bodies[act], 404, "mentorship.unknown")


def test_a_designation_is_refused_without_evidence_or_reason_or_twice(peopled):
    refused(peopled, "/v1/model-persons", MODEL | {"evidence": []}, 422, "request.invalid", role="leader")
    refused(peopled, "/v1/model-persons", MODEL | {"kind": "newcomer"}, 422, "model_person.kind", role="leader")
    peopled.done("/v1/model-persons", MODEL, role="leader")
    refused(peopled, "/v1/model-persons", MODEL, 409, "model_person.exists", role="leader")
    withdraw = {"kind": "key_handler", **TODAY}
    path = "/v1/model-persons/P001/withdraw"
    refused(peopled, path, withdraw, 422, "model_person.reason", role="leader")
    peopled.done(path, withdraw | {"reason": "Unearned."}, role="leader")
    refused(peopled, path, withdraw | {"reason": "x"}, 404, "model_person.unknown", role="leader")


@pytest.mark.parametrize("path", ["/v1/mentorships/M1", "/v1/people/P404/mentorships", "/v1/chain/mentorship/M1"])
def test_what_is_not_known_is_not_found(peopled, path: str):
    peopled.project()
    assert peopled.get(path).status_code == 404


def test_the_mentors_unit_answers_for_it(paired):
    (asked,) = paired.seen("/v1/chain/mentorship/M1")["chains"]
    assert (asked["unit"]["unit"], asked["post"]["post"]) == ("G3", "G3-1")
