"""An office with a case team, and everything that is ever said about it: for the tests of who sees what of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.api.office import Office
from workflow.assessments.publishing import ReverseBonus
from workflow.case_teams.recusals import DeclareRecusal
from workflow.ids import AssessmentId, CaseTeamId, HonourId, PersonId

TEAM, REFERENCE, UNIT = "ZULU-7", "XF-2025-0107", "G3"
SIBLING = "YANKEE-8"
HEARING, PRIZE, STAR = "HEAR-5", "PRIZE-6", "STAR-4"
DAY, OLD = "2025-06-16", "2025-01-02"
ON = {"effective": DAY}
CHIEF, HEAD, LEAD, SECOND, THIRD, LEADER = "P001", "P002", "P003", "P004", "P005", "P006"

ONE = f"/v1/case-teams/{TEAM}"
ASSESSMENT = "/v1/assessments/prosecutors.G3.2025-Q1"

NEEDLES = (TEAM, SIBLING, REFERENCE, HEARING, PRIZE, STAR, "A neighbour")
"""What would tell of the case."""

FORMED = {
    "case_team": TEAM,
    "unit": UNIT,
    "form": "case_team",
    "case_reference": REFERENCE,
    "members": [LEAD, SECOND],
    "roles": ["handler", "handler"],
    "lead": LEAD,
    "named_by": CHIEF,
    **ON,
}

PLANNED = {"hearing": HEARING, "unit": UNIT, "reference": REFERENCE, "place": "Hall", "host": THIRD, **ON}
PLANNED |= {"on": "2025-06-23"}
HELD = {
    "hearers": [{"kind": "villagers", "number": 1}],
    "result": "settled",
    "local_resolution": True,
    "evidence": ["minutes"],
}


def taken_over(office: Office, what: str, body: dict[str, Any]) -> None:
    office.done(f"/v1/{what}", body | {"effective": OLD, "reason": "taken over"}, second="leader")


def peopled(office: Office) -> None:
    """A department with a chain on both lines, and six people in it."""
    office.adopt_charter()
    for unit, kind, parent in (
        ("DCP", "institution", None),
        (UNIT, "department", "DCP"),
        ("LG", "leading_group", None),
        ("OC", "organ_committee", "LG"),
        ("B2", "branch", "OC"),
        ("PG3", "party_group", "B2"),
    ):
        office.establish(unit, kind, parent, OLD)
    for post, unit, kind, seats in (
        ("DCP-CHIEF", "DCP", "chief", 1),
        ("G3-HEAD", UNIT, "department_head", 1),
        ("G3-H", UNIT, "handler", 9),
        ("PG3-LEAD", "PG3", "group_leader", 1),
    ):
        taken_over(office, "posts", {"post": post, "unit": unit, "kind": kind, "title_zh": post, "seats": seats})
    for person in (CHIEF, HEAD, LEAD, SECOND, THIRD, LEADER):
        taken_over(office, "people", {"person": person, "personnel_class": "prosecutor", "name": f"N{person}"})
    for person, post in ((CHIEF, "DCP-CHIEF"), (HEAD, "G3-HEAD"), (LEAD, "G3-H"), (SECOND, "G3-H"), (THIRD, "G3-H")):
        taken_over(office, "appointments", {"person": person, "post": post, "kind": "substantive"})


def act(office: Office, name: str, body: dict[str, Any], **given: Any) -> Any:
    """An act about the team, which must succeed."""
    return office.done(f"/v1/case-teams/{TEAM}/{name}", body | ON, **given)


def worked(office: Office) -> None:
    """A team with all that can happen to it, cited by an honour and a bonus, a prize of its own, a hearing about its
    case with THIRD for a host, and commands about it that were refused. THIRD has not been a member, and nobody is
    recused yet."""
    office.done("/v1/case-teams", FORMED)
    act(office, "link", {"overlay": "PG3"})
    act(office, "stage", {"stage": "accepted"})
    act(office, "join", {"person": CHIEF, "role": "handler"})
    act(office, "leave", {"person": CHIEF})
    act(office, "hand-over", {"giver": LEAD, "receiver": SECOND, "items": ["files"]})
    act(office, "lead", {"lead": SECOND, "named_by": CHIEF})
    act(office, "interferences", {"person": LEAD, "kind": "inquiry", "who": "A neighbour"}, role="leader")
    honour = {"honour": STAR, "person": LEAD, "level": "city", "title": "T", "issuer": "I", "matter": TEAM}
    office.done("/v1/honours", honour | {"evidence": ["decree"]} | ON)
    prize = {"honour": PRIZE, "level": "city", "title": "T", "issuer": "I", "matter": "M6", "evidence": ["decree"]}
    office.done("/v1/honours", prize | {"case_team": TEAM} | ON)
    office.done(f"/v1/honours/{PRIZE}/revoke", {"reason": "an error"} | ON, second="leader")
    office.done("/v1/hearings", PLANNED)
    assert office.post(f"/v1/hearings/{HEARING}/hold", HELD | ON).status_code == 422
    for name, body in (("join", {"person": LEAD, "role": "handler"}), ("stage", {"stage": "heard"})):
        assert office.post(f"/v1/case-teams/{TEAM}/{name}", body | ON).status_code == 422
    again = {"person": LEAD, "kind": "bribery", "who": "A neighbour"}
    assert office.post(f"/v1/case-teams/{TEAM}/interferences", again | ON).status_code == 422
    opening = {"group": "prosecutors", "scope": UNIT, "period": "2025-Q1"}
    office.done("/v1/assessments", opening | ON, role="assessor")
    bonus = {"subject": LEAD, "matter": TEAM, "points": "1", "evidence": ["decree"]}
    office.done(f"{ASSESSMENT}/bonus", bonus | ON, role="assessor")
    office.done(f"{ASSESSMENT}/score", score(HEAD), role="assessor")


def siblings(office: Office) -> None:
    """A second team for the same case, of which THIRD is a member, honoured for a matter of its own; and the results of
    the assessment, which were revised because the honour that counted in them was revoked."""
    office.done("/v1/case-teams", FORMED | {"case_team": SIBLING, "members": [LEAD, THIRD]})
    prize = {"honour": f"{SIBLING}-P", "level": "city", "title": "T", "issuer": "I", "matter": "M8", **ON}
    office.done("/v1/honours", prize | {"evidence": ["decree"], "case_team": SIBLING})
    confirmed(office)
    office.done(f"{ASSESSMENT}/publish", ON, role="assessor")
    office.done(f"/v1/honours/{STAR}/revoke", {"reason": "an error"} | ON, second="leader")
    wired, assessment = office.resonance, AssessmentId(ASSESSMENT.rpartition("/")[2])
    reverse = ReverseBonus(assessment=assessment, honour=HonourId(STAR), effective=date.fromisoformat(DAY))
    assert wired.handle(reverse, wired.context("clock")).events  # as the clock does


def confirmed(office: Office) -> None:
    """LEAD alone is assessed, with a bonus by the honour for the matter of the team, and the scores are confirmed."""
    bonus = {"subject": LEAD, "matter": TEAM, "honour": STAR, "evidence": ["decree"]}
    office.done(f"{ASSESSMENT}/bonus", bonus | ON, role="assessor")
    office.done(f"{ASSESSMENT}/score", score(HEAD), role="assessor")
    for subject in office.seen(ASSESSMENT)["item"]["subjects"]:
        if subject != LEAD:
            office.done(f"{ASSESSMENT}/excuse", {"subject": subject, "reason": "ill"} | ON, role="assessor")
    office.done(f"{ASSESSMENT}/confirm", {"person": CHIEF} | ON, role="leader")


def score(scorer: str, rater: str = HEAD) -> dict[str, Any]:
    """LEAD's score, in which the bonus counts."""
    ratings = [{"part": "overall", "rater": rater, "points": "9"}]
    return {"subject": LEAD, "scorer": scorer, "ratings": ratings, **ON}


def token_of(office: Office, name: str, role: str, person: str | None = None) -> str:
    """The name under which `office` keeps the token of a person in a role."""
    office.tokens[name] = office.resonance.tokens.issue(name, role, person).token
    return name


def tells(told: str, path: str) -> bool:
    """Whether an answer tells of the case. That there is nothing of the id in the path may be said."""
    if told.startswith("404"):
        told = told.replace(path.rpartition("/")[2], "…")
    return any(needle in told for needle in NEEDLES)


def recuse(office: Office, person: str = THIRD) -> None:
    """On a ground that inspectors see."""
    act(office, "recusals/declare", {"person": person, "ground": "kinship"})


def interposed(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, when: Callable[..., bool], between: Callable[[], None]
) -> None:
    """Let something happen once, just before a function is called."""
    real, still = getattr(owner, name), [between]

    def called(*args: Any, **kwargs: Any) -> Any:
        if still and when(*args, **kwargs):
            still.pop()()
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, called)


def recuse_meanwhile(office: Office) -> None:
    """By another process: not by a request within the one that is being answered."""
    team, person, on = CaseTeamId(TEAM), PersonId(THIRD), date.fromisoformat(DAY)
    declared = DeclareRecusal(case_team=team, person=person, ground="kinship", effective=on)
    office.resonance.handle(declared, office.resonance.context("another clerk"))
