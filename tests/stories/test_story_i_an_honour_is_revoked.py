"""Story (i): an honour is revoked; the bonus that it gave is reversed, and the results are revised."""

from __future__ import annotations

from tests.stories.assessing import (
    everything_is_decided_as_it_had_to_be,
    grades,
    opened,
    published,
    quarter_is_reported,
    scored,
)
from tests.stories.demonstration import Organisation

FIRST, HONOURED, HONOUR = "P031", "P034", "H-1"


def test_the_bonus_of_a_revoked_honour_is_reversed(organisation: Organisation):
    quarter_is_reported(organisation, "G3", "2025-Q2")
    one = an_honour_gives_a_bonus(organisation)
    before = organisation.position
    the_honour_is_revoked(organisation)
    the_results_are_revised(organisation, one, before)
    everything_is_decided_as_it_had_to_be(organisation)
    organisation.look_again()


def an_honour_gives_a_bonus(at: Organisation) -> str:
    at.on("2025-07-10")
    honour = {
        "honour": HONOUR,
        "person": HONOURED,
        "level": "province",
        "title": "Model prosecutor",
        "issuer": "Province",
        "matter": "CASE-7",
        "evidence": ["decree 12"],
        "effective": at.today,
    }
    assert at.refused("/v1/honours", honour | {"evidence": []}) == (422, "honour.evidence")
    at.done("/v1/honours", honour)
    one, subjects = opened(at, "prosecutors", "G3", "2025-Q2")
    for subject in subjects:
        scored(at, one, subject, "9" if subject == FIRST else "8")
    bonus = {"subject": HONOURED, "matter": "CASE-7", "honour": HONOUR, "evidence": ["decree 12"]}
    bonus |= {"effective": at.today}
    at.done(f"{one}/bonus", bonus, role="assessor")
    of_its_own = bonus | {"honour": None, "points": "2"}  # the same matter again, for less
    assert at.refused(f"{one}/bonus", of_its_own, role="assessor") == (422, "assessment.matter")
    published(at, one)
    assert [who for who, grade in grades(at, one).items() if grade == "excellent"] == [HONOURED]
    return one


def the_honour_is_revoked(at: Organisation) -> None:
    at.live("2025-07-28")
    path, body = f"/v1/honours/{HONOUR}/revoke", {"effective": at.today, "reason": "The case was retried."}
    assert at.refused(path, body) == (422, "honour.second_person")
    at.done(path, body, second="leader")
    assert at.look(f"/v1/honours/{HONOUR}")["item"]["state"] == "revoked"


def the_results_are_revised(at: Organisation, one: str, before: int) -> None:
    assert at.look(one)["item"]["state"] == "finalised"
    at.live("2025-07-29")
    shown = at.look(f"{one}/subjects/{HONOURED}")
    told = [(each["why"], each["cause"], each["bonus"], each["total"], each["grade"]) for each in shown["revisions"]]
    assert told == [("honour", HONOUR, "0", "94.28", "good"), ("publication", "", "3", "97.28", "excellent")]
    assert [(each["matter"], each["points"], each["struck_by"]) for each in shown["merits"]] == [
        ("CASE-7", "3", HONOUR)
    ]
    assert [who for who, grade in grades(at, one).items() if grade == "excellent"] == [FIRST]
    then = grades(at, one, as_of=f"position:{before}")
    assert [who for who, grade in then.items() if grade == "excellent"] == [HONOURED]
    assert at.look("/v1/results/" + HONOURED)["items"][0]["revision"] == 2
