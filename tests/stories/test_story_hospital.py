"""A hospital of one line: falls are red twice in a ward, its own ladder is gone up, and limits change in the autumn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.demo.hospital.demonstration import HOSPITAL, stricter_hand_hygiene
from tests.stories.demonstration import Organisation, founded, holders

HEAD, NURSE, DIRECTOR, DEPUTY, VICE_PRESIDENT, PRESIDENT, OFFICER = "H19", "H21", "H07", "H08", "H02", "H01", "H04"
MARCH, APRIL = "W.Q02.M2.2025-03", "W.Q02.M2.2025-04"


class Hospital(Organisation):
    demonstration = HOSPITAL


@pytest.fixture
def at(database_url: str, tmp_path: Path) -> Iterator[Organisation]:
    with founded(database_url, tmp_path, Hospital) as hospital:
        yield hospital


def test_a_hospital_lives_by_its_own_charter(at: Organisation):
    everybody_answers_on_one_line(at)
    what_there_is_not_is_refused_with_a_sentence(at)
    an_improvement_cycle_runs_on_one_line(at)
    falls_are_red_twice_and_the_vice_president_meets_the_head_nurse(at)
    nobody_answers_and_it_goes_up_the_one_line(at)
    the_director_goes_on_leave(at)
    limits_are_stricter_from_october_on(at)
    at.look_again()


def everybody_answers_on_one_line(at: Organisation) -> None:
    chain = at.chain("person", at.look("/v1/appointments", post="M2-NURSE")["items"][0]["person"])
    assert list(chain) == ["quality"]
    assert not chain["quality"].pop("broken")
    assert [(level, holders(step)[0][0]) for level, step in chain["quality"].items()][1:] == [
        ("head_nurse", HEAD),
        ("director", DIRECTOR),
        ("vice_president", VICE_PRESIDENT),
        ("president", PRESIDENT),
    ]
    assert chain["quality"]["head_nurse"]["words"] == {"zh": "护士长", "en": "Head nurse"}
    team = at.chain("unit", "QT-MED")["quality"]
    assert holders(team["quality_team_leader"]) == [(DIRECTOR, "ex_officio")]
    assert holders(team["committee_chair"]) == [(PRESIDENT, "ex_officio")]


def what_there_is_not_is_refused_with_a_sentence(at: Organisation) -> None:
    parts = [{"line": "quality", "text": "No falls."}]
    report = {"kind": "dual_report", "unit": "MED", "period": "2025-Q1", "parts": parts, "evidence": ["minutes"]}
    said = at.post("/v1/reports", report | {"person": DIRECTOR, "effective": at.today}).json
    assert said is not None
    assert (said["code"], said["detail"]) == ("report.kind", "The charter asks for no dual_report for 2025-Q1.")
    grid = {"grid": "G9", "department": "M2", "group": "QT-MED", "effective": at.today}
    assert at.refused("/v1/grids", grid) == (422, "grid.kinds")


def an_improvement_cycle_runs_on_one_line(at: Organisation) -> None:
    cycle = {"cycle": "PDCA1", "unit": "MED", "title": "Fewer falls", "effective": at.today}
    two = [{"line": line, "text": "Fewer falls."} for line in ("clinical", "quality")]
    assert at.refused("/v1/cycles", cycle | {"items": two}) == (422, "cycle.items")
    at.done("/v1/cycles", cycle | {"items": two[1:]})
    stage = {"line": "quality", "evidence": ["minutes"], "effective": at.today}
    assert at.refused("/v1/cycles/PDCA1/reach", stage | {"stage": "do"}) == (422, "cycle.stage")
    for each in ("plan", "do"):
        at.done("/v1/cycles/PDCA1/reach", stage | {"stage": each})
    assert at.look("/v1/cycles/PDCA1")["item"]["stages"] == {"quality": ["plan", "do"]}


def falls_are_red_twice_and_the_vice_president_meets_the_head_nurse(at: Organisation) -> None:
    at.work("2025-04-02")
    first = at.look(f"/v1/warnings/{MARCH}")
    assert (first["item"]["rung"], first["item"]["action"]) == ("red", "warning_notice")
    assert first["measures"][0]["told"] == [
        {"level": "head_nurse", "persons": [HEAD]},
        {"level": "director", "persons": [DIRECTOR]},
        {"level": "vice_president", "persons": [VICE_PRESIDENT]},
    ]
    at.work("2025-05-02")
    second = at.look(f"/v1/warnings/{APRIL}")["item"]
    assert (second["rung"], second["interview"]) == ("red_twice", "due")
    meeting: dict[str, Any] = {"person": DIRECTOR, "persons": [HEAD], "record": "Two nights.", "effective": at.today}
    refused = at.refused(f"/v1/warnings/{APRIL}/interview", meeting, role="leader")
    assert refused == (422, "warning.not_level")
    at.done(f"/v1/warnings/{APRIL}/interview", meeting | {"person": VICE_PRESIDENT}, role="leader")
    assert at.look(f"/v1/warnings/{APRIL}")["item"]["interview"] == "held"


def ups(at: Organisation) -> list[tuple[str, list[str]]]:
    """The levels that the second warning went up to."""
    measures = at.look(f"/v1/warnings/{APRIL}")["measures"]
    return [(each["level"], each["persons"]) for each in measures if each["kind"] == "escalated"]


def nobody_answers_and_it_goes_up_the_one_line(at: Organisation) -> None:
    """Red is to be answered by the next working day, the 2nd; the 5th is a holiday there, so it goes up on the 6th."""
    at.live("2025-05-05")
    assert ups(at) == []
    at.live("2025-05-06")
    assert ups(at) == [("director", [DIRECTOR])]
    act = {"person": HEAD, "effective": at.today}
    at.done(f"/v1/warnings/{APRIL}/acknowledge", act | {"explanation": "Two shifts were short."}, role="leader")
    at.done(f"/v1/warnings/{APRIL}/plan", act | {"plan": "Rounds.", "due": "2025-05-15"}, role="leader")
    done = {"report": "Done.", "evidence": ["list of rounds"]}
    at.done(f"/v1/warnings/{APRIL}/report", act | done, role="leader")
    close = {"checker": OFFICER, "finding": "In order.", "evidence": ["a visit"], "effective": at.today}
    inside = at.refused(f"/v1/warnings/{APRIL}/close-out", close | {"checker": NURSE}, role="supervisor")
    assert inside == (422, "warning.checker")
    at.done(f"/v1/warnings/{APRIL}/close-out", close, role="supervisor")


def the_director_goes_on_leave(at: Organisation) -> None:
    """The deputy acts, leads the quality team ex officio, and answers for the ward meanwhile."""
    at.on("2025-06-02")
    appointment = f"A.{DIRECTOR}.MED-DIR.2025-01-01"
    at.done(f"/v1/appointments/{appointment}/end", {"effective": at.today, "cause": "parental leave"})
    acting = {"appointment": "ACT1", "person": DEPUTY, "post": "MED-DIR", "kind": "acting", "effective": at.today}
    at.done("/v1/appointments", acting)
    assert holders(at.chain("unit", "M2")["quality"]["director"]) == [(DEPUTY, "acting")]
    leader = at.chain("unit", "QT-MED")["quality"]["quality_team_leader"]
    assert (holders(leader), leader["holders"][0]["acting"]) == ([(DEPUTY, "ex_officio")], True)


def limits_are_stricter_from_october_on(at: Organisation) -> None:
    at.on("2025-09-15")
    at.rule(stricter_hand_hygiene(), "2025-10-01", reason="Advised by the committee.")
    for period, colour in (("2025-09", "green"), ("2025-10", "yellow")):
        rows = at.rows_of("readings-2025.csv", indicator_id="Q01", unit_id="E1", period=period)
        at.on(rows.decode().splitlines()[1].split(",")[4])
        at.imported("readings-2025.csv", rows)
        reading = at.look(f"/v1/readings/Q01.E1.{period}")["item"]
        assert (reading["value"], reading["colour"]) == ("91.5", colour)
