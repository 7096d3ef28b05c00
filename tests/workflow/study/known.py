"""What the tests of study say has happened: a department of an institution, its group and branch, sessions."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.workflow.duties.known import ORGANISATION, RULE, member
from tests.workflow.indicators.known import holds, post
from workflow.ids import PersonId, SessionId, UnitId
from workflow.slices import Event
from workflow.study.events import AttendanceMadeUp, MakeUpVerified, SessionHeld, SessionScheduled

FRIDAY, LAST_DAY = date(2025, 5, 16), date(2025, 5, 30)
"""The day of a session, and the tenth working day after it."""
HOST = PersonId("P7")
CLASSROOM, BRANCH = SessionId("friday_classroom.I.2025-05-16"), SessionId("branch_study.B2.2025-05-16")

KNOWN: tuple[Event, ...] = (
    *ORGANISATION,
    post("G3-H1", "G3", "handler"),
    post("G4-H1", "G4", "handler"),
    holds("P3", "G3-H1", "G3"),
    holds("P4", "G4-H1", "G4"),
    member("P1", "PG3"),
    member("P3", "PG3", "probationary"),
    member("P2", "B2"),
)
"""P1 and P3 are in G3, P4 in G4, P7 in the institution itself; P1, P2 and P3 belong to the branch B2, P2 without a post
on the line of I."""


def people(*numbers: int) -> tuple[PersonId, ...]:
    return tuple(PersonId(f"P{number}") for number in numbers)


def scheduled(session: SessionId = CLASSROOM, on: date = FRIDAY, **more: Any) -> SessionScheduled:
    tier, unit, _ = session.split(".")
    about = {"topic": "The new code", "materials": (), "host": HOST, "speaker": None, "place": "Hall 2", **more}
    return SessionScheduled(
        session, tier, UnitId(unit), on, charter=RULE[0], charter_digest=RULE[1], effective=date(2025, 5, 6), **about
    )


def held(
    session: SessionId = CLASSROOM,
    *,
    present: tuple[int, ...] = (1, 7),
    excused: tuple[int, ...] = (),
    absent: tuple[int, ...] = (3, 4),
    guests: tuple[int, ...] = (),
    on: date = FRIDAY,
) -> SessionHeld:
    tier, unit, _ = session.split(".")
    there = people(*present), people(*guests), people(*excused), people(*absent)
    return SessionHeld(session, tier, UnitId(unit), on, *there, ("minutes",), *RULE, on)


def made_up(person: int, on: date, session: SessionId = CLASSROOM, until: date = LAST_DAY) -> AttendanceMadeUp:
    (who,), unit = people(person), UnitId(session.split(".")[1])
    return AttendanceMadeUp(session, unit, who, on, ("notes",), until, on)


def verified(person: int, on: date, session: SessionId = CLASSROOM) -> MakeUpVerified:
    (who,), unit = people(person), UnitId(session.split(".")[1])
    return MakeUpVerified(session, unit, who, HOST, on)
