"""Following the log: the read models of one generation, batch by batch, exactly once; who cannot go on is parked."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog

from projections.applying import Applying
from projections.facts import Facts, ReadModel
from projections.generations import Generation
from projections.store import REFUSED_BY_DATABASE, CheckpointMoved, Store, checkpoints
from workflow.database import FAILURES
from workflow.log import Entry, LogRecorder

BATCH = 1_000

_logger = structlog.get_logger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Following:
    """Keeps the facts of a generation up with the log.

    A batch of events and the checkpoint that says so are one transaction; the checkpoint moves only from where it was
    read. Read models at the same position share the reading and decoding. What was parked before is tried once more.
    """

    def __init__(
        self,
        log: LogRecorder,
        generation: Generation,
        models: Sequence[ReadModel],
        now: Callable[[], datetime] = utc_now,
        batch: int = BATCH,
    ) -> None:
        self.generation = generation
        self._log = log
        self._models = {model.name: model for model in models}
        self._now = now
        self._batch = batch
        self._store = Store(generation.engine)
        self._facts: dict[str, Facts] = {}
        self._positions: dict[str, int] = {}
        self._read_checkpoints()

    @property
    def position(self) -> int | None:
        """All events up to here are in the facts of every read model that is not parked; None: all are parked."""
        return min(self._positions.values(), default=None)

    def close(self) -> None:
        self._store.close()

    def step(self) -> int:
        """Work off the next batch for those read models that are furthest behind; how many events that were."""
        position = self.position
        if position is None:
            return 0
        group = [name for name, reached in self._positions.items() if reached == position]
        ahead = [reached - position for reached in self._positions.values() if reached > position]
        _, entries = self._log.select(after=position, limit=min([self._batch, *ahead]))
        if entries:
            try:
                self._work(group, entries)
            except CheckpointMoved:
                self._store.rollback()
                self._read_checkpoints()
        return len(entries)

    def catch_up(self) -> None:
        """Work off what there is."""
        while self.step():
            pass

    def _read_checkpoints(self) -> None:
        with self.generation.engine.connect() as connection:
            found = checkpoints(connection)
        self._positions = {name: found[name].position for name in self._models}
        self._facts.clear()

    def _work(self, group: list[str], entries: Sequence[Entry]) -> None:
        """Apply entries to read models that stand just before them. If that fails, halve the work until it shows which
        read model fails at which event: all before it, and everybody else, goes on."""
        try:
            self._apply(group, entries)
        except Exception as error:
            self._store.rollback()
            for name in group:
                self._facts.pop(name, None)
            cause = error.__cause__ or error
            if isinstance(cause, (CheckpointMoved, *FAILURES)) and not isinstance(cause, REFUSED_BY_DATABASE):
                raise
            if len(entries) > 1:
                half = len(entries) // 2
                self._work(group, entries[:half])
                going_on = [name for name in group if name in self._positions]
                if going_on:
                    self._work(going_on, entries[half:])
            elif len(group) > 1:
                for name in group:
                    self._work([name], entries)
            else:
                self._park(group[0], entries[0], cause)

    def _apply(self, group: list[str], entries: Sequence[Entry]) -> None:
        before, after = entries[0].position - 1, entries[-1].position
        for name in group:
            if name not in self._facts:
                self._facts[name] = Facts(self._models[name].tables, before, self._store.load)
        facts = {name: self._facts[name] for name in group}
        Applying([self._models[name] for name in group], facts).apply(entries)
        self._store.commit(facts, before, after, self._now())
        for name in group:
            self._positions[name] = after

    def _park(self, name: str, entry: Entry, error: BaseException) -> None:
        trace = "".join(traceback.format_exception(error))
        self._store.park(name, entry.position - 1, entry.position, trace, self._now())
        del self._positions[name]
        _logger.error("read model parked", model=name, event_position=entry.position, error=repr(error))
