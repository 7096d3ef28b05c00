"""The ledger over HTTP, and the receipts that it gives."""

from __future__ import annotations

import pytest

from tests.api.office import Office
from workflow.ledger.notes import Checkpoint, verify_note
from workflow.ledger.receipts import Receipt
from workflow.ledger.tiles import nodes_of
from workflow.ledger.tree import leaf_hash, root


@pytest.fixture
def signed(office: Office) -> Office:
    """A charter (positions 1 and 2) and a unit (3), signed; and a unit (4) that is not yet."""
    office.adopt_charter()
    office.establish("DCP", "institution")
    resonance = office.resonance
    resonance.signing.make(resonance.log.source)
    resonance.keeper().once()
    office.establish("G1", "department", "DCP")
    return office


def test_the_checkpoint_is_signed_by_the_log(signed):
    answer = signed.get("/checkpoint", role="auditor")
    assert answer.content_type == "text/plain; charset=utf-8"
    note, _ = verify_note(answer.data, signed.resonance.verifiers)
    assert Checkpoint.parse(note.text).origin == signed.resonance.log.source
    assert Checkpoint.parse(note.text).size == 3


def test_anybody_with_tiles_and_checkpoint_finds_the_same_root(signed):
    entries = signed.get("/tile/entries/000.p/3", role="auditor").data
    hashes = signed.get("/tile/0/000.p/3", role="auditor").data
    found = []
    while entries:
        length = int.from_bytes(entries[:2], "big")
        found.append(entries[2 : 2 + length])
        entries = entries[2 + length :]
    assert b"".join(map(leaf_hash, found)) == hashes
    assert found == [entry.bytes for entry in signed.resonance.log.entries(upto=3)]
    note, _ = verify_note(signed.get("/checkpoint", role="auditor").data, signed.resonance.verifiers)
    assert root(3, nodes_of(lambda level, number: hashes)) == Checkpoint.parse(note.text).root


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("0/000", "tile.none"),
        ("0/000.p/4", "tile.none"),
        ("0/001.p/1", "tile.none"),
        ("1/000.p/1", "tile.none"),
        ("0/0", "tile.path"),
        ("0/000.p/03", "tile.path"),
        ("x", "tile.path"),
        ("entries/000.p/4", "tile.none"),
    ],
)
def test_a_tile_that_is_not_there_is_not_found(signed, path, code):
    answer = signed.get(f"/tile/{path}", role="auditor")
    assert (answer.status_code, answer.json["code"]) == (404, code)


@pytest.mark.parametrize("path", ["/checkpoint", "/tile/0/000.p/3"])
def test_entries_and_their_hashes_are_for_auditors(signed, path):
    for role in ("admin", "recorder", "leader", "assessor", "supervisor"):
        assert signed.get(path, role=role).status_code == 403
    assert signed.client.get(path).status_code == 401


def test_a_receipt_proves_an_event_to_whoever_has_the_key(signed):
    answer = signed.get("/v1/events/2/receipt")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2.tlog-proof"'
    entry = signed.resonance.log.entry(2)
    assert entry is not None
    checkpoint, _ = Receipt.parse(answer.data).verify(
        entry.bytes, signed.resonance.verifiers, signed.resonance.log.source
    )
    assert checkpoint.size == 3


def test_what_is_not_covered_yet_has_no_receipt_until_it_is(signed):
    answer = signed.get("/v1/events/4/receipt")
    assert (answer.status_code, answer.json["code"]) == (503, "receipt.uncovered")
    assert answer.headers["Retry-After"] == "1"
    assert signed.get("/v1/events/5/receipt").json["code"] == "event.unknown"
    signed.resonance.keeper().once()
    assert signed.get("/v1/events/4/receipt").status_code == 200


def test_how_far_the_ledger_is_can_be_seen(signed):
    told = signed.get("/v1/ledger", role="admin").json
    assert (told["size"], told["witnessed"], told["uncovered"]) == (3, 0, 1)
    assert told["origin"] == signed.resonance.log.source
    assert told["keys"] == [str(key) for key in signed.resonance.verifiers]
    assert told["signed_at"].startswith("2025-06-16T01:00")


def test_before_the_first_checkpoint_there_is_none(office):
    office.adopt_charter()
    assert office.get("/checkpoint", role="auditor").json["code"] == "checkpoint.none"
    told = office.get("/v1/ledger").json
    assert (told["size"], told["signed_at"], told["uncovered"], told["keys"]) == (0, None, 2, [])


def test_after_a_rotation_old_checkpoints_stay_valid(signed):
    resonance = signed.resonance
    old = signed.get("/checkpoint", role="auditor").data
    resonance.signing.make(resonance.log.source)
    resonance.keeper().once()
    new = signed.get("/checkpoint", role="auditor").data
    assert [verify_note(each, resonance.verifiers)[1][0].key for each in (new, old)] == resonance.verifiers
