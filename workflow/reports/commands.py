"""Submitting, countersigning, accepting and returning dual reports.

Who signs holds one of the signing levels of the chain on that day, acting or not. A person signs a version once; that
counts for every signing level that nobody else holds too, so that a report is not stuck where one person holds two of
them. Who signed a version neither accepts nor returns it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflow.charter.duties import ReportKind
from workflow.charter.library import by_digest
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import charter_for
from workflow.duties.events import DutyOpened
from workflow.duties.fulfilment import fulfilment, time_of
from workflow.duties.owing import Parts, owed, parts_of
from workflow.duties.views import DutyStanding
from workflow.evidence import said, shown
from workflow.ids import DutyId, PersonId, ReportId, UnitId
from workflow.organisation.levels import LevelHolders
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.reports.events import (
    DualReportAccepted,
    DualReportCountersigned,
    DualReportReturned,
    DualReportSubmitted,
    Part,
)
from workflow.reports.views import ReportStanding
from workflow.slices import Command, Knows, Refused


class SubmitReport(Command):
    """Report for a unit and a period, and sign it so: a text for each line that the charter asks for, and evidence.

    The first time that fulfils the duty to report. What was returned is submitted anew.
    """

    kind: str
    unit: UnitId
    period: str
    parts: tuple[Part, ...]
    evidence: tuple[str, ...]
    person: PersonId
    effective: date

    def knows(self) -> Knows:
        self.report = ReportId(f"{self.kind}.{self.unit}.{self.period}")
        self.names = _named(self.report)
        self.charters, self.place = CharterInForce(), UnitStanding(self.unit)
        self.standing, self.duty = ReportStanding(self.report), DutyStanding(DutyId(self.report))
        yield self.charters, self.place, self.standing, self.duty
        charter = self.charters.on(self.names.period.first_day)
        self.asked = report_kind(charter, self.kind, self.names.period)
        self.holders = LevelHolders(charter, self.unit, self.asked.signed_by, self.effective)
        yield from self.holders.knows()

    def execute(self) -> None:
        charter_for(self, self.charters)
        opened = self._opened()
        before = self.standing.submitted
        if before is not None and not self.standing.returned:
            raise Refused("report.exists", f"{self.report} was submitted already, and was not returned.", "period")
        first_day = self.names.period.first_day
        _refuse_untimely(self.effective, max(first_day, self.standing.last), self.context.today)
        parts = self._parts()
        evidence = shown(self.evidence, "report.evidence")
        levels = _signing(self.holders, self.asked.signed_by, self.person, self.unit, self.effective)
        self.rule_version = opened.charter
        submitted = DualReportSubmitted(
            self.report,
            self.kind,
            self.unit,
            self.period,
            1 if before is None else before.version + 1,
            parts,
            evidence,
            self.person,
            levels,
            set(levels) == set(self.asked.signed_by),
            opened.charter,
            opened.charter_digest,
            self.effective,
        )
        self.trigger(submitted)
        if self.duty.fulfilled is None and self.duty.excused is None:
            if self.duty.opened is None:
                self.trigger(opened)
            at = time_of(self.effective, self.context)
            fulfilled = fulfilment(
                opened,
                self.duty.due(opened),
                self.effective,
                at,
                person=self.person,
                held_on=self.effective,
                evidence=evidence,
                report=self.report,
            )
            self.trigger(fulfilled)

    def _opened(self) -> DutyOpened:
        """The duty to report. Raises Refused unless the unit owes it."""
        try:
            must = owed(self.charters, self.place, self.names, self.effective)
        except Refused as refused:
            raise Refused(refused.code, refused.sentence, "unit", "period") from None
        return self.duty.opened or must

    def _parts(self) -> tuple[Part, ...]:
        """The parts in the charter's order. Raises Refused unless there is just one for each line."""
        wanted = [part.line for part in self.asked.parts]
        if sorted(part.line for part in self.parts) != sorted(wanted):
            sentence = f"A {self.kind} has one part for each of the lines {', '.join(wanted)}."
            raise Refused("report.parts", sentence, "parts")
        told = {part.line: said(part.text, "report.parts", "No part of a report is blank.") for part in self.parts}
        return tuple(Part(line, told[line]) for line in wanted)


class _ActOnReport(Command):
    """What is done about a report that was submitted."""

    report: ReportId
    person: PersonId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), ReportStanding(self.report)
        yield self.charters, self.standing
        submitted = self.submitted()
        charter = by_digest(submitted.charter_digest)
        self.asked = charter.report(submitted.kind)
        self.lines = {charter.level(level).line: level for level in self.asked.received_by}
        self.holders = LevelHolders(charter, submitted.unit, self.levels(), self.effective)
        yield from self.holders.knows()

    def levels(self) -> Sequence[str]:
        """The levels whose holders may do it."""
        raise NotImplementedError

    def submitted(self) -> DualReportSubmitted:
        """The report as it was submitted last. Raises Refused if it never was."""
        if self.standing.submitted is None:
            raise Refused("report.unknown", f"There is no report {self.report}.", "report")
        return self.standing.submitted

    def begin(self) -> DualReportSubmitted:
        """The report. Raises Refused if it was returned, or if the act would come before the last one."""
        charter_for(self, self.charters)
        submitted = self.submitted()
        if self.standing.returned:
            raise Refused("report.returned", f"{self.report} was returned, and is to be submitted anew.", "report")
        _refuse_untimely(self.effective, self.standing.last, self.context.today)
        self.rule_version = submitted.charter
        return submitted


class CountersignReport(_ActOnReport):
    """Sign a report that somebody else submitted."""

    def levels(self) -> Sequence[str]:
        return self.asked.signed_by

    def execute(self) -> None:
        submitted = self.begin()
        if self.person in self.standing.signatures.values():
            raise Refused("report.signed", f"{self.person} signed it already.", "person")
        missing = [level for level in self.asked.signed_by if level not in self.standing.signatures]
        if not missing:
            raise Refused("report.complete", "All signatures are there.", "report")
        levels = _signing(self.holders, missing, self.person, submitted.unit, self.effective)
        names, complete = (self.report, submitted.unit, submitted.version), set(missing) == set(levels)
        self.trigger(DualReportCountersigned(*names, self.person, levels, complete, self.effective))


class _ActOfReceiver(_ActOnReport):
    """What who receives a report on one of its lines does with it, once it has all signatures."""

    line: str

    def levels(self) -> Sequence[str]:
        if self.line not in self.lines:
            raise Refused("report.line", f"It is received on the lines {', '.join(self.lines)}.", "line")
        return [self.lines[self.line]]

    def receive(self) -> tuple[ReportId, UnitId, int, str, str, PersonId]:
        """What the event says first. Raises Refused unless it is this person's to receive, and was not accepted yet."""
        submitted, level = self.begin(), self.lines[self.line]
        if any(each not in self.standing.signatures for each in self.asked.signed_by):
            raise Refused("report.unsigned", "It is received when it has all signatures.", "report")
        if self.line in self.standing.accepted:
            raise Refused("report.accepted", f"It was accepted on the line {self.line} already.", "line")
        holders = self.holders.holders[level]
        if self.person not in holders:
            by = " or ".join(holders) or "nobody now"
            sentence = f"{self.person} does not receive it on the line {self.line}; that is {by}."
            raise Refused("report.not_receiver", sentence, "person")
        if self.person in self.standing.signatures.values():
            raise Refused("report.own", "Who signed a report does not receive it.", "person")
        return self.report, submitted.unit, submitted.version, self.line, level, self.person


class AcceptReport(_ActOfReceiver):
    """Accept a report on one of its lines."""

    def execute(self) -> None:
        received = self.receive()
        complete = {*self.standing.accepted, self.line} == set(self.lines)
        self.trigger(DualReportAccepted(*received, complete, self.effective))


class ReturnReport(_ActOfReceiver):
    """Send a report back; the reason why is the reason of the command."""

    def execute(self) -> None:
        returned = self.receive()
        if not self.context.reason.strip():
            raise Refused("report.reason", "Why a report is returned must be said.", "reason")
        self.trigger(DualReportReturned(*returned, self.effective))


def report_kind(charter: Charter, kind: str, period: Period) -> ReportKind:
    """Raises Refused unless the charter asks for such a report for such a period."""
    found = next((each for each in charter.reports if each.id == kind), None)
    if found is None or found.cadence != period.frequency:
        raise Refused("report.kind", f"The charter asks for no {kind} for {period}.", "kind", "period")
    return found


def _named(report: ReportId) -> Parts:
    """What the id of a report to come is made of. Raises Refused for a period that is none, or for too long an id."""
    try:
        return parts_of(report, "report")
    except Refused:
        sentence = "A period is written 2025-W23, 2025-05, 2025-Q2 or 2025; an id has at most 80 characters."
        raise Refused("report.period", sentence, "period") from None


def _signing(
    holders: LevelHolders, levels: Sequence[str], person: PersonId, unit: UnitId, day: date
) -> tuple[str, ...]:
    """The levels for which a person's signature counts. Raises Refused if there are none."""
    held = [level for level in levels if person in holders.holders[level]]
    if not held:
        sentence = f"{person} does not sign for {unit} on {day}: that is for {', '.join(levels)}."
        raise Refused("report.not_signatory", sentence, "person")
    return tuple(level for level in held if level == held[0] or set(holders.holders[level]) == {person})


def _refuse_untimely(effective: date, last: date, today: date) -> None:
    if effective < last:
        raise Refused("report.order", f"That is from {last} on, and this is earlier.", "effective")
    if effective > today:
        raise Refused("report.future", f"{effective} is still to come.", "effective")
