"""What the demonstration hospital measures in 2025: targets and readings, the same every time.

What the stories need is written out in SCRIPT, LATE and MISSING.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from api.demo.courses import Ranges, drawn
from api.demo.files import Rows
from api.demo.hospital.organisation import DEPARTMENTS, WARDS
from workflow.calendar import Calendar
from workflow.charter import shipped
from workflow.charter.library import learn
from workflow.indicators.colour import target_to_date
from workflow.indicators.definitions import definition_of
from workflow.periods import Period

YEAR = 2025
SEED = "resonance demonstration hospital 1"

CHARTER = learn(shipped("hospital"))

UNITS = {"ward": WARDS, "department": tuple(department.id for department in DEPARTMENTS)}


@dataclass(frozen=True)
class Course:
    """How the readings of an indicator run that stand by themselves, each for its period."""

    indicator: str
    ranges: Ranges


COURSES = (
    Course("Q01", Ranges(("90.0", "99.0"), ("82.0", "89.9"), ("72.0", "79.9"))),
    Course("Q02", Ranges(("0.4", "2.0"), ("2.1", "2.9"), ("3.0", "3.6"))),
    Course("Q03", Ranges(("0", "0"), ("1", "1"), ("2", "2"))),
    Course("Q04", Ranges(("100.0", "100.0"), ("98.0", "99.9"), ("95.0", "97.9"))),
    Course("Q05", Ranges(("5.6", "7.9"), ("8.1", "8.6"), ("5.0", "5.4"))),
    Course("Q09", Ranges(("5.0", "8.0"), ("8.1", "10.0"), ("10.1", "11.5"))),
    Course("Q10", Ranges(("0.1", "1.0"), ("1.1", "1.7"), ("1.8", "2.3"))),
    Course("Q11", Ranges(("91.0", "99.5"), ("81.0", "89.9"), ("71.0", "79.9"))),
)

COUNTED = ("Q06", "Q07", "Q08")
"""The indicators whose readings are counts to date."""

Key = tuple[str, str, str]

SCRIPT: dict[Key, str] = {
    # Falls in Medical Ward 2 are red in two successive months: the review meeting of the hospital's own ladder.
    ("Q02", "M2", "2025-02"): "1.8",
    ("Q02", "M2", "2025-03"): "3.4",
    ("Q02", "M2", "2025-04"): "3.1",
    ("Q02", "M2", "2025-05"): "2.3",
    ("Q02", "M2", "2025-06"): "1.2",
    # Hand hygiene in the short-stay ward stays as it was, and is amber under the stricter limits of October.
    ("Q01", "E1", "2025-09"): "91.5",
    ("Q01", "E1", "2025-10"): "91.5",
}
NOTES: dict[Key, str] = {("Q02", "M2", "2025-03"): "Five falls, three of them at night"}
LATE: dict[Key, str] = {("Q11", "S1", "2025-06"): "2025-07-14"}
MISSING: frozenset[Key] = frozenset({("Q10", "M1", "2025-08")})


def targets() -> Rows:
    """Every unit's target for each of its indicators; a reference range has none."""
    return [
        {
            "indicator": indicator.id,
            "unit": unit,
            "year": str(YEAR),
            "target": str(indicator.target),
            "effective": f"{YEAR}-01-01",
        }
        for indicator in CHARTER.indicators
        if indicator.target is not None
        for unit in _units(indicator.id)
    ]


def readings() -> Rows:
    """All readings, in the order in which they were reported."""
    rows = [*_by_themselves(), *_counted()]
    return sorted(rows, key=lambda row: (row["reported_on"], row["period"], row["indicator"], row["unit"]))


def _by_themselves() -> Iterator[dict[str, str]]:
    for course in COURSES:
        for unit in _units(course.indicator):
            for period in _periods(course.indicator):
                key = (course.indicator, unit, str(period))
                yield from _reading(key, period, drawn(course.ranges, random.Random(":".join((SEED, *key)))))


def _counted() -> Iterator[dict[str, str]]:
    """Counts to date keep up with the target to date, or are at most a twelfth ahead."""
    for indicator in COUNTED:
        definition = definition_of(CHARTER.indicator(indicator))
        for unit in _units(indicator):
            count = Decimal(0)
            for period in _periods(indicator):
                key = (indicator, unit, str(period))
                ahead = 1 + Decimal(random.Random(":".join((SEED, *key))).randrange(100)) / 1200
                wanted = target_to_date(definition, definition.target, period)
                assert wanted is not None
                count = max(count, (wanted * ahead).to_integral_value(ROUND_CEILING))
                yield from _reading(key, period, str(count))


def _reading(key: Key, period: Period, value: str) -> Iterator[dict[str, str]]:
    if key in MISSING:
        return
    indicator, unit, _ = key
    yield {
        "indicator": indicator,
        "unit": unit,
        "period": str(period),
        "value": SCRIPT.get(key, value),
        "reported_on": LATE.get(key) or _reported_on(key, period).isoformat(),
        "note": NOTES.get(key, ""),
    }


def _units(indicator: str) -> tuple[str, ...]:
    scope = CHARTER.indicator(indicator).scope
    return scope.units or tuple(unit for kind in scope.unit_kinds for unit in UNITS[kind])


def _periods(indicator: str) -> Iterator[Period]:
    period = Period.containing(date(YEAR, 1, 1), CHARTER.indicator(indicator).frequency)
    while period.last_day.year == YEAR:
        yield period
        period = period.next


def _reported_on(key: Key, period: Period) -> date:
    """On the first working day after the period, or on the second if that is in time."""
    first, second = (Calendar(CHARTER).add(period.last_day, n) for n in (1, 2))
    late = random.Random(":".join((SEED, "day", *key))).random() < 0.5
    return second if late and second <= period.due(CHARTER) else first
