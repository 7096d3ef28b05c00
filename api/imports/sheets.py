"""Reads XLSX and CSV files into sheets; whatever the bytes are, the outcome is sheets or a SheetError."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from api.imports import workbooks
from api.imports.cells import BLANK, MAX_BYTES, MAX_CELLS, Cell, Row, Sheet, SheetError, address_of, trimmed

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = ",;\t"


def read(source: bytes | Path, filename: str = "") -> tuple[Sheet, ...]:
    """The tables of a file: one for each worksheet of an XLSX workbook that is not empty, one for a CSV file.

    `source` is the content, or where it lies; `filename` is what the sender calls it (default: the path's name)
    and names the sheet of a CSV file. The content decides what the file is, not its name. CSV may be UTF-8 with
    or without byte order mark or GB18030, divided by comma, semicolon or tab. Raises SheetError, nothing else.
    """
    if isinstance(source, Path):
        filename = filename or source.name
        data = _content(source)
    else:
        data = source
    if len(data) > MAX_BYTES:
        raise SheetError("too_large", f"The file is larger than {MAX_BYTES:,} bytes.")
    if data.startswith(_COMPOUND):
        raise SheetError("not_a_spreadsheet", "The file is an old .xls or has a password. Save it as plain .xlsx.")
    if data.startswith(_ZIP):
        sheets = tuple(sheet for name, rows in workbooks.tables(data) for sheet in _sheet(name, rows))
    elif data.strip() and filename.lower().endswith((".xlsx", ".xlsm")):
        raise SheetError("not_a_spreadsheet", "The file is named as a workbook, but is none.")
    else:
        sheets = tuple(_sheet(Path(filename).stem, _csv(data)))
    if not sheets:
        raise SheetError("empty", "The file is empty.")
    return sheets


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise SheetError("unreadable", f"The file {path.name} cannot be read.") from error


def _sheet(name: str, rows: Iterable[tuple[int, tuple[Cell, ...]]]) -> Iterator[Sheet]:
    """The sheet of these numbered rows, if any holds something; the first one that does is the header."""
    held = [Row(number, cells) for number, cells in rows if any(cell.text or cell.fault for cell in cells)]
    if held:
        yield Sheet(name, held[0], tuple(held[1:]))


def _csv(data: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    text = _decoded(data)
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for number, values in enumerate(reader, start=1):
            cells += max(len(values), 1)
            if cells > MAX_CELLS:
                raise SheetError("too_large", f"The file holds more than {MAX_CELLS:,} cells. Split it.")
            yield number, tuple(Cell(address_of(number, n), trimmed(value)) for n, value in enumerate(values, start=1))
    except csv.Error as error:
        raise SheetError("damaged", f"Line {reader.line_num} is not well-formed CSV: {error}.") from error


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetError("encoding", "The file is UTF-16 text. Save it as CSV UTF-8 or as .xlsx.")
    if b"\0" in data:
        raise SheetError("not_a_spreadsheet", "The file is neither an XLSX workbook nor CSV text.")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError("encoding", "The text is neither UTF-8 nor GB18030. Save it as CSV UTF-8 or as .xlsx.")


def _delimiter(text: str) -> str:
    """The delimiter that divides the header, the first line that is not blank, into the most columns."""

    def columns(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            return next((len(row) for row in reader if "".join(row).strip(BLANK + _DELIMITERS)), 0)
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=columns)
