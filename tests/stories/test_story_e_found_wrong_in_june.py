"""Story (e): a value of April is found wrong in June: red as reported, yellow as corrected; the warning stays open."""

from __future__ import annotations

from typing import Any

from tests.stories.demonstration import Organisation

HEAD, DEPUTY, HEAD_OF_G6, ORGAN_SECRETARY, IN_CHARGE = "P062", "P063", "P075", "P006", "P003"
READING, WARNING = "I14.G5.2025-04", "W.I14.G5.2025-04"
LOOP, CORRECT = f"/v1/warnings/{WARNING}", f"/v1/readings/{READING}/correct"
WHY = "13 of 100 clues were counted as late that were verified in time."


def test_a_colour_stays_as_reported_and_the_corrected_one_stands_beside_it(organisation: Organisation):
    april_is_red(organisation)
    g5_answers(organisation)
    reported = organisation.position
    april_is_found_wrong(organisation)
    both_values_are_explained(organisation, reported)
    an_outsider_closes_out(organisation)
    what_was_known_then_has_not_changed(organisation, reported)


def cell(at: Organisation, period: str, **moment: Any) -> tuple[str, str | None]:
    """The colour of I14 on the scorecard of G5, as reported and as corrected."""
    (card,) = at.look("/v1/scorecards/unit/G5", **moment)["items"]
    (row,) = [row for row in card["rows"] if row["indicator"] == "I14"]
    (found,) = [each for each in (row["latest"], *row["past"]) if each["period"] == period]
    return found["colour"], found["corrected_colour"]


def open_warnings(at: Organisation, **moment: Any) -> list[str]:
    return [each["warning"] for each in at.look("/v1/warnings", unit="G5", state="open", **moment)["items"]]


def april_is_red(at: Organisation) -> None:
    for month in ("01", "02", "03", "04"):
        at.report("I14", f"2025-{month}")
    assert at.today == "2025-05-06"
    reading = at.look(f"/v1/readings/{READING}")["item"]
    assert (reading["value"], reading["colour"], reading["decided_by"], reading["late"]) == (
        "78",
        "red",
        "red <85",
        False,
    )
    assert cell(at, "2025-04") == ("red", None)
    assert open_warnings(at) == ["W.I14.G5.2025-03", WARNING]
    warning = at.look(LOOP)["item"]
    # Working days from 6 May on: 3 for the plan, 15 until it is put right.
    assert (warning["respond_by"], warning["rectify_by"]) == ("2025-05-09", "2025-05-27")


def g5_answers(at: Organisation) -> None:
    at.on("2025-05-07")
    seen = {"person": HEAD, "explanation": "Two clues needed experts.", "effective": at.today}
    assert at.refused(f"{LOOP}/acknowledge", seen, role="recorder") == (403, "access.role")
    assert at.refused(f"{LOOP}/acknowledge", seen | {"person": HEAD_OF_G6}, role="leader") == (
        422,
        "warning.not_answerable",
    )
    at.done(f"{LOOP}/acknowledge", seen, role="leader")
    done = {"person": HEAD, "report": "Verified.", "evidence": ["list of clues"], "effective": at.today}
    assert at.refused(f"{LOOP}/report", done, role="leader") == (422, "warning.plan_missing")
    at.on("2025-05-08")
    plan = {"person": HEAD, "plan": "One expert more.", "due": "2025-06-30", "effective": at.today}
    assert at.refused(f"{LOOP}/plan", plan, role="leader") == (422, "warning.plan_due")
    at.done(f"{LOOP}/plan", plan | {"due": "2025-05-26"}, role="leader")
    at.on("2025-05-26")
    at.done(f"{LOOP}/report", done | {"effective": at.today}, role="leader")
    assert at.look(LOOP)["item"]["state"] == "rectified"
    at.report("I14", "2025-05")


def april_is_found_wrong(at: Organisation) -> None:
    at.on("2025-06-16")
    again = {"indicator": "I14", "unit": "G5", "period": "2025-04", "value": "91", "effective": at.today}
    assert at.refused("/v1/readings", again) == (409, "reading.exists")
    correction = {"value": "91", "effective": at.today}
    assert at.refused(CORRECT, correction | {"reason": WHY}) == (422, "reading.second_person")
    assert at.refused(CORRECT, correction | {"reason": WHY}, second="recorder") == (403, "access.second_self")
    assert at.refused(CORRECT, correction | {"reason": WHY}, second="auditor") == (403, "access.second_role")
    assert at.refused(CORRECT, correction, second="assessor") == (422, "reading.reason")
    at.done(CORRECT, correction | {"reason": WHY}, second="assessor")
    reading = at.look(f"/v1/readings/{READING}")["item"]
    assert (reading["value"], reading["colour"], reading["decided_by"]) == ("78", "red", "red <85")
    assert (reading["corrected_value"], reading["corrected_colour"]) == ("91", "yellow")
    assert cell(at, "2025-04") == ("red", "yellow")
    by_colour = {
        colour: [each["period"] for each in at.look("/v1/readings", indicator="I14", colour=colour)["items"]]
        for colour in ("red", "yellow")
    }
    assert by_colour == {"red": [], "yellow": ["2025-03", "2025-04"]}
    # A better colour closes no warning: that takes somebody from outside.
    assert WARNING in open_warnings(at)


def both_values_are_explained(at: Organisation, reported: int) -> None:
    shown = at.look(f"{LOOP}/explanation")
    explanation, sources = shown["explanation"], {each["position"]: each for each in shown["sources"]}
    first, second = explanation["decisions"]
    assert (first["kind"], first["value"], first["colour"], first["decided_by"]) == ("reported", "78", "red", "red <85")
    assert (second["kind"], second["value"], second["colour"]) == ("corrected", "91", "yellow")
    assert second["decided_by"] == "yellow <95"
    assert explanation["colour"] == "yellow"
    said = sources[second["position"]]
    assert (said["actor"], said["approver"], said["reason"]) == ("RECORDER", "ASSESSOR", WHY)
    assert (sources[first["position"]]["actor"], sources[first["position"]]["approver"]) == ("RECORDER", "")
    assert [act["state"] for act in explanation["warnings"][0]["acts"]] == [
        "raised",
        "acknowledged",
        "planned",
        "rectified",
    ]
    then = at.look(f"{LOOP}/explanation", as_of=f"position:{reported}")["explanation"]
    assert ([each["value"] for each in then["decisions"]], then["colour"]) == (["78"], "red")
    changed = at.look(f"/v1/events/{second['position']}/changes")["changes"]
    assert changed.keys() == {"reading"}
    assert {row["corrected_value"] for row in changed["reading"]["before"]} == {None}


def an_outsider_closes_out(at: Organisation) -> None:
    at.on("2025-06-17")
    path = f"{LOOP}/close-out"
    finding = {"checker": HEAD, "finding": "In order.", "evidence": ["ten clues, sampled"], "effective": at.today}
    assert at.refused(path, finding, role="leader") == (403, "access.role")
    # Neither who reported it, nor anybody else of the department.
    assert at.refused(path, finding, role="supervisor") == (422, "warning.checker")
    assert at.refused(path, finding | {"checker": DEPUTY}, role="supervisor") == (422, "warning.checker")
    outsider = finding | {"checker": ORGAN_SECRETARY}
    assert at.refused(path, outsider | {"evidence": []}, role="supervisor") == (422, "warning.evidence")
    at.done(path, outsider, role="supervisor")
    shown = at.look(LOOP)
    assert (shown["item"]["state"], shown["item"]["person"]) == ("closed_out", ORGAN_SECRETARY)
    # Who acted, and who was told when it was raised.
    assert shown["names"] == {HEAD: "Unit 5 Head", IN_CHARGE: "Deputy Chief 2", ORGAN_SECRETARY: "Leader 6"}
    assert WARNING not in open_warnings(at)
    assert cell(at, "2025-04") == ("red", "yellow")


def what_was_known_then_has_not_changed(at: Organisation, reported: int) -> None:
    at.on("2025-12-31")
    then = {"as_of": f"position:{reported}", "effective_on": "2025-06-15"}
    assert cell(at, "2025-04", **then) == ("red", None)
    assert WARNING in open_warnings(at, **then)
    # What is known of June now: as it was reported until the 15th, and corrected from the 16th on.
    assert cell(at, "2025-04", effective_on="2025-06-15") == ("red", None)
    assert cell(at, "2025-04", effective_on="2025-06-16") == ("red", "yellow")
    at.look_again()
