"""Story (g): from 1 July on yellow begins at 85 % instead of 80 %; the second quarter is untouched."""

from __future__ import annotations

from typing import Any

from api.demo.procuratorate.demonstration import stricter_rules
from tests.stories.demonstration import FOUNDED, Organisation
from workflow.charter.loader import digest, shipped

OLD, NEW = shipped("procuratorate"), stricter_rules()
DECIDED, IN_FORCE = "2025-06-20", "2025-07-01"
WHY = "Decided by the leading group."


def test_each_period_is_judged_by_the_rules_of_its_last_day(organisation: Organisation):
    pieces_are_reported_until_may(organisation)
    before = organisation.position
    stricter_rules_are_decided_on(organisation)
    both_charters_are_known_from_then_on(organisation, before)
    june_is_judged_by_the_old_rules_and_july_by_the_new(organisation)
    may_is_corrected_by_the_rules_of_may(organisation)
    what_was_known_then_has_not_changed(organisation, before)


def version(at: Organisation, **moment: Any) -> str:
    """The version of the charter in force."""
    found: str = at.look("/v1/charter", **moment)["item"]["version"]
    return found


def pieces_are_reported_until_may(at: Organisation) -> None:
    for month in ("01", "02", "03", "04", "05"):
        at.report("I06", f"2025-{month}")
    may = at.look("/v1/readings/I06.G2.2025-05")["item"]
    assert (may["value"], may["target"], may["attainment"], may["colour"]) == ("17", "20.0000", "0.8500", "yellow")


def stricter_rules_are_decided_on(at: Organisation) -> None:
    at.on(DECIDED)
    body = {"text": NEW, "effective": IN_FORCE, "reason": WHY}
    two = {"role": "supervisor", "second": "assessor"}
    assert at.refused("/v1/charter", body, role="leader", second="assessor") == (403, "access.role")
    assert at.refused("/v1/charter", body, role="supervisor") == (422, "charter.second_person")
    assert at.refused("/v1/charter", body, role="supervisor", second="supervisor") == (403, "access.second_self")
    assert at.refused("/v1/charter", body | {"effective": "2025-04-01"}, **two) == (422, "charter.retroactive")
    assert at.refused("/v1/charter", body | {"text": OLD}, **two) == (422, "charter.version")
    answer = at.rule(NEW, IN_FORCE, WHY)
    assert [event["type"] for event in answer["events"]] == ["charter.published", "charter.adopted"]
    adopted = at.look(f"/v1/events/{answer['position']}")["event"]
    assert (adopted["actor"], adopted["approver"], adopted["reason"]) == ("SUPERVISOR", "ASSESSOR", WHY)


def both_charters_are_known_from_then_on(at: Organisation, before: int) -> None:
    assert version(at) == version(at, effective_on="2025-06-30") == "1"
    assert version(at, effective_on=IN_FORCE) == "2"
    assert at.look("/v1/charter", effective_on=IN_FORCE)["text"] == NEW
    adoptions = at.look("/v1/charter/adoptions")["items"]
    assert [(each["version"], each["since"], each["digest"]) for each in adoptions] == [
        ("1", FOUNDED, digest(OLD)),
        ("2", IN_FORCE, digest(NEW)),
    ]
    # Who asks what was known before that day learns of the old rules only, even of a day on which the new ones hold.
    assert version(at, as_of=f"position:{before}", effective_on=IN_FORCE) == "1"
    assert len(at.look("/v1/charter/adoptions", as_of="2025-06-19T18:00:00+08:00")["items"]) == 1


def june_is_judged_by_the_old_rules_and_july_by_the_new(at: Organisation) -> None:
    june = at.report("I06", "2025-06")
    assert at.today == IN_FORCE
    july = at.report("I06", "2025-07")
    judged = {}
    for reading in (june, july):
        explanation = at.look(f"/v1/warnings/W.{reading}/explanation")["explanation"]
        (decision,), charter = explanation["decisions"], explanation["charter"]
        judged[reading] = (decision["attainment"], decision["colour"], decision["decided_by"])
        rules = (charter["version"], charter["digest"], charter["since"])
        assert rules == (("1", digest(OLD), FOUNDED) if reading == june else ("2", digest(NEW), IN_FORCE))
        event = at.look(f"/v1/events/{decision['position']}")["event"]
        assert (event["type"], event["rule_version"]) == ("reading.reported", charter["version"])
        assert at.look(f"/v1/readings/{reading}")["item"]["charter"] == charter["version"]
    # 20 of 24 are 83.3 %, 23 of 28 are 82.1 %: both between the limits of before and of now.
    assert judged == {june: ("0.8333", "yellow", "yellow >=0.80"), july: ("0.8214", "red", "red <0.85")}
    (card,) = at.look("/v1/scorecards/unit/G2")["items"]
    (row,) = [row for row in card["rows"] if row["indicator"] == "I06"]
    assert [cell["colour"] for cell in (row["latest"], *row["past"])][:3] == ["red", "yellow", "yellow"]


def may_is_corrected_by_the_rules_of_may(at: Organisation) -> None:
    at.on("2025-08-11")
    correction = {"value": "16", "effective": at.today, "reason": "One piece was counted twice."}
    at.done("/v1/readings/I06.G2.2025-05/correct", correction, second="assessor")
    explanation = at.look("/v1/readings/I06.G2.2025-05/explanation")["explanation"]
    # 16 of 20 are 80 %: yellow under the rules of May, red under those of August.
    last = explanation["decisions"][-1]
    assert (last["attainment"], last["colour"], explanation["charter"]["version"]) == ("0.8000", "yellow", "1")
    second_quarter = at.look("/v1/readings", indicator="I06", unit="G2")["items"][3:6]
    assert [(each["period"], each["charter"]) for each in second_quarter] == [
        ("2025-04", "1"),
        ("2025-05", "1"),
        ("2025-06", "1"),
    ]
    assert "red" not in {each["colour"] for each in second_quarter}


def what_was_known_then_has_not_changed(at: Organisation, before: int) -> None:
    at.on("2025-12-31")
    assert version(at) == "2"
    assert version(at, as_of=f"position:{before}") == "1"
    at.look_again()
