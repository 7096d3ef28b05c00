"""The keeper: what it signs is the tree of the log's entries, whoever else keeps it, and wherever it is killed."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest
from eventsourcing.dcb.api import DCBEvent

from tests.workflow.ledger.conftest import KEY
from tests.workflow.ledger.lives import cover, cover_until
from tests.workflow.ledger.tampering import change, change_ledger, replaced
from tests.workflow.ledger.test_tree import tree_hash
from workflow.database import Database
from workflow.ledger.growing import Growing
from workflow.ledger.keeper import Keeper, NotAsSigned
from workflow.ledger.notes import Checkpoint, verify_note
from workflow.ledger.store import LedgerMoved, LedgerStore
from workflow.ledger.tiles import WIDTH, nodes_of, width_of
from workflow.ledger.tree import leaf_hash, root
from workflow.log import LogRecorder

Append = Callable[[int], None]


@pytest.fixture
def append(log: LogRecorder) -> Append:
    """Append so many events."""

    def append(count: int) -> None:
        log.append([DCBEvent("written", b'"data":%d}' % number, ["a:1"]) for number in range(count)])

    return append


def assert_whole(store: LedgerStore, log: LogRecorder) -> None:
    """Every checkpoint is signed over the root of its entries, by the definition; every tile is as wide as it must be,
    and no wider."""
    leaves = [leaf_hash(entry.bytes) for entry in log.entries()]
    for signed in store.checkpoints():
        note, _ = verify_note(signed.note.encode(), [KEY.verifier])
        assert Checkpoint.parse(note.text) == Checkpoint(log.source, signed.size, tree_hash(leaves[: signed.size]))
        assert root(signed.size, nodes_of(store.tile)) == signed.root
    size = store.size()
    for level in (0, 1, 2):
        for number in range((size >> 8 * level) // WIDTH + 2):
            assert len(store.tile(level, number)) == 32 * width_of(level, number, size)


@pytest.mark.parametrize("steps", [[1], [255, 1, 1], [256], [3, 600, 5], [257, 255, 256]])
def test_what_is_signed_is_the_tree_of_the_entries(keeper, store, log, append, steps: list[int]):
    for count in steps:
        append(count)
        signed = keeper.step()
        assert signed is not None
        assert signed.size == log.head().position
        assert keeper.step() is None
    assert len(list(store.checkpoints())) == len(steps)
    assert_whole(store, log)


def test_what_waits_is_covered_by_parts(keeper, store, log, append):
    append(700)
    while keeper.step(most=300):
        pass
    assert [signed.size for signed in store.checkpoints()] == [300, 600, 700]
    assert_whole(store, log)


@pytest.mark.parametrize("whole", [65_536 + 256 + 3])
def test_three_levels_of_tiles_grow_as_one(whole: int):
    entries = [b"%d" % number for number in range(whole)]
    at_once, by_parts = Growing(0, {}), Growing(0, {})
    at_once.add(entries)
    for start in range(0, whole, 7_000):
        by_parts.add(entries[start : start + 7_000])
    assert at_once.root() == by_parts.root() == tree_hash([leaf_hash(entry) for entry in entries])
    assert (at_once.filled, at_once.edge) == (by_parts.filled, by_parts.edge)
    assert {level for level, _ in at_once.filled | at_once.edge} == {0, 1, 2}


def test_a_log_that_ends_before_the_ledger_is_not_signed(keeper, store, append):
    append(3)
    keeper.step()
    longer = Growing(3, store.edge(3))
    longer.add([b"one that the log has not"])
    signed = store.latest()
    assert signed is not None
    store.grow(3, longer.edge, signed._replace(size=4, root=longer.root()), str(KEY.verifier))
    with pytest.raises(NotAsSigned):
        keeper.step()


def put_back(database: Database, size: int) -> None:
    """The ledger as it was at an earlier checkpoint, by somebody who cannot sign."""
    change_ledger(database, f"DELETE FROM checkpoint WHERE size > {size}", f"UPDATE ledger_head SET size = {size}")


def test_a_ledger_that_was_put_back_comes_to_what_was_signed_before(database: Database, keeper, store, log, append):
    for count in (3, 300, 4):
        append(count)
        keeper.step()
    before = store.latest()
    put_back(database, 3)
    append(5)
    again = keeper.step()
    assert again._replace(signed_at=before.signed_at) == before
    assert keeper.step().size == 312
    assert_whole(store, log)


def test_over_a_log_that_was_changed_meanwhile_it_signs_no_other_root(database: Database, keeper, store, append):
    for count in (3, 300):
        append(count)
        keeper.step()
    put_back(database, 3)
    change(database, replaced(200, '"data":196', '"data":999'))
    with pytest.raises(NotAsSigned):
        keeper.step()
    assert store.size() == 3
    change(database, "DELETE FROM event_tag WHERE position > 3", "DELETE FROM event WHERE position > 3")
    with pytest.raises(NotAsSigned):
        keeper.step()


def test_a_head_that_was_put_back_alone_is_not_gone_on_from(database: Database, keeper, append):
    for count in (3, 300):
        append(count)
        keeper.step()
    change_ledger(database, "UPDATE ledger_head SET size = 3")
    with pytest.raises(NotAsSigned):
        keeper.step()


@pytest.mark.parametrize("harm", ["UPDATE tile SET hashes = substr(hashes, 1, 32) WHERE level = 0", "DELETE FROM tile"])
def test_a_tree_whose_tiles_were_damaged_does_not_grow(database: Database, keeper, store, append, harm: str):
    append(300)
    keeper.step()
    change_ledger(database, harm)
    append(1)
    with pytest.raises(NotAsSigned):
        keeper.step()
    assert store.size() == 300


def test_a_key_that_is_made_meanwhile_signs_the_next(keeper, signing, store, append):
    append(3)
    keeper.step()
    append(3)
    new = signing.make(KEY.verifier.name).verifier
    verify_note(keeper.step().note.encode(), [new])
    assert [key for key, _ in store.verifiers()] == [str(KEY.verifier), str(new)]


def test_covering_all_goes_on_when_another_one_was_first(keeper, store, log, append, monkeypatch):
    real, others = store.grow, iter([1])

    def late(*given: Any) -> None:
        real(*given)
        if next(others, None) is not None:
            raise LedgerMoved

    monkeypatch.setattr(store, "grow", late)
    append(700)
    keeper.once()
    assert_whole(store, log)


def test_who_read_before_another_wrote_writes_nothing(keeper, store, log, append):
    append(3)
    stale = Growing(0, {})
    stale.add(entry.bytes for entry in log.entries(upto=2))
    keeper.step()
    signed = store.latest()
    assert signed is not None
    with pytest.raises(LedgerMoved):
        store.grow(0, stale.edge, signed._replace(size=2, root=stale.root()), str(KEY.verifier))
    assert [each.size for each in store.checkpoints()] == [3]
    assert_whole(store, log)


def test_several_who_keep_one_ledger_sign_each_size_once(database: Database, signing, store, log, append):
    append(1_500)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as others:
        signed = list(others.map(cover, [database] * 2, [7, 11]))
    assert sum(signed) == len(list(store.checkpoints()))
    assert store.size() == 1_500
    assert_whole(store, log)


def test_killed_at_any_step_it_signs_no_two_roots_of_a_size(database: Database, keeper, signing, store, log, append):
    append(255)
    keeper.step()
    context = multiprocessing.get_context("spawn")
    killed = 0
    for step in range(1, 100):
        append(2)
        before, signed = store.latest(), signing.last()
        assert before is not None
        child = context.Process(target=cover_until, args=(database, step))
        child.start()
        child.join(30)
        after = store.latest()
        assert after is not None
        # What was signed before somebody was killed comes first.
        assert after.size in (before.size, signed.size, log.head().position)
        assert after.size <= signing.last().size
        assert_whole(store, log)
        if child.exitcode == 0 and after.size == log.head().position:
            break
        assert child.exitcode in (0, -9)
        killed += child.exitcode == -9
    assert killed > 8
    keeper.once()
    assert store.size() == log.head().position
    assert_whole(store, log)


def test_while_it_runs_what_arrives_is_signed_beside_another_one(keeper, store, log, signing, append):
    stop = threading.Event()
    other = Keeper(store, log, signing)
    threads = [threading.Thread(target=each.run, args=(stop,)) for each in (keeper, other)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            append(3)
            eventually(lambda: store.size() == log.head().position)
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
    assert_whole(store, log)


def test_a_database_that_does_not_answer_for_a_while_is_asked_again(keeper, store, log, append, monkeypatch):
    stop, failures = threading.Event(), iter(range(2))
    real = store.grow

    def failing(*given: Any) -> None:
        if next(failures, None) is not None:
            raise sqlite3.OperationalError("the disk is away")
        real(*given)

    monkeypatch.setattr(store, "grow", failing)
    monkeypatch.setattr("workflow.ledger.keeper.PAUSE", 0.01)
    append(3)
    thread = threading.Thread(target=keeper.run, args=(stop,))
    thread.start()
    eventually(lambda: store.size() == 3)
    stop.set()
    thread.join(10)
    assert_whole(store, log)


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
