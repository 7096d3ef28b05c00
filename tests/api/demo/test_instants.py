"""The demonstration as of two instants: people's pages of duties, chains of anything, a case team's history, and the
tree of brands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.demo.procuratorate import service
from api.demo.procuratorate.case_teams import INSTEAD, RECUSED, RECUSED_ON, RECUSED_TEAM, REFORMED_ON, TEAMS
from api.demo.procuratorate.demonstration import LAST_DAY
from api.demo.procuratorate.mentoring import PAIRS, Pair
from api.demo.procuratorate.organisation import people
from api.settings import Settings
from api.wiring import bootstrap
from projections.views.chain import KINDS
from tests.api.loaded import envelopes
from tests.api.office import Clock, Office
from workflow.brands.events import BrandListed, BrandRetired
from workflow.entry import Envelope
from workflow.service.visits.events import VisitHandedOver

DAY = timedelta(days=1)
ONE_TEAM = f"/v1/case-teams/{RECUSED_TEAM}"


@pytest.fixture(scope="module")
def office(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Somebody at the demonstration's desk, who has a token."""
    folder = tmp_path_factory.mktemp("instants") / "demonstration"
    shutil.copytree(demonstration, folder)
    clock = Clock()
    clock.at = datetime.combine(LAST_DAY + DAY, time(1), UTC)
    with bootstrap(Settings.read({"RESONANCE_VAR": str(folder)}), now=clock) as wired:
        office = Office(wired, clock)
        office.tokens["recused"] = wired.tokens.issue("recused", "supervisor", RECUSED).token
        yield office


@pytest.fixture(scope="module")
def history(office: Office) -> list[Envelope]:
    return envelopes(office.resonance)


def at_end_of(day: date) -> dict[str, str]:
    """What was known at the end of a day."""
    return {"as_of": f"{day}T23:59:59+08:00"}


def answer(office: Office, path: str, **query: Any) -> Any:
    response = office.get(path, **query)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.json


def page(office: Office, person: str, day: date, **more: Any) -> Any:
    return answer(office, f"/v1/people/{person}/answers-for", **at_end_of(day), **more)["item"]


def test_everybody_has_a_page_of_what_they_answer_for(office: Office):
    day = at_end_of(date(2025, 6, 18))
    for each in people():
        shown = answer(office, f"/v1/people/{each.id}/answers-for", **day)
        assert (shown["person"]["person"], shown["names"][each.id]) == (each.id, shown["person"]["name"])
        posts = [held["appointment"]["post"] for held in shown["item"]["held"]["posts"]["items"]]
        assert posts or each.id == "P083", each.id  # she is away
        assert shown["effective_on"] == "2025-06-18"


def test_a_model_person_leads_other_mentees_half_a_year_later(office: Office):
    for day in (date(2024, 12, 20), date(2025, 6, 20)):
        mentoring = page(office, "P031", day)["mentoring"]
        led = {each["mentee"] for each in mentoring["leads"]["items"]}
        running = {each.mentee for each in PAIRS if each.mentor == "P031" and each.since <= day < ends(each)}
        assert led == running
        assert len(led) >= 2
        assert [each["kind"] for each in mentoring["models"]["items"]] == ["key_handler"]
    learns = page(office, "P036", date(2025, 6, 20))["mentoring"]["learns"]["items"]
    assert [each["mentor"] for each in learns] == ["P031"]


def ends(pair: Pair) -> date:
    return min(day for day in (pair.ran_until, pair.extended_to or pair.until) if day is not None)


def test_a_members_visits_are_hers_until_she_withdraws_and_then_those_of_her_heirs(office: Office, history):
    def carried(person: str, day: date) -> set[str]:
        return {each["visit"] for each in page(office, person, day)["service"]["visits"]["items"]}

    handed = {each.event.visit: each.event.person for each in history if isinstance(each.event, VisitHandedOver)}
    before, after = service.WITHDRAWN - DAY, service.TAKEN_OVER
    assert carried(service.LEAVER, before) >= set(handed)
    assert carried(service.LEAVER, service.WITHDRAWN) == carried(service.LEAVER, after) == set()
    assert set(handed.values()) == set(service.HEIRS)
    for visit, heir in handed.items():
        assert visit in carried(heir, after) - carried(heir, before)
    assert [page(office, service.LEAVER, day)["service"]["teams"]["items"] == [] for day in (before, after)] == [
        False,
        True,
    ]


def test_who_acts_for_a_head_answers_for_the_department_as_long_as_she_is_away(office: Office):
    head, deputy = "P083", "P084"

    def headed(person: str, day: date) -> list[tuple[str, str, bool]]:
        heads = page(office, person, day)["held"]["heads"]["items"]
        return [(each["unit"]["unit"], each["by"]["kind"], each["by"]["acting"]) for each in heads]

    for day in (date(2025, 2, 20), date(2025, 8, 1)):
        assert headed(head, day) == [("G7", "substantive", False), ("PG7", "ex_officio", False)]
        assert headed(deputy, day) == []
    assert headed(head, date(2025, 4, 15)) == []
    assert headed(deputy, date(2025, 4, 15)) == [("G7", "acting", True), ("PG7", "ex_officio", True)]
    # What was known then of the day when she would be back; and now, of the day when she was away.
    assert headed(deputy, date(2025, 4, 15)) != headed(deputy, date(2025, 2, 20))
    away = answer(office, f"/v1/people/{deputy}/answers-for", effective_on="2025-04-15")["item"]
    assert [each["unit"]["unit"] for each in away["held"]["heads"]["items"]] == ["G7", "PG7"]
    levels = {(each["line"], each["level"]) for each in away["held"]["levels"]["items"]}
    assert levels >= {("business", "department_head"), ("party", "group_leader")}


def test_who_is_recused_is_in_the_team_no_more_and_sees_it_on_nobodys_page(office: Office):
    def teams(person: str, day: date, role: str = "supervisor") -> dict[str, bool]:
        work = page(office, person, day, role=role)["case_teams"]["items"]
        return {each["case_team"]["case_team"]: each["leads"] for each in work}

    lead = next(team for team in TEAMS if team.id == RECUSED_TEAM).handlers[0]
    before, after = RECUSED_ON - DAY, REFORMED_ON
    assert RECUSED_TEAM in teams(RECUSED, before)
    assert RECUSED_TEAM not in teams(RECUSED, RECUSED_ON)
    assert (RECUSED_TEAM in teams(INSTEAD, before), RECUSED_TEAM in teams(INSTEAD, after)) == (False, True)
    assert teams(lead, before)[RECUSED_TEAM] is True
    for day in (before, after):
        for person in (RECUSED, INSTEAD, lead):
            assert RECUSED_TEAM not in teams(person, day, role="recused")


@pytest.mark.parametrize("kind", KINDS)
def test_the_chain_of_anything_is_that_of_the_instant(office: Office, history, kind: str):
    """Before it was there, there is none; from then on there is one, and it is told the same for ever."""
    told = [(n, each) for n, each in enumerate(history, 1) if kind != "brand" or each.type == BrandListed.TOPIC]
    tagged = ((tag, n) for n, each in told for tag in each.tags.split())
    tag, first = next((tag, n) for tag, n in tagged if tag.startswith(f"{kind}:"))
    path = f"/v1/chain/{kind}/{tag.partition(':')[2]}"
    assert office.get(path, as_of=f"position:{first - 1}").status_code == 404
    then = answer(office, path, as_of=f"position:{first}")
    now = answer(office, path, as_of=f"position:{len(history)}", effective_on=then["effective_on"])
    assert then["as_of"]["position"] < now["as_of"]["position"]
    assert answer(office, path, as_of=f"position:{first}") == then
    assert (then["kind"], then["id"]) == (now["kind"], now["id"])
    if kind != "person":  # who is registered first of all, and gets a post and a membership later
        assert all(chain["lines"] for chain in then["chains"])
    assert all(chain["lines"] for chain in now["chains"])
    assert now["chains"]


def test_a_case_teams_history_goes_as_far_as_the_instant(office: Office):
    early, late = (answer(office, ONE_TEAM, **at_end_of(day)) for day in (RECUSED_ON - DAY, REFORMED_ON))
    assert late["acts"][: len(early["acts"])] == early["acts"]
    assert {"recused", "joined"} <= {each["act"] for each in late["acts"][len(early["acts"]) :]}
    assert (early["recusals"], [each["person"] for each in late["recusals"]]) == ([], [RECUSED])
    assert [RECUSED in each["item"]["members"] for each in (early, late)] == [True, False]
    assert [INSTEAD in each["item"]["members"] for each in (early, late)] == [False, True]


def test_the_tree_of_brands_is_that_of_the_instant(office: Office, history):
    listed = [each for each in history if isinstance(each.event, BrandListed)]
    (retired,) = [each for each in history if isinstance(each.event, BrandRetired)]
    root = listed[0].event.brand

    def tree(**query: Any) -> set[str]:
        found, below = set(), [answer(office, f"/v1/brands/{root}/tree", **query)["tree"]]
        while below:
            node = below.pop()
            found.add(node["brand"]["brand"])
            below += node["below"]
        return found

    first, last = history.index(listed[0]) + 1, history.index(retired) + 1
    assert tree(as_of=f"position:{first}") == {root}
    gone = retired.event.effective
    before = tree(as_of=f"position:{last - 1}", effective_on=str(gone - DAY))
    after = tree(as_of=f"position:{last}", effective_on=str(gone))
    assert before - after == {retired.event.brand}
    assert before > {root}
    acts = [
        [each["act"] for each in answer(office, f"/v1/brands/{retired.event.brand}", as_of=f"position:{n}")["acts"]]
        for n in (last - 1, last)
    ]
    assert acts[1] == [*acts[0], "retired"]
