"""A sheet as a clerk sees it: a header, rows, and cells that have an address and a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

MAX_BYTES = 10_000_000
"""The largest file that is read."""
MAX_CELLS = 200_000
"""The most cells of one sheet, counted as the rectangle from A1 to the last cell that holds something."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The size of a worksheet (ECMA-376 leaves it open; these are the limits every program keeps)."""

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)


BLANK = "".join(chr(n) for n in range(0x3001) if chr(n).isspace()) + "\u200b\ufeff"
"""What is cut off around a text: every blank there is, full-width and zero-width ones included."""


class SheetError(Exception):
    """A file that cannot be read as a table: `code` for programs, the message for the person who sent it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Cell:
    """One cell: its address (`B7`), its text without surrounding blanks, and why it must not be used, if so.

    Numbers, dates and truth values of a workbook are texts here too (`93.5`, `2025-03-01`, `TRUE`, `93%`), so
    that a table means the same whether it came as XLSX or as CSV.
    """

    address: str
    text: str
    fault: str = ""


@dataclass(frozen=True)
class Row:
    """One row that is not blank: its number as a spreadsheet shows it, and its cells from column A on."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One table: its name (of the worksheet, or of the CSV file without ending), the header and the rows."""

    name: str
    header: Row
    rows: tuple[Row, ...]


def address_of(row: int, column: int) -> str:
    """The address of a cell, `B7` for row 7 and column 2; both count from 1."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def position_of(address: str) -> tuple[int, int]:
    """Row and column of an address, counted from 1. Raises ValueError for what is not inside a worksheet."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise ValueError(f"{address!r} is not the address of a cell")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(found[2])
    if row > LAST_ROW or column > LAST_COLUMN:
        raise ValueError(f"{address!r} lies outside a worksheet")
    return row, column


def plain(number: Decimal) -> str:
    """The one way a decimal is written here: no exponent, no zeros behind, no negative zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def trimmed(text: str) -> str:
    """Without blanks around, and with one kind of line end within."""
    return text.strip(BLANK).replace("\r\n", "\n").replace("\r", "\n")
