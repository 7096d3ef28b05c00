"""Programmes through HTTP: who may do what, twice, and what is wrong with a request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.office import Office
from tests.api.test_duties import refused
from tests.api.test_mentoring import TODAY, staffed

ADOPT = {"template": "four_ones", "unit": "DCP", "period": "2025", **TODAY}
ONE = "/v1/programmes/four_ones.DCP.2025"
PAPER = {"item": "paper", "person": "P001", "done_on": "2025-06-16", "evidence": ["paper"], **TODAY}
LOOK = {"verifier": "P000", "finding": "Well done.", **TODAY}
DONE = "/v1/completions/four_ones.DCP.2025.P001.paper.1"


@pytest.fixture
def peopled(desk: Office) -> Office:
    return staffed(desk)


@pytest.fixture
def taking(peopled: Office) -> Office:
    peopled.done("/v1/programmes", ADOPT, role="leader")
    peopled.done(f"{ONE}/enrol", {"persons": ["P001", "P002"], **TODAY})
    return peopled


def test_an_item_is_done_verified_and_counted(taking):
    taking.done(f"{ONE}/progress", {"item": "paper", "person": "P001", "note": "Half of it.", **TODAY})
    assert taking.post(f"{ONE}/complete", PAPER).headers["Location"] == DONE
    waiting = taking.seen("/v1/completions", state="completed", programme="four_ones.DCP.2025")["items"]
    assert [each["item"] for each in waiting] == ["paper"]
    taking.done(f"{DONE}/verify", LOOK, role="leader")
    shown = taking.seen(f"{ONE}/matrix")
    assert [each["id"] for each in shown["items"]] == ["mentor", "paper", "lecture", "model_case"]
    row = shown["rows"][0]
    assert (row["participation"]["person"], row["units"], row["done"], row["owed"]) == ("P001", ["G3"], 1, 4)
    assert row["cells"][1]["note"] == "Half of it."
    assert (shown["total"], shown["names"]["P002"]) == ({"of": "", "done": 1, "owed": 8, "share": "0.1250"}, "N2")
    assert taking.seen(ONE)["by_unit"] == [{"of": "G3", "done": 1, "owed": 8, "share": "0.1250"}]
    (taken,) = taking.seen("/v1/people/P001/programmes")["taken"]
    assert (taken["programme"]["template"], taken["row"]["done"]) == ("four_ones", 1)
    one = taking.seen(f"{ONE}/matrix", person="P002", item="lecture")
    assert [[cell["item"] for cell in each["cells"]] for each in one["rows"]] == [["lecture"]]
    assert taking.seen(DONE)["names"] == {"P000": "N0", "P001": "N1"}


def test_what_is_returned_is_done_anew(taking):
    taking.done(f"{ONE}/complete", PAPER)
    taking.done(f"{DONE}/return", LOOK, role="supervisor")
    again = taking.done(f"{ONE}/complete", PAPER)
    assert again["events"][0]["data"]["completion"] == "four_ones.DCP.2025.P001.paper.2"


def test_a_unit_takes_part_in_a_project(peopled):
    peopled.done("/v1/programmes", ADOPT | {"template": "quality_project"}, role="supervisor")
    project = "/v1/programmes/quality_project.DCP.2025"
    peopled.done(f"{project}/enrol", {"units": ["G3"], **TODAY})
    fix = {"item": "fix", "unit": "G3", "quantity": 2, "done_on": "2025-06-16", "evidence": ["report"], **TODAY}
    peopled.done(f"{project}/complete", fix)
    (taken,) = peopled.seen("/v1/units/G3/programmes")["taken"]
    assert [(cell["item"], cell["waiting"], cell["owed"]) for cell in taken["row"]["cells"]] == [
        ("analysis", 0, 3),  # the first quarter was over when it was enrolled
        ("fix", 2, 2),
    ]
    listed = peopled.seen("/v1/programmes", within="DCP", state="open", template="quality_project")["items"]
    assert [each["programme"] for each in listed] == ["quality_project.DCP.2025"]


def test_who_is_withdrawn_counts_no_more(taking):
    taking.done(f"{ONE}/withdraw", {"person": "P002", "reason": "Parental leave.", **TODAY})
    assert taking.seen(ONE)["total"]["owed"] == 4
    rows = taking.seen(f"{ONE}/matrix")["rows"]
    assert [each["participation"]["state"] for each in rows] == ["enrolled", "withdrawn"]


def test_the_same_request_again_is_answered_as_before(taking):
    first = taking.done(f"{ONE}/complete", PAPER, key="K1")
    assert taking.done(f"{ONE}/complete", PAPER, key="K1") == first
    refused(taking, f"{ONE}/complete", PAPER | {"item": "lecture"}, 409, "command.reused", key="K1")
    refused(taking, "/v1/programmes", ADOPT, 409, "programme.exists", role="leader")


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/v1/programmes", "recorder"),
        (f"{ONE}/enrol", "supervisor"),
        (f"{ONE}/withdraw", "assessor"),
        (f"{ONE}/progress", "auditor"),
        (f"{ONE}/complete", "supervisor"),
        (f"{DONE}/verify", "recorder"),
        (f"{DONE}/return", "recorder"),
    ],
)
def test_a_role_that_may_not_do_it_is_refused(peopled, path, role):
    refused(peopled, path, {}, 403, "access.role", role=role)


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/programmes", ADOPT | {"template": "nine_ones"}, "programme.template"),
        ("/v1/programmes", ADOPT | {"period": "2025-Q2"}, "programme.period"),
        ("/v1/programmes", ADOPT | {"unit": "G3"}, "programme.unit_kind"),
        (f"{ONE}/enrol", {"persons": ["P001"], **TODAY}, "programme.enrolled"),
        (f"{ONE}/enrol", {"persons": ["P000"], **TODAY}, "programme.audience"),
        (f"{ONE}/enrol", {"units": ["G3"], **TODAY}, "programme.participants"),
        (f"{ONE}/enrol", {"persons": ["x y"], **TODAY}, "request.invalid"),
        (f"{ONE}/withdraw", {"person": "P001", **TODAY}, "programme.reason"),
        (f"{ONE}/withdraw", {"reason": "x", **TODAY}, "programme.participant"),
        (f"{ONE}/progress", {"item": "song", "person": "P001", "note": "x", **TODAY}, "programme.item"),
        (f"{ONE}/complete", PAPER | {"done_on": "2024-12-31"}, "programme.outside"),
        (f"{ONE}/complete", PAPER | {"person": "P003"}, "programme.not_enrolled"),
        (f"{ONE}/complete", PAPER | {"quantity": 0}, "request.invalid"),
        (f"{ONE}/complete", PAPER | {"evidence": []}, "request.invalid"),
    ],
)
def test_what_is_wrong_is_refused(taking, path: str, body: dict[str, Any], code: str):
    refused(taking, path, body, 422, code, role="leader")


@pytest.mark.parametrize("act", ["verify", "return"])
def test_a_completion_is_looked_at_once_by_somebody_else(taking, act: str):
    refused(taking, f"{DONE}/{act}", LOOK, 404, "completion.unknown", role="leader")
    taking.done(f"{ONE}/complete", PAPER)
    refused(taking, f"{DONE}/{act}", LOOK | {"verifier": "P001"}, 422, "completion.verifier", role="leader")
    taking.done(f"{DONE}/{act}", LOOK, role="leader")
    refused(taking, f"{DONE}/{act}", LOOK | {"verifier": "P002"}, 422, "completion.found", role="leader")


@pytest.mark.parametrize(
    "path",
    [ONE, f"{ONE}/matrix", DONE, "/v1/people/P404/programmes", "/v1/units/G404/programmes", "/v1/chain/programme/X"],
)
def test_what_is_not_known_is_not_found(peopled, path: str):
    peopled.project()
    assert peopled.get(path).status_code == 404


def test_who_sees_no_names_sees_none_in_a_matrix(taking):
    assert taking.seen(f"{ONE}/matrix", role="admin")["names"] == {}
