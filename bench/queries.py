"""How long a query takes as of any moment, beside the same query now; through the views that the interface calls."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select

from bench.filling import filled
from bench.history import INSTITUTION, PEOPLE
from bench.places import Place, Places
from bench.rebuild import with_facts
from bench.rounds import table
from projections.generations import Generations
from projections.models.warnings import WARNING
from projections.views import Moment
from projections.views.chain import Kind, chain
from projections.views.charters import charter_at
from projections.views.indicators import readings
from projections.views.scorecards import scorecard
from projections.views.warnings import OPEN, warnings
from workflow.charter import Charter
from workflow.log import LogRecorder, open_log


@dataclass(frozen=True)
class Picked:
    """What one round of queries asks about: a department, a person in it, a warning that was known at the moment."""

    unit: str
    person: str
    warning: str


Query = Callable[[Connection, Moment, Picked], object]


def _charter(connection: Connection, moment: Moment) -> Charter:
    charter = charter_at(connection, moment)
    assert charter is not None
    return charter


def _chain(kind: Kind, field: str) -> Query:
    def ask(connection: Connection, moment: Moment, picked: Picked) -> object:
        return chain(connection, moment, kind, getattr(picked, field), _charter(connection, moment))

    return ask


QUERIES: Mapping[str, Query] = {
    "chain of a department": _chain("unit", "unit"),
    "chain of a person": _chain("person", "person"),
    "chain of a warning": _chain("warning", "warning"),
    "warnings of a department": lambda c, m, p: warnings(c, m, unit=p.unit),
    "open warnings of a department": lambda c, m, p: warnings(c, m, unit=p.unit, states=OPEN),
    "open warnings of the institution": lambda c, m, p: warnings(c, m, within=INSTITUTION, states=OPEN),
    "scorecard of a department": lambda c, m, p: scorecard(c, m, p.unit, _charter(c, m)),
    "readings of a department": lambda c, m, p: readings(c, m, unit=p.unit),
}


def _measure(place: Place, calls: int) -> dict[str, tuple[list[float], list[float]]]:
    """Milliseconds of each query now and as of any moment, in turns; the first tenth is not counted."""
    generation = Generations(place.database).current()
    assert generation is not None
    log, chance = open_log(place.database), random.Random(7)
    head = log.head().position
    today = _day(log, head)
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in QUERIES}
    with generation.engine.connect() as connection:
        shuffled = select(WARNING.c.warning, WARNING.c.opened).order_by(func.random()).limit(calls)
        known = connection.execute(shuffled).all()
        for number, (warning, opened) in enumerate(known):
            unit = warning.split(".")[2]
            picked = Picked(unit, f"{unit}-P{chance.randrange(PEOPLE):02}", warning)
            position = chance.randint(opened, head)
            moments = Moment(None, today), Moment(position, _day(log, position))
            for name, query in QUERIES.items():
                for place_in_pair in chance.sample((0, 1), 2):
                    started = time.perf_counter()
                    query(connection, moments[place_in_pair], picked)
                    milliseconds = (time.perf_counter() - started) * 1e3
                    if number >= calls // 10:
                        found[name][place_in_pair].append(milliseconds)
    log.close()
    return found


def _day(log: LogRecorder, position: int) -> date:
    entry = log.entry(position)
    assert entry is not None
    return datetime.fromtimestamp(entry.recorded_at / 1e6, UTC).date()


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def run(places: Places, quick: bool) -> str:
    events, calls = (20_000, 40) if quick else (1_000_000, 400)
    rows = []
    for kind in ("sqlite", "postgresql"):
        place = filled(places, kind, events)
        with_facts(place)
        places.settle(place)
        for name, (now, then) in _measure(place, calls).items():
            medians = statistics.median(now), statistics.median(then)
            rows.append(
                [
                    f"{kind}: {name}",
                    f"{medians[0]:.2f}",
                    f"{_p99(now):.2f}",
                    f"{medians[1]:.2f}",
                    f"{_p99(then):.2f}",
                    f"{medians[1] / medians[0]:.2f}×",
                ]
            )
    return (
        f"{calls:,} calls of each on the facts of {events:,} events, as of positions from anywhere in them.\n\n"
        + table(["", "now ms", "p99", "as of ms", "p99", "as of is"], rows)
    )
