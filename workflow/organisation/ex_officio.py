"""The ex-officio rule: who heads a department leads the group that a grid binds to it, and when not.

`decide_leadership` is the rule, `changes` says which events its answers make. An answer that is recorded with an
effective date replaces, from that day on, all that was foreseen for the grid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import date
from typing import NamedTuple

from workflow.charter.model import Charter
from workflow.charter.structure import ExOfficio as Rule
from workflow.ids import AppointmentId, GridId, PersonId, UnitId
from workflow.organisation.events import (
    ExOfficioLeadershipEnded,
    ExOfficioLeadershipNotApplicable,
    ExOfficioLeadershipStarted,
)
from workflow.organisation.views import Appointment
from workflow.slices import Event, View, event


class Answer(NamedTuple):
    """Who leads a group ex officio, or why nobody does: `why` is "" where `person` leads by `appointment`."""

    person: PersonId | None
    appointment: AppointmentId | None = None
    acting: bool = False
    why: str = ""


class GridDay(NamedTuple):
    """What the rule must know of one bound grid on one day. `head` is who heads the department, or acts for it."""

    grid: GridId
    rule: Rule
    head: Appointment | None
    member: bool
    designated: bool


def decide_leadership(grids: Iterable[GridDay]) -> dict[GridId, Answer]:
    """The answer for each grid. `grids` are all those on one day that share a head with one of them.

    Who was appointed to lead the group explicitly goes before everything. One who heads several departments leads
    the groups of those held longest, as many as the rule allows; those held substantively go before acting ones.
    """
    answers: dict[GridId, Answer] = {}
    headed: dict[tuple[str, PersonId], list[tuple[GridDay, Appointment]]] = defaultdict(list)
    for each in grids:
        person = each.head.person if each.head else None
        if each.designated:
            answers[each.grid] = Answer(person, why="designated")
        elif each.head is None:
            answers[each.grid] = Answer(None, why="vacancy")
        else:
            headed[each.rule.id, each.head.person].append((each, each.head))
    for (_, person), claims in headed.items():
        claims.sort(key=lambda claim: (claim[1].acting, claim[1].span.since, claim[0].grid))
        led = 0
        for each, head in claims:
            if led < each.rule.at_most and (each.member or not each.rule.requires_membership):
                answers[each.grid] = Answer(person, head.id, head.acting)
                led += 1
        for each, _ in claims:
            why = "heads_two" if led >= each.rule.at_most else "head_not_member"
            answers.setdefault(each.grid, Answer(person, why=why))
    return answers


Timeline = list[tuple[date, Answer | None]]
"""From each day on, the answer; None: it is not asked, because nothing is bound."""


def answer_on(timeline: Timeline, day: date) -> Answer | None:
    return next((answer for since, answer in reversed(timeline) if since <= day), None)


class Leadership(View):
    """The answers that were recorded for a grid."""

    grid: GridId
    timeline: Timeline = field(init=False, default_factory=list)

    @event(ExOfficioLeadershipStarted)
    def started(self, person: PersonId, appointment: AppointmentId, acting: bool, effective: date) -> None:
        self._from(effective, Answer(person, appointment, acting))

    @event(ExOfficioLeadershipEnded)
    def ended(self, effective: date) -> None:
        self._from(effective, None)

    @event(ExOfficioLeadershipNotApplicable)
    def did_not_apply(self, person: PersonId | None, why: str, effective: date) -> None:
        self._from(effective, Answer(person, why=why))

    def _from(self, day: date, answer: Answer | None) -> None:
        self.timeline = [known for known in self.timeline if known[0] < day] + [(day, answer)]


class Parties(NamedTuple):
    """The grid that an answer is about, and the rule that gave it."""

    grid: GridId
    group: UnitId
    department: UnitId
    rule: str


def changes(parties: Parties, recorded: Timeline, wanted: Timeline) -> Iterator[Event]:
    """The events that turn the answers `recorded` into those `wanted`, from the first day of `wanted` on.

    None if they are the same. Otherwise, from the first day on which they differ, leaderships that were recorded end,
    the last one first, also those that would only have begun later; then what is wanted is said anew. So an end always
    concerns the last leadership that is known of the grid, and a start comes after all of them.
    """
    start = wanted[0][0]
    days = sorted({start} | {day for day, _ in recorded + wanted if day > start})
    first = next((day for day in days if answer_on(recorded, day) != answer_on(wanted, day)), None)
    if first is None:
        return
    for day, answer in reversed(_from(recorded, first)):
        if answer is not None and answer.appointment is not None:
            yield _ended(parties, answer, answer_on(wanted, day), day)
    previous: Answer | None = None
    for day, answer in _from(wanted, first):
        if previous is not None and previous.appointment is not None:
            yield _ended(parties, previous, answer, day)
        if answer is not None:
            yield _said(parties, answer, day)
        previous = answer


def _from(timeline: Timeline, first: date) -> Timeline:
    return [(first, answer_on(timeline, first)), *(each for each in timeline if each[0] > first)]


def _said(parties: Parties, answer: Answer, day: date) -> Event:
    grid, group, department, rule = parties
    if answer.person is not None and answer.appointment is not None:
        return ExOfficioLeadershipStarted(
            grid, group, department, answer.person, answer.appointment, rule, answer.acting, day
        )
    return ExOfficioLeadershipNotApplicable(grid, group, department, answer.person, rule, answer.why, day)


def _ended(parties: Parties, leads: Answer, then: Answer | None, day: date) -> Event:
    assert leads.person is not None
    assert leads.appointment is not None
    grid, group, department, rule = parties
    why = "unbound" if then is None else then.why or "succeeded"
    return ExOfficioLeadershipEnded(grid, group, department, leads.person, leads.appointment, rule, why, day)


def concerns(charter: Charter, post_kind: str) -> bool:
    """Whether who holds a post of this kind matters to a rule of the charter."""
    heads = {head.id for rule in charter.ex_officio if (head := charter.head_of(rule.head_of))}
    return post_kind in heads or any(post_kind == rule.post_kind for rule in charter.ex_officio)
