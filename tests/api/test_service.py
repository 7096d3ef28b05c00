"""Service and hearings through HTTP: from a team to a closed visit, a rated need and a hearing that was held; what is
refused; and that nothing tells who a petitioner is to whom may not see names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.office import Office

DAY, LATER = "2025-06-16", "2025-06-20"
NAME, PHONE, ADDRESS = "Zhao Qiushi", "139-7777-1234", "Willow Lane 88"
EVIDENCE: dict[str, Any] = {"evidence": ["photo"]}


@pytest.fixture
def serving(office: Office) -> Office:
    """A branch and a department with a head and two handlers, all in the branch; a team of two; a petitioner."""
    office.adopt_charter()
    for unit, kind, parent in (
        ("DCP", "institution", None),
        ("G1", "department", "DCP"),
        ("G3", "department", "DCP"),
        ("LG", "leading_group", None),
        ("OC", "organ_committee", "LG"),
        ("B1", "branch", "OC"),
    ):
        office.establish(unit, kind, parent)
    posts = (("P1", "G1-HEAD", "department_head"), ("P2", "G1-H1", "handler"), ("P3", "G1-H2", "handler"))
    for person, post, kind in posts:
        office.done("/v1/posts", {"post": post, "unit": "G1", "kind": kind, "title_zh": post, "effective": DAY})
        known = {"person": person, "personnel_class": "prosecutor", "name": f"Name {person}", "effective": DAY}
        office.done("/v1/people", known)
        held = {"appointment": f"A-{person}", "person": person, "post": post, "kind": "substantive", "effective": DAY}
        office.done("/v1/appointments", held)
        office.done("/v1/memberships", {"person": person, "unit": "B1", "kind": "full", "effective": DAY})
    formed = office.post(
        "/v1/service/teams", {"team": "VT", "kind": "vanguard", "name": "Vanguard", "effective": DAY}, role="leader"
    )
    assert (formed.status_code, formed.headers["Location"]) == (201, "/v1/service/teams/VT"), formed.json
    for person in ("P1", "P2"):
        do(office, "teams/VT/join", person=person, unit="B1")
    do(office, "petitioners", petitioner="X1", name=NAME, phone=PHONE, address=ADDRESS)
    return office


def do(office: Office, path: str, role: str = "recorder", second: str = "", **body: Any) -> Any:
    about = {"effective": DAY, "reason": "So be it."} | body
    if path.endswith("/details"):
        del about["effective"]
    return office.done(f"/v1/service/{path}", about, role=role, second=second)


def hear(office: Office, path: str, **body: Any) -> Any:
    return office.done(f"/v1/hearings{path}", {"effective": DAY, "reason": "So be it."} | body)


ASSIGNED = {"petitioner": "X1", "team": "VT", "person": "P1", "matter": "Land", "received": DAY}


def test_a_visit_from_its_assignment_to_its_close_and_on(serving):
    made = serving.post("/v1/service/visits", {"visit": "V1", "effective": DAY, **ASSIGNED})
    assert (made.status_code, made.headers["Location"]) == (201, "/v1/service/visits/V1"), made.json
    do(serving, "visits/V1/make", person="P1", done="Listened.", tells="answer", next_on=LATER)
    do(serving, "visits/V1/hand-over", person="P2", notes="In the file.")
    do(serving, "visits/V1/close", person="P2", result="Paid.", **EVIDENCE)
    do(serving, "visits/V1/reopen", role="leader", person="P1")
    shown = serving.seen("/v1/service/visits/V1")
    assert [each["act"] for each in shown["acts"]] == ["assigned", "made", "handed_over", "closed", "reopened"]
    assert shown["petitioner"]["name"] == NAME
    assert shown["names"] == {"P1": "Name P1", "P2": "Name P2"}
    assert (shown["item"]["state"], shown["item"]["result_due"]) == ("open", "2025-09-16")
    assert [each["visit"] for each in serving.seen("/v1/service/visits", state="pending")["items"]] == ["V1"]
    chain = serving.seen("/v1/chain/visit/V1")
    assert (chain["visit"]["visit"], chain["chains"][0]["appointment"]["person"]) == ("V1", "P1")
    (open_item,) = serving.seen("/v1/register", kind="visit", within="OC")["items"]
    assert (open_item["id"], open_item["about"], open_item["due"]) == ("V1", "X1", "2025-09-16")


def test_a_member_withdraws_and_the_successor_carries_on(serving):
    for visit in ("V1", "V2"):
        do(serving, "visits", visit=visit, **ASSIGNED)
    serving.clock.tick(days=4)
    gone = do(serving, "teams/VT/withdraw", person="P1", successor="P2", notes="In the files.", effective=LATER)
    kinds = [each["type"] for each in gone["events"]]
    assert kinds == ["service_team.member_withdrew", "visit.handed_over", "visit.handed_over"]
    team = serving.seen("/v1/service/teams/VT")
    assert [each["person"] for each in team["members"]] == ["P2"]
    assert [(each["person"], each["until"]) for each in team["terms"]] == [("P1", LATER), ("P2", None)]
    assert team["names"] == {"P1": "Name P1", "P2": "Name P2"}
    assert [each["team"] for each in serving.seen("/v1/service/teams")["items"]] == ["VT"]
    theirs = serving.seen("/v1/service/people/P2")["item"]
    assert [each["visit"] for each in theirs["visits"]] == ["V1", "V2"]


def test_hours_of_check_ins_and_activities(serving):
    do(serving, "communities", person="P1", kind="host", community="Mill Lane")
    made = do(serving, "check-ins", person="P1", kind="host", hours="2.5")
    id = made["events"][0]["data"]["check_in"]
    do(serving, f"check-ins/{id}/correct", second="leader", hours=2)
    people = [{"person": "P1", "hours": 3}, {"person": "P2", "hours": "1.5"}]
    about: dict[str, Any] = {
        "activity": "A1",
        "unit": "B1",
        "kind": "volunteering",
        "title": "Trees",
        "attendees": people,
    }
    do(serving, "activities", **about, **EVIDENCE)
    do(serving, "activities/A1/correct", second="leader", person="P2", hours=1)
    found = serving.seen("/v1/service/hours", within="DCP")
    assert (found["since"], found["until"]) == ("2025-04-01", DAY)
    assert [(each["person"], each["total"]) for each in found["items"]] == [("P1", "5"), ("P2", "1")]
    assert serving.seen(f"/v1/service/check-ins/{id}")["item"]["hours"] == "2"
    assert [each["check_in"] for each in serving.seen("/v1/service/check-ins", person="P1")["items"]] == [id]
    assert [each["activity"] for each in serving.seen("/v1/service/activities", within="OC")["items"]] == ["A1"]
    shown = serving.seen("/v1/service/activities/A1")
    assert [(each["person"], each["hours"]) for each in shown["attendance"]] == [("P1", "3"), ("P2", "1")]
    assert [(each["person"], each["hours"]) for each in shown["acts"]] == [("P1", "3"), ("P2", "1.5"), ("P2", "1")]
    assert [each["hours"] for each in serving.seen(f"/v1/service/check-ins/{id}")["acts"]] == ["2.5", "2"]
    theirs = serving.seen("/v1/service/people/P1", since=DAY)
    assert (theirs["item"]["hours"]["total"], theirs["communities"][0]["community"]) == ("5", "Mill Lane")
    assert serving.seen("/v1/service/people/P1", role="admin")["communities"][0]["community"] is None
    assert serving.seen("/v1/service/people/P1", until="2025-06-15")["item"]["hours"] is None


def test_a_need_that_is_not_theirs_goes_to_another_unit(serving):
    do(serving, "needs", need="N7", unit="G1", title="A bridge")
    moved = {"unit": "G3", "effective": DAY, "reason": "Not theirs."}
    assert serving.post("/v1/service/needs/N7/move", moved, role="recorder").status_code == 403
    serving.done("/v1/service/needs/N7/move", moved, role="leader")
    shown = serving.seen("/v1/service/needs/N7")
    assert (shown["item"]["unit"], shown["item"]["words"]) == ("G3", "Not theirs.")
    assert [each["act"] for each in shown["acts"]] == ["raised", "moved"]
    assert [each["need"] for each in serving.seen("/v1/service/needs", unit="G3")["items"]] == ["N7"]


def test_what_was_recorded_by_mistake_is_annulled_by_two(serving):
    do(serving, "needs", need="N8", unit="G1", title="A bridge", petitioner="X1")
    do(serving, "visits", visit="V8", **ASSIGNED)
    why = {"effective": DAY, "reason": "Recorded twice."}
    erase = {"reason": "Asked for it."}
    kept = serving.post("/v1/service/petitioners/X1/erase", erase, second="supervisor")
    assert kept.json["code"] == "petitioner.open_matter"
    for path in ("needs/N8", "visits/V8"):
        alone = serving.post(f"/v1/service/{path}/annul", why, role="leader")
        assert alone.json["code"] == f"{path[:-4]}.second_person"
        serving.done(f"/v1/service/{path}/annul", why, role="leader", second="supervisor")
        shown = serving.seen(f"/v1/service/{path}")
        assert (shown["item"]["state"], shown["item"]["words"]) == ("annulled", "Recorded twice.")
        assert serving.seen(f"/v1/service/{path[:-3]}", state="pending")["items"] == []
    serving.done("/v1/service/petitioners/X1/erase", erase, second="supervisor")


def test_a_need_is_rated_and_reopened(serving):
    do(serving, "needs", need="N1", unit="G1", title="A lamp", petitioner="X1")
    for rating, state in ((1, "reopened"), (5, "rated")):
        do(serving, "needs/N1/assign", person="P2")
        do(serving, "needs/N1/resolve", person="P2", result="It shines.", **EVIDENCE)
        do(serving, "needs/N1/rate", person="P3", rating=rating)
        assert serving.seen("/v1/service/needs/N1")["item"]["state"] == state
    shown = serving.seen("/v1/service/needs/N1")
    assert (len(shown["acts"]), shown["petitioner"]["name"]) == (8, NAME)
    assert shown["names"] == {"P2": "Name P2", "P3": "Name P3"}
    assert serving.seen("/v1/service/satisfaction/DCP")["item"] == {"ratings": 2, "satisfied": 1, "mean": "3.00"}
    assert serving.seen("/v1/service/needs", state="pending")["items"] == []
    assert [each["need"] for each in serving.seen("/v1/service/needs", state="rated", unit="G1")["items"]] == ["N1"]


def test_a_hearing_is_planned_told_postponed_and_held(serving):
    planned = {"hearing": "H1", "unit": "G1", "reference": "XF-2025-0003", "place": "Mill", "host": "P1", "on": LATER}
    hear(serving, "", **planned)
    plan = {"unit": "G1", "year": 2025, "quarters": [0, 1, 0, 0], "effective": DAY}
    serving.done("/v1/hearings/plans", plan, role="leader")
    told = {"told": ["parties", "hearing_officers"], **EVIDENCE}
    hear(serving, "/H1/notify", **told)
    hear(serving, "/H1/postpone", on="2025-06-19")
    hear(serving, "/H1/notify", **told)
    hear(serving, "/H1/host", host="P2")
    serving.clock.tick(days=3)
    held = {"hearers": [{"kind": "villagers", "number": 30}], "result": "settled", "local_resolution": True}
    hear(serving, "/H1/hold", **held, **EVIDENCE, effective="2025-06-19")
    shown = serving.seen("/v1/hearings/H1")
    acts = ["planned", "notified", "postponed", "notified", "host_changed", "held"]
    assert [each["act"] for each in shown["acts"]] == acts
    assert (shown["item"]["local_resolution"], shown["names"]) == (True, {"P1": "Name P1", "P2": "Name P2"})
    assert serving.seen("/v1/hearings/plans/G1.2025")["item"]["held"] == [0, 1, 0, 0]
    assert [each["hearing"] for each in serving.seen("/v1/hearings", host="P2", state="held")["items"]] == ["H1"]
    hear(serving, "", **planned | {"hearing": "H2", "on": "2025-07-01"}, effective="2025-06-19")
    hear(serving, "/H2/cancel", effective="2025-06-19")
    assert serving.seen("/v1/hearings", state="pending")["items"] == []

    def listed(**asked: str) -> list[str]:
        return [each["hearing"] for each in serving.seen("/v1/hearings", **asked)["items"]]

    assert listed(reference="XF-2025-0003") == ["H1", "H2"]
    assert listed(result="settled") == listed(local_resolution="true") == listed(until="2025-06-30") == ["H1"]
    assert listed(since="2025-06-20") == ["H2"]
    assert listed(local_resolution="false") == listed(reference="XF-2025-0004") == []
    wrong = serving.get("/v1/hearings", local_resolution="yes")
    assert (wrong.status_code, wrong.json["code"]) == (422, "request.invalid")


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("service/teams/VT/join", {"person": "P9", "unit": "B1"}, "person.unknown"),
    ("service/teams/VT/withdraw", {"person": "P3"}, "service_team.no_member"),
    ("service/communities", {"person": "P1", "kind": "club", "community": "C"}, "community.kind"),
    ("service/check-ins", {"person": "P1", "kind": "host", "hours": 2}, "check_in.community"),
    ("service/check-ins", {"person": "P1", "kind": "host", "hours": "two"}, "request.invalid"),
    ("service/check-ins/C9/correct", {"hours": 1}, "check_in.unknown"),
    (
        "service/activities",
        {"unit": "B1", "kind": "dance", "title": "T", "attendees": [{"person": "P1", "hours": 1}], **EVIDENCE},
        "activity.kind",
    ),
    ("service/activities/A9/correct", {"person": "P1", "hours": 1}, "activity.unknown"),
    ("service/petitioners", {"petitioner": "X1", "name": "N"}, "petitioner.exists"),
    ("service/petitioners/X9/details", {"name": "N", "effective": None}, "petitioner.unknown"),
    ("service/visits", {**ASSIGNED, "person": "P3"}, "service_team.no_member"),
    ("service/visits/V9/make", {"person": "P1", "done": "D"}, "visit.unknown"),
    ("service/visits/V9/hand-over", {"person": "P1", "notes": "N"}, "visit.unknown"),
    ("service/visits/V9/close", {"person": "P1", "result": "R", **EVIDENCE}, "visit.unknown"),
    ("service/needs", {"unit": "G9", "title": "T"}, "unit.unknown"),
    ("service/needs/N9/assign", {"person": "P1"}, "need.unknown"),
    ("service/needs/N9/resolve", {"person": "P1", "result": "R", **EVIDENCE}, "need.unknown"),
    ("service/needs/N9/rate", {"person": "P1", "rating": 5}, "need.unknown"),
    ("service/needs/N9/rate", {"person": "P1", "rating": 0}, "request.invalid"),
    (
        "hearings",
        {"unit": "G1", "reference": "Wang", "place": "P", "host": "P1", "on": LATER},
        "hearing.reference",
    ),
    ("hearings/H9/notify", {"told": [], **EVIDENCE}, "hearing.unknown"),
    ("hearings/H9/postpone", {"on": LATER}, "hearing.unknown"),
    ("hearings/H9/host", {"host": "P1"}, "hearing.unknown"),
    ("hearings/H9/cancel", {}, "hearing.unknown"),
    (
        "hearings/H9/hold",
        {"hearers": [{"kind": "villagers", "number": 1}], "result": "open", "local_resolution": False, **EVIDENCE},
        "hearing.unknown",
    ),
]


def test_what_is_wrong_is_refused_with_its_code_and_leaves_nothing(serving):
    before = serving.resonance.log.head().position
    for path, body, code in BAD:
        about = {name: value for name, value in ({"effective": DAY} | body).items() if value is not None}
        refused = serving.post(f"/v1/{path}", about, second="leader")
        assert refused.json["code"] == code, (path, refused.json)
        assert refused.status_code in (404, 409, 422)
    for path in ("service/teams", "hearings/plans", "service/visits/V9/reopen"):
        assert serving.post(f"/v1/{path}", {"effective": DAY}).json["code"] == "access.role", path
    for path, body, code in (
        ("service/teams", {"team": "VT", "kind": "vanguard", "name": "N"}, "service_team.exists"),
        ("hearings/plans", {"unit": "G9", "year": 2025, "quarters": [1, 1, 1, 1]}, "unit.unknown"),
        ("service/visits/V9/reopen", {"person": "P1"}, "visit.unknown"),
        ("service/needs/N9/move", {"unit": "G1"}, "need.unknown"),
    ):
        assert serving.post(f"/v1/{path}", {"effective": DAY, **body}, role="leader").json["code"] == code
    assert serving.resonance.log.head().position == before


@pytest.mark.parametrize(
    "path",
    [
        "service/teams/T9",
        "service/check-ins/C9",
        "service/activities/A9",
        "service/petitioners/X9",
        "service/visits/V9",
        "service/needs/N9",
        "service/people/P9",
        "service/satisfaction/G9",
        "hearings/H9",
        "hearings/plans/G9.2025",
        "chain/visit/V9",
        "chain/need/N9",
        "chain/hearing/H9",
    ],
)
def test_what_nobody_knows_is_not_found(serving, path):
    serving.project()
    response = serving.get(f"/v1/{path}")
    assert response.status_code == 404
    assert response.json["code"].endswith(".unknown")


# ---- what is sealed ----

SECRETS = (NAME, "Zhao", PHONE, ADDRESS, "Willow", "Mill Lane")


def test_a_petitioner_is_found_by_name_and_shown_to_who_may_see_names_only(serving):
    do(serving, "petitioners", petitioner="X2", name="Other Name")
    assert [each["petitioner"] for each in serving.seen("/v1/service/petitioners", name="qiushi")["items"]] == ["X1"]
    assert serving.get("/v1/service/petitioners", role="admin", name="qiushi").status_code == 403
    assert serving.seen("/v1/people", name="Zhao")["items"] == []
    assert [each["petitioner"] for each in serving.seen("/v1/service/petitioners", name="Name P1")["items"]] == []
    item = serving.seen("/v1/service/petitioners/X1")["item"]
    assert (item["name"], item["phone"], item["address"], item["erased"]) == (NAME, PHONE, ADDRESS, False)
    hidden = serving.seen("/v1/service/petitioners/X1", role="admin")["item"]
    assert (hidden["name"], hidden["phone"], hidden["address"]) == (None, None, None)


def test_details_are_corrected_as_a_whole_and_erased_with_their_key(serving):
    do(serving, "petitioners/X1/details", name="Zhao Q.")
    item = serving.seen("/v1/service/petitioners/X1")["item"]
    assert (item["name"], item["phone"]) == ("Zhao Q.", None)
    assert serving.resonance.keys.erase("petitioner:X1")
    erased = serving.seen("/v1/service/petitioners/X1")["item"]
    assert (erased["name"], erased["erased"]) == (None, True)
    assert serving.seen("/v1/service/petitioners", name="Zhao")["items"] == []


def test_a_person_and_a_petitioner_of_the_same_id_have_keys_of_their_own(serving):
    do(serving, "petitioners", petitioner="P1", name="Somebody Else")
    assert serving.seen("/v1/service/petitioners/P1")["item"]["name"] == "Somebody Else"
    assert serving.resonance.keys.erase("petitioner:P1")
    assert serving.seen("/v1/people/P1")["item"]["name"] == "Name P1"


def test_no_answer_tells_who_a_petitioner_is_to_whom_may_not_see_names(serving):
    do(serving, "visits", visit="V1", **ASSIGNED)
    do(serving, "needs", need="N1", unit="G1", title="A lamp", petitioner="X1")
    do(serving, "communities", person="P1", kind="home", community="Mill Lane")
    again = serving.post("/v1/service/petitioners", {"petitioner": "X1", "name": NAME, "effective": DAY})
    assert not any(secret in again.get_data(as_text=True) for secret in SECRETS)
    serving.project()
    seen = [f"/v1/service/{each}" for each in ("petitioners", "petitioners/X1", "visits", "visits/V1", "needs/N1")]
    seen += ["/v1/register", "/v1/chain/visit/V1", "/v1/attempts", "/v1/service/people/P1"]
    for path in seen:
        answer = serving.get(path, role="admin")
        assert answer.status_code == 200, path
        assert not any(secret in answer.get_data(as_text=True) for secret in SECRETS), path
    head = serving.resonance.log.head().position
    history: list[tuple[str, dict[str, str]]] = [("/v1/trail", {"limit": "200"}), ("/v1/log", {"after": "0"})]
    history += [("/v1/compare", {"from": "position:1", "to": f"position:{head}"})]
    history += [(f"/v1/events/{n}{of}", {}) for n in range(1, head + 1) for of in ("", "/changes")]
    for path, query in history:
        answer = serving.get(path, role="auditor", **query)
        assert answer.status_code == 200, path
        assert not any(secret in answer.get_data(as_text=True) for secret in SECRETS), path
    stored = b"".join(entry.bytes for entry in serving.resonance.log.entries())
    assert not any(secret.encode() in stored for secret in SECRETS)
