"""The facts about the organisation say what its commands decided, whatever was decided in whatever order."""

from __future__ import annotations

import tempfile
from datetime import date

from hypothesis import Phase, settings
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from projections.models.responsibility import LEADERSHIP, POST_DUTY
from projections.views import Fact, Moment, every
from projections.views.organisation import grid, leaderships, post
from tests.given import given
from tests.projections.office import GRIDS, OFFICE, History, facts_of
from workflow.ids import AppointmentId, GridId, MembershipId, PersonId, PostId, UnitId
from workflow.organisation.appointments import Appoint, EndAppointment
from workflow.organisation.ex_officio import Answer, Leadership, answer_on
from workflow.organisation.grids import BindGrid, UnbindGrid
from workflow.organisation.memberships import EndMembership, StartMembership
from workflow.organisation.people import RecordDeparture
from workflow.organisation.posts import SetPostDuties
from workflow.slices import Command

TODAY = date(2025, 4, 1)
DAYS = [date(2025, 4, day) for day in range(1, 9)]

days = st.sampled_from(DAYS)
people = st.sampled_from(["P3", "P4", "P5", "P6"]).map(PersonId)
posts = st.sampled_from(["G6-HEAD", "G7-HEAD", "PG6-LEAD", "G7-DEPUTY"]).map(PostId)
ids = st.integers(1, 5)
units = st.lists(st.sampled_from(["G6", "G7", "DCP"]).map(UnitId), unique=True).map(tuple)

commands = st.one_of(
    st.builds(
        lambda id, person, post, kind, day: Appoint(
            appointment=AppointmentId(f"A1{id}"), person=person, post=post, kind=kind, effective=day
        ),
        ids,
        people,
        posts,
        st.sampled_from(["substantive", "acting", "concurrent"]),
        days,
    ),
    st.builds(lambda id, day: EndAppointment(appointment=AppointmentId(f"A1{id}"), effective=day), ids, days),
    st.builds(lambda id, day: EndMembership(membership=MembershipId(f"M-P{id}"), effective=day), ids, days),
    st.builds(
        lambda id, person, day: StartMembership(
            membership=MembershipId(f"M1{id}"), person=person, unit=UnitId("PG6"), kind="full", effective=day
        ),
        ids,
        people,
        days,
    ),
    st.builds(lambda n, day: UnbindGrid(grid=GridId(f"N{n}"), effective=day), st.sampled_from([6, 7]), days),
    st.builds(
        lambda day: BindGrid(grid=GridId("N8"), department=UnitId("G6"), group=UnitId("PG7"), effective=day), days
    ),
    st.builds(lambda person, day: RecordDeparture(person=person, effective=day), people, days),
    st.builds(lambda units, day: SetPostDuties(post=PostId("DCP-DEPUTY"), units=units, effective=day), units, days),
)


def attempt(history: History, command: Command) -> None:
    """What is refused changes nothing."""
    history.facts += given(*history.facts, charter=None).when(command, today=TODAY, approver="S1", reason="So.").facts


def said_by_facts(connection: Connection, day: date) -> dict[str, Answer]:
    found = leaderships(connection, Moment(None, day), ["N6", "N7", "N8"])
    return {
        name: Answer(
            None if each.person is None else PersonId(each.person),
            None if each.appointment is None else AppointmentId(each.appointment),
            each.acting,
            each.why,
        )
        for name, each in found.items()
    }


def said_by_rule(history: History, connection: Connection, day: date) -> dict[str, Answer]:
    """What the command side knows, of the grids that are bound on that day."""
    answers = {}
    for name in ("N6", "N7", "N8"):
        known = Leadership(GridId(name))
        for fact in history.facts:
            if type(fact) in Leadership.listens_to() and getattr(fact, "grid", None) == name:
                known.note(fact)
        there = grid(connection, Moment(None, day), name)
        holds = there is not None and there.since <= day and (there.until is None or day < there.until)
        if holds and (answer := answer_on(known.timeline, day)) is not None:
            answers[name] = answer
    return answers


@for_all(st.lists(commands, min_size=5, max_size=15))
@settings(max_examples=10, deadline=None, phases=[Phase.generate])
def test_facts_and_rule_agree_on_who_leads_on_any_day(decided):
    history = History(*OFFICE, *GRIDS)
    for command in decided:
        attempt(history, command)
    with tempfile.TemporaryDirectory() as folder, facts_of(f"sqlite:///{folder}/log.sqlite", history) as connection:
        for day in DAYS:
            assert said_by_facts(connection, day) == said_by_rule(history, connection, day)


def test_the_duties_of_a_post_are_the_same_both_ways_round(url):
    history = History(*OFFICE)
    for day, duties in ((DAYS[0], ["G6"]), (DAYS[0], ["G7"]), (DAYS[2], []), (DAYS[4], ["G6", "G7"])):
        command = SetPostDuties(post=PostId("DCP-DEPUTY"), units=tuple(UnitId(u) for u in duties), effective=day)
        history.then(command, TODAY)
    with facts_of(url, history) as connection:
        for position in range(1, history.position + 1):
            for day in DAYS:
                held = every(connection, POST_DUTY, Moment(position, day), Fact, POST_DUTY.c.post == "DCP-DEPUTY")
                deputy = post(connection, Moment(position, day), "DCP-DEPUTY")
                assert len(held) == len(deputy.duties if deputy else ())
                for unit in deputy.duties if deputy else ():
                    this = POST_DUTY.c.unit == unit
                    assert len(every(connection, POST_DUTY, Moment(position, day), Fact, this)) == 1


def test_each_answer_of_the_rule_names_the_event_that_gave_it(url):
    history = History(*OFFICE, *GRIDS)
    history.then(
        Appoint(
            appointment=AppointmentId("A6"),
            person=PersonId("P3"),
            post=PostId("G6-HEAD"),
            kind="substantive",
            effective=TODAY,
        ),
        TODAY,
    )
    with facts_of(url, history) as connection:
        row = connection.execute(select(LEADERSHIP.table)).one()
    assert (row.opened, row.why, row.person) == (history.position, "head_not_member", "P3")
