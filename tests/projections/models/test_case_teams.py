"""The facts of case teams on a real history: rebuilt, and on either database, they are the same."""

from __future__ import annotations

from datetime import date

from projections.history import changes
from projections.models import MODELS
from projections.views import Moment
from projections.views.case_teams import acts, case_team, case_teams, handovers, interferences, recusals, teams_of
from tests.projections.office import History, digests_of, facts_of, rebuilt_the_same, there
from tests.workflow.case_teams.known import (
    AIDE,
    CHIEF,
    DAY,
    LATER,
    LEAD,
    PLACE,
    SECOND,
    T1,
    THIRD,
    change_lead,
    declare,
    form,
    hand_over,
    join,
    leave,
    lift,
    order,
)
from tests.workflow.case_teams.test_moving import interfered, link, reach
from workflow.case_teams.forming import DissolveCaseTeam
from workflow.case_teams.moving import UnlinkOverlay
from workflow.ids import UnitId

LAST = date(2025, 6, 12)


def a_history() -> History:
    """P4 is recused and P5 joins; P3 hands over to P5; then the recusal is lifted, another ordered, and it ends."""
    history = History(*PLACE)
    history.then(form(), DAY)
    first = link(), reach("accepted"), interfered(), declare(), join(), hand_over(receiver=THIRD)
    for command in (*first, change_lead(THIRD), leave(AIDE), lift(), join(SECOND), order(LEAD, CHIEF)):
        history.then(command, LATER)
    history.then(UnlinkOverlay(case_team=T1, overlay=UnitId("PG3"), effective=LATER), LATER)
    history.then(DissolveCaseTeam(case_team=T1, effective=LAST), LAST)
    return history


def test_a_rebuild_beside_gives_the_same_facts_as_those_that_were_followed(database_url):
    assert rebuilt_the_same(database_url, a_history())


def test_both_databases_have_the_same_facts_at_every_position(url, fresh_postgres_url):
    history = a_history()
    assert digests_of(url, history) == digests_of(fresh_postgres_url, history)


def test_each_event_changes_the_facts_that_it_is_about(url):
    history = a_history()
    with facts_of(url, history) as connection:
        changed = {
            fact.TOPIC: set(changes(connection, MODELS, position)) for position, fact in enumerate(history.facts, 1)
        }
    prefixes = ("case_team.", "recusal.", "interference.")
    both, recusal = {"case_team", "case_team_member"}, {"case_team", "case_team_recusal"}
    assert {topic: tables for topic, tables in changed.items() if topic.startswith(prefixes)} == {
        "case_team.formed": both,
        "case_team.dissolved": both,
        "case_team.member_joined": both,
        "case_team.member_left": both,
        "case_team.handed_over": {"case_team", "case_team_handover"},
        "case_team.lead_changed": {"case_team", "case_team_handover"},
        "case_team.stage_reached": {"case_team"},
        "case_team.overlay_linked": {"case_team"},
        "case_team.overlay_unlinked": {"case_team"},
        "recusal.declared": recusal,
        "recusal.ordered": recusal,
        "recusal.lifted": recusal,
        "interference.recorded": {"case_team_interference"},
    }


def test_members_are_those_of_the_day_and_of_what_was_known(database_url):
    history = a_history()
    with facts_of(database_url, history) as connection:
        first, second = (
            dict.fromkeys((LEAD, SECOND), "handler") | {AIDE: "assistant"},
            dict.fromkeys((THIRD, SECOND), "handler"),
        )
        assert there(case_team(connection, Moment(None, DAY), T1)).members == first
        then = there(case_team(connection, Moment(None, LATER), T1))
        assert (then.members, then.lead, then.stage, then.overlays) == (second, THIRD, "accepted", ())
        before = history.facts.index(next(f for f in history.facts if f.TOPIC == "recusal.declared"))
        known = there(case_team(connection, Moment(before, LATER), T1))
        assert (known.members, known.lead, known.overlays) == (first, LEAD, ("PG3",))
        assert there(case_team(connection, Moment(None, LAST), T1)).state == "dissolved"


def test_a_team_is_shown_after_each_act_and_no_interference_is_one(url):
    with facts_of(url, a_history()) as connection:
        told = [each.act for each in acts(connection, Moment(None, LAST), T1)]
        assert told == [
            "formed",
            "linked",
            "stage",
            "recused",
            "recused",
            "joined",
            "handed_over",
            "lead",
            "left",
            "lifted",
            "joined",
            "recused",
            "recused",
            "unlinked",
            "dissolved",
        ]
        (handover,) = handovers(connection, Moment(None, LAST), T1)
        assert (handover.giver, handover.receiver, handover.items, handover.led) == (
            LEAD,
            THIRD,
            ("files", "terms"),
            True,
        )
        (recusal,) = recusals(connection, Moment(None, LAST), T1)
        assert (recusal.person, recusal.ordered_by, recusal.level) == (LEAD, CHIEF, "chief")
        assert [each.kind for each in interferences(connection, Moment(None, LAST), T1)] == ["inquiry"]


def test_teams_are_found_by_member_unit_form_and_state(url):
    with facts_of(url, a_history()) as connection:

        def found(day: date, **asked) -> int:
            return len(case_teams(connection, Moment(None, day), **asked).items)

        assert [found(DAY, person=each) for each in (LEAD, THIRD)] == [1, 0]
        assert [found(LATER, person=each) for each in (LEAD, THIRD)] == [0, 1]
        assert [found(DAY, unit=each) for each in ("G3", "G4")] == [1, 0]
        assert [found(DAY, within=each) for each in ("I", "LG")] == [1, 0]
        assert [found(DAY, form=each) for each in ("case_team", "task_force")] == [1, 0]
        assert [found(day, states=("open",)) for day in (DAY, LAST)] == [1, 0]
        assert [found(day, states=("dissolved",)) for day in (DAY, LAST)] == [0, 1]
        assert [each.lead for each in teams_of(connection, Moment(None, LATER), THIRD)] == [THIRD]
        assert teams_of(connection, Moment(None, LAST), THIRD) == []


def test_who_is_barred_from_a_team_finds_nothing_of_it_at_any_moment(url):
    history = a_history()
    with facts_of(url, history) as connection:
        for position in (None, history.position - 4):
            for barred in (frozenset(("case-team:T1",)), frozenset(("case-team:T2",))):
                moment, seen = Moment(position, LATER, barred), barred != {"case-team:T1"}
                assert (case_team(connection, moment, T1) is not None) == seen
                for view in (acts, handovers, interferences):
                    assert bool(view(connection, moment, T1)) == seen
                assert bool(teams_of(connection, moment, THIRD)) == seen
                assert bool(case_teams(connection, moment, states=("open",)).items) == seen
