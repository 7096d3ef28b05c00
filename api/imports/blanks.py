"""Makes the blank workbooks that people fill in and send back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from api.imports.templates import TEMPLATES, Column, Template

EXPLANATIONS = "说明 Explanations"
"""The worksheet that says what each column means; it is never read as a table."""

_HEADINGS = ("表 Sheet", "列 Column", "必填 Required", "说明 Meaning", "可填 Allowed", "选项 Choices")
_FIRST_CHOICE = len(_HEADINGS) - 1
_LAST_ROW = 9_999


def blank_template(kinds: Iterable[str] = TEMPLATES, templates: Mapping[str, Template] = TEMPLATES) -> bytes:
    """A blank XLSX workbook with a sheet for each of `kinds`, and one of explanations.

    Columns of ids and texts are formatted as text, so that a spreadsheet program makes no date of `3-07`
    and no number of `007`; columns with choices offer them in a list. Raises KeyError for a kind that is
    not known.
    """
    chosen = [templates[kind] for kind in kinds]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        formats = {
            "required": workbook.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1}),
            "optional": workbook.add_format({"italic": True, "bg_color": "#F2F2F2", "border": 1}),
            "text": workbook.add_format({"num_format": 49}),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "decimal": workbook.add_format(),
            "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheets = [workbook.add_worksheet(template.name.zh) for template in chosen]
        explanations = workbook.add_worksheet(EXPLANATIONS)
        explanations.write_row(0, 0, _HEADINGS, formats["required"])
        explanations.set_column(0, 2, 18)
        explanations.set_column(3, 4, 48)
        explanations.freeze_panes(1, 0)
        row = 1
        for sheet, template in zip(sheets, chosen, strict=True):
            sheet.freeze_panes(1, 0)
            for index, column in enumerate(template.columns):
                _explain(explanations, row, template, column, formats["wrap"])
                _add_column(sheet, index, column, row, formats)
                row += 1
    return content.getvalue()


def _explain(sheet: Worksheet, row: int, template: Template, column: Column, wrap: Format) -> None:
    required = "必填 required" if column.required else "可空 optional"
    meaning = f"{column.meaning.zh} {column.meaning.en}"
    cells = (template.name.zh, column.title, required, meaning, column.allowed, *column.choices)
    for index, text in enumerate(cells):
        sheet.write_string(row, index, text, wrap)


def _add_column(sheet: Worksheet, index: int, column: Column, row: int, formats: dict[str, Format]) -> None:
    """Head and format a column; its choices stand on `row` of the explanations."""
    sheet.write_string(0, index, column.title, formats["required" if column.required else "optional"])
    shown = column.type if column.type in ("date", "decimal") else "text"
    sheet.set_column(index, index, len(column.title) + 6, formats[shown])
    if column.choices:
        choices = xl_range_abs(row, _FIRST_CHOICE, row, _FIRST_CHOICE + len(column.choices) - 1)
        validation = {"validate": "list", "source": f"='{EXPLANATIONS}'!{choices}"}
        sheet.data_validation(1, index, _LAST_ROW, index, validation)
