"""Who is recused from a case has no part in assessing those for whom it counts, nor is told what it gave or took."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.api import casework
from tests.api.casework import (
    ASSESSMENT,
    DAY,
    LEAD,
    LEADER,
    ON,
    SECOND,
    STAR,
    TEAM,
    THIRD,
    recuse,
    tells,
    token_of,
)
from workflow.agendas import agendas
from workflow.assessments.events import Rating
from workflow.assessments.scoring import ScoreSubject
from workflow.charter import shipped
from workflow.clock.clock import Clock
from workflow.ids import AssessmentId, PersonId


def test_who_is_recused_from_a_case_does_not_score_those_for_whom_it_counts(desk_with_team):
    at = desk_with_team
    assert at.post(f"{ASSESSMENT}/score", casework.score(THIRD), role="assessor").status_code == 200
    recuse(at)
    for asked in (casework.score(THIRD), casework.score(casework.HEAD, rater=THIRD)):
        refused = at.post(f"{ASSESSMENT}/score", asked, role="assessor")
        assert (refused.status_code, refused.json["code"]) == (422, "assessment.scorer_recused")
    token_of(at, "assessor-third", "assessor", THIRD)
    deduction = {"subject": SECOND, "matter": TEAM, "points": "1", "evidence": ["decree"], **ON}
    refused = at.post(f"{ASSESSMENT}/deduction", deduction, role="assessor-third")
    assert (refused.status_code, refused.json["code"]) == (403, "access.recused")


def test_what_a_command_did_to_a_case_is_not_told_to_who_is_recused_from_it(desk_with_team):
    at = desk_with_team
    casework.confirmed(at)
    at.done(f"/v1/honours/{STAR}/revoke", {"reason": "an error"} | ON, second="leader")
    recuse(at)
    token_of(at, "assessor-third", "assessor", THIRD)
    published = at.post(f"{ASSESSMENT}/publish", ON, role="assessor-third")
    told = published.get_data(as_text=True)
    assert (published.status_code, tells(told, "")) == (200, False)
    position = at.resonance.log.head().position
    assert published.json["position"] == position
    events = {each["position"]: each["type"] for each in published.json["events"]}
    assert events == {position: "assessment.published"}
    assert at.resonance.log.entry(position - 1).topic == "assessment.matter_struck"


def test_who_is_recused_neither_enters_nor_approves_a_score_in_which_the_case_counts(desk_with_team):
    at = desk_with_team
    recuse(at)
    token_of(at, "assessor-third", "assessor", THIRD)
    for role, second in (("assessor-third", None), ("assessor", "leader-third")):
        refused = at.post(f"{ASSESSMENT}/score", casework.score(casework.HEAD), role=role, second=second)
        assert (refused.status_code, refused.json["code"]) == (422, "assessment.barred")


def test_what_was_done_before_a_recusal_is_passed_over_when_it_is_asked_for_again(desk_with_team):
    """One command alone, and among several that are done all or none."""
    app, person, on = desk_with_team.resonance, PersonId(THIRD), date.fromisoformat(DAY)
    head = PersonId(casework.HEAD)
    asked = [
        (
            ScoreSubject(
                assessment=AssessmentId(ASSESSMENT.rpartition("/")[2]),
                subject=subject,
                scorer=head,
                ratings=(Rating("overall", head, Decimal(7)),),
                effective=on,
            ),
            app.context("assessor-third", command_id=f"score-{subject}", people=(person,)),
        )
        for subject in (LEAD, SECOND)
    ]
    app.handle_all(asked)
    recuse(desk_with_team)
    assert [each.repeated for each in app.handle_all(asked)] == [True, True]
    assert app.handle(*asked[0]).repeated


def test_what_the_clock_did_to_another_honour_does_not_name_that_of_the_case(desk_with_team):
    at = desk_with_team
    clock = Clock(at.resonance.log, at.resonance.handle_all, agendas())
    clock.until(at.resonance.today())
    other = {"honour": "ZZ-9", "person": LEAD, "level": "county", "title": "T", "issuer": "I", "matter": "M77"}
    at.done("/v1/honours", other | {"evidence": ["d"]} | ON)
    for honour, matter in ((STAR, TEAM), ("ZZ-9", "M77")):
        bonus = {"subject": LEAD, "matter": matter, "honour": honour, "evidence": ["d"]}
        at.done(f"{ASSESSMENT}/bonus", bonus | ON, role="assessor")
        at.done(f"/v1/honours/{honour}/revoke", {"reason": "an error"} | ON, second="leader")
    recuse(at)
    at.clock.tick(days=1)
    clock.until(at.resonance.today())
    at.project()
    struck = at.get("/v1/trail", role="third", type="assessment.matter_struck").json["items"]
    assert [each["data"]["matter"] for each in struck] == ["M77"]
    assert STAR not in str(struck)
    assert len(at.get("/v1/trail", type="assessment.matter_struck").json["items"]) == 2


def test_what_an_appeal_struck_of_a_teams_honour_is_as_hidden_as_that(desk, monkeypatch):
    """The honour is for a matter of its own, and each member has a share in it."""
    city = 'words = { zh = "市级", en = "City" }\npoints = 2'
    text = shipped("procuratorate").replace(city, city + "\nmembers_share = 0.5")
    monkeypatch.setattr("tests.api.office.shipped", lambda _: text)
    at = desk
    casework.peopled(at)
    casework.worked(at)
    team = {"honour": "TEAMH", "case_team": TEAM, "level": "city", "title": "T", "issuer": "I", "matter": "M60"}
    at.done("/v1/honours", team | {"evidence": ["d"]} | ON)
    bonus = {"subject": LEAD, "matter": "M60", "honour": "TEAMH", "evidence": ["d"]}
    at.done(f"{ASSESSMENT}/bonus", bonus | ON, role="assessor")
    casework.confirmed(at)
    at.done(f"{ASSESSMENT}/publish", ON, role="assessor")
    at.done(f"{ASSESSMENT}/appeals", {"appeal": "AP1", "subject": LEAD, "by": LEAD, "grounds": "no", **ON})
    recuse(at)
    token_of(at, "third", "supervisor", THIRD)
    decide = {"reviewers": [SECOND, LEADER], "upheld": True, "finding": "x", "strike": ["M60"], **ON}
    at.done("/v1/appeals/AP1/decide", decide, role="supervisor")
    for role, shown in (("supervisor", 1), ("third", 0)):
        struck = at.get("/v1/trail", role=role, tag="matter:M60", type="assessment.matter_struck").json["items"]
        assert len(struck) == shown, role
    at.project()
    merits = at.seen(f"{ASSESSMENT}/subjects/{LEAD}")["merits"]
    assert {each["matter"]: each["struck_by"] for each in merits}["M60"] == "AP1"


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("excuse", {"subject": LEAD, "reason": "ill"}),
        ("veto", {"subject": LEAD, "matter": "M1", "evidence": ["x"]}),
        ("deduction", {"subject": LEAD, "matter": "M1", "points": "5", "evidence": ["x"]}),
        ("bonus", {"subject": LEAD, "matter": "M1", "points": "5", "evidence": ["x"]}),
        ("vote", {"votes": [{"subject": LEAD, "votes": 1}, {"subject": SECOND, "votes": 5}], "evidence": ["x"]}),
    ],
)
def test_who_is_recused_neither_enters_nor_approves_what_decides_about_those_for_whom_the_case_counts(
    desk_with_team, what, body
):
    at = desk_with_team
    recuse(at)
    token_of(at, "assessor-third", "assessor", THIRD)
    for role, second in (("assessor-third", None), ("assessor", "leader-third")):
        refused = at.post(f"{ASSESSMENT}/{what}", body | ON, role=role, second=second)
        assert (refused.status_code, refused.json["code"]) == (422, "assessment.barred"), role
    assert at.post(f"{ASSESSMENT}/{what}", body | ON, role="assessor").status_code == 200
