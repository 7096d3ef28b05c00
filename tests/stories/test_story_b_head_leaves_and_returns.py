"""Story (b): the head of G7 leaves for four months, her deputy acts, she returns; and who answers changes with them."""

from __future__ import annotations

from typing import Any

from tests.stories.demonstration import Organisation, holders, rows_of

HEAD, DEPUTY = "P083", "P084"
READING = "I22.G7.2025-03"
WARNING = f"W.{READING}"


def test_the_deputy_answers_while_the_head_is_away(organisation: Organisation):
    the_vacancy_is_foreseen(organisation)
    planned = organisation.position
    the_deputy_acts_for_her(organisation)
    the_deputy_answers_the_warning(organisation)
    she_returns_and_answers_again(organisation)
    the_past_is_told_as_it_was_known(organisation, planned)


def heads(at: Organisation, **moment: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The level of the department's head, and that of the leader of its party group."""
    chain = at.chain("unit", "G7", **moment)
    return chain["business"]["department_head"], chain["party"]["group_leader"]


def the_vacancy_is_foreseen(at: Organisation) -> None:
    at.on("2025-02-17")
    head, leader = heads(at)
    assert holders(head) == [(HEAD, "substantive")]
    assert (holders(leader), leader["holders"][0]["acting"]) == ([(HEAD, "ex_officio")], False)
    head, leader = heads(at, effective_on="2025-03-01")
    assert (holders(head), head["vacant"], head["missing"]) == ([], True, "holder")
    assert (holders(leader), leader["why"], leader["missing"]) == ([], "vacancy", "holder")
    assert at.look("/v1/chain/post/G7-H01", effective_on="2025-03-01")["broken"]
    term = {"person": DEPUTY, "post": "G7-HEAD", "kind": "acting", "effective": "2025-02-20", "until": "2025-07-01"}
    assert at.refused("/v1/appointments", term) == (422, "post.not_vacant")


def the_deputy_acts_for_her(at: Organisation) -> None:
    at.on("2025-03-01")
    at.imported("appointments.csv", rows_of("appointments.csv", effective="2025-03-01"))
    head, leader = heads(at)
    assert (holders(head), head["vacant"], head["broken"]) == ([(DEPUTY, "acting")], True, False)
    assert (holders(leader), leader["holders"][0]["acting"]) == ([(DEPUTY, "ex_officio")], True)
    assert (leader["vacant"], leader["why"]) == (True, "")
    assert not at.look("/v1/chain/post/G7-H01")["broken"]
    head, leader = heads(at, effective_on="2025-06-30")
    assert holders(head) == [(DEPUTY, "acting")]
    head, leader = heads(at, effective_on="2025-07-01")
    assert (holders(head), holders(leader), leader["why"]) == ([], [], "vacancy")


def the_deputy_answers_the_warning(at: Organisation) -> None:
    at.on("2025-04-02")
    reading = {"indicator": "I22", "unit": "G7", "period": "2025-03", "value": "80", "effective": at.today}
    at.done("/v1/readings", reading)
    warning = at.look(f"/v1/warnings/{WARNING}")["item"]
    assert (warning["colour"], warning["state"], warning["rectify_by"]) == ("yellow", "raised", None)
    step = at.chain("warning", WARNING)["business"]["department_head"]
    assert holders(step) == [(DEPUTY, "acting")]
    at.on("2025-04-03")
    answer = {"person": HEAD, "explanation": "The new hall was closed.", "effective": at.today}
    assert at.refused(f"/v1/warnings/{WARNING}/acknowledge", answer, role="leader") == (422, "warning.not_answerable")
    at.done(f"/v1/warnings/{WARNING}/acknowledge", answer | {"person": DEPUTY}, role="leader")
    assert [each["unit"]["unit"] for each in at.look(f"/v1/scorecards/person/{DEPUTY}")["items"]] == ["G7", "PG7"]
    assert at.look(f"/v1/scorecards/person/{HEAD}")["items"] == []


def she_returns_and_answers_again(at: Organisation) -> None:
    at.on("2025-07-01")
    at.imported("appointments.csv", rows_of("appointments.csv", effective="2025-07-01"))
    head, leader = heads(at)
    assert (holders(head), head["vacant"]) == ([(HEAD, "substantive")], False)
    assert (holders(leader), leader["holders"][0]["acting"]) == ([(HEAD, "ex_officio")], False)
    assert leader["holders"][0]["appointment"] == "A.P083.G7-HEAD.2025-07-01"
    report = {"person": DEPUTY, "report": "The hall is open again.", "evidence": ["notice"], "effective": at.today}
    assert at.refused(f"/v1/warnings/{WARNING}/report", report, role="leader") == (422, "warning.not_answerable")
    at.done(f"/v1/warnings/{WARNING}/report", report | {"person": HEAD}, role="leader")
    acts = at.look(f"/v1/warnings/{WARNING}")["acts"]
    assert [(act["state"], act["person"]) for act in acts] == [
        ("raised", None),
        ("acknowledged", DEPUTY),
        ("rectified", HEAD),
    ]
    assert at.look(f"/v1/scorecards/person/{DEPUTY}")["items"] == []


def the_past_is_told_as_it_was_known(at: Organisation, planned: int) -> None:
    at.on("2025-12-31")
    # Of April, today and as it was foreseen in February.
    head, leader = heads(at, effective_on="2025-04-15")
    assert (holders(head), holders(leader)) == ([(DEPUTY, "acting")], [(DEPUTY, "ex_officio")])
    head, leader = heads(at, effective_on="2025-04-15", as_of=f"position:{planned}")
    assert (holders(head), leader["why"]) == ([], "vacancy")
    # Of today, as it was foreseen in March.
    head, _ = heads(at, effective_on="2025-12-31", as_of="2025-03-31T12:00:00+08:00")
    assert (holders(head), head["broken"]) == ([], True)
    moments = {"from": f"position:{planned}", "to": "2025-03-31T12:00:00+08:00"}
    changed = at.look("/v1/compare", **moments)["changes"]
    assert changed.keys() == {"appointment", "leadership"}
    assert [row["appointment"] for row in changed["appointment"]["after"]] == ["A.P084.G7-HEAD.2025-03-01"]
    spans = {(row["person"], row["why"], row["valid_from"], row["valid_to"]) for row in changed["leadership"]["after"]}
    assert spans == {(DEPUTY, "", "2025-03-01", "2025-07-01"), (None, "vacancy", "2025-07-01", None)}
    at.look_again()
