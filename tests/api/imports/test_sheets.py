"""Reading files: every format gives the same table, and nothing but a SheetError comes out of bad bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.imports import Cell, SheetError, blank_template, read
from api.imports.cells import MAX_BYTES, address_of, position_of
from tests.api.imports.samples import SHEET, cell, only, refused, texts, with_part, workbook

TABLE = [["人员编号", "姓名"], ["P001", "Unit 3 Head"], ["P002", "第一检察部，主任"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_is_read_in_every_encoding_delimiter_and_line_end(encoding, delimiter, end):
    lines = [delimiter.join(f'"{text}"' if delimiter in text else text for text in row) for row in TABLE]
    assert texts(only(end.join(lines).encode(encoding))) == TABLE


def test_xlsx_gives_the_same_table_as_csv():
    data = workbook(lambda _, sheet: [sheet.write_row(n, 0, row) for n, row in enumerate(TABLE)])
    assert texts(only(data)) == TABLE
    assert only(data).name == only(b"a,b", "/some/roster.csv").name == "roster"


def test_a_file_is_what_it_contains_not_what_it_is_called():
    data = workbook(lambda _, sheet: sheet.write("A1", "x"))
    assert texts(only(data, "roster.csv")) == [["x"]]
    assert refused(b"a,b\n1,2\n", "roster.xlsx") == "not_a_spreadsheet"


def test_addresses_and_row_numbers_are_those_a_spreadsheet_program_shows():
    as_csv = only(b'\n\na,b\n"two\nlines",2\n\n\n,7\n')
    as_xlsx = only(
        workbook(
            lambda _, sheet: [
                sheet.write_row("A3", ["a", "b"]),
                sheet.write_row("A4", ["two\nlines", 2]),
                sheet.write("B7", 7),
            ]
        )
    )
    for sheet in (as_csv, as_xlsx):
        assert [row.number for row in (sheet.header, *sheet.rows)] == [3, 4, 7]
        assert sheet.rows[0].cells == (Cell("A4", "two\nlines"), Cell("B4", "2"))
        assert sheet.rows[1].cells == (Cell("A7", ""), Cell("B7", "7"))


def test_blanks_around_a_text_go_full_width_and_zero_width_ones_too():
    assert texts(only("\u3000a\u00a0,\u200bb c \ufeff\n".encode())) == [["a", "b c"]]


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (93.5, None, "93.5"),
        (98.0, None, "98"),
        (0.1, None, "0.1"),
        (1e-7, None, "0.0000001"),
        (-0.0, None, "0"),
        (13800000001, None, "13800000001"),
        (0.93, "0%", "93%"),
        (0.075, "0.00%", "7.5%"),
        (0.29, '0.0" points "%', "29%"),
        (5, '0" %"', "5"),
        (True, None, "TRUE"),
        (date(2025, 3, 1), "yyyy-mm-dd", "2025-03-01"),
        (date(2025, 3, 1), 'yyyy"年"m"月"d"日"', "2025-03-01"),
        (datetime(2025, 3, 1), "yyyy-mm-dd hh:mm", "2025-03-01"),  # noqa: DTZ001 - a workbook knows no time zones
        (datetime(2025, 3, 1, 12, 30), "yyyy-mm-dd hh:mm", "2025-03-01 12:30:00"),  # noqa: DTZ001
    ],
)
def test_a_cell_of_a_workbook_has_the_text_a_csv_file_would_have(value, style, text):
    data = workbook(lambda book, sheet: sheet.write("B2", value, style and book.add_format({"num_format": style})))
    assert cell(data, "B2") == Cell("B2", text)


def test_the_noise_of_binary_arithmetic_is_not_read():
    data = workbook(lambda _, sheet: sheet.write("A1", 98.125))
    noisy = with_part(data, SHEET, lambda xml: xml.replace(b"98.125", b"97.999999999999986"))
    assert cell(noisy, "A1").text == "98"


def test_a_formula_gives_its_cached_value():
    assert cell(workbook(lambda _, sheet: sheet.write_formula("A1", "=1+1", None, 2)), "A1") == Cell("A1", "2")


@pytest.mark.parametrize(
    ("write", "fault"),
    [
        (lambda _, sheet: sheet.write_formula("A1", "=1/0", None, "#DIV/0!"), "ends in an error"),
        (lambda _, sheet: sheet.write("A1", 12345678901234567), "lost some of them"),
    ],
)
def test_a_cell_that_must_not_be_used_says_why(write, fault):
    assert fault in cell(workbook(write), "A1").fault


def test_a_formula_that_was_never_calculated_is_not_taken_for_a_blank():
    data = workbook(lambda _, sheet: [sheet.write("A1", "x"), sheet.write_formula("C3", "=A1")])
    stale = with_part(data, SHEET, lambda xml: xml.replace(b"</f><v>0</v>", b"</f>"))
    assert "never calculated" in cell(stale, "C3").fault


@pytest.mark.parametrize("text", ["NaN", "inf", "1e999"])
def test_what_is_no_finite_number_is_unusable(text):
    data = workbook(lambda _, sheet: sheet.write("A1", 98.125))
    data = with_part(data, SHEET, lambda xml: xml.replace(b"98.125", text.encode()))
    assert "finite" in cell(data, "A1").fault


@pytest.mark.parametrize("data", [b"", b" \n\r\n", b"\xef\xbb\xbf", "\u3000,\n,,\n".encode()])
def test_an_empty_file_is_refused(data):
    assert refused(data) == "empty"


def test_a_workbook_without_any_cell_is_empty():
    assert refused(workbook(lambda book, sheet: book.add_worksheet("2"))) == "empty"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_spreadsheet"),
        ("a,b".encode("utf-16"), "encoding"),
        (b"a,b\n\xff\xff,1\n", "encoding"),
        (b'a,b\n"never closed,1\n', "damaged"),
        (b'a,b\n"x"y,1\n', "damaged"),
        (b"PK\x03\x04 and then nothing of the kind", "damaged"),
        (b"a" * (MAX_BYTES + 1), "too_large"),
        (b"," * 200_001, "too_large"),
        (b"\n" * 200_001 + b"a", "too_large"),
        (b"a\n" + b"x" * 140_000, "damaged"),
    ],
)
def test_what_is_no_readable_table_is_refused_with_a_reason(data, code):
    assert refused(data) == code


def test_a_zip_that_is_no_workbook_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert refused(content.getvalue()) == "not_a_spreadsheet"


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SheetError, match=r"roster\.csv cannot be read"):
        read(tmp_path / "roster.csv")


def reads_or_refuses(data: bytes, filename: str) -> None:
    try:
        sheets = read(data, filename)
    except SheetError:
        return
    assert sheets
    assert all(row.cells for sheet in sheets for row in sheet.rows)


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "", "\0/\n"]))
def test_any_bytes_are_read_or_refused(data, filename):
    reads_or_refuses(data, filename)


@given(
    st.text(alphabet=st.sampled_from('a1,;\t"\r\n\u3000中 '), max_size=60),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_any_text_is_read_or_refused(text, encoding):
    reads_or_refuses(text.encode(encoding), "a.csv")


BLANK = blank_template(["appointments"])
XML_PARTS = {
    name: content
    for name, content in (
        (n, zipfile.ZipFile(io.BytesIO(BLANK)).read(n)) for n in zipfile.ZipFile(io.BytesIO(BLANK)).namelist()
    )
    if name.startswith("xl/") and "theme" not in name
}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_workbook_with_any_bytes_changed_is_read_or_refused(data):
    mutated = bytearray(BLANK)
    for _ in range(data.draw(st.integers(1, 5))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    reads_or_refuses(bytes(mutated[: data.draw(st.integers(0, len(mutated)))]), "a.xlsx")


NUMBERS = st.integers(-1, 2**40).map(lambda n: str(n).encode())
WORDS = st.sampled_from(
    [b"", b"A1", b"s", b"str", b"inlineStr", b"e", b"d", b"b", b"n", b"../x", b"/xl/styles.xml", b"%"]
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_workbook_with_any_attribute_or_text_changed_is_read_or_refused(data):
    """Mutations that keep the zip and the XML sound get past the first checks, to the parser itself."""
    part = data.draw(st.sampled_from(sorted(XML_PARTS)))
    content = XML_PARTS[part]
    places = [m.span(1) for m in re.finditer(rb'="([^"]*)"|>([^<]+)<', content) if m.span(1) != (-1, -1)]
    for start, end in sorted(
        data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3, unique=True)), reverse=True
    ):
        content = content[:start] + data.draw(NUMBERS | WORDS) + content[end:]
    reads_or_refuses(with_part(BLANK, part, lambda _: content), "a.xlsx")


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_addresses_and_positions_are_inverse(row, column):
    assert position_of(address_of(row, column)) == (row, column)


def test_columns_are_lettered_as_everywhere():
    assert [address_of(7, n) for n in (1, 2, 26, 27, 702, 703, 16_384)] == [
        "A7",
        "B7",
        "Z7",
        "AA7",
        "ZZ7",
        "AAA7",
        "XFD7",
    ]
