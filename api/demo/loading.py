"""Loads the demonstration organisation: its files through the import, all else through commands, day by day.

The clock is simulated, so that two years of history come to be as they would have; nobody writes an event directly.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from api.charters import apply_charter
from api.demo.generator import FOLDER, IMPORTED
from api.demo.procuratorate import assessments, case_teams, duties, plans
from api.demo.procuratorate.answers import Answer, answers, interviews
from api.demo.procuratorate.measurements import CORRECTION
from api.demo.steps import Step
from api.imports.commands import DATES, import_records
from api.imports.parsing import Record, load
from api.simulation import SimulatedClock
from api.wiring import Resonance
from workflow.agendas import agendas
from workflow.calendar import Calendar
from workflow.charter import digest, shipped
from workflow.charter.events import CharterPublished
from workflow.charter.library import learn
from workflow.clock import Clock
from workflow.entry import read_envelope
from workflow.ids import CharterId, IndicatorId, UnitId
from workflow.indicators.readings import CorrectReading
from workflow.indicators.views import reading_id
from workflow.periods import Period
from workflow.warnings.events import InterviewDue, WarningRaised

_TEXT = shipped("procuratorate")

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2026, 1, 20)
RULES_DECIDED, RULES_CHANGE = date(2025, 6, 20), date(2025, 7, 1)

CLERK, SECOND, SUPERVISOR = "clerk", "assessor", "supervisor"

Act = Callable[[], None]


def stricter_rules() -> str:
    """The charter from 1 July 2025 on (story g): yellow only from 85 % on, below is red."""
    text = _TEXT
    for old, new in (('version = "1"', 'version = "2"'), ("yellow = 0.80 }", "yellow = 0.85 }")):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Loaded:
    """What the demonstration holds now."""

    events: int


class Demonstration:
    """The days of two years, each with what is done on it. What is done may put something on a later day."""

    def __init__(self, resonance: Resonance, clock: SimulatedClock) -> None:
        self._resonance = resonance
        self._clock = clock
        self._calendar = Calendar(learn(_TEXT))
        self._acts: list[tuple[date, int, Act]] = []
        self._planned = 0
        self._ticking = Clock(resonance.log, resonance.handle_all, agendas())

    def load(self, progress: Callable[[int, int], None] = lambda done, total: None) -> Loaded:
        """Live through it all; what was loaded before changes nothing. `progress` is told days, lived and in all."""
        self._on(FIRST_DAY, lambda: self._adopt(_TEXT, FIRST_DAY))
        self._on(RULES_DECIDED, lambda: self._adopt(stricter_rules(), RULES_CHANGE))
        self._on(CORRECTION.found_on, self._correct)
        self._plan("plans", plans.steps())
        for (day, _), found in groupby(_records(), key=lambda each: each[:2]):
            self._plan_import(day, [record for *_, record in found])
        self._plan("duties", duties.steps(learn(_TEXT), FIRST_DAY, LAST_DAY))
        self._plan("assessment", assessments.steps())
        self._plan("case_teams", case_teams.steps())
        days = (LAST_DAY - FIRST_DAY).days
        for lived in range(days + 1):
            self._clock.day = FIRST_DAY + timedelta(days=lived)
            if lived:  # the clock is started when there is something to look after
                self._ticking.until(self._clock.day)
            while self._acts and self._acts[0][0] <= self._clock.day:
                *_, act = heapq.heappop(self._acts)
                act()
            progress(lived, days)
        return Loaded(self._resonance.log.head().position)

    def _on(self, day: date, act: Act) -> None:
        """What is planned for one day is done in the order of planning."""
        self._planned += 1
        heapq.heappush(self._acts, (day, self._planned, act))

    def _adopt(self, text: str, effective: date) -> None:
        apply_charter(self._resonance, text, effective, SUPERVISOR, SECOND, "Decided by the leading group.")

    def _plan_import(self, day: date, records: list[Record]) -> None:
        self._on(day, lambda: self._import(records))

    def _import(self, records: list[Record]) -> None:
        for fact in import_records(self._resonance, records, CLERK).facts:
            if isinstance(fact, WarningRaised):
                for answer in answers(fact, self._calendar):
                    self._plan_answer(answer)
            elif isinstance(fact, InterviewDue):
                for answer in interviews(fact, self._calendar):
                    self._plan_answer(answer)

    def _plan_answer(self, answer: Answer) -> None:
        if answer.day <= LAST_DAY:
            self._on(answer.day, lambda: self._answer(answer))

    def _answer(self, answer: Answer) -> None:
        warning: str = getattr(answer.command, "warning")  # noqa: B009 (each of them has one)
        command_id = f"demo.{type(answer.command).__name__}.{warning}"
        context = self._resonance.context(
            answer.actor, command_id=command_id, reason=answer.reason, approver=answer.approver
        )
        self._resonance.handle(answer.command, context)

    def _plan(self, part: str, steps: Iterable[Step]) -> None:
        """Put the steps of one part of the domain on their days; those of one day are done together."""
        named = [(step, f"demo.{step.name or f'{part}.{number}'}") for number, step in enumerate(steps, 1)]
        for day, together in groupby(sorted(named, key=lambda each: each[0].day), key=lambda each: each[0].day):
            self._plan_steps(day, list(together))

    def _plan_steps(self, day: date, together: list[tuple[Step, str]]) -> None:
        if day <= LAST_DAY:
            self._on(day, lambda: self._do(together))

    def _do(self, together: list[tuple[Step, str]]) -> None:
        context = self._resonance.context
        self._resonance.handle_all(
            [
                (each.command, context(each.actor, command_id=id, reason=each.reason, approver=each.approver))
                for each, id in together
            ]
        )

    def _correct(self) -> None:
        period = Period.parse(CORRECTION.period)
        reading = reading_id(IndicatorId(CORRECTION.indicator), UnitId(CORRECTION.unit), period)
        command = CorrectReading(reading=reading, value=CORRECTION.value, effective=CORRECTION.found_on)
        context = self._resonance.context(
            CLERK, command_id=f"demo.correct.{reading}", approver=SECOND, reason=CORRECTION.reason
        )
        self._resonance.handle(command, context)


def belongs_to_demonstration(resonance: Resonance) -> bool:
    """Whether a log is empty, or begins as the demonstration does."""
    first = resonance.log.entry(1)
    return first is None or read_envelope(first.bytes).event == CharterPublished(
        CharterId("procuratorate"), learn(_TEXT).version, digest(_TEXT), _TEXT
    )


def _records() -> list[tuple[date, int, Record]]:
    """Every row of the files, with the day on which it is imported and the place of its file, in that order."""
    found = []
    for place, name in enumerate(IMPORTED):
        records, errors = load(FOLDER / name)
        assert not errors, errors
        for record in records:
            day: Any = record.values[DATES.get(record.kind, "effective")]
            found.append((day, place, record))
    return sorted(found, key=lambda each: each[:2])
