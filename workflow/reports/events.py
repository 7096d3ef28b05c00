"""What happened to dual reports (row 4 of the domain): submitted, countersigned, returned, accepted.

`version` counts how often the report was submitted. Signatures and acceptances are those of a version; what is
returned is submitted anew, as the next one, and the versions before it stay.
"""

from __future__ import annotations

from datetime import date

import msgspec

from workflow.ids import PersonId, ReportId, UnitId
from workflow.slices import Event


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a report says about one line."""

    line: str
    text: str


class DualReportSubmitted(Event):
    """A unit reports for a period. `person` submits it, and signs it so for `levels` of the chain.

    `complete`: no other signature is missing.
    """

    TOPIC = "dual_report.submitted"
    report: ReportId
    kind: str
    unit: UnitId
    period: str
    version: int
    parts: tuple[Part, ...]
    evidence: tuple[str, ...]
    person: PersonId
    levels: tuple[str, ...]
    complete: bool
    charter: str
    charter_digest: str
    effective: date


class DualReportCountersigned(Event):
    """`person` signs it too, for `levels` of the chain. `complete`: now all signatures are there."""

    TOPIC = "dual_report.countersigned"
    report: ReportId
    unit: UnitId
    version: int
    person: PersonId
    levels: tuple[str, ...]
    complete: bool
    effective: date


class DualReportAccepted(Event):
    """It is received on one of its lines, by the holder of a `level` of the chain. `complete`: now on all of them."""

    TOPIC = "dual_report.accepted"
    report: ReportId
    unit: UnitId
    version: int
    line: str
    level: str
    person: PersonId
    complete: bool
    effective: date


class DualReportReturned(Event):
    """It is sent back on one of its lines, to be submitted anew; the reason is in the entry."""

    TOPIC = "dual_report.returned"
    report: ReportId
    unit: UnitId
    version: int
    line: str
    level: str
    person: PersonId
    effective: date
