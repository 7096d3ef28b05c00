"""Signed notes (C2SP signed-note v1.0.0): a text and the signatures of several keys under it.

text, ends with a newline
<empty line>
— <name of the key> <base64(key id, 4 bytes ‖ signature)>
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workflow.ledger.strict import Malformed, decimal, to_base64, unbase64
from workflow.ledger.tree import EMPTY_ROOT

ED25519, COSIGNATURE = 0x01, 0x04
MOST_SIGNATURES = 64
LARGEST = 64 * 1024
"""Bytes of a note; larger ones are not read."""

_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
_SIGNATURE = re.compile(r"— (?P<name>[^ \n]+) (?P<blob>[A-Za-z0-9+/]+={0,2})")
_COSIGNATURE_TIME = 8


_P = 2**255 - 19
_Y_OF_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_SMALL_ORDER = {0, 1, _P - 1, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8}
"""The y of the eight points of Ed25519 of which eight times is nothing."""


class BadNote(ValueError):
    """A note that is malformed, or is not signed as it should be; the text says why."""


class Signature(msgspec.Struct, frozen=True):
    """One line under a note. `blob` is what follows the key id."""

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        return f"— {self.name} {to_base64(self.key_id + self.blob)}\n"


class Note(msgspec.Struct, frozen=True):
    """A text, and the signatures that stand under it, whoever made them."""

    text: str
    signatures: tuple[Signature, ...]

    def write(self) -> str:
        return self.text + "\n" + "".join(each.line() for each in self.signatures)


class Verified(msgspec.Struct, frozen=True):
    """A signature that a known key made. `time` is that of a cosignature in seconds since 1970, else 0."""

    key: VerifierKey
    time: int


class VerifierKey(msgspec.Struct, frozen=True):
    """A public key and the name it signs by: `name+<key id in hex>+<base64(type ‖ public key)>`."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Raises Malformed."""
        name, plus, rest = text.partition("+")
        key_id, second, encoded = rest.partition("+")
        if not plus or not second or _NAME.fullmatch(name) is None:
            raise Malformed(f"{text[:80]!r} is no verifier key: name+keyid+base64")
        content = unbase64(encoded)
        if len(content) != 33 or content[0] not in (ED25519, COSIGNATURE):
            raise Malformed(f"{text[:80]!r} is no Ed25519 key")
        if not _is_point(content[1:]):
            raise Malformed(f"{text[:80]!r} is a key under which anything can be signed, or is spelled in another way")
        key = cls(name, content[0], content[1:])
        if key_id != key.id.hex():
            raise Malformed(f"{text[:80]!r} names the key id {key_id}; it is {key.id.hex()}")
        return key

    @property
    def id(self) -> bytes:
        content = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(content).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    def verify(self, text: str, blob: bytes) -> Verified:
        """Raises BadNote unless this key signed the text so."""
        time, signature = 0, blob
        message = text.encode()
        if self.kind == COSIGNATURE:
            if len(blob) != _COSIGNATURE_TIME + 64:
                raise BadNote(f"the cosignature of {self.name} has {len(blob)} bytes, not 72")
            time, signature = int.from_bytes(blob[:_COSIGNATURE_TIME], "big"), blob[_COSIGNATURE_TIME:]
            if time >= 1 << 63:
                raise BadNote(f"the cosignature of {self.name} is of a time that cannot be")
            message = cosigned(text, time)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            raise BadNote(f"the signature of {self.name} is not that of its key") from None
        return Verified(self, time)


def _is_point(public: bytes) -> bool:
    """Whether this is the one encoding of its y (RFC 8032, section 5.1.3), and of no point of small order: under such
    a key one signature fits many texts."""
    y = int.from_bytes(public, "little") & (1 << 255) - 1
    return y < _P and y not in _SMALL_ORDER


class SignerKey:
    """A private key with its name. It signs notes, or, if it is of that kind, cosigns checkpoints at a time."""

    def __init__(self, name: str, kind: int, seed: bytes) -> None:
        """Raises Malformed for a name that could not stand in a note."""
        if _NAME.fullmatch(name) is None:
            raise Malformed(f"{name!r} is no name for a key: no blanks, no plus, at most 200 characters")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, kind, self._private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        return self._signature(self._private.sign(text.encode()))

    def cosign(self, text: str, time: int) -> Signature:
        """Cosign a checkpoint's text at `time`, seconds since 1970."""
        stamp = time.to_bytes(_COSIGNATURE_TIME, "big")
        return self._signature(stamp + self._private.sign(cosigned(text, time)))

    def _signature(self, blob: bytes) -> Signature:
        return Signature(self.verifier.name, self.verifier.id, blob)


def cosigned(text: str, time: int) -> bytes:
    """What a cosignature signs (C2SP tlog-cosignature v1.0.1)."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def parse_note(content: bytes) -> Note:
    """Raises BadNote for what is no note, whoever signed it."""
    if len(content) > LARGEST:
        raise BadNote(f"a note of {len(content)} bytes is too large")
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError:
        raise BadNote("a note is UTF-8") from None
    if re.search(r"[\x00-\x09\x0b-\x1f\x7f]", whole):
        raise BadNote("a note has no control characters")
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise BadNote("a note is a text, an empty line, and lines of signatures")
    found = [_signature(line) for line in lines[:-1].split("\n")]
    if len(found) > MOST_SIGNATURES:
        raise BadNote(f"a note has at most {MOST_SIGNATURES} signatures")
    return Note(text + "\n", tuple(found))


def _signature(line: str) -> Signature:
    match = _SIGNATURE.fullmatch(line)
    if match is None or _NAME.fullmatch(match["name"]) is None:
        raise BadNote(f"{line[:80]!r} is no line of a signature")
    try:
        blob = unbase64(match["blob"])
    except Malformed as error:
        raise BadNote(str(error)) from None
    if len(blob) < 5:
        raise BadNote(f"{line[:80]!r} holds no signature")
    return Signature(match["name"], blob[:4], blob[4:])


def verify_note(content: bytes, keys: Iterable[VerifierKey]) -> tuple[Note, Sequence[Verified]]:
    """The note, and which of `keys` signed it. Raises BadNote if one of them did not, or none is there.

    Signatures of unknown keys say nothing and are ignored.
    """
    note = parse_note(content)
    known = {(key.name, key.id): key for key in keys}
    verified: dict[tuple[str, bytes], Verified] = {}
    for each in note.signatures:
        key = known.get((each.name, each.key_id))
        if key is not None and (each.name, each.key_id) not in verified:
            verified[each.name, each.key_id] = key.verify(note.text, each.blob)
    if not verified:
        raise BadNote("no known key signed this note")
    return note, list(verified.values())


def verify_checkpoint(content: bytes, keys: Iterable[VerifierKey]) -> tuple[Checkpoint, Sequence[Verified]]:
    """The checkpoint in a note, and which of `keys` signed it: the log's own must have, which bears the name of the
    origin. What witnesses cosigned comes on top; alone, they vouch for no log. Raises BadNote, Malformed."""
    note, verified = verify_note(content, keys)
    checkpoint = Checkpoint.parse(note.text)
    if not any((each.key.kind, each.key.name) == (ED25519, checkpoint.origin) for each in verified):
        raise BadNote(f"no known key of {checkpoint.origin} signed its checkpoint")
    return checkpoint, verified


class Checkpoint(msgspec.Struct, frozen=True):
    """The text of a checkpoint (C2SP tlog-checkpoint v1.0.0): which log, how many entries, the root of their tree."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Raises Malformed. Lines of extensions may follow, as the specification allows; they are kept by nobody."""
        origin, *rest = text.split("\n")
        if len(rest) < 3 or rest[-1] or not all(rest[:-1]) or not origin:
            raise Malformed("a checkpoint is an origin, a size and a root, each on a line")
        checkpoint = cls(origin, decimal(rest[0]), unbase64(rest[1], 32))
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            raise Malformed("a tree of no entries has the root of nothing")
        return checkpoint
