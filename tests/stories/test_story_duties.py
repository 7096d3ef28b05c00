"""A quarter of duties: a department meets every week, its branch meets once, and both report to both lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.stories.demonstration import Organisation


def week(number: int) -> str:
    return f"weekly_meeting.G3.2024-W{number:02}"


def thursday(number: int) -> date:
    return date.fromisocalendar(2024, number, 4)


def fulfil(organisation: Organisation, duty: str, held_on: date, **more: Any) -> str:
    """The clerk records a meeting today; the type of the last event that came of it."""
    body = {"held_on": held_on.isoformat(), "evidence": ["minutes"], "effective": organisation.today, **more}
    told: str = organisation.done(f"/v1/duties/{duty}/fulfil", body)["events"][-1]["type"]
    return told


def test_a_department_meets_every_week_of_a_quarter(organisation: Organisation):
    """Late by an hour in the fifth week, by a night in the third, excused in the seventh, and never in the ninth."""
    shown = {n: thursday(n) for n in range(1, 14) if n != 9}
    shown |= {3: date(2024, 1, 23), 5: date(2024, 2, 5), 7: date(2024, 2, 14)}
    for number, day in sorted(shown.items(), key=lambda each: each[1]):
        organisation.live(day.isoformat())
        if number == 7:
            body = {"effective": organisation.today, "reason": "The offices are closed for the festival."}
            assert organisation.refused(f"/v1/duties/{week(7)}/excuse", body, role="supervisor")[0] == 422
            organisation.done(f"/v1/duties/{week(7)}/excuse", body, role="supervisor", second="leader")
            continue
        if number == 5:
            organisation.clock.tick(hours=10)
        told = fulfil(organisation, week(number), thursday(number))
        assert told == ("duty.fulfilled_late" if number in (3, 5) else "duty.fulfilled")
    organisation.live("2024-04-03")

    listed = organisation.look("/v1/duties", unit="G3", kind="weekly_meeting")["items"]
    states = {each["duty"]: each["state"] for each in listed}
    expected = {week(n): "fulfilled" for n in range(1, 14)}
    expected |= {week(3): "fulfilled_late", week(5): "fulfilled_late", week(7): "excused"}
    assert states == expected | {week(9): "lapsed", week(14): "open"}

    third = organisation.look(f"/v1/duties/{week(3)}")
    assert [each["state"] for each in third["acts"]] == ["open", "yellow", "lapsed", "fulfilled_late"]
    assert (third["item"]["lapsed_on"], third["item"]["done_on"]) == ("2024-01-23", "2024-01-23")
    assert (third["item"]["due"], third["item"]["due_at"]) == ("2024-01-22", "18:00")
    fifth = organisation.look(f"/v1/duties/{week(5)}")
    assert [each["state"] for each in fifth["acts"]] == ["open", "yellow", "fulfilled_late"]

    overdue = organisation.look("/v1/duties", within="G3", state="lapsed", kind="weekly_meeting")["items"]
    assert [(each["duty"], each["colour"]) for each in overdue] == [(week(9), "red")]
    then = organisation.look(
        "/v1/duties", within="G3", state="pending", kind="weekly_meeting", effective_on="2024-01-20"
    )
    assert [(each["duty"], each["state"]) for each in then["items"]] == [(week(3), "yellow")]

    refused = {"held_on": "2024-04-02", "evidence": [" "], "effective": organisation.today}
    assert organisation.refused(f"/v1/duties/{week(9)}/fulfil", refused) == (422, "duty.evidence")
    assert organisation.refused("/v1/duties/tea.G3.2024-W09/fulfil", refused) == (404, "duty.unknown")
    organisation.look_again()


def test_a_branch_meets_with_a_quorum_and_a_department_reports_on_both_lines(organisation: Organisation):
    organisation.live("2024-03-20")
    meeting, day = "general_meeting.B2.2024-Q1", date(2024, 3, 20)
    members = [f"P{n:03}" for n in range(30, 42)]
    body = {"held_on": day.isoformat(), "evidence": ["minutes"], "effective": organisation.today}
    few = body | {"attendees": members[:6]}  # P032 among them, who does not vote yet
    assert organisation.refused(f"/v1/duties/{meeting}/fulfil", few) == (422, "duty.quorum")
    assert fulfil(organisation, meeting, day, attendees=members[:7]) == "duty.fulfilled"
    shown = organisation.look(f"/v1/duties/{meeting}")
    assert (shown["item"]["entitled"], shown["item"]["present"]) == (11, 6)
    assert shown["names"]["P030"] == "Unit 3 Head"

    organisation.live("2024-04-02")
    report = {
        "kind": "dual_report",
        "unit": "G3",
        "period": "2024-Q1",
        "parts": [{"line": "business", "text": "Forty cases."}, {"line": "party", "text": "Two lectures."}],
        "evidence": ["minutes"],
        "person": "P030",
        "effective": organisation.today,
    }
    submitted = organisation.done("/v1/reports", report, role="leader")
    assert [each["type"] for each in submitted["events"]] == ["dual_report.submitted", "duty.fulfilled"]
    id, at = "dual_report.G3.2024-Q1", {"effective": organisation.today}

    def act(what: str, person: str, **more: str) -> None:
        organisation.done(f"/v1/reports/{id}/{what}", {"person": person, **at, **more}, role="leader")

    early = {"person": "P002", "line": "business", **at}
    assert organisation.refused(f"/v1/reports/{id}/accept", early, role="leader") == (422, "report.unsigned")
    act("countersign", "P031")
    act("return", "P006", line="party", reason="What of the theme days?")
    assert organisation.look("/v1/reports", within="DCP", state="pending")["items"][0]["state"] == "returned"
    report["parts"] = [{"line": "business", "text": "Forty cases."}, {"line": "party", "text": "Three theme days."}]
    assert len(organisation.done("/v1/reports", report, role="leader")["events"]) == 1
    act("countersign", "P031")
    act("accept", "P002", line="business")
    act("accept", "P006", line="party")
    shown = organisation.look(f"/v1/reports/{id}")
    assert (shown["item"]["state"], shown["item"]["accepted"]) == ("accepted", {"business": "P002", "party": "P006"})
    assert [each["parts"][0]["text"] for each in shown["versions"]] == ["Two lectures.", "Three theme days."]
    assert organisation.look(f"/v1/duties/{id}")["item"]["report"] == id
    organisation.look_again()


def test_a_department_moves_both_works_in_step(organisation: Organisation):
    today = {"effective": organisation.today}
    items = [{"line": "party", "text": "Study."}, {"line": "business", "text": "Clear the backlog."}]
    opened = organisation.post("/v1/cycles", {"unit": "G3", "title": "First quarter", "items": items, **today})
    assert opened.status_code == 201
    at = opened.headers["Location"]

    def reach(line: str, stage: str) -> dict[str, Any]:
        return {"line": line, "stage": stage, "evidence": ["minutes"], **today}

    for stage in ("plan", "deploy", "implement", "inspect"):
        organisation.done(f"{at}/reach", reach("party", stage))
        if stage == "plan":
            assert organisation.refused(f"{at}/reach", reach("party", "deploy")) == (422, "cycle.ahead")
        organisation.done(f"{at}/reach", reach("business", stage))
    inspection = {"inspector": "P030", "findings": items, "evidence": ["minutes"], **today}
    assert organisation.refused(f"{at}/close", today) == (422, "cycle.not_inspected")
    assert organisation.refused(f"{at}/inspect", inspection, role="supervisor") == (422, "cycle.inspector")
    organisation.done(f"{at}/inspect", inspection | {"inspector": "P006"}, role="supervisor")
    organisation.done(f"{at}/close", today)
    shown = organisation.look(at)
    assert shown["item"]["state"] == "closed"
    assert shown["item"]["stages"]["party"] == ["plan", "deploy", "implement", "inspect"]
    assert len(shown["acts"]) == 11
    assert [each["state"] for each in organisation.look("/v1/cycles", within="DCP", state="closed")["items"]] == [
        "closed"
    ]
    organisation.look_again()
