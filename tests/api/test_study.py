"""Study through HTTP: who may do what, what is wrong with a request, and what is shown."""

from __future__ import annotations

import pytest

from tests.api.office import Office
from tests.api.test_duties import refused

SESSION = "friday_classroom.DCP.2025-06-13"
AT = f"/v1/study/{SESSION}"
TODAY = {"effective": "2025-06-16"}
SCHEDULE = {"tier": "friday_classroom", "unit": "DCP", "on": "2025-06-13", "topic": "The code", "host": "P001"}
SCHEDULE |= {"place": "Hall 2", **TODAY}
HELD = {"attendees": ["P001"], "evidence": ["minutes"], **TODAY}
MADE_UP = {"person": "P002", "made_up_on": "2025-06-16", "evidence": ["notes"], **TODAY}
VERIFIED = {"person": "P002", "verifier": "P001", **TODAY}


@pytest.fixture
def peopled(desk: Office) -> Office:
    """An institution with a chief and two of the staff of a department, on Monday, 16 June 2025."""
    desk.adopt_charter()
    desk.establish("DCP", "institution", None, "2025-03-01")
    desk.establish("G3", "department", "DCP", "2025-03-01")
    at = {"effective": "2025-06-10"}
    posts = (("DCP-CHIEF", "DCP", "chief"), ("G3-H1", "G3", "handler"), ("G3-H2", "G3", "handler"))
    for number, (post, unit, kind) in enumerate(posts, 1):
        desk.done("/v1/posts", {"post": post, "unit": unit, "kind": kind, "title_zh": "岗"} | at)
        person = f"P{number:03}"
        desk.done("/v1/people", {"person": person, "personnel_class": "prosecutor", "name": f"Name {number}"} | at)
        held = {"appointment": f"A{number}", "person": person, "post": post, "kind": "substantive"}
        desk.done("/v1/appointments", held | at)
    return desk


@pytest.fixture
def held(peopled: Office) -> Office:
    peopled.done("/v1/study", SCHEDULE)
    peopled.done(f"{AT}/hold", HELD | {"excused": ["P003"]})
    return peopled


def test_a_session_is_scheduled_and_held_and_fulfils_its_duty(peopled):
    made = peopled.post("/v1/study", SCHEDULE)
    assert (made.status_code, made.headers["Location"]) == (201, AT)
    assert peopled.seen(AT)["item"]["state"] == "scheduled"
    answer = peopled.done(f"{AT}/hold", HELD | {"excused": ["P003"]})
    assert [each["type"] for each in answer["events"]] == ["session.held", "duty.opened", "duty.fulfilled"]
    shown = peopled.seen(AT)
    counts = {name: shown["item"][name] for name in ("present", "excused", "absent", "made_up")}
    assert counts == {"present": 1, "excused": 1, "absent": 1, "made_up": 0}
    assert [(each["person"], each["state"]) for each in shown["attendance"]] == [
        ("P001", "present"),
        ("P002", "absent"),
        ("P003", "excused"),
    ]
    assert shown["names"]["P002"] == "Name 2"
    assert [each["state"] for each in shown["acts"]] == ["scheduled", "held"]
    assert peopled.seen("/v1/duties/friday_classroom.DCP.2025-W24")["item"]["state"] == "fulfilled"
    assert peopled.seen(f"/v1/chain/session/{SESSION}")["chains"][0]["unit"]["unit"] == "DCP"


def test_what_was_made_up_counts_when_it_is_verified(held):
    held.done(f"{AT}/make-up", MADE_UP)
    (rate,) = held.seen("/v1/study/rates", within="DCP")["items"]
    assert (rate["asked"], rate["present"], rate["made_up"], rate["excused"], rate["rate"]) == (2, 1, 0, 1, "50")
    held.done(f"{AT}/verify", VERIFIED, role="leader")
    (rate,) = held.seen("/v1/study/rates", tier="friday_classroom", cadence="monthly")["items"]
    assert (rate["period"], rate["sessions"], rate["made_up"], rate["rate"]) == ("2025-06", 1, 1, "100")
    (mine,) = held.seen("/v1/study/people/P002")["items"]
    assert (mine["state"], mine["verifier"], mine["made_up_on"]) == ("made_up", "P001", "2025-06-16")
    assert held.seen("/v1/study/rates", last="2025-06-12")["items"] == []


def test_what_is_returned_says_why_and_what_is_corrected_takes_two(held):
    held.done(f"{AT}/make-up", MADE_UP)
    held.done(f"{AT}/return", VERIFIED | {"reason": "Half of it is missing."}, role="leader")
    (mine,) = held.seen("/v1/study/people/P002")["items"]
    assert (mine["state"], mine["why"]) == ("absent", "Half of it is missing.")
    wrong = {"person": "P002", "state": "present", "reason": "She came in late.", **TODAY}
    refused(held, f"{AT}/correct", wrong, 422, "attendance.second_person")
    held.done(f"{AT}/correct", wrong, second="leader")
    assert held.seen(AT)["item"]["present"] == 2


def test_sessions_are_listed_and_cancelled(peopled):
    peopled.done("/v1/study", SCHEDULE)
    later = SCHEDULE | {"on": "2025-06-20"}
    peopled.done("/v1/study", later)
    peopled.done(f"{AT}/cancel", {"reason": "Flood.", **TODAY})
    listed = peopled.seen("/v1/study", within="DCP", state="cancelled")["items"]
    assert [(each["session"], each["why"]) for each in listed] == [(SESSION, "Flood.")]
    found = peopled.seen("/v1/study", tier="friday_classroom", first="2025-06-14", last="2025-06-30")["items"]
    assert [each["held_on"] for each in found] == ["2025-06-20"]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/v1/study", "supervisor"),
        (f"{AT}/hold", "assessor"),
        (f"{AT}/cancel", "supervisor"),
        (f"{AT}/make-up", "auditor"),
        (f"{AT}/verify", "recorder"),
        (f"{AT}/return", "recorder"),
        (f"{AT}/correct", "supervisor"),
    ],
)
def test_a_role_that_may_not_do_it_is_refused(peopled, path, role):
    refused(peopled, path, {}, 403, "access.role", role=role)


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/study", SCHEDULE, 409, "session.exists"),
        ("/v1/study", SCHEDULE | {"tier": "tea"}, 422, "session.tier"),
        ("/v1/study", SCHEDULE | {"on": "soon"}, 422, "request.invalid"),
        (f"{AT}/hold", HELD, 422, "session.held"),
        (f"{AT}/hold", HELD | {"evidence": []}, 422, "request.invalid"),
        ("/v1/study/friday_classroom.DCP.2025-06-06/hold", HELD, 404, "session.unknown"),
        (f"{AT}/cancel", {"reason": "Flood.", **TODAY}, 422, "session.held"),
        (f"{AT}/make-up", MADE_UP | {"person": "P001"}, 422, "attendance.state"),
        (f"{AT}/make-up", MADE_UP | {"made_up_on": "2025-06-12"}, 422, "attendance.made_up_on"),
        (f"{AT}/verify", VERIFIED, 422, "attendance.state"),
        (f"{AT}/return", VERIFIED | {"reason": "x"}, 422, "attendance.state"),
        (f"{AT}/correct", {"person": "P002", "state": "late", **TODAY}, 422, "request.invalid"),
    ],
)
def test_bad_input_is_refused_and_leaves_nothing(held, path, body, status, code):
    role = "leader" if path.endswith(("verify", "return")) else "recorder"
    refused(held, path, body, status, code, role=role)


def test_what_is_not_known_is_not_found(peopled):
    peopled.project()
    assert peopled.get(AT).status_code == 404
    assert peopled.seen("/v1/study/people/P002")["items"] == []
