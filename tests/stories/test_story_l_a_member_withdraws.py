"""Story (l): a vanguard member withdraws and her visits are handed over; nobody is told who the petitioners are but who
may see names."""

from __future__ import annotations

from typing import Any

from tests.stories.demonstration import Organisation, holders

SHE, HEIR, NEWCOMER, OTHER = "P086", "P079", "P088", "P050"
FIRST, SECOND, THIRD = "V18", "V39", "V40"
WHO, WHERE = "Granny Lin of the mill", "Mill Lane 3"
BODY = {"person": SHE, "team": "VT"}


def test_a_vanguard_member_withdraws_and_her_visits_are_handed_over(organisation: Organisation):
    a_team_is_formed(organisation)
    she_carries_three_matters(organisation)
    she_visits_and_one_is_closed(organisation)
    before = organisation.position
    she_withdraws(organisation)
    one_is_handed_over_in_time_and_one_late(organisation)
    the_heir_carries_on(organisation)
    what_was_known_then_has_not_changed(organisation, before)
    nobody_is_told_who_it_is(organisation)


def carried(at: Organisation, person: str, **moment: Any) -> list[str]:
    return [each["visit"] for each in at.look(f"/v1/service/people/{person}", **moment)["item"]["visits"]]


def open_visits(at: Organisation, **moment: Any) -> dict[str, tuple[str, str]]:
    items = at.look("/v1/register", kind="visit", within="OC", **moment)["items"]
    return {each["id"]: (each["state"], each["colour"]) for each in items}


def a_team_is_formed(at: Organisation) -> None:
    at.on("2025-03-03")
    team = {"team": "VT", "kind": "vanguard", "name": "Vanguard", "effective": at.today}
    assert at.refused("/v1/service/teams", team) == (403, "access.role")
    at.done("/v1/service/teams", team, role="supervisor")
    join = "/v1/service/teams/VT/join"
    for person, branch in ((SHE, "B4"), (HEIR, "B4"), (OTHER, "B3")):
        at.done(join, {"person": person, "unit": branch, "effective": at.today})
    assert at.refused(join, {"person": OTHER, "unit": "B4", "effective": at.today}) == (422, "service_team.member")
    assert at.refused(join, {"person": "P051", "unit": "B4", "effective": at.today}) == (422, "service_team.belongs")
    at.live("2025-03-05")  # the clock is started


def she_carries_three_matters(at: Organisation) -> None:
    today = {"effective": at.today}
    for number, (visit, name) in enumerate(((FIRST, WHO), (SECOND, "Old Chen"), (THIRD, "Uncle Bo")), 1):
        details = {"name": name, "phone": f"139-0000-000{number}", "address": WHERE}
        at.done("/v1/service/petitioners", {"petitioner": f"X{number}", **details, **today})
        assign = {**BODY, "visit": visit, "petitioner": f"X{number}", "matter": "Land", "received": at.today, **today}
        nobody = assign | {"person": NEWCOMER}
        assert at.refused("/v1/service/visits", nobody) == (422, "service_team.no_member")
        done = at.done("/v1/service/visits", assign)
        due = done["events"][0]["data"]
        assert (due["answer_due"], due["result_due"], due["unit"]) == ("2025-03-14", "2025-06-05", "B4")
    assert carried(at, SHE) == [FIRST, SECOND, THIRD]
    chain = at.chain("visit", FIRST)
    assert holders(chain["business"]["handler"]) == [(SHE, "substantive")]
    assert [person for person, _ in holders(chain["party"]["branch_secretary"])] == ["P085"]


def she_visits_and_one_is_closed(at: Organisation) -> None:
    at.live("2025-03-11")
    make = {"person": SHE, "done": "Listened to her.", "tells": "answer", "effective": at.today}
    for visit in (FIRST, THIRD):
        at.done(f"/v1/service/visits/{visit}/make", make)
    assert at.refused(f"/v1/service/visits/{FIRST}/make", make | {"person": HEIR}) == (422, "visit.not_theirs")
    at.live("2025-03-17")
    assert open_visits(at) == {FIRST: ("open", "green"), SECOND: ("open", "red"), THIRD: ("open", "green")}
    at.done(f"/v1/service/visits/{SECOND}/make", make | {"effective": at.today})
    assert open_visits(at)[SECOND] == ("open", "green")
    close = {"person": SHE, "result": "Paid.", "evidence": ["receipt"], "effective": at.today}
    at.done(f"/v1/service/visits/{THIRD}/close", close)


def she_withdraws(at: Organisation) -> None:
    at.live("2025-04-15")
    path, today = "/v1/service/teams/VT/withdraw", {"effective": at.today}
    assert at.refused(path, {"person": SHE, "successor": NEWCOMER, "notes": "N", **today}) == (
        422,
        "service_team.no_member",
    )
    gone = at.done(path, {"person": SHE, **today})
    assert [each["type"] for each in gone["events"]] == [
        "service_team.member_withdrew",
        "visit.left_behind",
        "visit.left_behind",
    ]
    assert {each["data"].get("due") for each in gone["events"][1:]} == {"2025-04-22"}
    assert at.refused(path, {"person": SHE, **today}) == (422, "service_team.no_member")
    assert (carried(at, SHE), open_visits(at)) == ([], {FIRST: ("left", "green"), SECOND: ("left", "green")})
    make = {"person": SHE, "done": "Once more.", **today}
    assert at.refused(f"/v1/service/visits/{FIRST}/make", make) == (422, "visit.state")


def one_is_handed_over_in_time_and_one_late(at: Organisation) -> None:
    at.live("2025-04-18")
    take = {"person": HEIR, "notes": "All in the file.", "effective": at.today}
    outsider = take | {"person": NEWCOMER}
    assert at.refused(f"/v1/service/visits/{FIRST}/hand-over", outsider) == (422, "service_team.no_member")
    at.done(f"/v1/service/visits/{FIRST}/hand-over", take)
    at.done("/v1/service/teams/VT/join", {"person": NEWCOMER, "unit": "B4", "effective": at.today})
    at.live("2025-04-23")
    assert open_visits(at) == {FIRST: ("open", "green"), SECOND: ("left", "red")}
    late = take | {"person": NEWCOMER, "effective": at.today}
    at.done(f"/v1/service/visits/{SECOND}/hand-over", late)
    assert open_visits(at)[SECOND] == ("open", "green")
    assert (carried(at, HEIR), carried(at, NEWCOMER)) == ([FIRST], [SECOND])


def the_heir_carries_on(at: Organisation) -> None:
    at.live("2025-06-04")
    progress = {"person": HEIR, "done": "Half is paid.", "tells": "progress", "effective": at.today}
    told = at.done(f"/v1/service/visits/{FIRST}/make", progress)["events"][0]["data"]
    assert (told["late"], told["due"], told["result_due"]) == (False, "2025-06-05", "2025-09-04")
    at.live("2025-06-06")
    assert open_visits(at) == {FIRST: ("open", "green"), SECOND: ("open", "red")}
    close = {"person": NEWCOMER, "result": "Paid.", "evidence": ["receipt"], "effective": at.today}
    assert at.done(f"/v1/service/visits/{SECOND}/close", close)["events"][0]["data"]["late"] is True
    shown = at.look(f"/v1/service/visits/{FIRST}")
    acts = ["assigned", "made", "left_behind", "handed_over"]
    assert list(dict.fromkeys(each["act"] for each in shown["acts"])) == acts
    assert (shown["item"]["person"], shown["item"]["made"], shown["petitioner"]["name"]) == (HEIR, 2, WHO)
    assert shown["names"][SHE] == "Handler 7-02"


def what_was_known_then_has_not_changed(at: Organisation, before: int) -> None:
    then = {"as_of": f"position:{before}"}
    assert carried(at, SHE, **then) == [FIRST, SECOND]
    assert open_visits(at, effective_on="2025-04-16") == {FIRST: ("left", "green"), SECOND: ("left", "green")}
    at.look_again()


def nobody_is_told_who_it_is(at: Organisation) -> None:
    at.project()
    paths = [f"/v1/service/visits/{FIRST}", "/v1/service/petitioners/X1", "/v1/service/visits", "/v1/register"]
    for role, asked in (("admin", paths), ("auditor", ["/v1/trail", "/v1/log"])):
        for path in asked:
            answer = at.get(path, role=role)
            assert answer.status_code == 200
            assert not any(secret in answer.get_data(as_text=True) for secret in (WHO, WHERE, "139-0000"))
    assert [each["petitioner"] for each in at.look("/v1/service/petitioners", name="granny")["items"]] == ["X1"]
