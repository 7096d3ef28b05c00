"""Witnesses: what is cosigned, what is refused and with which answer, and a log that asks for it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.workflow.ledger.conftest import KEY, SEED, Thief
from tests.workflow.ledger.tampering import change, change_ledger, record, replaced
from tests.workflow.ledger.test_tree import ALL_ROOTS, nodes
from workflow.database import Database
from workflow.ledger.cosigning import Answer, Cosigning, KnownWitness, Post, checkpoint_of, cosigned_note
from workflow.ledger.keeper import Keeper
from workflow.ledger.notes import COSIGNATURE, ED25519, BadNote, Checkpoint, Note, Signature, SignerKey, verify_note
from workflow.ledger.store import LedgerStore
from workflow.ledger.strict import Malformed
from workflow.ledger.tree import BadProof, consistency_proof
from workflow.ledger.witness import Forked, NotSigned, Request, Stale, UnknownLog, Witness
from workflow.log import LogRecorder

ORIGIN = "log.example"
OWN = SignerKey("witness.example", COSIGNATURE, b"\x02" * 32)


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    engine = create_engine(f"sqlite:///{tmp_path}/witness.sqlite")
    yield Witness(engine, OWN, [KEY.verifier], now=lambda: 1_700_000_000.5)
    engine.dispose()


def checkpoint(size: int, root: bytes | None = None, key: SignerKey = KEY, origin: str = ORIGIN) -> bytes:
    text = Checkpoint(origin, size, root or ALL_ROOTS[size]).text()
    return Note(text, (key.sign(text),)).write().encode()


def asked(old: int, new: int) -> bytes:
    return Request(old, consistency_proof(old, new, nodes) if old else [], checkpoint(new)).write()


def test_what_follows_on_the_last_checkpoint_is_cosigned(witness: Witness):
    for old, new in ((0, 3), (3, 7), (7, 7), (7, 130)):
        line = witness.add(asked(old, new))
        note, verified = verify_note(checkpoint(new) + line.encode(), [KEY.verifier, OWN.verifier])
        assert [each.time for each in verified] == [0, 1_700_000_000]
        assert witness.seen(ORIGIN) == Checkpoint.parse(note.text)
    assert witness.note(ORIGIN) == checkpoint(130).decode()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (Request(5, [], checkpoint(6, origin="another.example")).write(), UnknownLog),
        (Request(5, [], checkpoint(6, key=SignerKey(ORIGIN, ED25519, b"\x09" * 32))).write(), NotSigned),
        (Request(7, [], checkpoint(6)).write(), Malformed),
        (Request(4, consistency_proof(4, 6, nodes), checkpoint(6)).write(), Stale),
        (Request(0, [], checkpoint(6)).write(), Stale),
        (Request(5, [], checkpoint(6)).write(), BadProof),
        (Request(5, consistency_proof(5, 7, nodes), checkpoint(6)).write(), BadProof),
        (Request(5, [], checkpoint(5, bytes(32))).write(), Forked),
        (b"old 05\n\n" + checkpoint(6), Malformed),
        (b"new 5\n\n" + checkpoint(6), Malformed),
        (b"old 5\nAAAA\n\n" + checkpoint(6), Malformed),
        (b"old 5\n" + checkpoint(6), Malformed),
        (b"old 5\n" + b"\n".join([b"A" * 43 + b"="] * 64) + b"\n\n" + checkpoint(6), Malformed),
        (b"", Malformed),
    ],
)
def test_anything_else_is_refused_and_nothing_is_remembered(witness: Witness, content: bytes, refusal: type[Exception]):
    witness.add(asked(0, 5))
    with pytest.raises(refusal):
        witness.add(content)
    assert witness.seen(ORIGIN) == Checkpoint(ORIGIN, 5, ALL_ROOTS[5])


def test_nothing_is_to_be_proved_of_the_first(witness: Witness):
    with pytest.raises(BadProof):
        witness.add(Request(0, [bytes(32)], checkpoint(5)).write())


def test_of_several_that_come_at_once_one_follows_on_each_size(witness: Witness):
    witness.add(asked(0, 5))
    told: list[object] = []
    meeting = threading.Barrier(8)

    def add(new: int) -> None:
        meeting.wait(10)
        try:
            told.append(witness.add(asked(5, new)))
        except Stale as error:
            told.append(error.size)

    threads = [threading.Thread(target=add, args=(6 + number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = witness.seen(ORIGIN)
    assert seen is not None
    assert len([each for each in told if isinstance(each, str)]) == 1
    assert {each for each in told if isinstance(each, int)} == {seen.size}


class Desk:
    """The witness behind HTTP as the log sees it, without a network between."""

    def __init__(self, witness: Witness) -> None:
        self.witness = witness
        self.answers: list[int] = []

    def post(self, url: str, body: bytes) -> Answer:
        assert url == "http://witness/add-checkpoint"
        try:
            answer = Answer(200, self.witness.add(body).encode())
        except Stale as stale:
            answer = Answer(409, f"{stale.size}\n".encode())
        except BadProof as error:
            answer = Answer(422, str(error).encode())
        self.answers.append(answer.status)
        return answer


@pytest.fixture
def desk(tmp_path: Path, log: LogRecorder) -> Iterator[Desk]:
    engine = create_engine(f"sqlite:///{tmp_path}/witness.sqlite")
    yield Desk(Witness(engine, OWN, [SignerKey(log.source, ED25519, b"\x01" * 32).verifier]))
    engine.dispose()


@pytest.fixture
def keeper(store: LedgerStore, log: LogRecorder) -> Keeper:
    """A keeper whose key bears the name of the log, as a witness knows it."""
    return Keeper(store, log, Thief(SignerKey(log.source, ED25519, SEED)))


@pytest.fixture
def cosigning(store: LedgerStore, desk: Desk) -> Cosigning:
    return Cosigning(store, [KnownWitness("http://witness", OWN.verifier)], desk.post)


def test_the_log_collects_what_its_witness_signs(store, log, keeper, cosigning, desk):
    assert cosigning.step() == {}
    for first in (0, 10, 20):
        record(log, first, 10)
        keeper.step()
        assert cosigning.step() == {}
        assert store.witnessed() == log.head().position
        assert cosigning.step() == {}
    assert desk.answers == [200, 200, 200]
    signed = store.latest()
    assert signed is not None
    _, verified = verify_note(cosigned_note(store, signed).encode(), [OWN.verifier])
    assert [each.key for each in verified] == [OWN.verifier]


def test_a_log_that_forgot_what_its_witness_saw_goes_on_from_there(store, log, keeper, cosigning, desk, database):
    record(log, 0, 10)
    keeper.step()
    cosigning.step()
    change_ledger(database, "DELETE FROM cosignature")
    record(log, 10, 10)
    keeper.step()
    assert cosigning.step() == {}
    assert desk.answers == [200, 409, 200]


def test_a_witness_refuses_a_log_that_was_rewritten_or_rolled_back(
    store, log, keeper, cosigning, desk, database: Database
):
    record(log, 0, 30)
    keeper.step()
    assert cosigning.step() == {}
    change(
        database,
        replaced(4, "甲", "丙"),
        "DELETE FROM event_tag WHERE position > 50",
        "DELETE FROM event WHERE position > 50",
    )
    for table in ("tile", "checkpoint", "cosignature"):
        change_ledger(database, f"DELETE FROM {table}")
    change_ledger(database, "UPDATE ledger_head SET size = 0")
    keeper.once()
    assert "it has seen 60 entries" in cosigning.step()["witness.example"]
    record(log, 100, 30)
    keeper.once()
    assert "422" in cosigning.step()["witness.example"]
    assert store.witnessed() == 0
    assert desk.answers == [200, 409, 409, 422]


def test_what_a_witness_answers_is_verified_before_it_is_kept(store, log, keeper):
    record(log, 0, 3)
    keeper.step()
    stranger = SignerKey("witness.example", COSIGNATURE, b"\x07" * 32)
    known = [KnownWitness("http://witness", OWN.verifier)]
    signed = store.latest()
    assert signed is not None
    line = stranger.cosign(checkpoint_text(signed.note), 5).line().encode()
    wrong = [Answer(200, body) for body in (b"", line, b"junk\n", b"\xff")]
    for answer in [*wrong, Answer(409, b"many\n"), Answer(409, b"0\n"), Answer(500, b"")]:
        assert list(Cosigning(store, known, answering(answer)).step()) == ["witness.example"]
    assert store.witnessed() == 0


def test_of_several_lines_that_a_witness_answers_its_own_is_kept(store, log, keeper):
    record(log, 0, 3)
    keeper.step()
    signed = store.latest()
    assert signed is not None
    own = OWN.cosign(checkpoint_text(signed.note), 5)
    other = Signature("another.example", own.key_id, own.blob)
    answer = Answer(200, (other.line() + own.line()).encode())
    Cosigning(store, [KnownWitness("http://witness", OWN.verifier)], answering(answer)).step()
    assert store.cosignatures(signed.size) == [own.line()]


def test_a_cosignature_of_a_time_that_cannot_be_is_none():
    text = checkpoint_text(checkpoint(5).decode())
    note = checkpoint(5).decode() + OWN.cosign(text, 1 << 63).line()
    with pytest.raises(BadNote, match="time"):
        verify_note(note.encode(), [OWN.verifier])


def test_a_proof_for_which_a_tile_is_missing_is_told(store, log, keeper, cosigning, database):
    record(log, 0, 3)
    keeper.step()
    cosigning.step()
    record(log, 3, 3)
    keeper.step()
    change_ledger(database, "DELETE FROM tile")
    assert list(cosigning.step()) == ["witness.example"]


def test_no_entries_have_the_root_of_nothing(witness: Witness):
    with pytest.raises(Malformed):
        witness.add(Request(0, [], checkpoint(0, bytes(32))).write())


def answering(answer: Answer) -> Post:
    return lambda url, body: answer


def checkpoint_text(note: str) -> str:
    return note.rpartition("\n\n")[0] + "\n"


@pytest.mark.parametrize("status", ["200 OK", "500 Mishap"])
def test_an_answer_that_breaks_off_is_no_answer(store, log, keeper, status: str):
    record(log, 0, 3)
    keeper.step()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            asked, _ = server.accept()
            with asked:
                asked.recv(65_536)
                asked.sendall(f"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n400\r\nbroken".encode())

        answering = threading.Thread(target=answer)
        answering.start()
        known = KnownWitness(f"http://127.0.0.1:{server.getsockname()[1]}", OWN.verifier)
        assert list(Cosigning(store, [known]).step()) == ["witness.example"]
        answering.join(10)


def test_a_witness_that_cannot_be_reached_stops_nobody(store, log, keeper):
    record(log, 0, 3)
    keeper.step()
    away = Cosigning(store, [KnownWitness("http://127.0.0.1:9", OWN.verifier)])
    assert list(away.step()) == ["witness.example"]


def test_a_checkpoint_that_was_kept_is_read_from_its_file_or_from_a_receipt():
    kept = Checkpoint(ORIGIN, 5, ALL_ROOTS[5])
    assert checkpoint_of(checkpoint(5), [KEY.verifier]) == kept
    receipt = b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + checkpoint(5)
    assert checkpoint_of(receipt, [KEY.verifier]) == kept
    with pytest.raises(BadNote):
        checkpoint_of(checkpoint(5), [OWN.verifier])


@pytest.mark.parametrize("text", ["http://w", f"ftp://w {OWN.verifier}", f"http://w {KEY.verifier}", ""])
def test_a_witness_is_named_by_its_address_and_its_key(text: str):
    with pytest.raises(Malformed):
        KnownWitness.parse(text)


def test_a_named_witness_is_read():
    assert KnownWitness.parse(f" https://w/x/ {OWN.verifier} ") == KnownWitness("https://w/x", OWN.verifier)
