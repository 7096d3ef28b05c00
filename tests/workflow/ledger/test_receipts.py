"""Receipts: what a receipt proves, and that every byte of it counts."""

from __future__ import annotations

import contextlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.ledger.test_tree import tree_hash
from workflow.ledger.notes import COSIGNATURE, ED25519, BadNote, Checkpoint, Note, SignerKey
from workflow.ledger.receipts import Receipt
from workflow.ledger.strict import Malformed
from workflow.ledger.tree import BadProof, inclusion_proof, leaf_hash, root

ENTRIES = [f"entry {number}".encode() for number in range(11)]
LEAVES = [leaf_hash(each) for each in ENTRIES]
KEY = SignerKey("log.example", ED25519, b"\x01" * 32)
REFUSED = (Malformed, BadNote, BadProof)


def nodes(level: int, index: int) -> bytes:
    return tree_hash(LEAVES[index << level : (index + 1) << level])


def receipt(index: int, extra: bytes | None = None) -> Receipt:
    text = Checkpoint("log.example", 11, root(11, nodes)).text()
    proof = tuple(inclusion_proof(index, 11, nodes))
    return Receipt(index=index, proof=proof, checkpoint=Note(text, (KEY.sign(text),)).write(), extra=extra)


@pytest.mark.parametrize("extra", [None, b"", b"position 3"])
@pytest.mark.parametrize("index", range(11))
def test_a_receipt_proves_its_entry_and_no_other(index: int, extra: bytes | None):
    one = Receipt.parse(receipt(index, extra).write().encode())
    assert one == receipt(index, extra)
    signed, verified = one.verify(ENTRIES[index], [KEY.verifier], "log.example")
    assert signed.size == 11
    assert [each.key for each in verified] == [KEY.verifier]
    with pytest.raises(BadProof):
        one.verify(ENTRIES[index] + b" ", [KEY.verifier], "log.example")
    with pytest.raises(Malformed):
        one.verify(ENTRIES[index], [KEY.verifier], "another.example")


def test_a_witness_alone_and_the_key_of_another_log_vouch_for_nothing():
    text = Checkpoint("log.example", 11, root(11, nodes)).text()
    witness, other = (
        SignerKey("w.example", COSIGNATURE, b"\x02" * 32),
        SignerKey("other.example", ED25519, b"\x03" * 32),
    )
    for signature in (witness.cosign(text, 5), other.sign(text)):
        one = msgspec.structs.replace(receipt(5), checkpoint=Note(text, (signature,)).write())
        with pytest.raises(BadNote):
            one.verify(ENTRIES[5], [KEY.verifier, witness.verifier, other.verifier], "log.example")
    both = Note(text, (KEY.sign(text), witness.cosign(text, 5))).write()
    one = msgspec.structs.replace(receipt(5), checkpoint=both)
    _, verified = one.verify(ENTRIES[5], [KEY.verifier, witness.verifier], "log.example")
    assert [each.key.name for each in verified] == ["log.example", "w.example"]


WRITTEN = receipt(5).write().encode()


@settings(max_examples=400)
@given(st.integers(0, len(WRITTEN) - 1), st.integers(0, 255))
def test_a_receipt_with_any_byte_changed_is_refused(place: int, byte: int):
    changed = bytearray(WRITTEN)
    changed[place] = byte
    if bytes(changed) != WRITTEN:
        with pytest.raises(REFUSED):
            Receipt.parse(bytes(changed)).verify(ENTRIES[5], [KEY.verifier], "log.example")


@given(st.binary(max_size=300) | st.builds(lambda text: text.encode(), st.text(max_size=300)))
def test_whatever_is_read_as_a_receipt_is_written_the_same(content: bytes):
    for tried in (content, b"c2sp.org/tlog-proof@v1\n" + content, WRITTEN[:30] + content + WRITTEN[30:]):
        with contextlib.suppress(Malformed):
            assert Receipt.parse(tried).write().encode() == tried
