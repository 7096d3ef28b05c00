"""What the tests of programmes say has happened: two departments with handlers and members, programmes adopted."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.given import Given, given
from tests.workflow.duties.known import member
from tests.workflow.indicators.known import TEXT, department, holds, person, post
from workflow.charter.loader import digest
from workflow.ids import CompletionId, PersonId, ProgrammeId, UnitId
from workflow.programmes.adopting import AdoptProgramme
from workflow.programmes.checking import ReturnCompletion, VerifyCompletion
from workflow.programmes.doing import CompleteItem, ReportItemProgress
from workflow.programmes.enrolling import EnrolParticipants, WithdrawParticipant
from workflow.programmes.events import (
    ItemCompleted,
    ItemVerified,
    ParticipantsEnrolled,
    ParticipantWithdrawn,
    ProgrammeAdopted,
)
from workflow.slices import Event

RULE = ("1", digest(TEXT))
NEW_YEAR, LAST, CLOSES = date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 16)
ADOPTED, MARCH, JUNE = date(2025, 1, 6), date(2025, 3, 3), date(2025, 6, 3)
ONES, SIX, QUALITY = (ProgrammeId(f"{each}.I.2025") for each in ("four_ones", "six_ones", "quality_project"))
P1, P2, HEAD, STRANGER = PersonId("P1"), PersonId("P2"), PersonId("P0"), PersonId("P19")
G3, G4 = UnitId("G3"), UnitId("G4")

ORGANISATION: tuple[Event, ...] = (
    department("I", "institution"),
    department("G3", parent="I"),
    department("G4", parent="I"),
    department("B2", "branch"),
    *(person(f"P{n}") for n in range(20)),
    post("G3-HEAD", "G3"),
    *(post(f"G3-H{n}", "G3", "handler") for n in range(1, 9)),
    *(post(f"G4-H{n}", "G4", "handler") for n in range(10, 14)),
    holds("P0", "G3-HEAD", "G3"),
    *(holds(f"P{n}", f"G3-H{n}", "G3") for n in range(1, 9)),
    *(holds(f"P{n}", f"G4-H{n}", "G4") for n in range(10, 14)),
    member("P1", "B2"),
)
"""P0 heads G3, with the handlers P1 to P8; G4 has the handlers P10 to P13. P1 is a member of B2."""


def adopt(template: str = "four_ones", unit: str = "I", period: str = "2025", on: date = ADOPTED) -> AdoptProgramme:
    return AdoptProgramme(template=template, unit=UnitId(unit), period=period, effective=on)


def adopted(template: str = "four_ones", on: date = ADOPTED) -> ProgrammeAdopted:
    id = ProgrammeId(f"{template}.I.2025")
    return ProgrammeAdopted(id, template, UnitId("I"), "2025", NEW_YEAR, LAST, CLOSES, *RULE, on)


def enrol(*ids: str, programme: str = ONES, on: date = ADOPTED) -> EnrolParticipants:
    persons = tuple(PersonId(id) for id in ids if id.startswith("P"))
    units = tuple(UnitId(id) for id in ids if not id.startswith("P"))
    return EnrolParticipants(programme=ProgrammeId(programme), persons=persons, units=units, effective=on)


def enrolled(*ids: str, programme: str = ONES, on: date = ADOPTED) -> ParticipantsEnrolled:
    asked = enrol(*ids, programme=programme, on=on)
    template = programme.partition(".")[0]
    return ParticipantsEnrolled(
        asked.programme, template, asked.persons, asked.units, max(on, NEW_YEAR), date(2026, 1, 1), on
    )


def withdraw(who: str = P1, on: date = MARCH, programme: str = ONES) -> WithdrawParticipant:
    return WithdrawParticipant(programme=ProgrammeId(programme), effective=on, **whom(who))


def withdrawn(who: str = P1, on: date = MARCH, cause: str = "decided", programme: str = ONES) -> ParticipantWithdrawn:
    template = programme.partition(".")[0]
    return ParticipantWithdrawn(ProgrammeId(programme), template, *sides(who), cause, on)


def whom(id: str) -> dict[str, Any]:
    return {"person": PersonId(id)} if id.startswith("P") else {"unit": UnitId(id)}


def sides(id: str) -> tuple[PersonId | None, UnitId | None]:
    return (PersonId(id), None) if id.startswith("P") else (None, UnitId(id))


def complete(item: str = "paper", who: str = P1, programme: str = ONES, **changes: Any) -> CompleteItem:
    asked: dict[str, Any] = {"done_on": MARCH, "evidence": ("the paper",), "effective": MARCH, **changes}
    return CompleteItem(programme=ProgrammeId(programme), item=item, **whom(who), **asked)


def completed(
    item: str = "paper",
    who: str = P1,
    number: int = 1,
    programme: str = ONES,
    on: date = MARCH,
    done_on: date | None = None,
    quantity: int = 1,
    by: PersonId | None = None,
) -> ItemCompleted:
    id = CompletionId(f"{programme}.{who}.{item}.{number}")
    return ItemCompleted(id, ProgrammeId(programme), item, *sides(who), quantity, done_on or on, ("the paper",), by, on)


def progress(item: str = "paper", who: str = P1, **changes: Any) -> ReportItemProgress:
    asked: dict[str, Any] = {"note": "Half of it.", "effective": MARCH, **changes}
    return ReportItemProgress(programme=ONES, item=item, **whom(who), **asked)


def verify(of: ItemCompleted, by: PersonId = HEAD, on: date = MARCH, finding: str = "Well done.") -> VerifyCompletion:
    return VerifyCompletion(completion=of.completion, verifier=by, finding=finding, effective=on)


def send_back(of: ItemCompleted, by: PersonId = HEAD, on: date = MARCH) -> ReturnCompletion:
    return ReturnCompletion(completion=of.completion, verifier=by, finding="Too short.", effective=on)


def verified(of: ItemCompleted, by: PersonId = HEAD, on: date = MARCH) -> ItemVerified:
    return ItemVerified(of.completion, of.programme, of.item, of.person, of.unit, by, "Well done.", on)


def known(*facts: Event) -> Given:
    return given(*ORGANISATION, *facts)
