"""Whether case teams are composed as their form wants, and who answers for them: at any moment."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from projections.views import Moment
from projections.views.case_teams import Making, case_team, makings
from projections.views.chain import chain
from projections.views.line import Line
from projections.views.register import Asked, register, rolled_up
from tests.projections.office import CHARTER, History, facts_of, there
from tests.workflow.case_teams.known import (
    AIDE,
    CHIEF,
    DAY,
    DEPUTY,
    GROUP_LEADER,
    HEAD,
    LATER,
    LEAD,
    PLACE,
    SECOND,
    T1,
    THIRD,
    change_lead,
    declare,
    form,
    join,
)
from tests.workflow.case_teams.test_forming import ALONE
from tests.workflow.case_teams.test_moving import link
from tests.workflow.indicators.known import holds, post
from workflow.organisation.events import PersonLeft, PersonnelClassChanged

JULY = date(2025, 7, 1)


def a_history() -> History:
    """P3 and P4 are handlers of G3; then P3, who leads, is recused, P5 joins and leads."""
    history = History(*PLACE, post("G3-H1", "G3", "handler"), post("G3-H2", "G3", "handler"))
    history.facts += [holds(LEAD, "G3-H1", "G3"), holds(THIRD, "G3-H2", "G3")]
    history.then(form(), DAY)
    history.then(link(), LATER)
    history.then(declare(LEAD), LATER)
    return history


def mended(history: History) -> History:
    history.then(join(), LATER)
    history.then(change_lead(THIRD), LATER)
    return history


def making(connection: Connection, day: date, position: int | None = None) -> Making:
    moment = Moment(position, day)
    return makings(connection, moment, [there(case_team(connection, moment, T1))])[T1]


def test_a_team_from_which_somebody_is_recused_is_shown_broken_until_others_join(database_url):
    broken = a_history()
    then, history = broken.position, mended(broken)
    with facts_of(database_url, history) as connection:
        assert making(connection, DAY).flaws == []
        found = making(connection, LATER, then)
        assert (found.flaws, found.lead, found.colour) == (["handler.at_least", "lead"], None, "red")
        assert {place.role: place.members for place in found.places if place.members} == {
            "handler": [SECOND],
            "assistant": [AIDE],
        }
        now = making(connection, LATER)
        assert (now.flaws, now.lead, now.lead_by, now.colour) == ([], THIRD, "chief", "green")


def test_who_left_service_or_changed_class_takes_up_no_place_from_that_day_on(database_url):
    history = mended(a_history())
    history.facts += [PersonLeft(THIRD, JULY), PersonnelClassChanged(SECOND, "admin", JULY)]
    with facts_of(database_url, history) as connection:
        assert making(connection, date(2025, 6, 30)).flaws == []
        found = making(connection, JULY)
        assert (found.unfit, found.lead, found.flaws) == ([SECOND, THIRD], None, ["handler.at_least", "lead"])


def test_a_broken_team_stands_in_the_register_and_colours_its_unit(database_url):
    broken = a_history()
    then, history = broken.position, mended(broken)
    with facts_of(database_url, history) as connection:

        def listed(position: int | None, barred: frozenset[str] = frozenset(), **asked: str) -> list[tuple[str, ...]]:
            found = register(connection, Moment(position, LATER, barred), Asked(**asked), kind="case_team").items
            return [(each.id, each.unit, each.about, each.colour, each.state) for each in found]

        item = ("T1", "G3", "case_team", "red", "broken")
        assert listed(then) == listed(then, unit="G3") == listed(then, within="I", colour="red") == [item]
        assert listed(then, unit="G4") == listed(then, colour="yellow") == listed(None) == []
        assert listed(then, frozenset(("case-team:T1",))) == []
        colours = [
            rolled_up(connection, Moment(then, LATER, frozenset(barred)), "I") for barred in ((), ("case-team:T1",))
        ]
        assert colours == ["red", "green"]
        assert rolled_up(connection, Moment(None, LATER), "I") == "green"


def test_the_register_goes_on_after_a_team(url):
    history = a_history()
    second = form(case_team="T2", members=(SECOND, THIRD), roles=("handler", "handler"), lead=THIRD, effective=LATER)
    history.then(second, LATER)
    history.then(declare(THIRD, case_team="T2"), LATER)
    with facts_of(url, history) as connection:
        moment = Moment(None, LATER)
        first = register(connection, moment, Asked(), kind="case_team", limit=1)
        rest = register(connection, moment, Asked(), kind="case_team", limit=1, after=first.after or "")
        assert [each.id for each in (*first.items, *rest.items)] == ["T1", "T2"]
        assert rest.after is None


def answering(line: Line) -> list[tuple[str, list[str]]]:
    return [(step.level, [holder.person for holder in step.holders]) for step in line.steps]


def test_the_chain_of_a_team_goes_up_from_who_leads_and_its_overlay_stands_apart(database_url):
    with facts_of(database_url, mended(a_history())) as connection:
        found = there(chain(connection, Moment(None, LATER), "case-team", T1, CHARTER))
    (of_lead,) = found.chains
    business, party = of_lead.lines
    assert answering(business) == [
        ("handler", [THIRD]),
        ("department_head", [HEAD]),
        ("deputy_in_charge", [DEPUTY]),
        ("chief", [CHIEF]),
    ]
    assert [level for level, _ in answering(party)][:2] == ["group_leader", "branch_secretary"]
    (overlay,) = found.overlays
    assert [line.line for line in overlay.lines] == ["party"]
    assert answering(overlay.lines[0])[0] == ("group_leader", [GROUP_LEADER])
    assert there(found.case_team).overlays == ("PG3",)
    assert found.details.keys() >= {THIRD, GROUP_LEADER}


def test_the_chain_of_a_team_without_its_lead_is_broken_and_says_why(url):
    with facts_of(url, a_history()) as connection:
        found = there(chain(connection, Moment(None, LATER), "case-team", T1, CHARTER))
        assert (found.broken, found.flaws) == (True, ["handler.at_least", "lead"])
        assert answering(found.chains[0].lines[0])[0][0] == "department_head"
        assert chain(connection, Moment(None, LATER, frozenset(("case-team:T1",))), "case-team", T1, CHARTER) is None
        assert chain(connection, Moment(None, LATER), "case-team", "T9", CHARTER) is None


def test_the_chain_of_who_handles_alone_goes_up_from_them(url):
    history = History(*PLACE, post("G3-H1", "G3", "handler"))
    history.facts.append(holds(LEAD, "G3-H1", "G3"))
    history.then(form(**ALONE), DAY)
    with facts_of(url, history) as connection:
        found = there(chain(connection, Moment(None, DAY), "case-team", T1, CHARTER))
    assert answering(found.chains[0].lines[0])[0] == ("handler", [LEAD])
    assert found.overlays == []
