"""The facts of duties, reports and cycles on a real history: rebuilt, and on either database, they are the same."""

from __future__ import annotations

from datetime import date

from projections.history import changes
from projections.models import MODELS
from projections.views import Moment
from projections.views.cycles import acts, cycle, cycles
from projections.views.reports import report, reports, versions
from tests.projections.office import History, digests_of, facts_of, rebuilt_the_same, there
from tests.workflow.cycles.test_cycles import STAGES, close, inspect, open_cycle, reach
from tests.workflow.duties.known import HEAD, ORGAN, ORGANISATION, SECRETARY
from tests.workflow.duties.test_fulfilling import MEMBERS, attended, excuse, extend, fulfil
from tests.workflow.reports.test_reports import accept, countersign, send_back, submit
from workflow.duties.agenda import OpenDuty, TurnDuty
from workflow.ids import DutyId

JUNE, JULY, RED = date(2025, 6, 4), date(2025, 7, 8), date(2025, 7, 9)
COMMENT, REPORT = DutyId("monthly_comment.G3.2025-06"), "dual_report.G3.2025-Q2"


def a_history() -> History:
    history = History(*ORGANISATION, *MEMBERS)
    history.then(fulfil(person=HEAD), JUNE)
    history.then(fulfil("general_meeting.B2.2025-Q2", **attended(2, 3, 4)), JUNE)
    history.then(extend(date(2025, 6, 12)), JUNE)
    history.then(excuse(), JUNE)
    history.then(open_cycle(), JUNE)
    for stage in STAGES:
        for line in ("party", "business"):
            history.then(reach(line, stage), JUNE)
    history.then(inspect(), JUNE)
    history.then(close(), JUNE)
    history.then(OpenDuty(duty=COMMENT, effective=JUNE), JUNE)
    history.then(TurnDuty(duty=COMMENT, colour="yellow", effective=JULY), JULY)
    for command in (submit(), countersign(), accept(), send_back(), submit(), countersign()):
        history.then(command, JULY)
    for command in (accept(), accept("party", ORGAN)):
        history.then(command, JULY)
    history.then(TurnDuty(duty=COMMENT, colour="red", effective=RED), RED)
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
    mine = {topic: tables for topic, tables in changed.items() if topic.startswith(("duty", "dual", "cycle"))}
    assert mine == {
        **{
            f"duty.{what}": {"duty"}
            for what in ("opened", "turned_yellow", "lapsed", "fulfilled", "extended", "excused")
        },
        "dual_report.submitted": {"report", "report_version"},
        **{f"dual_report.{what}": {"report"} for what in ("countersigned", "accepted", "returned")},
        **{f"cycle.{what}": {"cycle"} for what in ("opened", "stage_reached", "inspected", "closed")},
    }


def test_a_report_shows_its_state_and_all_its_versions(database_url):
    history = a_history()
    with facts_of(database_url, history) as connection:
        now = Moment(None, RED)
        shown = there(report(connection, now, REPORT))
        assert (shown.state, shown.version, shown.words) == ("accepted", 2, "")
        assert shown.signatures == {"department_head": HEAD, "branch_secretary": SECRETARY}
        assert [each.version for each in versions(connection, now, REPORT)] == [1, 2]
        assert [each.report for each in reports(connection, now, within="I", states=("accepted",)).items] == [REPORT]
        assert reports(connection, now, states=("returned",), kind="dual_report").items == []
        back = next(n for n, fact in enumerate(history.facts, 1) if fact.TOPIC == "dual_report.returned")
        then = there(report(connection, Moment(back, RED), REPORT))
        assert (then.state, then.version, then.person, then.words) == ("returned", 1, ORGAN, "As it was.")
        assert [each.version for each in versions(connection, Moment(back, RED), REPORT)] == [1]


def test_a_cycle_shows_how_far_each_line_has_come(database_url):
    history = a_history()
    with facts_of(database_url, history) as connection:
        now = Moment(None, RED)
        shown = there(cycle(connection, now, "C1"))
        assert (shown.state, shown.stages) == ("closed", {"party": list(STAGES), "business": list(STAGES)})
        states = [each.state for each in acts(connection, now, "C1")]
        assert states == ["open"] * 9 + ["inspected", "closed"]
        assert [each.cycle for each in cycles(connection, now, within="G3").items] == ["C1"]
        third = next(n for n, fact in enumerate(history.facts, 1) if fact.TOPIC == "cycle.stage_reached") + 2
        then = there(cycle(connection, Moment(third, RED), "C1"))
        assert then.stages == {"party": ["plan", "deploy"], "business": ["plan"]}
        assert [each.cycle for each in cycles(connection, Moment(third, RED), states=("open",)).items] == ["C1"]
