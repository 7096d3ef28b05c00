"""The trail as CSV and as XLSX: for people at a spreadsheet, with the checkpoint in the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import IO

import msgspec
import xlsxwriter

from api.exports.taking import COLUMNS, About, Taking, row_of

EVENT, ABOUT, CHECKPOINT = "event", "about", "checkpoint"
"""What a record of the CSV file is, as its first cell says. The last two of them are no events."""

_STARTS_FORMULA = re.compile("[=+\\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b]")
"""What a spreadsheet program may take for the beginning of a formula; the last nine are other forms of the first."""

MOST_ROWS = 1_048_575
"""Of an XLSX worksheet, below its header."""

_LONGEST = 32_767
"""Characters that a cell of an XLSX worksheet holds, as UTF-16 counts them."""

_NO_XML = re.compile("[\ufffe\uffff]")
_WIDTHS = (9, 28, 11, 26, 14, 14, 36, 36, 60, 24, 24, 24, 24, 24, 24)


Write = Callable[[IO[bytes], Taking, About], None]
"""Writes a file of what is taken, and of what is told of it."""


def write_csv(file: IO[bytes], taking: Taking, told: About) -> None:
    """Records of one width, UTF-8 with a byte order mark, ended by CR LF, all cells quoted (RFC 4180).

    After the events come a record `about`, of which the cell `data` is a JSON object, and one `checkpoint`, of which it
    is the signed note as it is; their `position` is the last that was known, and the size that was signed.
    """
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    out = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    out.writerow(["record", *COLUMNS])
    for entry in taking:
        out.writerow([EVENT, *map(guarded, row_of(entry))])
    said = msgspec.to_builtins(told, builtin_types=(str,)) | _counts(taking)
    del said["checkpoint"], said["signed"]
    out.writerow(_closing(ABOUT, told.position, msgspec.json.encode(said).decode()))
    out.writerow(_closing(CHECKPOINT, told.signed, told.checkpoint))
    text.detach()


def guarded(cell: int | str) -> int | str:
    """A text that no spreadsheet program takes for a formula: an apostrophe before what may begin one."""
    return f"'{cell}" if isinstance(cell, str) and _STARTS_FORMULA.match(cell) else cell


def _closing(record: str, position: int, data: str) -> list[int | str]:
    cells: dict[str, int | str] = {"position": position, "data": data}
    return [record, *(cells.get(name, "") for name in COLUMNS)]


def _counts(taking: Taking) -> dict[str, int | bool]:
    return {"rows": taking.rows, "left_off": taking.left_off, "whole": taking.whole}


def write_xlsx(file: IO[bytes], taking: Taking, told: About) -> None:
    """A worksheet `trail`, of which every cell is a text but for positions, and one `checkpoint`, which says what the
    file is and holds the signed note."""
    # Rows go to a file as they come: else all of the sheet would be kept in memory.
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as workbook:
        workbook.set_properties({"created": told.exported_at.replace(tzinfo=None), "title": told.log})
        heading = workbook.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
        # As an apostrophe before it: who edits the cell does not make a formula of it.
        plain = workbook.add_format({"quote_prefix": True, "valign": "top"})
        note = workbook.add_format({"quote_prefix": True, "valign": "top", "text_wrap": True})
        sheet = workbook.add_worksheet("trail")
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, COLUMNS, heading)
        for number, entry in enumerate(taking, 1):
            position, *texts = row_of(entry)
            sheet.write_number(number, 0, int(position))
            for column, cell in enumerate(texts, 1):
                sheet.write_string(number, column, _held(str(cell)), plain)
        sheet.autofilter(0, 0, taking.rows, len(COLUMNS) - 1)
        beside = workbook.add_worksheet(CHECKPOINT)
        beside.set_column(0, 0, 18)
        beside.set_column(1, 1, 110)
        for number, (name, value) in enumerate(_told(taking, told)):
            beside.write_string(number, 0, name, heading)
            beside.write_string(number, 1, _held(value), note)


def _told(taking: Taking, told: About) -> Sequence[tuple[str, str]]:
    return [
        ("checkpoint", told.checkpoint),
        ("origin", told.log),
        ("size", str(told.signed)),
        ("position", str(told.position)),
        ("asked", msgspec.json.encode(told.asked).decode()),
        ("exported_by", told.exported_by),
        ("role", told.role),
        ("exported_at", told.exported_at.isoformat()),
        *((name, str(value).lower()) for name, value in _counts(taking).items()),
    ]


def _held(text: str) -> str:
    """As much of a text as a cell holds, which says so if it is cut; without what XML cannot have, and never what the
    writer of workbooks takes for markup and puts into the file as it is: what begins with <r> and ends with </r>."""
    text = _NO_XML.sub("\ufffd", text)
    if text.startswith("<r>") and text.endswith("</r>"):
        text = f"\u200b{text}"
    units = text.encode("utf-16-le")
    if len(units) > 2 * _LONGEST:
        said = f" … ({len(text)} characters)"
        text = units[: 2 * (_LONGEST - len(said))].decode("utf-16-le", "ignore") + said
    return text
