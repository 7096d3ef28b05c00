"""Commands through HTTP: what they answer, once and again."""

from __future__ import annotations

import pytest

from tests.api.office import Office

ROOT = {"unit": "DCP", "kind": "institution", "name_zh": "县院", "effective": "2025-06-16"}


def test_a_command_answers_with_its_events_and_their_position(office):
    office.adopt_charter()
    response = office.post("/v1/units", ROOT, key="k-1")
    assert response.status_code == 201
    assert response.headers["Location"] == "/v1/units/DCP"
    assert response.headers["Resonance-Position"] == "3"
    assert "Idempotency-Replayed" not in response.headers
    (event,) = response.json["events"]
    assert (response.json["position"], event["position"], event["type"]) == (3, 3, "unit.established")
    assert event["data"] == ROOT | {"name_en": "", "parent": None}


def test_the_same_command_again_is_done_once_and_answered_as_before(office):
    office.adopt_charter()
    first = office.post("/v1/units", ROOT, key="k-1")
    again = office.post("/v1/units", ROOT, key="k-1")
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert office.resonance.log.head().position == 3


def test_a_key_that_was_used_for_something_else_is_refused(office):
    office.adopt_charter()
    office.done("/v1/units", ROOT, key="k-1")
    refused = office.post("/v1/units", ROOT | {"name_zh": "别的"}, key="k-1")
    assert (refused.status_code, refused.json["code"]) == (409, "command.reused")


@pytest.mark.parametrize("key", ["a b", "ä", "x" * 201, " "])
def test_a_key_is_visible_ascii(desk, key):
    refused = desk.post("/v1/units", ROOT, key=key)
    assert (refused.status_code, refused.json["code"]) == (400, "request.idempotency_key")
    assert refused.json["pointers"][0]["header"] == "Idempotency-Key"


def test_without_a_key_each_request_is_a_command_of_its_own(desk):
    desk.adopt_charter()
    desk.done("/v1/units", ROOT)
    refused = desk.post("/v1/units", ROOT)
    assert (refused.status_code, refused.json["code"]) == (409, "unit.exists")


def test_the_reason_is_recorded_with_what_happens(desk):
    desk.adopt_charter()
    desk.done("/v1/units", ROOT | {"reason": "从今天起"})
    assert desk.get("/v1/trail").json["items"][0]["reason"] == "从今天起"


def test_an_id_that_is_left_out_follows_from_the_key(desk):
    staffed(desk)
    body = {"person": "P001", "post": "HEAD", "kind": "substantive", "effective": "2025-06-16"}
    made = desk.done("/v1/appointments", body, key="k-9")["events"][0]["data"]["appointment"]
    again = desk.done("/v1/appointments", body, key="k-9")["events"][0]["data"]["appointment"]
    assert made == again
    assert made.startswith("A-")


def test_personal_details_are_in_no_answer_and_in_no_entry(office):
    office.adopt_charter()
    person = {"person": "P001", "personnel_class": "prosecutor", "name": "Zhang San", "phone": "13800000000"}
    body = person | {"effective": "2025-06-16"}
    first = office.post("/v1/people", body, key="k-1")
    again = office.post("/v1/people", body, key="k-1")
    assert first.status_code == 201
    assert first.get_data() == again.get_data()
    written = b"".join(entry.bytes for entry in office.resonance.log.entries())
    for secret in (b"Zhang", b"13800000000"):
        assert secret not in first.get_data()
        assert secret not in written
    assert office.resonance.keys.find("zhang") == ["P001"]


def test_what_a_rule_refuses_leaves_a_trace_outside_the_log(desk):
    desk.adopt_charter()
    refused = desk.post("/v1/units", ROOT | {"kind": "castle"})
    assert (refused.status_code, refused.json["code"]) == (422, "unit.kind")
    assert refused.json["pointers"][0]["pointer"] == "#/kind"
    (attempt,) = desk.get("/v1/attempts", role="admin").json["items"]
    assert (attempt["actor"], attempt["command"], attempt["code"]) == ("RECORDER", "EstablishUnit", "unit.kind")
    assert attempt["subjects"] == ["unit:DCP"]


def test_what_the_path_names_and_nobody_knows_is_not_found(desk):
    desk.adopt_charter()
    refused = desk.post("/v1/units/NONE/rename", {"name_zh": "x", "effective": "2025-06-16"})
    assert (refused.status_code, refused.json["code"]) == (404, "unit.unknown")
    assert refused.json["pointers"][0]["parameter"] == "unit"


def test_what_the_body_names_and_nobody_knows_is_refused(desk):
    desk.adopt_charter()
    refused = desk.post("/v1/units", ROOT | {"unit": "G1", "kind": "department", "parent": "NONE"})
    assert (refused.status_code, refused.json["code"]) == (422, "unit.unknown")
    assert refused.json["pointers"][0]["pointer"] == "#/parent"


def staffed(desk: Office) -> None:
    """A department with a head's post, and somebody to hold it."""
    desk.adopt_charter()
    desk.done("/v1/units", ROOT)
    desk.establish("G1", "department", "DCP", "2025-06-16")
    post = {"post": "HEAD", "unit": "G1", "kind": "department_head", "title_zh": "主任", "effective": "2025-06-16"}
    desk.done("/v1/posts", post)
    person = {"person": "P001", "personnel_class": "prosecutor", "name": "A", "effective": "2025-06-16"}
    desk.done("/v1/people", person)
