"""The key store: details open for their person and event only, and for nobody once the key is destroyed."""

from __future__ import annotations

import base64
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.given import LONG_AGO
from tests.workflow.desk import NOW, Desk, by, desk_at, rows_of, take
from tests.workflow.log.tables import execute
from workflow.charter import shipped
from workflow.charter.adoption import AdoptCharter
from workflow.database import Database
from workflow.ids import PersonId
from workflow.keys import ERASED, RESTRICTED, KeyDestroyed, KeyStore, WrongSeal
from workflow.organisation.people import CorrectPersonDetails, RegisterPerson
from workflow.sealed import Sealed, Unsealed, personal

ZHANG = {"name": "张三", "phone": "13800000000"}


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    yield from desk_at(database_url)


@pytest.fixture
def keys(desk: Desk) -> KeyStore:
    return desk.keys


@pytest.fixture
def store(tmp_path: Path) -> Iterator[KeyStore]:
    """A key store in a file, for what has nothing to do with databases."""
    opened = KeyStore(Database.parse(f"sqlite:///{tmp_path}/log.sqlite").engine("keys"))
    opened.migrate()
    yield opened
    opened.close()


def test_details_open_as_they_were_sealed(keys):
    sealed = keys.seal("P1", "c-1.1", "person.registered", ZHANG)
    assert keys.open("P1", sealed) == ZHANG
    assert (sealed.event, sealed.topic) == ("c-1.1", "person.registered")


def test_several_open_at_once(keys):
    boxes = [(f"P{n}", keys.seal(f"P{n}", "c.1", "t", {"name": f"n{n}"})) for n in range(3)]
    keys.erase("P1")
    assert keys.open_many(boxes) == {"P0": {"name": "n0"}, "P2": {"name": "n2"}}


def test_the_same_details_never_look_the_same(store):
    one, two = (store.seal("P1", "c.1", "t", ZHANG) for _ in range(2))
    assert one.box != two.box
    assert one.commitment != two.commitment


def test_neither_box_nor_commitment_tells_anything(store):
    sealed = store.seal("P1", "c.1", "t", ZHANG)
    written = msgspec.json.encode(sealed) + base64.b64decode(sealed.box)
    assert b"138" not in base64.b64decode(sealed.box)
    assert "张".encode() not in written


def test_what_was_sealed_once_can_be_opened_for_ever(store):
    """A box as a log may hold it, made with key, salt and nonce of bytes 0, 1, 2 …"""
    box = (
        "AAECAwQFBgcICQoL6Kat3Di/s4UHbR5ZyxP4QysuYXYIT02l1c1tlf/DHWhrNN9qI6jUkj7Ly0/zEEJx3Ait3H8v+lsq"
        "F9bOPSTz+TMvaAJtZr4lYe3Jnje34A=="
    )
    commitment = "553210c331dba0e35e750929a1cc618711c78eaff7fa9b052d7640508887779e"
    with store._engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO person_key VALUES ('P1', ?, '2025-01-01')", (bytes(range(32)),))
    sealed = Sealed("c-1.1", "person.registered", box, commitment)
    assert store.open("P1", sealed) == {"name": "张三", "phone": "138"}


def tampered(box: str, place: int) -> str:
    raw = bytearray(base64.b64decode(box))
    raw[place] ^= 1
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize(
    "change",
    [
        lambda s: replace(s, event="c.2"),
        lambda s: replace(s, topic="other"),
        lambda s: replace(s, box=tampered(s.box, 0)),
        lambda s: replace(s, box=tampered(s.box, 12)),
        lambda s: replace(s, box=tampered(s.box, -1)),
        lambda s: replace(s, box=s.box[:-4]),
        lambda s: replace(s, box=s.box[:-1]),
        lambda s: replace(s, box=s.box[:8]),
        lambda s: replace(s, box=""),
        lambda s: replace(s, box="张"),
        lambda s: replace(s, box=f"{s.box[:20]}!{s.box[20:]}"),
        lambda s: replace(s, commitment="0" * 64),
    ],
)
def test_what_was_tampered_with_does_not_open(store, change):
    sealed = store.seal("P1", "c.1", "t", ZHANG)
    with pytest.raises(WrongSeal) as caught:
        store.open("P1", change(sealed))
    assert "P1" in str(caught.value)


def test_the_key_of_another_person_does_not_open_it(store):
    sealed = store.seal("P1", "c.1", "t", ZHANG)
    store.seal("P2", "c.2", "t", ZHANG)
    with pytest.raises(WrongSeal):
        store.open("P2", sealed)


def test_an_erased_person_opens_to_nothing_for_ever_and_gets_no_other_key(keys):
    sealed = keys.seal("P1", "c.1", "t", ZHANG)
    assert keys.erase("P1")
    assert keys.open("P1", sealed) is None
    assert not keys.erase("P1")
    with pytest.raises(KeyDestroyed):
        keys.seal("P1", "c.2", "t", {"name": "new"})
    assert keys.held() == {"P1": ERASED}
    assert keys.leftovers(["P1"]) == set()


def test_of_who_is_restricted_nothing_opens_until_that_is_lifted(keys):
    sealed = keys.seal("P1", "c.1", "t", ZHANG)
    keys.remember({"P1": "张三"})
    keys.restrict("P1")
    later = keys.seal("P1", "c.2", "t", {"name": "张四"})  # sealing is not opening
    assert keys.open_many([("P1", sealed)]) == {}
    keys.remember({"P1": "张三"})
    assert (keys.find("张"), keys.held(["P1", "P2"])) == ([], {"P1": RESTRICTED})
    keys.lift("P1", later)
    assert (keys.open("P1", sealed), keys.find("四"), keys.held()) == (ZHANG, ["P1"], {})
    keys.lift("P1", sealed)  # again changes nothing
    assert keys.find("三") == []


def test_who_was_erased_is_not_brought_back_by_restricting_and_lifting(keys):
    sealed = keys.seal("P1", "c.1", "t", ZHANG)
    keys.erase("P1")
    keys.restrict("P1")
    keys.lift("P1", sealed)
    assert (keys.open("P1", sealed), keys.held()) == (None, {"P1": ERASED})


def test_a_digest_for_somebody_goes_with_their_key(keys):
    keys.seal("P1", "c.1", "t", ZHANG)
    keys.seal("P2", "c.1", "t", ZHANG)
    both = keys.digest_for(["P1", "P2"], b"asked")
    assert both == keys.digest_for(["P2", "P1", "P1"], b"asked") != keys.digest_for(["P1"], b"asked")
    assert keys.digest_for([], b"asked") == keys.digest(b"asked")
    keys.erase("P1")
    assert keys.digest_for(["P1", "P2"], b"asked") is None


def test_of_an_erased_key_no_byte_is_left_in_the_file(store, tmp_path):
    store.seal("P1", "c.1", "t", ZHANG)
    store.seal("P2", "c.2", "t", ZHANG)
    store.remember({"P1": "Zhang Sansan, who was written with a longer name", "P2": "Li Si"})
    store.remember({"P1": "Zhang San"})
    with store._engine.connect() as connection:
        key = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT person, key FROM person_key")}
    store.erase("P1")
    left = left_in(tmp_path)
    assert key["P2"] in left
    assert b"Li Si" in left
    assert key["P1"] not in left
    assert b"Zhang San" not in left


def test_what_a_reader_kept_from_being_cleaned_is_cleaned_when_he_has_left(store, tmp_path):
    store.seal("P1", "c.1", "t", ZHANG)
    store.remember({"P1": "Zhang San"})
    stop = threading.Event()
    with closing(sqlite3.connect(tmp_path / "keys.sqlite")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM person_key").fetchall()
        assert store.erase("P1")
        assert not store.clean()
        assert b"Zhang San" in left_in(tmp_path)
        keeping = threading.Thread(target=store.keep_clean, args=(stop, 0.05))
        keeping.start()
    deadline = time.monotonic() + 30
    while b"Zhang San" in left_in(tmp_path):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    stop.set()
    keeping.join(10)


def left_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_two_who_make_the_key_of_a_person_at_once_get_the_same(desk):
    meeting = threading.Barrier(4)
    other = Desk(desk.url)

    def seal(number: int):
        meeting.wait(30)
        return (desk, other)[number % 2].keys.seal("P1", f"c.{number}", "t", {"name": str(number)})

    with ThreadPoolExecutor(4) as threads:
        boxes = list(threads.map(seal, range(4)))
    assert [desk.keys.open("P1", box) for box in boxes] == [{"name": str(n)} for n in range(4)]
    other.close()


def test_the_digest_secret_is_made_once_and_stays(desk):
    meeting = threading.Barrier(4)
    others = [Desk(desk.url) for _ in range(4)]

    def first_digest(other: Desk) -> bytes:
        meeting.wait(30)
        return other.keys.digest(b"asked")

    with ThreadPoolExecutor(4) as threads:
        digests = list(threads.map(first_digest, others))
    assert len({*digests, desk.keys.digest(b"asked")}) == 1
    assert desk.keys.digest(b"asked else") != digests[0]
    for other in others:
        other.close()


def test_another_installation_has_another_digest(store, tmp_path):
    elsewhere = KeyStore(Database.parse(f"sqlite:///{tmp_path}/elsewhere/log.sqlite").engine("keys"))
    elsewhere.migrate()
    assert store.digest(b"asked") != elsewhere.digest(b"asked")
    elsewhere.close()


class TestTheDirectory:
    def test_names_are_found_by_any_part_of_them(self, keys):
        for person, name in (("P1", "张三"), ("P2", "张三丰"), ("P3", "Li_Si 100%"), ("P4", "Li-Si")):
            keys.seal(person, "c.1", "t", {"name": name})
            keys.remember({person: name})
        assert keys.find("三") == ["P1", "P2"]
        assert keys.find("LI") == ["P3", "P4"]
        assert keys.find("_") == ["P3"]
        assert keys.find("0%") == ["P3"]
        assert keys.find("三", limit=1) == ["P1"]
        assert keys.find("王") == []

    def test_a_corrected_name_replaces_the_one_before(self, keys):
        keys.seal("P1", "c.1", "t", ZHANG)
        keys.remember({"P1": "张三"})
        keys.remember({"P1": "李四"})
        assert (keys.find("张"), keys.find("李")) == ([], ["P1"])

    def test_erasing_a_person_purges_the_name_and_it_does_not_come_back(self, keys):
        for person in ("P1", "P2"):
            keys.seal(person, "c.1", "t", ZHANG)
        keys.remember({"P1": "张三", "P2": "张四"})
        keys.erase("P1")
        keys.remember({"P1": "张三", "P2": "张五"})
        assert keys.find("张") == ["P2"]
        assert keys.find("五") == ["P2"]


class TestWhatTheWriterStores:
    def test_details_are_sealed_for_their_event_and_open_from_the_log(self, desk):
        desk.writer.handle(
            AdoptCharter(text=shipped("procuratorate"), effective=LONG_AGO), by("c-0", approver="another")
        )
        person = PersonId("P1")
        register = RegisterPerson(
            person=person, personnel_class="clerk", name=" 张三 ", phone="138", effective=NOW.date()
        )
        desk.writer.handle(register, by("c-1"))
        desk.writer.handle(CorrectPersonDetails(person=person, name="李四"), by("c-2"))
        first, second = desk.envelopes()[2:]
        assert desk.keys.open("P1", first.event.details) == {"name": "张三", "phone": "138"}
        assert desk.keys.open("P1", second.event.details) == {"name": "李四"}
        assert [(e.event.details.event, e.event.details.topic) for e in (first, second)] == [
            ("c-1.1", "person.registered"),
            ("c-2.1", "person.details_corrected"),
        ]

    def test_no_plain_detail_is_in_the_log_nor_in_its_digests(self, desk):
        desk.writer.handle(take("P1", name="Zhang San"), by("c-1"))
        desk.writer.handle_all([(take("P2", name="Zhang San"), by("c-2")), *rows_of("P3")])
        columns = [value for row in execute(desk.database, "SELECT * FROM event") for value in row]
        columns += [value for row in execute(desk.database, "SELECT * FROM event_tag") for value in row]
        assert b"desk.seat_taken" in b"".join(bytes(v) for v in columns if isinstance(v, (bytes, memoryview)))
        assert not [v for v in columns if b"Zhang" in (bytes(v) if isinstance(v, (bytes, memoryview)) else b"")]
        assert "Zhang" not in repr(columns)

    def test_what_nobody_sealed_cannot_be_encoded_nor_printed(self):
        unsealed = personal(name="Zhang San", phone="")
        assert repr(unsealed) == "Unsealed(name)"
        assert unsealed == Unsealed({"name": "Zhang San"})
        with pytest.raises(TypeError):
            msgspec.json.encode(unsealed)
