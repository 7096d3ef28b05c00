"""The log: an append-only sequence of entries with dense positions, for the `eventsourcing` library's DCB interface.

What is the same on SQLite and PostgreSQL is here: the order of appends, their conditions, command ids, the stamp of
time, pages and subscriptions. A database adds only how it locks, looks up and inserts (`sqlite`, `postgres`).
"""

from __future__ import annotations

import threading
import time
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBReadResponse,
    DCBRecorder,
    DCBSequencedEvent,
    DCBSubscription,
)
from eventsourcing.persistence import ProgrammingError

from workflow.entry import MAX_ENTRY, EntryTooLarge, frame, is_tag, is_text, is_type
from workflow.log.batching import Batching
from workflow.log.queries import Item, numbered, position_of, possible, possible_condition

PAGE = 1_000
POLL = 0.02
"""Seconds between two looks for what other processes appended. Appends of this process wake a waiter at once."""

STRAYS = """
SELECT min(position) FROM event WHERE position < 1
UNION ALL SELECT min(position) FROM event_tag
WHERE position < 1 OR position > (SELECT coalesce(max(position), 0) FROM event)
"""
"""Asks for the first row, and the first tag, at a position at which no entry can be."""

_EMPTY_FRAME = len(frame(0, "", ""))


@dataclass
class LogEvent(DCBEvent):
    """An event to append. The first event of each command carries its id, and a digest of what was asked."""

    command_id: str | None = None
    command_digest: bytes | None = None


class Entry(NamedTuple):
    """One row of the log. `bytes` is the whole entry, frame and tail; `recorded_at` microseconds since 1970 UTC."""

    position: int
    topic: str
    recorded_at: int
    bytes: bytes


StoredRow = tuple[int, int, int, str | None, bytes]
"""One row of the log with all that is a copy of what its entry says, for whoever compares: position, number of the
type, recorded time, command id, entry. A plain tuple, because all of the log is read so."""


class Head(NamedTuple):
    """The last position of the log and its recorded time; both 0 while the log is empty."""

    position: int
    recorded_at: int


class Found(NamedTuple):
    """One snapshot: the head, how many types were recorded so far, and rows (position, type number, recorded_at,
    entry) in order."""

    head: Head
    types: int
    rows: list[Any]


Asked = tuple[Sequence[DCBEvent], DCBAppendCondition | None]
"""One append that waits: its events, and what must not be there."""


class Recorded(NamedTuple):
    """Where a command's events came to stand, and when."""

    first: int
    last: int
    recorded_at: int


class CommandKnown(Exception):
    """This command id is in the log already, from `position` on, with the digest of what was asked then."""

    def __init__(self, position: int, digest: bytes | None) -> None:
        super().__init__(f"the command was recorded at position {position}")
        self.position = position
        self.digest = digest


class LogRecorder(DCBRecorder):
    """A DCB recorder with one writer at a time, many appends per commit, and positions without gaps.

    Promises: positions are 1, 2, 3 … in commit order, so "after n" never skips; an append is durable when it returns;
    recorded times never decrease; a condition is checked against everything before it, its own batch included; a
    refused append costs its neighbours nothing; a command id is recorded once. `now` gives aware datetimes.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self._types: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._appends = Batching(self._append_batch)
        self._boundaries: Batching[Sequence[Item], Found] = Batching(self._matching_batch, most=64)
        self._grown = threading.Condition()

    # What a database provides.

    @abstractmethod
    def migrate(self) -> None:
        """Create what is missing of the log's tables, indexes, triggers and grants."""

    @abstractmethod
    def _load_types(self) -> dict[str, int]:
        """The number of each type that was recorded so far; they are numbered 1, 2, 3 … and for ever."""

    @abstractmethod
    def _matching(self, items: Sequence[Item], limit: int) -> Found:
        """The first so many that match any of the items."""

    @abstractmethod
    def _matching_batch(self, asked: Sequence[Sequence[Item]]) -> list[Found | BaseException]:
        """What matches, for each of many who ask at the same time."""

    @abstractmethod
    def _page(self, after: int, limit: int | None) -> Found:
        """What comes after a position."""

    @abstractmethod
    def head(self) -> Head: ...

    @abstractmethod
    def command(self, command_id: str) -> CommandKnown | None:
        """Where a command was recorded, if it was."""

    @abstractmethod
    def rows(self, after: int = 0) -> Iterator[StoredRow]:
        """Every row after a position as it is stored, in order, in one snapshot."""

    @abstractmethod
    def tag_rows(self, upto: int) -> Iterator[tuple[str, int, int]]:
        """Every stored tag of positions up to one: (tag, number of the type, position), in any order, in one
        snapshot."""

    @abstractmethod
    def strays(self) -> list[int]:
        """Positions of rows and tags at which no entry can be: before the first, and of tags after the last. The first
        of either, if any."""

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def _load_source(self) -> str: ...

    @cached_property
    def source(self) -> str:
        """The source of this log's events, as CloudEvents has it: `urn:uuid:…`, made by the first `migrate`.

        No two logs share one, so source and id together name an event among the feeds of many institutions.
        """
        return self._load_source()

    def type_names(self) -> dict[int, str]:
        """The name of each type by its number, as they are stored now."""
        return {number: name for name, number in self._load_types().items()}

    # Reading.

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        head, entries = self.select(query, after=after or 0, limit=limit)
        position: int | None = head.position or None
        if limit is not None:
            position = entries[-1].position if entries else None
        return _Response((_sequenced(entry) for entry in entries), position)

    def select(
        self, query: DCBQuery | None = None, *, after: int = 0, limit: int | None = None
    ) -> tuple[Head, list[Entry]]:
        """The entries that match, in order, and the head of the log in the same snapshot."""
        after = position_of(after)
        wanted = possible(query.items) if query else []
        while True:
            known = len(self._types)
            if query is None or not query.items:
                found = self._page(after, limit)
            elif limit is None:
                found = self._boundaries.do(numbered(wanted, after, self._types))
            else:
                found = self._matching(numbered(wanted, after, self._types), limit)
            if found.types <= known:
                return found.head, [Entry(p, self._names[t], r, bytes(e)) for p, t, r, e in found.rows]
            # A type was recorded that we did not know when we asked, so it was not looked for: ask again.
            self._learn(self._load_types())

    def entries(self, after: int = 0, upto: int | None = None, page: int = PAGE) -> Iterator[Entry]:
        """Every entry after a position, up to another or to the head as it is found, read in pages."""
        while upto is None or after < upto:
            size = page if upto is None else min(page, upto - after)
            _, found = self.select(after=after, limit=size)
            yield from found
            if len(found) < size:
                return
            after = found[-1].position

    def entry(self, position: int) -> Entry | None:
        """The entry at a position, if there is one."""
        return next(self.entries(position - 1, position), None) if position > 0 else None

    def position_at(self, recorded_at: int) -> int:
        """The last position recorded at or before that microsecond; 0 if there is none."""
        head = self.head()
        if head.recorded_at <= recorded_at:
            return head.position
        # Recorded times never decrease, so no index is needed: twenty looks find one among a million.
        return bisect_right(range(1, head.position + 1), recorded_at, key=self._recorded_at)

    def _recorded_at(self, position: int) -> int:
        return next(self.entries(position - 1, position)).recorded_at

    def wait(self, after: int, timeout: float, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Wait until the log has grown beyond `after`; False if it has not within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while self.head().position <= after:
            left = deadline - time.monotonic()
            if left <= 0 or stopped():
                return False
            with self._grown:
                self._grown.wait(min(POLL, left))
        return True

    def subscribe(self, query: DCBQuery | None = None, *, after: int | None = None) -> Subscription:
        return Subscription(self, query, after)

    def _learn(self, types: dict[str, int]) -> None:
        # Added to and never replaced: another thread may have learnt more in the meantime.
        self._names.update((number, name) for name, number in types.items())
        self._types.update(types)

    # Appending.

    def append(self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None) -> int:
        return self.record(events, condition).last

    def record(self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None) -> Recorded:
        """Append events together, unless anything matches the condition (IntegrityError) or the command is known
        (CommandKnown). Raises EntryTooLarge for an entry over `MAX_ENTRY` bytes, ValueError for types or tags with
        quotes, backslashes or control characters, tags with spaces, and command ids that are empty or there twice.

        What is wrong with one append is found here, before it shares a transaction with others."""
        if not events:
            raise ProgrammingError("nothing to append")
        for each in events:
            _check(each)
        commands = command_ids(events)
        if len(set(commands)) < len(commands) or not all(map(is_text, commands)) or "" in commands:
            raise ValueError("a command id is some text without control characters, and given once")
        recorded = self._appends.do((events, possible_condition(condition)))
        with self._grown:
            self._grown.notify_all()
        return recorded

    @abstractmethod
    def _append_batch(self, asked: Sequence[Asked]) -> Sequence[Recorded | BaseException]:
        """Append each that its condition and its command id allow, in order, in one transaction under the writer's
        lock, checking each against the log and against those before it in the batch."""


class Subscription(DCBSubscription[LogRecorder]):
    """Events as they are recorded: first those already there, then each new one, until it is stopped."""

    def __init__(self, recorder: LogRecorder, query: DCBQuery | None, after: int | None) -> None:
        super().__init__(recorder, query, after)
        self._found: Iterator[DCBSequencedEvent] = iter(())

    def __next__(self) -> DCBSequencedEvent:
        while not self._has_been_stopped:
            found = next(self._found, None)
            if found is not None:
                self._last_position = found.position
                return found
            self._pull()
        raise StopIteration

    def _pull(self) -> None:
        head, entries = self._recorder.select(self._query, after=self._last_position, limit=PAGE)
        if entries:
            self._found = iter([_sequenced(entry) for entry in entries])
        else:
            self._last_position = max(head.position, self._last_position)  # nothing of ours up to here
            self._recorder.wait(self._last_position, timeout=1.0, stopped=lambda: self._has_been_stopped)


class _Response(DCBReadResponse):
    def __init__(self, events: Iterator[DCBSequencedEvent], head: int | None) -> None:
        self._events = events
        self._head = head

    @property
    def head(self) -> int | None:
        return self._head

    def __next__(self) -> DCBSequencedEvent:
        return next(self._events)


def command_ids(events: Sequence[DCBEvent]) -> list[str]:
    """The ids of the commands that the events come from, as far as they carry one."""
    return [command_id for each in events if (command_id := getattr(each, "command_id", None)) is not None]


def _check(each: DCBEvent) -> None:
    if not is_type(each.type) or not all(map(is_tag, each.tags)):
        raise ValueError("types and tags hold no quotes, backslashes or control characters, and tags no spaces")
    size = _EMPTY_FRAME + len(f"{each.type}{' '.join(each.tags)}".encode()) + len(each.data)
    if size > MAX_ENTRY:
        raise EntryTooLarge(f"an event of type {each.type} needs {size} bytes; the most is {MAX_ENTRY}")


def _sequenced(entry: Entry) -> DCBSequencedEvent:
    """The library's view of an entry: the frame is cut off again, so that the given bytes come back."""
    parts = entry.bytes.split(b'"', 12)  # {"time":"…","type":"…","tags":"…",tail
    tags = parts[11].decode().split()
    data = parts[12][1:]
    return DCBSequencedEvent(DCBEvent(entry.topic, data, tags), entry.position)
