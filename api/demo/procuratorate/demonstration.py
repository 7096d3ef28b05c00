"""The demonstration of a county procuratorate as a whole: two years, and what happens in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from api.demo.demonstration import Adoption, Demonstration
from api.demo.files import File
from api.demo.procuratorate import (
    assessments,
    brands,
    case_teams,
    corrections,
    duties,
    erasure,
    hearings,
    measurements,
    mentoring,
    organisation,
    plans,
    programmes,
    quarterly_assessments,
    quarterly_plans,
    service,
    study,
)
from api.demo.procuratorate.answers import answers
from workflow.charter import shipped
from workflow.charter.library import learn

TEXT = shipped("procuratorate")
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2026, 1, 20)

PARTS = {
    "plans": plans.steps,
    "quarterly_plans": lambda: quarterly_plans.steps(learn(TEXT), FIRST_DAY, LAST_DAY),
    "duties": lambda: duties.steps(learn(TEXT), FIRST_DAY, LAST_DAY),
    "study": lambda: study.steps(learn(TEXT), FIRST_DAY, LAST_DAY),
    "assessment": assessments.steps,
    "quarterly_assessments": lambda: quarterly_assessments.steps(learn(TEXT), FIRST_DAY, LAST_DAY),
    "mentoring": lambda: mentoring.steps(learn(TEXT), LAST_DAY),
    "programmes": lambda: programmes.steps(learn(TEXT), LAST_DAY),
    "brands": brands.steps,
    "case_teams": case_teams.steps,
    "corrections": corrections.steps,
    "service": lambda: service.steps(learn(TEXT), FIRST_DAY, LAST_DAY),
    "hearings": lambda: hearings.steps(learn(TEXT)),
    "erasure": erasure.steps,
}
"""What is done, part by part of the domain; what several do on one day is done in this order, after the imports."""


def stricter_rules() -> str:
    """The charter from 1 July 2025 on (story g): yellow only from 85 % on, below is red."""
    text = TEXT
    for old, new in (('version = "1"', 'version = "2"'), ("yellow = 0.80 }", "yellow = 0.85 }")):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


PROCURATORATE = Demonstration(
    charters=(
        Adoption(TEXT, FIRST_DAY, FIRST_DAY, "Decided by the leading group."),
        Adoption(stricter_rules(), date(2025, 6, 20), date(2025, 7, 1), "Decided by the leading group."),
    ),
    zone=ZoneInfo("Asia/Shanghai"),
    first_day=FIRST_DAY,
    last_day=LAST_DAY,
    folder=Path(__file__).with_name("files"),
    files=(
        File(
            "organisation.xlsx",
            {"units": organisation.units, "posts": organisation.posts, "grids": organisation.grids},
        ),
        File("roster.csv", {"roster": organisation.roster}, "utf-8-sig"),
        File("memberships.csv", {"memberships": organisation.memberships}, "gb18030"),
        File("appointments.csv", {"appointments": organisation.appointments}, "utf-8-sig"),
        File("targets.csv", {"targets": measurements.targets}, "utf-8"),
        File("readings-2024.csv", {"readings": lambda: measurements.readings(2024)}, "utf-8-sig"),
        File("readings-2025.csv", {"readings": lambda: measurements.readings(2025)}, "utf-8-sig"),
    ),
    parts=PARTS,
    answers=answers,
    recorder="clerk",
    adopted_by=("supervisor", "assessor"),
    logins={
        "clerk": "recorder",
        "head-G3": "leader",
        "assessor": "assessor",
        "supervisor": "supervisor",
        "auditor": "auditor",
        "administrator": "admin",
    },
    persons={"head-G3": "P030"},
)
