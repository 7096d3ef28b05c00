"""Rebuilding: new facts from the log, beside those that are read, compared with them and put in their place."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from projections.applying import Applying, Poisoned
from projections.bulk import Bulk, BulkRefused
from projections.facts import Facts, FactTable, Key, ReadModel, Row
from projections.following import Following, utc_now
from projections.generations import Generation, Generations
from projections.history import digest, pages_as_of
from projections.lease import Lease
from projections.store import checkpoints
from workflow.database import Database
from workflow.log import LogRecorder

PAGE = 1_000
"""Events read, folded and written at a time: few enough to stay in the processor's cache."""
ASIDE_FROM = 50_000
"""Events from which on it pays to start a process that writes."""
HELD_BACK = 100_000
"""Events whose rows are not written yet: most rows that are ever closed are closed by then, and written only once."""
MOST_IN_MEMORY = 4_000_000
"""Keys held in memory, at about half a kilobyte each; when there are more, the rest is followed in batches."""


@dataclass(frozen=True)
class Progress:
    """How far a rebuild is: events done of how many, how many a second, and the seconds that are left."""

    done: int
    total: int
    rate: float
    seconds_left: float


@dataclass(frozen=True)
class Rebuilt:
    """What came of a rebuild. `same` says for each read model of unchanged version whether the facts that were read
    until now are those that the log gives; `parked` names those that could not take an event."""

    generation: Generation
    same: Mapping[str, bool]
    parked: Collection[str]


def rebuild(
    database: Database,
    log: LogRecorder,
    models: Sequence[ReadModel],
    *,
    only: Collection[str] | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    now: Callable[[], datetime] = utc_now,
) -> Rebuilt:
    """Build a generation and switch to it; readers and the projector go on meanwhile, and nothing goes back in time.

    `only`: the read models to replay; the facts of the others are copied. Raises LeaseTaken while another rebuild runs,
    LogBehindFacts.
    """
    with Lease(database, "rebuild"):
        generations = Generations(database)
        for unfinished in generations.all("building"):
            generations.remove(unfinished)
        old = generations.current()
        copied = {m.name: old for m in models if old and old.serves(m) and only is not None and m.name not in only}
        new = generations.begin(models)
        try:
            _build(database, log, models, copied, new, log.head().position, progress, now)
        except BulkRefused:
            generations.remove(new)
            new = generations.begin(models)
            _build(database, log, models, copied, new, 0, progress, now)  # all is left to those who can tell the event
        following = Following(log, new, models, now)
        try:
            following.catch_up()
            same = {m.name: _same(m, old, new) for m in models if old is not None and old.serves(m)}
            with _standing_still(old) as position:
                while following.position is not None and following.position < position:
                    if not following.step():
                        raise LogBehindFacts(f"facts are at position {position}, the log at {following.position}")
                generations.switch(new)
        finally:
            following.close()
        with new.engine.connect() as connection:
            parked = [name for name, each in checkpoints(connection).items() if each.state == "parked"]
        return Rebuilt(new, same, parked)


def _build(
    database: Database,
    log: LogRecorder,
    models: Sequence[ReadModel],
    copied: Mapping[str, Generation],
    new: Generation,
    head: int,
    progress: Callable[[Progress], None],
    now: Callable[[], datetime],
) -> None:
    """Create the tables, fill them with the facts of the events up to `head`, and index them last."""
    bulk = Bulk(database, new.part, aside=head >= ASIDE_FROM)
    gc.disable()  # millions of objects that all stay: looking through them again and again would double the time
    try:
        bulk.create(models)
        positions = {m.name: _copy(bulk, m, copied[m.name]) for m in models if m.name in copied}
        replayed = [m for m in models if m.name not in copied]
        reached = _fold(log, bulk, replayed, head, progress) if replayed else 0
        bulk.finish(models, {m.name: reached for m in replayed} | positions, now())
    finally:
        gc.enable()
        bulk.close()


def _copy(bulk: Bulk, model: ReadModel, old: Generation) -> int:
    """Take the facts of a read model over; returns their position."""
    with old.engine.connect() as connection:
        position = checkpoints(connection)[model.name].position
        for table in model.tables:
            for page in pages_as_of(connection, table, position):
                bulk.insert(table, page)
    return position


def _fold(
    log: LogRecorder, bulk: Bulk, models: Sequence[ReadModel], head: int, progress: Callable[[Progress], None]
) -> int:
    """Replay in memory from the start, page by page; returns the position that was reached.

    That is before `head` if memory is full, or if a read model could not take an event: what was folded cannot be
    undone in memory, and to find out who is to be parked is the business of `Following`.
    """
    facts = {model.name: Facts(model.tables, 0, _nothing, most_kept=math.inf) for model in models}
    applying = Applying(models, facts)
    started, position = time.monotonic(), 0
    while position < head and sum(each.kept for each in facts.values()) < MOST_IN_MEMORY:
        upto = min(head, position + PAGE)
        _, entries = log.select(after=position, limit=upto - position)
        try:
            applying.apply(entries)
        except Poisoned:
            for each in facts.values():
                each.take_back(position)
            break
        for each in facts.values():
            bulk.write(each, upto - HELD_BACK)
        position = upto
        rate = position / (time.monotonic() - started)
        progress(Progress(position, head, rate, (head - position) / rate))
    for each in facts.values():
        bulk.write(each, position)
    return position


def _nothing(table: FactTable, key: Key) -> list[Row]:
    return []


def _same(model: ReadModel, old: Generation, new: Generation) -> bool:
    with old.engine.connect() as before, new.engine.connect() as after:
        position = min(checkpoints(each)[model.name].position for each in (before, after))
        return digest(before, model, position) == digest(after, model, position)


class LogBehindFacts(Exception):
    """The facts that are read know of events that the log does not have: an older log was put in its place."""


@contextmanager
def _standing_still(old: Generation | None) -> Iterator[int]:
    """The position of a generation, which nobody can move on meanwhile: readers shall not see the past again."""
    if old is None:
        yield 0
        return
    with old.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "LOCK TABLE checkpoint IN EXCLUSIVE MODE")
        yield max(each.position for each in checkpoints(connection).values())
