"""Deciding again when a dual report has all its signatures, and when it is accepted on all its lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.again import Decision, differing, learned
from workflow.charter.events import CharterPublished
from workflow.charter.library import by_digest
from workflow.ids import ReportId
from workflow.reports.events import (
    DualReportAccepted,
    DualReportCountersigned,
    DualReportReturned,
    DualReportSubmitted,
)
from workflow.reports.views import ReportStanding
from workflow.slices import Event

_Decided = DualReportSubmitted | DualReportCountersigned | DualReportAccepted
_OfReports = _Decided | DualReportReturned


class ReportsAgain:
    """The completeness of dual reports."""

    def __init__(self) -> None:
        self.decisions = 0
        self._reports: dict[ReportId, ReportStanding] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return (CharterPublished, *_OfReports.__args__)

    def follow(self, fact: Event) -> str:
        if learned(fact) or not isinstance(fact, _OfReports):
            return ""
        standing = self._reports.setdefault(fact.report, ReportStanding(fact.report))
        standing.note(fact)
        return "" if isinstance(fact, DualReportReturned) else differing(fact.report, fact, self._again(fact, standing))

    def _again(self, fact: _Decided, standing: ReportStanding) -> Iterator[Decision]:
        self.decisions += 1
        submitted = standing.submitted
        if submitted is None or submitted.version != fact.version:
            raise LookupError(f"version {fact.version} was never submitted")
        kind = by_digest(submitted.charter_digest).report(submitted.kind)
        if isinstance(fact, DualReportAccepted):
            complete = standing.accepted.keys() >= {part.line for part in kind.parts}
        else:
            complete = standing.signatures.keys() >= set(kind.signed_by)
        yield "complete", fact.complete, complete
