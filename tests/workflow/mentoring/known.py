"""What the tests of mentoring say has happened: two departments with handlers, a model person, mentorships."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.given import Given, given
from tests.workflow.indicators.known import START, TEXT, department, holds, person, post
from workflow.charter.loader import digest
from workflow.ids import MentorshipId, PersonId, UnitId
from workflow.mentoring.events import Goal, MentorshipEnded, MentorshipStarted, ModelPersonDesignated
from workflow.mentoring.starting import StartMentorship
from workflow.slices import Event

RULE = ("1", digest(TEXT))
MODEL, HEAD, OTHER_HEAD = PersonId("P1"), PersonId("P0"), PersonId("P9")
M1, G3, G4 = MentorshipId("M1"), UnitId("G3"), UnitId("G4")
DAY, TERM = date(2025, 3, 3), date(2025, 9, 1)
GOALS = (Goal("Lead hearings alone", "three hearings"), Goal("Write clear opinions", "no defect in review"))
KIND, FREE = "key_handler", "newcomer"

ORGANISATION: tuple[Event, ...] = (
    department("I", "institution"),
    department("G3", parent="I"),
    department("G4", parent="I"),
    *(person(f"P{n}") for n in range(20)),
    post("G3-HEAD", "G3"),
    post("G4-HEAD", "G4"),
    *(post(f"G3-H{n}", "G3", "handler") for n in range(1, 9)),
    *(post(f"G4-H{n}", "G4", "handler") for n in range(10, 14)),
    holds("P0", "G3-HEAD", "G3"),
    holds("P9", "G4-HEAD", "G4"),
    *(holds(f"P{n}", f"G3-H{n}", "G3") for n in range(1, 9)),
    *(holds(f"P{n}", f"G4-H{n}", "G4") for n in range(10, 14)),
)
"""P0 heads G3, with the handlers P1 to P8; P9 heads G4, with P10 to P13. P14 and those after hold nothing."""


def designated(who: str = MODEL, kind: str = KIND, since: date = START) -> ModelPersonDesignated:
    return ModelPersonDesignated(PersonId(who), kind, "Model of the year", ("decree",), since)


def started(
    id: str = M1,
    mentor: str = MODEL,
    mentee: str = "P2",
    kind: str = KIND,
    since: date = DAY,
    until: date = TERM,
    units: tuple[str, str] = ("G3", "G3"),
) -> MentorshipStarted:
    people = PersonId(mentor), PersonId(mentee)
    places = UnitId(units[0]), UnitId(units[1])
    return MentorshipStarted(MentorshipId(id), *people, kind, GOALS, until, *places, *RULE, since)


def ended(
    cause: str = "mentor", on: date = TERM, since: date | None = None, of: str = M1, mentee: str = "P2"
) -> MentorshipEnded:
    return MentorshipEnded(MentorshipId(of), MODEL, PersonId(mentee), cause, since or on, on)


def start(id: str = M1, mentor: str = MODEL, mentee: str = "P2", **changes: Any) -> StartMentorship:
    asked: dict[str, Any] = {"kind": KIND, "goals": GOALS, "until": TERM, "effective": DAY, **changes}
    return StartMentorship(mentorship=MentorshipId(id), mentor=PersonId(mentor), mentee=PersonId(mentee), **asked)


def known(*facts: Event) -> Given:
    """The organisation, with P1 as a model."""
    return given(*ORGANISATION, designated(), *facts)
