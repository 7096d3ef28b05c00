"""Interference: that somebody tried to influence a case from outside or from above is recorded, for inspectors only."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.case_teams.acts import refuse_future
from workflow.case_teams.events import InterferenceRecorded
from workflow.case_teams.views import CaseTeamStanding, InterferencesIn, Recusals
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import said
from workflow.ids import CaseTeamId, PersonId
from workflow.organisation.views import Standing
from workflow.sealed import personal
from workflow.slices import Command, Knows, Refused, together


class RecordInterference(Command):
    """Record that somebody tried to interfere with a case, as the `person` with whom they tried it.

    `who` it was is sealed; what was wanted is not asked, for that would be facts of the case.
    """

    case_team: CaseTeamId
    person: PersonId
    kind: str
    who: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), CaseTeamStanding(self.case_team)
        self.before, self.service = InterferencesIn(self.case_team), Standing(self.person)
        self.recusals = Recusals([self.person])
        known = self.charters, self.standing, self.before, self.service
        yield from together([iter([known]), self.recusals.knows()])
        self.formed = self.standing.must_be_known()

    def execute(self) -> None:
        charter_for(self, self.charters)
        refuse_future(self.effective, self.context)
        self.rule_version = self.formed.charter
        if self.effective < self.formed.effective:
            raise Refused("interference.order", f"The team is there from {self.formed.effective} on.", "effective")
        self.recusals.refuse(self.formed.case_reference, self.person, "person")
        self.service.must_serve(Span(self.effective, self.effective + ONE_DAY))
        kinds = [each.id for each in self.standing.rule.interference]
        if self.kind not in kinds:
            raise Refused("interference.kind", f"It is one of {', '.join(kinds)}.", "kind")
        who = said(self.who, "interference.who", "It must be said who it was.")
        self.trigger(
            InterferenceRecorded(
                self.case_team,
                self.formed.unit,
                self.before.number + 1,
                self.person,
                self.kind,
                personal(who=who),
                self.effective,
            )
        )
