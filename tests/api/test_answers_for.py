"""A person's page of duties through HTTP: at a moment, for who may see it, with names for who may see those."""

from __future__ import annotations

from tests.api.casework import DAY, LEAD, OLD, STAR, TEAM, UNIT, peopled, worked
from tests.api.office import Office

PAGE = f"/v1/people/{LEAD}/answers-for"


def test_a_page_shows_what_was_known_and_held_at_its_moment(desk: Office):
    peopled(desk)
    before = desk.resonance.log.head().position
    worked(desk)
    now = desk.seen(PAGE)
    (work,) = now["item"]["case_teams"]["items"]
    assert (work["case_team"]["case_team"], work["role"], work["leads"]) == (TEAM, "handler", False)
    assert [each["honour"] for each in now["item"]["honours"]["items"]] == [STAR]
    then = desk.seen(PAGE, as_of=f"position:{before}", effective_on=DAY)
    assert then["item"]["case_teams"] == then["item"]["honours"] == {"items": [], "left_out": 0}
    levels = [(each["level"], each["unit"]["unit"]) for each in then["item"]["held"]["levels"]["items"]]
    assert levels == [("handler", UNIT)]
    earlier = desk.seen(PAGE, effective_on=OLD)["item"]["case_teams"]["items"]
    assert earlier == []


def test_names_are_for_who_may_see_them(desk: Office):
    peopled(desk)
    shown, hidden = desk.seen(PAGE), desk.seen(PAGE, role="admin")
    assert (shown["person"]["name"], shown["names"]) == (f"N{LEAD}", {LEAD: f"N{LEAD}"})
    assert (hidden["person"]["name"], hidden["names"]) == (None, {})
    assert hidden["item"] == shown["item"]


def test_of_nobody_there_is_no_page(desk: Office):
    peopled(desk)
    desk.project()
    refused = desk.get("/v1/people/P404/answers-for")
    assert (refused.status_code, (refused.json or {})["code"]) == (404, "person.unknown")
    assert desk.get(PAGE, as_of="position:3").status_code == 404
