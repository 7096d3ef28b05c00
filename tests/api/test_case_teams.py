"""Case teams through HTTP: who may do what, twice, and what is wrong with a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.settings import Settings
from api.wiring import bootstrap
from tests.api.casework import CHIEF, DAY, FORMED, HEAD, LEAD, ON, REFERENCE, SECOND, TEAM, THIRD, act, peopled
from tests.api.office import Clock, Office
from tests.api.test_duties import refused

ONE = f"/v1/case-teams/{TEAM}"


@pytest.fixture
def team(desk: Office) -> Office:
    """A department and its people, and a team of two of them."""
    peopled(desk)
    response = desk.post("/v1/case-teams", FORMED, key="form")
    assert (response.status_code, response.headers["Location"]) == (201, ONE)
    return desk


def test_a_team_is_shown_with_its_making_its_acts_and_names(team: Office):
    act(team, "join", {"person": THIRD, "role": "handler"})
    shown = team.seen(ONE)
    assert shown["item"]["members"] == dict.fromkeys((LEAD, SECOND, THIRD), "handler")
    assert [each["act"] for each in shown["acts"]] == ["formed", "joined"]
    places = {each["role"]: (each["at_least"], each["at_most"], each["members"]) for each in shown["making"]["places"]}
    assert places["handler"] == (2, 7, [LEAD, SECOND, THIRD])
    assert (shown["making"]["lead"], shown["making"]["lead_by"], shown["making"]["flaws"]) == (LEAD, "chief", [])
    assert shown["names"][THIRD] == f"N{THIRD}"
    assert team.seen(ONE, role="admin")["names"] == {}
    listed = team.seen("/v1/case-teams", within="DCP", person=THIRD, form="case_team", state="open")
    assert [each["case_team"] for each in listed["items"]] == [TEAM]
    assert listed["makings"][TEAM]["colour"] == "green"
    assert team.seen("/v1/case-teams", state="dissolved")["items"] == []


def test_teams_and_honours_are_found_by_what_they_are_about(team: Office):
    prize = {"honour": "PRIZE-6", "level": "city", "title": "T", "issuer": "I", "matter": "M6", "evidence": ["decree"]}
    team.done("/v1/honours", prize | {"case_team": TEAM} | ON)

    def listed(what: str, id: str, **asked: str) -> list[str]:
        return [each[id] for each in team.seen(f"/v1/{what}", **asked)["items"]]

    assert listed("case-teams", "case_team", case_reference=REFERENCE) == [TEAM]
    assert listed("case-teams", "case_team", case_reference="XF-2025-0999") == []
    assert listed("honours", "honour", matter="M6") == ["PRIZE-6"]
    assert listed("honours", "honour", matter="M7") == []


def test_a_dissolved_team_wants_nothing_any_more(team: Office):
    act(team, "dissolve", {})
    shown = team.seen(ONE)
    assert (shown["item"]["state"], shown["making"]) == ("dissolved", None)


def test_the_same_request_again_is_answered_as_before(team: Office):
    again = team.post("/v1/case-teams", FORMED, key="form")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    refused(team, "/v1/case-teams", FORMED, 409, "case_team.exists")
    refused(team, "/v1/case-teams", FORMED | {"lead": SECOND}, 409, "command.reused", key="form")


BODIES: dict[str, dict[str, Any]] = {
    "": FORMED | {"case_team": "T9"},
    "/dissolve": ON,
    "/join": {"person": THIRD, "role": "handler", **ON},
    "/leave": {"person": SECOND, **ON},
    "/hand-over": {"giver": LEAD, "receiver": SECOND, "items": ["files"], **ON},
    "/lead": {"lead": SECOND, "named_by": CHIEF, "reason": "decided", **ON},
    "/stage": {"stage": "accepted", **ON},
    "/link": {"overlay": "PG3", **ON},
    "/unlink": {"overlay": "PG3", **ON},
    "/recusals/declare": {"person": THIRD, "ground": "kinship", **ON},
    "/recusals/order": {"person": THIRD, "by": CHIEF, "ground": "kinship", **ON},
    "/recusals/lift": {"person": THIRD, **ON},
    "/interferences": {"person": LEAD, "kind": "inquiry", "who": "A neighbour", **ON},
}
"""A good request for each command."""


def address(name: str, team: str = TEAM) -> str:
    return f"/v1/case-teams/{team}{name}" if name else "/v1/case-teams"


def role_for(name: str) -> str:
    return "supervisor" if name == "/recusals/lift" else "recorder"


def wrong() -> list[tuple[str, str, Any]]:
    """Each command with each of its fields left out, blank, of another type, or no id."""
    found = []
    for name, body in BODIES.items():
        for field in body:
            if field == "reason":
                continue
            wanted = field not in ("lead", "named_by") or name == "/lead"
            values: list[Any] = [*([None] if wanted else []), 7, "", "no id at all, and no day", ["x y"]]
            if field == "who":
                values = [None, 7, "", "x" * 201]
            if field == "case_reference":
                values = [None, 7, "", "x" * 61]
            found += [(name, field, value) for value in values]
        found.append((name, "surprise", "x"))
    return found


@pytest.mark.parametrize(("name", "field", "value"), wrong())
def test_what_is_sent_wrongly_is_pointed_to(shared: Office, name: str, field: str, value: Any):
    body = {**BODIES[name], field: value}
    told = refused(shared, address(name), body, 422, "request.invalid", role=role_for(name))
    assert any(pointer["pointer"].startswith(f"#/{field}") for pointer in told["pointers"])


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that nothing is written into."""
    clock, folder = Clock(), tmp_path_factory.mktemp("office")
    with bootstrap(Settings.read({"RESONANCE_VAR": str(folder)}), now=clock) as wired:
        wired.migrate()
        office = Office(wired, clock)
        peopled(office)
        office.done("/v1/case-teams", FORMED)
        yield office


@pytest.mark.parametrize(
    ("name", "changes", "code"),
    [
        ("", {"form": "choir"}, "case_team.form"),
        ("", {"case_reference": "The stolen car"}, "id.malformed"),
        ("", {"case_reference": "XF-2025-107"}, "case_team.reference"),
        ("", {"members": [LEAD]}, "case_team.members"),
        ("", {"named_by": HEAD}, "case_team.named_by"),
        ("/dissolve", {"effective": "2025-06-17"}, "case_team.future"),
        ("/join", {"person": LEAD}, "case_team.member"),
        ("/leave", {"person": THIRD}, "case_team.not_member"),
        ("/hand-over", {"items": ["the knife"]}, "request.invalid"),
        ("/hand-over", {"items": ["knife"]}, "case_team.items"),
        ("/lead", {"reason": ""}, "case_team.handover"),
        ("/stage", {"stage": "heard"}, "case_team.stage"),
        ("/link", {"overlay": "G3"}, "case_team.overlay"),
        ("/unlink", {}, "case_team.not_linked"),
        ("/recusals/declare", {"ground": "bored"}, "recusal.ground"),
        ("/recusals/order", {"by": LEAD}, "recusal.by"),
        ("/recusals/lift", {}, "recusal.none"),
        ("/interferences", {"kind": "bribery"}, "interference.kind"),
    ],
)
def test_what_a_rule_refuses_is_refused_with_its_code(shared: Office, name: str, changes: dict[str, Any], code: str):
    refused(shared, address(name), BODIES[name] | changes, 422, code, role=role_for(name))


@pytest.mark.parametrize("name", [name for name in BODIES if name])
def test_a_team_that_nobody_formed_is_not_found(shared: Office, name: str):
    refused(shared, address(name, "T404"), BODIES[name], 404, "case_team.unknown", role=role_for(name))


@pytest.mark.parametrize("name", BODIES)
def test_each_command_is_for_certain_roles(shared: Office, name: str):
    may = {
        "/recusals/lift": {"supervisor"},
        "/recusals/declare": {"recorder", "leader", "assessor", "supervisor"},
        "/recusals/order": {"recorder", "leader", "assessor", "supervisor"},
        "/interferences": {"recorder", "leader", "assessor", "supervisor"},
    }.get(name, {"recorder", "leader"})
    for role in {"admin", "recorder", "leader", "assessor", "supervisor", "auditor"} - may:
        refused(shared, address(name), BODIES[name], 403, "access.role", role=role)
    for role in may:  # what is wrong with it, they are told
        refused(shared, address(name), {}, 422, "request.invalid", role=role)


def test_each_command_is_done(team: Office):
    for name in ("/stage", "/link", "/unlink", "/hand-over", "/lead", "/join", "/interferences", "/recusals/order"):
        assert team.post(address(name), BODIES[name], role=role_for(name)).status_code == 200, name
    lift = BODIES["/recusals/lift"] | {"reason": "an error"}
    refused(team, address("/recusals/lift"), lift, 422, "recusal.second_person", role="supervisor")
    team.done(address("/recusals/lift"), lift, role="supervisor", second="leader")
    for name in ("/recusals/declare", "/leave", "/dissolve"):
        assert team.post(address(name), BODIES[name]).status_code == 200, name
    shown = team.seen(ONE)
    assert (shown["item"]["state"], shown["item"]["since"]) == ("dissolved", DAY)
    assert [each["person"] for each in shown["recusals"]] == [THIRD]
