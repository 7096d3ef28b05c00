"""Who may do what: one table, and no address without it."""

from __future__ import annotations

import pytest

from api.access import MAY
from tests.api.office import Office

WRITING = [act for act in MAY if act not in ("see", "see names", "see history", "prove", "operate", "inspect")]


def addresses(office: Office) -> list[tuple[str, str]]:
    """Every method and path under /v1, with some id where one belongs."""
    found = []
    for rule in office.app.url_map.iter_rules():
        if rule.rule.startswith("/v1/"):
            ids = {name: 1 if name == "position" else "unit" for name in rule.arguments}
            path = office.app.url_map.bind("").build(rule.endpoint, ids)
            found += [(method, path) for method in rule.methods or () if method in ("GET", "POST")]
    return found


def test_no_address_answers_without_a_token(desk):
    everywhere = addresses(desk)
    assert len(everywhere) > 40
    for method, path in everywhere:
        response = desk.client.open(path, method=method)
        assert response.status_code == 401, f"{method} {path}"
        assert response.json["code"] == "access.token_missing"


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_auditors_and_administrators_can_write_nothing(desk, role):
    writing = [path for method, path in addresses(desk) if method == "POST"]
    for path in writing:
        assert desk.post(path, role=role).status_code == 403, path
    assert desk.resonance.log.head().position == 0


def test_no_writing_act_is_open_to_auditors_or_administrators():
    assert all(not MAY[act] & {"auditor", "admin"} for act in WRITING)


@pytest.mark.parametrize("value", ["Bearer wrong", "Basic abc", "Bearer ", "wrong", "bearer \u00e4"])
def test_a_token_that_is_none_is_refused(desk, value):
    response = desk.client.get("/v1/me", headers={"Authorization": value})
    assert (response.status_code, response.json["code"]) == (401, "access.token_unknown")


def test_who_asks_is_told_what_they_may_do(desk):
    assert desk.get("/v1/me", role="leader").json == {
        "user": "LEADER",
        "role": "leader",
        "person": None,
        "may": [
            *("see", "see names", "see history", "answer", "perform", "plan", "work", "verify", "confirm", "appeal"),
            *("serve", "designate", "mentor", "develop", "apply for brands", "team", "declare"),
        ],
    }


def test_nobody_is_their_own_second_person(desk):
    desk.tokens["twin"] = desk.resonance.tokens.issue("SUPERVISOR", "leader").token
    refused = desk.post("/v1/charter", {"text": "x", "effective": "2025-06-16"}, role="supervisor", second="twin")
    assert (refused.status_code, refused.json["code"]) == (403, "access.second_self")


def test_a_person_is_not_their_own_second_person_under_another_user_either(desk):
    desk.tokens["one"] = desk.resonance.tokens.issue("ONE", "supervisor", "P007").token
    desk.tokens["two"] = desk.resonance.tokens.issue("TWO", "leader", "P007").token
    refused = desk.post("/v1/charter", {"text": "x", "effective": "2025-06-16"}, role="one", second="two")
    assert (refused.status_code, refused.json["code"]) == (403, "access.second_self")


def test_not_every_role_can_be_the_second_person(desk):
    refused = desk.post("/v1/charter", {"text": "x", "effective": "2025-06-16"}, role="supervisor", second="admin")
    assert (refused.status_code, refused.json["code"]) == (403, "access.second_role")
    assert refused.json["pointers"][0]["header"] == "Resonance-Second-Person"


def test_without_a_second_person_a_rule_that_wants_one_refuses(desk):
    refused = desk.post("/v1/charter", {"text": "x", "effective": "2025-06-16"}, role="supervisor")
    assert refused.status_code == 422


def test_the_second_person_is_recorded(desk):
    desk.adopt_charter()
    event = desk.get("/v1/trail", type="charter.adopted").json["items"][0]
    assert (event["actor"], event["approver"]) == ("SUPERVISOR", "LEADER")
