"""The interface as its own document describes it, tried with requests that fit the document and with such that do not:
no error of ours, and no answer that the document does not foresee."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.schemas import OpenApiSchema

from api import access
from api.settings import Settings
from api.wiring import bootstrap
from tests.api.office import Clock, Office
from tests.api.test_measurement import DEFINITION

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"

# What fits the document may still be refused by a rule.
CONFIG: dict[str, Any] = {
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "3xx", "400", "401", "403", "404", "409", "422", "503"]
        },
        "negative_data_rejection": {"expected-statuses": ["4xx"]},
        # Everybody who gets in may do everything here; who may do what is tested elsewhere.
        "ignored_auth": {"enabled": False},
    },
}

KNOWN: dict[str, Any] = {
    "unit": "G3",
    "post": "G3-HEAD",
    "person": "P003",
    "appointment": "A3",
    "membership": "NONE",
    "grid": "NONE",
    "indicator": "X01",
    "reading": "X01.G3.2025-05",
    "warning": "W.X01.G3.2025-05",
    "plan": "G3.2025",
    "target": "G3.2025.T1",
    "task": "G3.2025.T1.1",
    "duty": "weekly_meeting.G3.2025-W24",
    "report": "dual_report.G3.2025-Q2",
    "cycle": "C1",
    "assessment": "prosecutors.G3.2025-Q2",
    "appeal": "NONE",
    "honour": "H1",
    "case_team": "T1",
    "subject": "P003",
    "team": "VT",
    "check_in": "P003.host.2025-06-16",
    "activity": "ACT1",
    "petitioner": "X1",
    "visit": "V1",
    "need": "N1",
    "hearing": "HE1",
    "hearing_plan": "G3.2025",
    "session": "friday_classroom.DCP.2025-06-13",
    "mentorship": "M1",
    "programme": "four_ones.DCP.2025",
    "completion": "four_ones.DCP.2025.P004.paper.1",
    "brand": "BR1",
    "score": "NONE",
    "position": 5,
    "path": "0/000.p/1",
    "kind": "unit",
    "id": "G3",
}
"""What paths name, so that most of it is there."""


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with something of every kind, open to every role."""
    folder: Path = tmp_path_factory.mktemp("office")
    clock = Clock()
    with (
        bootstrap(Settings.read({"RESONANCE_VAR": str(folder)}), now=clock) as wired,
        pytest.MonkeyPatch.context() as m,
    ):
        wired.migrate()
        m.setattr(access, "MAY", dict.fromkeys(access.MAY, access.ANY))
        office = Office(wired, clock)
        office.adopt_charter()
        office.establish("DCP", "institution", None, "2025-04-01")
        office.establish("G3", "department", "DCP", "2025-04-01")
        at = {"effective": "2025-06-10"}
        post = {"post": "G3-HEAD", "unit": "G3", "kind": "department_head", "title_zh": "主任"}
        office.done("/v1/posts", post | at)
        person = {"person": "P003", "personnel_class": "prosecutor", "name": "A"}
        office.done("/v1/people", person | at)
        held = {"appointment": "A3", "person": "P003", "post": "G3-HEAD", "kind": "substantive"}
        office.done("/v1/appointments", held | at)
        old = {"effective": "2025-05-01", "reason": "taken over"}
        office.done("/v1/indicators", {"indicator": "X01", "definition": DEFINITION} | old, second="leader")
        reading = {"indicator": "X01", "unit": "G3", "period": "2025-05", "value": "80"}
        office.done("/v1/readings", reading | {"effective": "2025-06-16"})
        aims = [{"amount": 10, "measure": "count", "title": "Visits"}]
        plan = {"unit": "G3", "period": "2025", "title": "Plan", "targets": aims, "effective": "2025-06-16"}
        office.done("/v1/plans", plan)
        parts = [{"person": "P003", "amount": 6}, {"unit": "G3", "amount": 4}]
        office.done("/v1/tasks", {"target": "G3.2025.T1", "parts": parts, "effective": "2025-06-16"})
        today, evidence = {"effective": "2025-06-16"}, {"evidence": ["minutes"]}
        both = [{"line": line, "text": "As planned."} for line in ("party", "business")]
        meeting = {"held_on": "2025-06-12", **evidence, **today}
        office.done("/v1/duties/weekly_meeting.G3.2025-W24/fulfil", meeting)
        report = {"kind": "dual_report", "unit": "G3", "period": "2025-Q2", "parts": both, "person": "P003"}
        office.done("/v1/reports", report | evidence | today)
        office.done("/v1/cycles", {"cycle": "C1", "unit": "G3", "title": "Second quarter", "items": both} | today)
        handler = {"post": "G3-H1", "unit": "G3", "kind": "handler", "title_zh": "承办岗"}
        office.done("/v1/posts", handler | at)
        office.done("/v1/people", person | {"person": "P004"} | at)
        office.done("/v1/appointments", held | {"appointment": "A4", "person": "P004", "post": "G3-H1"} | at)
        goals = [{"text": "Clear opinions", "measured_by": "no defect"}]
        pair = {"mentorship": "M1", "mentor": "P003", "mentee": "P004", "kind": "newcomer", "goals": goals}
        office.done("/v1/mentorships", pair | {"until": "2026-03-01"} | today)
        office.done("/v1/programmes", {"template": "four_ones", "unit": "DCP", "period": "2025"} | today)
        ones = "/v1/programmes/four_ones.DCP.2025"
        office.done(f"{ones}/enrol", {"persons": ["P004"]} | today)
        office.done(f"{ones}/complete", {"item": "paper", "person": "P004", "done_on": "2025-06-16"} | evidence | today)
        honour = {"honour": "H1", "person": "P003", "level": "city", "title": "T", "issuer": "I", "matter": "M1"}
        office.done("/v1/honours", honour | {"evidence": ["decree"]} | at)
        _serve(office, today)
        session = {"tier": "friday_classroom", "unit": "DCP", "on": "2025-06-13", "topic": "T", "host": "P003"}
        office.done("/v1/study", session | {"place": "Hall"} | today)
        office.done("/v1/study/friday_classroom.DCP.2025-06-13/hold", {"attendees": ["P003"], **evidence, **today})
        place = {"brand": "BR1", "unit": "DCP", "level": "umbrella_brand", "year": 2025, "title_zh": "炬"}
        office.done("/v1/brands", place | {"goals": "Seen."} | evidence | today)
        alone = {"form": "sole_prosecutor", "members": ["P003"], "roles": ["handler"]}
        office.done("/v1/case-teams", {"case_team": "T1", "unit": "G3", "case_reference": "DCP-2025-0107"} | alone | at)
        office.project()
        office.resonance.signing.make(office.resonance.log.source)
        office.resonance.keeper().once()
        yield office


def _serve(office: Office, today: dict[str, str]) -> None:
    """Something of everything about service and hearings."""
    for unit, kind, parent in (("LG", "leading_group", None), ("OC", "organ_committee", "LG"), ("B1", "branch", "OC")):
        office.establish(unit, kind, parent)
    office.done("/v1/memberships", {"person": "P003", "unit": "B1", "kind": "full", **today})
    mine = {"person": "P003", **today}
    office.done("/v1/service/teams", {"team": "VT", "kind": "vanguard", "name": "Vanguard", **today})
    office.done("/v1/service/teams/VT/join", {"unit": "B1", **mine})
    office.done("/v1/service/petitioners", {"petitioner": "X1", "name": "B", **today})
    assigned = {"visit": "V1", "petitioner": "X1", "team": "VT", "matter": "Land", "received": "2025-06-16"}
    office.done("/v1/service/visits", assigned | mine)
    office.done("/v1/service/communities", {"kind": "host", "community": "Mill", **mine})
    office.done("/v1/service/check-ins", {"kind": "host", "hours": 2, **mine})
    activity = {"activity": "ACT1", "unit": "G3", "kind": "volunteering", "title": "Trees", "evidence": ["photo"]}
    office.done("/v1/service/activities", activity | {"attendees": [{"person": "P003", "hours": 2}]} | today)
    office.done("/v1/service/needs", {"need": "N1", "unit": "G3", "title": "A lamp", **today})
    hearing = {"hearing": "HE1", "unit": "G3", "reference": "XF-2025-0001", "place": "Mill", "on": "2025-07-01"}
    office.done("/v1/hearings", hearing | {"host": "P003"} | today)
    office.done("/v1/hearings/plans", {"unit": "G3", "year": 2025, "quarters": [0, 1, 1, 1], **today})


@pytest.fixture(scope="module")
def document(peopled: Office) -> OpenApiSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", peopled.app, config=SchemathesisConfig.from_dict(CONFIG))


OPERATIONS = [
    (path, method)
    for path, operations in json.loads(DOCUMENT.read_text())["paths"].items()
    for method in operations
    if method in ("get", "post")
]


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_address_keeps_to_the_document(
    document: OpenApiSchema, peopled: Office, path: str, method: str, mode: GenerationMode
) -> None:
    operation = document[path][method]

    named = {name: KNOWN[name] for name in re.findall(r"{(\w+)}", path)}

    @hypothesis.given(case=operation.as_strategy(mode, path_parameters=named))
    @hypothesis.settings(
        max_examples=6,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def keeps(case: schemathesis.Case[Any]) -> None:
        # A header that was made up wrong must arrive as it is.
        made_up = "Authorization" in case.headers
        case.call_and_validate(headers={} if made_up else peopled.bearer("recorder"))

    keeps()
