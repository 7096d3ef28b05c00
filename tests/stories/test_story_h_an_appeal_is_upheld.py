"""Story (h): a second-quarter appeal is upheld; quotas and grades are decided again, and the old result stays known."""

from __future__ import annotations

from tests.stories.assessing import (
    HEAD,
    everything_is_decided_as_it_had_to_be,
    grades,
    opened,
    published,
    quarter_is_reported,
    rating,
    scored,
)
from tests.stories.demonstration import Organisation

FIRST, APPELLANT, REVIEWERS = "P031", "P033", ["P002", "P003"]
APPEAL = "AP-1"


def test_an_appeal_changes_who_is_within_the_quota(organisation: Organisation):
    quarter_is_reported(organisation, "G3", "2025-Q2")
    one = the_prosecutors_of_g3_are_graded(organisation)
    before = organisation.position
    an_appeal_is_lodged(organisation, one)
    it_is_upheld_by_people_who_did_not_score(organisation, one)
    both_results_are_shown(organisation, one, before)
    the_results_become_final(organisation, one)
    everything_is_decided_as_it_had_to_be(organisation)
    organisation.look_again()


def the_prosecutors_of_g3_are_graded(at: Organisation) -> str:
    at.on("2025-07-10")
    one, subjects = opened(at, "prosecutors", "G3", "2025-Q2")
    assert subjects == [f"P0{n}" for n in range(31, 38)]  # without the head, who is among the leaders
    for subject in subjects:
        scored(at, one, subject, {FIRST: "9.5", APPELLANT: "9.4"}.get(subject, "8"))
    at.on("2025-07-11")
    published(at, one)
    # Seven times a fifth is one, rounded down.
    assert [who for who, grade in grades(at, one).items() if grade == "excellent"] == [FIRST]
    shown = at.look(one)
    assert (shown["item"]["state"], shown["item"]["appeals_until"]) == ("published", "2025-07-18")
    assert {each["rank"] for each in shown["results"]} == {None}
    return one


def an_appeal_is_lodged(at: Organisation, one: str) -> None:
    at.live("2025-07-15")
    body = {"appeal": APPEAL, "subject": APPELLANT, "by": APPELLANT, "grounds": "Two months were left out."}
    body |= {"effective": at.today}
    assert at.refused(f"{one}/appeals", body | {"by": "P040"}) == (422, "appeal.not_answerable")
    at.done(f"{one}/appeals", body)
    assert at.look(f"/v1/appeals/{APPEAL}")["item"]["decide_by"] == "2025-08-05"


def it_is_upheld_by_people_who_did_not_score(at: Organisation, one: str) -> None:
    at.live("2025-07-22")  # notice is over, but an appeal is pending
    assert at.look(one)["item"]["state"] == "published"
    path, body = (
        f"/v1/appeals/{APPEAL}/decide",
        {
            "reviewers": REVIEWERS,
            "upheld": True,
            "finding": "They were.",
            "ratings": rating("9.8", REVIEWERS[0]),
            "effective": at.today,
        },
    )
    assert at.refused(path, body, role="assessor") == (403, "access.role")
    assert at.refused(path, body | {"reviewers": ["P001", "P002"]}, role="supervisor") == (422, "appeal.scored")
    recusal = {"person": "P004", "effective": at.today, "reason": "Married to the appellant."}
    at.done(f"{one}/recuse", recusal, role="supervisor")
    assert at.refused(path, body | {"reviewers": ["P002", "P004"]}, role="supervisor") == (422, "appeal.recused")
    answer = at.done(path, body, role="supervisor")
    types = [event["type"] for event in answer["events"]]
    assert types == ["appeal.decided", "assessment.scored", "assessment.revised"]


def both_results_are_shown(at: Organisation, one: str, before: int) -> None:
    assert [who for who, grade in grades(at, one).items() if grade == "excellent"] == [APPELLANT]
    then = grades(at, one, as_of=f"position:{before}")
    assert [who for who, grade in then.items() if grade == "excellent"] == [FIRST]
    shown = at.look(f"{one}/subjects/{APPELLANT}")
    told = [(each["revision"], each["why"], each["grade"], each["total"]) for each in shown["revisions"]]
    assert told == [(2, "appeal", "excellent", "96.08"), (1, "publication", "good", "95.68")]
    assert [(part["part"], part["score"]) for part in shown["score"]["parts"]] == [
        ("performance", "56.28"),
        ("common", "30.00"),
        ("overall", "9.80"),
    ]
    assert [(stay["units"], stay["days"]) for stay in shown["score"]["stays"]] == [(["G3"], 91)]
    counted = {each["indicator"]: each for each in shown["score"]["counted"]}
    assert counted["I07"]["readings"][0] == ["2025-04", "0.7463", "red"]
    assert "I08" not in counted  # it is for reference only
    assert HEAD not in grades(at, one)


def the_results_become_final(at: Organisation, one: str) -> None:
    at.live("2025-07-23")
    assert at.look(one)["item"]["state"] == "finalised"
    assert at.look("/v1/assessments", state="finalised", within="DCP")["items"][0]["group_id"] == "prosecutors"
