"""A recusal that comes while a request is answered counts: what is read afterwards is not shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.resources import history
from tests.api import casework
from tests.api.casework import ASSESSMENT, ON, ONE, STAR, TEAM, THIRD, interposed, recuse_meanwhile, tells, token_of
from workflow.log import LogEvent


def test_one_that_comes_while_somebody_waits_for_events(desk_with_team, monkeypatch):
    at = desk_with_team
    after = at.resonance.log.head().position
    interposed(monkeypatch, at.resonance.log, "wait", lambda *_: True, lambda: recuse_meanwhile(at))
    answer = at.get("/v1/log", role="third", after=after, headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer.json["code"]) == (403, "access.recused")


def test_one_that_comes_while_a_trail_is_read(desk_with_team, monkeypatch):
    at = desk_with_team
    interposed(monkeypatch, history, "moment_of", lambda *_: True, lambda: recuse_meanwhile(at))
    assert not tells(at.get("/v1/trail", role="third").get_data(as_text=True), "")
    assert at.resonance.log.entry(at.resonance.log.head().position).topic == "recusal.declared"


def test_one_that_comes_while_a_command_about_the_case_is_decided(desk_with_team, monkeypatch):
    at = desk_with_team

    def about_the_stage(events: Sequence[LogEvent], *_: Any) -> bool:
        return events[0].type == "case_team.stage_reached"

    interposed(monkeypatch, at.resonance.log, "record", about_the_stage, lambda: recuse_meanwhile(at))
    assert at.post(f"{ONE}/stage", {"stage": "reviewed"} | ON, role="clerk").status_code == 404
    assert at.resonance.log.entry(at.resonance.log.head().position).topic == "recusal.declared"


def test_one_that_comes_while_a_command_is_decided_that_does_something_to_the_case_too(desk_with_team, monkeypatch):
    at = desk_with_team
    casework.confirmed(at)
    at.done(f"/v1/honours/{STAR}/revoke", {"reason": "an error"} | ON, second="leader")
    token_of(at, "assessor-third", "assessor", THIRD)

    def publishing(events: Sequence[LogEvent], *_: Any) -> bool:
        return any(each.type == "assessment.published" for each in events)

    interposed(monkeypatch, at.resonance.log, "record", publishing, lambda: recuse_meanwhile(at))
    answer = at.post(f"{ASSESSMENT}/publish", ON, role="assessor-third")
    head = at.resonance.log.head().position
    recorded = [at.resonance.log.entry(position).topic for position in range(head - 2, head + 1)]
    assert recorded == ["recusal.declared", "assessment.matter_struck", "assessment.published"]
    assert [each["type"] for each in answer.json["events"]] == ["assessment.published"]
    assert not tells(answer.get_data(as_text=True), "")


def test_one_that_comes_while_the_facts_of_an_event_are_waited_for(desk_with_team, monkeypatch):
    at = desk_with_team
    formed = next(each.position for each in at.resonance.log.entries() if each.topic == "case_team.formed")
    assert at.get(f"/v1/events/{formed}", role="third").status_code == 200
    interposed(monkeypatch, history, "facts", lambda *_: True, lambda: recuse_meanwhile(at))
    answer = at.get(f"/v1/events/{formed}", role="third")
    assert (answer.status_code, answer.json["code"]) == (404, "event.unknown")


def test_one_that_comes_while_a_tile_of_entries_is_read(desk_with_team, monkeypatch):
    at = desk_with_team
    at.resonance.signing.make(at.resonance.log.source)
    at.resonance.keeper().once()
    tile = f"/tile/entries/000.p/{at.resonance.log.head().position}"
    token_of(at, "auditor-third", "auditor", THIRD)
    assert TEAM.encode() in at.get(tile, role="auditor-third").get_data()
    interposed(monkeypatch, at.resonance.log, "entries", lambda *_, **__: True, lambda: recuse_meanwhile(at))
    answer = at.get(tile, role="auditor-third")
    assert (answer.status_code, answer.json["code"]) == (403, "access.recused")
