"""The audit's questions about the facts and the decisions: are they what the log, and what the rules, say?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from sqlalchemy import func, or_, select

from projections.facts import ReadModel
from projections.generations import Generation, Generations
from projections.history import digest
from projections.rebuild import Progress, rebuild
from projections.store import checkpoints
from workflow.agendas import agendas
from workflow.clock.undone import Undone
from workflow.database import Database
from workflow.entry import read_envelope
from workflow.finding import Finding
from workflow.ids import tags_of
from workflow.log import Entry, LogRecorder
from workflow.reperformance import Reperformance
from workflow.slices import View


@dataclass(frozen=True)
class Replayed:
    """Facts that a replay gave, in a place of their own. `parked` names read models that could not take an event."""

    generation: Generation
    parked: Collection[str]

    def digest(self, model: ReadModel, position: int) -> str:
        with self.generation.engine.connect() as connection:
            return digest(connection, model, position)

    def count(self, model: ReadModel, position: int) -> int:
        """How many facts of a read model are known at a position."""
        with self.generation.engine.connect() as connection:
            return sum(
                connection.scalar(
                    select(func.count()).where(
                        table.c.opened <= position, or_(table.c.closed.is_(None), table.c.closed > position)
                    )
                )
                or 0
                for table in model.tables
            )


@contextmanager
def replayed(log: LogRecorder, models: Sequence[ReadModel], progress: Callable[[Progress], None]) -> Iterator[Replayed]:
    """Replay the whole log into a temporary SQLite file."""
    with tempfile.TemporaryDirectory(prefix="resonance-replay-") as folder:
        place = Database.parse(f"sqlite:///{Path(folder) / 'log.sqlite'}")
        rebuilt = rebuild(place, log, models, progress=progress)
        try:
            yield Replayed(rebuilt.generation, rebuilt.parked)
        finally:
            rebuilt.generation.engine.dispose()


def faithfulness(
    database: Database, log: LogRecorder, models: Sequence[ReadModel], progress: Callable[[Progress], None]
) -> Finding:
    """Whether the facts in use are what a fresh replay gives, whole history and all, up to where each read model is.

    The first counter-example is the earliest event from which on the facts differ; `checked` counts read models.
    """
    live = Generations(database).current()
    if live is None:
        return Finding(True, 0, detail="There are no facts yet.")
    with live.engine.connect() as connection:
        reached = {name: each.position for name, each in checkpoints(connection).items()}
    bad: dict[str, int] = {}
    with replayed(log, models, progress) as fresh, live.engine.connect() as connection:
        known = [model for model in models if live.serves(model) and model.name in reached]
        for model in known:
            upto = reached[model.name]
            if digest(connection, model, upto) != fresh.digest(model, upto):
                bad[model.name] = _first(upto, lambda p, m=model: digest(connection, m, p) != fresh.digest(m, p))  # type: ignore[misc]
    if not bad:
        return Finding(True, len(known))
    first = min(bad, key=lambda name: bad[name])
    return Finding(False, len(known), bad[first], f"the facts of {first} are not those that a replay gives")


def _first(upto: int, differs: Callable[[int], bool]) -> int:
    """The first position from which on something differs: a digest covers all history, so once different, always."""
    low, high = 0, upto
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if differs(middle) else (middle + 1, high)
    return low


def reperformance(log: LogRecorder, progress: Callable[[int, int], None] = lambda done, total: None) -> Finding:
    """Whether every decision is what it had to be, taken again from the events before it by the rule then in force; and
    whether the clock took all that it had to take.

    `checked` counts decisions that are recorded.
    """
    head, again = log.head().position, Reperformance()
    undone = Undone(agendas, lambda position, views: _read(log, position, views))
    first: Finding | None = None
    for entry in log.entries(upto=head):
        wrong = _decided_wrongly(again, undone, entry)
        if wrong and first is None:
            first = Finding(False, 0, entry.position, wrong)
        if entry.position % 1_000 == 0 or entry.position == head:
            progress(entry.position, head)
    missing = undone.first()
    if missing is not None and (first is None or first.first_bad is None or missing.position < first.first_bad):
        first = Finding(False, 0, missing.position, missing.sentence)
    if first is None:
        return Finding(True, again.decisions)
    return Finding(False, again.decisions, first.first_bad, first.detail)


def _decided_wrongly(again: Reperformance, undone: Undone, entry: Entry) -> str:
    try:
        envelope = read_envelope(entry.bytes)
        fact = envelope.event if entry.topic in again.topics or entry.topic in undone.topics else None
    except (msgspec.MsgspecError, KeyError) as error:
        return f"the entry cannot be read: {type(error).__name__}: {error}"
    undone.follow(entry.position, envelope, fact)
    return again.follow(fact, entry.position) if fact is not None and entry.topic in again.topics else ""


def _read(log: LogRecorder, position: int, views: Sequence[View]) -> None:
    """Fill views with what was recorded up to a position."""
    for view in views:
        kinds = {kind.TOPIC for kind in view.listens_to()}
        for entry in log.select(DCBQuery([DCBQueryItem(sorted(kinds), tags_of(view))]))[1]:
            if entry.position <= position:
                view.note(read_envelope(entry.bytes).event)
