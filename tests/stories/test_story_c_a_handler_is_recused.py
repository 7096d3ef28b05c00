"""Story (c): a handler of G3 is recused, the team re-forms; and from that moment she sees nothing of the case."""

from __future__ import annotations

from typing import Any

from tests.stories.demonstration import Organisation, holders

CHIEF, LEAD, RECUSED, THIRD, INSTEAD, HEAD = "P001", "P033", "P035", "P034", "P037", "P030"
TEAM, REFERENCE = "T2", "DCP-2025-0107"
ONE = f"/v1/case-teams/{TEAM}"
HER, HIS = "handler-3-03", "handler-3-05"


def test_a_handler_is_recused_and_the_team_re_forms(organisation: Organisation):
    at = organisation
    for user, person in ((HER, RECUSED), (HIS, INSTEAD)):
        at.tokens[user] = at.resonance.tokens.issue(user, "recorder", person).token
    the_team_is_formed(at)
    formed = at.position
    she_works_in_it(at)
    kept = at.get(ONE, role=HER, as_of=f"position:{formed}").headers["ETag"]
    she_declares_to_be_recused(at)
    recused = at.position
    she_sees_nothing_of_it_any_more(at, formed, kept)
    the_team_is_broken_and_stands_in_the_register(at)
    it_re_forms(at)
    the_past_is_told_as_it_was_known(at, formed, recused)
    at.look_again()
    the_recusal_is_lifted_by_two_persons(at)


def the_team_is_formed(at: Organisation) -> None:
    at.on("2025-03-03")
    team = {
        "case_team": TEAM,
        "unit": "G3",
        "form": "task_force",
        "case_reference": REFERENCE,
        "members": [LEAD, THIRD, RECUSED, "P038"],
        "roles": ["handler", "handler", "handler", "assistant"],
        "lead": LEAD,
        "named_by": HEAD,
        "effective": at.today,
    }
    assert at.refused("/v1/case-teams", team) == (422, "case_team.named_by")
    facts_of_the_case = team | {"named_by": CHIEF, "case_reference": "The baker's stolen car"}
    assert at.refused("/v1/case-teams", facts_of_the_case) == (422, "id.malformed")
    at.done("/v1/case-teams", team | {"named_by": CHIEF})
    shown = at.look(ONE)
    assert (shown["item"]["lead"], shown["making"]["flaws"]) == (LEAD, [])


def she_works_in_it(at: Organisation) -> None:
    at.on("2025-03-10")
    at.done(f"{ONE}/stage", {"stage": "accepted", "effective": at.today}, role=HER)
    at.done(f"{ONE}/link", {"overlay": "PG3", "effective": at.today})
    assert at.seen(ONE, role=HER)["item"]["stage"] == "accepted"
    assert at.get("/v1/log", role=HER).status_code == 403  # it is for inspectors


def she_declares_to_be_recused(at: Organisation) -> None:
    at.on("2025-04-10")
    declared = {"person": RECUSED, "ground": "kinship", "effective": at.today}
    told = at.done(f"{ONE}/recusals/declare", declared, role=HER)
    assert [event["type"] for event in told["events"]] == ["recusal.declared", "case_team.member_left"]
    assert "kinship" not in str(told)


def she_sees_nothing_of_it_any_more(at: Organisation, formed: int, kept: str) -> None:
    """At once, whether or not the facts have come so far; of the past too; and nothing of hers counts any more."""
    then = {"as_of": f"position:{formed}"}
    for projected in (False, True):
        if projected:
            at.project()
        moments: tuple[dict[str, Any], ...] = ({}, then)
        for query in moments:
            for path in (ONE, f"/v1/chain/case-team/{TEAM}"):
                answer = at.get(path, role=HER, headers={"If-None-Match": kept}, **query)
                assert (answer.status_code, answer.json["code"]) == (404, "case_team.unknown")  # type: ignore[index]
        for path, query in everywhere(at, formed):
            hers, his = (at.get(path, role=user, **query) for user in (HER, HIS))
            assert not mentions(hers), (path, query)
            # What the facts have not reached yet is shown to nobody.
            assert mentions(his) or not projected, (path, query)
    join = {"person": RECUSED, "role": "handler", "effective": at.today}
    assert at.refused(f"{ONE}/join", join) == (422, "case_team.recused")
    handed = {"giver": LEAD, "receiver": RECUSED, "items": ["files"], "effective": at.today}
    assert at.refused(f"{ONE}/hand-over", handed) == (422, "case_team.recused")
    lead = {"lead": RECUSED, "named_by": CHIEF, "effective": at.today, "reason": "decided"}
    assert at.refused(f"{ONE}/lead", lead) == (422, "case_team.recused")
    for name, body in (("join", join), ("hand-over", handed), ("lead", lead), ("dissolve", {"effective": at.today})):
        assert at.refused(f"{ONE}/{name}", body, role=HER) == (404, "case_team.unknown")


def everywhere(at: Organisation, formed: int) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = [("/v1/case-teams", query) for query in ({}, {"person": LEAD})]
    found += [("/v1/register", {"kind": "case_team"}), ("/v1/compare", {"from": f"position:{formed - 1}"})]
    found += [("/v1/trail", {"tag": tag}) for tag in (f"case-team:{TEAM}", f"person:{RECUSED}", f"person:{LEAD}")]
    found += [("/v1/trail", {"type": "case_team.formed"}), ("/v1/trail", {"order": "newest"})]
    found += [(f"/v1/events/{n}{rest}", {}) for n in range(formed, at.position + 1) for rest in ("", "/changes")]
    return found


def mentions(response: Any) -> bool:
    told = f"{response.headers} {response.get_data(as_text=True)}"
    return REFERENCE in told or f'"{TEAM}"' in told or f"case-team:{TEAM}" in told


def the_team_is_broken_and_stands_in_the_register(at: Organisation) -> None:
    shown = at.look(ONE)
    assert (shown["making"]["flaws"], shown["making"]["colour"]) == (["handler.at_least"], "red")
    (item,) = at.look("/v1/register", unit="G3", kind="case_team")["items"]
    assert (item["id"], item["colour"], item["state"]) == (TEAM, "red", "broken")
    assert not mentions(at.get("/v1/register", role=HER, unit="G3"))
    chain = at.look(f"/v1/chain/case-team/{TEAM}")
    assert (chain["broken"], chain["flaws"]) == (True, ["handler.at_least"])
    (overlay,) = chain["overlays"]
    assert [line["line"] for line in overlay["lines"]] == ["party"]


def it_re_forms(at: Organisation) -> None:
    at.on("2025-04-11")
    at.done(f"{ONE}/join", {"person": INSTEAD, "role": "handler", "effective": at.today})
    shown = at.look(ONE)
    assert shown["making"]["flaws"] == []
    assert sorted(shown["item"]["members"]) == [LEAD, THIRD, INSTEAD, "P038"]
    assert [act["act"] for act in shown["acts"]][-3:] == ["recused", "recused", "joined"]
    lines = at.chain("case-team", TEAM)
    assert not lines["business"]["broken"]
    assert [holders(lines["business"][level])[0][0] for level in ("handler", "department_head", "chief")] == [
        LEAD,
        HEAD,
        CHIEF,
    ]
    assert at.look("/v1/register", unit="G3", kind="case_team")["items"] == []
    assert not mentions(at.get("/v1/case-teams", role=HER, person=INSTEAD))


def the_past_is_told_as_it_was_known(at: Organisation, formed: int, recused: int) -> None:
    assert RECUSED in at.look(ONE, as_of=f"position:{formed}")["item"]["members"]
    broken = at.look(ONE, as_of=f"position:{recused}", effective_on="2025-04-10")
    assert broken["making"]["flaws"] == ["handler.at_least"]
    assert RECUSED in at.look(ONE, effective_on="2025-04-09")["item"]["members"]
    assert RECUSED not in at.look(ONE, effective_on="2025-04-10")["item"]["members"]


def the_recusal_is_lifted_by_two_persons(at: Organisation) -> None:
    at.on("2025-06-02")
    lift = {"person": RECUSED, "effective": at.today, "reason": "The relative is no party to the case any more."}
    assert at.refused(f"{ONE}/recusals/lift", lift, role="supervisor") == (422, "recusal.second_person")
    at.done(f"{ONE}/recusals/lift", lift, role="supervisor", second="leader")
    shown = at.seen(ONE, role=HER)
    assert RECUSED not in shown["item"]["members"]
    at.done(f"{ONE}/join", {"person": RECUSED, "role": "handler", "effective": at.today}, role=HER)
    assert RECUSED in at.seen(ONE, role=HER)["item"]["members"]
