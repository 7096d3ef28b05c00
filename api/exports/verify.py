"""Verifies an audit bundle of Resonance, with the standard library of Python 3.9 or later and nothing else:

    python verify.py BUNDLE.zip --key 'NAME+KEYID+BASE64'

It asks whether the entries in the bundle are those that the log's key signed. The key is not in the bundle, or it would
prove nothing: get it from whoever vouches for the log, or from a witness. Exit status 0 is yes, 1 no, 2 could not be
done. Written from RFC 9162 (the tree), C2SP tlog-tiles, tlog-checkpoint, signed-note and tlog-cosignature (the files)
and RFC 8032 (Ed25519, section 5.1.7); it shares no code with the program that made the bundle.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

# ---- Ed25519, RFC 8032 section 5.1 -------------------------------------------------------------------------------

Point = tuple[int, int, int, int]
"""(X, Y, Z, T) in extended homogeneous coordinates: x = X/Z, y = Y/Z, x·y = T/Z."""

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def x_of(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point_of(encoded: bytes) -> Point | None:
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = x_of(BASE_Y, 0) or 0
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_nothing(point: Point) -> bool:
    """Whether this is the neutral point. A key of which eight times is nothing makes one signature fit many texts."""
    return point[0] % P == 0 and (point[1] - point[2]) % P == 0


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is that of the key over the message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    one, other = times(s, BASE), add(r, times(k, a))
    same_x, same_y = ((one[at] * other[2] - other[at] * one[2]) % P == 0 for at in (0, 1))
    return same_x and same_y


# ---- signed notes ------------------------------------------------------------------------------------------------


LARGEST = 64 * 1024
"""Bytes of any file of a bundle but its entries, and of any entry: no larger ones are made, and none are read."""
MOST_SIGNATURES = 64


class No(Exception):
    """The answer is no; the text says why."""


def must(condition: object, sentence: str) -> None:
    if not condition:
        raise No(sentence)


def number(text: str) -> int:
    must(re.fullmatch("0|[1-9][0-9]{0,18}", text, re.ASCII) and int(text) < 2**63, f"{text[:40]!r} is no number")
    return int(text)


def octets(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        raise No(f"{text!r} is no base64") from None
    must(base64.b64encode(content).decode() == text, f"{text!r} is no canonical base64")
    return content


class Key:
    """`name+keyid+base64(type, public key)`; type 1 signs notes, type 4 cosigns checkpoints."""

    def __init__(self, text: str) -> None:
        parts = text.strip().split("+", 2)
        must(len(parts) == 3, f"{text!r} is no verifier key")
        self.name, key_id, rest = parts[0], parts[1], octets(parts[2])
        must(len(rest) == 33 and rest[0] in (1, 4), f"{text!r} is no Ed25519 key")
        self.kind, self.public = rest[0], rest[1:]
        point = point_of(self.public)
        must(point is not None and not is_nothing(times(8, point)), f"{text!r} is no key that signs one text only")
        self.id = hashlib.sha256(self.name.encode() + b"\n" + rest).digest()[:4]
        must(self.id.hex() == key_id, f"{text!r} has another key id")

    def verifies(self, text: str, blob: bytes) -> bool:
        if self.kind == 1:
            return signed_by(self.public, text.encode(), blob)
        must(len(blob) == 72 and blob[0] < 128, f"{self.name} has cosigned in another way, or at no time that can be")
        stamp = f"cosignature/v1\ntime {int.from_bytes(blob[:8], 'big')}\n"
        return signed_by(self.public, (stamp + text).encode(), blob[8:])


def opened(note: str, keys: Sequence[Key]) -> tuple[str, list[Key]]:
    """The text of a note, and which of the keys signed it: at least one must have."""
    must(not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", note), "a note has no control characters")
    text, blank, lines = note.rpartition("\n\n")
    must(blank and lines.endswith("\n") and lines.count("\n") <= MOST_SIGNATURES, "this is no signed note")
    text += "\n"
    by: list[Key] = []
    for line in lines[:-1].split("\n"):
        found = re.fullmatch(r"— ([^\s+]{1,200}) ([A-Za-z0-9+/]+={0,2})", line)
        blob = octets(found[2]) if found else b""
        if found is None or len(blob) < 5:
            raise No(f"{line[:80]!r} is no signature")
        for key in keys:
            if key.name == found[1] and key.id == blob[:4] and key not in by:
                must(key.verifies(text, blob[4:]), f"the signature of {key.name} is not that of its key")
                by.append(key)
    must(by, "none of the given keys signed the checkpoint")
    return text, by


def checkpoint(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root."""
    lines = text.split("\n")
    must(len(lines) >= 4 and all(lines[:-1]) and not lines[-1], "this is no checkpoint")
    size, root = number(lines[1]), octets(lines[2])
    must(len(root) == 32, "a root has 32 bytes")
    return lines[0], size, root


# ---- the tree ----------------------------------------------------------------------------------------------------


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def above(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def folded(hashes: Sequence[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [above(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def tile_path(level: int, place: int, width: int) -> str:
    digits = f"{place:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{path}" + ("" if width == 256 else f".p/{width}")


class Tree:
    """The hash tiles of a bundle. A tile is believed when its root is a node of the tile above; the uppermost ones make
    the root that was signed."""

    def __init__(self, read: Callable[[str], bytes], size: int) -> None:
        self.read, self.size = read, size
        self.believed: dict[tuple[int, int], list[bytes]] = {}

    def tile(self, level: int, place: int) -> list[bytes]:
        if (level, place) not in self.believed:
            width = min(256, (self.size >> 8 * level) - 256 * place)
            content = self.read(tile_path(level, place, width))
            must(len(content) == 32 * width, f"tile {level}/{place} has not {width} hashes")
            hashes = [content[at : at + 32] for at in range(0, len(content), 32)]
            if width == 256:
                node = self.tile(level + 1, place // 256)[place % 256]
                must(folded(hashes) == node, f"tile {level}/{place} is not the one below the tile above it")
            self.believed[level, place] = hashes
        return self.believed[level, place]

    def root(self) -> bytes:
        """The root over all leaves, from the tiles at the right edge, which nothing else stands for."""
        return self.over(0, self.size)

    def over(self, low: int, high: int) -> bytes:
        count = high - low
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            first = (low >> level) << level % 8
            hashes = self.tile(level // 8, first // 256)
            return folded(hashes[first % 256 : first % 256 + (1 << level % 8)])
        middle = low + (1 << (count - 1).bit_length() - 1)
        return above(self.over(low, middle), self.over(middle, high))


# ---- the bundle --------------------------------------------------------------------------------------------------


def tile_paths(size: int, first: int, last: int) -> set[str]:
    """The tiles that prove the entries from first to last: theirs, those that are not full, and all levels above."""
    found, level = set(), 0
    while nodes := size >> 8 * level:
        for place in range(-(-nodes // 256)):
            width = min(256, nodes - 256 * place)
            if level or width < 256 or (first - 1) // 256 <= place <= (last - 1) // 256:
                found.add(tile_path(level, place, width))
        level += 1
    return found


def verified(bundle: zipfile.ZipFile, keys: Sequence[Key]) -> list[str]:
    """What the bundle proves, in sentences. Raises No."""

    def read(name: str) -> bytes:
        try:
            with bundle.open(name) as content:
                found = content.read(LARGEST + 1)
        except KeyError:
            raise No(f"{name} is not in the bundle") from None
        must(len(found) <= LARGEST, f"{name} is too large")
        return found

    there = bundle.namelist()
    must(len(there) == len(set(there)), "two files of the bundle have one name")
    told: Any = json.loads(read("manifest.json"))
    must(isinstance(told, dict) and told.get("format") == "resonance-bundle/1", "this is no audit bundle known here")
    text, by = opened(read("checkpoint").decode("utf-8"), keys)
    origin, size, root = checkpoint(text)
    must(any((key.kind, key.name) == (1, origin) for key in by), f"no given key of {origin} signed its checkpoint")
    first, last = told.get("first"), told.get("last")
    must(all(type(each) is int for each in (told.get("size"), first, last)), "the manifest does not say which entries")
    must((told.get("origin"), told["size"]) == (origin, size), "the manifest tells of another checkpoint")
    must(0 < first <= last <= size, "the bundle's range is not within its checkpoint")
    tree = Tree(read, size)
    must(tree.root() == root, "the tiles do not make the root that was signed")
    texts: dict[str, str] = {}
    position = first
    with bundle.open("entries.jsonl") as lines:
        while line := lines.readline(LARGEST):
            must(line.endswith(b"\n"), "an entry is cut off, or too large")
            entry, place = line[:-1], position - 1
            must(position <= last, "there are more entries than the manifest says")
            known = tree.tile(0, place // 256)[place % 256]
            must(leaf(entry) == known, f"the entry at {position} is not what was signed")
            event = json.loads(entry)
            if event["type"] == "charter.published":
                published = event["data"]["text"]
                texts[hashlib.sha256(published.encode("utf-8")).hexdigest()] = published
            position += 1
    must(position == last + 1, f"the entries end before {last}")
    for digest, content in texts.items():
        must(read(f"charters/{digest}.toml") == content.encode("utf-8"), f"charters/{digest}.toml is another text")
    expected = {"manifest.json", "checkpoint", "entries.jsonl", "verify.py", *tile_paths(size, first, last)}
    expected |= {f"charters/{digest}.toml" for digest in texts}
    wrong = sorted(expected ^ set(there))
    must(not wrong, f"{', '.join(wrong[:3])}: missing, or not of this bundle")
    return [
        f"log {origin}",
        f"entries {first} to {last} are what was signed in the checkpoint of {size} entries",
        f"signed by {', '.join(key.name for key in by)}",
        f"{len(texts)} texts of charters are those that the entries published",
    ]


def say(text: str, status: int) -> NoReturn:
    (sys.stderr if status == 2 else sys.stdout).write(text + "\n")
    sys.exit(status)


def main() -> None:
    parser = argparse.ArgumentParser(description="Verifies an audit bundle.")
    parser.add_argument("bundle")
    parser.add_argument("--key", action="append", required=True, help="a verifier key to believe; may be repeated")
    asked = parser.parse_args()
    try:
        keys = [Key(text) for text in asked.key]
        with zipfile.ZipFile(asked.bundle) as bundle:
            sentences = verified(bundle, keys)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        say(f"{asked.bundle} cannot be read: {error}", 2)
    except (No, ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        say(f"NO: {error}", 1)
    except RuntimeError as error:  # it is encrypted
        say(f"{asked.bundle} cannot be read: {error}", 2)
    say("\n".join(["yes", *sentences]), 0)


if __name__ == "__main__":
    main()
