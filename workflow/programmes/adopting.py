"""Adopting a programme: a unit takes a template of the charter for a period."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.model import Charter
from workflow.charter.programmes import ProgrammeTemplate
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import ProgrammeId, UnitId, is_id
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.programmes.events import ProgrammeAdopted
from workflow.programmes.views import ProgrammeStanding
from workflow.slices import Command, Knows, Refused


class AdoptProgramme(Command):
    """Let a unit take a template for a period that is not over. The programme's id is made of the three."""

    template: str
    unit: UnitId
    period: str
    effective: date

    def knows(self) -> Knows:
        if not is_id(id := f"{self.template}.{self.unit}.{self.period}"):
            raise Refused("programme.id", f"{id} cannot be the id of a programme.", "template", "unit", "period")
        self.charters, self.place = CharterInForce(), UnitStanding(self.unit)
        self.standing = ProgrammeStanding(ProgrammeId(id))
        yield self.charters, self.place, self.standing

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        template = _template(charter, self.template)
        period = self._period(template)
        if self.standing.adopted is not None:
            raise Refused("programme.exists", f"There is a programme {self.standing.programme} already.", "period")
        if self.effective > self.context.today:
            raise Refused("programme.future", f"{self.effective} is still to come.", "effective")
        if period.last_day < self.effective:
            raise Refused("programme.over", f"{period} is over on {self.effective}.", "period")
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        if self.place.kind not in template.unit_kinds:
            sentence = f"A {template.id} is adopted by a {' or '.join(template.unit_kinds)}."
            raise Refused("programme.unit_kind", sentence, "unit")
        self.trigger(
            ProgrammeAdopted(
                self.standing.programme,
                template.id,
                self.unit,
                str(period),
                period.first_day,
                period.last_day,
                closing(template, period.last_day, charter),
                charter.version,
                self.charters.digest_on(self.effective),
                self.effective,
            )
        )

    def _period(self, template: ProgrammeTemplate) -> Period:
        try:
            period = Period.parse(self.period)
        except ValueError as error:
            raise Refused("programme.period", f"{error}.", "period") from None
        if period.frequency != template.cadence:
            raise Refused("programme.period", f"A {template.id} is {template.cadence}.", "period")
        return period


def closing(template: ProgrammeTemplate, last_day: date, charter: Charter) -> date:
    """The day on which a programme closes, and nothing counts any more."""
    return Calendar(charter).add(last_day, template.closing_working_days) + ONE_DAY


def _template(charter: Charter, id: str) -> ProgrammeTemplate:
    known = [each.id for each in charter.programmes]
    if id not in known:
        sentence = f"The charter knows no such programme; it knows {', '.join(known) or 'none'}."
        raise Refused("programme.template", sentence, "template")
    return charter.programme(id)
