"""The command line, as far as it brings something in: charters, files, tokens, and the demonstration."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
from itertools import takewhile
from urllib.request import Request, urlopen

import pytest

from api.demo.procuratorate import erasure
from api.demo.procuratorate.demonstration import FIRST_DAY, LAST_DAY
from api.demo.procuratorate.quarterly_assessments import TIED, VOTES
from api.imports import load
from projections.lease import Lease
from tests.api.shell import APPLY, OPENING
from workflow.charter import shipped
from workflow.entry import read_envelope
from workflow.log import open_log


class TestCharter:
    def test_a_sound_one_is_a_yes_and_an_unsound_one_a_no_with_its_places(self, shell, tmp_path):
        assert shell.json("charter", "check", "hospital") == {"ok": True, "charter": "hospital", "version": "1"}
        file = tmp_path / "bad.toml"
        file.write_text(shipped("hospital").replace('version = "1"', "version = 1\nserial = 2"), "utf-8")
        answer = shell("charter", "check", file)
        assert answer.status == 1
        problems = answer.complained.splitlines()
        assert len(problems) == 2
        assert all(problem.startswith(f"{file}:") for problem in problems)
        told = shell("charter", "check", file, "--json")
        assert (told.status, told.complained) == (1, "")
        assert told.json == {"ok": False, "problems": problems}

    def test_without_a_file_it_cannot_be_done(self, ready):
        for command in (["check"], ["diff"], ["shadow"], ["apply", "--effective", "2025-01-01"]):
            answer = ready("charter", command[0], "nowhere.toml", *command[1:])
            assert answer.status == 2
            assert "There is no file nowhere.toml" in answer.complained

    def test_a_shadow_tells_what_would_have_differed_and_records_nothing(self, demo, tmp_path):
        file, before = tmp_path / "strict.toml", demo.head
        stricter = shipped("procuratorate").replace("yellow = 0.80 }", "yellow = 0.90 }", 1)
        file.write_text(stricter.replace("at_least = 90, quota = 0.2", "at_least = 90, quota = 0.4"), "utf-8")
        run = demo.json("charter", "shadow", file, "--since", "2025-01-01")
        colours, grades = run["colours"], run["grades"]
        assert (run["version"], colours["looked_at"] > colours["differ"] > 0) == ("1", True)
        for table in (colours, grades):
            assert sum(table["counts"].values()) == table["differ"] == len(table["rows"])
            assert "2024" not in {each["period"][:4] for each in table["rows"]}
        assert colours["counts"]["yellow → red"] > 0
        assert grades["looked_at"] >= 7
        said = demo("charter", "shadow", file, "--since", "2025-01-01").said
        assert "readings would have been different" in said
        assert "yellow attainment yellow >=0.80 → red attainment red <0.90" in said
        assert f"{grades['differ']} of {grades['looked_at']} grades would have been different.\n" in said
        # Of the two who were equal, the one against whom the vote went gets in where there are more places.
        (row,) = (e for e in grades["rows"] if (e["assessment"], e["subject"]) == (TIED, VOTES[1].subject))
        was, instead = (
            f"{row['total']} good (excellent: 1 at most)",
            f"{row['shadow_total']} excellent (excellent >=90)",
        )
        assert f"{TIED} {row['subject']}  {was} → {instead}\n" in said
        assert demo.head == before

    def test_there_is_no_shadow_of_what_is_no_charter(self, ready, tmp_path):
        file = tmp_path / "bad.toml"
        file.write_text("[charter]", "utf-8")
        answer = ready("charter", "shadow", file)
        assert answer.status == 2
        assert f"{file}:" in answer.complained

    def test_applying_adopts_the_charter_and_its_indicators_once(self, shell):
        shell("migrate")
        assert shell.json(*APPLY) == {"events": 34, "position": 34}
        assert shell.json(*APPLY) == {"events": 0, "position": 34}
        assert shell(*APPLY).said == "It was adopted already.\n"

    @pytest.mark.parametrize(
        ("option", "value", "codes"),
        [("--approver", "A", ["charter.second_person"]), ("--reason", " ", ["effective.backdated"] * 32)],
    )
    def test_what_a_rule_refuses_is_a_no_with_every_reason(self, shell, option, value, codes):
        shell("migrate")
        words = list(APPLY)
        words[words.index(option) + 1] = value
        answer = shell(*words)
        assert (answer.status, answer.said) == (1, "")
        assert [line.split(":")[0] for line in answer.complained.splitlines()] == codes
        assert shell.json("status")["head"] == 0

    def test_an_unsound_one_cannot_be_applied_and_the_file_is_named(self, ready, tmp_path):
        file = tmp_path / "bad.toml"
        file.write_text("version = 1", "utf-8")
        answer = ready("charter", "apply", file, "--effective", "2030-01-01")
        assert answer.status == 2
        assert answer.complained.startswith(f"{file}:")

    def test_diff_shows_what_would_change(self, ready, tmp_path):
        assert ready("charter", "diff", "procuratorate").said == "Nothing would change.\n"
        file = tmp_path / "stricter.toml"
        file.write_text(shipped("procuratorate").replace("yellow = 0.80 }", "yellow = 0.85 }", 1), "utf-8")
        (change,) = ready.json("charter", "diff", file)["changes"]
        assert (change["old"], change["new"]) == ("0.80", "0.85")
        assert change["key"] in ready("charter", "diff", file).said

    def test_without_a_charter_there_is_nothing_to_compare_with(self, shell):
        shell("migrate")
        assert shell("charter", "diff", "hospital").status == 2


UNITS = "单位编号,单位类别,中文名称,上级单位,生效日期\nDCP,institution,院,,2024-01-01\n"
TWO = ("--approver", "B", "--reason", "opening")


class TestImport:
    def test_a_file_is_imported_once(self, ready, tmp_path):
        file = tmp_path / "units.csv"
        file.write_text(UNITS, "utf-8")
        would = ready.json("import", file, "--dry-run", *TWO)
        assert would == {"rows": 1, "changed": 1, "unchanged": 0, "events": 1, "position": 35, "dry_run": True}
        assert ready.json("status")["head"] == 34
        assert ready.json("import", file, *TWO) == would | {"dry_run": False}
        again = ready.json("import", file, *TWO)
        assert (again["changed"], again["unchanged"], again["events"]) == (0, 1, 0)
        assert ready("import", file, *TWO).said == f"{file}: 1 rows; 0 were new (0 events), 1 known.\n"

    def test_who_did_it_and_why_is_recorded(self, ready, tmp_path):
        file = tmp_path / "units.csv"
        file.write_text(UNITS, "utf-8")
        ready("import", file, "--actor", "clerk", *TWO)
        log = open_log(ready.database)
        envelope = read_envelope(next(log.entries(34)).bytes)
        log.close()
        assert (envelope.actor, envelope.approver, envelope.reason) == ("clerk", "B", "opening")

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ("G1,castle,堡,DCP,2024-01-01\n", "units B3, kind: "),
            ("G1,department,一部,NOWHERE,2024-01-01\n", "units D3, parent: "),
            ("G1,department,一部,DCP,someday\n", 'units E3, 生效日期 (effective): found "someday"; allowed: a date'),
        ],
    )
    def test_what_is_wrong_is_a_no_with_its_cell_and_nothing_is_imported(self, ready, tmp_path, rows, told):
        file = tmp_path / "units.csv"
        file.write_text(UNITS + rows, "utf-8")
        answer = ready("import", file, *TWO)
        assert answer.status == 1
        assert answer.said == f"{file}: 1 error(s); nothing was imported.\n"
        assert answer.complained.startswith(told)
        (error,) = ready("import", file, *TWO, "--json").json["errors"]
        assert error.keys() == {"sheet", "address", "column", "code", "found", "allowed"}
        assert error["address"] in told
        assert ready.json("status")["head"] == 34

    def test_what_is_no_table_or_no_file_cannot_be_done(self, ready, tmp_path):
        (tmp_path / "units.xlsx").write_bytes(b"PK\x03\x04 broken")
        (tmp_path / "letters.csv").write_text(UNITS, "utf-8")
        for name in ("units.xlsx", "letters.csv", "nowhere.csv"):
            answer = ready("import", tmp_path / name)
            assert (answer.status, answer.said) == (2, "")
            assert answer.complained.count("\n") == 1
        assert ready("import", tmp_path / "letters.csv", "--kind", "units", *TWO).status == 0

    def test_a_blank_template_can_be_filled_in_and_read(self, shell, tmp_path):
        file = tmp_path / "blank.xlsx"
        assert shell.json("import", file, "--template", "--kind", "units") == {"template": str(file)}
        assert load(file, kind="units") == ([], [])


class TestToken:
    def test_issued_listed_and_revoked(self, ready):
        issued = ready.json("token", "issue", "--user", "clerk", "--role", "recorder")
        assert issued["token"].startswith("rsn_")
        (row,) = ready.json("token", "list")
        assert row["revoked_at"] is None
        assert (row["id"], row["user"], row["role"]) == (issued["id"], "clerk", "recorder")
        assert issued["token"] not in ready("token", "list").said
        assert ready.json("token", "revoke", issued["id"]) == {"revoked": issued["id"]}
        assert ready("token", "revoke", issued["id"]).status == 1
        assert ready.json("token", "list")[0]["revoked_at"]

    def test_for_people_the_token_alone_is_printed(self, ready):
        said = ready("token", "issue", "--user", "clerk", "--role", "recorder").said
        assert said.startswith("rsn_")
        assert said.count("\n") == 1

    def test_it_may_bear_a_person_who_is_registered(self, ready):
        asked = ("token", "issue", "--user", "clerk", "--role", "recorder", "--person")
        for person in ("P007", "Zhang San"):
            assert ready(*asked, person).status == 2
        assert ready.json("token", "list") == []

    def test_it_bears_nobody_who_was_erased(self, demo):
        asked = ("token", "issue", "--user", "clerk", "--role", "recorder", "--person")
        assert demo(*asked, erasure.ON_LOAN).status == 2
        assert demo.json("token", "list") == []

    @pytest.mark.parametrize(("user", "role"), [("Zhang San", "recorder"), ("clerk", "king")])
    def test_what_cannot_be_issued(self, ready, user, role):
        assert ready("token", "issue", "--user", user, "--role", role).status == 2
        assert ready.json("token", "list") == []


class TestDemo:
    def test_it_loads_and_stops_and_again_changes_nothing(self, shell):
        loaded = shell.json("demo", "--load-only")
        assert loaded == {"events": shell.head, "logins": {}}
        first = shell.json("status")
        assert {each["state"] for each in first["projections"].values()} == {"live"}
        again = shell("demo", "--load-only").said
        what = "The demonstration of the procuratorate is loaded"
        assert again == f"{what}: {shell.head} events, from {FIRST_DAY} to {LAST_DAY}.\n"
        assert shell.json("status") == first
        assert shell.json("token", "list") == []
        shell.json("token", "issue", "--user", "her", "--role", "recorder", "--person", "P035")
        assert [row["person"] for row in shell.json("token", "list")] == ["P035"]

    def test_the_log_of_others_is_left_alone(self, ready, tmp_path):
        shutil.rmtree(ready.folder)
        ready("migrate")
        ready("charter", "apply", "hospital", *OPENING)
        before = ready.json("status")["head"]
        answer = ready("demo", "--load-only")
        assert answer.status == 2
        assert "This log holds something else" in answer.complained
        assert ready.json("status")["head"] == before

    @pytest.mark.parametrize("command", ["demo", "serve"])
    def test_where_nobody_can_listen_is_said_before_anything_is_done(self, shell, command):
        answer = shell(command, "--bind", "nonsense")
        assert answer == (2, "", "RESONANCE_BIND: 'nonsense' is no HOST:PORT\n")
        assert not shell.folder.exists()

    def test_it_serves_with_the_projector_beside_it_and_both_end_together(self, demo):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            bind = f"127.0.0.1:{free.getsockname()[1]}"
        command = [sys.executable, "-m", "api.cli", "demo", "--bind", bind, "--json"]
        serving = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            assert serving.stderr is not None
            assert any("Listening at" in line for line in serving.stderr)
            assert serving.stdout is not None
            said = "".join(takewhile(lambda line: line != "}\n", serving.stdout)) + "}"
            logins = json.loads(said)["logins"]
            assert logins.keys() == {"recorder", "leader", "assessor", "supervisor", "auditor", "admin"}
            ask = Request(f"http://{bind}/v1/units", headers={"Authorization": f"Bearer {logins['supervisor']}"})
            with urlopen(ask, timeout=30) as answer:
                assert answer.headers["Resonance-Position"] == str(demo.head)
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.communicate(timeout=30)
        assert serving.returncode == 0
        with Lease(demo.database, "projector"):
            pass  # nobody holds it any more
