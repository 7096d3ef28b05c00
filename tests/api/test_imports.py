"""Importing spreadsheets over HTTP."""

from __future__ import annotations

import io
from typing import Any

from api.demo.procuratorate.demonstration import PROCURATORATE
from api.imports import read
from tests.api.office import Office

UNITS = """\
单位编号,单位类别,中文名称,上级单位,生效日期
DCP,institution,检察院,,2025-06-10
G1,department,办公室,DCP,2025-06-10
"""


def send(office: Office, content: str | bytes, name: str = "units.csv", role: str = "recorder", **form: Any) -> Any:
    data = {"file": (io.BytesIO(content.encode() if isinstance(content, str) else content), name), **form}
    headers = office.bearer(role)
    return office.client.post("/v1/imports", data=data, content_type="multipart/form-data", headers=headers)


def test_a_file_is_imported_and_the_same_file_again_changes_nothing(office: Office):
    office.adopt_charter()
    first = send(office, UNITS)
    assert first.status_code == 200, first.text
    assert first.json == {"rows": 2, "changed": 2, "unchanged": 0, "events": 2, "position": 4, "dry_run": False}
    again = send(office, UNITS.replace("\n", "\r\n").encode("gb18030"), "units-of-2025.csv")
    assert again.json == first.json | {"changed": 0, "unchanged": 2, "events": 0}
    assert office.resonance.log.head().position == 4


def test_a_dry_run_says_what_would_come_of_it_and_records_nothing(desk: Office):
    desk.adopt_charter()
    answer = send(desk, UNITS, dry_run="true")
    assert (answer.json["changed"], answer.json["events"], answer.json["dry_run"]) == (2, 2, True)
    assert desk.resonance.log.head().position == 2


def test_one_bad_row_and_nothing_is_imported_and_its_cell_is_told(desk: Office):
    desk.adopt_charter()
    refused = send(desk, UNITS + "G2,department,政治部,NOWHERE,2025-06-10\nG3,,一部,DCP,2025-06-10\n")
    assert refused.status_code == 422
    assert [each["cell"] for each in refused.json["pointers"]] == ["units!B5"]
    refused = send(desk, UNITS + "G2,department,政治部,NOWHERE,2025-06-10\n")
    assert refused.status_code == 422
    assert [each["cell"] for each in refused.json["pointers"]] == ["units!D4"]
    assert desk.resonance.log.head().position == 2


def test_a_file_may_be_in_english_alone_but_a_name_in_some_language_there_must_be(desk: Office):
    desk.adopt_charter()
    units = "unit id,kind,name in English,effective\nDCP,institution,Office,2025-06-10\n"
    assert send(desk, units).status_code == 200
    posts = "post id,kind,unit id,title in English,effective\nHEAD,chief,DCP,Chief,2025-06-10\n"
    assert send(desk, posts, "posts.csv").status_code == 200
    refused = send(desk, UNITS.replace("办公室", ""))
    assert (refused.status_code, "Chinese or in English" in refused.text) == (422, True)


def test_what_is_no_spreadsheet_is_refused_with_a_sentence(desk: Office):
    desk.adopt_charter()
    for content, name in ((b"", "units.csv"), (b"PK\x03\x04 broken", "units.xlsx"), (b"\xff\xfe\x00", "units.csv")):
        refused = send(desk, content, name)
        assert refused.status_code == 422
        assert refused.json["code"].startswith("import.")
    assert desk.client.post("/v1/imports", headers=desk.bearer("recorder")).status_code == 422


def test_a_file_of_ten_megabytes_is_too_large(desk: Office):
    refused = send(desk, b"x" * 11_000_000)
    assert refused.status_code in (413, 422)
    assert refused.json["detail"]


def test_who_may_not_organise_may_not_import(desk: Office):
    desk.adopt_charter()
    assert send(desk, UNITS, role="auditor").status_code == 403
    targets = (PROCURATORATE.folder / "targets.csv").read_bytes()
    assert send(desk, targets, "targets.csv", role="recorder").status_code == 403


def test_the_blank_workbook_is_one_that_an_import_reads(desk: Office):
    answer = desk.get("/v1/imports/template", role="recorder")
    assert answer.status_code == 200
    assert {sheet.name for sheet in read(answer.data, "resonance.xlsx")} >= {"单位", "岗位", "填报"}
