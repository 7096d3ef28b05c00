"""Audit bundles: what they prove, to our own verifier and to the one in the bundle, and that every byte counts."""

from __future__ import annotations

import base64
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.exports import verify as alone
from api.exports.bundle import Uncovered, verify_bundle, write_bundle
from tests.workflow.ledger.tampering import record
from workflow.database import Database
from workflow.ledger.keeper import Keeper
from workflow.ledger.notes import ED25519, BadNote, SignerKey
from workflow.ledger.signing import SigningKeys
from workflow.ledger.store import LedgerStore
from workflow.ledger.strict import Malformed
from workflow.ledger.tree import BadProof
from workflow.log import LogRecorder, open_log

EVENTS = 699


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[LogRecorder, LedgerStore, SignerKey]:
    """A log of 699 events, all of them signed: two tiles are full, the third is not."""
    database = Database.parse(f"sqlite:///{tmp_path_factory.mktemp('bundle')}/log.sqlite")
    log, store = open_log(database), LedgerStore(database.engine("ledger"))
    log.migrate()
    store.migrate()
    signing = SigningKeys(database.engine("keys"))
    signing.migrate()
    key = signing.make(log.source, seed=b"\x05" * 32)
    record(log, 0, 350)
    Keeper(store, log, signing).once()
    return log, store, key


def run(bundle: Path, key: object) -> subprocess.CompletedProcess[str]:
    """What the verifier in the bundle says: unpacked, alone, without site packages."""
    alone_there = bundle.with_suffix(".verify.py")
    with zipfile.ZipFile(bundle) as content:
        alone_there.write_bytes(content.read("verify.py"))
    command = [sys.executable, "-I", "-S", str(alone_there), str(bundle), "--key", str(key)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("first", "last"), [(1, None), (1, 1), (256, 257), (300, 310), (513, 699), (699, 699), (2, 600)]
)
def test_a_bundle_proves_its_entries(signed, tmp_path: Path, first: int, last: int | None):
    log, store, key = signed
    path = tmp_path / "bundle.zip"
    manifest = write_bundle(path, log, store, first, last)
    assert verify_bundle(path, [key.verifier]).manifest == manifest
    answer = run(path, key.verifier)
    assert answer.returncode == 0, answer
    assert answer.stdout.startswith(f"yes\nlog {log.source}\nentries {first} to {last or EVENTS} are what was signed")
    with zipfile.ZipFile(path) as bundle:
        lines = bundle.read("entries.jsonl").splitlines()
    assert lines == [entry.bytes for entry in log.entries(first - 1, last or EVENTS)]


def test_of_one_range_there_is_one_bundle(signed, tmp_path: Path):
    log, store, _ = signed
    one, two = tmp_path / "1.zip", tmp_path / "2.zip"
    write_bundle(one, log, store)
    write_bundle(two, log, store)
    assert one.read_bytes() == two.read_bytes()


def test_another_key_believes_nothing(signed, tmp_path: Path):
    log, store, _ = signed
    path, other = tmp_path / "bundle.zip", SignerKey(log.source, ED25519, b"\x06" * 32).verifier
    write_bundle(path, log, store, 1, 3)
    with pytest.raises(BadNote):
        verify_bundle(path, [other])
    answer = run(path, other)
    assert (answer.returncode, answer.stdout) == (1, "NO: none of the given keys signed the checkpoint\n")


@pytest.mark.parametrize(("first", "last"), [(0, 3), (5, 4), (1, EVENTS + 1)])
def test_what_is_not_covered_is_not_bundled(signed, tmp_path: Path, first: int, last: int):
    log, store, _ = signed
    with pytest.raises(Uncovered):
        write_bundle(tmp_path / "bundle.zip", log, store, first, last)


Change = Callable[[bytes], bytes | None]


def rewritten(source: Path, target: Path, name: str, change: Change) -> None:
    """A copy of a bundle in which one file is changed, or left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            content = change(old.read(each)) if each == name else old.read(each)
            if content is not None:
                new.writestr(each, content)


@pytest.mark.parametrize("name", ["manifest.json", "checkpoint", "tile/0/000", "tile/0/002.p/187", "tile/1/000.p/2"])
def test_no_file_can_be_missing(signed, tmp_path: Path, name: str):
    log, store, key = signed
    path, bad = tmp_path / "bundle.zip", tmp_path / "bad.zip"
    write_bundle(path, log, store, 1, 20)
    rewritten(path, bad, name, lambda content: None)
    assert_refused(bad, key)


def assert_refused(bundle: Path, key: SignerKey) -> None:
    with pytest.raises((BadNote, BadProof, Malformed)):
        verify_bundle(bundle, [key.verifier])
    with pytest.raises((alone.No, ValueError, KeyError, TypeError)), zipfile.ZipFile(bundle) as content:
        alone.verified(content, [alone.Key(str(key.verifier))])


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/000", "tile/0/002.p/187", "tile/1/000.p/2", "entries.jsonl"])
def test_a_bundle_with_any_byte_changed_is_refused(signed, tmp_path: Path, name: str):
    log, store, key = signed
    path, bad = tmp_path / "bundle.zip", tmp_path / "bad.zip"
    write_bundle(path, log, store, 200, 220)
    choose = random.Random(name)
    for _ in range(25):
        place, bit = choose.random(), 1 << choose.randrange(8)

        def flip(content: bytes, place: float = place, bit: int = bit) -> bytes:
            changed = bytearray(content)
            changed[int(place * len(changed))] ^= bit
            return bytes(changed)

        rewritten(path, bad, name, flip)
        assert_refused(bad, key)


def test_entries_more_or_fewer_or_in_another_order_are_refused(signed, tmp_path: Path):
    log, store, key = signed
    path, bad = tmp_path / "bundle.zip", tmp_path / "bad.zip"
    write_bundle(path, log, store, 200, 220)
    changes: list[Change] = [
        lambda content: content[: content.rindex(b"{")],
        lambda content: content + content[content.rindex(b"{") :],
        lambda content: b"".join(reversed(content.splitlines(keepends=True))),
        lambda content: content[:-1],
        lambda content: b"",
    ]
    for change in changes:
        rewritten(path, bad, "entries.jsonl", change)
        assert_refused(bad, key)


# The vectors of RFC 8032, section 7.1, tests 1 to 3.
ED25519_VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), ED25519_VECTORS)
def test_the_verifier_alone_knows_ed25519(public: str, message: str, signature: str):
    asked = [bytes.fromhex(each) for each in (public, message, signature)]
    assert alone.signed_by(*asked)
    assert not alone.signed_by(asked[0], asked[1] + b"x", asked[2])


def test_the_verifier_alone_says_what_the_library_says():
    choose = random.Random(8032)
    for _ in range(12):
        key = Ed25519PrivateKey.from_private_bytes(choose.randbytes(32))
        public, message = key.public_key().public_bytes_raw(), choose.randbytes(choose.randrange(80))
        signature = key.sign(message)
        assert alone.signed_by(public, message, signature)
        place = choose.randrange(64)
        wrong = bytearray(signature)
        wrong[place] ^= 1 << choose.randrange(8)
        assert not alone.signed_by(public, message, bytes(wrong))
    # A scalar that is not reduced is another spelling of the same signature (RFC 8032, section 5.1.7).
    larger = int.from_bytes(signature[32:], "little") + alone.L
    assert not alone.signed_by(public, message, signature[:32] + larger.to_bytes(32, "little"))


def test_the_verifier_alone_reads_the_vectors_of_signed_notes():
    key = alone.Key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    signature = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    text = "This is an example message.\n"
    assert alone.opened(f"{text}\n— example.com/foo {signature}\n", [key]) == (text, ["example.com/foo"])
    for wrong in (
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ):
        with pytest.raises(alone.No):
            alone.Key(wrong)
    with pytest.raises(alone.No):
        alone.octets(base64.b64encode(b"a").decode().replace("Q", "R"))
