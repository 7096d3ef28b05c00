"""The log as OCEL 2.0: what the format demands, and that nothing of the log is lost or told wrongly."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from api.demo.procuratorate.demonstration import PROCURATORATE
from api.exports.ocel import Ocel, write_json, write_sqlite
from api.reading import snapshot
from api.settings import Settings
from api.wiring import Resonance, bootstrap
from workflow.entry import read_envelope

ROSTER = PROCURATORATE.folder / "roster.csv"
SCHEMA = json.loads(Path(__file__).with_name("ocel20.schema.json").read_text("utf-8"))
READ: dict[str, Callable[[str], Any]] = {"string": str, "integer": int, "float": Decimal, "boolean": json.loads}
"""How a value is read, by its type."""


@pytest.fixture(scope="module")
def wired(demonstration: Path) -> Iterator[Resonance]:
    with bootstrap(Settings.read({"RESONANCE_VAR": str(demonstration)})) as resonance:
        yield resonance


@pytest.fixture(scope="module")
def files(wired: Resonance, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of both formats: log.json, log.sqlite."""
    folder: Path = tmp_path_factory.mktemp("ocel")
    generation = wired.generations.current()
    assert generation is not None
    with snapshot(generation) as connection:
        ocel = Ocel(wired.log, connection, wired.log.head().position)
        write_json(folder / "log.json", ocel)
        write_sqlite(folder / "log.sqlite", Ocel(wired.log, connection, wired.log.head().position))
    return folder


@pytest.fixture(scope="module")
def told(files: Path) -> Any:
    return json.loads((files / "log.json").read_text("utf-8"))


def test_it_keeps_to_the_schema(told):
    jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True).validate(told)


def test_every_event_is_there_with_its_objects(told, wired: Resonance):
    envelopes = [read_envelope(entry.bytes) for entry in wired.log.entries()]
    assert [(each["id"], each["type"], each["time"]) for each in told["events"]] == [
        (each.id, each.type, each.time) for each in envelopes
    ]
    for each, envelope in zip(told["events"], envelopes, strict=True):
        assert {related["objectId"] for related in each["relationships"]} == set(envelope.tags.split())


def declared(types: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The types of the attributes of each type."""
    return {each["name"]: {one["name"]: one["type"] for one in each["attributes"]} for each in types}


def test_what_events_and_objects_refer_to_is_declared(told):
    objects = {each["id"]: each["type"] for each in told["objects"]}
    assert len(objects) == len(told["objects"])
    types, events = declared(told["objectTypes"]), declared(told["eventTypes"])
    for each in told["events"]:
        assert all(related["objectId"] in objects for related in each["relationships"])
        for attribute in each["attributes"]:
            READ[events[each["type"]][attribute["name"]]](attribute["value"])
    for each in told["objects"]:
        assert all(related["objectId"] in objects for related in each["relationships"])
        for attribute in each["attributes"]:
            READ[types[each["type"]][attribute["name"]]](attribute["value"])


def test_an_object_has_its_attributes_over_time(told):
    (warning,) = [each for each in told["objects"] if each["id"] == "warning:W.I07.G3.2025-03"]
    history = [(each["time"], each["value"]) for each in warning["attributes"] if each["name"] == "state"]
    assert len(history) > 4
    assert [time for time, _ in history] == sorted(time for time, _ in history)
    assert history[0][1] == "raised"
    assert {"objectId": "unit:G3", "qualifier": "unit"} in warning["relationships"]


def test_what_is_sealed_is_not_in_it(files: Path):
    text = (files / "log.json").read_text("utf-8")
    numbers = [row["工号 (number)"] for row in csv.DictReader(ROSTER.read_text("utf-8-sig").splitlines())]
    assert len(numbers) > 100
    assert not [number for number in numbers if number in text]
    assert '"box"' not in text


def test_both_formats_tell_the_same(files: Path, told):
    types = declared(told["objectTypes"])
    with closing(sqlite3.connect(files / "log.sqlite")) as connection:
        events = connection.execute("SELECT ocel_id, ocel_type FROM event ORDER BY rowid").fetchall()
        assert events == [(each["id"], each["type"]) for each in told["events"]]
        related = connection.execute("SELECT * FROM event_object").fetchall()
        assert sorted(related) == sorted(
            (each["id"], one["objectId"], one["qualifier"]) for each in told["events"] for one in each["relationships"]
        )
        maps = dict(connection.execute("SELECT * FROM object_map_type"))
        history: dict[str, list[tuple[str, Any]]] = defaultdict(list)
        for table in maps.values():
            cursor = connection.execute(f'SELECT * FROM "object_{table}" ORDER BY rowid')
            names = [each[0] for each in cursor.description][3:]
            for id, _, changed, *values in cursor:
                given = {name: value for name, value in zip(names, values, strict=True) if value is not None}
                assert changed is None or list(given) == [changed]
                history[id] += given.items()
        for each in told["objects"]:
            expected = [
                (attribute["name"], READ[types[each["type"]][attribute["name"]]](attribute["value"]))
                for attribute in each["attributes"]
            ]
            assert alike(history[each["id"]]) == alike(expected), each["id"]


def alike(attributes: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Attributes in an order of their own, numbers as SQLite and JSON both may write them."""
    return sorted((name, value if isinstance(value, str) else str(float(value))) for name, value in attributes)


def test_a_file_that_is_there_is_not_written_over(files: Path, wired: Resonance):
    generation = wired.generations.current()
    assert generation is not None
    with snapshot(generation) as connection, pytest.raises(FileExistsError):
        write_sqlite(files / "log.sqlite", Ocel(wired.log, connection, 1))


def test_pm4py_reads_it(files: Path):
    """Not installed by default, because it brings half a gigabyte; `make interop` installs it and runs this."""
    pm4py = pytest.importorskip("pm4py")
    validation = pytest.importorskip("pm4py.objects.ocel.validation.ocel20_rel_validation")

    events, kinds = len(json.loads((files / "log.json").read_text("utf-8"))["events"]), set()
    for log in (
        pm4py.read_ocel2_json(str(files / "log.json")),
        pm4py.read_ocel2_sqlite(str(files / "log.sqlite")),
    ):
        assert len(log.events) == events - 1  # it leaves out clock.started, which has no object
        kinds.update(log.objects["ocel:type"])
    assert {"person", "unit", "warning", "duty"} <= kinds
    _, violated = validation.apply(str(files / "log.sqlite"))
    assert violated == []
