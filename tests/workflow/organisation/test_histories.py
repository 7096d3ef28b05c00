"""Whatever is asked in whatever order: each day, posts are held and groups led as the rules say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.given import TODAY, Given
from tests.given import given as given_that
from tests.workflow.organisation.happened import bound, nobody_leads, person, post, unit
from workflow.charter.library import learn
from workflow.charter.loader import shipped
from workflow.dates import Span
from workflow.ids import AppointmentId, GridId, MembershipId, PersonId, PostId, UnitId, tags_of
from workflow.organisation.appointments import Appoint, EndAppointment
from workflow.organisation.belonging import GridStanding, Memberships
from workflow.organisation.events import ExOfficioLeadershipEnded, ExOfficioLeadershipStarted
from workflow.organisation.ex_officio import GridDay, Leadership, answer_on, decide_leadership
from workflow.organisation.grids import BindGrid, UnbindGrid
from workflow.organisation.memberships import EndMembership, StartMembership
from workflow.organisation.people import RecordDeparture
from workflow.organisation.views import Career, Incumbents
from workflow.slices import Command, Event, View

PROCURATORATE = (
    unit("DCP", "institution"),
    unit("LG", "leading_group"),
    unit("OC", "organ_committee", "LG"),
    unit("B1", "branch", "OC"),
    *(unit(f"G{n}", "department", "DCP") for n in (1, 2, 3)),
    *(unit(f"PG{n}", "party_group", "B1") for n in (1, 2, 3)),
    *(post(f"G{n}-HEAD", f"G{n}", "department_head") for n in (1, 2, 3)),
    *(post(f"PG{n}-LEAD", f"PG{n}", "group_leader") for n in (1, 2, 3)),
)
HOSPITAL = (
    unit("H", "hospital"),
    unit("Q", "quality_committee", "H"),
    *(unit(f"G{n}", "department", "H") for n in (1, 2, 3)),
    *(unit(f"PG{n}", "quality_team", "Q") for n in (1, 2, 3)),
    *(post(f"G{n}-HEAD", f"G{n}", "department_director") for n in (1, 2, 3)),
    *(post(f"PG{n}-LEAD", f"PG{n}", "team_leader") for n in (1, 2, 3)),
)
OFFICES = {
    "procuratorate": (*PROCURATORATE, *(person(f"P{n}") for n in (1, 2, 3))),
    "hospital": (*HOSPITAL, *(person(f"P{n}", "physician") for n in (1, 2, 3))),
}
BOUND = [fact for n in (1, 2) for fact in (bound(f"N{n}", f"G{n}", f"PG{n}"), nobody_leads(n, "vacancy", TODAY))]

HEADS = [PostId(f"G{n}-HEAD") for n in (1, 2, 3)]
LEADERS = [PostId(f"PG{n}-LEAD") for n in (1, 2, 3)]
PEOPLE = [PersonId(f"P{n}") for n in (1, 2, 3)]
GRIDS = [GridId(f"N{n}") for n in (1, 2, 3, 4)]
DAYS = [TODAY + timedelta(days=n) for n in range(6)]

V = TypeVar("V", bound=View)

days = st.sampled_from(DAYS[:-1])
people = st.sampled_from(PEOPLE)


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Command]]:
    """A charter, and what people ask."""
    charter = draw(st.sampled_from(sorted(OFFICES)))
    membership_kind = learn(shipped(charter)).membership_kinds[0].id
    asked: list[Command] = []
    begun: list[int] = []
    for number in range(draw(st.integers(2, 10))):
        day, who, group = draw(days), draw(people), draw(st.integers(1, 3))
        earlier = draw(st.sampled_from(begun)) if begun else 0
        choice = draw(st.sampled_from("AAAAEEMMMLLDBU"))
        if choice in "AM":
            begun.append(number)
        if choice == "A":
            asked.append(
                Appoint(
                    appointment=AppointmentId(f"A{number}"),
                    person=who,
                    post=draw(st.sampled_from(HEADS + HEADS + LEADERS)),
                    kind=draw(st.sampled_from(["substantive", "concurrent", "acting"])),
                    effective=day,
                    until=draw(st.none() | st.sampled_from([each for each in DAYS if each > day])),
                )
            )
        elif choice == "E":
            asked.append(EndAppointment(appointment=AppointmentId(f"A{earlier}"), effective=day))
        elif choice == "M":
            asked.append(
                StartMembership(
                    membership=MembershipId(f"M{number}"),
                    person=who,
                    unit=UnitId(f"PG{group}"),
                    kind=membership_kind,
                    effective=day,
                )
            )
        elif choice == "L":
            asked.append(EndMembership(membership=MembershipId(f"M{earlier}"), effective=day))
        elif choice == "D":
            asked.append(RecordDeparture(person=who, effective=day))
        elif choice == "B":
            grid = GridId(f"N{3 + number % 2}")
            asked.append(BindGrid(grid=grid, department=UnitId("G3"), group=UnitId("PG3"), effective=day))
        else:
            asked.append(UnbindGrid(grid=draw(st.sampled_from(GRIDS)), effective=day))
    return charter, asked


def known(view: V, facts: Sequence[Event]) -> V:
    for fact in facts:
        if type(fact) in view.listens_to() and set(tags_of(view)) <= set(tags_of(fact)):
            view.note(fact)
    return view


def grids_on(day: date, charter: str, facts: Sequence[Event]) -> Iterator[GridDay]:
    """What the rule must know on a day, gathered without any thought of who is concerned by what."""
    rule = learn(shipped(charter)).ex_officio[0]
    for grid in GRIDS:
        binding = known(GridStanding(grid), facts).known
        if binding is None or not binding.span.holds_on(day):
            continue
        number = int(binding.department[1:]) - 1
        head = next(iter(known(Incumbents(HEADS[number]), facts).holders_on(day)), None)
        member = head is not None and known(Memberships(head.person), facts).in_unit_on(binding.group, day)
        designated = bool(known(Incumbents(LEADERS[number]), facts).on(day))
        yield GridDay(grid, rule, head, member, designated)


@settings(max_examples=100, deadline=None)
@given(histories())
def test_who_leads_is_what_the_rule_says_on_every_day(history_of: tuple[str, list[Command]]):
    charter, asked = history_of
    history: Given = given_that(*OFFICES[charter], *BOUND, charter=charter)
    for command in asked:
        answer = history.when(command)
        history.facts += answer.facts
    timelines = {grid: known(Leadership(grid), history.facts).timeline for grid in GRIDS}
    for day in DAYS:
        expected = decide_leadership(grids_on(day, charter, history.facts))
        for grid, timeline in timelines.items():
            recorded = answer_on(timeline, day)
            binding = known(GridStanding(grid), history.facts).known
            if binding is not None and binding.span.holds_on(day):
                assert recorded == expected[grid], (grid, day)
            else:
                assert recorded is None or recorded.appointment is None, (grid, day)


@settings(max_examples=100, deadline=None)
@given(histories())
def test_a_leadership_ends_while_it_is_the_last_and_starts_after_all_others(
    history_of: tuple[str, list[Command]],
):
    charter, asked = history_of
    history: Given = given_that(*OFFICES[charter], *BOUND, charter=charter)
    led: dict[GridId, list[tuple[AppointmentId, Span]]] = {grid: [] for grid in GRIDS}
    for command in asked:
        answer = history.when(command)
        history.facts += answer.facts
        for fact in answer.facts:
            if isinstance(fact, ExOfficioLeadershipStarted):
                assert not any(span.reaches(fact.effective) for _, span in led[fact.grid])
                led[fact.grid].append((fact.appointment, Span(fact.effective)))
            elif isinstance(fact, ExOfficioLeadershipEnded):
                appointment, span = led[fact.grid].pop()
                assert appointment == fact.appointment
                assert span.since <= fact.effective
                assert span.reaches(fact.effective)
                if span.since < fact.effective:
                    led[fact.grid].append((appointment, span.ended(fact.effective)))


@settings(max_examples=100, deadline=None)
@given(histories())
def test_posts_are_held_as_the_rules_say_on_every_day(history_of: tuple[str, list[Command]]):
    charter, asked = history_of
    history: Given = given_that(*OFFICES[charter], *BOUND, charter=charter)
    for command in asked:
        history.facts += history.when(command).facts
    for day in DAYS:
        for place in HEADS + LEADERS:
            acting = [each.acting for each in known(Incumbents(place), history.facts).on(day)]
            assert len(acting) <= 1, (place, day)
        for who in PEOPLE:
            held = [each.kind for each in known(Career(who), history.facts).on(day)]
            assert held.count("substantive") <= 1, (who, day)
