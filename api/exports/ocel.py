"""The log as an object-centric event log, OCEL 2.0, for process mining: as JSON and as SQLite.

An event's typed ids are its objects, each qualified by the field that holds it (`person`, `mentor`, `successor`); ids
of objects are the log's tags (`unit:G3`). An object's attributes over time are the facts that are kept by its id, as
they became known. What is sealed, and what has an inner structure, is left out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints

import msgspec
from sqlalchemy import Connection

from projections.facts import FactTable
from projections.history import pages_as_of
from projections.models import MODELS
from workflow.entry import instant_text, read_envelope
from workflow.ids import KINDS, id_fields, is_id, tag
from workflow.log import LogRecorder
from workflow.slices import Event

Progress = Callable[[int, int], None]

_ALWAYS = (("position", "integer"), ("effective", "string"), ("actor", "string"), ("reason", "string"))
"""Attributes that every event has; `effective` and `reason` may be missing."""

_OF_PYTHON: dict[object, str] = {str: "string", int: "integer", bool: "boolean", Decimal: "float", date: "string"}
_OF_FACTS = {"text": "string", "integer": "integer", "flag": "boolean", "day": "string", "decimal": "float"}
_OF_SQLITE = {"string": "TEXT", "integer": "INTEGER", "boolean": "BOOLEAN", "float": "REAL"}

_encode = msgspec.json.encode


class OcelEvent(NamedTuple):
    """`objects` are (id, qualifier)."""

    id: str
    type: str
    time: str
    attributes: Mapping[str, Any]
    objects: Sequence[tuple[str, str]]


class OcelObject(NamedTuple):
    """`attributes` are (name, time, value) in the order of times; `objects` are (id, qualifier)."""

    id: str
    type: str
    attributes: Sequence[tuple[str, str, Any]]
    objects: Sequence[tuple[str, str]]


class Ocel:
    """The events up to a position, and their objects as the facts of `connection` tell of them at that position."""

    def __init__(self, log: LogRecorder, connection: Connection, position: int) -> None:
        self._log = log
        self._connection = connection
        self._position = position
        self._seen: dict[str, str] = {}
        self._times: list[str] = [""]

    @property
    def event_types(self) -> dict[str, list[tuple[str, str]]]:
        """Of each type of event its attributes, (name, type)."""
        ours = {topic: kind for topic, kind in Event.topics.items() if kind.__module__.startswith("workflow.")}
        return {topic: [*_ALWAYS, *_scalars(kind)] for topic, kind in sorted(ours.items())}

    @property
    def object_types(self) -> dict[str, list[tuple[str, str]]]:
        """Of each kind of object its attributes, (name, type)."""
        found: dict[str, dict[str, str]] = {kind: {} for kind in sorted(KINDS.values())}
        for table in _tables():
            found[table.key[0]].update((name, _OF_FACTS[kind]) for name, kind in _attributes(table).items())
        return {kind: list(attributes.items()) for kind, attributes in found.items()}

    def events(self, progress: Progress) -> Iterator[OcelEvent]:
        """In the order of the log. The objects are known when all of them were taken."""
        for entry in self._log.entries(upto=self._position):
            envelope = read_envelope(entry.bytes)
            fact = envelope.event
            self._times.append(instant_text(entry.recorded_at))
            attributes: dict[str, Any] = {"position": entry.position, "actor": envelope.actor}
            attributes |= {"effective": envelope.effectivedate} if envelope.effectivedate else {}
            attributes |= {"reason": envelope.reason} if envelope.reason else {}
            plain = {name: getattr(fact, name) for name, _ in _scalars(type(fact))}
            attributes |= {name: _plain(value) for name, value in plain.items() if value is not None}
            objects = list(dict.fromkeys(_objects(fact)))
            self._seen.update((id, id.partition(":")[0]) for id, _ in objects)
            yield OcelEvent(envelope.id, envelope.type, self._times[-1], attributes, objects)
            if entry.position % 500 == 0 or entry.position == self._position:
                progress(entry.position, self._position)

    def objects(self) -> Iterator[OcelObject]:
        """Those of all events, by id."""
        known: dict[str, tuple[list[tuple[str, str, Any]], dict[tuple[str, str], None]]] = {}
        for table in _tables():
            self._note(table, known)
        for id, kind in sorted(self._seen.items()):
            attributes, related = known.get(id, ([], {}))
            attributes.sort(key=lambda each: (each[0], each[1]))
            yield OcelObject(id, kind, attributes, [each for each in related if each[0] in self._seen])

    def _note(self, table: FactTable, known: dict[str, Any]) -> None:
        """Take the attributes over time, and the ids of other objects, from the rows of a table."""
        kind, attributes = table.key[0], _attributes(table)
        last: dict[tuple[str, str], Any] = {}
        for row in (row for page in pages_as_of(self._connection, table, self._position) for row in page):
            values = dict(zip(table.columns, row, strict=True))
            id, time = tag(kind, values[kind]), self._times[values["opened"]]
            told, related = known.setdefault(id, ([], {}))
            for name, value in values.items():
                if value is None or last.get((id, name)) == value:
                    continue
                if name in attributes:
                    last[id, name] = value
                    told.append((name, time, _typed(_OF_FACTS[attributes[name]], value)))
                elif name != kind and name in table.kinds and name in KINDS.values() and is_id(str(value)):
                    last[id, name] = value
                    related[tag(name, value), name] = None


def write_json(path: Path, ocel: Ocel, progress: Progress = lambda done, total: None) -> None:
    """Write the JSON format (OCEL 2.0 specification, section 8).

    Every value is a text, because the published schema admits nothing else; of which type it is, its declaration says.
    """
    with path.open("wb") as file:
        file.write(b'{"eventTypes":' + _encode([_type(*each) for each in ocel.event_types.items()]))
        file.write(b',"objectTypes":' + _encode([_type(*each) for each in ocel.object_types.items()]))
        file.write(b',"events":[')
        for number, event in enumerate(ocel.events(progress)):
            file.write(b",\n" if number else b"\n")
            attributes = [{"name": name, "value": _text(value)} for name, value in event.attributes.items()]
            body = {"id": event.id, "type": event.type, "time": event.time}
            file.write(_encode(body | {"attributes": attributes, "relationships": _related(event.objects)}))
        file.write(b'],"objects":[')
        for number, each in enumerate(ocel.objects()):
            file.write(b",\n" if number else b"\n")
            history = [{"name": name, "time": time, "value": _text(value)} for name, time, value in each.attributes]
            body = {"id": each.id, "type": each.type}
            file.write(_encode(body | {"attributes": history, "relationships": _related(each.objects)}))
        file.write(b"]}\n")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _type(name: str, attributes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": each, "type": kind} for each, kind in attributes]}


def _related(objects: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": id, "qualifier": qualifier} for id, qualifier in objects]


def write_sqlite(path: Path, ocel: Ocel, progress: Progress = lambda done, total: None) -> None:
    """Write the relational format (OCEL 2.0 specification, section 5) into a new file. Raises FileExistsError."""
    path.touch(exist_ok=False)
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        connection.execute("BEGIN")
        for what, types in (("event", ocel.event_types), ("object", ocel.object_types)):
            for name, attributes in types.items():
                _create(connection, what, name, attributes)
        for event in ocel.events(progress):
            _insert_event(connection, event)
        for each in ocel.objects():
            _insert_object(connection, each)
        connection.execute("COMMIT")
    connection.close()


_SCHEMA = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE event (
    ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES event_map_type (ocel_type)
);
CREATE TABLE object (
    ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES object_map_type (ocel_type)
);
CREATE TABLE event_object (
    ocel_event_id TEXT NOT NULL, ocel_object_id TEXT NOT NULL, ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier),
    FOREIGN KEY (ocel_event_id) REFERENCES event (ocel_id), FOREIGN KEY (ocel_object_id) REFERENCES object (ocel_id)
);
CREATE TABLE object_object (
    ocel_source_id TEXT NOT NULL, ocel_target_id TEXT NOT NULL, ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier),
    FOREIGN KEY (ocel_source_id) REFERENCES object (ocel_id), FOREIGN KEY (ocel_target_id) REFERENCES object (ocel_id)
);
"""


@cache
def _map(name: str) -> str:
    """The name of a type as it stands in the name of its table."""
    return "".join(part.capitalize() for part in name.replace(".", "_").replace("-", "_").split("_"))


def _create(connection: sqlite3.Connection, what: str, name: str, attributes: Sequence[tuple[str, str]]) -> None:
    key, changed = "ocel_id TEXT", ", ocel_changed_field TEXT"
    if what == "event":
        key, changed = "ocel_id TEXT PRIMARY KEY", ""
    columns = "".join(f', "{each}" {_OF_SQLITE[kind]}' for each, kind in attributes)
    link = f", FOREIGN KEY (ocel_id) REFERENCES {what} (ocel_id)"
    connection.execute(f"INSERT INTO {what}_map_type VALUES (?, ?)", (name, _map(name)))
    connection.execute(f'CREATE TABLE "{what}_{_map(name)}" ({key}, ocel_time TIMESTAMP{changed}{columns}{link})')


def _insert_event(connection: sqlite3.Connection, event: OcelEvent) -> None:
    connection.execute("INSERT INTO event VALUES (?, ?)", (event.id, event.type))
    names = ", ".join(f'"{name}"' for name in event.attributes)
    marks = ", ".join("?" * (len(event.attributes) + 2))
    values = (event.id, event.time, *(_bound(value) for value in event.attributes.values()))
    connection.execute(f'INSERT INTO "event_{_map(event.type)}" (ocel_id, ocel_time, {names}) VALUES ({marks})', values)
    # Object ids are checked by nobody here: objects follow.
    connection.executemany("INSERT INTO event_object VALUES (?, ?, ?)", [(event.id, *each) for each in event.objects])


def _insert_object(connection: sqlite3.Connection, each: OcelObject) -> None:
    """The first value of each attribute stands in one row, which changes nothing, each later one in its own."""
    connection.execute("INSERT INTO object VALUES (?, ?)", (each.id, each.type))
    first: dict[str, tuple[str, Any]] = {}
    later = []
    for name, time, value in each.attributes:
        if name in first:
            later.append((name, time, value))
        else:
            first[name] = time, value
    table = f'"object_{_map(each.type)}"'
    names = "".join(f', "{name}"' for name in first)
    since = min((time for time, _ in first.values()), default="1970-01-01T00:00:00Z")
    values = [each.id, since, None, *(_bound(value) for _, value in first.values())]
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} (ocel_id, ocel_time, ocel_changed_field{names}) VALUES ({marks})", values)
    for name, time, value in later:
        sql = f'INSERT INTO {table} (ocel_id, ocel_time, ocel_changed_field, "{name}") VALUES (?, ?, ?, ?)'
        connection.execute(sql, (each.id, time, name, _bound(value)))
    connection.executemany("INSERT INTO object_object VALUES (?, ?, ?)", [(each.id, *one) for one in each.objects])


def _bound(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


@cache
def _tables() -> Sequence[FactTable]:
    """The tables that keep something by the id of one object."""
    tables = [table for model in MODELS for table in model.tables]
    return [table for table in tables if len(table.key) == 1 and table.key[0] in KINDS.values()]


@cache
def _attributes(table: FactTable) -> Mapping[str, str]:
    """The columns that are attributes, with their kinds: no documents, and no ids of other objects."""
    return {
        name: table.kinds[name]
        for name in table.values
        if table.kinds[name] != "document" and name not in KINDS.values()
    }


@cache
def _scalars(kind: type[Event]) -> Sequence[tuple[str, str]]:
    """The fields of an event that are plain values, with their types in OCEL; the effective date is told anyway."""
    ids = {field for field, _, _ in id_fields(kind)}
    found = []
    for field, hint in get_type_hints(kind).items():
        types = [each for each in get_args(hint) or (hint,) if each is not NoneType]
        plain = field in kind.__struct_fields__ and field not in ids and field not in dict(_ALWAYS)
        if plain and len(types) == 1 and types[0] in _OF_PYTHON:
            found.append((field, _OF_PYTHON[types[0]]))
    return found


def _objects(fact: Event) -> Iterator[tuple[str, str]]:
    for field, kind, several in id_fields(type(fact)):
        value = getattr(fact, field)
        for each in value if several else [value]:
            if each is not None:
                yield tag(kind, each), field


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(kind: str, kept: Any) -> Any:
    """What the facts keep, as a value of its type in OCEL."""
    if kind == "float":
        return Decimal(kept)
    return bool(kept) if kind == "boolean" else kept
