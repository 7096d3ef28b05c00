"""The trail as CSV and XLSX: the rows that the trail shows, the checkpoint with them, and no cell that is a formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from api.exports import tables, taking
from api.exports.tables import guarded
from api.imports.sheets import read
from api.resources import exports
from tests.api.office import Office
from tests.api.shell import Shell
from workflow.ledger.cosigning import checkpoint_of
from workflow.ledger.receipts import Receipt
from workflow.ledger.tree import leaf_hash

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\0=1", "=1", "+1", "-1", "@1")
REASON = '=HYPERLINK("http://evil.example","改革")'


@pytest.fixture
def signed(desk: Office) -> Office:
    """A charter (positions 1 and 2), two units, and a new name for a reason that is a formula (5); 4 are signed."""
    desk.adopt_charter()
    desk.establish("DCP", "institution")
    desk.establish("G1", "department", "DCP")
    desk.resonance.signing.make(desk.resonance.log.source)
    desk.resonance.keeper().once()
    desk.done("/v1/units/G1/rename", {"name_zh": "一部", "effective": "2025-06-16", "reason": REASON})
    return desk


def records(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def events(content: bytes) -> list[dict[str, str]]:
    return [each for each in records(content) if each["record"] == "event"]


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """The cells of each worksheet as texts, as our own reader of workbooks finds them."""
    found = {}
    for sheet in read(content, "trail.xlsx"):
        found[sheet.name] = [[cell.text for cell in row.cells] for row in (sheet.header, *sheet.rows)]
    return found


class TestCsv:
    def test_its_events_are_those_of_the_trail(self, signed):
        for query in ({}, {"order": "oldest"}, {"within": "G1"}, {"reason": "改"}, {"type": "unit.established"}):
            shown = signed.get("/v1/trail", limit=200, **query).json["items"]
            found = events(signed.get("/v1/exports/trail.csv", **query).get_data())
            assert [int(each["position"]) for each in found] == [each["position"] for each in shown]
            for cells, item in zip(found, shown, strict=True):
                assert cells["tags"].split() == item["tags"]
                assert json.loads(cells["data"]) == item["data"]
                assert (cells["type"], cells["actor"], cells["id"]) == (item["type"], item["actor"], item["id"])
                assert cells["effective"] == (item["effective"] or "")

    def test_each_record_ends_with_cr_lf_and_has_one_width(self, signed):
        content = signed.get("/v1/exports/trail.csv").get_data()
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
        assert {len(row) for row in rows} == {len(taking.COLUMNS) + 1}
        assert content.endswith(b'"\r\n')
        assert rows[0] == ["record", *taking.COLUMNS]

    def test_no_cell_begins_a_formula(self, signed):
        found = events(signed.get("/v1/exports/trail.csv").get_data())
        assert found[0]["reason"] == f"'{REASON}"

    @pytest.mark.parametrize("text", DANGEROUS)
    def test_what_may_begin_a_formula_gets_an_apostrophe(self, text):
        assert guarded(text) == f"'{text}"

    @pytest.mark.parametrize("text", ["", "a=1", "1-1", "'=1", " ", "unit:G1", -1])
    def test_all_else_stays_as_it_is(self, text):
        assert guarded(text) == text

    def test_its_last_records_are_what_it_is_and_the_checkpoint(self, signed):
        *_, told, checkpoint = records(signed.get("/v1/exports/trail.csv", role="auditor", reason="改").get_data())
        said = json.loads(told["data"])
        assert (told["record"], told["position"]) == ("about", "5")
        assert said["log"] == signed.resonance.log.source
        assert (said["exported_by"], said["role"], said["asked"]) == ("AUDITOR", "auditor", {"reason": ["改"]})
        assert (said["rows"], said["left_off"], said["whole"]) == (1, 0, True)
        assert said["exported_at"] == signed.clock().isoformat().replace("+00:00", "Z")
        assert (checkpoint["record"], checkpoint["position"]) == ("checkpoint", "4")
        found = checkpoint_of(checkpoint["data"].encode(), signed.resonance.verifiers)
        assert (found.origin, found.size) == (signed.resonance.log.source, 4)

    def test_a_row_is_proved_by_its_leaf_hash_and_a_receipt(self, signed):
        rows = {each["position"]: each for each in events(signed.get("/v1/exports/trail.csv").get_data())}
        entry = signed.resonance.log.entry(3)
        assert rows["3"]["leaf_hash"] == leaf_hash(entry.bytes).hex()
        keys = signed.resonance.verifiers
        receipt = Receipt.parse(signed.get("/v1/events/3/receipt").get_data())
        receipt.verify(entry.bytes, keys, keys[0].name)

    def test_before_anything_was_signed_there_is_no_checkpoint(self, desk):
        desk.adopt_charter()
        *_, checkpoint = records(desk.get("/v1/exports/trail.csv").get_data())
        assert (checkpoint["record"], checkpoint["position"], checkpoint["data"]) == ("checkpoint", "0", "")


class TestXlsx:
    def test_it_has_the_cells_of_the_csv_file(self, signed):
        for query in ({}, {"within": "G1", "order": "oldest"}):
            found = sheets(signed.get("/v1/exports/trail.xlsx", **query).get_data())["trail"]
            rows = [list(each.values())[1:] for each in events(signed.get("/v1/exports/trail.csv", **query).get_data())]
            assert found[0] == list(taking.COLUMNS)
            assert len(found) == len(rows) + 1
            for cells, row in zip(found[1:], rows, strict=True):
                unguarded = [each.removeprefix("'") for each in row]
                padded = cells + [""] * (len(row) - len(cells))
                assert [each[:200] for each in padded] == [each[:200].rstrip() for each in unguarded]

    def test_a_text_is_never_a_formula(self, signed):
        content = signed.get("/v1/exports/trail.xlsx").get_data()
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml").decode()
            styles = parts.read("xl/styles.xml").decode()
        assert "HYPERLINK" in sheet
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet
        assert 'quotePrefix="1"' in styles

    @pytest.mark.parametrize(
        "reason",
        [
            '<r><t>ok</t></r></is></c><c r="P2" t="str"><f>HYPERLINK("http://evil.example/","x")</f></c><c><is><r></r>',
            "<r>bro<ken</r>",
        ],
    )
    def test_a_text_that_looks_like_markup_stays_a_text(self, signed, reason):
        signed.done("/v1/units/G1/rename", {"name_zh": "二部", "effective": "2025-06-17", "reason": reason})
        content = signed.get("/v1/exports/trail.xlsx").get_data()
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
        assert not [each for each in sheet.iter() if each.tag.endswith("}f") or each.tag.endswith("}r")]
        texts = [each.text or "" for each in sheet.iter() if each.tag.endswith("}t")]
        assert f"\u200b{reason}" in texts

    def test_a_cell_is_as_long_as_utf_16_counts(self):
        held = tables._held("𝄞" * 20_000)
        assert len(held.encode("utf-16-le")) <= 2 * 32_767
        assert held.endswith(" … (20000 characters)")

    def test_its_header_is_frozen_and_filters(self, signed):
        with zipfile.ZipFile(io.BytesIO(signed.get("/v1/exports/trail.xlsx").get_data())) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert 'state="frozen"' in sheet
        assert '<autoFilter ref="A1:O6"/>' in sheet
        assert "<cols>" in sheet

    def test_its_second_worksheet_has_the_checkpoint(self, signed):
        found = sheets(signed.get("/v1/exports/trail.xlsx", role="auditor", within="G1").get_data())["checkpoint"]
        told = dict(found)
        # Our reader cuts white space off the ends of a cell; the note ends with a line break.
        note = f"{told['checkpoint']}\n".encode()
        assert checkpoint_of(note, signed.resonance.verifiers).size == 4
        assert (told["origin"], told["size"], told["position"]) == (signed.resonance.log.source, "4", "5")
        assert (told["exported_by"], told["role"], told["rows"], told["left_off"]) == ("AUDITOR", "auditor", "2", "0")
        assert json.loads(told["asked"]) == {"within": ["G1"]}

    def test_a_text_longer_than_a_cell_is_cut_and_says_so(self, signed):
        found = sheets(signed.get("/v1/exports/trail.xlsx", type="charter.published").get_data())["trail"]
        data = found[1][taking.COLUMNS.index("data")]
        whole = events(signed.get("/v1/exports/trail.csv", type="charter.published").get_data())[0]["data"]
        assert len(whole) > 32_767
        assert len(data) == 32_767
        assert data.endswith(f" … ({len(whole)} characters)")


@pytest.mark.parametrize("name", ["trail.csv", "trail.xlsx"])
class TestOverHttp:
    def test_it_is_a_file_that_nobody_keeps(self, signed, name):
        response = signed.get(f"/v1/exports/{name}")
        assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Resonance-Position"] == "5"
        assert (response.headers["Resonance-Rows"], response.headers["Resonance-Left-Off"]) == ("5", "0")

    def test_it_has_a_bound_and_says_how_many_were_left_off(self, signed, name, monkeypatch):
        monkeypatch.setattr(exports, "MOST_ROWS", 2)
        response = signed.get(f"/v1/exports/{name}")
        assert (response.headers["Resonance-Rows"], response.headers["Resonance-Left-Off"]) == ("2", "3")
        monkeypatch.setattr(exports, "MOST_PAGES", 1)
        monkeypatch.setattr(taking, "PAGE", 3)
        response = signed.get(f"/v1/exports/{name}")
        assert (response.headers["Resonance-Rows"], response.headers["Resonance-Left-Off"]) == ("2", "1+")

    def test_administrators_do_not_take_history_away(self, signed, name):
        assert signed.get(f"/v1/exports/{name}", role="admin").status_code == 403


class TestOnTheCommandLine:
    @pytest.fixture
    def ledger(self, ready: Shell) -> Shell:
        ready.json("keygen")
        ready.json("ledger", "--once")
        return ready

    FILTERED: tuple[tuple[list[Any], int], ...] = (
        ([], 34),
        (["--type", "charter.adopted", "--type", "charter.published"], 2),
        (["--reason", "FIRST"], 34),
        (["--by", "nobody"], 0),
        (["--as-of", "position:10"], 10),
        (
            ["--effective-from", "2024-01-01", "--effective-to", "2024-01-01", "--recorded-from", "2000-01-01T00:00Z"],
            33,
        ),
        (["--recorded-to", "2000-01-01T00:00Z"], 0),
        (["--tag", "indicator:NONE", "--within", "NONE"], 0),
    )

    @pytest.mark.parametrize(("options", "count"), FILTERED)
    def test_both_files_keep_to_the_filters(self, ledger, tmp_path, options, count):
        told = ledger.json("export", "csv", "--out", tmp_path / "t.csv", *options)
        assert told == {"out": str(tmp_path / "t.csv"), "events": count, "left_off": 0}
        assert len(events((tmp_path / "t.csv").read_bytes())) == count
        assert ledger.json("export", "xlsx", "--out", tmp_path / "t.xlsx", *options)["events"] == count
        assert len(sheets((tmp_path / "t.xlsx").read_bytes())["trail"]) == count + 1

    def test_its_day_is_that_of_its_moment_as_over_http(self, demo, tmp_path: Path):
        demo.json("keygen")
        demo.json("ledger", "--once")
        demo.json("export", "csv", "--out", tmp_path / "t.csv", "--within", "G3", "--as-of", "position:5000")
        *_, about, _ = records((tmp_path / "t.csv").read_bytes())
        assert json.loads(about["data"])["asked"]["effective_on"] == ["2024-05-23"]

    def test_a_position_that_has_not_come_yet_is_refused(self, ledger, tmp_path: Path):
        answer = ledger("export", "csv", "--out", tmp_path / "t.csv", "--as-of", "position:99")
        assert answer == (2, "", "Position 99 has not come yet: the log ends at 34.\n")

    def test_the_checkpoint_in_the_file_is_one_to_keep_for_an_audit(self, ledger, tmp_path: Path):
        ledger.json("export", "csv", "--out", tmp_path / "t.csv")
        ledger.json("project", "--once")
        *_, checkpoint = records((tmp_path / "t.csv").read_bytes())
        (tmp_path / "kept").write_bytes(checkpoint["data"].encode())
        assert ledger.json("audit", "--since", tmp_path / "kept")["integrity"]["ok"]


def test_a_worksheet_holds_no_more_rows_than_there_can_be():
    assert tables.MOST_ROWS + 1 == 2**20
