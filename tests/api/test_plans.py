"""Plans and tasks through HTTP: from a target to what is verified, what lists show, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.office import Office

DAY = "2025-06-16"
TARGET = "G3.2025.T1"
AIM = {"title": "Visits", "measure": "count", "amount": 10}


@pytest.fixture
def planned(office: Office) -> Office:
    """A department with a head and two handlers, and a plan whose target is split to the head's unit and to one."""
    office.adopt_charter()
    office.establish("DCP", "institution")
    office.establish("G3", "department", "DCP")
    for person, post, kind in (
        ("P1", "G3-HEAD", "department_head"),
        ("P2", "G3-H1", "handler"),
        ("P3", "G3-H2", "handler"),
    ):
        office.done("/v1/posts", {"post": post, "unit": "G3", "kind": kind, "title_zh": post, "effective": DAY})
        known = {"person": person, "personnel_class": "prosecutor", "name": f"Name {person}", "effective": DAY}
        office.done("/v1/people", known)
        held = {"appointment": f"A-{person}", "person": person, "post": post, "kind": "substantive", "effective": DAY}
        office.done("/v1/appointments", held)
    plan = {"unit": "G3", "period": "2025", "title": "Plan", "targets": [AIM], "effective": DAY}
    made = office.post("/v1/plans", plan, role="leader")
    assert (made.status_code, made.headers["Location"]) == (201, "/v1/plans/G3.2025"), made.json
    split = {"target": TARGET, "parts": [{"unit": "G3", "amount": 6}, {"post": "G3-H1", "amount": "4"}]}
    made = office.post("/v1/tasks", split | {"effective": DAY}, role="leader")
    assert (made.status_code, made.headers["Location"]) == (201, f"/v1/tasks/{TARGET}.1"), made.json
    return office


def act(office: Office, task: str, verb: str, role: str = "leader", **body: Any) -> Any:
    given = {"second": "supervisor"} if verb in ("extend", "cancel", "correct") else {}
    return office.done(f"/v1/tasks/{task}/{verb}", {"effective": DAY, "reason": "So be it."} | body, role=role, **given)


def test_a_task_from_its_split_to_its_verification(planned):
    unit, post = f"{TARGET}.1", f"{TARGET}.2"
    act(planned, post, "accept", "recorder", person="P2")
    act(planned, post, "progress", "recorder", person="P2", done="3", evidence=["list"])
    act(planned, post, "correct", "recorder", person="P2", done="4")
    act(planned, post, "complete", "recorder", person="P2", evidence=["sha256:" + "0" * 64])
    act(planned, post, "return", verifier="P1", finding="One is missing.")
    act(planned, post, "complete", person="P2", evidence=["list"])
    act(planned, post, "verify", verifier="P1", finding="Seen.")
    act(planned, unit, "refuse", person="P1", why="Too many.")
    act(planned, unit, "reassign", person="P3")
    act(planned, unit, "accept", person="P3")
    act(planned, unit, "extend", due="2026-01-05")
    shown = planned.seen(f"/v1/tasks/{post}")
    assert [each["state"] for each in shown["acts"]][-3:] == ["returned", "completed", "verified"]
    assert shown["names"] == {"P1": "Name P1", "P2": "Name P2"}
    assert (shown["item"]["done"], shown["item"]["measure"], shown["item"]["words"]) == ("4", "count", "Seen.")
    (node,) = planned.seen("/v1/plans/G3.2025")["targets"]
    assert (node["allocated"], node["done"]) == ("10", "4")
    assert [part["task"]["due"] for part in node["parts"]] == ["2026-01-05", "2025-12-31"]
    card = planned.seen("/v1/scorecards/unit/G3")
    assert card["tasks"] == card["items"][0]["tasks"] == {"open": 1, "overdue": 0, "done": 1, "share_done": "0.5000"}
    assert planned.seen("/v1/scorecards/person/P2")["tasks"]["done"] == 1
    assert planned.seen("/v1/scorecards/person/P1")["tasks"] == {
        "open": 0,
        "overdue": 0,
        "done": 0,
        "share_done": None,
    }


def test_a_split_is_made_anew_and_a_target_is_given_up(planned):
    anew = {"parts": [{"task": f"{TARGET}.2", "amount": 7}, {"person": "P3", "amount": 3}], "effective": DAY}
    path = f"/v1/targets/{TARGET}/reallocate"
    alone = planned.post(path, anew | {"reason": "Even."}, role="leader")
    assert (alone.status_code, alone.json["code"]) == (422, "task.second_person")
    planned.done(path, anew | {"reason": "Even."}, role="leader", second="supervisor")
    states = {each["task"]: (each["state"], each["amount"]) for each in planned.seen("/v1/tasks")["items"]}
    assert states == {
        f"{TARGET}.1": ("cancelled", "6"),
        f"{TARGET}.2": ("assigned", "7"),
        f"{TARGET}.3": ("assigned", "3"),
    }
    why, by = {"effective": DAY, "reason": "Merged."}, {"role": "leader", "second": "supervisor"}
    refused = planned.post(f"/v1/tasks/{TARGET}.3/cancel", why, **by)
    assert refused.json["code"] == "task.reallocate"
    planned.done(f"/v1/targets/{TARGET}/cancel", why, **by)
    assert planned.seen("/v1/tasks", state="open")["items"] == []
    assert planned.seen("/v1/plans/G3.2025")["targets"][0]["target"]["state"] == "cancelled"


def test_a_plan_is_amended_by_two_with_a_reason_and_its_target_tells_how(planned):
    by, why = {"role": "leader", "second": "supervisor"}, {"effective": DAY, "reason": "A new law."}
    aim = {"amount": 3, "measure": "count", "title": "Lessons"}
    alone = planned.post("/v1/plans/G3.2025/targets", why | {"aim": aim}, role="leader")
    assert (alone.status_code, alone.json["code"]) == (422, "task.second_person")
    made = planned.post("/v1/plans/G3.2025/targets", why | {"aim": aim}, **by)
    assert (made.status_code, made.headers["Location"]) == (201, "/v1/targets/G3.2025.T2"), made.json
    again = planned.post("/v1/plans/G3.2025/targets", why | {"aim": aim}, **by)
    assert (again.status_code, again.json["code"]) == (409, "target.exists")
    assert again.json["pointers"][0]["pointer"] == "#/aim"
    path = f"/v1/targets/{TARGET}"
    low = planned.post(f"{path}/change", why | {"amount": 9}, **by)
    assert (low.status_code, low.json["code"]) == (422, "target.allocated")
    planned.done(f"{path}/change", why | {"amount": 12}, **by)
    (node, _) = planned.seen("/v1/plans/G3.2025")["targets"]
    assert (node["target"]["amount"], node["allocated"]) == ("12", "10")
    parts = [{"task": f"{TARGET}.1", "amount": 5}, {"task": f"{TARGET}.2", "amount": 4}]
    planned.done(f"{path}/change", why | {"amount": 9, "parts": parts}, **by)
    shown = planned.seen(path)
    assert [(each["amount"], each["words"]) for each in shown["acts"]] == [
        ("10", ""),
        ("12", "A new law."),
        ("9", "A new law."),
    ]
    assert planned.seen("/v1/plans/G3.2025")["targets"][0]["allocated"] == "9"


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/v1/plans/G3.2025/targets", {}, "#/aim"),
        ("/v1/plans/G3.2025/targets", {"aim": {"title": "x"}}, "#/aim/amount"),
        (f"/v1/targets/{TARGET}/change", {}, "#/amount"),
        (f"/v1/targets/{TARGET}/change", {"amount": "x"}, "#/amount"),
        (f"/v1/targets/{TARGET}/change", {"amount": 1, "parts": [{"unit": "G3"}]}, "#/parts/0/amount"),
        (f"/v1/targets/{TARGET}/change", {"amount": 10}, "#/amount"),
    ],
)
def test_what_is_wrong_with_an_amendment_is_pointed_at(planned, path, body, pointer):
    before = planned.resonance.log.head().position
    about = {"effective": DAY, "reason": "A new law."}
    refused = planned.post(path, about | body, role="leader", second="supervisor")
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json["pointers"]] == [pointer]
    assert planned.resonance.log.head().position == before


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"state": "open"}, [1, 2]),
        ({"state": "open", "within": "DCP"}, [1, 2]),
        ({"state": ["accepted", "verified"], "within": "DCP"}, [2]),
        ({"unit": "G3", "state": "assigned"}, [1]),
        ({"unit": "DCP"}, []),
        ({"within": "DCP"}, [1, 2]),
        ({"person": "P2"}, [2]),
        ({"person": "P1"}, []),
        ({"plan": "G3.2025", "colour": "green"}, [1, 2]),
        ({"plan": "G4.2025"}, []),
        ({"limit": 1}, [1]),
    ],
)
def test_tasks_are_listed_by_what_is_asked_for(planned, query, numbers):
    act(planned, f"{TARGET}.2", "accept", person="P2")
    found = planned.seen("/v1/tasks", **query)
    assert [each["task"] for each in found["items"]] == [f"{TARGET}.{number}" for number in numbers]


@pytest.mark.parametrize(
    ("query", "count"), [({"unit": "G3"}, 1), ({"within": "DCP"}, 1), ({"period": "2024"}, 0), ({"unit": "DCP"}, 0)]
)
def test_plans_are_listed_by_what_is_asked_for(planned, query, count):
    assert len(planned.seen("/v1/plans", **query)["items"]) == count


@pytest.mark.parametrize(
    ("parts", "pointer"),
    [
        ([], "#/parts"),
        ([{"unit": "G3"}], "#/parts/0/amount"),
        ([{"unit": "G3", "amount": "x"}], "#/parts/0/amount"),
        ([{"unit": "a b", "amount": 1}], "#/parts/0/unit"),
        ([{"unit": "G3", "amount": 1, "more": 1}], "#/parts/0/more"),
        ([{"unit": "G3", "person": "P1", "amount": 10}], "#/parts"),
    ],
)
def test_what_is_wrong_with_a_split_is_pointed_at(planned, parts, pointer):
    before = planned.resonance.log.head().position
    refused = planned.post("/v1/tasks", {"target": TARGET, "parts": parts, "effective": DAY}, role="leader")
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json["pointers"]] == [pointer]
    assert planned.resonance.log.head().position == before


def test_the_same_split_sent_twice_is_made_once(planned):
    body = {"target": TARGET, "parent": f"{TARGET}.1", "parts": [{"person": "P3", "amount": 6}], "effective": DAY}
    first = planned.post("/v1/tasks", body, role="leader", key="once")
    again = planned.post("/v1/tasks", body, role="leader", key="once")
    assert (first.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("path", ["/v1/plans/X", "/v1/targets/X", "/v1/tasks/X", f"/v1/tasks/{TARGET}.9"])
def test_what_nobody_knows_is_not_found(planned, path):
    planned.project()
    response = planned.get(path)
    assert response.status_code == 404
    assert response.json["code"].endswith(".unknown")
