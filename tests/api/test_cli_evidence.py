"""Evidence on the command line: keys, the ledger, receipts that are verified, and what an audit says of tampering."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from api.cli.evidence import keep
from api.settings import Settings
from api.wiring import bootstrap
from projections.models import MODELS
from projections.projector import Projector
from tests.api.shell import APPLY, OPENING, Shell
from workflow.ids import PersonId
from workflow.ledger import cosigning
from workflow.ledger.notes import COSIGNATURE, SignerKey, VerifierKey
from workflow.log import open_log
from workflow.organisation.people import RegisterPerson


class TestKeygen:
    def test_a_key_is_made_once_and_shown_ever_after(self, ready: Shell):
        assert ready("keygen", "--show-public").status == 2
        made = ready.json("keygen")
        assert ready.json("keygen") == ready.json("keygen", "--show-public") == made
        assert VerifierKey.parse(made["verifier"]).name.startswith("urn:uuid:")

    def test_another_key_signs_after_a_rotation(self, ready: Shell):
        first = ready.json("keygen")["verifier"]
        told = ready.json("keygen", "--rotate")
        assert told["older"] == [first]
        assert told["verifier"] != first


class TestLedger:
    def test_without_a_key_it_says_how_to_make_one(self, ready: Shell):
        assert ready("ledger", "--once") == (2, "", "There is no key to sign with yet; `resonance keygen` makes one.\n")

    def test_it_covers_what_is_in_the_log(self, ready: Shell):
        ready.json("keygen")
        assert ready.json("status")["ledger"] == {
            "size": 0,
            "signed_at": None,
            "witnessed": 0,
            "uncovered": ready.head,
        }
        assert ready.json("ledger", "--once") == {"size": ready.head, "witnessed": 0, "refused": {}}
        told = ready.json("status")["ledger"]
        assert (told["size"], told["uncovered"]) == (ready.head, 0)
        assert f"ledger: {ready.head} signed, 0 witnessed, 0 uncovered" in ready("status").said

    def test_a_log_that_is_shorter_than_the_ledger_is_not_signed(self, ready: Shell):
        ready.json("keygen")
        ready.json("ledger", "--once")
        falsify(ready, "DELETE FROM event WHERE position > 30")
        answer = ready("ledger", "--once")
        assert answer.status == 2
        assert "is not the one that was signed" in answer.complained


def falsify(shell: Shell, statement: str) -> None:
    with sqlite3.connect(shell.folder / "log.sqlite") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement).rowcount > 0
    connection.close()


@pytest.fixture
def signed(ready: Shell) -> Shell:
    ready.json("keygen")
    ready.json("project", "--once")
    ready.json("ledger", "--once")
    return ready


class TestReceipt:
    def test_it_is_verified_without_the_installation(self, signed: Shell, tmp_path: Path):
        out = tmp_path / "three.tlog-proof"
        told = signed.json("receipt", 3, "--out", out)
        assert told == {"receipt": str(out), "event": str(tmp_path / "three.json")}
        key = signed.json("keygen")["verifier"]
        signed.monkeypatch.setenv("RESONANCE_VAR", str(tmp_path / "elsewhere"))
        answer = signed.json("verify", out, told["event"], "--key", key)
        assert (answer["ok"], answer["first"], answer["last"], answer["size"]) == (True, 3, 3, 34)
        (tmp_path / "three.json").write_text("{}")
        answer = signed("verify", out, told["event"], "--key", key)
        assert (answer.status, answer.said) == (1, "NO: the proof leads to another root.\n")

    def test_by_its_own_keys(self, signed: Shell, tmp_path: Path):
        told = signed.json("receipt", 34, "--out", tmp_path / "last.tlog-proof")
        assert signed("verify", told["receipt"], told["event"]).said.startswith("yes: position 34 of 34, signed by urn")

    def test_there_is_none_of_what_is_not_there_or_not_covered(self, signed: Shell, tmp_path: Path):
        assert signed("receipt", 35).status == 1
        signed.json("clock", "--once")
        answer = signed("receipt", 35, "--out", tmp_path / "x")
        assert (answer.status, "covers position 35 yet" in answer.complained) == (1, True)
        assert not (tmp_path / "x").exists()


class TestExport:
    def test_a_bundle_is_verified_without_the_installation(self, signed: Shell, tmp_path: Path):
        out, key = tmp_path / "bundle.zip", signed.json("keygen")["verifier"]
        assert signed.json("export", "bundle", "--out", out) == {"out": str(out), "first": 1, "last": 34, "size": 34}
        signed.monkeypatch.setenv("RESONANCE_VAR", str(tmp_path / "elsewhere"))
        assert (
            signed("verify", out, "--key", key).said == f"yes: positions 1 to 34 of 34, signed by {key.split('+')[0]}\n"
        )
        out.write_bytes(b"no zip")
        assert signed("verify", out, "--key", key).status == 2

    def test_what_no_checkpoint_covers_is_not_bundled(self, signed: Shell, tmp_path: Path):
        answer = signed("export", "bundle", "--out", tmp_path / "x.zip", "--to", 35)
        assert (answer.status, "covers the positions from 1 to 34" in answer.complained) == (1, True)
        assert not (tmp_path / "x.zip").exists()

    def test_lines_are_the_stored_bytes(self, signed: Shell, tmp_path: Path):
        out = tmp_path / "log.jsonl"
        assert signed.json("export", "jsonl", "--out", out, "--from", 2, "--to", 5)["events"] == 4
        log = open_log(signed.database)
        assert out.read_bytes().splitlines() == [entry.bytes for entry in log.entries(1, 5)]
        log.close()


class TestAudit:
    def test_a_signed_log_is_whole(self, signed: Shell):
        assert signed.json("audit")["integrity"] == {"ok": True, "checked": 34, "first_bad": None, "detail": ""}

    def test_what_was_changed_is_named(self, signed: Shell):
        falsify(signed, "UPDATE event SET entry = CAST(replace(entry, 'first', 'fifth') AS BLOB) WHERE position = 2")
        answer = signed("audit", "--json")
        assert answer.status == 1
        assert (answer.json["integrity"]["ok"], answer.json["integrity"]["first_bad"]) == (False, 2)

    def test_a_checkpoint_that_was_kept_finds_what_was_signed_anew(self, signed: Shell, tmp_path: Path):
        kept = tmp_path / "kept.tlog-proof"
        signed.json("receipt", 1, "--out", kept)
        falsify(signed, "UPDATE event SET entry = CAST(replace(entry, 'first', 'fifth') AS BLOB) WHERE position = 2")
        forget_the_ledger(signed)
        refused = signed("ledger", "--once")
        assert (refused.status, refused.said) == (2, "")
        assert "the first 34 entries are not those that were signed" in refused.complained
        signed.falsify("keys.sqlite", "DELETE FROM signed_last")
        signed.json("ledger", "--once")
        assert signed("audit", "--json").json["integrity"]["ok"]
        answer = signed("audit", "--since", kept, "--json")
        assert not answer.json["integrity"]["ok"]
        assert signed("audit", "--since", __file__).status == 2


def forget_the_ledger(shell: Shell) -> None:
    with closing(sqlite3.connect(shell.folder / "ledger.sqlite")) as connection, connection:
        for table in ("tile", "checkpoint", "cosignature"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("UPDATE ledger_head SET size = 0")


def test_an_audit_asks_a_database_that_takes_no_writes(shell: Shell, fresh_postgres_url: str):
    """As a standby is: PostgreSQL refuses every write there."""
    shell.monkeypatch.setenv("RESONANCE_DATABASE_URL", fresh_postgres_url)
    for command in ("migrate", "keygen"):
        shell.json(command)
    shell.json(*APPLY)
    for command in ("clock", "project", "ledger"):
        shell.json(command, "--once")
    url = f"{fresh_postgres_url}&options=-c%20default_transaction_read_only%3Don"
    shell.monkeypatch.setenv("RESONANCE_DATABASE_URL", url)
    cannot = (2, "", "The database takes no writes, being a standby or read-only; do this where it does.\n")
    assert shell("keygen", "--rotate") == cannot
    # What goes into a file is noted before; so a bundle is made where that can be.
    assert shell("export", "bundle", "--out", shell.folder.parent / "bundle.zip") == cannot
    assert not (shell.folder.parent / "bundle.zip").exists()
    said = shell.json("audit")
    assert [(name, said[name]["ok"]) for name in said] == [
        ("integrity", True),
        ("faithfulness", True),
        ("reperformance", True),
    ]
    assert said["integrity"]["checked"] > 34


def test_an_audit_goes_on_beside_what_is_recorded_projected_and_signed(shell: Shell, database_url: str):
    shell.monkeypatch.setenv("RESONANCE_DATABASE_URL", database_url)
    for command in (["migrate"], ["keygen"], APPLY):
        shell.json(*command)
    checked: set[int] = set()
    deadline = time.monotonic() + 60
    with at_work():
        while len(checked) < 4:  # as long as it takes until three times there were more
            assert time.monotonic() < deadline, checked
            said = shell.json("audit")
            assert all(part["ok"] for part in said.values()), said
            checked.add(said["integrity"]["checked"])


def test_an_audit_asks_a_backup_made_while_work_goes_on_and_needs_no_key_store(shell: Shell, tmp_path: Path):
    for command in (["migrate"], ["keygen"], APPLY):
        shell.json(*command)
    verifier = shell.json("keygen")["verifier"]
    backup = tmp_path / "backup"
    backup.mkdir()
    with at_work():
        while shell.json("status")["ledger"]["size"] < 40:
            time.sleep(0.01)
        for part in ("ledger", "facts-1", "office", "log"):  # the log last, for none of the others may be ahead of it
            with closing(sqlite3.connect(shell.folder / f"{part}.sqlite")) as lying:
                lying.execute(f"VACUUM INTO '{backup}/{part}.sqlite'")
            time.sleep(0.1)
    shell.monkeypatch.setenv("RESONANCE_VAR", str(backup))
    said = shell.json("audit", "--key", verifier)
    assert all(part["ok"] for part in said.values()), said
    assert said["faithfulness"]["checked"] > 1
    with closing(sqlite3.connect(backup / "log.sqlite")) as log, log:
        log.execute("DROP TRIGGER event_no_update")
        log.execute("UPDATE event SET entry = CAST(replace(entry, 'recorder', 'another') AS BLOB) WHERE position = 36")
    assert shell("audit", "--key", verifier).said.startswith("integrity: NO")


@contextmanager
def at_work() -> Iterator[None]:
    """Meanwhile somebody records one event after the other, and all processes do their work."""
    stop = threading.Event()
    running = [threading.Thread(target=each, args=(stop,)) for each in (recording, projecting, signing)]
    for each in running:
        each.start()
    try:
        yield
    finally:
        stop.set()
        for each in running:
            each.join()


def recording(stop: threading.Event) -> None:
    with bootstrap(Settings.read()) as wired:
        for number in range(10_000):
            if stop.wait(0.005):
                break
            person = PersonId(f"P{number:04}")
            register = RegisterPerson(
                person=person, personnel_class="prosecutor", name=f"N{number}", effective=wired.today()
            )
            wired.handle(register, wired.context("recorder"))


def projecting(stop: threading.Event) -> None:
    with bootstrap(Settings.read()) as wired:
        Projector(wired.settings.database, wired.log, MODELS).run(stop)


def signing(stop: threading.Event) -> None:
    with bootstrap(Settings.read()) as wired:
        wired.keeper().run(stop)


@pytest.fixture
def witness(shell: Shell, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A witness that runs elsewhere and watches this log: its address and its key."""
    yield from watched(shell, tmp_path / "witness")


def watched(shell: Shell, folder: Path) -> Iterator[tuple[str, str]]:
    shell.json("migrate")
    log = shell.json("keygen")["verifier"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    run = [sys.executable, "-m", "api.cli", "witness", "--name", "witness.example", "--log", log, "--bind", bind]
    environment = {"RESONANCE_VAR": str(folder), "PATH": ""}
    shown = subprocess.run([*run, "--show-public"], env=environment, capture_output=True, text=True, check=True)
    with subprocess.Popen(run, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://{bind}/livez")
            yield f"http://{bind}", shown.stdout.strip()
        finally:
            process.terminate()


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert time.monotonic() < deadline, f"{url} does not answer"
            time.sleep(0.05)


def test_a_witness_that_answers_nothing_keeps_the_ledger_from_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    """It would for as long as its answer is waited for: here, longer than this test has patience."""
    monkeypatch.setattr(cosigning, "PATIENCE", 120.0)
    silent = SignerKey("silent.example", COSIGNATURE, b"\x02" * 32).verifier
    for command in ("migrate", "keygen"):
        shell.json(command)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        monkeypatch.setenv("RESONANCE_WITNESSES", f"http://127.0.0.1:{server.getsockname()[1]} {silent}")
        with bootstrap(Settings.read()) as wired:
            running = threading.Thread(target=keep, args=(wired, wired.keeper(), stop))
            running.start()
            try:
                shell.json(*APPLY)
                with server.accept()[0]:  # it has been brought a checkpoint, and says nothing
                    shell.json("clock", "--once")
                    deadline = time.monotonic() + 30
                    while wired.ledger.size() < 35:
                        assert time.monotonic() < deadline
                        time.sleep(0.05)
            finally:
                stop.set()
                running.join(10)


class TestWitness:
    def test_without_a_name_or_a_log_it_says_what_it_needs(self, shell: Shell):
        assert "--name" in shell("witness").complained
        assert shell("witness", "--name", "w").status == 2
        assert "--log" in shell("witness").complained
        assert shell("witness", "--log", "nonsense").status == 2

    def test_the_log_is_cosigned_over_http_and_a_rewritten_one_is_not(self, witness, shell: Shell):
        url, key = witness
        shell.monkeypatch.setenv("RESONANCE_WITNESSES", f"{url} {key}")
        shell.json("charter", "apply", "procuratorate", *OPENING)
        assert shell.json("ledger", "--once") == {"size": 34, "witnessed": 34, "refused": {}}
        assert shell.json("status")["ledger"]["witnessed"] == 34
        falsify(shell, "UPDATE event SET entry = CAST(replace(entry, 'first', 'fifth') AS BLOB) WHERE position = 2")
        forget_the_ledger(shell)
        shell.falsify("keys.sqlite", "DELETE FROM signed_last")
        answer = shell("ledger", "--once", "--json")
        assert answer.status == 1
        assert "409: another root of 34 entries" in answer.json["refused"]["witness.example"]
        assert shell.json("status")["ledger"]["witnessed"] == 0
