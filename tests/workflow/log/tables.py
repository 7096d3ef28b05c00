"""The log's tables as they lie in the database, looked at without the log's own code."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
from psycopg import sql

from workflow.database import Database


def execute(database: Database, statement: str, role: str = "") -> list[tuple[Any, ...]]:
    """Run one statement in a transaction of its own, on PostgreSQL as the owner of the tables or in another role."""
    if database.path is not None:
        connection = sqlite3.connect(database.path)
        try:
            with connection:
                return connection.execute(statement).fetchall()
        finally:
            connection.close()
    with psycopg.connect(database.url) as server:
        server.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(database.schema)))
        if role:
            server.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        found = server.execute(statement.encode())
        return found.fetchall() if found.description else []


def assert_whole(database: Database) -> None:
    """Positions are dense, times never decrease, and types, tags and entries of every event agree."""
    events = execute(database, "SELECT position, name, recorded_at, entry FROM event JOIN event_type ON type = id")
    events.sort()
    assert [position for position, *_ in events] == list(range(1, len(events) + 1))
    times = [recorded_at for _, _, recorded_at, _ in events]
    assert times == sorted(times)
    tagged: dict[int, set[tuple[str, str]]] = {}
    for position, name, tag in execute(
        database, "SELECT position, name, tag FROM event_tag JOIN event_type ON event_tag.type = id"
    ):
        tagged.setdefault(position, set()).add((name, tag))
    for position, name, _, entry in events:
        head = bytes(entry).decode(errors="surrogateescape").split('"')
        assert head[7] == name
        assert tagged.pop(position, set()) == {(name, tag) for tag in head[11].split()}
    assert not tagged, "tags of no event"
