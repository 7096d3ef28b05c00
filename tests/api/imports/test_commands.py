"""Imports come to events: rows through the commands of each kind, all of a file or nothing, and once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from api.charters import apply_charter
from api.imports import TEMPLATES, load
from api.imports.commands import COMMANDS, Imported, ImportRefused, import_records
from api.settings import Settings
from api.wiring import Resonance, bootstrap
from workflow.charter import shipped
from workflow.entry import read_envelope
from workflow.organisation.events import PersonRegistered

TODAY = date(2025, 6, 16)
SINCE = "2025-01-02"
TWO = {"approver": "B", "reason": "opening balance"}

Table = list[str]

OFFICE: Mapping[str, Table] = {
    "units": [
        "DCP,institution,院,Office,,2025-01-02",
        "G1,department,一部,First,DCP,2025-01-02",
        "G2,department,二部,,DCP,2025-01-02",
        "LG,leading_group,党组,,,2025-01-02",
        "OC,organ_committee,党委,,LG,2025-01-02",
        "B1,branch,支部,,OC,2025-01-02",
        "PG1,party_group,小组,,B1,2025-01-02",
    ],
    "posts": [
        "DC1,deputy_chief,DCP,副检察长,Deputy,G1 G2,2025-01-02",
        "G1-HEAD,department_head,G1,主任,,,2025-01-02",
        "PG1-LEAD,group_leader,PG1,组长,Leader,,2025-01-02",
    ],
    "grids": ["N1,G1,PG1,2025-01-02"],
    "roster": ["P1,prosecutor,张三,138,7,2025-01-02", "P2,clerk,李四,,,2025-01-02"],
    "memberships": ["P1,PG1,full,2025-01-02"],
    "appointments": ["P1,G1-HEAD,substantive,2025-01-02,"],
    "targets": ["I01,G1,2025,97,2025-01-02"],
    "readings": ["I01,G1,2025-05,96.5,2025-06-12,补报", "I01,G1,2025-04,98.50,2025-06-12,"],
    "honours": [
        "H1,P1,,,,city,先进个人,市委,M1,文件7号,2025-03-03",
        "H2,,G1,,,county,先进集体,县委,M2,文件8号,2025-03-03",
        "H3,P1,,,,county,先进个人,县委,M3,文件9号,2025-03-03",
    ],
}
"""A small office, a table of each kind."""

EVENTS = {
    "units": ["unit.established"] * 7,
    "posts": ["post.established", "post.duties_set", "post.established", "post.established"],
    "grids": ["grid.bound", "ex_officio.not_applicable"],
    "roster": ["person.registered"] * 2,
    "memberships": ["membership.started"],
    "appointments": ["appointment.started", "ex_officio.started"],
    "targets": ["target.set"],
    "readings": ["reading.reported", "warning.raised", "warning.notice_issued", "reading.reported"],
    "honours": ["honour.conferred"] * 3,
}


@pytest.fixture
def wired(database_url: str, tmp_path: Path) -> Iterator[Resonance]:
    yield from _wired(database_url, tmp_path)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Resonance]:
    """The small office, all of it, on SQLite."""
    for office in _wired(f"sqlite:///{tmp_path}/log.sqlite", tmp_path):
        for kind in OFFICE:
            send(office, csv_of(kind), kind, **TWO)
        yield office


def _wired(url: str, folder: Path) -> Iterator[Resonance]:
    """An institution with the procuratorate's charter and its indicators, and nothing else."""
    settings = Settings.read({"RESONANCE_DATABASE_URL": url, "RESONANCE_VAR": str(folder)})
    with bootstrap(settings, now=lambda: datetime(2025, 6, 16, 1, 0, tzinfo=UTC)) as wired:
        wired.migrate()
        apply_charter(wired, shipped("procuratorate"), date(2025, 1, 1), "A", "B", "first")
        yield wired


def csv_of(kind: str, *rows: str) -> bytes:
    """A CSV file of these rows, or else of the small office's, with all columns of its kind."""
    header = ",".join(column.title for column in TEMPLATES[kind].columns)
    return "\n".join([header, *(rows or OFFICE[kind])]).encode()


def xlsx_of(kind: str) -> bytes:
    """The same rows as a workbook: its dates are dates and its numbers numbers."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(TEMPLATES[kind].name.zh), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(csv.reader(io.StringIO(csv_of(kind).decode()))):
            for index, (text, column) in enumerate(zip(row, TEMPLATES[kind].columns, strict=True)):
                if number and text and column.type == "date":
                    sheet.write_datetime(number, index, date.fromisoformat(text), day)
                elif number and text and column.type == "decimal":
                    sheet.write_number(number, index, float(text))
                elif text:
                    sheet.write_string(number, index, text)
    return content.getvalue()


def send(wired: Resonance, content: bytes, kind: str, actor: str = "clerk", **more: Any) -> Imported:
    dry_run = more.pop("dry_run", False)
    records, errors = load(content, f"{kind}.xlsx" if content.startswith(b"PK") else f"{kind}.csv")
    assert errors == []
    return import_records(wired, records, wired.context(actor, **more), dry_run)


def refusals(wired: Resonance, kind: str, *rows: str, **more: Any) -> list[tuple[str, str, str]]:
    """Where, in which column and by which rule rows are refused; nothing is recorded."""
    before = wired.log.head()
    with pytest.raises(ImportRefused) as caught:
        send(wired, csv_of(kind, *rows), kind, **more)
    assert wired.log.head() == before
    assert all(each.allowed.endswith(".") and each.sheet == kind for each in caught.value.errors)
    return [(each.address, each.column, each.code) for each in caught.value.errors]


def types(wired: Resonance, after: int) -> list[str]:
    return [entry.topic for entry in wired.log.entries(after)]


def test_there_are_commands_for_every_kind_of_file():
    assert COMMANDS.keys() == TEMPLATES.keys() == OFFICE.keys()


def test_every_kind_of_row_comes_to_its_events_once_whatever_the_format(wired):
    for kind in OFFICE:
        before = wired.log.head().position
        done = send(wired, csv_of(kind), kind, **TWO)
        rows, events = len(OFFICE[kind]), EVENTS[kind]
        assert types(wired, before) == events
        assert (done.rows, done.changed, done.unchanged, done.events) == (rows, rows, 0, len(events))
        assert done.position == wired.log.head().position == before + len(events)
        assert [fact.TOPIC for fact in done.facts] == events
    head = wired.log.head()
    for kind in OFFICE:
        again = send(wired, xlsx_of(kind), kind, **TWO)
        rows = len(OFFICE[kind])
        assert (again.rows, again.changed, again.unchanged, again.events) == (rows, 0, rows, 0)
        assert [fact.TOPIC for fact in again.facts] == EVENTS[kind]
    assert wired.log.head() == head
    assert wired.journal.latest() == []
    assert wired.keys.find("张") == ["P1"]
    assert "张三".encode() not in b"".join(entry.bytes for entry in wired.log.entries())


def test_a_workbook_comes_to_the_same_events_as_the_csv(office, tmp_path):
    for other in _wired(f"sqlite:///{tmp_path}/other/log.sqlite", tmp_path):
        for kind in OFFICE:
            send(other, xlsx_of(kind), kind, **TWO)
        ours, theirs = ([read_envelope(e.bytes) for e in each.log.entries()] for each in (office, other))
        assert [(e.type, e.tags, e.effectivedate) for e in ours] == [(e.type, e.tags, e.effectivedate) for e in theirs]
        same = {ours[n].type for n in range(len(ours)) if ours[n].id == theirs[n].id}
        assert "unit.established" in same
        # The ids of rows with names in them can be made by nobody else: not even from a list of all names.
        assert "person.registered" not in same
        sealed = {PersonRegistered.TOPIC}
        assert [e.data for e in ours if e.type not in sealed] == [e.data for e in theirs if e.type not in sealed]


def test_what_a_row_says_is_what_is_recorded(office):
    said = {envelope.id: envelope for envelope in (read_envelope(e.bytes) for e in office.log.entries())}
    by_type: dict[str, list[Any]] = {}
    for envelope in said.values():
        by_type.setdefault(envelope.type, []).append(envelope.event.as_dict())
        if envelope.type.startswith(("unit", "post", "person")):
            assert (envelope.actor, envelope.approver, envelope.reason) == ("clerk", "B", "opening balance")
    day = date.fromisoformat(SINCE)
    assert by_type["post.duties_set"] == [{"post": "DC1", "units": ("G1", "G2"), "effective": day}]
    (appointment,) = by_type["appointment.started"]
    assert appointment["appointment"] == f"A.P1.G1-HEAD.{SINCE}"
    (membership,) = by_type["membership.started"]
    assert membership["membership"] == f"M.P1.PG1.{SINCE}"
    first, second = by_type["reading.reported"]
    assert (first["value"], first["note"], first["effective"]) == (Decimal("96.5"), "补报", date(2025, 6, 12))
    assert (second["value"], second["note"]) == (Decimal("98.5"), "")


def test_a_row_knows_the_rows_before_it_and_a_file_may_come_in_parts(wired):
    parent, child = OFFICE["units"][:2]
    assert refusals(wired, "units", child, **TWO) == [("E2", "parent", "unit.unknown")]
    send(wired, csv_of("units", parent), "units", **TWO)
    done = send(wired, csv_of("units", parent, child), "units", **TWO)
    assert (done.changed, done.unchanged, done.events) == (1, 1, 1)


def test_the_same_row_twice_in_a_file_is_done_once(wired):
    parent = OFFICE["units"][0]
    done = send(wired, csv_of("units", parent, parent), "units", **TWO)
    assert (done.rows, done.changed, done.unchanged, done.events) == (2, 1, 1, 1)


def test_the_rows_of_another_clerk_are_known_too(office):
    more = csv_of("units", *OFFICE["units"], "G3,department,三部,,DCP,2025-06-16")
    done = send(office, more, "units", actor="another")
    assert (done.changed, done.unchanged) == (1, len(OFFICE["units"]))


def test_a_dry_run_says_what_would_come_and_leaves_nothing(wired):
    would = send(wired, csv_of("units"), "units", dry_run=True, **TWO)
    assert refusals(wired, "units", "X,castle,堡,,,2025-06-16", dry_run=True) == [("B2", "kind", "unit.kind")]
    assert wired.journal.latest() == []
    assert would == send(wired, csv_of("units"), "units", **TWO)
    send(wired, csv_of("roster"), "roster", dry_run=True, **TWO)
    assert wired.keys.find("张") == []
    assert wired.keys.leftovers(["P1"]) == set()


def test_one_refused_row_and_nothing_of_the_file_is_recorded(office):
    rows = ("G3,department,三部,,DCP,2025-06-16", "G4,department,四部,,G9,2025-06-16", "G5,x,五部,,DCP,2025-06-16")
    assert refusals(office, "units", *rows) == [("E3", "parent", "unit.unknown"), ("B4", "kind", "unit.kind")]
    assert [attempt.code for attempt in office.journal.latest()] == ["unit.kind", "unit.unknown"]


@pytest.mark.parametrize(
    ("kind", "row", "expected"),
    [
        ("units", "G1,department,一部又,,DCP,2025-06-16", ("A2", "unit", "unit.exists")),
        ("units", "G3,department,三部,,DCP,2024-12-31", ("F2", "effective", "charter.none")),
        ("units", "G3,department,三部,,DCP,2027-01-01", ("F2", "effective", "effective.too_far")),
        ("posts", "G9-HEAD,department_head,G9,主任,,,2025-06-16", ("C2", "unit", "unit.unknown")),
        ("posts", "G1-X,queen,G1,主任,,,2025-06-16", ("B2", "kind", "post.kind")),
        ("posts", "DC2,deputy_chief,DCP,副,,G9,2025-06-16", ("F2", "oversees", "unit.unknown")),
        ("posts", "DC2,deputy_chief,G9,副,,G9,2025-06-16", ("C2", "unit", "unit.unknown")),
        ("posts", "G1-D,department_deputy,G1,副,,G2,2025-06-16", ("A2", "post", "post.not_overseer")),
        ("grids", "N2,G9,PG1,2025-06-16", ("B2", "department", "unit.unknown")),
        ("roster", "P3,wizard,王五,,,2025-06-16", ("B2", "class", "person.class")),
        ("roster", "P1,clerk,张三,,,2025-06-16", ("A2", "person", "person.exists")),
        ("memberships", "P9,PG1,full,2025-06-16", ("A2", "person", "person.unknown")),
        ("appointments", "P2,G1-HEAD,substantive,2025-06-16,", ("B2", "post", "post.occupied")),
        ("appointments", "P1,DC1,concurrent,2025-06-16,2025-06-16", ("E2", "until", "appointment.until")),
        ("appointments", "P1,X,substantive,2025-06-16,", ("B2", "post", "post.unknown")),
        ("targets", "I01,G1,2030,97,2025-06-16", ("C2", "year", "target.year")),
        ("targets", "I99,G1,2025,97,2025-06-16", ("A2", "indicator", "indicator.unknown")),
        ("readings", "I01,G1,2025-05,90,2025-06-16,", ("C2", "period", "reading.exists")),
        ("readings", "I01,G1,2025-03,90,2025-06-17,", ("E2", "reported_on", "reading.future")),
        ("readings", "I01,G1,2025-06,90,2025-06-16,", ("E2", "reported_on", "reading.early")),
        ("readings", "I01,G1,2025-Q1,90,2025-06-16,", ("C2", "period", "reading.frequency")),
        ("readings", "I01,G1,2025-03,-1,2025-06-16,", ("D2", "value", "reading.value")),
    ],
)
def test_a_refused_row_points_to_its_cell(office, kind, row, expected):
    assert refusals(office, kind, row) == [expected]


def test_what_was_found_in_the_cell_is_told(office):
    with pytest.raises(ImportRefused) as caught:
        send(office, csv_of("posts", "DC2,deputy_chief,DCP,副,,G8 G9,2025-06-16"), "posts")
    assert caught.value.errors[0].found == "G8 G9"


def test_backdated_rows_need_a_reason_and_a_second_person(wired):
    row = f"DCP,institution,院,,,{SINCE}"
    told = [("F2", "effective", "effective.backdated")]
    assert refusals(wired, "units", row) == told
    assert refusals(wired, "units", row, approver="B") == told
    assert refusals(wired, "units", row, reason="because") == told
    assert refusals(wired, "units", row, reason="because", approver="clerk") == told
    assert send(wired, csv_of("units", row), "units", reason="because", approver="B").changed == 1


def test_of_a_file_without_rows_nothing_comes(wired):
    head = wired.log.head().position
    done = import_records(wired, [], wired.context("clerk"))
    assert (done.rows, done.changed, done.unchanged, done.events, done.position) == (0, 0, 0, 0, head)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("H9,P1,G1,,,city,Model,City,M9,decree,2025-03-03", ("B2", "person", "honour.subject")),
        ("H9,P1,,,,galaxy,Model,City,M9,decree,2025-03-03", ("F2", "level", "honour.level")),
        ("H9,P1,,,,city,Model,市 委,M1,decree,2025-03-03", ("I2", "matter", "honour.duplicate")),
        ("H9,P1,,,,city,Model,City,M9,decree,2025-06-17", ("K2", "conferred_on", "honour.future")),
        ("H9,,,B1,,city,Model,City,M9,decree,2025-03-03", ("D2", "brand", "brand.not_listed")),
    ],
)
def test_an_old_honour_that_cannot_be_is_refused_in_its_cell(office, row, found):
    assert refusals(office, "honours", row, **TWO) == [found]
