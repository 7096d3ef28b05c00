"""The peer of the projector: the `eventsourcing` library's `ProjectionRunner` on PostgreSQL, on the same events.

Its projection decodes an event as ours does, and upserts one row for the thing that the event is about: less than our
facts, which keep every earlier row too. One event, one commit, as the library has it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from bench.places import Place
from workflow.entry import decode, read_envelope
from workflow.log import Entry


class Offices(Application[UUID]):
    """The log of the library, holding our events."""


@dataclass(frozen=True)
class Happened(DomainEvent):
    topic: str
    about: str
    data: str


class Rows(PostgresTrackingRecorder):
    """One row for each thing that there is, and how far the events were followed, in one transaction."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        table = Identifier("thing")
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS {} (about text PRIMARY KEY, topic text, data text, version bigint)").format(
                table
            )
        )
        self._upsert = SQL(
            "INSERT INTO {} VALUES (%s, %s, %s, %s) ON CONFLICT (about) DO UPDATE "
            "SET topic = excluded.topic, data = excluded.data, version = excluded.version"
        ).format(table)

    def put(self, row: tuple[Any, ...], tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._upsert, row, prepare=True)


class Follow(Projection[Rows]):
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        decode(domain_event.topic, 1, domain_event.data.encode())
        row = domain_event.about, domain_event.topic, domain_event.data, tracking.notification_id
        self.view.put(row, tracking)


def follow(place: Place, entries: Sequence[Entry]) -> tuple[float, float]:
    """Let a `ProjectionRunner` follow these events from nothing; seconds on the wall, and of processor time."""
    env = {"PERSISTENCE_MODULE": "eventsourcing.postgres", **place.postgres_env}
    with Offices(env) as app:
        for start in range(0, len(entries), 100):
            happened = [_happened(entry) for entry in entries[start : start + 100]]
            app.recorder.insert_events([app.mapper.to_stored_event(each) for each in happened])
    wall, processor = time.perf_counter(), time.process_time()
    with ProjectionRunner(application_class=Offices, projection_class=Follow, view_class=Rows, env=env) as runner:
        runner.wait(len(entries), timeout=600)
        return time.perf_counter() - wall, time.process_time() - processor


def _happened(entry: Entry) -> Happened:
    envelope = read_envelope(entry.bytes)
    about = envelope.tags.split()[0]
    return Happened(
        originator_id=uuid4(),
        originator_version=1,
        timestamp=Happened.create_timestamp(),
        topic=entry.topic,
        about=about,
        data=bytes(envelope.data).decode(),
    )
