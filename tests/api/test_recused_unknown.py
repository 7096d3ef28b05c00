"""Who is recused from a case is answered as if there were none, to the letter, whatever else is wrong."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.api.casework import (
    ASSESSMENT,
    DAY,
    HEARING,
    LEAD,
    ON,
    PRIZE,
    SECOND,
    STAR,
    TEAM,
    THIRD,
    confirmed,
    recuse,
    token_of,
)
from tests.api.office import Office

HONOUR = {"level": "city", "title": "T", "issuer": "I", "matter": "M50", "evidence": ["d"]} | ON
CORRECTED = HONOUR | {"conferred_on": DAY, "reason": "x"}
OTHER = {"person": SECOND, "issuer": "J"}


@pytest.fixture
def at(desk_with_team: Office) -> Office:
    recuse(desk_with_team)
    token_of(desk_with_team, "assessor-third", "assessor", THIRD)
    return desk_with_team


def told(answer: Any, id: str) -> tuple[int, str]:
    return answer.status_code, answer.get_data(as_text=True).replace(id, "…")


@pytest.mark.parametrize("subject", [LEAD, "P777"])
def test_an_honour_that_a_bonus_cites(at, subject):
    bonus = {"subject": subject, "matter": "M9", "evidence": ["d"]} | ON
    one, other = (
        at.post(f"{ASSESSMENT}/bonus", bonus | {"honour": each}, role="assessor-third") for each in (STAR, "NONE")
    )
    assert told(one, STAR) == told(other, "NONE")


@pytest.mark.parametrize("level", ["city", "nosuch"])
def test_a_team_that_is_honoured(at, level):
    body = HONOUR | {"honour": "NEW-1", "level": level}
    one, other = (at.post("/v1/honours", body | {"case_team": each}, role="clerk") for each in (TEAM, "NONE"))
    assert told(one, TEAM) == told(other, "NONE")


def test_a_team_whose_an_honour_is_said_to_be(at):
    at.done("/v1/honours", HONOUR | {"honour": "OKH", "person": SECOND})
    one, other = (
        at.post("/v1/honours/OKH/correct", CORRECTED | {"case_team": each}, role="clerk", second="leader")
        for each in (TEAM, "NONE")
    )
    assert told(one, TEAM) == told(other, "NONE")


@pytest.mark.parametrize("level", ["city", "nosuch"])
def test_a_team_in_a_row_of_a_file(at, level):
    def tried(team: str) -> Any:
        rows = "\ufeffhonour,person,unit,brand,case_team,level,title,issuer,matter,evidence,conferred_on\n"
        content = f"{rows}H-1,,,,{team},{level},T,I,M7,decree,{DAY}\n".encode()
        data = {"file": (io.BytesIO(content), "honours.csv"), "kind": "honours", "dry_run": "true"}
        return at.client.post("/v1/imports", data=data, content_type="multipart/form-data", headers=at.bearer("clerk"))

    assert told(tried(TEAM), TEAM) == told(tried("NONE"), "NONE")


@pytest.mark.parametrize("effective", [DAY, "2030-01-01", "2000-01-01"])
@pytest.mark.parametrize(
    ("path", "id", "body"),
    [
        ("/v1/hearings/{}/postpone", HEARING, {"on": "2025-06-25", "reason": "rain"}),
        ("/v1/hearings/{}/cancel", HEARING, {"reason": "rain"}),
        ("/v1/honours/{}/revoke", PRIZE, {"reason": "x"}),
        ("/v1/honours/{}/annul", PRIZE, {"reason": "x"}),
        ("/v1/honours/{}/correct", STAR, CORRECTED | {"person": LEAD}),
        ("/v1/case-teams/{}/dissolve", TEAM, {"reason": "x"}),
    ],
)
def test_a_hearing_an_honour_or_a_team_on_whatever_day(at, path, id, body, effective):
    body = body | {"effective": effective}
    one, other = (at.post(path.format(each), body, role="clerk", second="leader") for each in (id, "NONE"))
    assert told(one, id) == told(other, "NONE")


@pytest.mark.parametrize(
    ("path", "id", "body"),
    [
        ("/v1/case-teams/{}/stage", TEAM, {"stage": "reviewed"}),
        ("/v1/hearings/{}/cancel", HEARING, {"reason": "x"}),
        ("/v1/honours/{}/revoke", STAR, {"reason": "x"}),
    ],
)
def test_a_key_that_was_used_before(at, path, id, body):
    at.done("/v1/memberships", {"person": LEAD, "unit": "B2", "kind": "full"} | ON, role="clerk", key="once")
    one, other = (at.post(path.format(each), body | ON, role="clerk", key="once") for each in (id, "NONE"))
    assert told(one, id) == told(other, "NONE")
    assert one.json["code"] == "command.reused"


def test_a_trail_with_a_cursor_that_nobody_gave(at):
    one, other = (at.get("/v1/trail", role="third", tag=f"case-team:{each}", cursor="!!") for each in (TEAM, "NONE"))
    assert told(one, TEAM) == told(other, "NONE")


def test_a_team_in_what_metrics_count(at):
    def counted(team: str) -> str:
        at.post(f"/v1/case-teams/{team}/dissolve", {"reason": "x"} | ON, role="clerk")
        return "".join(
            line for line in at.client.get("/metrics").text.splitlines() if 'command="DissolveCaseTeam"' in line
        )

    assert "recused" not in counted(TEAM)
    assert 'outcome="refused"} 2.0' in counted("NONE")


@pytest.mark.parametrize("through", [(), ("M11",)])
@pytest.mark.parametrize(
    ("path", "body", "role"),
    [
        (f"{ASSESSMENT}/bonus", {"subject": SECOND, "honour": "AWAY", "evidence": ["d"]} | ON, "assessor-third"),
        ("/v1/honours", HONOUR | OTHER | {"honour": "AWAY"}, "clerk"),
        ("/v1/honours/AWAY/correct", CORRECTED | OTHER | {"level": "nosuch"}, "clerk"),
    ],
)
def test_a_matter_beside_an_honour_that_was_for_it_once(desk_with_team, through: tuple[str, ...], path, body, role):
    """They see the honour, for another matter, and what is said of it is what they see."""
    at, (first, *later) = desk_with_team, (*through, TEAM, "M12")
    at.done("/v1/honours", HONOUR | OTHER | {"honour": "AWAY", "matter": first})
    for matter in later:
        at.done("/v1/honours/AWAY/correct", CORRECTED | OTHER | {"matter": matter}, second="leader")
    recuse(at)
    token_of(at, "assessor-third", "assessor", THIRD)
    one, other = (at.post(path, body | {"matter": each}, role=role, second="leader") for each in (TEAM, "NONE"))
    assert told(one, TEAM) == told(other, "NONE")
    assert at.seen("/v1/honours/AWAY", role="third")["item"]["matter"] == "M12"


@pytest.mark.parametrize("subject", [LEAD, "P777"])
@pytest.mark.parametrize(("kind", "points"), [("bonus", {"points": "1"}), ("deduction", {"points": "1"}), ("veto", {})])
def test_a_matter_for_which_a_subject_is_given_or_taken_points(at, subject, kind, points):
    body = {"subject": subject, "evidence": ["d"]} | points | ON
    one, other = (
        at.post(f"{ASSESSMENT}/{kind}", body | {"matter": each}, role="assessor-third") for each in (TEAM, "NONE")
    )
    assert told(one, TEAM) == told(other, "NONE")


@pytest.mark.parametrize("upheld", [True, False])
def test_a_matter_that_an_appeal_strikes(desk_with_team, upheld):
    at = desk_with_team
    confirmed(at)
    at.done(f"{ASSESSMENT}/publish", ON, role="assessor")
    at.done(f"{ASSESSMENT}/appeals", {"appeal": "AP1", "subject": LEAD, "by": LEAD, "grounds": "no"} | ON)
    recuse(at)
    token_of(at, "supervisor-third", "supervisor", THIRD)
    body = {"reviewers": ["P004", "P006"], "upheld": upheld, "finding": "x"} | ON
    one, other = (
        at.post("/v1/appeals/AP1/decide", body | {"strike": [each]}, role="supervisor-third") for each in (TEAM, "NONE")
    )
    assert told(one, TEAM) == told(other, "NONE")
    assert one.json["code"] == "assessment.barred"
