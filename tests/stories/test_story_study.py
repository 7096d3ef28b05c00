"""A story of study: what somebody makes up changes what the clock counts for the quarter, in time, and not after."""

from __future__ import annotations

from typing import Any

from tests.stories.assessing import everything_is_decided_as_it_had_to_be
from tests.stories.demonstration import Organisation

FRIDAY = "2024-03-29"
SESSION = f"/v1/study/friday_classroom.DCP.{FRIDAY}"
C3 = "/v1/readings/C3.G7.2024-Q1"
CHIEF = "P001"


def test_what_is_made_up_in_time_counts_for_the_quarter_and_not_after(organisation: Organisation):
    organisation.live(FRIDAY)
    away = staff_of(organisation, "G7")[:3]
    the_classroom_is_held(organisation, away)
    organisation.live("2024-04-08")
    made_up(organisation, away[0])
    verified(organisation, away[0])
    made_up(organisation, away[1])  # in time, and verified too late
    organisation.live("2024-04-11")
    the_clock_has_counted(organisation)
    verified(organisation, away[1])
    organisation.live("2024-04-16")
    it_counts_no_more(organisation, away[2])
    everything_is_decided_as_it_had_to_be(organisation)
    organisation.look_again()


def staff_of(at: Organisation, unit: str) -> list[str]:
    people = at.look("/v1/people", unit=unit, limit=100)["items"]
    return sorted(each["person"] for each in people)


def the_classroom_is_held(at: Organisation, away: list[str]) -> None:
    everybody = {person for n in range(1, 9) for person in staff_of(at, f"G{n}")} | {f"P00{n}" for n in range(1, 6)}
    body: dict[str, Any] = {"tier": "friday_classroom", "unit": "DCP", "on": FRIDAY, "topic": "The revised code"}
    body |= {"host": CHIEF, "place": "Hall 1", "materials": ["https://example.org/code"], "effective": at.today}
    at.done("/v1/study", body)
    held = {"attendees": sorted(everybody - set(away)), "evidence": ["minutes"], "effective": at.today}
    answer = at.done(f"{SESSION}/hold", held)
    assert [each["type"] for each in answer["events"]] == ["session.held", "duty.fulfilled"]
    assert at.look(SESSION)["item"]["absent"] == 3


def made_up(at: Organisation, person: str) -> None:
    body = {"person": person, "made_up_on": at.today, "evidence": ["notes on the code"], "effective": at.today}
    at.done(f"{SESSION}/make-up", body)


def verified(at: Organisation, person: str) -> None:
    body = {"person": person, "verifier": CHIEF, "effective": at.today}
    assert at.refused(f"{SESSION}/verify", body | {"verifier": "P099"}, role="leader") == (422, "attendance.verifier")
    at.done(f"{SESSION}/verify", body, role="leader")


def the_clock_has_counted(at: Organisation) -> None:
    shown = at.look(C3)
    # Nine in the department: six were there, and one made up for it by the cut-off.
    assert (shown["item"]["value"], shown["item"]["colour"], shown["item"]["late"]) == ("77.7778", "red", False)
    assert (shown["count"]["number"], shown["count"]["out_of"]) == ("7", "9")
    held, made = shown["count"]["tallies"]
    assert [(each["number"], each["of"]) for each in (held, made)] == [("6", "9"), ("1", "0")]
    assert at.look(f"/v1/events/{held['position']}")["event"]["type"] == "session.held"
    assert at.look(f"/v1/events/{made['position']}")["event"]["type"] == "attendance.make_up_verified"
    why: Any = at.look(f"/v1/warnings/W.{C3.rpartition('/')[2]}/explanation")["explanation"]
    assert (why["decisions"][0]["kind"], why["count"]["number"]) == ("counted", "7")
    report = {"indicator": "C3", "unit": "G7", "period": "2024-Q1", "value": "100", "effective": at.today}
    assert at.refused("/v1/readings", report) == (422, "reading.counted")


def it_counts_no_more(at: Organisation, late: str) -> None:
    assert at.look(C3)["item"]["value"] == "77.7778"
    (rate,) = at.look("/v1/study/rates", within="DCP", first="2024-01-01")["items"]
    assert (rate["period"], rate["made_up"]) == ("2024-Q1", 2)
    body = {"person": late, "made_up_on": FRIDAY, "evidence": ["notes"], "effective": at.today}
    assert at.refused(f"{SESSION}/make-up", body) == (422, "attendance.late")
    correct = {"value": "88.8889", "reason": "It was verified orally.", "effective": at.today}
    at.done(f"{C3}/correct", correct, second="assessor")
    shown = at.look(C3)["item"]
    assert (shown["colour"], shown["corrected_colour"]) == ("red", "yellow")
