"""Loads a demonstration: its files through the import, all else through commands, day by day.

The clock is simulated, so that its history comes to be as it would have; nobody writes an event directly.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from api.charters import apply_charter
from api.demo.demonstration import Adoption, Demonstration
from api.demo.organisations import DEMONSTRATIONS
from api.demo.steps import Step
from api.imports.commands import DATES, import_records
from api.imports.parsing import Record, load
from api.simulation import SimulatedClock
from api.wiring import Resonance
from workflow.agendas import agendas
from workflow.calendar import Calendar
from workflow.charter import digest
from workflow.charter.events import CharterPublished
from workflow.charter.library import learn
from workflow.clock.clock import CLOCK, Clock
from workflow.entry import read_envelope
from workflow.ids import CharterId
from workflow.log.recorder import Entry
from workflow.slices import Context, Event

Act = Callable[[], None]


@dataclass(frozen=True)
class Loaded:
    """What the log holds now."""

    events: int


class Loading:
    """The days of a demonstration, each with what is done on it. What is done may put something on a later day."""

    def __init__(self, demonstration: Demonstration, resonance: Resonance, clock: SimulatedClock) -> None:
        self._demonstration = demonstration
        self._resonance = resonance
        self._clock = clock
        self._calendar = Calendar(learn(demonstration.charters[0].text))
        self._acts: list[tuple[date, int, Act]] = []
        self._planned = 0
        self._seen = 0
        self._ticking = Clock(resonance.log, resonance.handle_all, agendas())

    def load(self, progress: Callable[[int, int], None] = lambda done, total: None) -> Loaded:
        """Live through it all; what was loaded before changes nothing. `progress` is told days, lived and in all."""
        first, last = self._demonstration.first_day, self._demonstration.last_day
        for adoption in self._demonstration.charters:
            self._plan_adoption(adoption)
        for (day, _), found in groupby(_records(self._demonstration), key=lambda each: each[:2]):
            self._plan_import(day, [record for *_, record in found])
        for part, steps in self._demonstration.parts.items():
            self._plan(part, steps())
        for lived in range((last - first).days + 1):
            self._clock.day = first + timedelta(days=lived)
            if lived:  # the clock is started when there is something to look after
                self._ticking.until(self._clock.day)
                self._answer_the_clock()
            while self._acts and self._acts[0][0] <= self._clock.day:
                *_, act = heapq.heappop(self._acts)
                act()
            progress(lived, (last - first).days)
        return Loaded(self._resonance.log.head().position)

    def _on(self, day: date, act: Act) -> None:
        """What is planned for one day is done in the order of planning."""
        if day <= self._demonstration.last_day:
            self._planned += 1
            heapq.heappush(self._acts, (day, self._planned, act))

    def _plan_adoption(self, adoption: Adoption) -> None:
        by = self._demonstration.adopted_by

        def adopt() -> None:
            apply_charter(self._resonance, adoption.text, adoption.effective, *by, adoption.reason)

        self._on(adoption.decided, adopt)

    def _plan_import(self, day: date, records: list[Record]) -> None:
        self._on(day, lambda: self._import(records))

    def _import(self, records: list[Record]) -> None:
        context = self._resonance.context(self._demonstration.recorder)
        self._plan_answers(import_records(self._resonance, records, context).facts)

    def _answer_the_clock(self) -> None:
        """What the clock has counted is answered as what was reported is; what is missing has no answer."""
        told = [read_envelope(entry.bytes) for entry in self._resonance.log.entries(self._seen)]
        self._seen = self._resonance.log.head().position
        self._plan_answers(each.event for each in told if each.commandid.startswith(f"{CLOCK}.count."))

    def _plan_answers(self, facts: Iterable[Event]) -> None:
        for fact in facts:
            for answer in self._demonstration.answers(fact, self._calendar):
                self._plan_steps(answer.day, [answer])

    def _plan(self, part: str, steps: Iterable[Step]) -> None:
        """Put the steps of one part of the domain on their days; those of one day are done together."""
        named = [step if step.name else replace(step, name=f"{part}.{number}") for number, step in enumerate(steps, 1)]
        for day, together in groupby(sorted(named, key=lambda each: each.day), key=lambda each: each.day):
            self._plan_steps(day, list(together))

    def _plan_steps(self, day: date, together: Sequence[Step]) -> None:
        self._on(day, lambda: self._do(together))

    def _do(self, together: Sequence[Step]) -> None:
        self._resonance.handle_all([(each.command, self._context(each)) for each in together])

    def _context(self, step: Step) -> Context:
        return self._resonance.context(
            step.actor, command_id=f"demo.{step.name}", reason=step.reason, approver=step.approver
        )


def demonstration_in(resonance: Resonance) -> str | None:
    """Which demonstration a log holds, "" if it is empty and may become one, None if it is somebody's own."""
    first = resonance.log.entry(1)
    return "" if first is None else next((id for id, each in DEMONSTRATIONS.items() if _begins(first, each)), None)


def _begins(first: Entry, demonstration: Demonstration) -> bool:
    """Whether this is how the demonstration begins: an office of one's own may have the charter, but not that day."""
    envelope, text = read_envelope(first.bytes), demonstration.charters[0].text
    day = datetime.fromisoformat(envelope.time).astimezone(demonstration.zone).date()
    published = CharterPublished(CharterId(demonstration.charter), learn(text).version, digest(text), text)
    return (day, envelope.event) == (demonstration.first_day, published)


def _records(demonstration: Demonstration) -> list[tuple[date, int, Record]]:
    """Every row of the files, with the day on which it is imported and the place of its file, in that order."""
    found = []
    for place, file in enumerate(demonstration.files):
        records, errors = load(demonstration.folder / file.name)
        assert not errors, errors
        for record in records:
            day: Any = record.values[DATES.get(record.kind, "effective")]
            found.append((day, place, record))
    return sorted(found, key=lambda each: each[:2])
