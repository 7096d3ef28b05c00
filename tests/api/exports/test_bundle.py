"""Audit bundles: what they prove, to our own verifier and to the one in the bundle, and that every byte counts."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.exports import verify as alone
from api.exports.bundle import Uncovered, verify_bundle, write_bundle
from tests.workflow.ledger.tampering import record
from workflow.charter.events import CharterPublished
from workflow.charter.loader import digest, shipped
from workflow.database import Database
from workflow.entry import tail
from workflow.ids import CharterId, tags_of
from workflow.ledger.keeper import Keeper
from workflow.ledger.notes import COSIGNATURE, ED25519, BadNote, Signature, SignerKey
from workflow.ledger.signing import SigningKeys
from workflow.ledger.store import LedgerStore
from workflow.ledger.strict import Malformed
from workflow.ledger.tree import BadProof
from workflow.log import LogEvent, LogRecorder, open_log
from workflow.slices import Context

EVENTS = 699


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[LogRecorder, LedgerStore, SignerKey]:
    """A log of 699 events, all of them signed: two tiles are full, the third is not."""
    return signed_log(tmp_path_factory.mktemp("bundle"), lambda log: record(log, 0, 350))


def signed_log(folder: Path, write: Callable[[LogRecorder], None]) -> tuple[LogRecorder, LedgerStore, SignerKey]:
    database = Database.parse(f"sqlite:///{folder}/log.sqlite")
    log, store = open_log(database), LedgerStore(database.engine("ledger"))
    log.migrate()
    store.migrate()
    signing = SigningKeys(database.engine("keys"))
    signing.migrate()
    key = signing.make(log.source, seed=b"\x05" * 32)
    write(log)
    Keeper(store, log, signing).once()
    return log, store, key


def run(bundle: Path, key: object, whole: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What the verifier in the bundle, or in the whole one, says: unpacked, alone, without site packages."""
    alone_there = bundle.with_suffix(".verify.py")
    with zipfile.ZipFile(whole or bundle) as content:
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


Tell = Callable[[dict[str, Any]], Any]


def manifest(tell: Tell) -> dict[str, Change]:
    return {"manifest.json": lambda content: json.dumps(tell(json.loads(content))).encode()}


def more_lines(*lines: str) -> dict[str, Change]:
    return {"checkpoint": lambda content: content + "".join(lines).encode()}


def nothing(content: bytes) -> None:
    return None


STRANGER = SignerKey("stranger.example", ED25519, b"\x07" * 32).sign("anything")

SPOILED: dict[str, dict[str, Change]] = {
    "the text of a charter is missing": {"charters/": nothing},
    "the text of a charter is another": {"charters/": lambda content: content + b"\n"},
    "another size": manifest(lambda told: told | {"size": told["size"] + 1}),
    "no size": manifest(lambda told: {name: told[name] for name in told if name != "size"}),
    "another origin": manifest(lambda told: told | {"origin": "urn:uuid:another"}),
    "another format": manifest(lambda told: told | {"format": "resonance-bundle/2"}),
    "a first that is no number": manifest(lambda told: told | {"first": True}),
    "a range that ends before it begins": manifest(lambda told: told | {"first": 5, "last": 4}),
    "a manifest that is a list": manifest(lambda told: []),
    "a manifest that is deep": {"manifest.json": lambda _: b"[" * 60_000},
    "a manifest that is no JSON": {"manifest.json": lambda _: b"{"},
    "a manifest that is large": {"manifest.json": lambda content: content + b" " * 70_000},
    "a stranger with a plus in the name": more_lines(STRANGER.line().replace("r.e", "r+e")),
    "a stranger with a control character": more_lines(STRANGER.line().replace("r.e", "r\x0be")),
    "too many signatures": more_lines(*[STRANGER.line()] * 100),
    "a large note": more_lines(Signature("stranger.example", b"1234", b"x" * 70_000).line()),
    "another file": {"REPORT.txt": lambda _: b"all is well"},
    "a file outside": {"../evil.txt": lambda _: b"all is well"},
    "another tile": {"tile/0/999": lambda _: b"x" * 8_192},
    "a large tile": {"tile/0/000": lambda content: content + b"x" * 70_000},
    "an entry without an end": {"entries.jsonl": lambda _: b"x" * 200_000},
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_both_verifiers_refuse_the_same(chartered, tmp_path: Path, spoiled: str):
    log, store, key = chartered
    path, bad = tmp_path / "bundle.zip", tmp_path / "bad.zip"
    write_bundle(path, log, store)
    assert (run(path, key.verifier).returncode, said_by_ours(path, key)) == (0, 0)
    changes = dict(SPOILED[spoiled])
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(each for each in changes if "charters" not in each)]:
            if name in new.namelist():
                continue
            content = old.read(name) if name in old.namelist() else b""
            change = next((changes[each] for each in changes if name.startswith(each)), None)
            changed = content if change is None else change(content)
            if changed is not None:
                new.writestr(name, changed)
    answer = run(bad, key.verifier)
    assert (answer.returncode, said_by_ours(bad, key)) == (1, 1), answer
    assert "Traceback" not in answer.stderr


def said_by_ours(bundle: Path, key: SignerKey) -> int:
    """As an exit status."""
    try:
        verify_bundle(bundle, [key.verifier])
    except (BadNote, BadProof, Malformed):
        return 1
    except zipfile.BadZipFile:
        return 2
    return 0


@pytest.fixture(scope="module")
def chartered(tmp_path_factory: pytest.TempPathFactory) -> tuple[LogRecorder, LedgerStore, SignerKey]:
    """A log that begins with a charter."""
    return signed_log(tmp_path_factory.mktemp("chartered"), publish_charter)


def publish_charter(log: LogRecorder) -> None:
    text = shipped("hospital")
    fact = CharterPublished(CharterId("hospital"), "1", digest(text), text)
    context = Context(actor="C1", command_id="p", today=date(2025, 1, 1))
    log.record([LogEvent(fact.TOPIC, tail(fact, context, 1, "1", log.source), tags_of(fact))])


def test_of_two_files_of_one_name_neither_is_believed(signed, tmp_path: Path):
    log, store, key = signed
    path = tmp_path / "bundle.zip"
    write_bundle(path, log, store, 1, 3)
    with zipfile.ZipFile(path) as old:
        entries = old.read("entries.jsonl")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as bundle:
        bundle.writestr("entries.jsonl", entries)
    assert (run(path, key.verifier).returncode, said_by_ours(path, key)) == (1, 1)


@pytest.mark.parametrize("harm", ["deflate", "encrypted", "compression", "cut"])
def test_what_is_no_zip_cannot_be_verified(signed, tmp_path: Path, harm: str):
    log, store, key = signed
    whole, path = tmp_path / "whole.zip", tmp_path / "bundle.zip"
    write_bundle(whole, log, store, 1, 3)
    content = bytearray(whole.read_bytes())
    central = content.index(b"PK\x01\x02")
    if harm == "deflate":
        content[30 + len("manifest.json")] = 0xFF
    elif harm == "encrypted":
        content[6] |= 1
        content[central + 8] |= 1
    elif harm == "compression":
        content[8] = content[central + 10] = 77
    else:
        del content[-30:]
    path.write_bytes(content)
    answer = run(path, key.verifier, whole)
    assert (answer.returncode, said_by_ours(path, key)) == (2, 2), answer
    assert "Traceback" not in answer.stderr


def test_a_witness_alone_and_the_key_of_another_log_vouch_for_nothing(signed, tmp_path: Path):
    log, store, key = signed
    path, bad = tmp_path / "bundle.zip", tmp_path / "bad.zip"
    write_bundle(path, log, store, 1, 3)
    for other in (
        SignerKey("w.example", COSIGNATURE, b"\x08" * 32),
        SignerKey("other.example", ED25519, b"\x08" * 32),
    ):

        def signed_by(content: bytes, other: SignerKey = other) -> bytes:
            text = content.decode().partition("\n\n")[0] + "\n"
            line = other.cosign(text, 5) if other.verifier.kind == COSIGNATURE else other.sign(text)
            return f"{text}\n{line.line()}".encode()

        rewritten(path, bad, "checkpoint", signed_by)
        with pytest.raises(BadNote, match="signed its checkpoint"):
            verify_bundle(bad, [key.verifier, other.verifier])
        assert run(bad, other.verifier).returncode == 1


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
    assert alone.opened(f"{text}\n— example.com/foo {signature}\n", [key]) == (text, [key])
    for wrong in (
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ):
        with pytest.raises(alone.No):
            alone.Key(wrong)
    with pytest.raises(alone.No):
        alone.octets(base64.b64encode(b"a").decode().replace("Q", "R"))
