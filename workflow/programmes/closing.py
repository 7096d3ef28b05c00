"""What time brings about in programmes: who left is withdrawn, and what is unfinished at the end has lapsed."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.dates import Span, charter_for
from workflow.ids import PersonId, UnitId
from workflow.programmes.events import ParticipantWithdrawn, ProgrammeAdopted, ProgrammeClosed
from workflow.programmes.progress import Done, finished, result
from workflow.programmes.turns import ActOfParticipant, ActOnProgramme, template_of
from workflow.programmes.views import Roll
from workflow.slices import Knows


class WithdrawByTime(ActOfParticipant):
    """Withdraw who left the service within the period, or a unit that was dissolved then, on the night after; not
    before the day on which they were enrolled last, should that be known late."""

    def execute(self) -> None:
        charter_for(self, self.charters)
        adopted, taking = self.standing.must_be_known(), self.participation.taking
        if not taking.spans or taking.withdrawn or self.standing.closed is not None:
            return
        gone = self.gone_on()
        if gone is not None and gone <= self.effective:
            cause = "left" if self.unit is None else "dissolved"
            self.rule_version = adopted.charter
            names = self.programme, adopted.template, self.person, self.unit
            self.trigger(ParticipantWithdrawn(*names, cause, self.effective))


class CloseProgramme(ActOnProgramme):
    """Close a programme whose time is over, with what everybody who still takes part did of what they owed."""

    def knows(self) -> Knows:
        yield from super().knows()
        self.roll = Roll(self.programme)
        yield (self.roll,)

    def execute(self) -> None:
        charter_for(self, self.charters)
        adopted = self.standing.must_be_known()
        if self.standing.closed is None and adopted.closes_on <= self.effective:
            self.rule_version = adopted.charter
            self.trigger(outcome(adopted, self.roll, self.effective))


def outcome(adopted: ProgrammeAdopted, roll: Roll, day: date) -> ProgrammeClosed:
    """How a programme closes on a day."""
    template = template_of(adopted)
    taking = roll.taking_part()
    results = []
    for each in taking.values():
        done = [
            Done(made.item, made.quantity, made.done_on)
            for made in each.completions.values()
            if made.state == "verified"
        ]
        span = Span(each.spans[-1].since, adopted.last_day + ONE_DAY)
        results.append(result(template.items, span, done))
    people = template.participants == "people"
    return ProgrammeClosed(
        adopted.programme,
        adopted.template,
        adopted.unit,
        tuple(PersonId(id) for id in taking) if people else (),
        () if people else tuple(UnitId(id) for id in taking),
        tuple(results),
        sum(finished(each) for each in results),
        day,
    )
