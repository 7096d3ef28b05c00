"""The tamper matrix: what somebody who owns the database may do to the log, and which detector finds it.

A row that is not found by `integrity` alone says by what it is found: a checkpoint that was kept elsewhere (`--since`,
or a witness's). docs/trust.md tells the same in plain words.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.workflow.ledger.conftest import KEY, SEED, Thief
from tests.workflow.ledger.tampering import change, change_ledger, record, replaced
from workflow.database import Database
from workflow.finding import Finding
from workflow.ledger.growing import Growing
from workflow.ledger.integrity import integrity
from workflow.ledger.keeper import Keeper
from workflow.ledger.notes import COSIGNATURE, Checkpoint, SignerKey, parse_note
from workflow.ledger.store import LedgerStore
from workflow.log import LogRecorder

COMMANDS, EVENTS = 200, 399
"""What is recorded before anybody tampers, with a checkpoint after every 25 commands."""


@pytest.fixture
def kept(log: LogRecorder, store: LedgerStore, keeper: Keeper) -> Checkpoint:
    """The last checkpoint of an untouched log, as somebody elsewhere keeps it."""
    for first in range(0, COMMANDS, 25):
        record(log, first, 25)
        keeper.step()
    signed = store.latest()
    assert signed is not None
    assert signed.size == log.head().position == EVENTS
    return Checkpoint.parse(parse_note(signed.note.encode()).text)


def looked_at(log: LogRecorder, store: LedgerStore, since: Iterable[Checkpoint] = ()) -> Finding:
    return integrity(log, store, [KEY.verifier], list(since))


SHIFT = (
    "UPDATE event SET position = -(position + {by}) WHERE position > {after}",
    "UPDATE event SET position = -position WHERE position < 0",
    "UPDATE event_tag SET position = -(position + {by}) WHERE position > {after}",
    "UPDATE event_tag SET position = -position WHERE position < 0",
)


def shift(after: int, by: int) -> list[str]:
    """Make room for so many entries after a position."""
    return [each.format(after=after, by=by) for each in SHIFT]


def delete(where: str) -> list[str]:
    return [f"DELETE FROM event_tag WHERE position {where}", f"DELETE FROM event WHERE position {where}"]


OTHER_TYPE = "(SELECT id FROM event_type WHERE name = 'unit.dissolved')"
SWAP = [
    f"UPDATE {table} SET position = {new} WHERE position = {old}"
    for table in ("event", "event_tag")
    for old, new in ((100, 0), (101, 100), (0, 101))
]
COPY = (
    "INSERT INTO event SELECT 101, type, recorded_at, NULL, command_digest, entry FROM event WHERE position = 100",
    "INSERT INTO event_tag SELECT tag, type, 101 FROM event_tag WHERE position = 100",
)

OF_THE_LOG = {
    "the type of an event": (["UPDATE event SET type = " + OTHER_TYPE + " WHERE position = 100"], 100),
    "the time of an event": (["UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 100"], 100),
    "the time of an event set back": (["UPDATE event SET recorded_at = 0 WHERE position = 99"], 99),
    "a time that is none": (["UPDATE event SET recorded_at = 9000000000000000000 WHERE position = 100"], 100),
    "the command id of an event": (["UPDATE event SET command_id = 'forged' WHERE position = 100"], 100),
    "the command id emptied": (["UPDATE event SET command_id = '' WHERE position = 100"], 100),
    "the command id taken away": (["UPDATE event SET command_id = NULL WHERE position = 100"], 100),
    "a command id given to another": (["UPDATE event SET command_id = 'forged' WHERE position = 102"], 102),
    "the words of an entry": ([replaced(100, "甲", "丙")], 100),
    "the first event": ([replaced(1, "甲", "丙")], 1),
    "the last event": ([replaced(EVENTS, "2025-01-02", "2025-01-03")], EVENTS),
    "the first deleted": (delete("= 1"), 1),
    "one in the middle deleted": (delete("= 100"), 100),
    "the last deleted": (delete(f"= {EVENTS}"), EVENTS),
    "all after a checkpoint but the last deleted": (delete("> 349"), 350),
    "one deleted and the gap closed": ([*delete("= 100"), *shift(100, -1)], 100),
    "two swapped": (SWAP, 100),
    "one put into a gap": ([*shift(100, 1), *COPY], 101),
    "an old one put at the end": ([each.replace("101", str(EVENTS + 1)) for each in COPY], EVENTS + 1),
    "a tag changed": (["UPDATE event_tag SET tag = 'unit:forged' WHERE position = 100"], 100),
    "a tag deleted": (["DELETE FROM event_tag WHERE position = 100"], 100),
    "a tag added": ([f"INSERT INTO event_tag VALUES ('unit:forged', {OTHER_TYPE}, 100)"], 100),
    "a tag moved to another event": (["UPDATE event_tag SET position = 1 WHERE position = 100"], 1),
    "a tag before the first event": ([f"INSERT INTO event_tag VALUES ('unit:forged', {OTHER_TYPE}, -1)"], 1),
    "a tag after the last event": ([f"INSERT INTO event_tag VALUES ('unit:forged', {OTHER_TYPE}, 900)"], 900),
    "a type without a name": ([f"UPDATE {t} SET type = 99 WHERE position = 100" for t in ("event", "event_tag")], 100),
    "a type renamed": (["UPDATE event_type SET name = 'unit.forged' WHERE name = 'unit.dissolved'"], 6),
}


def test_an_untouched_log_is_what_was_signed(log, store, keeper, kept):
    assert looked_at(log, store, [kept]) == Finding(True, EVENTS)
    record(log, COMMANDS, 5)
    assert looked_at(log, store, [kept]) == Finding(
        True, EVENTS + 10, detail="10 of them are covered by no checkpoint yet"
    )


def test_an_empty_log_has_nothing_wrong(log, store):
    assert looked_at(log, store) == Finding(True, 0)


@pytest.mark.parametrize("tampering", OF_THE_LOG)
def test_what_was_done_to_the_log_is_found_with_its_position(database, log, store, kept, tampering: str):
    statements, first_bad = OF_THE_LOG[tampering]
    change(database, *statements)
    found = looked_at(log, store)
    assert not found.ok
    assert found.first_bad == first_bad
    assert found.detail


def test_a_clock_that_was_forged_everywhere_in_the_log_is_found(database, log, store, kept):
    text = next(log.rows(99))[-1].decode()[9:36]
    forged = text[:-2] + ("0Z" if text[-2] != "0" else "1Z")
    moved = int(forged[-7:-1]) - int(text[-7:-1])
    change(
        database,
        replaced(100, text, forged),
        f"UPDATE event SET recorded_at = recorded_at + {moved} WHERE position = 100",
    )
    found = looked_at(log, store)
    assert (found.ok, found.first_bad) == (False, 100)


COSIGNED = SignerKey("log.example", COSIGNATURE, SEED).cosign("another text\n", 5).line()

OF_THE_LEDGER = {
    "the root of a checkpoint": ("UPDATE checkpoint SET root = hashes FROM tile WHERE level = 1 AND size = 150", 150),
    "the text of a checkpoint": ("UPDATE checkpoint SET note = replace(note, '150', '151') WHERE size = 150", 150),
    "the size of a checkpoint": ("UPDATE checkpoint SET size = 151 WHERE size = 150", 151),
    "a checkpoint that another key signed": (
        "UPDATE checkpoint SET note = replace(note, '— log', '— lag') WHERE size = 150",
        150,
    ),
    "a tile": ("UPDATE tile SET hashes = {changed} WHERE level = 0 AND number = 0", 1),
    "a tile cut short": ("UPDATE tile SET hashes = substr(hashes, 1, 32) WHERE level = 0 AND number = 1", 258),
    "a tile deleted": ("DELETE FROM tile WHERE level = 0 AND number = 1", 257),
    "the head put back": ("UPDATE ledger_head SET size = 150", 151),
    "a cosignature that is none": ("INSERT INTO cosignature VALUES (150, 'w.example', 'junk')", 150),
    "a cosignature of another": (f"INSERT INTO cosignature VALUES (150, 'w.example', '{COSIGNED}')", 150),
    "a cosignature under nothing": (f"INSERT INTO cosignature VALUES (151, 'log.example', '{COSIGNED}')", 151),
    "the last checkpoint deleted": ("DELETE FROM checkpoint WHERE size = 399", 399),
}


@pytest.mark.parametrize("tampering", OF_THE_LEDGER)
def test_what_was_done_to_the_ledger_is_found_with_its_position(database, log, store, kept, tampering: str):
    statement, first_bad = OF_THE_LEDGER[tampering]
    changed = "CAST(x'00' || substr(hashes, 2) AS BLOB)" if database.path else "set_byte(hashes, 0, 0)"
    change_ledger(database, statement.replace("{changed}", changed))
    found = looked_at(log, store)
    assert (found.ok, found.first_bad) == (False, first_bad), found


def test_a_log_that_was_rewritten_and_signed_anew_is_found_only_with_a_checkpoint_kept_elsewhere(
    database, log, store, keeper, kept
):
    rewritten(database, log, store)
    assert looked_at(log, store).ok
    found = looked_at(log, store, [kept])
    assert (found.ok, found.first_bad) == (False, 1)
    assert "399" in found.detail


def rewritten(database: Database, log: LogRecorder, store: LedgerStore) -> None:
    """The whole history anew, by somebody who has the key too."""
    change(database, replaced(100, "甲", "丙"))
    change_ledger(database, "DELETE FROM tile", "DELETE FROM checkpoint", "UPDATE ledger_head SET size = 0")
    Keeper(store, log, Thief(KEY)).once()


def test_a_log_that_was_rolled_back_with_its_ledger_is_found_by_what_was_signed_last_or_kept_elsewhere(
    database, log, store, signing, keeper, kept
):
    change(database, *delete("> 299"))
    change_ledger(database, "DELETE FROM tile", "DELETE FROM checkpoint", "UPDATE ledger_head SET size = 0")
    Keeper(store, log, Thief(KEY)).once()
    assert looked_at(log, store).ok
    for found in (
        looked_at(log, store, [kept]),
        integrity(log, store, [KEY.verifier], last=signing.last()),
    ):
        assert (found.ok, found.first_bad) == (False, 300)


def test_what_was_cut_off_before_any_checkpoint_covered_it_is_found_by_nobody(database, log, store, kept):
    record(log, COMMANDS, 3)
    change(database, *delete(f"> {EVENTS}"))
    assert looked_at(log, store, [kept]).ok


def test_the_digest_of_a_command_is_protected_by_nothing(database, log, store, kept):
    change(database, f"UPDATE event SET command_digest = {'x' if database.path else ''}'00' WHERE position = 100")
    assert looked_at(log, store).ok


def test_what_was_signed_under_another_text_is_no_cosignature(database, log, store, kept):
    witness = SignerKey("log.example", COSIGNATURE, SEED).verifier
    change_ledger(database, f"INSERT INTO cosignature VALUES (150, 'log.example', '{COSIGNED}')")
    assert looked_at(log, store).ok  # of a witness that nobody knows nothing can be said
    found = integrity(log, store, [KEY.verifier, witness])
    assert (found.ok, found.first_bad) == (False, 150)


def test_what_was_signed_and_not_yet_written_is_no_fault(log, store, signing, kept):
    record(log, COMMANDS, 300)
    size = log.head().position
    tree = Growing(0, {})
    tree.add(entry.bytes for entry in log.entries())
    signing.sign(Checkpoint(log.source, size, tree.root()))  # and then it was killed
    found = integrity(log, store, [KEY.verifier], last=signing.last())
    assert found == Finding(True, size, detail=f"{size - EVENTS} of them are covered by no checkpoint yet")
    assert integrity(log, store, [KEY.verifier], [signing.last()]).ok


def test_a_ledger_put_back_over_a_changed_log_is_found_by_what_the_key_signed_last(
    database, log, store, signing, keeper, kept
):
    change(database, replaced(299, "2025-01-02", "2025-01-03"))
    change_ledger(database, "DELETE FROM checkpoint WHERE size > 150", "UPDATE ledger_head SET size = 150")
    assert looked_at(log, store).ok
    found = integrity(log, store, [KEY.verifier], last=signing.last())
    assert (found.ok, found.first_bad) == (False, 151)


def test_a_checkpoint_of_another_log_is_no_proof(log, store, kept):
    found = looked_at(log, store, [Checkpoint("urn:uuid:another", 1, bytes(32))])
    assert not found.ok
    assert "another log" in found.detail
