"""Turns sheets into records by a template, and says everything that is wrong with them at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from api.imports.blanks import EXPLANATIONS
from api.imports.cells import Cell, Row, Sheet, SheetError, plain
from api.imports.sheets import read
from api.imports.templates import TEMPLATES, Column, Template, kind_named
from api.imports.values import Value, value_of


@dataclass(frozen=True)
class Record:
    """One row as commands need it: a value for every field of its kind (None, or (), for a blank one).

    `addresses` has the cell of each field that the sheet has a column for, to say where a refused value
    stands.
    """

    kind: str
    sheet: str
    row: int
    values: Mapping[str, Value]
    addresses: Mapping[str, str] = dataclasses.field(compare=False)


@dataclass(frozen=True)
class CellError:
    """What is wrong with one cell: where it is, what was found there, and what is allowed.

    `code` is for programs: unknown_column, duplicate_column, missing_column (at the first cell of the
    header), no_header (a value outside the columns), missing, not_allowed, unusable (a broken or
    uncalculated formula, a number that has lost digits).
    """

    sheet: str
    address: str
    column: str
    code: str
    found: str
    allowed: str

    def __str__(self) -> str:
        found = f'"{self.found}"' if self.found else "nothing"
        where = ", ".join(filter(None, (f"{self.sheet} {self.address}", self.column)))
        return f"{where}: found {found}; allowed: {self.allowed}."


def load(
    source: bytes | Path,
    filename: str = "",
    kind: str | None = None,
    templates: Mapping[str, Template] = TEMPLATES,
) -> tuple[list[Record], list[CellError]]:
    """All records of a file, in the order of `templates`, and all errors; faulty rows give no record.

    `kind` says what the file holds; without it, the name of each worksheet or of the file must. Raises
    SheetError if the file cannot be read, holds nothing, or if it is not known what it holds.
    """
    order = list(templates)
    sheets = [sheet for sheet in read(source, filename) if sheet.name != EXPLANATIONS]
    if not sheets:
        raise SheetError("empty", "The file holds no table.")
    name = filename or (source.name if isinstance(source, Path) else "")
    alone = kind_named(Path(name).stem, templates) if len(sheets) == 1 else None
    kinds = [_kind_of(sheet, kind, alone, templates) for sheet in sheets]
    records: list[Record] = []
    errors: list[CellError] = []
    for named, sheet in sorted(zip(kinds, sheets, strict=True), key=lambda table: order.index(table[0])):
        more_records, more_errors = parse(sheet, templates[named])
        records += more_records
        errors += more_errors
    return records, errors


def _kind_of(sheet: Sheet, wanted: str | None, alone: str | None, templates: Mapping[str, Template]) -> str:
    """What a sheet holds: by its own name, else what was asked for, else by the name of its file."""
    kind = kind_named(sheet.name, templates) or wanted or alone
    if kind is None or kind not in templates:
        known = ", ".join(f"{template.kind} ({template.name.zh})" for template in templates.values())
        message = f'What does "{sheet.name}" hold? Its name does not say. Known are: {known}.'
        raise SheetError("unknown_kind", message)
    if wanted not in (None, kind):
        raise SheetError("wrong_kind", f'By its name "{sheet.name}" holds {kind}, but {wanted} was asked for.')
    return kind


def row_key(kind: str, record: Record) -> str:
    """A key for what a row says, 64 hexadecimal digits: SHA-256 over its kind and its values.

    It depends neither on the place of the row, nor on the columns left blank, nor on the format or name of
    the file, so that the same row imported again is known to be the same.
    """
    values = {name: _canonical(value) for name, value in record.values.items() if value not in (None, ())}
    content = json.dumps([kind, values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def _canonical(value: Value) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def parse(sheet: Sheet, template: Template) -> tuple[list[Record], list[CellError]]:
    """The records of one sheet, and everything that is wrong with it: first the header, then row by row."""
    columns, errors = _columns(sheet, template)
    blank: dict[str, Value] = {column.field: () if column.type == "ids" else None for column in template.columns}
    records = []
    for row in sheet.rows:
        values, addresses = dict(blank), {}
        faults = _outside(sheet, row)
        for index, column in columns.items():
            cell = _cell(row, index, sheet.header)
            addresses[column.field] = cell.address
            if cell.fault:
                faults.append(_error(sheet, cell, column.title, "unusable", f"{column.allowed} ({cell.fault})"))
            elif cell.text:
                try:
                    values[column.field] = value_of(cell.text, column)
                except ValueError:
                    faults.append(_error(sheet, cell, column.title, "not_allowed", column.allowed))
            elif column.required:
                faults.append(_error(sheet, cell, column.title, "missing", column.allowed))
        if faults:
            errors += faults
        else:
            records.append(Record(template.kind, sheet.name, row.number, values, addresses))
    return records, errors


def _columns(sheet: Sheet, template: Template) -> tuple[dict[int, Column], list[CellError]]:
    """Which column of the template each position of the header means, and what is wrong with the header."""
    columns: dict[int, Column] = {}
    errors = []
    known = ", ".join(column.title for column in template.columns)
    for index, cell in enumerate(sheet.header.cells):
        column = next((c for c in template.columns if cell.text and c.is_headed(cell.text)), None)
        if column and column not in columns.values():
            columns[index] = column
        elif column:
            errors.append(_error(sheet, cell, column.title, "duplicate_column", "each column once"))
        elif cell.text:
            errors.append(_error(sheet, cell, "", "unknown_column", f"the columns {known}"))
    corner = Cell(sheet.header.cells[0].address, "")
    for column in template.columns:
        if column.required and column not in columns.values():
            errors.append(_error(sheet, corner, column.title, "missing_column", "a table with this column"))
    return columns, errors


def _cell(row: Row, index: int, header: Row) -> Cell:
    """The cell of a row below a header; a CSV row may be shorter than its header."""
    if index < len(row.cells):
        return row.cells[index]
    return Cell(header.cells[index].address.rstrip("0123456789") + str(row.number), "")


def _outside(sheet: Sheet, row: Row) -> list[CellError]:
    """An error for each cell that holds something where the header holds nothing."""
    headed = {index for index, cell in enumerate(sheet.header.cells) if cell.text}
    return [
        _error(sheet, cell, "", "no_header", "values below a header")
        for index, cell in enumerate(row.cells)
        if (cell.text or cell.fault) and index not in headed
    ]


def _error(sheet: Sheet, cell: Cell, column: str, code: str, allowed: str) -> CellError:
    found = cell.text if len(cell.text) <= 80 else cell.text[:79] + "…"
    return CellError(sheet.name, cell.address, column, code, found, allowed)
