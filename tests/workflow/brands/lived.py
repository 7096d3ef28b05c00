"""A year of four brands, lived through the writer: what people do day by day, beside the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from tests.workflow.brands.known import PLACES, TWO, B, S, T, U, apply, check, list_, mend, move, review
from tests.workflow.clock.house import Institution
from tests.workflow.duties.known import DEPUTY, ORGAN, ORGANISATION
from tests.workflow.indicators.known import START
from workflow.brands.agenda import Brands
from workflow.ids import BrandId, PersonId
from workflow.organisation.events import PersonRegistered
from workflow.organisation.people import RegisterPerson
from workflow.slices import Command, Event

FIRST, LAST = date(2025, 3, 3), date(2026, 3, 16)
RENEWAL, ANEW = date(2026, 1, 12), date(2026, 2, 20)


def of_a_year(brand: BrandId, year: int, day: date) -> Iterator[Command]:
    """All that it takes to list or renew a brand, on one day."""
    outside = (TWO, DEPUTY if PLACES[brand][0] == "OC" else ORGAN)
    yield apply(brand, year=year, effective=day)
    for reviewer in outside:
        yield review(brand, year=year, reviewer=reviewer, effective=day)
    yield list_(brand, year, day)


BY = date(2025, 8, 19)

LIVED: Mapping[date, Sequence[Command]] = {
    FIRST: [command for brand in (U, S, T, B) for command in of_a_year(brand, 2025, FIRST)],
    date(2025, 5, 6): [move(B, T, date(2025, 5, 6))],
    date(2025, 7, 8): [
        check(brand=U, checker=TWO),
        check("mend", brand=S, checker=TWO, mend_by=BY),
        check("mend", brand=T, checker=TWO, mend_by=BY),
    ],
    date(2025, 7, 21): [check(on=date(2025, 7, 21), checker=TWO)],
    date(2025, 8, 25): [mend(date(2025, 8, 25), brand=S, checker=TWO)],
    date(2025, 10, 9): [move(B, S, date(2025, 10, 9))],
    RENEWAL: [command for brand in (U, S) for command in of_a_year(brand, 2026, RENEWAL)],
    ANEW: [*of_a_year(B, 2026, ANEW)],
}
"""T is never mended and lapses; B is checked late, lapses too, and is listed anew."""


def house(folder: Path) -> Institution:
    """The organisation, whose people only a writer can seal."""
    facts = [fact for fact in ORGANISATION if not isinstance(fact, PersonRegistered)]
    place = Institution(f"sqlite:///{folder}/log.sqlite", facts, FIRST)
    for number in range(1, 10):
        known = RegisterPerson(
            person=PersonId(f"P{number}"), personnel_class="prosecutor", name=f"P{number}", effective=START
        )
        place.do(known, approver="C2", reason="Taken over.")
    return place


def live(place: Institution, awake: Iterable[date] | None = None) -> None:
    """Each day what people do, and before it, in the nights given or in all, the clock."""
    clock, nights = place.clock(lambda: [Brands()]), None if awake is None else set(awake)
    while place.day <= LAST:
        if nights is None or place.day in nights:
            clock.until(place.day)
        for command in LIVED.get(place.day, ()):
            place.do(command, approver="C2", reason="So decided.")
        place.day += timedelta(days=1)
    place.day = LAST
    clock.until(LAST)


def about_brands(place: Institution) -> list[Event]:
    return [fact for fact in place.facts() if fact.TOPIC.startswith("brand.")]
