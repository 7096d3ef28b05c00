"""Blank workbooks: what people get to fill in can be sent back and read."""

from __future__ import annotations

import io
import zipfile

import pytest

from api.imports import TEMPLATES, Words, blank_template, load, read


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_blank_workbook_has_every_column_and_no_record(kind):
    data = blank_template([kind])
    table, explanations = read(data)
    assert [cell.text for cell in table.header.cells] == [column.title for column in TEMPLATES[kind].columns]
    assert [row.cells[1].text for row in explanations.rows] == [column.title for column in TEMPLATES[kind].columns]
    assert load(data) == ([], [])


def test_one_workbook_can_hold_every_kind():
    *tables, _ = read(blank_template())
    assert [table.name for table in tables] == [template.name.zh for template in TEMPLATES.values()]
    assert load(blank_template()) == ([], [])


def test_a_kind_that_is_not_known_has_no_template():
    with pytest.raises(KeyError, match="salaries"):
        blank_template(["salaries"])


def test_a_column_of_choices_offers_them_in_a_list():
    data = blank_template(["appointments"])
    explanations = read(data)[1]
    kind = explanations.rows[2]
    assert [cell.text for cell in kind.cells[5:]] == ["substantive", "acting", "concurrent", "seconded"]
    assert [kind.cells[5].address, kind.cells[8].address] == ["F4", "I4"]
    sheet = parts(data)["xl/worksheets/sheet1.xml"]
    assert '<dataValidation type="list"' in sheet
    assert "$F$4:$I$4" in sheet
    assert 'sqref="C2:C10000"' in sheet


def test_the_words_of_a_charter_are_offered_too():
    units = TEMPLATES["units"].narrowed({"kind": {f"kind_{n}": Words("类", "kind") for n in range(60)}})
    data = blank_template(["units"], {"units": units})
    assert "$F$3:$BM$3" in parts(data)["xl/worksheets/sheet1.xml"]
    assert load(data, templates={"units": units}) == ([], [])


def test_columns_of_ids_are_formatted_as_text():
    cells = parts(blank_template(["readings"]))
    assert 'numFmtId="49"' in cells["xl/styles.xml"]
    assert cells["xl/worksheets/sheet1.xml"].count("<col ") == len(TEMPLATES["readings"].columns)
