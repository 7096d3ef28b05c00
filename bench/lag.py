"""From write to visible: how long after a command's answer its facts can be read, a real projector process between."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from itertools import count, islice, product

from bench.beside import beside
from bench.commands import open_writer
from bench.filling import filled
from bench.history import REPORTED
from bench.places import Place, Places
from bench.rebuild import with_facts
from bench.rounds import table
from projections.generations import Generations
from projections.models import MODELS
from projections.projector import Projector
from projections.store import checkpoints
from workflow.database import Database
from workflow.ids import IndicatorId, UnitId
from workflow.indicators.readings import ReportReading
from workflow.log import open_log
from workflow.log.recorder import POLL
from workflow.slices import Context

PERIOD, TODAY = "2025-06", date(2025, 7, 3)


def _project(database: Database, stop: threading.Event) -> None:
    log = open_log(database)
    Projector(database, log, MODELS).run(stop)
    log.close()


class _Watching:
    """When each position could be read first, as a reader sees it who looks every millisecond."""

    def __init__(self, place: Place) -> None:
        generation = Generations(place.database).current()
        assert generation is not None
        self._engine = generation.engine
        self.seen: list[tuple[float, int]] = []

    def until(self, reached: int | None, writing: Future[None] | None = None) -> None:
        """Look until all read models stand at `reached`, or until `writing` is over."""
        last = self.seen[-1][1] if self.seen else 0
        with self._engine.connect() as connection:
            while (writing is not None and not writing.done()) or (reached is not None and last < reached):
                position = min(each.position for each in checkpoints(connection).values())
                connection.rollback()
                if position > last:
                    self.seen.append((time.perf_counter(), position))
                    last = position
                time.sleep(0.001)


def _lags(place: Place, rate: int, commands: int) -> list[float]:
    """Seconds between the answer of each command and the moment when its last event was in all facts."""
    writer = open_writer(place)
    answered: list[tuple[float, int]] = []
    readings = _readings()

    def write() -> None:
        started = time.perf_counter()
        for number, command in enumerate(islice(readings, commands)):
            time.sleep(max(0.0, started + number / rate - time.perf_counter()))
            outcome = writer.handle(command, Context(actor="bench", command_id=f"lag-{number}", today=TODAY))
            answered.append((time.perf_counter(), outcome.last))

    with beside(_project, place):
        watching = _Watching(place)
        warm = writer.handle(next(readings), Context(actor="bench", command_id="lag-first", today=TODAY))
        watching.until(warm.last)
        with ThreadPoolExecutor(1) as threads:
            writing = threads.submit(write)
            watching.until(None, writing)
            writing.result()
        watching.until(answered[-1][1])
    writer.log.close()
    writer.keys.close()
    writer.journal.close()
    lags, seen = [], iter(watching.seen)
    moment, position = next(seen)
    for at, last in answered:
        while position < last:
            moment, position = next(seen)
        lags.append(max(0.0, moment - at))
    return sorted(lags)


def _readings() -> Iterator[ReportReading]:
    """Readings of a month that nobody has reported yet, of one department after the other; one in ten warns."""
    for number, (department, name) in zip(count(), product(range(400), REPORTED), strict=False):
        yield ReportReading(
            indicator=IndicatorId(name),
            unit=UnitId(f"D{department:04}"),
            period=PERIOD,
            value=Decimal(10 if number % 10 == 0 else 100),
            effective=TODAY,
        )


def run(places: Places, quick: bool) -> str:
    events, rate, commands = (20_000, 50, 100) if quick else (1_000_000, 50, 1_500)
    rows = []
    # Both first, for the one is a copy of the other, and what follows adds to them.
    filled_places = {kind: filled(places, kind, events) for kind in ("sqlite", "postgresql")}
    for kind, place in filled_places.items():
        with_facts(place)
        lags = _lags(place, rate, commands)
        at = [lags[int(len(lags) * part)] * 1e3 for part in (0.5, 0.9, 0.99)]
        rows.append([kind, *(f"{each:.1f}" for each in at), f"{lags[-1] * 1e3:.1f}"])
    return (
        f"{commands:,} readings at {rate} a second on a log of {events:,} events; a reader looks every millisecond. "
        f"A projector looks every {POLL * 1e3:.0f} ms for what other processes wrote, which is much of it.\n\n"
        + table(["", "p50 ms", "p90 ms", "p99 ms", "most ms"], rows)
    )
