"""The register of what is open, and the colour that a unit gets from it, at any moment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from projections.views import Moment
from projections.views import plans as plan_views
from projections.views.register import SOURCES, Asked, register, rolled_up
from projections.views.scorecards import scorecard
from projections.views.warnings import acts, interview, measures, warning
from tests.projections.office import CHARTER, GRIDS, OFFICE, History, facts_of, there
from tests.workflow.organisation.happened import appointed, appointment_ended
from workflow.clock.events import ClockStarted
from workflow.duties.agenda import OpenDuty, TurnDuty
from workflow.ids import DutyId, PersonId, ReadingId, TargetId, TaskId, UnitId, WarningId
from workflow.indicators.readings import CorrectReading
from workflow.plans.agenda import FlagTask
from workflow.plans.changing import ExtendTask, ReassignTask
from workflow.plans.doing import AcceptTask
from workflow.plans.leaving import NoteAssignee
from workflow.plans.planning import AdoptPlan, Aim
from workflow.plans.splitting import AssignTasks, Part
from workflow.warnings.commands import Acknowledge
from workflow.warnings.escalation import EscalateWarning
from workflow.warnings.measures import HoldInterview

START, MAY = date(2025, 3, 3), date(2025, 5, 6)
WARNING = WarningId("W.I20.G7.2025-04")


@pytest.fixture
def history() -> History:
    """I20 of G7 is red for April, is not answered until 13 May, and went up to the deputy in charge on the 12th."""
    history = History(*OFFICE, *GRIDS, appointed("A7", "P5", "G7-HEAD", START), ClockStarted(date(2025, 5, 1)))
    history.adopt("I20", START)
    history.report("I20", "G7", "2025-04", "96.5", MAY)
    day = date(2025, 5, 12)
    history.then(EscalateWarning(warning=WARNING, effective=day), day)
    day = date(2025, 5, 13)
    history.then(Acknowledge(warning=WARNING, person=PersonId("P5"), explanation="Ill.", effective=day), day)
    return history


def test_what_is_open_is_listed_with_what_is_due_next_and_how_far_up_it_went(database_url, history: History):
    with facts_of(database_url, history) as connection:

        def on(day: date, **asked: str) -> list[tuple[str, str, str, date | None, bool, str]]:
            found = register(connection, Moment(None, day), Asked(**asked)).items
            return [(e.id, e.colour, e.state, e.due, e.overdue, e.escalated_to) for e in found]

        respond, rectify = date(2025, 5, 9), date(2025, 5, 27)
        assert on(date(2025, 5, 5)) == []
        assert on(MAY) == [(WARNING, "red", "raised", respond, False, "")]
        assert on(date(2025, 5, 12)) == [(WARNING, "red", "raised", respond, True, "deputy_in_charge")]
        assert on(date(2025, 5, 13)) == [(WARNING, "red", "acknowledged", rectify, False, "deputy_in_charge")]
        for asked in ({"unit": "G7"}, {"within": "DCP"}, {"colour": "red"}):
            assert on(MAY, **asked) == on(MAY)
        for asked in ({"unit": "DCP"}, {"within": "G6"}, {"colour": "yellow"}):
            assert on(MAY, **asked) == []


def test_a_unit_has_the_worst_colour_of_what_is_open_below_it(database_url, history: History):
    with facts_of(database_url, history) as connection:
        colours = {unit: rolled_up(connection, Moment(None, MAY), unit) for unit in ("G7", "DCP", "G6")}
        assert colours == {"G7": "red", "DCP": "red", "G6": "green"}
        assert rolled_up(connection, Moment(None, date(2025, 5, 5)), "DCP") == "green"
        card = there(scorecard(connection, Moment(None, MAY), "DCP", CHARTER))
        assert (card.rolled_up, card.colour) == ("red", "none")


def test_pages_follow_each_other(database_url, history: History):
    for month, day in (("05", date(2025, 6, 4)), ("06", date(2025, 7, 3))):
        history.report("I20", "G7", f"2025-{month}", "96", day)
    with facts_of(database_url, history) as connection:
        moment, seen, after = Moment(None, date(2025, 7, 3)), [], ""
        for _ in range(5):
            page = register(connection, moment, Asked(), limit=1, after=after)
            seen += [(each.kind, each.id[-2:]) for each in page.items]
            after = page.after or ""
        expected = [("warning", "04"), ("warning", "05"), ("warning", "06"), ("interview", "05"), ("interview", "06")]
        assert seen == expected
        assert after == ""


def test_acts_of_the_loop_and_measures_besides_are_told_apart(database_url, history: History):
    correct = CorrectReading(reading=ReadingId("I20.G7.2025-04"), value=Decimal(96), effective=date(2025, 5, 14))
    history.then(correct, date(2025, 5, 14))
    with facts_of(database_url, history) as connection:
        moment = Moment(None, date(2025, 5, 14))
        assert [each.state for each in acts(connection, moment, WARNING)] == ["raised", "acknowledged"]
        found = measures(connection, moment, WARNING)
        assert [(each.kind, each.level, each.words) for each in found] == [
            ("warning_notice", "", ""),
            ("escalated", "deputy_in_charge", "unacknowledged"),
        ]
        assert [(each.level, list(each.persons)) for each in found[0].told] == [
            ("department_head", ["P5"]),
            ("deputy_in_charge", ["P2"]),
            ("organ_secretary", ["P1"]),
        ]
        shown = there(warning(connection, moment, WARNING))
        assert (shown.rung, shown.action, shown.interview, shown.extended) == ("red", "warning_notice", "", 0)


def test_an_interview_is_open_until_it_is_held_and_does_not_colour_the_unit(database_url, history: History):
    """I20 is red for May too: the deputy in charge is to interview the head by 12 June, and does so on the 17th."""
    second = WarningId("W.I20.G7.2025-05")
    history.report("I20", "G7", "2025-05", "96", date(2025, 6, 5))
    history.then(EscalateWarning(warning=second, effective=date(2025, 6, 13)), date(2025, 6, 17))
    met = HoldInterview(
        warning=second,
        person=PersonId("P2"),
        persons=(PersonId("P5"),),
        record="What is in the way.",
        effective=date(2025, 6, 17),
    )
    history.then(met, date(2025, 6, 17))
    # The clock was behind, and notes afterwards that the interview went up further.
    history.then(EscalateWarning(warning=second, effective=date(2025, 6, 17)), date(2025, 6, 18))
    due = date(2025, 6, 12)
    with facts_of(database_url, history) as connection:
        seen = {}
        for day in (date(2025, 6, 5), due, date(2025, 6, 13), date(2025, 6, 16), date(2025, 6, 17)):
            moment = Moment(None, day)
            seen[day.day] = [
                (each.id, each.colour, each.state, each.due, each.overdue, each.escalated_to)
                for each in register(connection, moment, Asked(within="DCP"), kind="interview").items
            ]
            mine = there(interview(connection, moment, second))
            assert there(warning(connection, moment, second)).interview == mine.state
        assert seen[5] == seen[12] == [(second, "yellow", "due", due, False, "")]
        assert seen[13] == seen[16] == [(second, "red", "overdue", due, True, "chief")]
        assert seen[17] == []
        assert (mine.state, mine.person, mine.held_on) == ("held", "P2", date(2025, 6, 17))
        assert register(connection, Moment(None, due), Asked(colour="red"), kind="interview").items == []
        assert SOURCES["interview"].by_colour(connection, Moment(None, due), "DCP") == {}
        assert interview(connection, Moment(None, due), WARNING) is None


def test_duties_and_tasks_are_listed_after_the_warnings_and_colour_the_unit_too(database_url, history: History):
    meeting = DutyId("weekly_meeting.G6.2025-W20")
    history.then(OpenDuty(duty=meeting, effective=date(2025, 5, 12)), date(2025, 5, 12))
    plan = AdoptPlan(
        unit=UnitId("G6"),
        period="2025",
        title="Plan",
        targets=(Aim(amount=Decimal(4), measure="count", title="Visits"),),
        effective=date(2025, 5, 12),
    )
    history.then(plan, date(2025, 5, 12))
    parts = (Part(amount=Decimal(4), unit=UnitId("G6"), due=date(2025, 5, 30)),)
    split = AssignTasks(target=TargetId("G6.2025.T1"), parts=parts, effective=date(2025, 5, 12))
    history.then(split, date(2025, 5, 12))
    history.then(TurnDuty(duty=meeting, colour="red", effective=date(2025, 5, 20)), date(2025, 5, 20))
    with facts_of(database_url, history) as connection:
        seen = {}
        for day in (date(2025, 5, 12), date(2025, 5, 20)):
            moment = Moment(None, day)
            found = register(connection, moment, Asked(within="DCP")).items
            seen[day.day] = [(each.kind, each.id, each.colour, each.due, each.overdue) for each in found]
            assert rolled_up(connection, moment, "G6") == ("green" if day.day == 12 else "red")
        ids = [each[:3] for each in seen[12]]
        assert ids == [
            ("warning", WARNING, "red"),
            ("duty", meeting, "green"),
            ("task", "G6.2025.T1.1", "green"),
        ]
        assert seen[20][1] == ("duty", meeting, "red", date(2025, 5, 19), True)
        assert seen[20][2][3:] == (date(2025, 5, 30), False)
        for colour, kinds in (("red", ["warning", "duty"]), ("yellow", []), ("green", ["task"]), ("none", [])):
            asked = Asked(within="DCP", colour=colour)
            assert [each.kind for each in register(connection, Moment(None, date(2025, 5, 20)), asked).items] == kinds


@pytest.mark.parametrize("behind", [False, True], ids=["clock in time", "clock behind"])
def test_a_task_left_behind_is_to_be_settled_until_it_is_passed_on(database_url, behind):
    """P5, who heads G6, has a task of it and leaves on 12 May; on the 15th the unit gets it. A clock that was behind
    notes it only after that."""
    may = date(2025, 5, 6)
    history = History(*OFFICE, *GRIDS, appointed("A7", "P5", "G6-HEAD", START), ClockStarted(date(2025, 5, 1)))
    aim = Aim(amount=Decimal(4), measure="count", title="Visits")
    plan = AdoptPlan(unit=UnitId("G6"), period="2025", title="Plan", targets=(aim,), effective=may)
    history.then(plan, may)
    parts = (Part(amount=Decimal(4), person=PersonId("P5"), due=date(2025, 6, 30)),)
    history.then(AssignTasks(target=TargetId("G6.2025.T1"), parts=parts, effective=may), may)
    left, noted, passed = date(2025, 5, 12), date(2025, 5, 13), date(2025, 5, 15)
    history.facts.append(appointment_ended("A7", "P5", "G6-HEAD", left))
    task = TaskId("G6.2025.T1.1")
    history.then(NoteAssignee(task=task, effective=noted), noted)
    history.then(ReassignTask(task=task, unit=UnitId("G6"), effective=passed), passed)
    if behind:
        history.facts[-2:] = reversed(history.facts[-2:])
    with facts_of(database_url, history) as connection:
        seen = {}
        for day in (left, noted, passed):
            (item,) = register(connection, Moment(None, day), Asked(unit="G6")).items
            seen[day.day] = (item.state, item.due, item.overdue)
        settle_by = date(2025, 5, 20)
        assert seen == {
            12: ("assigned", date(2025, 6, 30), False),
            13: ("assignee_left", settle_by, False),
            15: ("assigned", date(2025, 6, 30), False),
        }
        shown = there(plan_views.task(connection, Moment(None, noted), task))
        assert (shown.left_on, shown.settle_by, shown.person) == (left, settle_by, "P5")


@pytest.mark.parametrize("behind", [False, True], ids=["clock in time", "clock behind"])
def test_a_task_that_was_given_more_time_is_green_from_then_on(database_url, behind):
    """Due on 30 June it is yellow on the 23rd, and extended on the 25th; a clock that was behind notes that it was
    yellow only after that."""
    may, yellow, longer = date(2025, 5, 6), date(2025, 6, 23), date(2025, 6, 25)
    history = History(*OFFICE, *GRIDS, appointed("A7", "P5", "G6-HEAD", START))
    aim = Aim(amount=Decimal(4), measure="count", title="Visits")
    task = TaskId("G6.2025.T1.1")
    parts = (Part(amount=Decimal(4), person=PersonId("P5"), due=date(2025, 6, 30)),)
    flag = FlagTask(task=task, effective=yellow), longer
    acts = [
        (AdoptPlan(unit=UnitId("G6"), period="2025", title="Plan", targets=(aim,), effective=may), may),
        (AssignTasks(target=TargetId("G6.2025.T1"), parts=parts, effective=may), may),
        (AcceptTask(task=task, person=PersonId("P5"), effective=may), may),
        flag,
        (ExtendTask(task=task, due=date(2025, 7, 31), effective=longer), longer),
    ]
    if behind:
        acts.remove(flag)
        acts.append(flag)
    for command, today in acts:
        history.then(command, today)
    with facts_of(database_url, history) as connection:
        shown = [there(plan_views.task(connection, Moment(None, day), task)) for day in (may, yellow, longer)]
        assert [each.colour for each in shown] == ["green", "yellow", "green"]
