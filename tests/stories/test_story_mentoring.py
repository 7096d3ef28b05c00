"""A model person leads two handlers: quarter by quarter, until one is transferred and the other's term is over."""

from __future__ import annotations

from typing import Any

from tests.stories.demonstration import Organisation, holders

MODEL, FIRST, SECOND = "P049", "P059", "P051"
GOALS = [{"text": "独立出庭", "measured_by": "三次以上"}, {"text": "撰写典型案例", "measured_by": "一篇"}]


def pair(organisation: Organisation, id: str, mentee: str, **more: Any) -> dict[str, Any]:
    about = {"mentorship": id, "mentor": MODEL, "mentee": mentee, "kind": "key_handler", "goals": GOALS}
    return {**about, "until": "2024-12-02", "effective": organisation.today, **more}


def review(organisation: Organisation, id: str, period: str) -> Any:
    body = {"period": period, "held_on": organisation.today, "finding": "按计划推进。", "evidence": ["记录"]}
    body |= {"person": MODEL, "effective": organisation.today}
    return organisation.done(f"/v1/mentorships/{id}/review", body, role="leader")


def test_a_model_person_leads_two_and_one_is_transferred(organisation: Organisation):
    organisation.live("2024-03-11")
    start = pair(organisation, "M1", FIRST)
    assert organisation.refused("/v1/mentorships", start) == (422, "mentorship.not_model")
    model = {"person": MODEL, "kind": "key_handler", "citation": "知识产权办案能手", "evidence": ["表彰决定"]}
    organisation.done("/v1/model-persons", model | {"effective": organisation.today}, role="supervisor")
    organisation.done("/v1/mentorships", start)
    organisation.done("/v1/mentorships", pair(organisation, "M2", SECOND))
    back = pair(organisation, "M3", MODEL, mentor=FIRST, kind="newcomer")
    assert organisation.refused("/v1/mentorships", back) == (422, "mentorship.circle")
    mine = organisation.look(f"/v1/people/{MODEL}/mentorships")
    assert [each["mentee"] for each in mine["led"]] == [FIRST, SECOND]

    # In the first quarter it had not begun with the quarter; the second is owed, and reviewed in time.
    organisation.live("2024-06-20")
    assert organisation.look("/v1/duties", kind="mentoring_review", state="pending")["items"][0]["unit"] == "G4"
    told = review(organisation, "M1", "2024-Q2")
    assert [each["type"] for each in told["events"]] == ["mentorship.reviewed", "duty.fulfilled"]
    organisation.live("2024-07-12")
    lapsed = organisation.look("/v1/duties/mentoring_review.M2.2024-Q2")
    assert [each["state"] for each in lapsed["acts"]] == ["open", "yellow", "lapsed"]
    told = review(organisation, "M2", "2024-Q2")
    assert told["events"][-1]["type"] == "duty.fulfilled_late"

    met = {"goal": 1, "person": MODEL, "evidence": ["案卡统计"], "effective": organisation.today}
    organisation.done("/v1/mentorships/M1/meet", met)
    chain = organisation.chain("mentorship", "M1")
    assert holders(chain["business"]["department_head"]) == [("P048", "substantive")]

    # The mentee goes to another department: the clock ends it on the night after, and its review is excused.
    organisation.live("2024-08-05")
    ended = {"effective": organisation.today, "cause": "轮岗"}
    organisation.done(f"/v1/appointments/A.{FIRST}.G4-H10.2024-01-01/end", ended)
    organisation.live("2024-08-06")
    shown = organisation.look("/v1/mentorships/M1")
    assert (shown["item"]["state"], shown["item"]["cause"]) == ("ended", "mentee_transferred")
    assert (shown["item"]["ended_on"], shown["item"]["met"]) == ("2024-08-06", [1])
    organisation.live("2024-08-08")
    assert organisation.look("/v1/duties/mentoring_review.M1.2024-Q3")["item"]["cause"] == "ended"
    late = {"goal": 2, "person": MODEL, "evidence": ["x"], "effective": organisation.today}
    assert organisation.refused("/v1/mentorships/M1/meet", late) == (422, "mentorship.ended")

    # The other is extended over the end of the year, and ends at its term.
    organisation.live("2024-11-29")
    asked = {"until": "2025-01-06", "effective": organisation.today, "reason": "典型案例尚在撰写。"}
    organisation.done("/v1/mentorships/M2/extend", asked, role="leader")
    organisation.live("2025-01-06")
    ended_at = organisation.look("/v1/mentorships/M2")["item"]
    assert (ended_at["cause"], ended_at["ended_on"], ended_at["extensions"]) == ("term", "2025-01-06", 1)
    organisation.done("/v1/mentorships", pair(organisation, "M4", SECOND, until="2025-12-01"))
    assert [each["mentorship"] for each in organisation.look(f"/v1/people/{MODEL}/mentorships")["led"]] == ["M4"]
    then = organisation.look(f"/v1/people/{MODEL}/mentorships", effective_on="2024-08-01")
    assert [each["mentorship"] for each in then["led"]] == ["M1", "M2"]
    organisation.look_again()
