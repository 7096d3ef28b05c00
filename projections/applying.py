"""Applying events: each is decoded once, and handed to every read model that listens to its type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Generic, TypeVar

import msgspec

from projections.facts import At, Facts, Handler, ReadModel
from workflow.database import FAILURES
from workflow.entry import decode
from workflow.log import Entry
from workflow.slices import Event

Data = TypeVar("Data")


class Poisoned(Exception):
    """An event that a read model cannot take: its handler raised, or the entry cannot be decoded (the cause)."""

    def __init__(self, model: str, position: int) -> None:
        super().__init__(f"{model} cannot take the event at {position}")
        self.model = model
        self.position = position


class _Read(At, Generic[Data], kw_only=True):
    """As much of an entry as is needed here."""

    dataversion: int
    data: Data


_read_raw = msgspec.json.Decoder(_Read[msgspec.Raw]).decode


@cache
def _reader(event: type[Event]) -> Callable[[bytes], tuple[Event, At]]:
    """What reads entries of one type: in one go if they have the present shape, which is quicker, else by upcasting."""
    read_present = msgspec.json.Decoder(_Read[event]).decode  # type: ignore[valid-type]  # a type made at run time

    def read(entry: bytes) -> tuple[Event, At]:
        try:
            present = read_present(entry)
            if present.dataversion == event.VERSION:
                return present.data, present
        except msgspec.ValidationError:
            pass  # of an old shape; if it is not, decoding it says what is wrong
        raw = _read_raw(entry)
        return decode(event.TOPIC, raw.dataversion, raw.data), raw

    return read


class Applying:
    """Applies entries to the facts of some read models."""

    def __init__(self, models: Iterable[ReadModel], facts: Mapping[str, Facts]) -> None:
        self._listening: dict[str, tuple[Callable[[bytes], tuple[Event, At]], list[tuple[str, Facts, Handler]]]] = {}
        for model in models:
            for event, handler in model.handlers.items():
                _, listeners = self._listening.setdefault(event.TOPIC, (_reader(event), []))
                listeners.append((model.name, facts[model.name], handler))

    def apply(self, entries: Iterable[Entry]) -> None:
        """Raises Poisoned, or an error of the database; the facts are of no use then and must be thrown away."""
        model, position, listening = "", 0, self._listening
        try:
            for entry in entries:
                heard = listening.get(entry.topic)
                if heard is None:
                    continue
                read, listeners = heard
                model, position = listeners[0][0], entry.position
                fact, at = read(entry.bytes)
                at.position = position
                for model, facts, handler in listeners:  # noqa: B007  # whose handler it was that raised
                    facts.position = position
                    handler(facts, fact, at)
        except FAILURES:
            raise
        except Exception as error:
            raise Poisoned(model, position) from error
