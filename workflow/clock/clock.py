"""Following the log and doing, day by day, what the agendas say is due."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date

import structlog

from workflow.calendar import ONE_DAY
from workflow.clock.agenda import Act, Agenda
from workflow.clock.following import Following
from workflow.clock.starting import StartClock
from workflow.database import FAILURES
from workflow.entry import read_envelope
from workflow.log import LogRecorder
from workflow.slices import Command, Context
from workflow.writer import Conflict, Outcome, RefusedTogether

CLOCK = "clock"
"""The actor of all that the clock does, and what the ids of its commands begin with."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
"""Seconds between two looks; while something is in the way, doubled from the first up to the second."""

TOGETHER = 100
"""Acts that are recorded in one append at most."""

_logger = structlog.get_logger(__name__)

HandleAll = Callable[[Sequence[tuple[Command, Context]]], list[Outcome]]


class Clock:
    """Does what is due. `handle_all` is the writer's.

    Many of an agenda's acts are recorded in one append, or, if one of them is refused, each by itself; a refused one is
    told to the log of the process, and tried again when the clock is started anew.
    """

    def __init__(self, log: LogRecorder, handle_all: HandleAll, agendas: Sequence[Agenda]) -> None:
        self._log = log
        self._handle_all = handle_all
        self._following = Following(agendas)
        self._topics = self._following.topics
        self._seen = 0
        self._day: date | None = None
        self._tried: set[str] = set()

    def run(self, today: Callable[[], date], stop: threading.Event) -> None:
        """Do what is due, as the days come, until `stop` is set. Goes on when a database does not answer, or others are
        in the way."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                self.until(today(), stop)
                self._log.wait(self._seen, timeout=LONGEST_PAUSE, stopped=stop.is_set)
                pause = FIRST_PAUSE
            except (Conflict, *FAILURES) as error:
                _logger.warning("the clock failed, and tries again", error=repr(error), pause=pause)
                stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def until(self, today: date, stop: threading.Event | None = None) -> int:
        """Do what is due up to and on `today`, which is the institution's date; how many events came of it.

        The first time ever, that starts the clock. Without a charter in force nothing is due. Many days may have to be
        gone through: once `stop` is set, no other one is begun.
        """
        done = 0
        self._follow()
        if self._following.since is None:
            self._do([Act("start", StartClock())], today)
            self._follow()
        assert self._following.since is not None
        day = self._day or self._following.since
        while day <= today and not (stop is not None and stop.is_set()):
            done += self._live(day)
            self._day, day = day, day + ONE_DAY
        return done

    def _live(self, day: date) -> int:
        """Do all that is due on a day, and what is due because of that."""
        done = 0
        while any(due := self._untried(day)):
            for acts in due:  # each agenda by itself: what one decides may cite what another has recorded
                done += self._do(acts, day)
                self._tried.update(act.name for act in acts)
            self._follow()
        return done

    def _untried(self, day: date) -> list[list[Act]]:
        return [[act for act in acts if act.name not in self._tried] for acts in self._following.due(day)]

    def _do(self, acts: Sequence[Act], day: date) -> int:
        asked = [(act.command, Context(actor=CLOCK, command_id=f"{CLOCK}.{act.name}", today=day)) for act in acts]
        return sum(self._do_together(asked[n : n + TOGETHER]) for n in range(0, len(asked), TOGETHER))

    def _do_together(self, asked: Sequence[tuple[Command, Context]]) -> int:
        try:
            return sum(len(outcome.events) for outcome in self._handle_all(asked) if not outcome.repeated)
        except RefusedTogether as together:
            if len(asked) > 1:
                return sum(self._do_together([each]) for each in asked)
            (refused,), (_, context) = together.refusals.values(), asked[0]
            _logger.error("clock refused", command_id=context.command_id, code=refused.code, sentence=refused.sentence)
            return 0

    def _follow(self) -> None:
        """Take note of what was recorded since."""
        for entry in self._log.entries(self._seen):
            self._seen = entry.position
            if entry.topic in self._topics:
                self._following.note(read_envelope(entry.bytes).event)
