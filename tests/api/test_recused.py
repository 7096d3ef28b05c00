"""Who is recused from a case neither reads, asks for nor approves anything about it: from the moment at which that is
recorded, and nothing else is kept from them."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.api import casework
from tests.api.casework import (
    DAY,
    FORMED,
    HEARING,
    HELD,
    LEAD,
    ON,
    ONE,
    PLANNED,
    PRIZE,
    REFERENCE,
    SECOND,
    SIBLING,
    STAR,
    TEAM,
    THIRD,
    UNIT,
    recuse,
    tells,
    token_of,
)


def test_a_recusal_blocks_before_the_facts_know_of_it(desk_with_team):
    at = desk_with_team
    assert at.get(ONE, role="third").status_code == 200
    recuse(at)  # and the projector does not run
    refused = at.get(ONE, role="third")
    assert (refused.status_code, refused.json["code"]) == (404, "case_team.unknown")
    assert at.get("/v1/case-teams", role="third").json["items"] == []
    assert at.get("/v1/trail", role="third", tag=f"case-team:{TEAM}").json == {"items": [], "next": None}
    assert at.get(ONE).status_code == 200


def test_a_recusal_of_today_counts_for_looking_at_the_past_and_at_what_was_kept_of_it(desk_with_team):
    at = desk_with_team
    then = {"as_of": f"position:{at.resonance.log.head().position}"}
    seen = at.get(ONE, role="third", **then)
    kept = {"If-None-Match": seen.headers["ETag"]}
    assert at.get(ONE, role="third", headers=kept, **then).status_code == 304
    recuse(at)
    for headers in ({}, kept):
        assert at.get(ONE, role="third", headers=headers, **then).status_code == 404


def test_nothing_tells_a_team_one_is_recused_from_from_one_that_there_is_not(desk_with_team):
    at = desk_with_team
    recuse(at)
    at.project()

    def told(response: Any) -> tuple[int, dict[str, Any]]:
        return response.status_code, response.json

    for path in ("/v1/case-teams/{}", "/v1/case-teams/{}/interferences", "/v1/chain/case-team/{}"):
        assert told(at.get(path.format(TEAM), role="third")) == told(at.get(path.format("NONE"), role="third")), path
    for path in ("/v1/hearings/{}", "/v1/chain/hearing/{}", "/v1/honours/{}"):
        id = PRIZE if "honours" in path else HEARING
        one, other = (at.get(path.format(each), role="third") for each in (id, "NONE"))
        assert (one.status_code, one.get_data(as_text=True).replace(id, "NONE")) == (404, other.get_data(as_text=True))
    for path, body in COMMANDS.items():
        for role in ("third", "clerk", "leader-third"):
            one, other = (at.post(path.format(id), body, role=role) for id in (TEAM, "NONE"))
            assert told(one) == told(other), (path, role)
        assert told(at.post(path.format(TEAM), {}, role="clerk")) == told(
            at.post(path.format("NONE"), {}, role="clerk")
        )


COMMANDS: dict[str, dict[str, Any]] = {
    f"/v1/case-teams/{{}}/{name}": {"reason": "because", **body, **ON}
    for name, body in (
        ("dissolve", {}),
        ("join", {"person": THIRD, "role": "handler"}),
        ("leave", {"person": LEAD}),
        ("hand-over", {"giver": LEAD, "receiver": THIRD, "items": ["files"]}),
        ("lead", {"lead": LEAD, "named_by": casework.CHIEF}),
        ("stage", {"stage": "reviewed"}),
        ("link", {"overlay": "PG3"}),
        ("unlink", {"overlay": "PG3"}),
        ("recusals/declare", {"person": LEAD, "ground": "kinship"}),
        ("recusals/order", {"person": LEAD, "by": casework.CHIEF, "ground": "kinship"}),
        ("recusals/lift", {"person": THIRD}),
        ("interferences", {"person": LEAD, "kind": "inquiry", "who": "A neighbour"}),
    )
}


BESIDE_THE_TEAM: dict[str, dict[str, Any]] = {
    f"/v1/hearings/{HEARING}/notify": {"told": ["parties", "hearing_officers"], "evidence": ["letters"]},
    f"/v1/hearings/{HEARING}/postpone": {"on": "2025-06-25", "reason": "rain"},
    f"/v1/hearings/{HEARING}/host": {"host": LEAD, "reason": "ill"},
    f"/v1/hearings/{HEARING}/hold": HELD,
    f"/v1/hearings/{HEARING}/cancel": {"reason": "rain"},
    f"/v1/honours/{PRIZE}/annul": {"reason": "an error"},
    f"/v1/honours/{STAR}/revoke": {"reason": "an error"},
}
NAMING_THE_CASE: list[tuple[str, dict[str, Any]]] = [
    ("/v1/hearings", PLANNED | {"hearing": "HEAR-6"}),
    ("/v1/case-teams", FORMED | {"case_team": "T8"}),
    ("/v1/case-teams", FORMED),
]


def test_who_is_recused_does_nothing_about_the_team_not_even_by_approving(desk_with_team):
    at = desk_with_team
    recuse(at)
    before = at.resonance.log.head().position
    for path, body in COMMANDS.items():
        for role in ("third", "clerk", "leader-third"):
            assert at.post(path.format(TEAM), body, role=role).status_code in (403, 404), (path, role)
    lift = {"person": THIRD, "reason": "an error", **ON}
    for role, second in (("third", "leader"), ("supervisor", "leader-third")):
        refused = at.post(f"{ONE}/recusals/lift", lift, role=role, second=second)
        assert (refused.status_code, refused.json["code"]) == (404, "case_team.unknown")
    for path, body in BESIDE_THE_TEAM.items():
        refused = at.post(path, body | ON, role="clerk", second="leader")
        assert (refused.status_code, refused.json["code"]) == (404, f"{path[4:11].rstrip('s')}.unknown"), path
    for path, body in NAMING_THE_CASE:
        refused = at.post(path, body, role="clerk")
        assert (refused.status_code, refused.json["code"]) == (403, "access.recused"), path
    assert at.resonance.log.head().position == before
    assert at.done(f"{ONE}/recusals/lift", lift, role="supervisor", second="leader")
    assert at.seen(ONE, role="third")["item"]["case_team"] == TEAM


def test_a_file_about_a_case_is_not_imported_for_who_is_recused_from_it(desk_with_team):
    at = desk_with_team
    recuse(at)
    before = at.resonance.log.head().position
    rows = "\ufeffhonour,person,unit,level,title,issuer,matter,evidence,conferred_on\n"

    def imported(matter: str, role: str) -> Any:
        content = f"{rows}H-{matter},{LEAD},,city,T,I,{matter},decree,{ON['effective']}\n".encode()
        data = {"file": (io.BytesIO(content), "honours.csv"), "kind": "honours"}
        return at.client.post("/v1/imports", data=data, content_type="multipart/form-data", headers=at.bearer(role))

    for matter in (TEAM, REFERENCE):
        refused = imported(matter, "clerk")
        assert (refused.status_code, refused.json["code"]) == (422, "import.refused")
        assert "Whoever asks, or approves, is recused from this case." in refused.json["pointers"][0]["detail"]
    assert at.resonance.log.head().position == before
    assert imported("M-77", "clerk").status_code == 200
    assert imported(REFERENCE, "recorder").status_code == 200


def test_a_command_sent_again_is_not_answered_to_who_is_recused_by_now(desk_with_team):
    at, body = desk_with_team, {"stage": "reviewed", **ON}
    assert at.post(f"{ONE}/stage", body, role="clerk", key="once").status_code == 200
    assert at.post(f"{ONE}/stage", body, role="clerk", key="once").headers["Idempotency-Replayed"] == "true"
    recuse(at)
    assert at.post(f"{ONE}/stage", body, role="clerk", key="once").status_code == 404


def test_an_attempt_of_who_is_recused_is_journaled_and_not_shown_to_them(desk_with_team):
    at = desk_with_team
    recuse(at)
    assert at.post(f"{ONE}/stage", {"stage": "reviewed", **ON}, role="clerk").status_code == 404
    first, *_ = at.get("/v1/attempts", role="auditor").json["items"]
    noted = {"actor": "clerk", "command": "ReachCaseStage", "subjects": [f"case-team:{TEAM}"], "code": "access.recused"}
    assert first.items() >= noted.items()
    token_of(at, "auditor-third", "auditor", THIRD)
    assert TEAM not in at.get("/v1/attempts", role="auditor-third").get_data(as_text=True)


def test_the_log_as_a_whole_is_not_for_who_is_recused_from_anything(desk_with_team):
    at = desk_with_team
    assert at.get("/v1/log", role="third").status_code == 200
    recuse(at)
    refused = at.get("/v1/log", role="third")
    assert (refused.status_code, refused.json["code"]) == (403, "access.recused")
    assert at.get("/v1/log").status_code == 200


def test_who_declares_their_own_recusal_is_told_that_it_is_recorded(desk_with_team):
    declared = desk_with_team.post(f"{ONE}/recusals/declare", {"person": THIRD, "ground": "kinship"} | ON, role="third")
    assert [each["type"] for each in declared.json["events"]] == ["recusal.declared"]


def test_who_is_recused_has_no_part_in_another_team_of_the_case_nor_sees_it(desk_with_team):
    at = desk_with_team
    recuse(at)
    other = FORMED | {"case_team": SIBLING}
    for named in ({"members": [LEAD, THIRD]}, {"members": [LEAD, SECOND, THIRD], "roles": ["handler"] * 3}):
        refused = at.post("/v1/case-teams", other | named, role="recorder")
        assert (refused.status_code, refused.json["code"]) == (422, "case_team.recused")
    at.done("/v1/case-teams", other)
    refused = at.post(f"/v1/case-teams/{SIBLING}/join", {"person": THIRD, "role": "handler"} | ON, role="recorder")
    assert (refused.status_code, refused.json["code"]) == (422, "case_team.recused")
    at.project()
    assert at.get(f"/v1/case-teams/{SIBLING}", role="third").status_code == 404
    stage = {"stage": "accepted"} | ON
    assert at.post(f"/v1/case-teams/{SIBLING}/stage", stage, role="clerk").status_code == 404


def test_who_is_recused_is_refused_nothing_that_only_has_the_same_name(desk):
    """A team that is called 3, a person who is called like another, and a visit in whose matter somebody wrote so."""
    at = desk
    casework.peopled(at)
    token_of(at, "clerk", "recorder", THIRD)
    token_of(at, "leader-third", "leader", THIRD)
    for team in ("3", "P777", "T2"):
        at.done("/v1/case-teams", FORMED | {"case_team": team})
    at.done("/v1/case-teams/3/recusals/declare", {"person": THIRD, "ground": "kinship"} | ON)
    post = {"post": "G3-X", "unit": UNIT, "kind": "handler", "title_zh": "x", "seats": 3} | ON
    person = {"person": "P777", "personnel_class": "prosecutor", "name": "N"} | ON
    for path, body in (("/v1/posts", post), ("/v1/people", person)):
        assert at.post(path, body, role="clerk").status_code == 201, path
    vanguard = {"team": "T2", "kind": "vanguard", "name": "Vanguard"} | ON
    assert at.post("/v1/service/teams", vanguard, role="leader-third").status_code == 201


def test_a_visit_is_not_about_a_case_by_what_somebody_wrote(desk_with_team):
    at = desk_with_team
    at.done("/v1/memberships", {"person": LEAD, "unit": "B2", "kind": "full"} | ON)
    at.done("/v1/service/teams", {"team": "VAN", "kind": "vanguard", "name": "V"} | ON, role="leader")
    at.done("/v1/service/teams/VAN/join", {"person": LEAD, "unit": "B2"} | ON)
    at.done("/v1/service/petitioners", {"petitioner": "PET1", "name": "Somebody"} | ON)
    visit = {"visit": "V1", "petitioner": "PET1", "team": "VAN", "person": LEAD, "matter": REFERENCE, "received": DAY}
    recuse(at)
    assert at.post("/v1/service/visits", visit | ON, role="clerk").status_code == 201
    at.project()
    assert at.seen("/v1/service/visits/V1", role="third")["item"]["matter"] == REFERENCE


def test_a_file_that_asks_for_what_cannot_be_is_refused_to_who_is_recused_as_to_others(desk_with_team):
    at = desk_with_team
    content = f"\ufeffperson,unit,kind,effective\n{LEAD},{'U' * 70},full,{DAY}\n".encode()

    def imported() -> Any:
        data = {"file": (io.BytesIO(content), "memberships.csv"), "kind": "memberships"}
        return at.client.post("/v1/imports", data=data, content_type="multipart/form-data", headers=at.bearer("clerk"))

    before = imported()
    recuse(at)
    after = imported()
    assert (after.status_code, after.json) == (422, before.json)


def test_what_an_import_would_do_is_tried_without_being_journaled(desk_with_team):
    at = desk_with_team
    recuse(at)
    known = at.get("/v1/attempts", role="auditor").json
    rows = "\ufeffhonour,person,unit,level,title,issuer,matter,evidence,conferred_on\n"
    content = f"{rows}H-1,{LEAD},,city,T,I,{TEAM},decree,{DAY}\n".encode()
    data = {"file": (io.BytesIO(content), "honours.csv"), "kind": "honours", "dry_run": "true"}
    asked = at.client.post("/v1/imports", data=data, content_type="multipart/form-data", headers=at.bearer("clerk"))
    assert asked.status_code == 422
    assert at.get("/v1/attempts", role="auditor").json == known


def test_what_others_tried_about_the_case_is_not_shown_to_who_is_recused(desk_with_team):
    at = desk_with_team
    recuse(at)
    assert at.post("/v1/case-teams", FORMED | {"case_team": "T9", "members": [LEAD, THIRD]}).status_code == 422
    assert at.post("/v1/hearings", PLANNED | {"hearing": "H9"}).status_code == 422
    token_of(at, "auditor-third", "auditor", THIRD)
    for role, shown in (("auditor", True), ("auditor-third", False)):
        told = at.get("/v1/attempts", role=role).get_data(as_text=True)
        assert all((each in told) == shown for each in ('"case-team:T9"', '"hearing:H9"')), role


@pytest.mark.parametrize("first", ["FIRST", "FIRST."])
def test_a_refused_attempt_whose_sentence_names_something_of_the_case_is_not_shown_either(desk_with_team, first):
    """It was for another matter when that was tried, and turned out to be for the case."""
    at = desk_with_team
    told = {"person": LEAD, "level": "city", "title": "T", "issuer": "J", "evidence": ["d"]} | ON
    at.done("/v1/honours", told | {"honour": first, "matter": "M9"})
    assert at.post("/v1/honours", told | {"honour": "AGAIN", "matter": "M9"}).status_code == 422
    corrected = told | {"matter": TEAM, "conferred_on": DAY, "reason": "typo"}
    at.done(f"/v1/honours/{first}/correct", corrected, second="leader")
    recuse(at)
    token_of(at, "auditor-third", "auditor", THIRD)
    for role, shown in (("auditor", True), ("auditor-third", False)):
        assert ("FIRST" in at.get("/v1/attempts", role=role).get_data(as_text=True)) == shown, role


def test_who_is_recused_sees_who_looked_for_what_only_has_the_same_name(desk_with_team):
    at = desk_with_team
    for team in (UNIT, "NOTHING"):
        at.done("/v1/case-teams", FORMED | {"case_team": team})
    recuse(at)
    token_of(at, "admin-third", "admin", THIRD)
    for asked in (
        {"tag": f"unit:{UNIT}"},
        {"within": UNIT},
        {"tag": f"case:{REFERENCE}"},
        {"tag": "case-team:NOTHING"},
    ):
        at.get("/v1/trail", role="auditor", **asked)
    looks = [each["asked"] for each in at.get("/v1/looks", role="admin-third").json["items"]]
    assert [each for each in looks if each.keys() & {"tag", "within"}] == [
        {"within": [UNIT]},
        {"tag": [f"unit:{UNIT}"]},
    ]


def test_an_honour_that_turned_out_to_be_for_something_else_is_seen_again(desk_with_team):
    at = desk_with_team
    record = {"person": LEAD, "level": "city", "title": "T", "issuer": "J", "evidence": ["decree"]}
    at.done("/v1/honours", record | {"honour": "H1", "matter": TEAM} | ON)
    recuse(at)
    at.project()
    assert at.get("/v1/honours/H1", role="third").status_code == 404
    corrected = record | {"matter": "M9", "conferred_on": DAY, "reason": "typo"} | ON
    at.done("/v1/honours/H1/correct", corrected, second="leader")
    at.project()
    seen = at.get("/v1/honours/H1", role="third")
    assert (seen.json["item"]["matter"], tells(seen.get_data(as_text=True), "")) == ("M9", False)


def test_how_many_hearings_were_held_is_told_to_everybody(desk_with_team):
    at = desk_with_team
    plan = {"unit": UNIT, "year": 2025, "quarters": [0, 1, 0, 0], "reason": "x"} | ON
    at.done("/v1/hearings/plans", plan, role="leader", second="supervisor")
    at.done(f"/v1/hearings/{HEARING}/host", {"host": LEAD, "reason": "ill"} | ON)
    told = {"told": ["parties", "hearing_officers"], "evidence": ["letters"]}
    at.done(f"/v1/hearings/{HEARING}/notify", told | ON)
    at.clock.tick(days=7)
    at.done(f"/v1/hearings/{HEARING}/hold", HELD | {"effective": PLANNED["on"]})
    recuse(at)
    at.project()
    assert at.seen(f"/v1/hearings/plans/{UNIT}.2025", role="third")["item"]["held"] == [0, 1, 0, 0]
    assert at.seen("/v1/hearings", role="third")["items"] == []


def test_a_token_without_a_person_is_nobodys_kin(desk_with_team):
    recuse(desk_with_team)
    assert desk_with_team.seen(ONE, role="recorder")["item"]["case_reference"] == REFERENCE
