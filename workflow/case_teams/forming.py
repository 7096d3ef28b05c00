"""Forming and dissolving case teams."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.case_teams.acts import ActOnCaseTeam, refuse_future, refuse_not_named, refuse_unfit
from workflow.case_teams.events import CaseTeamDissolved, CaseTeamFormed
from workflow.case_teams.views import CaseTeamStanding, Recusals, flaws_of
from workflow.charter.case_teams import CaseTeamRule, Form
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import CaseReference, CaseTeamId, PersonId, UnitId
from workflow.organisation.levels import LevelHolders
from workflow.organisation.views import Standing, UnitStanding
from workflow.slices import Command, Knows, Refused, together


class FormCaseTeam(Command):
    """Form a team for a case, in one of the forms of the charter and composed as it wants.

    `roles` stand beside `members`. `named_by` holds the level that names the lead. Of the case nothing is said but the
    reference. Who is recused from the case has no part in another team of it either.
    """

    case_team: CaseTeamId
    unit: UnitId
    form: str
    case_reference: CaseReference
    members: tuple[PersonId, ...]
    roles: tuple[str, ...]
    effective: date
    lead: PersonId | None = None
    named_by: PersonId | None = None

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), CaseTeamStanding(self.case_team)
        self.place, self.services = UnitStanding(self.unit), [Standing(each) for each in sorted(set(self.members))]
        self.recusals = Recusals([*self.members, *([self.named_by] if self.named_by else [])])
        known = self.charters, self.standing, self.place, *self.services
        yield from together([iter([known]), self.recusals.knows()])
        charter = self.charters.on(self.effective)
        rule, form = _form(charter, self.form)
        if self.place.kind not in rule.unit_kinds:
            self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
            raise Refused("case_team.unit", f"Teams are of a {', '.join(rule.unit_kinds)}.", "unit")
        self.levels = LevelHolders(charter, self.unit, [form.lead_by] if form.lead_by else [], self.effective)
        yield from self.levels.knows()

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        rule, form = _form(charter, self.form)
        refuse_future(self.effective, self.context)
        if self.standing.formed is not None:
            raise Refused("case_team.exists", f"There is a case team {self.case_team} already.", "case_team")
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        if not charter.is_case(self.case_reference):
            sentence = "Of a case only its reference is told, as the charter has it."
            raise Refused("case_team.reference", sentence, "case_reference")
        for person in self.members:
            self.recusals.refuse(self.case_reference, person, "members")
        self.recusals.refuse(self.case_reference, self.named_by, "named_by")
        self._refuse_members(rule)
        if form.lead_by:
            refuse_not_named(self.levels, form.lead_by, self.named_by)
        elif self.lead is not None or self.named_by is not None:
            raise Refused("case_team.no_lead", f"A {form.id} has no lead.", "lead")
        flaws = flaws_of(form, dict(zip(self.members, self.roles, strict=True)), self.lead)
        if flaws:
            raise Refused("case_team.composition", f"A {form.id} is not composed so: {', '.join(flaws)}.", "members")
        self.trigger(
            CaseTeamFormed(
                self.case_team,
                self.unit,
                form.id,
                self.case_reference,
                self.members,
                self.roles,
                self.lead,
                self.named_by,
                charter.version,
                self.charters.digest_on(self.effective),
                self.effective,
            )
        )

    def _refuse_members(self, rule: CaseTeamRule) -> None:
        if len(self.members) != len(self.roles) or len(self.services) < len(self.members):
            raise Refused("case_team.members", "Each member is named once, with a role.", "members")
        form = rule.form(self.form)
        roles = dict(zip(self.members, self.roles, strict=True))
        for service in self.services:
            refuse_role(form, roles[service.person])
            refuse_unfit(rule, service, roles[service.person], self.effective)


class DissolveCaseTeam(ActOnCaseTeam):
    """Dissolve a team. Who is recused from it stays so."""

    def execute(self) -> None:
        formed = self.begin()
        self.trigger(CaseTeamDissolved(self.case_team, formed.unit, self.effective))


def refuse_role(form: Form, role: str) -> None:
    """Raises Refused for a role that the form does not have."""
    roles = [place.role for place in form.members]
    if role not in roles:
        raise Refused("case_team.role", f"A {form.id} has the roles {', '.join(roles)}.", "role")


def _form(charter: Charter, id: str) -> tuple[CaseTeamRule, Form]:
    rule = charter.case_teams
    if rule is None:
        raise Refused("case_team.charter", "The charter knows no case teams.", "form")
    form = next((each for each in rule.forms if each.id == id), None)
    if form is None:
        raise Refused("case_team.form", f"The forms are {', '.join(each.id for each in rule.forms)}.", "form")
    return rule, form
