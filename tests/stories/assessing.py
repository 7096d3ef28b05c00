"""What the stories about assessments have in common: a quarter is reported, people scored, results published."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.stories.demonstration import Organisation, rows_of
from workflow.entry import read_envelope
from workflow.periods import Period
from workflow.reperformance import Reperformance

CHIEF, ASSESSOR, HEAD = "P001", "P020", "P030"
"""Who confirms, who scores (the head of the political department), and the head of G3."""


def quarter_is_reported(at: Organisation, unit: str, quarter: str) -> None:
    """All that the demonstration's files have of a unit for a quarter and its months, on the last of their days."""
    found = Period.parse(quarter)
    months = [f"{found.year}-{found.number * 3 - n:02}" for n in (2, 1, 0)]
    name = f"readings-{found.year}.csv"
    for period in (*months, quarter):
        rows = rows_of(name, unit_id=unit, period=period)
        reported_on = [row[4] for row in list(csv.reader(io.StringIO(rows.decode())))[1:]]
        if at.today < max(reported_on):
            at.on(max(reported_on))
        at.imported(name, rows)


def opened(at: Organisation, group: str, scope: str, quarter: str) -> tuple[str, list[str]]:
    """Today the assessor opens an assessment; its address, and who is assessed."""
    body = {"group": group, "scope": scope, "period": quarter, "effective": at.today}
    answer = at.done("/v1/assessments", body, role="assessor")
    (event,) = answer["events"]
    return f"/v1/assessments/{event['data']['assessment']}", event["data"]["subjects"]


def rating(points: str, rater: str = ASSESSOR) -> list[dict[str, str]]:
    return [{"part": "overall", "rater": rater, "points": points}]


def scored(at: Organisation, one: str, subject: str, points: str) -> Any:
    body = {"subject": subject, "scorer": ASSESSOR, "ratings": rating(points), "effective": at.today}
    return at.done(f"{one}/score", body, role="assessor")


def published(at: Organisation, one: str) -> None:
    """Today the chief confirms, and the assessor publishes."""
    confirm = {"person": CHIEF, "effective": at.today}
    assert at.refused(f"{one}/confirm", confirm, role="assessor") == (403, "access.role")
    assert at.refused(f"{one}/confirm", confirm | {"person": HEAD}, role="leader") == (422, "assessment.confirmer")
    at.done(f"{one}/confirm", confirm, role="leader")
    at.done(f"{one}/publish", {"effective": at.today}, role="assessor")


def grades(at: Organisation, one: str, **moment: Any) -> dict[str, str]:
    """The grades that hold, by subject."""
    return {each["subject"]: each["grade"] for each in at.look(one, **moment)["results"]}


def everything_is_decided_as_it_had_to_be(at: Organisation) -> None:
    again = Reperformance()
    events = [(read_envelope(each.bytes).event, each.position) for each in at.resonance.log.entries()]
    assert [told for event, n in events if event.TOPIC in again.topics and (told := again.follow(event, n))] == []
    assert again.decisions
