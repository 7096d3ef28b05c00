"""The projector: the process that keeps the facts up with the log, whatever happens to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypedDict

import structlog

from projections.facts import ReadModel
from projections.following import BATCH, Following, utc_now
from projections.generations import Generation, Generations
from projections.lease import Lease, LeaseTaken
from projections.rebuild import Progress, rebuild
from projections.store import Checkpoint, checkpoints
from workflow.database import FAILURES, Database
from workflow.entry import microseconds
from workflow.log import LogRecorder

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
"""Seconds between two attempts while a database does not answer: doubled each time."""

_LIVE_WITHIN = 5.0
"""Seconds of lag up to which a read model is called live."""

_logger = structlog.get_logger(__name__)


class OlderThanFacts(Exception):
    """The facts were built by a later version of this code, which has to stop rather than write into them."""


class Projector:
    """Keeps the read models of one institution up with its log. One projector works, a second one waits.

    Builds the first generation, and a new one beside the old when the version of a read model has gone up; goes over to
    another generation as soon as there is one.
    """

    def __init__(
        self,
        database: Database,
        log: LogRecorder,
        models: Sequence[ReadModel],
        *,
        now: Callable[[], datetime] = utc_now,
        progress: Callable[[Progress], None] = lambda _: None,
        batch: int = BATCH,
    ) -> None:
        self._database = database
        self._log = log
        self._models = models
        self._now = now
        self._progress = progress
        self._batch = batch
        self._generations = Generations(database)
        self._lease = Lease(database, "projector")
        self._following: Following | None = None

    def once(self) -> None:
        """Work off what is in the log, and stop. Raises LeaseTaken, OlderThanFacts."""
        with self._lease:
            try:
                while self._follow().step():
                    pass
            finally:
                self._let_go()

    def run(self, stop: threading.Event) -> None:
        """Follow the log until `stop` is set. Waits for the lease, and for a database that does not answer.

        Raises OlderThanFacts.
        """
        holding, pause = False, FIRST_PAUSE
        try:
            while not stop.is_set():
                try:
                    holding = holding or self._lease.take()
                    if not holding:
                        stop.wait(1.0)
                    elif not self._follow().step():
                        self._wait(stop)
                    pause = FIRST_PAUSE
                except (LeaseTaken, *FAILURES) as error:
                    _logger.warning("projecting failed, to be tried again", error=repr(error), pause=pause)
                    self._let_go()
                    self._lease.give_back()
                    holding = False
                    stop.wait(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            self._let_go()
            self._lease.give_back()

    def _follow(self) -> Following:
        """What follows the log into the generation that is read now, built first if the code has newer read models."""
        live = self._generations.current()
        if live is None or self._outdated(live):
            self._let_go()
            changed = [model.name for model in self._models if live is None or not live.serves(model)]
            rebuild(self._database, self._log, self._models, only=changed, progress=self._progress, now=self._now)
            live = self._generations.current()
            assert live is not None
        if self._following is None or self._following.generation.number != live.number:
            self._let_go()
            self._following = Following(self._log, live, self._models, self._now, self._batch)
        return self._following

    def _outdated(self, live: Generation) -> bool:
        newer = [m.name for m in self._models if live.models.get(m.name, 0) > m.version]
        if newer:
            raise OlderThanFacts(f"generation {live.number} has later versions of {', '.join(newer)}")
        return not all(live.serves(model) for model in self._models)

    def _wait(self, stop: threading.Event) -> None:
        following = self._following
        if following is not None and following.position is not None:
            self._log.wait(following.position, timeout=1.0, stopped=stop.is_set)
        else:
            stop.wait(1.0)

    def _let_go(self) -> None:
        if self._following is not None:
            self._following.close()
            self._following = None


class Status(TypedDict):
    """How far a read model is. `state`: live, catching up, rebuilding (no facts of this version yet) or parked."""

    position: int
    lag_events: int
    lag_seconds: float
    state: str
    version: int


def status(generations: Generations, log: LogRecorder, models: Sequence[ReadModel], now: datetime) -> dict[str, Status]:
    """How far each read model is, by its name. Its lag in seconds is the age of the first event not in its facts."""
    live = generations.current()
    found: dict[str, Checkpoint] = {}
    if live is not None:
        with live.engine.connect() as connection:
            found = checkpoints(connection)
    head = log.head().position
    told: dict[str, Status] = {}
    for model in models:
        checkpoint = found.get(model.name)
        position = checkpoint.position if checkpoint else 0
        waiting = log.entry(position + 1)
        lag = max(0.0, (microseconds(now) - waiting.recorded_at) / 1e6) if waiting else 0.0
        if live is None or not live.serves(model) or checkpoint is None:
            state = "rebuilding"
        elif checkpoint.state == "parked":
            state = "parked"
        else:
            state = "live" if lag <= _LIVE_WITHIN else "catching up"
        told[model.name] = Status(
            position=position,
            lag_events=max(0, head - position),
            lag_seconds=lag,
            state=state,
            version=checkpoint.version if checkpoint else model.version,
        )
    return told
