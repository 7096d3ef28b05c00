"""The log: every event there ever was, in order, unchangeable.

`open_log(url)` gives the recorder for the database that the URL names; `resonance migrate` creates what it needs.
"""

from __future__ import annotations

from typing import Any

from workflow.database import Database
from workflow.log.postgres import PostgresLog
from workflow.log.queries import Item
from workflow.log.recorder import (
    CommandKnown,
    Entry,
    Head,
    LogEvent,
    LogRecorder,
    Recorded,
    StoredRow,
    Subscription,
)
from workflow.log.sqlite import SQLiteLog

__all__ = [
    "CommandKnown",
    "Entry",
    "Head",
    "Item",
    "LogEvent",
    "LogRecorder",
    "PostgresLog",
    "Recorded",
    "SQLiteLog",
    "StoredRow",
    "Subscription",
    "open_log",
]


def open_log(database: Database, **kwargs: Any) -> LogRecorder:
    """The log of one institution. `now` may be given: a callable that returns aware datetimes."""
    if database.path is not None:
        database.path.parent.mkdir(parents=True, exist_ok=True)
        return SQLiteLog(database.path, **kwargs)
    return PostgresLog(database.url, database.schema, **kwargs)
