"""Signed notes and checkpoints: the vectors of the specification, and nothing read that is not spelled as it says."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.exports import verify as alone
from workflow.ledger.notes import (
    COSIGNATURE,
    ED25519,
    BadNote,
    Checkpoint,
    Note,
    SignerKey,
    VerifierKey,
    parse_note,
    verify_note,
)
from workflow.ledger.strict import Malformed, decimal, to_base64, unbase64

KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SIGNATURE = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
MESSAGE = "This is an example message.\n"
NOTE = f"{MESSAGE}\n— example.com/foo {SIGNATURE}\n".encode()

LOG = SignerKey("log.example", ED25519, b"\x01" * 32)
WITNESS = SignerKey("witness.example", COSIGNATURE, b"\x02" * 32)
ROOT = Checkpoint("log.example", 7, bytes(range(32)))


def test_the_note_of_the_specification_is_verified():
    note, verified = verify_note(NOTE, [VerifierKey.parse(KEY)])
    assert note.text == MESSAGE
    assert [str(each.key) for each in verified] == [KEY]
    assert note.write().encode() == NOTE


@pytest.mark.parametrize(
    "key",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        KEY.replace("530d903a", "530D903A"),
        KEY.replace("example.com/foo", "exam ple"),
        KEY.replace("example.com/foo", ""),
        KEY[:-4],
        KEY + "\n",
        "",
    ],
)
def test_a_key_that_is_spelled_otherwise_is_refused(key: str):
    with pytest.raises(Malformed):
        VerifierKey.parse(key)


def test_a_checkpoint_is_signed_and_cosigned():
    text = ROOT.text()
    note = Note(text, (LOG.sign(text), WITNESS.cosign(text, 1_700_000_000)))
    read, verified = verify_note(note.write().encode(), [LOG.verifier, WITNESS.verifier])
    assert Checkpoint.parse(read.text) == ROOT
    assert [(each.key.name, each.time) for each in verified] == [
        ("log.example", 0),
        ("witness.example", 1_700_000_000),
    ]


def test_a_cosignature_does_not_count_for_another_time():
    text = ROOT.text()
    signed = WITNESS.cosign(text, 1_700_000_000)
    later = (1_700_000_001).to_bytes(8, "big") + signed.blob[8:]
    with pytest.raises(BadNote):
        WITNESS.verifier.verify(text, later)


P = 2**255 - 19
SMALL = [int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")]
"""The y of the points of order 8, but for its sign."""


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("y", [0, 1, P - 1, P, P + 1, *SMALL, *(P - each for each in SMALL)])
def test_a_key_under_which_one_signature_fits_many_texts_is_no_key(y: int, sign: int):
    """The points of small order, and spellings of a point that are not the one that RFC 8032 gives."""
    public = (y | sign << 255).to_bytes(32, "little")
    key = VerifierKey("log.example", ED25519, public)
    with pytest.raises(Malformed):
        VerifierKey.parse(str(key))
    with pytest.raises(alone.No):
        alone.Key(str(key))


def test_the_points_of_small_order_are_those():
    for y in SMALL:
        point = alone.point_of(y.to_bytes(32, "little"))
        assert point is not None
        assert alone.is_nothing(alone.times(8, point))
        assert not alone.is_nothing(alone.times(4, point))


def test_signatures_of_unknown_keys_are_ignored_but_somebody_known_must_have_signed():
    stranger = SignerKey("log.example", ED25519, b"\x03" * 32)
    text = ROOT.text()
    both = Note(text, (stranger.sign(text), LOG.sign(text))).write().encode()
    assert len(verify_note(both, [LOG.verifier])[1]) == 1
    with pytest.raises(BadNote, match="no known key"):
        verify_note(both, [WITNESS.verifier])


def test_a_known_key_that_did_not_sign_this_rejects_the_note_whoever_else_signed():
    text = ROOT.text()
    wrong = Note(text, (WITNESS.cosign(text, 5), LOG.sign("another\n"))).write().encode()
    with pytest.raises(BadNote, match="not that of its key"):
        verify_note(wrong, [LOG.verifier, WITNESS.verifier])


def test_sixteen_signatures_and_more_are_read_and_not_any_number():
    text = ROOT.text()
    crowd = tuple(SignerKey(f"w{n}", ED25519, bytes([n]) * 32).sign(text) for n in range(64))
    assert len(parse_note(Note(text, crowd).write().encode()).signatures) == 64
    with pytest.raises(BadNote, match="at most"):
        parse_note(Note(text, (*crowd, LOG.sign(text))).write().encode())


def test_the_text_ends_at_the_last_empty_line():
    text = "one\n\n— two AAAAAAA=\n\nthree\n"
    assert verify_note(Note(text, (LOG.sign(text),)).write().encode(), [LOG.verifier])[0].text == text


@given(st.integers(0, len(NOTE) - 1), st.integers(0, 255))
def test_a_note_with_any_byte_changed_is_refused(place: int, byte: int):
    changed = bytearray(NOTE)
    changed[place] = byte
    if bytes(changed) != NOTE:
        with pytest.raises(BadNote):
            verify_note(bytes(changed), [VerifierKey.parse(KEY)])


@given(st.binary(max_size=300) | st.builds(lambda text: text.encode(), st.text(max_size=300)))
def test_whatever_is_read_as_a_note_is_written_the_same(content: bytes):
    for tried in (content, content + NOTE[len(MESSAGE) :]):
        with contextlib.suppress(BadNote):
            assert parse_note(tried).write().encode() == tried


@pytest.mark.parametrize(
    "content",
    [b"x" * 70_000, b"a\n\n", b"\n\n", b"a\n\nb\n", NOTE[:-1], b"\xff" + NOTE, NOTE + NOTE[-1:]],
)
def test_what_is_no_note_is_refused(content: bytes):
    with pytest.raises(BadNote):
        parse_note(content)


@pytest.mark.parametrize("text", ["", "1_000", " 1", "1 ", "+1", "-1", "01", "１", "1\n", "1" * 20, str(2**63)])
def test_a_number_is_spelled_in_one_way(text: str):
    with pytest.raises(Malformed):
        decimal(text)


@given(st.integers(0, 2**63 - 1))
def test_every_number_is_read_as_it_is_written(number: int):
    assert decimal(str(number)) == number


@pytest.mark.parametrize("text", ["YR==", "YQ=", "YQ", " YQ==", "YQ==\n", "Y Q==", "YQ==YQ==", "_w==", "é"])
def test_base64_is_spelled_in_one_way(text: str):
    with pytest.raises(Malformed):
        unbase64(text)


@given(st.binary(max_size=100))
def test_every_content_is_read_as_it_is_written(content: bytes):
    assert unbase64(to_base64(content)) == content
    assert unbase64(to_base64(content), len(content)) == content
    with pytest.raises(Malformed):
        unbase64(to_base64(content), len(content) + 1)


@pytest.mark.parametrize("size", ["07", "-1", "7 ", "x", ""])
def test_a_checkpoint_with_another_spelling_of_its_size_is_refused(size: str):
    with pytest.raises(Malformed):
        Checkpoint.parse(f"log.example\n{size}\n{to_base64(ROOT.root)}\n")


@pytest.mark.parametrize(
    "text",
    ["", "log\n7\n", "log\n7\nAAAA\n", f"\n7\n{to_base64(bytes(32))}\n", ROOT.text() + "\n"],
)
def test_what_is_no_checkpoint_is_refused(text: str):
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


def test_extensions_of_a_checkpoint_are_allowed():
    assert Checkpoint.parse(ROOT.text() + "extension\n") == ROOT
