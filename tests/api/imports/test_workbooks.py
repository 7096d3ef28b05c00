"""XLSX in particular: files that ask for all memory, and what other programs than ours write."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.api.imports.samples import SHEET, cell, only, refused, texts, with_part, workbook


class TestBombs:
    """Files of a few kilobytes that ask for all memory."""

    small = workbook(lambda _, sheet: sheet.write_row("A1", ["x", "y"]))

    @pytest.mark.parametrize(
        "address", [b"XFD1048576", b"A200001", b"ZZZ99999", b"XFE1", b"A1048577", b"A99999999999", b"!"]
    )
    def test_a_cell_far_away_is_refused(self, address):
        far = with_part(self.small, SHEET, lambda xml: xml.replace(b'r="B1"', b'r="%s"' % address))
        assert far != self.small
        assert refused(far) in ("too_large", "damaged")

    def test_a_row_far_away_is_refused_although_its_cells_have_no_address(self):
        far = with_part(
            self.small,
            SHEET,
            lambda xml: re.sub(rb' r="[AB]1"', b"", xml).replace(b'<row r="1"', b'<row r="900000"'),
        )
        assert refused(far) == "too_large"

    def test_cells_that_are_only_formatted_do_not_count(self):
        far = workbook(
            lambda book, sheet: [
                sheet.write("A1", "x"),
                sheet.write_blank("XFD1048576", None, book.add_format({"bold": True})),
            ]
        )
        assert texts(only(far)) == [["x"]]

    def test_much_xml_in_a_small_zip_is_refused(self):
        padded = with_part(
            self.small, SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 70_000_000)
        )
        assert len(padded) < 200_000
        assert refused(padded) == "too_large"

    def test_entities_are_refused(self):
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
        exploding = with_part(self.small, SHEET, lambda xml: bomb + xml.partition(b"?>")[2])
        assert refused(exploding) == "damaged"

    def test_a_text_shared_by_very_many_cells_is_kept_once(self):
        data = workbook(lambda _, sheet: [sheet.write_column(0, n, ["z" * 30_000] * 500) for n in range(10)])
        sheet = only(data)
        assert len({id(cell.text) for row in (sheet.header, *sheet.rows) for cell in row.cells}) == 1

    def test_nothing_is_reserved_for_what_a_file_only_claims_to_hold(self):
        def claim(xml: bytes) -> bytes:
            xml = re.sub(rb'ount="\d+"', b'ount="4294967295"', xml)
            return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml)

        data = self.small
        for part in (SHEET, "xl/sharedStrings.xml", "xl/styles.xml"):
            data = with_part(data, part, claim)
        assert texts(only(data)) == [["x", "y"]]


class TestFormat:
    """What other programs than ours write: the corners of the format that tables in the field use."""

    data = workbook(lambda _, sheet: sheet.write_row("A1", ["x", 45717]))

    def cells(self, xml: str) -> list[list[str]]:
        rows = re.compile(rb"<sheetData>.*</sheetData>")
        return texts(
            only(with_part(self.data, SHEET, lambda old: rows.sub(f"<sheetData>{xml}</sheetData>".encode(), old)))
        )

    def test_cells_and_rows_need_no_address(self):
        xml = '<row><c><v>1</v></c><c r="C1"><v>3</v></c><c><v>4</v></c></row><row/><row><c><v>5</v></c></row>'
        assert self.cells(xml) == [["1", "", "3", "4"], ["5"]]

    def test_texts_may_stand_in_the_cell_and_be_in_several_fonts(self):
        rich = '<c t="inlineStr"><is><r><t>Unit </t></r><r><t>3 </t></r></is></c>'
        assert self.cells(f'<row>{rich}<c t="str"><f>A1</f><v> Unit</v></c></row>') == [["Unit 3", "Unit"]]

    def test_a_reading_aid_is_not_part_of_the_text(self):
        xml = '<row><c t="inlineStr"><is><t>部</t><rPh sb="0" eb="1"><t>bu</t></rPh></is></c></row>'
        assert self.cells(xml) == [["部"]]

    def test_characters_may_be_escaped(self):
        xml = '<row><c t="str"><v>a_x000D__x000A_b_xD800_&amp;</v></c></row>'
        assert self.cells(xml) == [["a\nb_xD800_&"]]

    def test_dates_may_be_iso_texts_and_truth_values_numbers(self):
        xml = (
            '<row><c t="d"><v>2025-03-01T00:00:00.000Z</v></c><c t="d"><v>2025-03-01</v></c><c t="b"><v>0</v></c></row>'
        )
        assert self.cells(xml) == [["2025-03-01", "2025-03-01", "FALSE"]]

    def test_dates_may_be_counted_from_1904(self):
        def write(book, sheet):
            sheet.write("A1", date(2025, 3, 1), book.add_format({"num_format": 14}))

        later = with_part(
            workbook(write), "xl/workbook.xml", lambda xml: xml.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
        )
        assert texts(only(workbook(write))) == [["2025-03-01"]]
        assert texts(only(later)) == [["2029-03-02"]]

    @pytest.mark.parametrize("number", [14, 22, 27, 31, 36, 57, 58])
    def test_dates_are_known_by_the_number_of_their_format(self, number):
        data = workbook(lambda book, sheet: sheet.write("A1", 45717, book.add_format({"num_format": number})))
        assert texts(only(data)) == [["2025-03-01"]]

    @pytest.mark.parametrize(
        "code", ["0.00", "#,##0_d", '0"天 days"', "[Red]0", "0.0E+00", "@", "[$¥-804]#,##0", r"0\d"]
    )
    def test_a_format_of_numbers_is_not_taken_for_one_of_dates(self, code):
        data = workbook(lambda book, sheet: sheet.write("A1", 45717, book.add_format({"num_format": code})))
        assert texts(only(data)) == [["45717"]]

    @pytest.mark.parametrize("serial", ["1e9", "-1e9"])
    def test_a_date_beyond_the_calendar_is_unusable(self, serial):
        data = workbook(lambda book, sheet: sheet.write("A1", 45717, book.add_format({"num_format": 14})))
        data = with_part(data, SHEET, lambda xml: xml.replace(b"45717", serial.encode()))
        assert cell(data, "A1").fault == "this is not a date"

    def test_a_workbook_without_styles_or_shared_texts_is_a_workbook(self):
        keep = re.compile(rb'<Relationship [^>]*/(styles|sharedStrings)"[^>]*/>')
        bare = with_part(self.data, "xl/_rels/workbook.xml.rels", lambda xml: keep.sub(b"", xml))
        bare = with_part(bare, SHEET, lambda xml: xml.replace(b' t="s"', b""))
        assert texts(only(bare)) == [["0", "45717"]]
