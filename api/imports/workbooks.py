"""Reads XLSX workbooks (ECMA-376, SpreadsheetML): as much of the format as holds what a person typed into a table.

It is our own because a file from outside must not be able to end the process. The parsers in native code reserve
memory for whatever counts and addresses a file claims, so that a kilobyte can ask for a terabyte, and then the
process aborts with nothing to catch. Here nothing is reserved: what is kept is what was read, within limits.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import posixpath
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Protocol
from xml.parsers import expat

from api.imports.cells import MAX_CELLS, Cell, SheetError, address_of, plain, position_of, trimmed

MAX_UNPACKED = 60_000_000
"""Bytes of XML that are read of one workbook; 200,000 cells of an ordinary sheet are some 12 MB."""

Table = list[tuple[int, tuple[Cell, ...]]]

_PERCENT = {9, 10}
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""The number formats that every program knows by number (18.8.30), those of Chinese and Japanese dates included."""

_NOT_A_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def tables(data: bytes) -> Iterator[tuple[str, Table]]:
    """Name and numbered rows of each worksheet. Raises SheetError for what is no sound workbook within limits."""
    try:
        package = _Package(zipfile.ZipFile(io.BytesIO(data)))
        main = package.related("", "officeDocument")
        if main is None:
            raise SheetError("not_a_spreadsheet", "The file is a zip archive, but not an XLSX workbook.")
        book, texts, styles = _Book(), _Texts(), _Styles()
        package.walk(main, book)
        package.walk(package.related(main, "sharedStrings"), texts)
        package.walk(package.related(main, "styles"), styles)
        relations = package.relations(main)
        for name, relation in book.sheets:
            kind, part = relations[relation]
            if kind == "worksheet":
                cells = _Cells(texts.texts, styles.kinds(), book.epoch)
                package.walk(part, cells)
                yield name, cells.table()
    except SheetError:
        raise
    except Exception as error:  # what zipfile, zlib, expat, a missing part or an impossible number raise
        raise SheetError("damaged", "The workbook is damaged or encrypted and cannot be read.") from error


class _Reader(Protocol):
    """What is done at each element of a part; names come without their namespaces."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


class _Package:
    """The parts of the zip, and how they refer to each other (ECMA-376 part 2)."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {name.lower(): name for name in archive.namelist()}
        self.left = MAX_UNPACKED

    def walk(self, part: str | None, reader: _Reader) -> None:
        """Read a part element by element; a part that need not be there may be None."""
        if part is None:
            return
        with self.archive.open(self.names[part.lower()]) as stream:
            content = stream.read(self.left + 1)
        self.left -= len(content)
        if self.left < 0:
            raise SheetError("too_large", f"The workbook unpacks to over {MAX_UNPACKED:,} bytes.")
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: reader.start(name.rpartition(" ")[2], attributes)
        parser.EndElementHandler = lambda name: reader.end(name.rpartition(" ")[2])
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.Parse(content, True)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id -> (last word of the type, name of the other part)."""
        folder, name = posixpath.split(part)
        relations = _Relations()
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        self.walk(listed if listed.lower() in self.names else None, relations)
        return {
            id: (kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
            for id, kind, target in relations.found
        }

    def related(self, part: str, kind: str) -> str | None:
        """The part of one kind that a part refers to, if it does; the part "" is the whole package."""
        return next((other for found, other in self.relations(part).values() if found == kind), None)


def _refuse_doctype(*_: Any) -> None:
    raise ValueError("SpreadsheetML has no document type declaration, and entities can be made to explode")


class _Relations:
    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            self.found.append((attributes["Id"], posixpath.basename(attributes["Type"]), attributes["Target"]))

    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


class _Book:
    """The worksheets by name, in their order, and the day that dates are counted from."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.epoch = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no time zones

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next(value for key, value in attributes.items() if key.endswith(" id"))
            self.sheets.append((attributes["name"], relation))
        elif name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001

    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


class _Styles:
    """The number format of each cell style."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.formats: list[int] = []
        self.in_cell_styles = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "cellXfs":
            self.in_cell_styles = True
        elif name == "numFmt":
            self.codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "xf" and self.in_cell_styles:
            self.formats.append(int(attributes.get("numFmtId", 0)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.in_cell_styles = False

    def text(self, text: str) -> None: ...

    def kinds(self) -> list[str]:
        """For each style what its numbers are: percent, date, or "" for a plain number."""
        return [self._kind(number) for number in self.formats]

    def _kind(self, number: int) -> str:
        code = _NOT_A_CODE.sub("", self.codes.get(number, "")).lower()
        if number in _PERCENT or "%" in code:
            return "percent"
        return "date" if number in _DATES or set(code) & set("ymdhs") else ""


class _Texts:
    """The shared texts; a reading aid above Chinese or Japanese (rPh) is not part of a text."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.path: list[str] = []
        self.pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        if name == "si":
            self.pieces = []

    def end(self, name: str) -> None:
        self.path.pop()
        if name == "si":
            self.texts.append(_unescaped("".join(self.pieces)))

    def text(self, text: str) -> None:
        if self.path[-1] == "t" and "rPh" not in self.path:
            self.pieces.append(text)


class _Cells:
    """The cells of one worksheet that hold something; those that are only formatted do not count."""

    def __init__(self, texts: list[str], styles: list[str], epoch: dt.datetime) -> None:
        self.texts, self.styles, self.epoch = texts, styles, epoch
        self.rows: dict[int, dict[int, Cell]] = {}
        self.row = self.column = self.last_row = self.last_column = 0
        self.path: list[str] = []
        self.attributes: dict[str, str] = {}
        self.holds: set[str] = set()
        self.pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        if name == "row":
            self.row = position_of("A" + attributes["r"])[0] if "r" in attributes else self.row + 1
            self.column = 0
        elif name == "c":
            self.attributes, self.holds, self.pieces = attributes, set(), []
            if "r" in attributes:
                self.row, self.column = position_of(attributes["r"])
            else:
                self.column += 1
        elif name in ("v", "is", "f"):
            self.holds.add(name)

    def text(self, text: str) -> None:
        if self.path[-1] == "v" or (self.path[-1] == "t" and "is" in self.path and "rPh" not in self.path):
            self.pieces.append(text)

    def end(self, name: str) -> None:
        self.path.pop()
        if name != "c" or not self.holds:
            return
        address = address_of(self.row, self.column)
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)
        if self.last_row * self.last_column > MAX_CELLS:
            message = (
                f"The sheet is used up to cell {address}: over {MAX_CELLS:,} cells. Delete what is far from the table."
            )
            raise SheetError("too_large", message)
        self.rows.setdefault(self.row, {})[self.column] = Cell(address, *self._content("".join(self.pieces)))

    def table(self) -> Table:
        return [
            (row, tuple(cells.get(n) or Cell(address_of(row, n), "") for n in range(1, max(cells) + 1)))
            for row, cells in sorted(self.rows.items())
        ]

    def _content(self, raw: str) -> tuple[str, str]:
        """The text of a cell as a CSV file would hold it, and why it must not be used, if so."""
        match self.attributes.get("t", "n"):
            case "s":
                return self.texts[int(raw)], ""
            case "e":
                return raw, "the formula of this cell ends in an error"
            case _ if self.holds == {"f"}:
                return "", "the formula of this cell was never calculated: save it with a spreadsheet program"
            case "b":
                return ("TRUE" if raw.strip() == "1" else "FALSE"), ""
            case "n" if raw.strip():
                return self._number(float(raw))
            case "d":
                return raw.strip().removesuffix("Z").removesuffix(".000").removesuffix("T00:00:00"), ""
            case _:
                return _unescaped(raw), ""

    def _number(self, value: float) -> tuple[str, str]:
        """A number with the 15 digits a spreadsheet has and shows.

        Workbooks hold binary fractions with up to 17 digits; the last two are noise of the arithmetic
        (97.99999999999999 where the screen says 98), and a threshold must not turn on them.
        """
        style = int(self.attributes.get("s", 0))
        kind = self.styles[style] if style < len(self.styles) else ""
        if not math.isfinite(value):
            return str(value), "this is not a finite number"
        if abs(value) >= 1e15:
            return str(value), "a number of more than 15 digits has lost some of them: enter it as text"
        if kind == "date":
            return self._date(value)
        exact = Decimal(format(value, ".15g"))
        return (f"{plain(exact * 100)}%" if kind == "percent" else plain(exact)), ""

    def _date(self, days: float) -> tuple[str, str]:
        try:
            moment = self.epoch + dt.timedelta(seconds=round(days * 86_400))
        except OverflowError:
            return str(days), "this is not a date"
        return moment.isoformat(" ").removesuffix(" 00:00:00"), ""


def _unescaped(text: str) -> str:
    """The text with `_x000D_` and the like resolved (22.9.2.19), without the blanks around it."""
    return trimmed(_ESCAPED.sub(lambda found: _character(found[1]) or found[0], text))


def _character(code: str) -> str:
    number = int(code, 16)
    return "" if 0xD800 <= number <= 0xDFFF else chr(number)
