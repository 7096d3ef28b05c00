"""A desk with a writer, and a row of seats to write about: what may happen there is as little as a test needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from datetime import UTC, date, datetime
from typing import Any

from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery

from workflow.database import Database
from workflow.entry import Envelope, read_envelope
from workflow.ids import PersonId, UnitId
from workflow.journal import AttemptsJournal
from workflow.keys import KeyStore
from workflow.log import Entry, Head, LogEvent, LogRecorder, Recorded, open_log
from workflow.sealed import Sealed, personal
from workflow.slices import Command, Context, Event, Knows, Refused, View, event
from workflow.writer import Asked, Writer

NOW = datetime(2025, 6, 16, 1, 0, tzinfo=UTC)


class SeatTaken(Event):
    TOPIC = "desk.seat_taken"
    row: UnitId
    number: int
    person: PersonId
    details: Sealed
    note: str = ""


class SeatLeft(Event):
    TOPIC = "desk.seat_left"
    row: UnitId
    number: int


class Seats(View):
    """Who sits in a row."""

    row: UnitId
    taken: dict[int, PersonId] = field(init=False, default_factory=dict)

    @event(SeatTaken)
    def was_taken(self, number: int, person: PersonId) -> None:
        self.taken[number] = person

    @event(SeatLeft)
    def was_left(self, number: int) -> None:
        del self.taken[number]


class TakeSeats(Command):
    """Take the seats with these numbers; 0 is the first that is free."""

    row: UnitId
    person: PersonId
    numbers: tuple[int, ...] = (0,)
    name: str = ""
    note: str = ""

    def knows(self) -> Knows:
        self.seats = Seats(self.row)
        yield (self.seats,)

    def execute(self) -> None:
        taken = dict(self.seats.taken)
        for number in self.numbers:
            if number in taken:
                raise Refused("seat.taken", f"{taken[number]} sits there.", "numbers")
            seat = number or next(n for n in range(1, 100) if n not in taken)
            taken[seat] = self.person
            self.trigger(SeatTaken(self.row, seat, self.person, personal(name=self.name), self.note))


class SeatsOf(View):
    """How often a person took a seat in a row."""

    row: UnitId
    person: PersonId
    times: int = field(init=False, default=0)

    @event(SeatTaken)
    def was_taken(self) -> None:
        self.times += 1


class TakeOneSeat(Command):
    """Take the first free seat of a row, unless the person took one there before; in two stages."""

    row: UnitId
    person: PersonId

    def knows(self) -> Knows:
        self.seats = Seats(self.row)
        yield (self.seats,)
        self.own = SeatsOf(self.row, self.person)
        yield (self.own,)

    def execute(self) -> None:
        if self.own.times:
            raise Refused("seat.second", "One seat is enough.", "person")
        seat = next(n for n in range(1, 100) if n not in self.seats.taken)
        self.trigger(SeatTaken(self.row, seat, self.person, personal()))


class LeaveSeat(Command):
    row: UnitId
    number: int

    def execute(self) -> None:
        self.trigger(SeatLeft(self.row, self.number))


class LookAround(Command):
    """Stands on nothing, and does nothing."""

    def knows(self) -> Knows:
        yield ()

    def execute(self) -> None: ...


class Meddled:
    """A log in which something happens after a read, before an append, or after it."""

    def __init__(
        self,
        log: LogRecorder,
        before: Callable[[], Any] = lambda: None,
        after: Callable[[], Any] = lambda: None,
        read: Callable[[], Any] = lambda: None,
    ) -> None:
        self._log, self._before, self._after, self._read = log, before, after, read

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def select(self, query: DCBQuery) -> tuple[Head, list[Entry]]:
        found = self._log.select(query)
        self._read()
        return found

    def record(self, events: Sequence[LogEvent], condition: DCBAppendCondition | None = None) -> Recorded:
        self._before()
        recorded = self._log.record(events, condition)
        self._after()
        return recorded


class Desk:
    """A writer on an empty database, and what lies around it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = Database.parse(url)
        self.log = open_log(self.database, now=lambda: NOW)
        self.keys = KeyStore(self.database.engine("keys"))
        self.journal = AttemptsJournal(self.database.engine("office"))
        for each in (self.log, self.keys, self.journal):
            each.migrate()
        self.writer = self.at()

    def at(self, log: Any = None) -> Writer:
        """Another writer at the same desk, whose log may be meddled with."""
        return Writer(log or self.log, self.keys, self.journal, now=lambda: NOW)

    def close(self) -> None:
        for each in (self.log, self.keys, self.journal):
            each.close()

    def envelopes(self) -> list[Envelope]:
        return [read_envelope(entry.bytes) for entry in self.log.entries()]

    def seats(self, row: str = "R1") -> dict[int, str]:
        """Who sits in a row, by all that was recorded."""
        seats = Seats(UnitId(row))
        for envelope in self.envelopes():
            if f"unit:{row}" in envelope.tags.split():
                seats.note(envelope.event)
        return {**seats.taken}


def desk_at(url: str) -> Iterator[Desk]:
    desk = Desk(url)
    yield desk
    desk.close()


def take(person: str, *numbers: int, row: str = "R1", name: str = "", note: str = "") -> TakeSeats:
    """Without a number: the next free seat."""
    return TakeSeats(row=UnitId(row), person=PersonId(person), numbers=numbers or (0,), name=name, note=note)


def by(command_id: str, actor: str = "clerk", **more: Any) -> Context:
    return Context(actor=actor, command_id=command_id, today=date(2025, 6, 16), **more)


def rows_of(*people: str, actor: str = "clerk") -> list[Asked]:
    """For each of these people the next free seat, in commands `row-<person>`."""
    return [(take(person), by(f"row-{person}", actor)) for person in people]
