"""Story (a): the head of G6 is no party member, so the deputy acts as group leader, until the head has joined."""

from __future__ import annotations

from tests.stories.demonstration import Organisation, holders, rows_of

HEAD, DEPUTY, SECRETARY = "P075", "P076", "P085"
ACTING = "A.P076.PG6-LEAD.2024-01-01"


def test_who_is_no_party_member_leads_no_party_group(organisation: Organisation):
    nobody_leads_the_group(organisation)
    the_deputy_acts(organisation)
    the_head_joins_and_leads_ex_officio(organisation)
    what_was_known_then_has_not_changed(organisation)


def nobody_leads_the_group(at: Organisation) -> None:
    at.on("2024-01-02")
    chain = at.chain("unit", "G6")
    business, party = chain["business"], chain["party"]
    assert not business["broken"]
    assert [holders(business[level]) for level in ("department_head", "deputy_in_charge", "chief")] == [
        [(HEAD, "substantive")],
        [("P003", "substantive")],
        [("P001", "substantive")],
    ]
    leader = party["group_leader"]
    assert (party["broken"], leader["broken"], leader["missing"]) == (True, True, "holder")
    assert (holders(leader), leader["vacant"], leader["why"]) == ([], True, "head_not_member")
    assert [holders(party[level]) for level in ("branch_secretary", "organ_secretary", "leading_group_secretary")] == [
        [(SECRETARY, "concurrent")],
        [("P006", "concurrent")],
        [("P001", "concurrent")],
    ]
    # In every other grid the head is a member, and the rule makes the leader.
    other = at.chain("unit", "G5")["party"]["group_leader"]
    assert (holders(other), other["holders"][0]["rule"]) == ([("P062", "ex_officio")], "head_leads_group")
    leadership = at.look("/v1/grids/GRID6")["leadership"]
    assert (leadership["person"], leadership["appointment"]) == (HEAD, None)
    assert (leadership["rule"], leadership["why"]) == ("head_leads_group", "head_not_member")
    said = at.seen("/v1/trail", tag="unit:PG6", type="ex_officio.not_applicable")["items"]
    assert [(each["data"]["person"], each["data"]["why"]) for each in said] == [
        (HEAD, "head_not_member"),
        (None, "vacancy"),  # from when the grid was bound until the head was appointed
    ]
    appointment = {"person": HEAD, "post": "PG6-LEAD", "kind": "concurrent", "effective": "2024-01-02"}
    assert at.refused("/v1/appointments", appointment) == (422, "appointment.not_member")


def the_deputy_acts(at: Organisation) -> None:
    before = at.position
    at.on("2024-01-03")
    at.imported("appointments.csv", rows_of("appointments.csv", kind="acting", effective="2024-01-01"))
    appointed, designated = before + 1, before + 2
    leader = at.chain("unit", "G6")["party"]["group_leader"]
    assert (holders(leader), leader["holders"][0]["acting"]) == ([(DEPUTY, "acting")], True)
    assert (leader["vacant"], leader["broken"], leader["why"]) == (True, False, "designated")
    assert not at.look("/v1/chain/unit/G6")["broken"]
    # It was recorded on the 3rd and holds since the 1st; but on the 2nd nobody knew.
    assert holders(at.chain("unit", "G6", effective_on="2024-01-01")["party"]["group_leader"]) == [(DEPUTY, "acting")]
    for then in (f"position:{before}", "2024-01-02T23:59:59+08:00"):
        step = at.chain("unit", "G6", as_of=then, effective_on="2024-01-03")["party"]["group_leader"]
        assert (holders(step), step["why"]) == ([], "head_not_member")
    changed = at.look(f"/v1/events/{designated}/changes")["changes"]["leadership"]
    assert [row["why"] for row in changed["before"]] == ["head_not_member"]
    assert [row["why"] for row in changed["after"]] == ["designated"]
    event = at.look(f"/v1/events/{appointed}")["event"]
    assert (event["type"], event["actor"], event["effective"]) == ("appointment.started", "RECORDER", "2024-01-01")
    # The deputy stands in three places: two posts, and the group to which the deputy belongs.
    places = at.look(f"/v1/chain/person/{DEPUTY}")["chains"]
    posts = [each["post"]["post"] for each in places if each["post"]]
    assert (sorted(posts), [each["unit"]["unit"] for each in places if each["membership"]]) == (
        ["G6-D1", "PG6-LEAD"],
        ["PG6"],
    )


def the_head_joins_and_leads_ex_officio(at: Organisation) -> None:
    before = at.position
    at.on("2025-03-03")
    membership = {"membership": "M-P075", "person": HEAD, "unit": "PG6", "kind": "full", "effective": "2025-03-03"}
    at.done("/v1/memberships", membership)
    # Who was designated goes before the rule, until that has ended.
    assert holders(at.chain("unit", "G6")["party"]["group_leader"]) == [(DEPUTY, "acting")]
    end = {"effective": "2025-03-04", "cause": "the head has joined"}
    at.done(f"/v1/appointments/{ACTING}/end", end)
    leader = at.chain("unit", "PG6", effective_on="2025-03-04")["party"]["group_leader"]
    assert (holders(leader), leader["vacant"], leader["why"]) == ([(HEAD, "ex_officio")], False, "")
    assert leader["holders"][0]["appointment"] == "A.P075.G6-HEAD.2024-01-01"
    assert holders(at.chain("unit", "PG6", effective_on="2025-03-03")["party"]["group_leader"]) == [(DEPUTY, "acting")]
    found = at.look("/v1/compare", **{"from": f"position:{before}", "to": f"position:{at.position}"})["changes"]
    assert found.keys() == {"appointment", "leadership", "membership"}
    assert [row["valid_to"] for row in found["appointment"]["before"]] == [None]
    assert [row["valid_to"] for row in found["appointment"]["after"]] == ["2025-03-04"]
    last = max(found["leadership"]["after"], key=lambda row: row["valid_from"])
    assert (last["person"], last["why"], last["valid_from"]) == (HEAD, "", "2025-03-04")


def what_was_known_then_has_not_changed(at: Organisation) -> None:
    at.on("2025-12-31")
    at.look_again()
