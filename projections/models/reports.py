"""Dual reports: where each is, and what was said in each of its versions."""

from __future__ import annotations

from typing import Any

import msgspec

from projections.facts import At, Facts, FactTable, ReadModel, day, document, integer, text
from workflow.reports.events import (
    DualReportAccepted,
    DualReportCountersigned,
    DualReportReturned,
    DualReportSubmitted,
)

REPORT = FactTable(
    "report",
    key=[text("report")],
    columns=[
        text("kind"),
        text("unit"),
        text("period"),
        integer("version"),
        text("state"),
        day("submitted_on"),
        document("signatures"),
        document("accepted"),
        text("person"),
        text("words"),
    ],
    indexes=[["unit"]],
    register=["state", "unit"],
)
"""A row holds while the report is in a state: submitted, signed, accepted or returned.

Signed, it has all signatures; accepted, it is so on all lines. `signatures` tells by level who signed, and
`accepted` by line who accepted. `person` did the last act, and `words` say why it was returned.
"""

VERSION = FactTable(
    "report_version",
    key=[text("report"), integer("version")],
    columns=[text("person"), document("parts"), document("evidence"), text("charter")],
)


def submitted(facts: Facts, fact: DualReportSubmitted, at: At) -> None:
    if facts.get(REPORT, fact.report) is None:
        facts.open(REPORT, fact.report, valid_from=fact.effective, kind=fact.kind, unit=fact.unit, period=fact.period)
    facts.amend(
        REPORT,
        fact.report,
        effective=fact.effective,
        version=fact.version,
        state="signed" if fact.complete else "submitted",
        submitted_on=fact.effective,
        signatures=dict.fromkeys(fact.levels, fact.person),
        accepted={},
        person=fact.person,
        words="",
    )
    facts.open(
        VERSION,
        fact.report,
        fact.version,
        valid_from=fact.effective,
        person=fact.person,
        parts=fact.parts,
        evidence=fact.evidence,
        charter=fact.charter,
    )


def countersigned(facts: Facts, fact: DualReportCountersigned, at: At) -> None:
    signatures = _told(facts, fact.report, "signatures") | dict.fromkeys(fact.levels, fact.person)
    state = "signed" if fact.complete else "submitted"
    facts.amend(REPORT, fact.report, effective=fact.effective, signatures=signatures, person=fact.person, state=state)


def accepted(facts: Facts, fact: DualReportAccepted, at: At) -> None:
    lines = _told(facts, fact.report, "accepted") | {fact.line: fact.person}
    state = "accepted" if fact.complete else "signed"
    facts.amend(REPORT, fact.report, effective=fact.effective, accepted=lines, person=fact.person, state=state)


def returned(facts: Facts, fact: DualReportReturned, at: At) -> None:
    facts.amend(REPORT, fact.report, effective=fact.effective, state="returned", person=fact.person, words=at.reason)


def _told(facts: Facts, report: str, column: str) -> dict[str, str]:
    known: dict[str, Any] = facts.get(REPORT, report) or {}
    return msgspec.json.decode(known[column], type=dict[str, str])


MODEL = ReadModel(
    "reports",
    version=1,
    tables=[REPORT, VERSION],
    handlers={
        DualReportSubmitted: submitted,
        DualReportCountersigned: countersigned,
        DualReportAccepted: accepted,
        DualReportReturned: returned,
    },
)
