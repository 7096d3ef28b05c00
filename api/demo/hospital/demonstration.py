"""The demonstration of a general hospital as a whole: one year, and what happens in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from api.demo.demonstration import Adoption, Demonstration
from api.demo.files import File
from api.demo.hospital import answers, assessments, duties, measurements, organisation, plans
from workflow.charter import shipped
from workflow.charter.library import learn

TEXT = shipped("hospital")
FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2026, 1, 20)

PARTS = {
    "plans": plans.steps,
    "duties": lambda: duties.steps(learn(TEXT), FIRST_DAY, LAST_DAY),
    "assessment": assessments.steps,
    "late": answers.steps,
}
"""What is done, part by part of the domain; what several do on one day is done in this order, after the imports."""


def stricter_hand_hygiene() -> str:
    """The charter from 1 October 2025 on: hand hygiene is amber below 93 %, and red below 85 %."""
    before, found, after = TEXT.replace('version = "1"', 'version = "2"', 1).partition('id = "Q01"')
    for old, new in (('yellow = "<90"', 'yellow = "<93"'), ('red = "<80"', 'red = "<85"')):
        assert old in after, old
        after = after.replace(old, new, 1)
    return before + found + after


HOSPITAL = Demonstration(
    charters=(
        Adoption(TEXT, FIRST_DAY, FIRST_DAY, "Decided by the board."),
        Adoption(stricter_hand_hygiene(), date(2025, 9, 15), date(2025, 10, 1), "Advised by the committee."),
    ),
    zone=ZoneInfo("Europe/Dublin"),
    first_day=FIRST_DAY,
    last_day=LAST_DAY,
    folder=Path(__file__).with_name("files"),
    files=(
        File(
            "organisation.xlsx",
            {"units": organisation.units, "posts": organisation.posts, "grids": organisation.grids},
            headers="en",
        ),
        File("roster.csv", {"roster": organisation.roster}, "utf-8", "en"),
        File("memberships.csv", {"memberships": organisation.memberships}, "utf-8", "en"),
        File("appointments.csv", {"appointments": organisation.appointments}, "utf-8", "en"),
        File("targets.csv", {"targets": measurements.targets}, "utf-8", "en"),
        File("readings-2025.csv", {"readings": measurements.readings}, "utf-8", "en"),
    ),
    parts=PARTS,
    answers=answers.answers,
    recorder="records-office",
    adopted_by=("quality-office", "peer-review"),
    logins={
        "records-office": "recorder",
        "lead-M2": "leader",
        "peer-review": "assessor",
        "quality-office": "supervisor",
        "internal-audit": "auditor",
        "it-desk": "admin",
    },
)
