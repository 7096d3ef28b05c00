"""Who is recused from a case sees nothing of it, on any path; and interferences are seen by inspectors only."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from api.wiring import bootstrap
from tests.api import casework
from tests.api.casework import (
    HEARING,
    LEAD,
    ON,
    ONE,
    PRIZE,
    SIBLING,
    STAR,
    TEAM,
    THIRD,
    UNIT,
    act,
    tells,
    token_of,
)
from tests.api.office import Clock, Office

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
ROUTES = [path for path, operations in json.loads(DOCUMENT.read_text())["paths"].items() if "get" in operations]

ROLES = ("recorder", "supervisor", "auditor")

ANSWERED = {
    "/v1/case-teams",
    "/v1/case-teams/{case_team}",
    "/v1/chain/{kind}/{id}",
    "/v1/trail",
    "/v1/exports/trail.csv",
    "/v1/exports/trail.xlsx",
    "/v1/events/{position}",
    "/v1/events/{position}/changes",
    "/v1/compare",
    "/v1/register",
    "/v1/hearings",
    "/v1/hearings/{hearing}",
    "/v1/honours",
    "/v1/honours/{honour}",
    "/v1/people/{person}/answers-for",
    "/v1/service/people/{person}",
    "/v1/assessments/{assessment}",
    "/v1/assessments/{assessment}/subjects/{subject}",
    "/v1/results/{subject}",
}
"""The routes that tell of a team to whoever may read, and is not recused from it."""

BESIDE = {
    "recorder": set(),
    "supervisor": {"/v1/log", "/v1/case-teams/{case_team}/interferences"},
    "auditor": {"/v1/log", "/v1/case-teams/{case_team}/interferences", "/v1/attempts", "/v1/looks", "/tile/{path}"},
}
"""Those that tell of it to some roles only."""

IDS: dict[str, list[str]] = {
    "case_team": [TEAM, SIBLING],
    "unit": [UNIT, "PG3"],
    "person": [LEAD, THIRD],
    "post": ["G3-H"],
    "honour": [STAR, PRIZE, f"{SIBLING}-P"],
    "hearing": [HEARING],
    "assessment": ["prosecutors.G3.2025-Q1"],
    "subject": [LEAD],
    "kind": ["case-team", "unit", "person", "hearing"],
    "id": [TEAM, SIBLING, UNIT, LEAD, THIRD, HEARING],
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with a team that THIRD was then recused from. For each role there are tokens `recused` and `other`."""
    clock, folder = Clock(), tmp_path_factory.mktemp("office")
    with bootstrap(Settings.read({"RESONANCE_VAR": str(folder)}), now=clock) as wired:
        wired.migrate()
        office = Office(wired, clock)
        casework.peopled(office)
        casework.worked(office)
        casework.siblings(office)
        act(office, "leave", {"person": LEAD})  # now there is one handler too few: it stands in the register
        office.project()
        act(office, "recusals/declare", {"person": THIRD, "ground": "kinship"})
        for role in ROLES:
            token_of(office, f"recused-{role}", role, THIRD)
            token_of(office, f"other-{role}", role, LEAD)
        office.project()
        wired.signing.make(wired.log.source)
        wired.keeper().once()
        assert office.seen("/v1/trail", role="other-auditor", tag=f"case-team:{TEAM}")["items"]
        yield office


def asked(office: Office, route: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address of a route, with each query that may tell of the team."""
    head = office.resonance.log.head().position
    names = re.findall(r"{(\w+)}", route)
    given = IDS | {"path": [f"entries/000.p/{office.resonance.ledger.size()}"]}
    paths = [route]
    for name in names:
        values = [str(each) for each in range(1, head + 1)] if name == "position" else given.get(name, ["none"])
        paths = [path.replace("{" + name + "}", value) for path in paths for value in values]
    queries: list[dict[str, Any]] = [{}]
    if "position" not in names:
        queries += [{"as_of": f"position:{head - 1}"}, {"unit": UNIT}, {"within": "DCP"}, {"person": LEAD}]
        queries += [{"colour": "red"}, {"kind": "case_team"}, {"from": "position:0"}, {"limit": 1}, {"state": "open"}]
        queries += [{"tag": f"case-team:{TEAM}"}, {"tag": f"matter:{TEAM}"}, {"tag": f"person:{THIRD}"}]
        queries += [{"tag": f"unit:{UNIT}"}, {"type": "case_team.formed"}, {"order": "oldest", "limit": 200}]
        queries += [{"reason": "a"}, {"effective_from": "2025-01-01"}, {"recorded_from": "2025-01-01T00:00:00Z"}]
        queries += [{"from": f"position:{head}", "to": f"position:{head - 12}"}]
    if route.startswith("/v1/exports"):  # a file says what was asked for, whether there is such a thing or not
        queries = [query for query in queries if TEAM not in str(query)]
    for path in paths:
        for query in queries:
            yield path, query


def answers(office: Office, token: str, route: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """What each address of a route answers, headers and body, with all pages that follow."""
    for path, query in asked(office, route):
        response = office.get(path, role=token, **query)
        for _ in range(200):
            body = _text(response.get_data())
            yield path, query, f"{response.status_code} {response.headers} {body}"
            following = (
                (response.json or {}).get("next") if response.is_json and isinstance(response.json, dict) else None
            )
            if following is None:
                break
            response = office.client.get(following, headers=office.bearer(token))


def _text(body: bytes) -> str:
    """A body as text; of a workbook, all of its parts."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return " ".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def test_a_file_about_a_team_one_is_recused_from_is_as_one_about_none(office):
    for role in ROLES:
        files = []
        for team in (TEAM, "NOSUCH"):
            query = {"tag": f"case-team:{team}"}
            answer = office.get("/v1/exports/trail.csv", role=f"recused-{role}", **query).get_data(as_text=True)
            files.append(answer.replace(team, "…"))
        assert files[0] == files[1]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ROUTES)
def test_no_route_tells_who_is_recused_of_the_team(office, route, role):
    for path, query, told in answers(office, f"recused-{role}", route):
        assert not tells(told, path), (path, query, told)
    told_to_others = any(tells(told, path) for path, _, told in answers(office, f"other-{role}", route))
    assert told_to_others == (route in ANSWERED | BESIDE[role])


INTERFERENCE = ("interference.recorded", "case_team_interference", "RecordInterference", "A neighbour", '"inquiry"')
"""What would tell of one, but for the charter, which names the kinds."""


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.startswith("/v1/charter")])
def test_no_route_tells_of_interferences_but_to_inspectors(office, route):
    for role in ("recorder", "leader", "assessor", "admin"):
        for path, query, told in answers(office, role, route):
            assert not any(each in told for each in INTERFERENCE), (role, path, query, told)
    inspected = [told for _, _, told in answers(office, "auditor", route)]
    telling = {
        "/v1/case-teams/{case_team}/interferences",
        "/v1/trail",
        "/v1/exports/trail.csv",
        "/v1/exports/trail.xlsx",
        "/v1/events/{position}",
        "/v1/events/{position}/changes",
        "/v1/compare",
        "/v1/log",
        "/v1/attempts",
        "/tile/{path}",
    }
    assert any(each in text for each in INTERFERENCE for text in inspected) == (route in telling)


def test_inspectors_see_who_tried_to_interfere_and_with_whom(office):
    for role in ("supervisor", "auditor"):
        (item,) = office.get(f"{ONE}/interferences", role=role).json["items"]
        assert (item["who"], item["kind"], item["person"], item["on"]) == (
            "A neighbour",
            "inquiry",
            LEAD,
            ON["effective"],
        )
    for role in ("recorder", "leader", "assessor", "admin"):
        assert office.get(f"{ONE}/interferences", role=role).status_code == 403


def test_the_ground_of_a_recusal_is_for_inspectors(office):
    grounds = {role: office.get(ONE, role=role).json["recusals"][0]["ground"] for role in ("supervisor", "recorder")}
    assert grounds == {"supervisor": "kinship", "recorder": None}
    for entry in office.resonance.log.entries():
        assert b"kinship" not in entry.bytes or b'"charter.published"' in entry.bytes
        assert b"A neighbour" not in entry.bytes
