"""Study: sessions, and how everybody attended who had to."""

from __future__ import annotations

from typing import Any

from projections.facts import At, Facts, FactTable, ReadModel, day, document, integer, text
from workflow.study.events import (
    AttendanceCorrected,
    AttendanceMadeUp,
    MakeUpReturned,
    MakeUpVerified,
    SessionCancelled,
    SessionHeld,
    SessionScheduled,
)

SESSION = FactTable(
    "study_session",
    key=[text("session")],
    columns=[
        text("tier"),
        text("unit"),
        day("held_on"),
        text("state"),
        text("topic"),
        document("materials"),
        text("host"),
        text("speaker"),
        text("place"),
        text("charter"),
        document("evidence"),
        document("guests"),
        integer("present"),
        integer("excused"),
        integer("absent"),
        integer("made_up"),
        text("why"),
    ],
    indexes=[["unit"], ["held_on"]],
    register=["state", "unit"],
)
"""A row holds while the session is scheduled, held or cancelled (`why`). `held_on` is its day, held or not. `present`,
`excused`, `absent` and `made_up` count who had to attend, null until it is held; `made_up` are verified ones."""

ATTENDANCE = FactTable(
    "study_attendance",
    key=[text("session"), text("person")],
    columns=[
        text("tier"),
        text("unit"),
        day("held_on"),
        text("state"),
        day("made_up_on"),
        day("make_up_until"),
        document("evidence"),
        text("verifier"),
        text("why"),
    ],
    indexes=[["person"]],
)
"""A row holds while somebody who had to attend is present, excused, absent, making_up or made_up. `why` says why a
make-up was returned, or an attendance corrected."""

_COUNTED = {"present": "present", "excused": "excused", "absent": "absent", "making_up": "absent", "made_up": "made_up"}


def scheduled(facts: Facts, fact: SessionScheduled, at: At) -> None:
    about: dict[str, Any] = {
        "tier": fact.tier,
        "unit": fact.unit,
        "held_on": fact.on,
        "state": "scheduled",
        "topic": fact.topic,
        "materials": fact.materials,
        "host": fact.host,
        "speaker": fact.speaker,
        "place": fact.place,
        "charter": fact.charter,
    }
    if facts.get(SESSION, fact.session) is None:
        facts.open(SESSION, fact.session, valid_from=fact.effective, **about)
    else:  # after it was cancelled
        facts.amend(SESSION, fact.session, effective=fact.effective, **about, why=None)


def held(facts: Facts, fact: SessionHeld, at: At) -> None:
    facts.amend(
        SESSION,
        fact.session,
        effective=fact.effective,
        state="held",
        evidence=fact.evidence,
        guests=fact.guests,
        present=len(fact.present),
        excused=len(fact.excused),
        absent=len(fact.absent),
        made_up=0,
    )
    for state, people in (("present", fact.present), ("excused", fact.excused), ("absent", fact.absent)):
        for person in people:
            facts.open(
                ATTENDANCE,
                fact.session,
                person,
                valid_from=fact.effective,
                tier=fact.tier,
                unit=fact.unit,
                held_on=fact.on,
                state=state,
                made_up_on=None,
                make_up_until=None,
                evidence=None,
                verifier=None,
                why=None,
            )


def cancelled(facts: Facts, fact: SessionCancelled, at: At) -> None:
    facts.amend(SESSION, fact.session, effective=fact.effective, state="cancelled", why=at.reason)


def made_up(facts: Facts, fact: AttendanceMadeUp, at: At) -> None:
    about = {"made_up_on": fact.made_up_on, "evidence": fact.evidence, "make_up_until": fact.until, "verifier": None}
    _attended(facts, fact, "making_up", why=None, **about)


def verified(facts: Facts, fact: MakeUpVerified, at: At) -> None:
    _attended(facts, fact, "made_up", verifier=fact.verifier)


def returned(facts: Facts, fact: MakeUpReturned, at: At) -> None:
    _attended(facts, fact, "absent", verifier=fact.verifier, why=at.reason)


def corrected(facts: Facts, fact: AttendanceCorrected, at: At) -> None:
    _attended(facts, fact, fact.state, why=at.reason)


def _attended(facts: Facts, fact: Any, state: str, **changes: Any) -> None:
    """What is told of one person may be of an earlier day than what was told of another: each day has its counts."""
    before: dict[str, Any] = facts.get(ATTENDANCE, fact.session, fact.person) or {}
    facts.amend(ATTENDANCE, fact.session, fact.person, effective=fact.effective, state=state, **changes)
    was, now = _COUNTED[before["state"]], _COUNTED[state]

    def change(row: dict[str, Any]) -> dict[str, Any]:
        return {was: row[was] - 1, now: row[now] + 1} if was != now else {}

    facts.revise(SESSION, fact.session, effective=fact.effective, change=change)


MODEL = ReadModel(
    "study",
    version=3,
    tables=[SESSION, ATTENDANCE],
    handlers={
        SessionScheduled: scheduled,
        SessionHeld: held,
        SessionCancelled: cancelled,
        AttendanceMadeUp: made_up,
        MakeUpVerified: verified,
        MakeUpReturned: returned,
        AttendanceCorrected: corrected,
    },
)
