"""The command line: what each command does and answers, and its exit status: 0 yes, 1 no, 2 it could not be done."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.demo.procuratorate.demonstration import PROCURATORATE
from projections.facts import Facts, ReadModel
from projections.lease import Lease
from projections.models import MODELS
from tests.api.shell import APPLY, Shell
from workflow.entry import read_envelope
from workflow.log import open_log

NAMES = [model.name for model in MODELS]


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
        roster = [PROCURATORATE.folder / "roster.csv"] if command == "import" else []
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
        head = demo.head
        assert (status["head"], status["database"]) == (head, "sqlite")
        assert list(status["projections"]) == NAMES
        for model in MODELS:
            told = {"position": head, "lag_events": 0, "lag_seconds": 0.0, "state": "live", "version": model.version}
            assert status["projections"][model.name] == told
        lines = demo("status").said.splitlines()
        assert lines[:2] == [f"log: {head} events (sqlite)", f"charters: live at {head}, 0 behind"]

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
        assert head["position"] == demo.head
        assert {name: each["facts"] for name, each in head["projections"].items()}["people"] == 104
        assert head["parked"] == []
        same = demo.json("replay", "--as-of", f"position:{demo.head}")
        assert same == head
        first = demo.json("replay", "--as-of", "position:34")
        facts = {name: each["facts"] for name, each in first["projections"].items()}
        assert (facts["indicators"], facts["people"]) == (32, 0)
        assert first["projections"]["people"] != head["projections"]["people"]

    def test_an_instant_is_the_last_position_before_it(self, demo):
        asked = {"2024-01-01T08:59:59+08:00": 0, "2023-12-31T00:00:00Z": 0, "2024-01-01T09:00:00+08:00": 649}
        assert {at: demo.json("replay", "--as-of", at)["position"] for at in asked} == asked

    @pytest.mark.parametrize("at", ["2999-01-01T00:00:00Z", "position:999999"])
    def test_of_what_has_not_come_yet_nothing_is_known(self, demo, at):
        answer = demo("replay", "--as-of", at)
        assert (answer.status, answer.said) == (2, "")
        assert "has not come yet" in answer.complained

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
        told = demo.json("audit")
        assert told["faithfulness"] == {"ok": True, "checked": len(MODELS), "first_bad": None, "detail": ""}
        decisions = told["reperformance"]["checked"]
        assert told["reperformance"] == {"ok": True, "checked": decisions, "first_bad": None, "detail": ""}
        assert decisions > len(demo.recorded("reading.reported"))
        uncovered = f"{demo.head} of them are covered by no checkpoint yet"
        assert told["integrity"] == {"ok": True, "checked": demo.head, "first_bad": None, "detail": uncovered}
        yes = f"integrity: yes ({demo.head} checked); {uncovered}\n"
        yes += f"faithfulness: yes ({len(MODELS)} checked)\nreperformance: yes ({decisions} checked)\n"
        assert demo("audit").said == yes

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


class TestClock:
    def test_it_is_started_and_does_what_is_due_by_now(self, ready):
        told = ready.json("clock", "--once")
        assert told["events"] == 0
        (started,) = ready.recorded("clock.started")
        assert (started.actor, started.commandid) == ("clock", "clock.start")
        assert ready.json("clock", "--until", "2020-01-01T00:00:00Z")["events"] == 0

    def test_days_to_come_are_simulated_and_bear_their_times(self, demo):
        today = datetime.now(UTC)
        told = demo.json("clock", "--until", (today + timedelta(days=70)).isoformat(timespec="seconds"))
        missed = [each for each in demo.recorded("reading.missed") if each.effectivedate > today.date().isoformat()]
        assert told["events"] > len(missed) > 0
        assert all(each.time[:10] == each.effectivedate for each in missed)

    def test_in_production_nothing_is_simulated(self, ready):
        ready.monkeypatch.setenv("RESONANCE_ENV", "production")
        answer = ready("clock", "--until", "2999-01-01T00:00:00Z")
        assert answer.status == 2
        assert "no days are simulated" in answer.complained

    @pytest.mark.parametrize(("text", "sentence"), [("soon", "RFC 3339"), ("2025-01-01T00:00:00", "time zone")])
    def test_what_is_no_instant_is_a_sentence(self, ready, text, sentence):
        answer = ready("clock", "--until", text)
        assert answer.status == 2
        assert sentence in answer.complained
