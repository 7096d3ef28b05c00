"""From sheets to records: what each column accepts, that every error is reported, and what a row's key depends on."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from api.imports import TEMPLATES, Column, SheetError, Template, Words, kind_named, load, parse, read, row_key
from api.imports.values import Value, value_of

HEADER = "indicator,unit,period,value,reported_on,note"


def one(text: str, kind: str):
    (record,), errors = load(text.encode(), f"{kind}.csv")
    assert errors == []
    return record


def errors_of(text: str, kind: str = "readings") -> list[tuple[str, str, str]]:
    return [(error.address, error.code, error.found) for error in load(text.encode(), f"{kind}.csv")[1]]


def test_a_record_has_a_value_for_every_field_and_knows_its_cells():
    record = one("value,Indicator ID,单位编号,期间 (PERIOD),reported on\n\n93.50,I07,G3,2025-04,2025/5/6", "readings")
    assert record.row == 3
    assert record.values == {
        "indicator": "I07",
        "unit": "G3",
        "period": "2025-04",
        "value": Decimal("93.5"),
        "reported_on": date(2025, 5, 6),
        "note": None,
    }
    assert record.addresses["value"] == "A3"
    assert "note" not in record.addresses


def meaning(kind: str, text: str) -> Value:
    column = Column("x", kind, Words("列", "x"), Words("", ""), choices={"acting": Words("代理", "acting post")})  # type: ignore[arg-type] # the cases name types
    return value_of(text, column)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "Ｕｎｉｔ 3\nHead", "Ｕｎｉｔ 3\nHead"),
        ("id", "Ｇ３－Ｈ０７", "G3-H07"),
        ("ids", "G3 G4", ("G3", "G4")),
        ("ids", "G3；G4，G5、 G4;", ("G3", "G4", "G5")),
        ("date", "2025-03-01", date(2025, 3, 1)),
        ("date", "2025-3-1", date(2025, 3, 1)),
        ("date", "2025/3/1", date(2025, 3, 1)),
        ("date", "2025.03.01", date(2025, 3, 1)),
        ("date", "２０２５年３月１日", date(2025, 3, 1)),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("period", "2025-04", "2025-04"),
        ("period", "2025/4", "2025-04"),
        ("period", "2025年4月", "2025-04"),
        ("period", "2025-04-01", "2025-04"),
        ("period", "2025-Q2", "2025-Q2"),
        ("period", "2025q2", "2025-Q2"),
        ("period", "2025年第二季度", "2025-Q2"),
        ("period", "2025年2季度", "2025-Q2"),
        ("year", "2025", 2025),
        ("year", "2025年度", 2025),
        ("decimal", "93.50", Decimal("93.5")),
        ("decimal", "-０．１", Decimal("-0.1")),
        ("decimal", "+100", Decimal(100)),
        ("decimal", "98%", Decimal(98)),
        ("decimal", "98.5％", Decimal("98.5")),
        ("decimal", "123456789012345.0123456789", Decimal("123456789012345.0123456789")),
        ("enum", "acting", "acting"),
        ("enum", "代理", "acting"),
        ("enum", "Acting Post", "acting"),
        ("bool", "是", True),
        ("bool", "FALSE", False),
    ],
)
def test_what_a_column_accepts(kind, text, value):
    assert meaning(kind, text) == value
    assert type(meaning(kind, text)) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", "bell\x07"),
        ("text", "x" * 2_001),
        ("id", "G 3"),
        ("id", "处室3"),
        ("id", "-G3"),
        ("ids", "G3 G/4"),
        ("date", "3/1/2025"),
        ("date", "01-03-2025"),
        ("date", "25-03-01"),
        ("date", "2025-03"),
        ("date", "2025-03/01"),
        ("date", "2025-02-29"),
        ("date", "2025-03-01 12:30:00"),
        ("date", "45717"),
        ("date", "0025-03-01"),
        ("period", "2025-13"),
        ("period", "2025-04-02"),
        ("period", "2025-Q5"),
        ("period", "Apr-25"),
        ("period", "2025"),
        ("year", "25"),
        ("year", "3025"),
        ("decimal", "1,234.5"),
        ("decimal", "12,5"),
        ("decimal", "1e5"),
        ("decimal", "NaN"),
        ("decimal", "93.5分"),
        ("decimal", "--1"),
        ("decimal", "1234567890123456"),
        ("enum", "deputy"),
        ("bool", "maybe"),
    ],
)
def test_what_a_column_refuses(kind, text):
    with pytest.raises(ValueError, match=r"\w"):
        meaning(kind, text)


@given(st.text(max_size=30), st.sampled_from(["id", "ids", "date", "period", "year", "decimal", "enum", "bool"]))
def test_any_text_has_a_meaning_or_is_refused(text, kind):
    try:
        meaning(kind, text)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either outcome is right


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_a_decimal_is_never_rounded(number):
    assert meaning("decimal", format(number, "f")) == number


def test_all_errors_of_a_file_are_reported_each_with_its_cell():
    assert errors_of(
        f"{HEADER}\nI07,G 3,2025-13,abc,2025-05-06,\nI08,G3,2025-04,,\nI09,G3,2025-04,1,2025-05-06,\n"
    ) == [
        ("B2", "not_allowed", "G 3"),
        ("C2", "not_allowed", "2025-13"),
        ("D2", "not_allowed", "abc"),
        ("D3", "missing", ""),
        ("E3", "missing", ""),
    ]


def test_rows_without_errors_are_still_records():
    records, errors = load(
        f"{HEADER}\nI07,G3,2025-04,x,2025-05-06,\nI08,G3,2025-04,1,2025-05-06,\n".encode(), "readings.csv"
    )
    assert [record.row for record in records] == [3]
    assert len(errors) == 1


def test_an_unknown_column_is_an_error_that_names_the_known_ones():
    _, (error,) = load(f"{HEADER},colour\nI07,G3,2025-04,1,2025-05-06,,red\n".encode(), "readings.csv")
    assert (error.address, error.code, error.found) == ("G1", "unknown_column", "colour")
    assert "填报值 (value)" in error.allowed
    assert str(error).startswith('readings G1: found "colour"; allowed: the columns ')


def test_a_column_may_be_there_once_in_whatever_language():
    assert errors_of("person,post,kind,effective,人员编号\nP1,X,acting,2025-01-01,P2\n", "appointments") == [
        ("E1", "duplicate_column", "人员编号")
    ]


def test_a_missing_column_is_reported_once_and_not_for_every_row():
    assert errors_of("indicator,unit,period,value\nI07,G3,2025-04,1\nI08,G3,2025-04,1\n") == [
        ("A1", "missing_column", "")
    ]


def test_a_value_outside_the_columns_is_an_error():
    assert errors_of(f"{HEADER}\nI07,G3,2025-04,1,2025-05-06,,,stray\n") == [("H2", "no_header", "stray")]
    assert errors_of("indicator,,unit,period,value,reported on\nI07,x,G3,2025-04,1,2025-05-06\n") == [
        ("B2", "no_header", "x")
    ]


def test_a_broken_formula_is_an_error_even_where_a_blank_would_do():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("readings")
        sheet.write_row("A1", HEADER.split(","))
        sheet.write_row("A2", ["I07", "G3", "2025-04", 1, "2025-05-06"])
        sheet.write_formula("F2", "=1/0", None, "#DIV/0!")
    records, errors = load(content.getvalue())
    assert records == []
    assert [(error.address, error.code) for error in errors] == [("F2", "unusable")]
    assert "ends in an error" in errors[0].allowed


def test_an_error_is_a_sentence_with_place_finding_and_what_is_allowed():
    _, (error,) = load(f"{HEADER}\nI07,G3,2025-04,abc,2025-05-06,\n".encode(), "readings.csv")
    assert str(error) == f'readings D2, 填报值 (value): found "abc"; allowed: {error.allowed}.'
    assert "93.5" in error.allowed


def test_a_long_finding_is_cut():
    _, (error,) = load(f"{HEADER}\nI07,G3,2025-04,{'9' * 500},2025-05-06,\n".encode(), "readings.csv")
    assert len(error.found) == 80


READING = "I07,G3,2025-04,93.5,2025-05-06"


def test_the_key_of_a_row_does_not_depend_on_place_format_or_name():
    key = row_key("readings", one(f"{HEADER}\n{READING},\n", "readings"))
    assert len(key) == 64
    assert int(key, 16) > 0
    reordered = "填报日期;填报值;期间;单位编号;指标编号\n\n2025年5月6日;93.50;2025/4;G3;I07\n".encode("gb18030")
    assert [row_key("readings", record) for record in load(reordered, "填报 2025.csv")[0]] == [key]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("填报")
        sheet.write_row("B4", ["指标编号", "unit", "期间", "value", "reported on"])
        sheet.write_row("B9", ["I07", "G3"])
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheet.write_datetime("D9", date(2025, 4, 1), day)
        sheet.write("E9", 93.5)
        sheet.write_datetime("F9", date(2025, 5, 6), day)
    assert [row_key("readings", record) for record in load(content.getvalue())[0]] == [key]


@pytest.mark.parametrize(
    "other",
    [
        "I07,G3,2025-04,93.6,2025-05-06,",
        "I07,G3,2025-05,93.5,2025-05-06,",
        "I07,G3,2025-04,93.5,2025-05-06,a note",
        "G3,I07,2025-04,93.5,2025-05-06,",
    ],
)
def test_rows_that_say_different_things_have_different_keys(other):
    first, second = (one(f"{HEADER}\n{row}\n", "readings") for row in (f"{READING},", other))
    assert row_key("readings", first) != row_key("readings", second)


def test_the_key_is_different_for_another_kind_and_stays_the_same_for_ever():
    record = one(f"{HEADER}\n{READING},\n", "readings")
    assert row_key("targets", record) != row_key("readings", record)
    assert row_key("readings", record) == "6f0c0cbb6397477dc6ea5d13e0aaf9ef7fcd37d26459e16f0048e40120126521"


def test_kinds_come_in_the_order_in_which_they_must_be_imported():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("grids").write_row("A1", ["grid", "department", "group", "effective"])
        book.get_worksheet_by_name("grids").write_row("A2", ["GRID1", "G1", "PG1", "2024-01-01"])
        book.add_worksheet("单位").write_row("A1", ["unit", "kind", "中文名称", "effective"])
        book.get_worksheet_by_name("单位").write_row("A2", ["G1", "department", "办公室", "2024-01-01"])
        book.add_worksheet("Sheet3")
    records, errors = load(content.getvalue())
    assert [record.kind for record in records] == ["units", "grids"]
    assert errors == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("readings", "readings"),
        ("Readings-2025 (final)", "readings"),
        ("02_posts", "posts"),
        ("填报", "readings"),
        ("2025年 填报", "readings"),
        ("units and posts", None),
        ("Sheet1", None),
        ("", None),
    ],
)
def test_a_name_says_the_kind_if_it_names_exactly_one(name, kind):
    assert kind_named(name, TEMPLATES) == kind


def test_the_kind_comes_from_the_sheet_the_request_or_the_file_in_this_order():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("Sheet1").write_row("A1", ["person", "unit", "kind", "effective"])
        book.get_worksheet_by_name("Sheet1").write_row("A2", ["P001", "PG1", "full", "2024-01-01"])
    data = content.getvalue()
    assert load(data, "upload.xlsx", "memberships")[0][0].kind == "memberships"
    assert load(data, "memberships.xlsx")[0][0].kind == "memberships"
    with pytest.raises(SheetError, match=r"Known are: units \(单位\)") as unknown:
        load(data, "upload.xlsx")
    with pytest.raises(SheetError) as wrong:
        load(b"person,unit\n", "memberships.csv", "roster")
    with pytest.raises(SheetError) as unheard:
        load(data, "upload.xlsx", "salaries")
    assert [caught.value.code for caught in (unknown, wrong, unheard)] == ["unknown_kind", "wrong_kind", "unknown_kind"]


def test_a_template_can_be_narrowed_to_the_words_of_a_charter():
    words = {"kind": {"ward": Words("病区", "ward"), "hospital": Words("医院", "hospital")}}
    narrowed = {"units": TEMPLATES["units"].narrowed(words)}
    text = "unit,kind,name in Chinese,effective\nW1,病区,一病区,2024-01-01\nW2,branch,二病区,2024-01-01\n"
    (record,), (error,) = load(text.encode(), "units.csv", templates=narrowed)
    assert record.values["kind"] == "ward"
    assert (error.address, error.allowed) == ("B3", "one of ward (病区, ward), hospital (医院, hospital)")


SHEET_TEXT = st.lists(
    st.lists(st.text(max_size=8) | st.sampled_from(HEADER.split(",")), max_size=8), min_size=1, max_size=8
)


@given(SHEET_TEXT, st.sampled_from(sorted(TEMPLATES)))
def test_any_table_gives_records_and_errors_and_never_raises(table, kind):
    text = "\n".join(",".join('"' + value.replace('"', '""') + '"' for value in row) for row in table)
    try:
        sheets = read(text.encode("utf-8", "replace"), "x.csv")
    except SheetError:
        return
    for sheet in sheets:
        records, errors = parse(sheet, TEMPLATES[kind])
        complete = {column.field for column in TEMPLATES[kind].columns}
        assert all(set(record.values) == complete for record in records)
        assert not (
            {record.row for record in records}
            & {int("".join(filter(str.isdigit, e.address))) for e in errors if e.code != "missing_column"}
        )


def test_every_header_belongs_to_one_column_of_its_template():
    def headers(template: Template) -> list[str]:
        return [name for column in template.columns for name in (column.field, *column.header, column.title)]

    for template in TEMPLATES.values():
        for header in headers(template):
            assert len([column for column in template.columns if column.is_headed(header)]) == 1
