"""The command line: what each command does and answers, and its exit status: 0 yes, 1 no, 2 it could not be done."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import structlog
from click.testing import CliRunner

from api.cli import group
from api.demo.generator import FOLDER
from api.demo.loading import LAST_DAY
from api.imports import load
from projections.facts import Facts, ReadModel
from projections.lease import Lease
from projections.models import MODELS
from workflow.charter import shipped
from workflow.database import Database
from workflow.entry import read_envelope
from workflow.log import open_log

EVENTS = 2298
NAMES = [model.name for model in MODELS]


class Answer(NamedTuple):
    status: int
    said: str
    complained: str

    @property
    def json(self) -> Any:
        return json.loads(self.said)


class Shell:
    """Runs commands in one installation."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        for name in [name for name in os.environ if name.startswith("RESONANCE_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("RESONANCE_VAR", str(folder))
        self.folder, self.monkeypatch = folder, monkeypatch
        self.database = Database.parse(f"sqlite:///{folder}/log.sqlite")

    def __call__(self, *arguments: object) -> Answer:
        result = CliRunner().invoke(group, [str(each) for each in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    def json(self, *arguments: object) -> Any:
        """What a command answers that succeeds."""
        answer = self(*arguments, "--json")
        assert answer.status == 0, answer
        return answer.json

    def falsify(self, file: str, statement: str) -> None:
        with sqlite3.connect(self.folder / file) as connection:
            assert connection.execute(statement).rowcount == 1
        connection.close()


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """What a command says of itself goes to its own standard error, which is closed when it ends."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """An installation that is not there yet."""
    return Shell(monkeypatch, tmp_path / "var")


@pytest.fixture
def ready(shell: Shell) -> Shell:
    """A migrated one, with a charter."""
    assert shell("migrate").status == 0
    assert shell(*APPLY).status == 0
    return shell


@pytest.fixture
def demo(demonstration_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The demonstration organisation, with facts."""
    return Shell(monkeypatch, demonstration_copy)


OPENING = ["--effective", "2024-01-01", "--actor", "A", "--approver", "B", "--reason", "first"]
APPLY = ["charter", "apply", "procuratorate", *OPENING]


class TestEverywhere:
    def test_all_commands_are_there_and_explain_themselves(self, shell):
        listed = shell("--help").said
        for command in ("migrate", "demo", "serve", "project", "import", "charter", "token", "replay", "rebuild"):
            assert f"  {command}" in listed
            assert shell(command, "--help").said.startswith("Usage: ")
        assert shell("nonsense").status == 2

    def test_wrong_settings_are_all_named(self, shell):
        for name, value in (("DATABASE_URL", "mysql://x"), ("ENV", "live"), ("BINDD", "x")):
            shell.monkeypatch.setenv(f"RESONANCE_{name}", value)
        for command in ("status", "migrate", "serve", "demo"):
            answer = shell(command)
            assert (answer.status, answer.said) == (2, "")
            assert [line.split(":")[0] for line in answer.complained.splitlines()] == [
                "RESONANCE_BINDD",
                "RESONANCE_DATABASE_URL",
                "RESONANCE_ENV",
            ]

    @pytest.mark.parametrize(
        "command",
        ["status", "project --once", "audit", "replay", "rebuild", "charter diff hospital", "token list", "import"],
    )
    def test_before_migrate_it_says_so(self, shell, command):
        roster = [FOLDER / "roster.csv"] if command == "import" else []
        answer = shell(*command.split(), *roster)
        assert answer == (2, "", "The databases are not ready; run `resonance migrate` first.\n")

    def test_a_database_that_is_none_is_a_sentence(self, shell):
        shell.folder.mkdir()
        (shell.folder / "log.sqlite").write_bytes(b"not a database" * 100)
        answer = shell("status")
        assert answer.status == 2
        assert "file is not a database" in answer.complained


class TestMigrate:
    def test_again_changes_nothing(self, shell):
        assert shell.json("migrate") == {"migrated": True, "head": 0}
        assert shell("migrate").said == "The databases are ready; the log holds 0 events.\n"

    def test_on_postgresql_too(self, shell, fresh_postgres_url):
        shell.monkeypatch.setenv("RESONANCE_DATABASE_URL", fresh_postgres_url)
        assert shell("status").complained == "The databases are not ready; run `resonance migrate` first.\n"
        assert shell.json("migrate") == {"migrated": True, "head": 0}
        assert shell(*APPLY).status == 0
        assert shell.json("project", "--once")["head"] == 34
        status = shell.json("status")
        assert (status["database"], status["head"]) == ("postgresql", 34)
        assert all(each["ok"] for each in shell.json("audit").values())


class TestStatus:
    def test_it_tells_how_far_everything_is(self, demo):
        status = demo.json("status")
        assert (status["head"], status["database"]) == (EVENTS, "sqlite")
        assert list(status["projections"]) == NAMES
        for each in status["projections"].values():
            assert each == {"position": EVENTS, "lag_events": 0, "lag_seconds": 0.0, "state": "live", "version": 1}
        lines = demo("status").said.splitlines()
        assert lines[:2] == [f"log: {EVENTS} events (sqlite)", f"charters: live at {EVENTS}, 0 behind"]

    def test_what_is_behind_is_behind_until_it_is_projected(self, ready):
        told = ready.json("status")["projections"]["charters"]
        assert (told["state"], told["lag_events"], told["position"]) == ("rebuilding", 34, 0)
        assert told["lag_seconds"] > 0
        assert ready.json("project", "--once") == {"head": 34}
        assert ready.json("status")["projections"]["charters"]["state"] == "live"

    def test_a_parked_read_model_is_a_no(self, demo):
        sql = "UPDATE checkpoint SET state = 'parked', error = 'x', event_position = 9 WHERE model = 'people'"
        demo.falsify("facts-1.sqlite", sql)
        answer = demo("status", "--json")
        assert (answer.status, answer.json["projections"]["people"]["state"]) == (1, "parked")


class TestProject:
    def test_two_do_not_work_at_once(self, ready):
        with Lease(ready.database, "projector"):
            answer = ready("project", "--once")
        assert answer == (2, "", "Not now: another process holds the projector lease.\n")

    def test_a_program_older_than_the_facts_stops(self, demo):
        newer = json.dumps(dict.fromkeys(NAMES, 99))
        demo.falsify("office.sqlite", f"UPDATE generation SET models = '{newer}'")
        answer = demo("project", "--once")
        assert answer.status == 2
        assert "this program is older than the facts" in answer.complained

    def test_it_follows_the_log_until_it_is_told_to_stop(self, ready):
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "project", "--json"], stdout=subprocess.PIPE, text=True
        )
        try:
            log = open_log(ready.database)
            while not (ready.folder / "facts-1.sqlite").exists():
                assert process.poll() is None
                log.wait(after=10_000, timeout=0.05)
            log.close()
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=30)
        finally:
            process.kill()
        assert process.returncode == 0
        assert json.loads(said) == {"head": 34}


class TestReplay:
    def test_it_gives_the_facts_and_their_digests_at_the_head_and_at_any_position(self, demo):
        head = demo.json("replay")
        assert head["position"] == EVENTS
        assert {name: each["facts"] for name, each in head["projections"].items()}["people"] == 103
        assert head["parked"] == []
        same = demo.json("replay", "--as-of", f"position:{EVENTS}")
        assert same == head
        first = demo.json("replay", "--as-of", "position:34")
        facts = {name: each["facts"] for name, each in first["projections"].items()}
        assert (facts["indicators"], facts["people"]) == (32, 0)
        assert first["projections"]["people"] != head["projections"]["people"]

    def test_an_instant_is_the_last_position_before_it(self, demo):
        asked = {
            "2024-01-01T08:59:59+08:00": 0,
            "2023-12-31T00:00:00Z": 0,
            "2030-01-01T00:00:00Z": EVENTS,
            "position:999999": EVENTS,
        }
        assert {at: demo.json("replay", "--as-of", at)["position"] for at in asked} == asked

    @pytest.mark.parametrize("at", ["yesterday", "2025-06-30", "2025-06-30T00:00:00", "position:", "position:-1"])
    def test_what_is_no_instant_is_not_guessed(self, demo, at):
        answer = demo("replay", "--as-of", at)
        assert (answer.status, answer.said) == (2, "")
        assert at in answer.complained

    def test_it_is_a_no_if_a_read_model_cannot_take_an_event(self, demo):
        def choke(facts: Facts, fact: Any, at: Any) -> None:
            raise ValueError("choked")

        people = MODELS[NAMES.index("people")]
        choking: ReadModel = replace(people, handlers=dict.fromkeys(people.handlers, choke))
        demo.monkeypatch.setattr("api.cli.history.MODELS", [choking])
        answer = demo("replay", "--json")
        assert (answer.status, answer.json["parked"]) == (1, ["people"])
        assert "choked" in answer.complained


class TestRebuild:
    def test_it_builds_anew_compares_and_goes_over(self, demo):
        done = demo.json("rebuild")
        assert done == {"generation": 2, "same": dict.fromkeys(NAMES, True), "parked": []}
        assert demo.json("rebuild", "people")["generation"] == 3
        assert all(each["state"] == "live" for each in demo.json("status")["projections"].values())

    def test_facts_that_were_not_what_they_should_be_are_a_no_and_are_mended(self, demo):
        demo.falsify("facts-1.sqlite", "UPDATE unit SET name_zh = 'x' WHERE unit = 'G1'")
        answer = demo("rebuild")
        assert answer.status == 1
        assert "responsibility: DIFFERS from before" in answer.said
        assert demo.json("rebuild")["same"]["responsibility"]

    def test_a_read_model_that_is_none(self, demo):
        answer = demo("rebuild", "nonsense")
        assert answer.status == 2
        assert "people" in answer.complained

    def test_two_do_not_work_at_once(self, demo):
        with Lease(demo.database, "rebuild"):
            assert demo("rebuild").status == 2


class TestAudit:
    def test_what_is_true_is_a_yes(self, demo):
        assert demo.json("audit") == {
            "faithfulness": {"ok": True, "checked": len(MODELS), "first_bad": None, "detail": ""},
            "reperformance": {"ok": True, "checked": 1237, "first_bad": None, "detail": ""},
        }
        assert demo("audit").said == f"faithfulness: yes ({len(MODELS)} checked)\nreperformance: yes (1237 checked)\n"

    def test_a_changed_fact_is_a_no_with_the_first_position(self, demo):
        demo.falsify("facts-1.sqlite", "UPDATE reading SET colour = 'green' WHERE reading = 'I07.G3.2025-03'")
        answer = demo("audit", "--json")
        assert answer.status == 1
        where = position_of(demo, "I07.G3.2025-03")
        told = answer.json["faithfulness"]
        assert (told["ok"], told["first_bad"]) == (False, where)
        assert "indicators" in told["detail"]
        assert answer.json["reperformance"]["ok"]

    def test_a_copy_of_the_log_with_a_falsified_decision_is_caught(self, demo):
        where = position_of(demo, "I07.G3.2025-03")
        sql = 'UPDATE event SET entry = CAST(replace(entry, \'"colour":"red"\', \'"colour":"green"\') AS BLOB)'
        with sqlite3.connect(demo.folder / "log.sqlite") as connection:
            connection.execute("DROP TRIGGER event_no_UPDATE")
            connection.execute(f"{sql} WHERE position = {where}")
        connection.close()
        answer = demo("audit")
        assert answer.status == 1
        sentence = "I07.G3.2025-03: the colour is recorded as green, and had to be red"
        assert f"reperformance: NO (first at position {where}): {sentence}" in answer.said
        assert f"faithfulness: NO (first at position {where})" in answer.said


def position_of(demo: Shell, reading: str) -> int:
    log = open_log(demo.database)
    reports = (entry for entry in log.entries() if entry.topic == "reading.reported")
    found = next(e.position for e in reports if read_envelope(e.bytes).event.as_dict()["reading"] == reading)
    log.close()
    return found


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
        for command in (["check"], ["diff"], ["apply", "--effective", "2025-01-01"]):
            answer = ready("charter", command[0], "nowhere.toml", *command[1:])
            assert answer.status == 2
            assert "There is no file nowhere.toml" in answer.complained

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

    @pytest.mark.parametrize(("user", "role"), [("Zhang San", "recorder"), ("clerk", "king")])
    def test_what_cannot_be_issued(self, ready, user, role):
        assert ready("token", "issue", "--user", user, "--role", role).status == 2
        assert ready.json("token", "list") == []


class TestDemo:
    def test_it_loads_and_stops_and_again_changes_nothing(self, shell):
        assert shell.json("demo", "--load-only") == {"events": EVENTS, "logins": {}}
        first = shell.json("status")
        assert {each["state"] for each in first["projections"].values()} == {"live"}
        again = shell("demo", "--load-only").said
        assert again == f"The demonstration organisation is loaded: {EVENTS} events, the last on {LAST_DAY}.\n"
        assert shell.json("status") == first
        assert shell.json("token", "list") == []

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
