"""Erasing somebody through HTTP: no trace of them is left, and everything that was proved before stays proved; and
restricting what is known of them, until that is lifted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from werkzeug.test import TestResponse

from api.exports.bundle import verify_bundle, write_bundle
from api.exports.lines import write_lines
from api.exports.ocel import Ocel, write_json, write_sqlite
from api.reading import snapshot
from api.settings import Settings
from api.wiring import Resonance, bootstrap
from projections.audit import faithfulness, reperformance, replayed
from projections.models import MODELS
from tests.api.office import Office
from tests.api.shell import Shell
from workflow.database import Database
from workflow.entry import read_envelope
from workflow.erasure.commands import LiftPersonRestriction, RestrictPerson
from workflow.ids import PersonId
from workflow.keys import KeyStore
from workflow.ledger.integrity import integrity
from workflow.ledger.receipts import Receipt
from workflow.organisation.people import RegisterPerson

NAMES = ("Zhang Sanfeng", "张三丰", "Zhang Erfeng")
PHONES = ("139-5555-0001", "139-5555-0002")
NUMBERS = ("S-77-0001",)
OUTSIDER = ("Zhao Qiushi", "139-7777-1234", "Willow Lane 88")
SECRETS = (*NAMES, *PHONES, *NUMBERS, *OUTSIDER)
ANSWERED = {"reason": "asked for it"}


@pytest.fixture
def known(office: Office) -> Office:
    """P1, whose details were corrected twice and who left; P2, who serves; a petitioner X1. The log is signed."""
    office.adopt_charter()
    office.establish("DCP", "institution")
    for person, name, phone in (("P1", NAMES[0], PHONES[0]), ("P2", "Li Siyuan", "139-6666-0001")):
        body = {"person": person, "personnel_class": "clerk", "name": name, "phone": phone, "number": NUMBERS[0]}
        office.done("/v1/people", body | {"number": NUMBERS[0] if person == "P1" else "S-2", "effective": "2025-06-10"})
    for name in NAMES[1:]:
        office.done("/v1/people/P1/details", {"name": name, "phone": PHONES[1], "number": NUMBERS[0]})
    office.done("/v1/people/P1/departure", {"effective": "2025-06-13"})
    name, phone, address = OUTSIDER
    body = {"petitioner": "X1", "name": name, "phone": phone, "address": address, "effective": "2025-06-16"}
    office.done("/v1/service/petitioners", body)
    office.resonance.signing.make(office.resonance.log.source)
    office.resonance.keeper().once()
    return office


def erase(office: Office, path: str = "/v1/people/P1", **given: Any) -> Any:
    return office.done(f"{path}/erase", ANSWERED, second="leader", **given)


def refusal(response: TestResponse) -> tuple[int, str]:
    body: Any = response.json
    return response.status_code, body["code"]


def registered(office: Office) -> int:
    """The position of the event by which P1 was registered."""
    return next(e.position for e in office.resonance.log.entries() if e.topic == "person.registered")


# ---- what is left ----


def traces(database: Database, folder: Path) -> list[tuple[str, str]]:
    """Where in an installation any of the secrets stand: in the bytes of its files, or in the rows of its tables."""
    content = {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    if database.path is None:
        content |= _tables(database)
    assert content
    return [
        (where, secret)
        for where, found in sorted(content.items())
        for secret in SECRETS
        if secret.encode() in found or secret.encode().hex().encode() in found
    ]


def _tables(database: Database) -> dict[str, bytes]:
    with psycopg.connect(database.url) as server:
        query = "SELECT schemaname, tablename FROM pg_tables WHERE starts_with(schemaname, %s)"
        tables = server.execute(query, [database.schema]).fetchall()
        assert len(tables) > 20
        return {
            f"{schema}.{table}": "\n".join(
                row[0]
                for row in server.execute(
                    sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table))
                ).fetchall()
            ).encode()
            for schema, table in tables
        }


def test_of_who_was_erased_no_trace_is_left(known: Office, tmp_path: Path):
    database = known.resonance.settings.database
    body = {"person": "P1", "personnel_class": "clerk", "name": NAMES[0], "effective": "2025-06-16"}
    assert refusal(known.post("/v1/people", body))[1] == "person.exists"  # and this is in the journal
    known.project()
    assert {secret for _, secret in traces(database, tmp_path)} >= {NAMES[-1], OUTSIDER[0]}  # for the search
    erase(known)
    erase(known, "/v1/service/petitioners/X1")
    known.project()
    out = tmp_path / "exported"
    out.mkdir()
    exported(known.resonance, out)
    trail = known.get("/v1/trail", limit=200)
    assert trail.status_code == 200
    (out / "trail.json").write_bytes(trail.data)
    (out / "attempts.json").write_bytes(known.get("/v1/attempts", role="admin").data)
    assert traces(database, tmp_path) == []


def exported(resonance: Resonance, out: Path) -> None:
    generation = resonance.generations.current()
    assert generation is not None
    head = resonance.log.head().position
    write_lines(out / "log.jsonl", resonance.log, 1, head)
    with snapshot(generation) as connection:
        write_json(out / "ocel.json", Ocel(resonance.log, connection, head))
        write_sqlite(out / "ocel.sqlite", Ocel(resonance.log, connection, head))


def test_a_name_does_not_come_back_by_looking_at_the_past(known: Office):
    past = f"position:{registered(known)}"
    before = known.seen("/v1/people/P1", as_of=past)["item"]
    assert (before["name"], before["erased"], before["erased_on"]) == (NAMES[0], False, None)
    tag = known.get("/v1/people/P1", as_of=past).headers["ETag"]
    erase(known)
    for query in ({}, {"as_of": past}):
        item = known.seen("/v1/people/P1", **query)["item"]
        assert [item[name] for name in ("name", "phone", "number")] == [None] * 3
        assert (item["erased"], item["erased_on"], item["restricted"]) == (True, "2025-06-16", False)
    kept = known.get("/v1/people/P1", as_of=past, headers={"If-None-Match": tag})
    assert kept.status_code == 200
    assert known.seen("/v1/people", name="feng")["items"] == []
    assert known.seen("/v1/people/P2")["item"]["name"] == "Li Siyuan"
    assert known.seen("/v1/people/P1", role="admin")["item"]["erased"]


def test_a_petitioner_is_erased_in_the_same_way(known: Office):
    assert known.seen("/v1/service/petitioners", name="qiushi")["items"]
    erase(known, "/v1/service/petitioners/X1")
    item = known.seen("/v1/service/petitioners/X1")["item"]
    assert (item["name"], item["erased"], item["erased_on"]) == (None, True, "2025-06-16")
    assert known.seen("/v1/service/petitioners", name="qiushi")["items"] == []
    again = known.post("/v1/service/petitioners/X1/details", {"name": "Somebody"})
    assert refusal(again) == (422, "petitioner.erased")


# ---- what stays proved ----


def test_receipts_bundles_and_the_audit_stay_as_they_were(known: Office, tmp_path: Path):
    resonance, position = known.resonance, registered(known)
    entry = resonance.log.entry(position)
    assert entry is not None
    receipt = known.get(f"/v1/events/{position}/receipt").data
    write_bundle(tmp_path / "bundle.zip", resonance.log, resonance.ledger)
    before = bundled = resonance.log.head().position
    digests = replayed_digests(resonance, before)
    erase(known)
    resonance.keeper().once()
    known.project()
    now = resonance.log.entry(position)
    assert now is not None
    assert now.bytes == entry.bytes
    assert read_envelope(now.bytes).event.as_dict()["details"].commitment
    signed, _ = Receipt.parse(receipt).verify(now.bytes, resonance.verifiers, resonance.log.source)
    assert signed.size == before
    assert verify_bundle(tmp_path / "bundle.zip", resonance.verifiers).range == (1, bundled, bundled)
    again = tmp_path / "again.zip"
    write_bundle(again, resonance.log, resonance.ledger)
    assert verify_bundle(again, resonance.verifiers).range[1] == resonance.log.head().position
    assert replayed_digests(resonance, before) == digests
    after = replayed_digests(resonance, resonance.log.head().position)
    assert {name for name in digests if after[name] != digests[name]} == {"erasure"}
    assert integrity(resonance.log, resonance.ledger, resonance.verifiers, []).ok
    assert faithfulness(resonance.settings.database, resonance.log, MODELS, lambda done: None).ok
    assert reperformance(resonance.log).ok


def replayed_digests(resonance: Resonance, position: int) -> dict[str, str]:
    with replayed(resonance.log, MODELS, lambda done: None) as fresh:
        return {model.name: fresh.digest(model, position) for model in MODELS}


# ---- what a process may miss ----


def stored(keys: KeyStore) -> dict[sa.Table, list[dict[str, Any]]]:
    """A backup of the key store."""
    with keys._engine.connect() as connection:
        tables = [
            sa.Table(name, sa.MetaData(), autoload_with=connection) for name in ("person_key", "directory", "hold")
        ]
        return {table: [dict(row._mapping) for row in connection.execute(sa.select(table))] for table in tables}


def restore(keys: KeyStore, backup: dict[sa.Table, list[dict[str, Any]]]) -> None:
    with keys._engine.begin() as connection:
        for table, rows in backup.items():
            connection.execute(sa.delete(table))
            if rows:
                connection.execute(sa.insert(table), rows)


@contextmanager
def dying() -> Iterator[None]:
    """A process that dies when an event is recorded, before the key store and the tokens learn of it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("api.wiring.settle", lambda log, keys: set())
        yield


def test_what_a_process_that_died_did_not_do_is_done_at_the_next_start(known: Office):
    keys = known.resonance.keys
    token = known.resonance.tokens.issue("C9", "auditor", "P1").token
    with dying():
        erase(known)
    assert keys.leftovers(["P1"]) == {"P1"}
    assert known.resonance.tokens.bearer(token) is not None
    started = Office(known.resonance, known.clock)
    known.resonance._settled = False
    assert started.seen("/v1/people/P1")["item"]["name"] is None
    assert keys.leftovers(["P1"]) == set()
    assert known.resonance.tokens.bearer(token) is None


def test_what_a_process_that_died_did_not_do_is_done_when_it_is_asked_for_again(known: Office):
    keys = known.resonance.keys
    for again in ({"key": "first"}, {"key": "second"}):
        backup = stored(keys)
        with dying():
            known.post("/v1/people/P1/erase", ANSWERED, second="leader", key="first")
        assert keys.leftovers(["P1"]) == {"P1"}
        answer = known.post("/v1/people/P1/erase", ANSWERED, second="leader", **again)
        assert answer.status_code == (200 if again["key"] == "first" else 422), answer.json
        assert keys.leftovers(["P1"]) == set()
        restore(keys, backup)


def test_a_restored_key_store_is_purged_again_at_the_next_start(known: Office):
    keys = known.resonance.keys
    backup = stored(keys)
    erase(known)
    erase(known, "/v1/service/petitioners/X1")
    restore(keys, backup)
    assert keys.find("feng") == ["P1"]
    known.resonance.settle()
    assert keys.leftovers(["P1", "P2", "petitioner:X1"]) == {"P2"}
    assert (keys.find("feng"), keys.held()) == ([], {"P1": "erased", "petitioner:X1": "erased"})


def test_a_restored_key_store_is_restricted_or_released_as_the_log_says(known: Office):
    keys = known.resonance.keys
    free = stored(keys)
    known.done("/v1/people/P2/restrict", ANSWERED)
    restricted = stored(keys)
    restore(keys, free)
    known.resonance.settle()
    assert (keys.held(), keys.find("siyuan")) == ({"P2": "restricted"}, [])
    known.done("/v1/people/P2/lift-restriction", ANSWERED, second="leader")
    restore(keys, restricted)
    known.resonance.settle()
    assert (keys.held(), keys.find("siyuan")) == ({}, ["P2"])


def test_a_token_of_somebody_erased_is_of_no_use_any_more(known: Office):
    """Nothing could be sealed for them, so nobody could recuse them: who they were shall not read on."""
    tokens = known.resonance.tokens
    left, stays, nobody = (tokens.issue("C9", "auditor", person) for person in ("P1", "P2", None))
    erase(known)
    late = tokens.issue("C9", "auditor", "P1")  # at the very moment
    assert [tokens.bearer(each.token) is None for each in (left, stays, nobody, late)] == [True, False, False, False]
    answer = known.client.get("/v1/me", headers={"Authorization": f"Bearer {left.token}"})
    assert refusal(answer) == (401, "access.token_unknown")
    known.resonance.settle()
    assert tokens.bearer(late.token) is None


def test_a_command_that_named_the_erased_cannot_be_compared_any_more(known: Office):
    body = {"person": "P9", "personnel_class": "clerk", "name": NAMES[0], "effective": "2025-06-10"}
    known.done("/v1/people", body, key="register")
    assert known.post("/v1/people", body, key="register").headers["Idempotency-Replayed"] == "true"
    known.done("/v1/people/P9/departure", {"effective": "2025-06-13"})
    erase(known, "/v1/people/P9")
    for name in (NAMES[0], "A guess"):
        answer = known.post("/v1/people", body | {"name": name}, key="register")
        assert refusal(answer) == (409, "command.erased")


# ---- restricting ----


def test_restricted_details_are_shown_to_nobody_and_not_found_until_that_is_lifted(known: Office):
    known.done("/v1/people/P2/details", {"name": "Li Siyuan", "phone": "139-6666-0002"})
    past = f"position:{known.resonance.log.head().position}"
    known.done("/v1/people/P2/restrict", ANSWERED)
    for query in ({}, {"as_of": past}):
        item = known.seen("/v1/people/P2", **query)["item"]
        assert (item["name"], item["phone"], item["number"], item["erased"]) == (None, None, None, False)
        assert (item["restricted"], item["restricted_since"]) == (True, "2025-06-16")
    assert known.seen("/v1/people", name="siyuan")["items"] == []
    refused = known.post("/v1/people/P2/details", {"name": "Li Other"})
    assert refusal(refused) == (422, "person.restricted")
    known.done("/v1/people/P2/class", {"personnel_class": "prosecutor", "effective": "2025-06-16"})  # goes on
    lifted = known.done("/v1/people/P2/lift-restriction", ANSWERED, second="leader")
    assert [each["type"] for each in lifted["events"]] == ["person.restriction_lifted"]
    item = known.seen("/v1/people/P2")["item"]
    assert (item["name"], item["phone"], item["restricted"]) == ("Li Siyuan", "139-6666-0002", False)
    assert [each["person"] for each in known.seen("/v1/people", name="siyuan")["items"]] == ["P2"]


def test_a_petitioner_is_restricted_in_the_same_way(known: Office):
    path = "/v1/service/petitioners/X1"
    known.done(f"{path}/restrict", ANSWERED)
    item = known.seen(path)["item"]
    assert (item["name"], item["address"], item["restricted"], item["erased"]) == (None, None, True, False)
    assert known.seen("/v1/service/petitioners", name="qiushi")["items"] == []
    known.done(f"{path}/lift-restriction", ANSWERED, second="leader")
    assert known.seen(path)["item"]["name"] == OUTSIDER[0]
    assert known.seen("/v1/service/petitioners", name="qiushi")["items"]


def test_who_is_restricted_may_be_erased(known: Office):
    known.done("/v1/people/P1/restrict", ANSWERED)
    known.clock.tick(days=1)
    erase(known)
    item = known.seen("/v1/people/P1")["item"]
    assert (item["erased"], item["erased_on"], item["restricted"]) == (True, "2025-06-17", False)


# ---- what is refused, and at once ----


@pytest.mark.parametrize("what", ["/v1/people/P2", "/v1/service/petitioners/X1"])
def test_bad_input_is_refused_and_records_nothing(known: Office, what: str):
    head = known.resonance.log.head().position
    for act in ("erase", "restrict", "lift-restriction"):
        assert refusal(known.post(f"{what}/{act}", {}, second="leader"))[1] == "erasure.reason"
        assert known.post(f"{what}/{act}", {"reason": "x", "name": "y"}, second="leader").status_code == 422
        assert known.post(f"{what}/{act}", ANSWERED, second="leader", role="assessor").status_code == 403
        unknown = known.post(f"{what[:-2]}NO/{act}", ANSWERED, second="leader")
        assert refusal(unknown)[0] == 404
    for act in ("erase", "lift-restriction"):
        assert refusal(known.post(f"{what}/{act}", ANSWERED))[1] == "erasure.second_person"
    unheld = refusal(known.post(f"{what}/lift-restriction", ANSWERED, second="leader"))
    assert unheld[1].endswith(".not_restricted")
    assert refusal(known.post("/v1/people/P2/erase", ANSWERED, second="leader"))[1] == "person.in_service"
    assert known.resonance.log.head().position == head
    assert known.resonance.keys.held() == {}


def at_once(office: Office, *asked: tuple[str, dict[str, Any], str]) -> list[int]:
    barrier, statuses = threading.Barrier(len(asked)), []

    def send(path: str, body: dict[str, Any], second: str) -> None:
        client = office.app.test_client()
        headers = office.bearer("recorder")
        if second:
            headers["Resonance-Second-Person"] = f"Bearer {office.tokens[second]}"
        barrier.wait()
        statuses.append(client.post(path, json=body, headers=headers).status_code)

    threads = [threading.Thread(target=send, args=each) for each in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_of_two_who_erase_somebody_at_once_one_does(known: Office):
    both = ("/v1/people/P1/erase", ANSWERED, "leader"), ("/v1/people/P1/erase", {"reason": "me too"}, "leader")
    assert at_once(known, *both) == [200, 422]
    assert [entry.topic for entry in known.resonance.log.entries()].count("person.erased") == 1


def test_who_is_erased_while_their_details_are_corrected_is_erased(known: Office):
    correct = ("/v1/people/P1/details", {"name": NAMES[0]}, "")
    statuses = at_once(known, ("/v1/people/P1/erase", ANSWERED, "leader"), correct, correct)
    assert statuses[0] == 200
    assert set(statuses) <= {200, 422}
    topics = [entry.topic for entry in known.resonance.log.entries()]
    assert "person.details_corrected" not in topics[topics.index("person.erased") :]
    assert known.resonance.keys.leftovers(["P1"]) == set()


# ---- on the command line ----


@pytest.mark.parametrize("process", [["project", "--once"], ["clock", "--once"], ["ledger", "--once"]])
def test_each_process_settles_the_key_store_when_it_starts(ready: Shell, process: list[str]):
    ready.json("keygen")
    settings = Settings.read({"RESONANCE_VAR": str(ready.folder)})
    with bootstrap(settings) as wired:
        today = wired.today()
        register = RegisterPerson(person=PersonId("P1"), personnel_class="clerk", name=NAMES[0], effective=today)
        wired.handle(register, wired.context("A"))
        wired.handle(RestrictPerson(person=PersonId("P1")), wired.context("A", reason="asked for it"))
        with dying():
            lift = LiftPersonRestriction(person=PersonId("P1"))
            wired.handle(lift, wired.context("A", approver="B", reason="settled"))
        assert wired.keys.held() == {"P1": "restricted"}
        ready.json(*process)
        assert (wired.keys.held(), wired.keys.find("Zhang")) == ({}, ["P1"])
