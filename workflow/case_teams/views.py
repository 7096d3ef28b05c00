"""What is known of case teams, and of what somebody is recused from: views that commands share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow.case_teams.events import (
    CaseHandedOver,
    CaseStageReached,
    CaseTeamDissolved,
    CaseTeamFormed,
    InterferenceRecorded,
    LeadChanged,
    MemberJoined,
    MemberLeft,
    OverlayLinked,
    OverlayUnlinked,
    RecusalDeclared,
    RecusalLifted,
    RecusalOrdered,
)
from workflow.charter.case_teams import CaseTeamRule, Form
from workflow.charter.library import by_digest
from workflow.charter.model import Charter
from workflow.dates import Span
from workflow.ids import CaseReference, CaseTeamId, PersonId, UnitId
from workflow.slices import Knows, Refused, View, event


@dataclass
class Handover:
    """From whom to whom a case was handed over. `led`: a change of lead stood on it."""

    giver: PersonId
    receiver: PersonId
    led: bool = False


@dataclass
class Leading:
    """Who leads, and who did last, where nobody does."""

    now: PersonId | None = None
    last: PersonId | None = None


class CaseTeamStanding(View):
    """A case team as it stands. `former` are those who left it; `last` is the date of the last act."""

    case_team: CaseTeamId
    formed: CaseTeamFormed | None = field(init=False, default=None)
    dissolved: bool = field(init=False, default=False)
    members: dict[PersonId, str] = field(init=False, default_factory=dict)
    leading: Leading = field(init=False, default_factory=Leading)
    stage: str = field(init=False, default="")
    overlays: set[UnitId] = field(init=False, default_factory=set)
    recused: set[PersonId] = field(init=False, default_factory=set)
    former: set[PersonId] = field(init=False, default_factory=set)
    handovers: list[Handover] = field(init=False, default_factory=list)
    last: date = field(init=False, default=date.min)

    @event(CaseTeamFormed)
    def was_formed(self, fact: CaseTeamFormed) -> None:
        self.formed, self.leading.now, self.last = fact, fact.lead, fact.effective
        self.members = dict(zip(fact.members, fact.roles, strict=True))

    @event(CaseTeamDissolved)
    def was_dissolved(self, effective: date) -> None:
        self.dissolved, self.last = True, effective

    @event(MemberJoined)
    def joined(self, person: PersonId, role: str, effective: date) -> None:
        self.members[person], self.last = role, effective

    @event(MemberLeft)
    def left(self, person: PersonId, effective: date) -> None:
        self.members.pop(person)
        self.former.add(person)
        if self.leading.now == person:
            self.leading = Leading(None, person)
        self.last = effective

    @event(CaseHandedOver)
    def was_handed_over(self, giver: PersonId, receiver: PersonId, effective: date) -> None:
        self.handovers.append(Handover(giver, receiver))
        self.last = effective

    @event(LeadChanged)
    def got_lead(self, lead: PersonId, handover: int | None, effective: date) -> None:
        self.leading, self.last = Leading(lead), effective
        if handover is not None:
            self.handovers[handover - 1].led = True

    @event(CaseStageReached)
    def reached(self, stage: str, effective: date) -> None:
        self.stage, self.last = stage, effective

    @event(OverlayLinked)
    def was_linked(self, overlay: UnitId, effective: date) -> None:
        self.overlays.add(overlay)
        self.last = effective

    @event(OverlayUnlinked)
    def was_unlinked(self, overlay: UnitId, effective: date) -> None:
        self.overlays.discard(overlay)
        self.last = effective

    @event(RecusalDeclared)
    def was_declared(self, person: PersonId, effective: date) -> None:
        self.recused.add(person)
        self.last = effective

    @event(RecusalOrdered)
    def was_ordered(self, person: PersonId, effective: date) -> None:
        self.recused.add(person)
        self.last = effective

    @event(RecusalLifted)
    def was_lifted(self, person: PersonId, effective: date) -> None:
        self.recused.discard(person)
        self.last = effective

    def must_be_known(self) -> CaseTeamFormed:
        """The team as it was formed. Raises Refused if there is none."""
        if self.formed is None:
            raise unknown()
        return self.formed

    @property
    def charter(self) -> Charter:
        """The one by which everything in this team is decided."""
        return by_digest(self.must_be_known().charter_digest)

    @property
    def rule(self) -> CaseTeamRule:
        rule = self.charter.case_teams
        assert rule is not None  # it could not have been formed
        return rule

    @property
    def form(self) -> Form:
        return self.rule.form(self.must_be_known().form)


class MembersOf(View):
    """Who was a member of a case team, and when."""

    case_team: CaseTeamId
    terms: list[tuple[PersonId, Span]] = field(init=False, default_factory=list)

    @event(CaseTeamFormed)
    def was_formed(self, members: tuple[PersonId, ...], effective: date) -> None:
        self.terms = [(person, Span(effective)) for person in members]

    @event(MemberJoined)
    def joined(self, person: PersonId, effective: date) -> None:
        self.terms.append((person, Span(effective)))

    @event(MemberLeft)
    def left(self, person: PersonId, effective: date) -> None:
        self._end(effective, person)

    @event(CaseTeamDissolved)
    def was_dissolved(self, effective: date) -> None:
        self._end(effective, *(who for who, _ in self.terms))

    def _end(self, day: date, *people: PersonId) -> None:
        self.terms = [
            (who, span.ended(day) if who in people and span.until is None else span) for who, span in self.terms
        ]

    def on(self, day: date) -> set[PersonId]:
        return {person for person, span in self.terms if span.holds_on(day)}


class TeamsFor(View):
    """The case teams that were ever formed for a case."""

    reference: CaseReference
    teams: list[CaseTeamId] = field(init=False, default_factory=list)

    @event(CaseTeamFormed)
    def was_formed(self, case_team: CaseTeamId) -> None:
        self.teams.append(case_team)


class RecusedFrom(View):
    """The case teams that a person is recused from, now."""

    person: PersonId
    teams: set[CaseTeamId] = field(init=False, default_factory=set)

    # Who orders a recusal bears its tag too.

    @event(RecusalDeclared)
    def was_declared(self, case_team: CaseTeamId) -> None:
        self.teams.add(case_team)

    @event(RecusalOrdered)
    def was_ordered(self, case_team: CaseTeamId, person: PersonId) -> None:
        if person == self.person:
            self.teams.add(case_team)

    @event(RecusalLifted)
    def was_lifted(self, case_team: CaseTeamId) -> None:
        self.teams.discard(case_team)


class CaseOf(View):
    """The reference of the case of a team: one, once it is formed."""

    case_team: CaseTeamId
    references: list[CaseReference] = field(init=False, default_factory=list)

    @event(CaseTeamFormed)
    def was_formed(self, case_reference: CaseReference) -> None:
        self.references.append(case_reference)


class Recusals:
    """Which cases people are recused from, now. It is the case that they have no part in: whichever of its teams they
    were recused from, and whichever asks."""

    def __init__(self, people: Iterable[PersonId]) -> None:
        self._people = [RecusedFrom(person) for person in dict.fromkeys(people)]
        self._cases: dict[CaseTeamId, CaseOf] = {}

    def knows(self) -> Knows:
        if self._people:
            yield tuple(self._people)
        self._cases = {team: CaseOf(team) for team in sorted({team for each in self._people for team in each.teams})}
        if self._cases:
            yield tuple(self._cases.values())

    @property
    def teams(self) -> set[CaseTeamId]:
        """Those from which somebody is recused."""
        return set(self._cases)

    @property
    def references(self) -> set[CaseReference]:
        """Those of the cases."""
        return {each for case in self._cases.values() for each in case.references}

    def from_case(self, reference: str) -> set[PersonId]:
        """Who is recused from a case."""
        teams = {team for team, case in self._cases.items() if reference in case.references}
        return {each.person for each in self._people if not teams.isdisjoint(each.teams)}

    def refuse(self, reference: str, person: PersonId | None, pointer: str) -> None:
        """Raises Refused for somebody who must have no part in a case; `pointer` is the parameter that names them."""
        if person in self.from_case(reference):
            raise Refused("case_team.recused", f"{person} is recused from this case.", pointer)


class InterferencesIn(View):
    """How many attempts to interfere were recorded of a team. The team itself does not show that there were any."""

    case_team: CaseTeamId
    number: int = field(init=False, default=0)

    @event(InterferenceRecorded)
    def was_recorded(self, number: int) -> None:
        self.number = number


def unknown() -> Refused:
    """What is said of a team that there is not."""
    return Refused("case_team.unknown", "There is no such case team.", "case_team")


def flaws_of(form: Form, members: Mapping[str, str], lead: str | None) -> list[str]:
    """What the form wants and does not get: `role.at_least`, `role.at_most`, `lead`. `members` are roles by person."""
    flaws = []
    for place in form.members:
        number = sum(role == place.role for role in members.values())
        if number < place.at_least:
            flaws.append(f"{place.role}.at_least")
        if place.at_most is not None and number > place.at_most:
            flaws.append(f"{place.role}.at_most")
    if form.lead_by and (lead is None or members.get(lead) != form.lead_role):
        flaws.append("lead")
    return flaws
