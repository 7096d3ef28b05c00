"""Story (d): a transfer between G4 and G5 in mid-quarter splits targets by days, and every sum holds exactly."""

from __future__ import annotations

from typing import Any

from tests.stories.demonstration import Organisation, holders

HEAD_OF_G4, HEAD_OF_G5, DEPUTY_CHIEF = "P048", "P062", "P002"
LEAVER, COMER, COLLEAGUE = "P059", "P072", "P051"
TARGET, OTHER = "G4.2025.T1", "G5.2025.T1"
OLD, REST, OLD_OF_G5, REST_OF_G5 = f"{TARGET}.1", f"{TARGET}.3", f"{OTHER}.1", f"{OTHER}.2"
QUARTER = {"first_day": "2025-04-01", "due": "2025-06-30"}
WHY = {"reason": "Exchange between the departments."}


def test_who_is_transferred_in_mid_quarter_shares_by_days(organisation: Organisation):
    the_plans_are_adopted(organisation)
    targets_are_split_to_people(organisation)
    they_work_on_them(organisation)
    before = organisation.position
    two_people_change_places(organisation)
    their_tasks_are_shared_by_days(organisation)
    time_goes_by(organisation)
    what_is_done_is_verified_by_somebody_else(organisation)
    what_was_known_then_has_not_changed(organisation, before)


def tree(at: Organisation, plan: str, **moment: Any) -> tuple[str, str, dict[str, str]]:
    """What the parts of the first target sum to, what is done of it, and the amounts of its tasks."""
    (first, *_) = at.look(f"/v1/plans/{plan}", **moment)["targets"]
    amounts = {part["task"]["task"]: part["task"]["amount"] for part in first["parts"]}
    return first["allocated"], first["done"], amounts


def tally(at: Organisation, kind: str, id: str, **moment: Any) -> tuple[int, int, int, str | None]:
    tasks = at.look(f"/v1/scorecards/{kind}/{id}", **moment)["tasks"]
    return tasks["open"], tasks["overdue"], tasks["done"], tasks["share_done"]


def the_plans_are_adopted(at: Organisation) -> None:
    at.on("2025-01-06")
    plan = {"unit": "G4", "period": "2025", "title": "G4", "effective": at.today}
    aims = {"targets": [{"indicator": "I12", "amount": 24}]}
    assert at.refused("/v1/plans", plan | aims) == (403, "access.role")
    adopted = at.done("/v1/plans", plan | aims, role="supervisor")
    assert [each["type"] for each in adopted["events"]] == ["plan.adopted", "plan.target_set"]
    assert at.refused("/v1/plans", plan | aims, role="supervisor") == (409, "plan.exists")
    free = {"targets": [{"title": "Files reviewed", "measure": "count", "amount": "40"}]}
    at.done("/v1/plans", plan | free | {"unit": "G5"}, role="supervisor")
    assert [each["plan"] for each in at.look("/v1/plans", within="DCP")["items"]] == ["G4.2025", "G5.2025"]


def targets_are_split_to_people(at: Organisation) -> None:
    at.on("2025-04-01")
    body = {"target": TARGET, "effective": at.today}
    short = {"parts": [{"person": LEAVER, "amount": 13, **QUARTER}, {"person": COLLEAGUE, "amount": 10}]}
    assert at.refused("/v1/tasks", body | short, role="leader") == (422, "task.sum")
    outside = {"parts": [{"person": COMER, "amount": 24}]}
    assert at.refused("/v1/tasks", body | outside, role="leader") == (422, "task.not_below")
    exact = {"parts": [{"person": LEAVER, "amount": 13, **QUARTER}, {"person": COLLEAGUE, "amount": 11}]}
    at.done("/v1/tasks", body | exact, role="leader")
    at.done(
        "/v1/tasks", {**body, "target": OTHER, "parts": [{"person": COMER, "amount": 40, **QUARTER}]}, role="leader"
    )
    assert tree(at, "G4.2025") == ("24", "0", {OLD: "13", f"{TARGET}.2": "11"})


def they_work_on_them(at: Organisation) -> None:
    at.on("2025-04-02")
    for task, person in ((OLD, LEAVER), (OLD_OF_G5, COMER)):
        body = {"person": person, "effective": at.today}
        assert at.refused(f"/v1/tasks/{task}/accept", body | {"person": COLLEAGUE}) == (422, "task.not_theirs")
        at.done(f"/v1/tasks/{task}/accept", body)
    at.on("2025-05-09")
    at.done(f"/v1/tasks/{OLD}/progress", {"person": LEAVER, "done": 5, "evidence": ["list"], "effective": at.today})
    assert tally(at, "person", LEAVER) == (1, 0, 0, "0.3846")
    assert tally(at, "unit", "G4") == (2, 0, 0, "0.1923")


def two_people_change_places(at: Organisation) -> None:
    at.on("2025-05-16")
    moves = ((LEAVER, "G4-H10", "G5-H09"), (COMER, "G5-H09", "G4-H10"))
    share = {"person": COMER, "effective": at.today, **WHY}
    assert at.refused(f"/v1/tasks/{OLD}/share", share, role="leader") == (422, "task.not_below")
    for person, left, _ in moves:
        (held,) = at.look("/v1/appointments", person=person)["items"]
        assert held["post"] == left
        at.done(f"/v1/appointments/{held['appointment']}/end", {"effective": at.today, "cause": "exchange"})
    for person, _, taken in moves:
        at.done("/v1/appointments", {"person": person, "post": taken, "kind": "substantive", "effective": at.today})


def their_tasks_are_shared_by_days(at: Organisation) -> None:
    share = {"person": COMER, "effective": at.today}
    path = f"/v1/tasks/{OLD}/share"
    assert at.refused(path, share | WHY) == (403, "access.role")
    assert at.refused(path, share, role="leader") == (422, "task.reason")
    done = at.done(path, share | WHY, role="leader")
    shared = done["events"][0]["data"]
    # 45 of 91 days: 13 × 45 ÷ 91 = 6.43, and 40 × 45 ÷ 91 = 19.78.
    assert (shared["days"], shared["of_days"], shared["share"], shared["rest"]) == (45, 91, "6", "7")
    at.done(f"/v1/tasks/{OLD_OF_G5}/share", share | WHY | {"person": LEAVER}, role="leader")
    assert tree(at, "G4.2025") == ("24", "5", {OLD: "6", f"{TARGET}.2": "11", REST: "7"})
    assert tree(at, "G5.2025") == ("40", "0", {OLD_OF_G5: "20", REST_OF_G5: "20"})
    mine = [(each["task"], each["unit"], each["amount"]) for each in at.look("/v1/tasks", person=LEAVER)["items"]]
    assert mine == [(OLD, "G4", "6"), (REST_OF_G5, "G5", "20")]
    assert at.refused(path, share | WHY, role="leader") == (422, "task.shared")
    chain = at.chain("task", REST)
    assert holders(chain["business"]["handler"]) == [(COMER, "substantive")]
    assert holders(chain["business"]["department_head"]) == [(HEAD_OF_G4, "substantive")]


def time_goes_by(at: Organisation) -> None:
    at.on("2025-06-16")
    at.live("2025-07-01")
    flagged = {each["task"]: each["colour"] for each in at.look("/v1/tasks", within="DCP", state="open")["items"]}
    assert flagged == {
        OLD: "red",
        f"{TARGET}.2": "green",  # it was to be accepted before the clock was started
        REST: "red",
        OLD_OF_G5: "red",
        REST_OF_G5: "red",
    }
    assert tally(at, "person", LEAVER) == (2, 2, 0, "0.4167")
    assert [each["task"] for each in at.look("/v1/tasks", unit="G5", colour="red")["items"]] == [OLD_OF_G5, REST_OF_G5]


def what_is_done_is_verified_by_somebody_else(at: Organisation) -> None:
    by, path = {"person": LEAVER, "effective": at.today}, f"/v1/tasks/{OLD}"
    assert at.refused(f"{path}/complete", by | {"evidence": ["list"]}) == (422, "task.not_done")
    at.done(f"{path}/progress", by | {"done": "6"})
    at.done(f"{path}/complete", by | {"evidence": ["list"]})
    finding = {"finding": "Seen.", "effective": at.today}
    for other in (LEAVER, COLLEAGUE, HEAD_OF_G5):
        refused = at.refused(f"{path}/verify", finding | {"verifier": other}, role="leader")
        assert refused == (422, "task.verifier")
    at.done(f"{path}/return", finding | {"verifier": HEAD_OF_G4}, role="leader")
    at.done(f"{path}/complete", by | {"evidence": ["list", "minutes"]})
    at.done(f"{path}/verify", finding | {"verifier": DEPUTY_CHIEF}, role="leader")
    shown = at.look(path)
    assert (shown["item"]["state"], shown["names"][DEPUTY_CHIEF]) == ("verified", "Deputy Chief 1")
    assert [each["state"] for each in shown["acts"]] == [
        "assigned",
        "accepted",
        "progressed",
        "progressed",  # shared
        "progressed",  # yellow
        "progressed",  # red
        "progressed",
        "completed",
        "returned",
        "completed",
        "verified",
    ]
    assert tally(at, "person", LEAVER) == (1, 1, 1, "0.5000")


def what_was_known_then_has_not_changed(at: Organisation, before: int) -> None:
    then = {"as_of": f"position:{before}"}
    assert tree(at, "G4.2025", **then) == ("24", "5", {OLD: "13", f"{TARGET}.2": "11"})
    assert tally(at, "person", LEAVER, **then) == (1, 0, 0, "0.3846")
    at.look_again()
