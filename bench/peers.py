"""The peers of the write side: the `eventsourcing` library's aggregates, its DCB recorder, and bare commits.

Each does what the mentoring command of `bench.commands` does: a mentor and a mentee, both registered, neither
with more pairs than the limit, and a pair that stands durably when the call returns. Each has its best form.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg
from eventsourcing.application import Application
from eventsourcing.dcb.application import DCBApplication
from eventsourcing.dcb.domain import Selector, Slice, Tagged
from eventsourcing.dcb.msgpack import Decision, MessagePackMapper
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import IntegrityError
from eventsourcing.utils import get_topic

from bench.places import Place

LIMIT = 1_000
EFFECTIVE, UNTIL = "2024-01-02", "2025-01-01"


class TooMany(Exception):
    """The rule of the limit said no."""


# Aggregates: two are read, both change, both are saved in one transaction.


class Person(Aggregate):
    @event("Registered")
    def __init__(self, person: str, effective: str) -> None:
        self.person = person
        self.leads = 0
        self.led = 0

    @staticmethod
    def create_id(person: str, **_: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"person:{person}")

    @event("MentoringStarted")
    def lead(self, mentorship: str, mentee: str, kind: str, effective: str, until: str) -> None:
        self.leads += 1

    @event("BeingMentoredStarted")
    def be_led(self, mentorship: str, mentor: str, kind: str, effective: str, until: str) -> None:
        self.led += 1


class Aggregates:
    """`Application.repository.get` twice, then `save`."""

    def __init__(self, place: Place) -> None:
        if place.server:
            env = {"PERSISTENCE_MODULE": "eventsourcing.postgres", **place.postgres_env}
        else:
            env = {
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "SQLITE_DBNAME": str(place.folder / "aggregates.sqlite"),
                "SQLITE_POOL_SIZE": "18",
            }
        self._app: Application[UUID] = Application(env)

    def register(self, persons: Sequence[str]) -> None:
        for start in range(0, len(persons), 100):
            some = persons[start : start + 100]
            self._app.save(*(Person(person=person, effective=EFFECTIVE) for person in some))

    def pair(self, number: str, mentor: str, mentee: str) -> None:
        while True:
            leading: Person = self._app.repository.get(Person.create_id(mentor))
            led: Person = self._app.repository.get(Person.create_id(mentee))
            if leading.leads >= LIMIT or led.led >= LIMIT:
                raise TooMany
            leading.lead(f"M{number}", mentee, "casework", EFFECTIVE, UNTIL)
            led.be_led(f"M{number}", mentor, "casework", EFFECTIVE, UNTIL)
            with suppress(IntegrityError):
                self._app.save(leading, led)
                return

    def close(self) -> None:
        self._app.close()


# The library's DCB recorder: one slice with read and append, typed selectors, the fewest it can do with.


class Registered(Decision):
    person: str
    effective: str


class Started(Decision):
    mentorship: str
    mentor: str
    mentee: str
    kind: str
    effective: str
    until: str


class StartMentorship(Slice[Decision]):
    def __init__(self, number: str, mentor: str, mentee: str) -> None:
        self.number = number
        self.mentor = mentor
        self.mentee = mentee
        self.registered: set[str] = set()
        self.leads = 0
        self.led = 0

    def consistency_boundary(self) -> list[Selector]:
        types: list[type[Decision]] = [Registered, Started]
        return [Selector(types, [f"person:{self.mentor}"]), Selector(types, [f"person:{self.mentee}"])]

    @event(Registered)
    def _(self, person: str) -> None:
        self.registered.add(person)

    @event(Started)
    def _(self, mentor: str, mentee: str) -> None:
        self.leads += mentor == self.mentor
        self.led += mentee == self.mentee

    def execute(self) -> None:
        if self.registered != {self.mentor, self.mentee} or self.leads >= LIMIT or self.led >= LIMIT:
            raise TooMany
        started = Started(f"M{self.number}", self.mentor, self.mentee, "casework", EFFECTIVE, UNTIL)
        tags = [f"mentorship:{started.mentorship}", f"person:{self.mentor}", f"person:{self.mentee}"]
        self.new_decisions.append(Tagged(tags, started))


class LibraryDCB:
    """`DCBApplication.do(slice)` on `eventsourcing.dcb.postgres_tt`."""

    def __init__(self, place: Place) -> None:
        self._app = DCBApplication(
            {
                "PERSISTENCE_MODULE": "eventsourcing.dcb.postgres_tt",
                "MAPPER_TOPIC": get_topic(MessagePackMapper),
                **place.postgres_env,
            }
        )

    def register(self, persons: Sequence[str]) -> None:
        self._app.events.append([Tagged([f"person:{p}"], Registered(p, EFFECTIVE)) for p in persons])

    def pair(self, number: str, mentor: str, mentee: str) -> None:
        while True:
            with suppress(IntegrityError):
                self._app.do(StartMentorship(number, mentor, mentee))
                return

    def close(self) -> None:
        self._app.close()


# Bare commits: no rule, nothing read; one row with the bytes of an entry and its tags, one commit.


class PostgresCommits:
    """One INSERT a commit, prepared, a connection a thread."""

    def __init__(self, place: Place, entry: bytes) -> None:
        self._server = place.server
        self._insert = "INSERT INTO bare (entry, tags) VALUES (%s, %s)"
        self._entry = entry
        self._local = threading.local()
        self._opened: list[psycopg.Connection] = []
        with psycopg.connect(place.server, autocommit=True) as connection:
            connection.execute("CREATE TABLE bare (position bigserial PRIMARY KEY, entry bytea, tags text[])")

    def register(self, persons: Sequence[str]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(self._insert, [(self._entry, [f"person:{person}"]) for person in persons])

    def pair(self, number: str, mentor: str, mentee: str) -> None:
        tags = [f"membership:M{number}", f"person:{mentor}", f"person:{mentee}"]
        self._connection.execute(self._insert, (self._entry, tags), prepare=True)

    @property
    def _connection(self) -> psycopg.Connection:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = psycopg.connect(self._server, autocommit=True)
            self._opened.append(connection)
        return connection

    def close(self) -> None:
        for connection in self._opened:
            connection.close()


class SQLiteCommits:
    """One INSERT a commit; the threads share a connection and wait in line, which costs least on SQLite."""

    def __init__(self, place: Place, entry: bytes) -> None:
        self._entry = entry
        self._turn = threading.Lock()
        path = place.folder / "bare.sqlite"
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE bare (position INTEGER PRIMARY KEY, entry BLOB, tags TEXT)")

    def register(self, persons: Sequence[str]) -> None:
        self._connection.execute("BEGIN")
        rows = [(self._entry, f"person:{person}") for person in persons]
        self._connection.executemany("INSERT INTO bare (entry, tags) VALUES (?, ?)", rows)
        self._connection.execute("COMMIT")

    def pair(self, number: str, mentor: str, mentee: str) -> None:
        tags = f"membership:M{number} person:{mentor} person:{mentee}"
        with self._turn:
            self._connection.execute("INSERT INTO bare (entry, tags) VALUES (?, ?)", (self._entry, tags))

    def close(self) -> None:
        self._connection.close()
