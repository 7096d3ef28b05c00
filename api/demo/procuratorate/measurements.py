"""What the demonstration organisation measures: two years of targets and readings, the same every time.

Most readings are green, some yellow, few red; what the stories need is written out in SCRIPT, LATE and
MISSING.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from api.demo.courses import YELLOW_SHARE, Range, Ranges, drawn
from api.demo.files import Rows
from api.demo.procuratorate.organisation import DEPARTMENTS

YEARS = (2024, 2025)
SEED = "resonance demonstration 1"


@dataclass(frozen=True)
class Course:
    """How the readings of an indicator run: ranges of values that are green, yellow and red, ends included.

    `department` is 0 for an indicator of all departments. Values have the places of the ends of the ranges.
    """

    indicator: str
    department: int
    target: str
    green: Range
    yellow: Range
    red: Range
    quarterly: bool = False


@dataclass(frozen=True)
class Pace:
    """An indicator whose readings are counts to date, against an even share of the year's target."""

    indicator: str
    department: int
    target: str


COURSES = (
    Course("I01", 1, "98", ("98.0", "100.0"), ("94.0", "97.9"), ("88.0", "92.9")),
    Course("I02", 1, "95", ("95.0", "100.0"), ("86.0", "94.9"), ("78.0", "84.9")),
    Course("I03", 1, "0", ("0", "0"), ("0", "0"), ("0", "0")),
    Course("I04", 2, "100", ("95.0", "104.0"), ("81.0", "94.9"), ("72.0", "79.9")),
    Course("I05", 2, "98", ("98.0", "100.0"), ("93.0", "97.9"), ("88.0", "91.9"), quarterly=True),
    Course("I07", 3, "25", ("22.0", "27.8"), ("28.2", "31.8"), ("32.2", "35.0")),
    Course("I08", 3, "", ("80.0", "90.0"), ("78.0", "79.9"), ("76.0", "77.9")),
    Course("I09", 3, "90", ("90.0", "100.0"), ("81.0", "89.9"), ("72.0", "79.9")),
    Course("I10", 3, "3", ("1.0", "3.0"), ("3.1", "6.0"), ("6.1", "8.0"), quarterly=True),
    Course("I11", 4, "100", ("100.0", "100.0"), ("98.0", "99.9"), ("96.0", "97.9")),
    Course("I14", 5, "95", ("95.0", "100.0"), ("86.0", "94.9"), ("78.0", "84.9")),
    Course("I15", 5, "95", ("95.0", "100.0"), ("89.0", "94.9"), ("80.0", "87.9")),
    Course("I16", 5, "100", ("95.0", "106.0"), ("81.0", "94.9"), ("72.0", "79.9")),
    Course("I17", 6, "100", ("100.0", "100.0"), ("95.0", "99.9"), ("90.0", "94.9")),
    Course("I19", 6, "95", ("95.0", "100.0"), ("86.0", "94.9"), ("78.0", "84.9")),
    Course("I20", 7, "100", ("100.0", "100.0"), ("97.0", "99.9"), ("92.0", "96.9")),
    Course("I21", 7, "100", ("100.0", "100.0"), ("97.0", "99.9"), ("92.0", "96.9")),
    Course("I22", 7, "85", ("85.0", "95.0"), ("76.0", "84.9"), ("68.0", "74.9")),
    Course("I23", 8, "99", ("99.0", "100.0"), ("95.0", "98.9"), ("91.0", "94.9")),
    Course("I24", 8, "2", ("0.5", "2.0"), ("2.1", "5.0"), ("5.1", "7.0"), quarterly=True),
    Course("I25", 8, "10", ("10.0", "14.0"), ("8.0", "9.9"), ("6.0", "7.9"), quarterly=True),
    Course("C6", 0, "0", ("0", "0"), ("0", "0"), ("0", "0"), quarterly=True),
    Course("E1", 0, "10", ("8.0", "10.0"), ("6.0", "7.9"), ("4.5", "5.9"), quarterly=True),
)

COUNTED = {"C1": "100", "C2": "100", "C3": "92", "C4": "4", "C5": "100"}
"""Indicators of all departments whose readings the clock counts, with their targets."""

PACES = (Pace("I06", 2, "48"), Pace("I12", 4, "24"), Pace("I13", 4, "20"), Pace("I18", 6, "36"))

Key = tuple[str, str, str]

SCRIPT: dict[Key, str] = {
    ("I03", "G1", "2024-07"): "1",
    ("C6", "G8", "2024-Q3"): "1",
    # Story (f): red in two successive months.
    ("I07", "G3", "2025-02"): "27.4",
    ("I07", "G3", "2025-03"): "34.0",
    ("I07", "G3", "2025-04"): "33.5",
    ("I07", "G3", "2025-05"): "29.1",
    ("I07", "G3", "2025-06"): "26.8",
    # Story (e): reported red; CORRECTION says what it should have been.
    ("I14", "G5", "2025-04"): "78",
}
PIECES = ("4", "8", "12", "15", "17", "20", "23", "27", "32", "38", "44", "49")
"""I06 of G2 by month of 2025, for story (g): 83.3 % of the pace in June, 82.1 % in July, under new limits."""
SCRIPT |= {("I06", "G2", f"2025-{month:02d}"): count for month, count in enumerate(PIECES, start=1)}

NOTES: dict[Key, str] = {
    ("I07", "G3", "2025-03"): "两名检察官长期培训 Two prosecutors on long training",
    ("I19", "G6", "2024-06"): "补报 Reported late",
}
LATE: dict[Key, str] = {("I19", "G6", "2024-06"): "2024-07-19"}
MISSING: frozenset[Key] = frozenset(
    {("I22", "G7", "2024-08"), ("I02", "G1", "2025-09"), ("E1", "G5", "2024-Q4"), ("E1", "G4", "2025-Q1")}
)


@dataclass(frozen=True)
class Correction:
    """A reading found wrong later: the true value, the day it was found, and why it was wrong."""

    indicator: str
    unit: str
    period: str
    value: Decimal
    found_on: date
    reason: str


CORRECTION = Correction(
    indicator="I14",
    unit="G5",
    period="2025-04",
    value=Decimal(91),
    found_on=date(2025, 6, 16),
    reason="13 of 100 clues were counted as late that were verified in time.",
)

FIRST_OPEN_DAY = {
    "2024-05": 6,
    "2024-10": 8,
    "2025-01": 2,
    "2025-02": 5,
    "2025-05": 6,
    "2025-10": 9,
    "2026-01": 5,
}
"""The first working day of the months that begin with public holidays, in the years of the history."""


def targets() -> Rows:
    """Every department's target for each of its indicators and years; a reference range has none."""
    courses: list[Course | Pace] = [*COURSES, *PACES]
    asked = [(course.indicator, course.target, _units(course)) for course in courses if course.target]
    asked += [(indicator, target, [each.id for each in DEPARTMENTS]) for indicator, target in COUNTED.items()]
    return [
        {"indicator": indicator, "unit": unit, "year": str(year), "target": target, "effective": f"{year}-01-01"}
        for year in YEARS
        for indicator, target, units in sorted(asked)
        for unit in units
    ]


def readings(year: int) -> Rows:
    """The readings of the periods of a year, in the order in which they were reported."""
    rows = [*_course_readings(year), *_pace_readings(year)]
    return sorted(rows, key=lambda row: (row["reported_on"], row["period"], row["indicator"], row["unit"]))


def _course_readings(year: int) -> Iterator[dict[str, str]]:
    for course in COURSES:
        for unit in _units(course):
            for period in _periods(year, course.quarterly):
                key = (course.indicator, unit, period)
                chance = random.Random(":".join((SEED, *key)))
                yield from _reading(key, drawn(Ranges(course.green, course.yellow, course.red), chance))


def _pace_readings(year: int) -> Iterator[dict[str, str]]:
    for pace in PACES:
        for unit in _units(pace):
            count = 0
            for month, period in enumerate(_periods(year, quarterly=False), start=1):
                key = (pace.indicator, unit, period)
                chance = random.Random(":".join((SEED, *key)))
                due = int(pace.target) * month / 12
                behind = month > 3 and chance.random() < YELLOW_SHARE
                count = max(count, math.ceil(0.88 * due) if behind else math.ceil(due * (1 + chance.random() / 12)))
                yield from _reading(key, str(count))


def _reading(key: Key, value: str) -> Iterator[dict[str, str]]:
    if key in MISSING:
        return
    indicator, unit, period = key
    yield {
        "indicator": indicator,
        "unit": unit,
        "period": period,
        "value": SCRIPT.get(key, value),
        "reported_on": LATE.get(key) or _reported_on(key).isoformat(),
        "note": NOTES.get(key, ""),
    }


def _units(course: Course | Pace) -> list[str]:
    return [f"G{course.department}"] if course.department else [department.id for department in DEPARTMENTS]


def _periods(year: int, quarterly: bool) -> list[str]:
    if quarterly:
        return [f"{year}-Q{quarter}" for quarter in range(1, 5)]
    return [f"{year}-{month:02d}" for month in range(1, 13)]


def _reported_on(key: Key) -> date:
    """A month is reported on its first or second working day thereafter, a quarter on the ninth."""
    year, part = key[2].split("-")
    last_month = int(part[1:]) * 3 if part.startswith("Q") else int(part)
    after = date(int(year) + last_month // 12, last_month % 12 + 1, 1)
    if part.startswith("Q"):
        return after.replace(day=9)
    first = _working_day(after.replace(day=FIRST_OPEN_DAY.get(f"{after:%Y-%m}", 1)))
    second = _working_day(first + timedelta(days=1))
    late = random.Random(":".join((SEED, "day", *key))).random() < 0.5 and second.day <= 5
    return second if late else first


def _working_day(day: date) -> date:
    """The day itself, or the Monday after the weekend it lies on."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day
