"""Assessments and honours through HTTP: what is sent wrongly, what is not there, and who may see what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.office import Office
from workflow.charter.loader import shipped

ONE = "/v1/assessments/prosecutors.G3.2025-Q1"


@pytest.fixture
def opened(office: Office) -> Office:
    """G3 with one prosecutor and a head, and the assessment of prosecutors for the first quarter."""
    old: dict[str, Any] = {"effective": "2025-01-02", "reason": "taken over"}
    office.adopt_charter()
    office.establish("DCP", "institution", None, "2025-01-02")
    office.establish("G3", "department", "DCP", "2025-01-02")
    for post, kind, person in (("G3-HEAD", "department_head", "P1"), ("G3-H1", "handler", "P2")):
        office.done("/v1/posts", {"post": post, "unit": "G3", "kind": kind, "title_zh": post} | old, second="leader")
        office.done(
            "/v1/people", {"person": person, "personnel_class": "prosecutor", "name": person} | old, second="leader"
        )
        held = {"appointment": f"A-{person}", "person": person, "post": post, "kind": "substantive"}
        office.done("/v1/appointments", held | old, second="leader")
    body = {"group": "prosecutors", "scope": "G3", "period": "2025-Q1", "effective": "2025-06-16"}
    response = office.post("/v1/assessments", body, role="assessor", key="open")
    assert (response.status_code, response.headers["Location"]) == (201, ONE)
    again = office.post("/v1/assessments", body, role="assessor", key="open")
    assert again.headers["Idempotency-Replayed"] == "true"
    return office


def score(**changes: Any) -> dict[str, Any]:
    rating = {"part": "overall", "rater": "P1", "points": "9"}
    return {"subject": "P2", "scorer": "P1", "ratings": [rating], "effective": "2025-06-16"} | changes


def test_a_score_is_shown_with_all_that_went_into_it_and_names_only_to_business(opened: Office):
    opened.done(f"{ONE}/score", score(), role="assessor")
    shown = opened.seen(f"{ONE}/subjects/P2")
    # No indicator is adopted: all that counts is the rating, 9 of 10, raised to all the points.
    assert (shown["score"]["base"], shown["score"]["parts"][2]["score"]) == ("90.00", "9.00")
    assert shown["names"]["P2"] == "P2"
    assert opened.seen(ONE, role="auditor")["scores"][0]["subject"] == "P2"
    for path in (ONE, f"{ONE}/subjects/P2", "/v1/results/P2", "/v1/appeals/AP1"):
        assert opened.get(path, role="admin").status_code == 403, path


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (score(ratings="many"), "request.invalid"),
        (score(ratings=[{"part": "overall"}]), "request.invalid"),
        (score(ratings=[{"part": "overall", "rater": "P1", "points": "1e3"}]), "request.invalid"),
        (score(subject="P404"), "assessment.subject"),
        (score(subject="P 2"), "request.invalid"),
        (score(ratings=[]), "assessment.rating"),
        (score(scorer="P2"), "assessment.self"),
        (score(scorer="P404"), "person.unknown"),
        (score(effective="2025-06-17"), "assessment.future"),
        (score(surplus=1), "request.invalid"),
    ],
)
def test_a_score_that_is_no_good_is_refused_and_leaves_nothing(opened: Office, body: Any, code: str):
    before = opened.resonance.log.head().position
    refused = opened.post(f"{ONE}/score", body, role="assessor")
    assert refused.status_code == 422
    assert refused.json is not None
    assert refused.json["code"] == code
    assert opened.resonance.log.head().position == before


def test_what_is_not_there_is_not_found(opened: Office):
    opened.project()
    for path in (
        "/v1/assessments/x.G3.2025-Q1",
        f"{ONE}/subjects/P404",
        "/v1/assessments/x/subjects/P2",
        "/v1/appeals/AP404",
        "/v1/honours/H404",
    ):
        assert opened.get(path).status_code == 404, path
    refused = opened.post("/v1/assessments/x.G3.2025-Q1/score", score(), role="assessor")
    assert (refused.status_code, (refused.json or {})["code"]) == (404, "assessment.unknown")
    assert opened.seen("/v1/results/P404")["items"] == []


def test_honours_are_listed_by_whose_they_are(opened: Office):
    honour: dict[str, Any] = {"person": "P2", "level": "city", "title": "Model", "issuer": "City", "matter": "M1"}
    honour |= {"evidence": ["decree"], "effective": "2025-06-16"}
    made = opened.post("/v1/honours", honour, key="honour")
    assert made.status_code == 201
    (found,) = opened.seen("/v1/honours", person="P2")["items"]
    assert made.headers["Location"] == f"/v1/honours/{found['honour']}"
    assert opened.seen("/v1/honours", person="P1")["items"] == []
    assert opened.get("/v1/honours", state="lost").status_code == 422


@pytest.fixture
def published(opened: Office) -> Office:
    """P2 got 9 of the 10 points for what is rated, which is all that counts: 90, and excellent."""
    old: dict[str, Any] = {"effective": "2025-01-02", "reason": "taken over"}
    opened.done("/v1/posts", {"post": "CHIEF", "unit": "DCP", "kind": "chief", "title_zh": "C"} | old, second="leader")
    chief = {"person": "P9", "personnel_class": "prosecutor", "name": "P9"}
    opened.done("/v1/people", chief | old, second="leader")
    held = {"appointment": "A-P9", "person": "P9", "post": "CHIEF", "kind": "substantive"}
    opened.done("/v1/appointments", held | old, second="leader")
    opened.done(f"{ONE}/score", score(), role="assessor")
    opened.done(f"{ONE}/confirm", {"person": "P9", "effective": "2025-06-16"}, role="leader")
    opened.done(f"{ONE}/publish", {"effective": "2025-06-16"}, role="assessor")
    return opened


def test_a_shadow_tells_the_grades_that_would_have_differed(published: Office):
    text = shipped("procuratorate")
    before = published.resonance.log.head().position
    stricter = text.replace("at_least = 90, quota", "at_least = 91, quota")
    answer = published.post("/v1/charter/shadow", {"text": stricter}, role="supervisor").json
    assert answer is not None
    assert answer["grades"] == {
        "looked_at": 1,
        "differ": 1,
        "counts": {"excellent → good": 1},
        "rows": [
            {
                "assessment": "prosecutors.G3.2025-Q1",
                "subject": "P2",
                "period": "2025-Q1",
                "total": "90.00",
                "grade": "excellent",
                "decided_by": "excellent >=90",
                "rank": None,
                "shadow_total": "90.00",
                "shadow_grade": "good",
                "shadow_decided_by": "good >=80",
                "shadow_rank": None,
                "why": [],
            }
        ],
        "left_off": 0,
    }
    later = published.post("/v1/charter/shadow", {"text": stricter, "since": "2025-04-01"}, role="supervisor").json
    assert later is not None
    assert later["grades"]["looked_at"] == 0
    same = published.post("/v1/charter/shadow", {"text": text}, role="supervisor").json
    assert same is not None
    assert (same["grades"]["looked_at"], same["grades"]["rows"]) == (1, [])
    assert published.resonance.log.head().position == before
