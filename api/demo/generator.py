"""Writes the import files of the demonstration organisation: `python -m api.demo.generator`.

They are committed, so that anybody can open them and see what an import looks like; between them they use
every format that an import may have.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import xlsxwriter

from api.demo.procuratorate import measurements, organisation
from api.demo.procuratorate.organisation import Rows
from api.imports.templates import TEMPLATES

FOLDER = Path(__file__).with_name("procuratorate") / "files"

IMPORTED = (
    "organisation.xlsx",
    "roster.csv",
    "memberships.csv",
    "appointments.csv",
    "targets.csv",
    "readings-2024.csv",
    "readings-2025.csv",
)
"""The files, in the order in which they are imported."""


def contents() -> dict[str, bytes]:
    """The bytes of every file by name, the same every time."""
    parts = {"units": organisation.units(), "posts": organisation.posts(), "grids": organisation.grids()}
    return {
        "organisation.xlsx": _workbook(parts),
        "roster.csv": _csv("roster", organisation.roster(), "utf-8-sig"),
        "memberships.csv": _csv("memberships", organisation.memberships(), "gb18030"),
        "appointments.csv": _csv("appointments", organisation.appointments(), "utf-8-sig"),
        "targets.csv": _csv("targets", measurements.targets(), "utf-8"),
        "readings-2024.csv": _csv("readings", measurements.readings(2024), "utf-8-sig"),
        "readings-2025.csv": _csv("readings", measurements.readings(2025), "utf-8-sig"),
    }


def _csv(kind: str, rows: Rows, encoding: str) -> bytes:
    columns = TEMPLATES[kind].columns
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.title for column in columns)
    writer.writerows([row[column.field] for column in columns] for row in rows)
    return text.getvalue().encode(encoding)


def _workbook(parts: dict[str, Rows]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for kind, rows in parts.items():
            sheet = workbook.add_worksheet(TEMPLATES[kind].name.zh)
            for index, column in enumerate(TEMPLATES[kind].columns):
                sheet.write_string(0, index, column.title)
                sheet.set_column(index, index, 22)
                for number, row in enumerate(rows, start=1):
                    if column.type == "date":
                        sheet.write_datetime(number, index, dt.date.fromisoformat(row[column.field]), day)
                    elif row[column.field]:
                        sheet.write_string(number, index, row[column.field])
    return content.getvalue()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in contents().items():
        (FOLDER / name).write_bytes(content)
