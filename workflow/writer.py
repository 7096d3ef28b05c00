"""The writer: takes a command to its events, or to a refusal. All that is written is written through here."""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError
from msgspec.structs import replace

from workflow.charter.events import CharterPublished
from workflow.charter.library import UnknownCharter, learn
from workflow.entry import decode, read_envelope, tail
from workflow.ids import id_fields, is_id, tags_of
from workflow.journal import AttemptsJournal
from workflow.keys import KeyStore
from workflow.log import CommandKnown, Entry, LogEvent, LogRecorder, Recorded
from workflow.sealed import Unsealed
from workflow.slices import Command, Context, Event, Refused, View, parameters

ATTEMPTS = 8


class Conflict(Exception):
    """Others kept changing what the command stands on; it may be sent again."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a command. `first` to `last` are the positions of its events; without events, `last` is the head
    it was decided at. `repeated` says that it had been done before: nothing was written now."""

    first: int
    last: int
    events: Sequence[Event]
    repeated: bool = False


class Writer:
    """Handles commands against one log."""

    def __init__(
        self,
        log: LogRecorder,
        keys: KeyStore,
        journal: AttemptsJournal,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.log = log
        self.keys = keys
        self.journal = journal
        self.now = now

    def handle(self, command: Command, context: Context) -> Outcome:
        """Decide `command` and record its events durably, all or none.

        The same command id again returns the first outcome. Raises Refused where a rule says no (noted in the attempts
        journal) or where the command id was used for something else; Conflict after `ATTEMPTS` lost races;
        EntryTooLarge for an event that no entry can hold.
        """
        refuse_malformed_ids(command)
        for attempt in range(ATTEMPTS):
            try:
                return self._attempt(command.again(), context)
            except UnknownCharter:
                self._learn_charters()
            except IntegrityError:
                time.sleep(random.uniform(0, 0.002 * 2**attempt))
            except CommandKnown as known:
                return self._first_outcome(known, command, context)
            except Refused as refused:
                # A command that was done already is mostly refused now, because it was done already.
                if (before := self.log.command(context.command_id)) is not None:
                    return self._first_outcome(before, command, context)
                self.journal.note(self.now(), type(command).__name__, tags_of(command), context, refused)
                raise
        raise Conflict(f"others kept changing what {type(command).__name__} stands on")

    def _attempt(self, command: Command, context: Context) -> Outcome:
        command.context = context
        boundary = _Boundary(self.log)
        command.decide(boundary.read)
        facts = [tagged.decision for tagged in command.collect_events()]
        if not facts:
            return Outcome(boundary.after, boundary.after, ())
        digest = self.keys.digest(_content(command, context))
        events = []
        for number, fact in enumerate(facts, 1):
            sealed = self._seal(fact, f"{context.command_id}.{number}")
            data = tail(sealed, context, number, command.rule_version)
            events.append(LogEvent(fact.TOPIC, data, tags_of(fact)))
        events[0].command_id, events[0].command_digest = context.command_id, digest
        recorded = self._record(events, boundary)
        return Outcome(recorded.first, recorded.last, facts)

    def _record(self, events: list[LogEvent], boundary: _Boundary) -> Recorded:
        condition = DCBAppendCondition(DCBQuery(boundary.items), boundary.after) if boundary.items else None
        return self.log.record(events, condition)

    def _seal(self, fact: Event, event_id: str) -> Event:
        """The event with its personal details sealed under the key of the person it is about."""
        open_fields = {
            field: self.keys.seal(fact.person, event_id, fact.TOPIC, value.details)  # type: ignore[attr-defined]
            for field in fact.__struct_fields__
            if isinstance(value := getattr(fact, field), Unsealed)
        }
        return replace(fact, **open_fields) if open_fields else fact

    def _first_outcome(self, known: CommandKnown, command: Command, context: Context) -> Outcome:
        if known.digest != self.keys.digest(_content(command, context)):
            raise Refused("command.reused", "This command id was used before, for something else.")
        events = []
        for entry in self.log.entries(known.position - 1, page=16):
            envelope = read_envelope(entry.bytes)
            if envelope.commandid != context.command_id:
                break
            events.append(envelope.event)
        return Outcome(known.position, known.position + len(events) - 1, events, repeated=True)

    def _learn_charters(self) -> None:
        query = DCBQuery([DCBQueryItem([CharterPublished.TOPIC])])
        for entry in self.log.select(query)[1]:
            published = read_envelope(entry.bytes).event
            assert isinstance(published, CharterPublished)
            learn(published.text)


def refuse_malformed_ids(command: Command) -> None:
    """Raises Refused("id.malformed") for an id that could be no tag."""
    for field, kind, several in id_fields(type(command)):
        value = getattr(command, field)
        for each in value if several else (value,):
            if each is not None and not is_id(each):
                raise Refused("id.malformed", f"{each!r} is no {kind} id: letters, digits, dots, dashes.", field)


class _Boundary:
    """What a decision has read: its query items, and the head before the first of them."""

    def __init__(self, log: LogRecorder) -> None:
        self._log = log
        self.items: list[DCBQueryItem] = []
        self.after = 0

    def read(self, views: Sequence[View]) -> None:
        """Fill views from the log. What touches any of them after the first read makes the append fail."""
        tags = [tags_of(view) for view in views]
        items = [DCBQueryItem(_topics(type(view)), of) for view, of in zip(views, tags, strict=True)]
        head, entries = self._log.select(DCBQuery(items))
        if not self.items:
            self.after = head.position
        self.items += items
        listening = [(view, set(of)) for view, of in zip(views, tags, strict=True)]
        for entry in entries:
            fact, borne = _read(entry)
            for view, wanted in listening:
                if wanted.issubset(borne):
                    view.note(fact)


class _Decoded(msgspec.Struct):
    """As much of an entry as a decision needs."""

    tags: str
    dataversion: int
    data: msgspec.Raw


_decode = msgspec.json.Decoder(_Decoded).decode


def _read(entry: Entry) -> tuple[Event, list[str]]:
    decoded = _decode(entry.bytes)
    return decode(entry.topic, decoded.dataversion, decoded.data), decoded.tags.split()


@cache
def _topics(view: type[View]) -> list[str]:
    return [t.TOPIC for t in view.listens_to()]


def _content(command: Command, context: Context) -> bytes:
    """What was asked, and by whom: the same bytes for the same question."""
    content: list[Any] = [type(command).__name__, context.actor]
    content += [getattr(command, name) for name in parameters(type(command))]
    return msgspec.json.encode(content)
