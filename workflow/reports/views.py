"""What is known of a dual report."""

from __future__ import annotations

from dataclasses import field
from datetime import date

from workflow.ids import PersonId, ReportId
from workflow.reports.events import (
    DualReportAccepted,
    DualReportCountersigned,
    DualReportReturned,
    DualReportSubmitted,
)
from workflow.slices import View, event


class ReportStanding(View):
    """The last version of a report: who signed it for which levels, on which lines it was accepted, and whether it was
    returned. `last` is the effective date of the last act."""

    report: ReportId
    submitted: DualReportSubmitted | None = field(init=False, default=None)
    signatures: dict[str, PersonId] = field(init=False, default_factory=dict)
    accepted: dict[str, PersonId] = field(init=False, default_factory=dict)
    returned: bool = field(init=False, default=False)
    last: date = field(init=False, default=date.min)

    @event(DualReportSubmitted)
    def was_submitted(self, fact: DualReportSubmitted) -> None:
        self.submitted, self.last, self.returned = fact, fact.effective, False
        self.signatures, self.accepted = dict.fromkeys(fact.levels, fact.person), {}

    @event(DualReportCountersigned)
    def was_countersigned(self, person: PersonId, levels: tuple[str, ...], effective: date) -> None:
        self.signatures |= dict.fromkeys(levels, person)
        self.last = effective

    @event(DualReportAccepted)
    def was_accepted(self, line: str, person: PersonId, effective: date) -> None:
        self.accepted[line], self.last = person, effective

    @event(DualReportReturned)
    def was_returned(self, effective: date) -> None:
        self.returned, self.last = True, effective
