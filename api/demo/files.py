"""The import files of a demonstration: between them they use every format that an import may have."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import xlsxwriter

from api.imports.templates import TEMPLATES, Column, Words

Rows = list[dict[str, str]]

Headers = Literal["both", "en"]
"""The languages of the first row; a worksheet that has both is called by its Chinese name."""


@dataclass(frozen=True)
class File:
    """A file and what makes it: rows, as text by field, by the kind of its worksheet or, with an `encoding`, of it."""

    name: str
    sheets: Mapping[str, Callable[[], Rows]]
    encoding: str = ""
    headers: Headers = "both"

    def content(self) -> bytes:
        """The same every time, but for what a workbook says of its making."""
        if not self.encoding:
            return self._workbook()
        ((kind, rows),) = self.sheets.items()
        return self._csv(kind, rows())

    def _csv(self, kind: str, rows: Rows) -> bytes:
        columns = TEMPLATES[kind].columns
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(self._title(column) for column in columns)
        writer.writerows([row[column.field] for column in columns] for row in rows)
        return text.getvalue().encode(self.encoding)

    def _workbook(self) -> bytes:
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
            workbook.set_properties({"created": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)})
            day = workbook.add_format({"num_format": "yyyy-mm-dd"})
            for kind, rows in self.sheets.items():
                sheet = workbook.add_worksheet(self._worksheet(TEMPLATES[kind].name))
                for index, column in enumerate(TEMPLATES[kind].columns):
                    sheet.write_string(0, index, self._title(column))
                    sheet.set_column(index, index, 22)
                    for number, row in enumerate(rows(), start=1):
                        if column.type == "date":
                            sheet.write_datetime(number, index, dt.date.fromisoformat(row[column.field]), day)
                        elif row[column.field]:
                            sheet.write_string(number, index, row[column.field])
        return content.getvalue()

    def _title(self, column: Column) -> str:
        return column.title if self.headers == "both" else column.header.en

    def _worksheet(self, name: Words) -> str:
        return name.zh if self.headers == "both" else name.en
