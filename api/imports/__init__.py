"""Imports: spreadsheets become records; whatever is wrong with them is said cell by cell."""

from api.imports.blanks import blank_template
from api.imports.cells import Cell, Row, Sheet, SheetError
from api.imports.parsing import CellError, Record, load, parse, row_key
from api.imports.sheets import read
from api.imports.templates import TEMPLATES, Column, Template, Words, kind_named
from api.imports.values import Value

__all__ = [
    "TEMPLATES",
    "Cell",
    "CellError",
    "Column",
    "Record",
    "Row",
    "Sheet",
    "SheetError",
    "Template",
    "Value",
    "Words",
    "blank_template",
    "kind_named",
    "load",
    "parse",
    "read",
    "row_key",
]
