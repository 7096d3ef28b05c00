"""The facts of service and hearings on a real history: rebuilt, and on either database, they are the same; and what
they show, now and as it was known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from projections.history import changes
from projections.models import MODELS
from projections.views import Moment, service
from projections.views import hearings as hearing_views
from projections.views import needs as need_views
from projections.views import visits as visit_views
from projections.views.chain import chain
from projections.views.register import Asked, register, rolled_up
from tests.projections.office import CHARTER, History, digests_of, facts_of, rebuilt_the_same, there
from tests.workflow.hearings import test_hearings as hearing
from tests.workflow.organisation.happened import bound
from tests.workflow.service import known as k
from workflow.hearings.commands import FlagHearing
from workflow.ids import ActivityId, HearingId, NeedId, PersonId, VisitId
from workflow.organisation.people import RecordDeparture
from workflow.service.hours import CorrectAttendance
from workflow.service.needs.commands import FlagNeed, UnassignNeed
from workflow.service.teams import LetMemberGo
from workflow.service.visits.commands import CorrectPetitionerDetails, FlagVisit
from workflow.slices import Command

MAY, JUNE, TODAY, LAST = k.MAY, k.JUNE, k.TODAY, date(2025, 7, 8)
FLAGGED = date(2025, 5, 16)
ACTS: list[tuple[date, Command]] = [
    (MAY, k.form()),
    (MAY, k.join("P1")),
    (MAY, k.join("P2")),
    (MAY, k.join("P7", "B2")),
    (MAY, k.outsider()),
    (MAY, CorrectPetitionerDetails(petitioner=k.OUTSIDER, name="Wang Liu")),
    (MAY, k.register("P1")),
    (MAY, k.register("P1", "home", "Elm Court")),
    (MAY, k.need(petitioner=k.OUTSIDER)),
    (MAY, k.need("N2")),
    (MAY, k.see_to("P5")),
    (MAY, k.need("N3")),
    (MAY, k.annul(MAY, "N3")),
    (MAY, k.assign("P1")),
    (MAY, k.assign("P7", "V2")),
    (MAY, k.assign("P7", "V3")),
    (MAY, k.annul_visit(MAY, "V3")),
    (FLAGGED, FlagVisit(visit=VisitId("V1"), why="answer", effective=FLAGGED)),
    (FLAGGED, FlagNeed(need=NeedId("N2"), why="assign", effective=FLAGGED)),
    (hearing.MAY, hearing.quarters(0, 1, 1, 0)),
    (hearing.MAY, hearing.quarters(0, 1, 2, 0)),
    (hearing.MAY, hearing.plan()),
    (hearing.MAY, hearing.host("P2", hearing.MAY)),
    (date(2025, 5, 21), k.make("P1", date(2025, 5, 21), "answer")),
    (JUNE, k.register("P1", community="Oak Road", on=JUNE)),
    (JUNE, k.check_in("P1", 5)),
    (JUNE, k.check_in("P1", 2, "home")),
    (JUNE, k.hold(people=(("P1", 3), ("P7", 2)))),
    (JUNE, hearing.notify()),
    (JUNE, k.resolve("P5", JUNE)),
    (JUNE, k.rate(2, JUNE)),
    (JUNE, k.see_to("P5", JUNE)),
    (JUNE, RecordDeparture(person=PersonId("P5"), effective=JUNE)),
    (JUNE, RecordDeparture(person=PersonId("P7"), effective=JUNE)),
    (date(2025, 6, 4), LetMemberGo(team=k.TEAM, person=PersonId("P7"), effective=date(2025, 6, 4))),
    (date(2025, 6, 4), UnassignNeed(need=k.NEED, effective=date(2025, 6, 4))),
    (date(2025, 6, 5), k.hand_over("P2", date(2025, 6, 5), "V2")),
    (date(2025, 6, 11), FlagHearing(hearing=HearingId("H1"), why="hold", effective=date(2025, 6, 11))),
    (date(2025, 6, 12), k.move("G3", date(2025, 6, 12), "N2")),
    (hearing.DAY, hearing.hold()),
    (TODAY, k.correct("P1", 4)),
    (
        TODAY,
        CorrectAttendance(activity=ActivityId("A1"), person=PersonId("P7"), hours=Decimal(1), effective=TODAY),
    ),
    (TODAY, k.close("P1", TODAY)),
    (TODAY, k.reopen("P2", TODAY)),
    (TODAY, k.see_to("P6", TODAY)),
    (TODAY, k.resolve("P6", TODAY)),
    (TODAY, k.rate(5, TODAY)),
]
"""The hearing of these tests is that of the unit G1, by P2."""


FLAGS = FlagVisit, FlagNeed, FlagHearing


def a_history(*, behind: bool = False) -> History:
    """`behind`: the clock notes on the last day what turned, after all that was done."""
    history = History(*hearing.PEOPLE, bound("GR1", "G1", "PG1"))
    for day, command in ACTS:
        if not (behind and isinstance(command, FLAGS)):
            history.then(command, day)
    for _, command in ACTS:
        if behind and isinstance(command, FLAGS):
            history.then(command, TODAY)
    return history


def test_a_rebuild_beside_gives_the_same_facts_as_those_that_were_followed(database_url):
    assert rebuilt_the_same(database_url, a_history())


def test_both_databases_have_the_same_facts_at_every_position(url, fresh_postgres_url):
    history = a_history()
    assert digests_of(url, history) == digests_of(fresh_postgres_url, history)


def test_each_event_changes_the_facts_that_it_is_about(url):
    history = a_history()
    mine = ("service_team", "community", "check_in", "activity", "petitioner", "visit", "need", "hearing")
    with facts_of(url, history) as connection:
        changed: dict[str, set[str]] = {}
        for position, fact in enumerate(history.facts, 1):
            if fact.TOPIC.partition(".")[0].startswith(mine):
                changed.setdefault(fact.TOPIC, set()).update(changes(connection, MODELS, position))
    assert changed == {
        "service_team.formed": {"service_team"},
        "service_team.member_joined": {"service_member"},
        "service_team.member_withdrew": {"service_member"},
        "community.registered": {"community"},
        "check_in.recorded": {"check_in"},
        "check_in.corrected": {"check_in"},
        "activity.held": {"activity", "attendance"},
        "activity.attendance_corrected": {"attendance"},
        "petitioner.registered": {"petitioner"},
        "petitioner.details_corrected": {"petitioner"},
        **{
            f"visit.{what}": {"visit"}
            for what in ("assigned", "made", "left_behind", "handed_over", "closed", "reopened", "annulled", "flagged")
        },
        **{
            f"need.{what}": {"need"}
            for what in ("raised", "assigned", "unassigned", "moved", "resolved", "reopened", "annulled", "flagged")
        },
        "need.rated": {"need", "need_rating"},
        "hearing_plan.set": {"hearing_plan"},
        **{f"hearing.{what}": {"hearing"} for what in ("planned", "host_changed", "notified", "held", "flagged")},
    }


def test_a_visit_shows_who_carries_it_and_what_is_due(database_url):
    history = a_history()
    with facts_of(database_url, history) as connection:
        now = Moment(None, TODAY)
        acts = [(each.act, each.colour, each.person) for each in visit_views.acts(connection, now, "V1")]
        assert acts == [
            ("assigned", "green", "P1"),
            ("assigned", "red", "P1"),
            ("made", "green", "P1"),
            ("closed", "green", "P1"),
            ("reopened", "green", "P2"),
        ]
        shown = there(visit_views.visit(connection, now, "V1"))
        assert (shown.due, shown.words, shown.answered_on, shown.made) == (
            date(2025, 9, 16),
            "As it was.",
            date(2025, 5, 21),
            1,
        )
        theirs = visit_views.visits(connection, now, person="P2", states=visit_views.OPEN).items
        assert [each.visit for each in theirs] == ["V1", "V2"]
        left = Moment(None, date(2025, 6, 4))
        (other,) = visit_views.visits(connection, left, states=("left",), within="OC").items
        assert (other.visit, other.person, other.unit, other.handover_due) == ("V2", "P7", "B2", date(2025, 6, 11))
        assert [each.visit for each in visit_views.visits(connection, now, petitioner="X1", colour="red").items] == []
        before = there(visit_views.visit(connection, Moment(None, FLAGGED), "V1"))
        assert (before.colour, before.flags, before.due) == ("red", {"answer": "red"}, date(2025, 5, 15))


def test_a_clock_that_was_behind_shows_each_day_as_one_that_was_in_time(tmp_path):
    def shown(name: str, history: History) -> list[list[tuple[Any, ...]]]:
        (tmp_path / name).mkdir()
        with facts_of(f"sqlite:///{tmp_path}/{name}/log.sqlite", history) as connection:
            moments = [Moment(None, MAY + timedelta(days=n)) for n in range((LAST - MAY).days)]
            found = [
                (
                    visit_views.visit(connection, moment, "V1"),
                    need_views.need(connection, moment, "N2"),
                    hearing_views.hearing(connection, moment, "H1"),
                )
                for moment in moments
            ]
        return [[(each.state, each.colour, each.flags) for each in each_day if each] for each_day in found]

    in_time = shown("in_time", a_history())
    assert {colour for each_day in in_time for _, colour, _ in each_day} == {"green", "yellow", "red"}
    assert shown("behind", a_history(behind=True)) == in_time


def test_what_is_recorded_late_has_the_colours_of_each_day_since(database_url):
    """The visit is flagged on the 16th; that somebody went on the 14th is recorded afterwards."""
    history = History(*hearing.PEOPLE, bound("GR1", "G1", "PG1"))
    went = date(2025, 5, 14)
    for day, command in (
        (MAY, k.form()),
        (MAY, k.join("P1")),
        (MAY, k.outsider()),
        (MAY, k.assign("P1")),
        (FLAGGED, FlagVisit(visit=k.VISIT, why="answer", effective=FLAGGED)),
        (FLAGGED, k.make("P1", went, "progress")),
    ):
        history.then(command, day)
    with facts_of(database_url, history) as connection:
        shown = [there(visit_views.visit(connection, Moment(None, day), "V1")) for day in (MAY, went, FLAGGED)]
        assert [(each.act, each.colour) for each in shown] == [
            ("assigned", "green"),
            ("made", "green"),
            ("made", "red"),
        ]


def test_hours_are_summed_by_person_kind_and_span_of_days(database_url):
    history = a_history()
    corrected = next(n for n, fact in enumerate(history.facts, 1) if fact.TOPIC == "check_in.corrected")
    with facts_of(database_url, history) as connection:
        now, span = Moment(None, LAST), (date(2025, 4, 1), date(2025, 6, 30))
        (one,) = service.hours(connection, now, *span, person="P1")
        assert (one.check_ins, one.activities, one.total) == (
            {"host": Decimal(4), "home": Decimal(2)},
            {"volunteering": Decimal(3)},
            Decimal(9),
        )
        (then,) = service.hours(connection, Moment(corrected - 1, LAST), *span, person="P1")
        assert then.total == Decimal(10)
        both = service.hours(connection, now, *span, within="DCP")
        assert [(each.person, each.total) for each in both] == [("P1", Decimal(9)), ("P7", Decimal(1))]
        assert [each.person for each in service.hours(connection, now, *span, unit="G3")] == ["P7"]
        assert service.hours(connection, now, date(2025, 6, 4), date(2025, 6, 30), person="P1") == []
        assert service.hours(connection, Moment(None, MAY), *span, person="P1") == []
        assert [each.check_in for each in service.check_ins(connection, now, unit="G1", kind="home").items] == [
            "P1.home.2025-06-03"
        ]
        assert [each.activity for each in service.activities(connection, now, within="OC", since=JUNE).items] == ["A1"]
        assert [each.person for each in service.attendance(connection, now, "A1")] == ["P1", "P7"]


def test_teams_and_communities_are_shown_as_of_a_day(database_url):
    with facts_of(database_url, a_history()) as connection:
        for day, people in ((MAY, ["P1", "P2", "P7"]), (TODAY, ["P1", "P2"])):
            assert [each.person for each in service.members(connection, Moment(None, day), "VT")] == people
        assert [each.team for each in service.teams_of(connection, Moment(None, JUNE), "P7")] == ["VT"]
        for day, since in ((MAY, MAY), (JUNE, JUNE)):
            known = service.communities_of(connection, Moment(None, day), "P1")
            assert [(each.kind, each.since) for each in known] == [("home", MAY), ("host", since)]


def test_a_need_shows_its_acts_and_a_unit_how_satisfied_people_are(database_url):
    with facts_of(database_url, a_history()) as connection:
        now = Moment(None, TODAY)
        acts = [each.act for each in need_views.acts(connection, now, "N1")]
        done = ["assigned", "resolved", "rated"]
        assert acts == ["raised", *done, "reopened", "assigned", "unassigned", *done]
        year = date(2025, 1, 1), date(2025, 12, 31)
        found = need_views.satisfaction(connection, now, "DCP", *year)
        assert (found.ratings, found.satisfied, found.mean) == (2, 1, Decimal("3.50"))
        june = need_views.satisfaction(connection, now, "G1", JUNE, JUNE)
        assert (june.ratings, june.satisfied, june.mean) == (1, 0, Decimal("2.00"))
        assert need_views.satisfaction(connection, now, "G3", *year).mean is None
        assert [each.need for each in need_views.needs(connection, now, states=need_views.OPEN).items] == ["N2"]
        assert [each.need for each in need_views.needs(connection, now, person="P6").items] == ["N1"]


def test_what_was_annulled_is_open_no_more_and_nothing_of_it_is_due(database_url):
    with facts_of(database_url, a_history()) as connection:
        now = Moment(None, TODAY)
        need, visit = there(need_views.need(connection, now, "N3")), there(visit_views.visit(connection, now, "V3"))
        assert (need.state, need.colour, need.due) == ("annulled", "green", None)
        assert (visit.state, visit.colour, visit.answer_due) == ("annulled", "green", None)
        assert (need.words, visit.words) == ("As it was.", "As it was.")


def test_a_need_that_was_moved_is_that_of_another_unit_from_then_on(database_url):
    with facts_of(database_url, a_history()) as connection:
        for day, unit, colour, due in (
            (FLAGGED, "G1", "red", date(2025, 5, 9)),
            (TODAY, "G3", "green", date(2025, 6, 17)),
        ):
            (found,) = need_views.needs(connection, Moment(None, day), states=("raised",), unit=unit).items
            assert (found.need, found.colour, found.assign_due) == ("N2", colour, due)


def test_a_hearing_shows_its_acts_and_a_plan_how_many_were_held(database_url):
    with facts_of(database_url, a_history()) as connection:
        now = Moment(None, TODAY)
        shown = there(hearing_views.hearing(connection, now, "H1"))
        assert (shown.state, shown.host, shown.colour, shown.local_resolution) == ("held", "P2", "green", True)
        told = [(each.act, each.colour) for each in hearing_views.acts(connection, now, "H1")]
        assert told == [
            ("planned", "green"),
            ("host_changed", "green"),
            ("notified", "green"),
            ("notified", "yellow"),
            ("held", "green"),
        ]
        found = there(hearing_views.compared(connection, now, "G1.2025"))
        assert (found.plan.quarters, found.held) == ((0, 1, 2, 0), (0, 1, 0, 0))
        assert hearing_views.compared(connection, now, "G3.2025") is None
        assert [each.hearing for each in hearing_views.hearings(connection, now, host="P2").items] == ["H1"]
        assert hearing_views.hearings(connection, now, states=hearing_views.OPEN).items == []


def test_a_hearing_that_is_set_back_to_its_day_has_the_colour_of_its_notice_again(database_url):
    ninth, tenth = date(2025, 6, 9), date(2025, 6, 10)
    history = History(*hearing.PEOPLE)
    history.then(hearing.plan(), hearing.MAY)
    for command in (
        FlagHearing(hearing=hearing.H1, why="notice", effective=ninth),
        hearing.postpone(date(2025, 6, 20), ninth),
        hearing.postpone(hearing.DAY, ninth),
    ):
        history.then(command, ninth)
    history.then(FlagHearing(hearing=hearing.H1, why="notice", effective=tenth), tenth)
    with facts_of(database_url, history) as connection:
        colours = [
            there(hearing_views.hearing(connection, Moment(None, day), "H1")).colour
            for day in (ninth - timedelta(days=1), ninth, tenth)
        ]
        assert colours == ["green", "green", "yellow"]


def test_a_hearing_that_was_set_back_has_no_colour_of_before_also_if_the_clock_notes_that_late(database_url):
    """Its notice was yellow from the 6th on; on the 7th it was postponed, and on the 9th set back to its day."""
    sixth, seventh, ninth, tenth = (date(2025, 6, day) for day in (6, 7, 9, 10))
    history = History(*hearing.PEOPLE)
    history.then(hearing.plan(), hearing.MAY)
    history.then(hearing.postpone(date(2025, 6, 25), seventh), ninth)
    history.then(hearing.postpone(hearing.DAY, ninth), ninth)
    for day in (sixth, tenth):
        history.then(FlagHearing(hearing=hearing.H1, why="notice", effective=day), tenth)
    with facts_of(database_url, history) as connection:
        days = (sixth, seventh, ninth, tenth)
        colours = [there(hearing_views.hearing(connection, Moment(None, day), "H1")).colour for day in days]
        assert colours == ["yellow", "green", "green", "yellow"]


def test_a_need_that_was_seen_to_and_moved_back_dated_is_red_again(database_url):
    """It was red on the 16th. Then it is recorded that somebody was to see to it, and that it went to another unit."""
    later = date(2025, 5, 19)
    history = History(*hearing.PEOPLE, bound("GR1", "G1", "PG1"))
    history.then(k.need(), MAY)
    history.then(FlagNeed(need=k.NEED, why="assign", effective=FLAGGED), FLAGGED)
    history.then(k.see_to("P5", MAY), FLAGGED)
    history.then(k.move("G3", MAY), FLAGGED)
    history.then(FlagNeed(need=k.NEED, why="assign", effective=later), later)
    with facts_of(database_url, history) as connection:
        days = (MAY, FLAGGED, later)
        colours = [there(need_views.need(connection, Moment(None, day), "N1")).colour for day in days]
        assert colours == ["green", "green", "red"]


def test_what_is_open_is_in_the_register_and_colours_its_unit(database_url):
    with facts_of(database_url, a_history()) as connection:
        moment = Moment(None, FLAGGED)
        found = register(connection, moment, Asked(within="OC")).items
        assert [(each.kind, each.id, each.about, each.colour, each.due, each.overdue) for each in found] == [
            ("visit", "V1", "X1", "red", date(2025, 5, 15), True),
            ("visit", "V2", "X1", "green", date(2025, 5, 15), True),
        ]
        assert (rolled_up(connection, moment, "B1"), rolled_up(connection, moment, "B2")) == ("red", "green")
        june = register(connection, Moment(None, date(2025, 6, 11)), Asked(within="DCP")).items
        assert [(each.kind, each.id, each.colour) for each in june] == [
            ("need", "N1", "green"),
            ("need", "N2", "red"),
            ("hearing", "H1", "yellow"),
        ]


def test_who_answers_for_a_visit_a_need_and_a_hearing_is_told_on_both_lines(database_url):
    with facts_of(database_url, a_history()) as connection:
        now = Moment(None, TODAY)
        for kind, id, person in (("visit", "V1", "P2"), ("need", "N1", "P6"), ("hearing", "H1", "P2")):
            found = there(chain(connection, now, kind, id, CHARTER))  # type: ignore[arg-type]
            (one,) = found.chains
            steps = {step.level: [h.person for h in step.holders] for line in one.lines for step in line.steps}
            assert steps["handler"] == [person]
            assert steps["department_head"] == ["P1"]
            assert {line.line for line in one.lines} == {"business", "party"}
        assert chain(connection, now, "visit", "V9", CHARTER) is None
