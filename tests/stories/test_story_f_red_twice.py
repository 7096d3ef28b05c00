"""Story (f): I07 is red twice: a notice, then an interview; escalated, extended, closed out, reopened, and overdue."""

from __future__ import annotations

from typing import Any

from tests.stories.demonstration import Organisation

HEAD, DEPUTY, CHIEF, ORGAN_SECRETARY = "P030", "P002", "P001", "P006"
MARCH, APRIL = "W.I07.G3.2025-03", "W.I07.G3.2025-04"
LOOP = f"/v1/warnings/{APRIL}"


def test_red_twice_calls_for_an_interview_and_what_is_closed_out_may_be_reopened(organisation: Organisation):
    at = organisation
    at.on("2025-03-31")
    march_is_red(at)
    april_is_red_too(at)
    nobody_answers_in_time(at)
    the_deputy_holds_the_interview(at)
    g3_gets_more_time(at)
    an_outsider_closes_out(at)
    it_is_reopened_and_not_rectified(at)
    at.look_again()


def entry(at: Organisation, warning: str, **asked: Any) -> dict[str, Any]:
    """The warning on the register of G3."""
    found = at.look("/v1/register", unit="G3", **asked)["items"]
    return next((each for each in found if each["id"] == warning), {})


def measures(at: Organisation) -> list[tuple[str, str, list[str]]]:
    return [(each["kind"], each["level"], each["persons"]) for each in at.look(LOOP)["measures"]]


def march_is_red(at: Organisation) -> None:
    at.work("2025-04-02")
    shown = at.look(f"/v1/warnings/{MARCH}")
    assert (shown["item"]["rung"], shown["item"]["action"]) == ("red", "warning_notice")
    (notice,) = shown["measures"]
    assert notice["told"] == [
        {"level": "department_head", "persons": [HEAD]},
        {"level": "deputy_in_charge", "persons": [DEPUTY]},
        {"level": "organ_secretary", "persons": [ORGAN_SECRETARY]},
    ]
    assert shown["names"].keys() == {HEAD, DEPUTY, ORGAN_SECRETARY}
    act = {"person": HEAD, "effective": at.today}
    at.done(f"/v1/warnings/{MARCH}/acknowledge", act | {"explanation": "Two are on training."}, role="leader")
    at.done(f"/v1/warnings/{MARCH}/plan", act | {"plan": "Two help out.", "due": "2025-04-23"}, role="leader")
    interview = act | {"person": DEPUTY, "persons": [HEAD], "record": "?"}
    assert at.refused(f"/v1/warnings/{MARCH}/interview", interview, role="leader") == (422, "interview.none")


def april_is_red_too(at: Organisation) -> None:
    at.work("2025-05-06")
    item = at.look(LOOP)["item"]
    assert (item["rung"], item["action"], item["interview"]) == ("red_twice", "accountability_interview", "due")
    assert (item["respond_by"], item["rectify_by"]) == ("2025-05-09", "2025-05-27")
    # The one of March was planned for 23 April, and nobody reported that it was rectified.
    march = entry(at, MARCH)
    assert (march["state"], march["due"], march["overdue"]) == ("planned", "2025-04-24", True)
    assert march["escalated_to"] == "deputy_in_charge"
    april = entry(at, APRIL, colour="red")
    assert (april["state"], april["due"], april["overdue"], april["escalated_to"]) == (
        "raised",
        "2025-05-09",
        False,
        "",
    )
    (card,) = at.look("/v1/scorecards/unit/G3")["items"]
    assert card["rolled_up"] == "red"
    (whole,) = at.look("/v1/scorecards/unit/DCP")["items"]
    assert (whole["rolled_up"], whole["colour"] == "red") == ("red", False)


def nobody_answers_in_time(at: Organisation) -> None:
    at.work("2025-05-09")
    assert entry(at, APRIL)["escalated_to"] == ""
    at.work("2025-05-12")
    april = entry(at, APRIL)
    assert (april["overdue"], april["escalated_to"]) == (True, "deputy_in_charge")
    assert measures(at)[-1] == ("escalated", "deputy_in_charge", [DEPUTY])
    act = {"person": HEAD, "explanation": "They come back in June.", "effective": at.today}
    at.done(f"{LOOP}/acknowledge", act, role="leader")
    assert entry(at, APRIL)["overdue"] is False


def the_deputy_holds_the_interview(at: Organisation) -> None:
    at.on("2025-05-13")
    path = f"{LOOP}/interview"
    held = {"person": DEPUTY, "persons": [HEAD], "record": "Two more help out.", "effective": at.today}
    assert at.refused(path, held) == (403, "access.role")
    assert at.refused(path, held | {"person": CHIEF}, role="leader") == (422, "warning.not_level")
    at.done(path, held, role="leader")
    assert at.refused(path, held, role="leader") == (422, "interview.held")
    at.done(f"{LOOP}/talk", held | {"record": "How they bear the load."}, role="leader")
    assert at.look(LOOP)["item"]["interview"] == "held"
    plan = {"person": HEAD, "plan": "Two more help out.", "due": "2025-05-27", "effective": at.today}
    at.done(f"{LOOP}/plan", plan, role="leader")


def g3_gets_more_time(at: Organisation) -> None:
    at.work("2025-05-20")
    path, more = f"{LOOP}/extension", {"rectify_by": "2025-06-06", "effective": at.today, "reason": "They come later."}
    assert at.refused(path, more, role="supervisor") == (422, "warning.second_person")
    late = more | {"rectify_by": "2025-06-12"}
    assert at.refused(path, late, role="supervisor", second="assessor") == (422, "extension.until")
    at.done(path, more, role="supervisor", second="assessor")
    assert at.refused(path, late, role="supervisor", second="assessor") == (422, "extension.at_most")
    item = at.look(LOOP)["item"]
    assert (item["rectify_by"], item["extended"], item["state"]) == ("2025-06-06", 1, "planned")


def an_outsider_closes_out(at: Organisation) -> None:
    at.work("2025-06-06")
    assert entry(at, APRIL)["overdue"] is False
    done = {"person": HEAD, "report": "Cleared.", "evidence": ["list of files"], "effective": at.today}
    at.done(f"{LOOP}/report", done, role="leader")
    check = {"checker": HEAD, "finding": "Seen.", "evidence": ["ten files"], "effective": at.today}
    assert at.refused(f"{LOOP}/close-out", check, role="supervisor") == (422, "warning.checker")
    at.done(f"{LOOP}/close-out", check | {"checker": ORGAN_SECRETARY}, role="supervisor")
    assert entry(at, APRIL) == {}


def it_is_reopened_and_not_rectified(at: Organisation) -> None:
    at.on("2025-06-10")
    again = {"person": ORGAN_SECRETARY, "effective": at.today, "reason": "Three files were left out."}
    at.done(f"{LOOP}/reopen", again, role="supervisor")
    # Fifteen working days again.
    reopened = entry(at, APRIL)
    assert (reopened["state"], reopened["due"], reopened["overdue"]) == ("reopened", "2025-07-01", False)
    at.work("2025-07-02")
    assert entry(at, APRIL)["escalated_to"] == "chief"
    assert measures(at)[-2:] == [("overdue", "", []), ("escalated", "chief", [CHIEF])]
    acts = [each["state"] for each in at.look(LOOP)["acts"]]
    assert acts == ["raised", "acknowledged", "planned", "rectified", "closed_out", "reopened"]
