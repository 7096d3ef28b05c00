"""Sample files for the tests of imports, and short ways to read them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from api.imports import Cell, Sheet, SheetError, read

SHEET = "xl/worksheets/sheet1.xml"


def workbook(write: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object], name="roster") -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        write(book, book.add_worksheet(name))
    return content.getvalue()


def with_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content) if name == part else content)
    return changed.getvalue()


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in (sheet.header, *sheet.rows)]


def only(data: bytes, filename: str = "roster.csv") -> Sheet:
    (sheet,) = read(data, filename)
    return sheet


def cell(data: bytes, address: str) -> Cell:
    sheet = only(data)
    return next(c for row in (sheet.header, *sheet.rows) for c in row.cells if c.address == address)


def refused(data: bytes, filename: str = "roster.csv") -> str:
    with pytest.raises(SheetError) as caught:
        read(data, filename)
    assert str(caught.value).endswith(".")
    return caught.value.code
