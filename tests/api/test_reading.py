"""Reads: what is shown, at which moment, and what a reader need not fetch again."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from api.problems import MEDIA_TYPE
from tests.api.office import MONDAY, Office


@pytest.fixture
def unit_renamed(office: Office) -> Office:
    """A unit that was established on Monday 16 June, and renamed the day after, from Wednesday on."""
    office.adopt_charter()
    office.establish("DCP", "institution")
    office.clock.tick(days=1)
    office.done("/v1/units/DCP/rename", {"name_zh": "新名", "effective": "2025-06-18"})
    return office


def test_what_a_read_shows_is_resolved_and_told(unit_renamed):
    shown = unit_renamed.seen("/v1/units/DCP")
    assert shown["as_of"] == {"position": 4, "recorded_at": "2025-06-17T01:00:03Z"}
    assert shown["effective_on"] == "2025-06-17"
    assert shown["item"]["name_zh"] == "DCP"


@pytest.mark.parametrize(
    ("query", "name", "position", "day"),
    [
        ({"effective_on": "2025-06-18"}, "新名", 4, "2025-06-18"),
        ({"as_of": "position:3", "effective_on": "2025-06-18"}, "DCP", 3, "2025-06-18"),
        ({"as_of": "position:3"}, "DCP", 3, "2025-06-16"),
        ({"as_of": "2025-06-16T23:00:00Z"}, "DCP", 3, "2025-06-17"),  # already Tuesday in Shanghai
        ({"as_of": "2025-06-17T09:00:03+08:00", "effective_on": "2025-06-18"}, "新名", 4, "2025-06-18"),
        ({"as_of": "2025-06-17T01:00:02.999Z", "effective_on": "2025-06-18"}, "DCP", 3, "2025-06-18"),
    ],
)
def test_a_read_shows_what_was_known_then_of_that_day(unit_renamed, query, name, position, day):
    shown = unit_renamed.seen("/v1/units/DCP", **query)
    assert (shown["item"]["name_zh"], shown["as_of"]["position"], shown["effective_on"]) == (name, position, day)


def test_a_plus_sign_that_was_not_escaped_is_still_an_offset(unit_renamed):
    unit_renamed.project()
    path = "/v1/units/DCP?as_of=2025-06-17T09:00:03+08:00"
    assert unit_renamed.client.get(path, headers=unit_renamed.bearer("auditor")).json["as_of"]["position"] == 4


def test_what_was_not_known_then_is_not_found(unit_renamed):
    unit_renamed.project()
    response = unit_renamed.get("/v1/units/DCP", as_of="position:2")
    assert (response.status_code, response.json["code"]) == (404, "unit.unknown")


@pytest.mark.parametrize(
    "as_of", ["position:99", "2031-01-01T00:00:00Z", "yesterday", "2025-02-30T00:00:00Z", "position:-1"]
)
def test_a_moment_that_has_not_come_or_is_none_is_refused(unit_renamed, as_of):
    unit_renamed.project()
    response = unit_renamed.get("/v1/units", as_of=as_of)
    assert (response.status_code, response.content_type) == (422, MEDIA_TYPE)
    assert response.json["pointers"][0]["parameter"] == "as_of"


def test_a_reader_who_has_seen_it_is_told_so(unit_renamed):
    unit_renamed.project()
    first = unit_renamed.get("/v1/units")
    again = unit_renamed.get("/v1/units", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["Resonance-Position"] == first.headers["Resonance-Position"] == "4"
    unit_renamed.establish("LG", "leading_group", None, "2025-06-17")
    unit_renamed.project()
    changed = unit_renamed.get("/v1/units", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert [unit["unit"] for unit in changed.json["items"]] == ["DCP", "LG"]


def test_what_was_shown_of_the_past_stays_the_same_for_ever(unit_renamed):
    unit_renamed.project()
    first = unit_renamed.get("/v1/units", as_of="position:3")
    unit_renamed.establish("LG", "leading_group", None, "2025-06-17")
    unit_renamed.project()
    again = unit_renamed.get("/v1/units", as_of="position:3", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_reader_waits_for_what_they_wrote(unit_renamed):
    unit_renamed.project()
    unit_renamed.establish("LG", "leading_group", None, "2025-06-17")
    projecting = threading.Thread(target=unit_renamed.project)
    projecting.start()
    response = unit_renamed.get("/v1/units/LG", headers={"Prefer": "wait=10"})
    projecting.join()
    assert response.status_code == 200
    assert response.headers["Resonance-Position"] == "5"
    assert response.headers["Preference-Applied"] == "wait"


def test_who_waits_in_vain_gets_what_is_there(unit_renamed):
    unit_renamed.project()
    unit_renamed.establish("LG", "leading_group", None, "2025-06-17")
    response = unit_renamed.get("/v1/units", headers={"Prefer": "wait=0"})
    assert (response.status_code, response.headers["Resonance-Position"]) == (200, "4")


def test_who_has_what_they_wait_for_does_not_wait_for_more(unit_renamed):
    unit_renamed.project()
    unit_renamed.establish("LG", "leading_group", None, "2025-06-17")
    began = datetime.now(UTC)
    response = unit_renamed.get("/v1/units", headers={"Prefer": "respond-async, wait=10", "Resonance-Wait-For": "4"})
    assert response.status_code == 200
    assert (datetime.now(UTC) - began).total_seconds() < 5


def test_a_position_that_the_facts_have_not_reached_is_not_passed_off_as_another(unit_renamed):
    unit_renamed.project()
    unit_renamed.establish("LG", "leading_group", None, "2025-06-17")
    response = unit_renamed.get("/v1/units", as_of="position:5")
    assert (response.status_code, response.json["code"]) == (503, "facts.behind")
    assert response.headers["Retry-After"] == "1"


def test_before_the_projector_ran_there_is_nothing_to_show(office):
    response = office.get("/v1/units")
    assert (response.status_code, response.json["code"]) == (503, "facts.building")


def test_pages_go_on_at_the_moment_of_the_first(office):
    office.adopt_charter()
    for number in range(5):
        office.establish(f"U{number}", "institution")
    office.project()
    first = office.get("/v1/units", limit=2)
    assert f'<{first.json["next"]}>; rel="next"' == first.headers["Link"]
    office.establish("U9", "institution")
    office.project()
    seen, address = [unit["unit"] for unit in first.json["items"]], first.json["next"]
    while address:
        page = office.client.get(address, headers=office.bearer("auditor")).json
        assert page["as_of"] == first.json["as_of"]
        seen += [unit["unit"] for unit in page["items"]]
        address = page["next"]
    assert seen == ["U0", "U1", "U2", "U3", "U4"]


def test_names_are_shown_to_those_who_may_see_them(office):
    with_a_person(office)
    assert office.seen("/v1/people/P001", role="leader")["item"]["name"] == "Zhang San"
    hidden = office.seen("/v1/people/P001", role="admin")["item"]
    assert (hidden["name"], hidden["phone"], hidden["erased"]) == (None, None, False)


def test_what_was_erased_is_shown_as_erased(office):
    with_a_person(office)
    office.resonance.keys.erase("P001")
    item = office.seen("/v1/people")["items"][0]
    assert (item["person"], item["name"], item["erased"]) == ("P001", None, True)


def test_people_are_found_by_a_part_of_their_name(office):
    with_a_person(office)
    assert [each["person"] for each in office.seen("/v1/people", name="SAN")["items"]] == ["P001"]
    assert office.seen("/v1/people", name="nobody")["items"] == []
    assert office.get("/v1/people", role="admin", name="SAN").status_code == 403


def test_a_name_of_the_past_is_shown_in_the_past(office):
    with_a_person(office)
    office.done("/v1/people/P001/details", {"name": "Zhang Si"})
    assert office.seen("/v1/people/P001")["item"]["name"] == "Zhang Si"
    assert office.seen("/v1/people/P001", as_of="position:3")["item"]["name"] == "Zhang San"


def test_answers_are_kept_by_nobody_else_and_names_by_nobody(office):
    with_a_person(office)
    office.project()
    assert office.get("/v1/units").headers["Cache-Control"] == "private, no-cache"
    assert office.get("/v1/people").headers["Cache-Control"] == "no-store"
    assert office.get("/v1/people", role="admin").headers["Cache-Control"] == "private, no-cache"


def with_a_person(office: Office) -> None:
    office.adopt_charter()
    person = {"person": "P001", "personnel_class": "prosecutor", "name": "Zhang San", "phone": "138"}
    office.done("/v1/people", person | {"effective": MONDAY.date().isoformat()})
