"""Deciding again when a dual report has all its signatures, and when it is accepted on all its lines."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from workflow.charter.events import CharterPublished
from workflow.charter.library import UnknownCharter, by_digest, learn
from workflow.charter.loader import CharterError
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


class ReportsAgain:
    """The completeness of dual reports."""

    def __init__(self) -> None:
        self.decisions = 0
        self._reports: dict[ReportId, ReportStanding] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return (CharterPublished, DualReportSubmitted, DualReportCountersigned, DualReportAccepted, DualReportReturned)

    def follow(self, fact: Event) -> str:
        match fact:
            case CharterPublished():
                with suppress(CharterError):  # told by the re-performance of readings
                    learn(fact.text)
            case DualReportReturned():
                self._standing(fact.report).note(fact)
            case DualReportSubmitted() | DualReportCountersigned() | DualReportAccepted():
                return self._decide_again(fact)
        return ""

    def _decide_again(self, fact: _Decided) -> str:
        self.decisions += 1
        standing = self._standing(fact.report)
        standing.note(fact)
        submitted = standing.submitted
        try:
            if submitted is None or submitted.version != fact.version:
                return f"{fact.report} could not be decided: version {fact.version} was never submitted"
            kind = by_digest(submitted.charter_digest).report(submitted.kind)
        except (UnknownCharter, KeyError) as error:
            return f"{fact.report} could not be decided: {error}"
        if isinstance(fact, DualReportAccepted):
            complete = standing.accepted.keys() >= {part.line for part in kind.parts}
        else:
            complete = standing.signatures.keys() >= set(kind.signed_by)
        if fact.complete == complete:
            return ""
        return f"{fact.report}: complete is recorded as {fact.complete} and had to be {complete}"

    def _standing(self, report: ReportId) -> ReportStanding:
        return self._reports.setdefault(report, ReportStanding(report))
