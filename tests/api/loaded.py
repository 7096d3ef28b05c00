"""What a loaded demonstration holds, for the tests of each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.demo.demonstration import Demonstration
from api.demo.loading import Loading
from api.demo.procuratorate.demonstration import PROCURATORATE
from api.settings import Settings
from api.simulation import SimulatedClock
from api.wiring import Resonance, bootstrap
from workflow.entry import Envelope, read_envelope
from workflow.sealed import Sealed


@contextmanager
def installation(folder: Path, whose: Demonstration = PROCURATORATE) -> Iterator[tuple[Resonance, Loading]]:
    """An installation, and the loading of a demonstration into it."""
    clock = SimulatedClock(whose.zone, whose.first_day)
    with bootstrap(Settings.read({"RESONANCE_VAR": str(folder)}), now=clock) as wired:
        wired.migrate()
        yield wired, Loading(whose, wired, clock)


def envelopes(wired: Resonance) -> list[Envelope]:
    return [read_envelope(entry.bytes) for entry in wired.log.entries()]


def facts(history: list[Envelope], kind: type[Any]) -> list[Any]:
    return [each.event for each in history if each.type == kind.TOPIC]


def told(history: list[Envelope]) -> list[tuple[Any, ...]]:
    """All that a history says, but the boxes, which are never the same, though they hold the same; and the ids of rows
    that were imported with names in them, which are keyed."""
    ids = ["" if e.type == "person.registered" and e.id.startswith("import.") else e.id for e in history]
    return [
        (e.time, e.type, e.tags, id, e.actor, e.reason, e.approver, e.ruleversion, opened(e))
        for e, id in zip(history, ids, strict=True)
    ]


def opened(envelope: Envelope) -> dict[str, Any]:
    values: dict[str, Any] = envelope.event.as_dict()
    return {name: None if isinstance(value, Sealed) else value for name, value in values.items()}
