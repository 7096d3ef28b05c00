"""Evidence: what the ledger costs those who write, how fast the log is hashed again, and what a receipt costs."""

from __future__ import annotations

import hashlib
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import partial

from bench.beside import beside
from bench.commands import PERSONS, Ours
from bench.filling import filled
from bench.places import Place, Places
from bench.rounds import in_threads, median, paired, spread, table, take_turns
from workflow.database import Database
from workflow.ledger.integrity import integrity
from workflow.ledger.keeper import Keeper
from workflow.ledger.signing import SigningKeys
from workflow.ledger.standing import receipt
from workflow.ledger.store import LedgerStore
from workflow.log import open_log

THREADS = 8
KINDS = "sqlite", "postgresql"


def run(places: Places, quick: bool) -> str:
    """Three tables: the section of the results."""
    return "\n\n".join([_writing(places, quick), _hashing(places, quick), _receipts(places, quick)])


def _signing(database: Database, origin: str) -> SigningKeys:
    signing = SigningKeys(database.engine("keys"))
    signing.migrate()
    if not signing.all():
        signing.make(origin)
    return signing


def _keep(database: Database, stop: threading.Event) -> None:
    log, store = open_log(database), LedgerStore(database.engine("ledger"))
    store.migrate()
    Keeper(store, log, _signing(database, log.source)).run(stop)
    log.close()


@contextmanager
def _ledger(place: Place) -> Iterator[None]:
    store = LedgerStore(place.database.engine("ledger"))
    store.migrate()
    with closing(store), beside(_keep, place):
        while not store.size():  # it has come up, and covered what was there
            time.sleep(0.05)
        yield


def _commands(places: Places, kind: str, kept: bool, commands: int) -> dict[str, float]:
    """Commands a second by `THREADS` threads, with a ledger process beside or without."""
    persons = [f"P{n:04}" for n in range(PERSONS)]
    chance = random.Random(1)
    each = commands // THREADS
    work = [[chance.sample(persons, 2) for _ in range(each)] for _ in range(THREADS)]
    with places.open(kind) as place:
        ours = Ours(place)
        try:
            ours.register(persons)
            places.settle(place)

            def pair(name: str, thread: int, count: int) -> None:
                for n, (mentor, mentee) in enumerate(work[thread][:count]):
                    ours.pair(f"{name}-{thread}-{n:05}", mentor, mentee)

            with _ledger(place) if kept else nullcontext():
                wall, _ = in_threads(
                    lambda thread: pair("real", thread, each),
                    THREADS,
                    warm_up=lambda thread: pair("warm", thread, each // 10),
                )
        finally:
            ours.close()
    return {"commands/s": each * THREADS / wall}


def _writing(places: Places, quick: bool) -> str:
    commands = 800 if quick else 6_400
    measures = {
        (kind, kept): partial(_commands, places, kind, kept, commands) for kind in KINDS for kept in (False, True)
    }
    results = take_turns(measures, 2 if quick else 5)
    rows = []
    for kind in KINDS:
        alone, beside = results[kind, False], results[kind, True]
        share = paired(beside, alone, "commands/s")
        rows.append(
            [
                kind,
                f"{median(alone, 'commands/s'):,.0f}",
                f"{median(beside, 'commands/s'):,.0f}",
                spread(beside, "commands/s"),
                f"{1 - share:.0%}",
            ]
        )
    heading = ["", "without a ledger, commands/s", "with one", "least–most", "the ledger's share"]
    return f"{commands:,} commands by {THREADS} threads, with a ledger process beside them and without.\n\n" + table(
        heading, rows
    )


def _hashing(places: Places, quick: bool) -> str:
    events = 10_000 if quick else 1_000_000
    measures: dict[tuple[str, str], Callable[[], dict[str, float]]] = {}
    for kind in KINDS:
        place = _signed(places, kind, events)
        measures[kind, "bare"] = partial(_bare, place, events)
        measures[kind, "audit"] = partial(_audit, place, events)
    results = take_turns(measures, 2 if quick else 3)
    rows = []
    for kind in KINDS:
        bare, audit = results[kind, "bare"], results[kind, "audit"]
        share = paired(audit, bare, "entries/s")
        rows.append(
            [
                kind,
                f"{median(bare, 'entries/s'):,.0f}",
                f"{median(audit, 'entries/s'):,.0f}",
                spread(audit, "entries/s"),
                f"{share:.2f}",
            ]
        )
    heading = ["", "read and SHA-256, entries/s", "audit, entries/s", "least–most", "audit by bare"]
    about = (
        f"Integrity of {events:,} entries (each hashed again, compared with its columns and tags, tiles, checkpoints), "
        "against reading the same entries and hashing them once."
    )
    return f"{about}\n\n{table(heading, rows)}"


def _bare(place: Place, events: int) -> dict[str, float]:
    log = open_log(place.database)
    started = time.perf_counter()
    for entry in log.entries():
        hashlib.sha256(entry.bytes).digest()
    spent = time.perf_counter() - started
    log.close()
    return {"entries/s": events / spent}


def _audit(place: Place, events: int) -> dict[str, float]:
    log, store = open_log(place.database), LedgerStore(place.database.engine("ledger"))
    started = time.perf_counter()
    found = integrity(log, store, [_signing(place.database, log.source).current().verifier])
    spent = time.perf_counter() - started
    assert found.ok, found
    assert found.checked == events
    log.close()
    store.close()
    return {"entries/s": events / spent}


def _signed(places: Places, kind: str, events: int) -> Place:
    """A filled log with its ledger."""
    place = filled(places, kind, events)
    log, store = open_log(place.database), LedgerStore(place.database.engine("ledger"))
    store.migrate()
    Keeper(store, log, _signing(place.database, log.source)).once()
    log.close()
    store.close()
    return place


def _receipts(places: Places, quick: bool) -> str:
    rows = []
    for events in (1_000, 10_000) if quick else (10_000, 100_000, 1_000_000):
        row = [f"{events:,}"]
        for kind in KINDS:
            place = _signed(places, kind, events)
            store = LedgerStore(place.database.engine("ledger"))
            chance, times, hashes, size = random.Random(1), [], 0, 0
            for position in [chance.randrange(1, events + 1) for _ in range(300)]:
                started = time.perf_counter()
                found = receipt(store, position)
                times.append(time.perf_counter() - started)
                assert found is not None
                hashes, size = max(hashes, len(found.proof)), max(size, len(found.write()))
            row.append(f"{statistics.median(times) * 1e3:.2f} ({sorted(times)[-3] * 1e3:.2f})")
            store.close()
        rows.append([*row, str(hashes), f"{size:,}"])
    heading = ["events", "SQLite, ms (p99)", "PostgreSQL, ms (p99)", "hashes", "bytes"]
    return "A receipt of a random event, median and 99th percentile of 300.\n\n" + table(heading, rows)
