"""Whole commands a second: read the boundary, decide, append durably; the same rule on every peer."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import partial
from typing import Protocol

from bench import peers
from bench.places import Place, Places
from bench.rounds import bound_by, in_threads, median, paired, spread, table, take_turns
from workflow.entry import frame, tail
from workflow.ids import MembershipId, PersonId, tags_of
from workflow.journal import AttemptsJournal
from workflow.keys import KeyStore
from workflow.log import LogEvent, open_log
from workflow.slices import Command, Context, Event, Knows, Refused, View, event
from workflow.writer import Writer

PERSONS = 2_000
EFFECTIVE, UNTIL = date.fromisoformat(peers.EFFECTIVE), date.fromisoformat(peers.UNTIL)


class BenchPersonRegistered(Event):
    TOPIC = "bench.person_registered"
    person: PersonId
    effective: date


class BenchMentorshipStarted(Event):
    TOPIC = "bench.mentorship_started"
    membership: MembershipId
    mentor: PersonId
    mentee: PersonId
    kind: str
    effective: date
    until: date


class Standing(View):
    person: PersonId
    since: date | None = field(init=False, default=None)

    @event(BenchPersonRegistered)
    def registered(self, effective: date) -> None:
        self.since = effective


class Pairs(View):
    """How many mentees a person leads, and how many mentors they have."""

    person: PersonId
    leads: int = field(init=False, default=0)
    led: int = field(init=False, default=0)

    @event(BenchMentorshipStarted)
    def started(self, mentor: PersonId, mentee: PersonId) -> None:
        self.leads += mentor == self.person
        self.led += mentee == self.person


class StartBenchMentorship(Command):
    membership: MembershipId
    mentor: PersonId
    mentee: PersonId
    kind: str
    effective: date
    until: date
    limit: int

    def knows(self) -> Knows:
        self.standing = Standing(self.mentor), Standing(self.mentee)
        self.pairs = Pairs(self.mentor), Pairs(self.mentee)
        yield *self.standing, *self.pairs

    def execute(self) -> None:
        if any(standing.since is None for standing in self.standing):
            raise Refused("bench.unknown", "Both must be registered.")
        if self.pairs[0].leads >= self.limit or self.pairs[1].led >= self.limit:
            raise Refused("bench.limit", "One of them has as many pairs as the limit allows.")
        self.trigger(_started(str(self.membership), self.mentor, self.mentee))


def _started(membership: str, mentor: str, mentee: str) -> BenchMentorshipStarted:
    return BenchMentorshipStarted(
        MembershipId(membership), PersonId(mentor), PersonId(mentee), "casework", EFFECTIVE, UNTIL
    )


def _context(command_id: str) -> Context:
    return Context(actor="bench", command_id=command_id, today=EFFECTIVE)


def open_writer(place: Place) -> Writer:
    """A writer on a place, which is migrated if need be."""
    log = open_log(place.database)
    keys, journal = KeyStore(place.database.engine("keys")), AttemptsJournal(place.database.engine("office"))
    for part in (log, keys, journal):
        part.migrate()
    return Writer(log, keys, journal)


class Ours:
    """`Writer.handle` with all that it does: command ids, the digest of what was asked, the stamp of time."""

    def __init__(self, place: Place) -> None:
        self._writer = open_writer(place)

    def register(self, persons: Sequence[str]) -> None:
        facts = [BenchPersonRegistered(PersonId(person), EFFECTIVE) for person in persons]
        for start in range(0, len(facts), 500):
            batch = facts[start : start + 500]
            self._writer.log.append(
                [
                    LogEvent(fact.TOPIC, tail(fact, _context(f"register-{start}"), n, ""), tags_of(fact))
                    for n, fact in enumerate(batch, 1)
                ]
            )

    def pair(self, number: str, mentor: str, mentee: str) -> None:
        command = StartBenchMentorship(
            membership=MembershipId(f"M{number}"),
            mentor=PersonId(mentor),
            mentee=PersonId(mentee),
            kind="casework",
            effective=EFFECTIVE,
            until=UNTIL,
            limit=peers.LIMIT,
        )
        self._writer.handle(command, _context(number))

    def close(self) -> None:
        self._writer.log.close()
        self._writer.keys.close()
        self._writer.journal.close()


class Contender(Protocol):
    def register(self, persons: Sequence[str]) -> None: ...
    def pair(self, number: str, mentor: str, mentee: str) -> None: ...
    def close(self) -> None: ...


def _entry() -> bytes:
    """The bytes of one of our entries, for those who only commit."""
    fact = _started("M1-00001", "P0001", "P0002")
    return frame(0, fact.TOPIC, " ".join(tags_of(fact))) + tail(fact, _context("1-00001"), 1, "")


CONTENDERS: Mapping[tuple[str, str], Callable[[Place], Contender]] = {
    ("sqlite", "ours"): Ours,
    ("sqlite", "library aggregates"): peers.Aggregates,
    ("sqlite", "bare commits"): lambda place: peers.SQLiteCommits(place, _entry()),
    ("postgresql", "ours"): Ours,
    ("postgresql", "library aggregates"): peers.Aggregates,
    ("postgresql", "library DCB recorder"): peers.LibraryDCB,
    ("postgresql", "bare commits"): lambda place: peers.PostgresCommits(place, _entry()),
}


def _measure(places: Places, contender: tuple[str, str], threads: int, commands: int) -> dict[str, float]:
    """Commands a second in a fresh database with `PERSONS` persons, after a tenth of them unmeasured."""
    database, _ = contender
    persons = [f"P{n:04}" for n in range(PERSONS)]
    chance = random.Random(1)
    each = commands // threads
    work = [[chance.sample(persons, 2) for _ in range(each)] for _ in range(threads)]
    with places.open(database) as place:
        contestant = CONTENDERS[contender](place)
        try:
            contestant.register(persons)
            places.settle(place)

            def run(name: str, thread: int, pairs: Sequence[Sequence[str]]) -> None:
                for n, (mentor, mentee) in enumerate(pairs):
                    contestant.pair(f"{name}-{thread}-{n:05}", mentor, mentee)

            before = places.processor(place)
            wall, processor = in_threads(
                lambda thread: run("real", thread, work[thread]),
                threads,
                warm_up=lambda thread: run("warm", thread, work[thread][: each // 10]),
            )
            server = (places.processor(place) - before) / 1.1  # the tenth before included
        finally:
            contestant.close()
    done = each * threads
    return {"commands/s": done / wall, "Python µs": processor / done * 1e6, "PostgreSQL µs": server / done * 1e6}


def run(places: Places, quick: bool) -> str:
    """All contenders, 1 and 16 threads; the section of the results."""
    sizes = {1: 300, 16: 800} if quick else {1: 1_200, 16: 3_200}
    measures = {
        (*contender, threads): partial(_measure, places, contender, threads, commands)
        for threads, commands in sizes.items()
        for contender in CONTENDERS
    }
    results = take_turns(measures, 2 if quick else 5)
    rows = []
    for database, name, threads in sorted(results, key=lambda key: (key[0] != "sqlite", key[2])):
        found = results[database, name, threads]
        rate, python, server = (median(found, key) for key in ("commands/s", "Python µs", "PostgreSQL µs"))
        ratio = paired(results[database, "ours", threads], found, "commands/s")
        rows.append(
            [
                f"{database}, {threads} thread{'s' if threads > 1 else ''}: {name}",
                f"{rate:,.0f}",
                spread(found, "commands/s"),
                "" if name == "ours" else f"{ratio:.2f}×",
                f"{python:,.0f}",
                f"{server:,.0f}" if database == "postgresql" else "",
                bound_by(rate, python, server),
            ]
        )
    return (
        f"Mentoring pairs among {PERSONS:,} persons, {sizes[1]:,} by 1 thread and {sizes[16]:,} by 16, in a fresh "
        "database. µs are processor time per command, of this process and of PostgreSQL's. Bound by: the cores in use "
        "tell; waiting is for locks, round trips and the disk, and for whatever else the machine does.\n\n"
        + table(["", "commands/s", "least–most", "ours is", "Python µs", "PostgreSQL µs", "bound by"], rows)
    )
