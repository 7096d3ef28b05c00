"""An audit bundle: entries of the log with all that proves them, in one zip that verifies when this product is gone.

manifest.json       which log, which positions, and how to read the rest
checkpoint          the signed checkpoint with its cosignatures (C2SP tlog-checkpoint)
tile/…              hashes (C2SP tlog-tiles): every level above the leaves, and the leaves of the range
entries.jsonl       the stored bytes of the entries, each on a line
charters/….toml     the texts that the entries published, by the SHA-256 of their bytes
verify.py           verifies all of this with Python's standard library
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Collection, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import msgspec

from workflow.charter.events import CharterPublished
from workflow.charter.loader import digest
from workflow.entry import read_envelope
from workflow.ledger.cosigning import cosigned_note
from workflow.ledger.notes import Checkpoint, Verified, VerifierKey, verify_checkpoint
from workflow.ledger.store import LedgerStore
from workflow.ledger.strict import Malformed
from workflow.ledger.tiles import WIDTH, TilePath, nodes_of, tile_root, width_of
from workflow.ledger.tree import HASH_SIZE, BadProof, leaf_hash, root
from workflow.log import LogRecorder

FORMAT = "resonance-bundle/1"

_DATE = (2000, 1, 1, 0, 0, 0)
"""Of every file, so that the same range of the same log gives the same bundle."""


_LARGEST = 64 * 1024
"""Bytes of any file of a bundle but its entries, and of any entry with the end of its line."""


class Uncovered(Exception):
    """No checkpoint covers what shall be bundled."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`first` and `last` are positions, both included; `size` is that of the checkpoint."""

    format: str
    origin: str
    size: int
    first: int
    last: int


class Proved(NamedTuple):
    """What a bundle proves: which entries of which log, by whose signatures."""

    manifest: Manifest
    signatures: Sequence[Verified]

    @property
    def range(self) -> tuple[int, int, int]:
        """The first and the last position, and the size of the checkpoint."""
        return self.manifest.first, self.manifest.last, self.manifest.size


def write_bundle(
    path: Path,
    log: LogRecorder,
    store: LedgerStore,
    first: int = 1,
    last: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    before: Callable[[Manifest], None] = lambda manifest: None,
) -> Manifest:
    """Write the entries from `first` to `last`, or to the end of the last checkpoint. `before` is told what will be
    written, before anything is. Raises Uncovered."""
    signed = store.latest()
    if signed is None:
        raise Uncovered("nothing was signed yet")
    last = signed.size if last is None else last
    if not 0 < first <= last <= signed.size:
        raise Uncovered(f"the last checkpoint covers the positions from 1 to {signed.size}, not {first} to {last}")
    manifest = Manifest(format=FORMAT, origin=log.source, size=signed.size, first=first, last=last)
    before(manifest)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        _add(bundle, "manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        _add(bundle, "checkpoint", cosigned_note(store, signed).encode())
        for tile in _tiles(manifest):
            _add(bundle, str(tile), store.tile(tile.level or 0, tile.number)[: tile.width * HASH_SIZE])
        for text in _add_entries(bundle, log, manifest, progress):
            _add(bundle, _name_of(text), text.encode())
        _add(bundle, "verify.py", files("api.exports").joinpath("verify.py").read_bytes())
    return manifest


def verify_bundle(path: Path, keys: Sequence[VerifierKey]) -> Proved:
    """Raises BadNote, BadProof, Malformed for a bundle that does not prove its entries, BadZipFile for what is none."""
    with zipfile.ZipFile(path) as bundle:
        try:
            manifest = msgspec.json.decode(_read(bundle, "manifest.json"), type=Manifest)
            signed, by = verify_checkpoint(_read(bundle, "checkpoint"), keys)
            if manifest.format != FORMAT or (signed.origin, signed.size) != (manifest.origin, manifest.size):
                raise Malformed("the manifest does not tell of this checkpoint")
            if not 0 < manifest.first <= manifest.last <= manifest.size:
                raise Malformed("the range of the bundle is not within its checkpoint")
            texts = _verify_entries(bundle, manifest, _verified_tiles(bundle, manifest, signed))
            _must_hold_nothing_else(bundle, manifest, texts)
        except (KeyError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Malformed(f"the bundle is not whole: {error}") from None
        except (zlib.error, EOFError, RuntimeError) as error:  # damaged, encrypted, or compressed in an unknown way
            raise zipfile.BadZipFile(str(error)) from None
    return Proved(manifest, by)


def _read(bundle: zipfile.ZipFile, name: str) -> bytes:
    """A file of a bundle; no more of it than such a file may have."""
    with bundle.open(name) as content:
        found = content.read(_LARGEST + 1)
    if len(found) > _LARGEST:
        raise Malformed(f"{name} is too large")
    return found


def _must_hold_nothing_else(bundle: zipfile.ZipFile, manifest: Manifest, texts: Collection[str]) -> None:
    """Of each file one, so that whoever unpacks the bundle finds what was verified. Raises Malformed, BadProof."""
    there = bundle.namelist()
    if len(there) != len(set(there)):
        raise Malformed("two files of the bundle have one name")
    charters = {_name_of(text): text.encode() for text in texts}
    expected = {"manifest.json", "checkpoint", "entries.jsonl", "verify.py", *map(str, _tiles(manifest)), *charters}
    if wrong := sorted(expected ^ set(there)):
        raise Malformed(f"{', '.join(wrong[:3])}: missing, or not of this bundle")
    for name, text in charters.items():
        if _read(bundle, name) != text:
            raise BadProof(f"{name} is not the text that the entries published")


def _name_of(text: str) -> str:
    return f"charters/{digest(text).removeprefix('sha256:')}.toml"


def _tiles(manifest: Manifest) -> list[TilePath]:
    """The tiles that prove the range: those of its leaves, those at the right edge, and all of the levels above."""
    size, found, level = manifest.size, [], 0
    while size >> 8 * level:
        for number in range(-(-(size >> 8 * level) // WIDTH)):
            holds = (manifest.first - 1) // WIDTH <= number <= (manifest.last - 1) // WIDTH
            width = width_of(level, number, size)
            if level or holds or width < WIDTH:
                found.append(TilePath(level, number, width))
        level += 1
    return found


def _add(bundle: zipfile.ZipFile, name: str, content: bytes) -> None:
    bundle.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)


def _add_entries(
    bundle: zipfile.ZipFile, log: LogRecorder, manifest: Manifest, progress: Callable[[int, int], None]
) -> Sequence[str]:
    """Write the entries; the texts of charters among them."""
    texts: dict[str, None] = {}
    entry_file = zipfile.ZipInfo("entries.jsonl", _DATE)
    entry_file.compress_type = zipfile.ZIP_DEFLATED
    with bundle.open(entry_file, "w", force_zip64=True) as lines:
        for entry in log.entries(manifest.first - 1, manifest.last):
            lines.write(entry.bytes + b"\n")
            if entry.topic == CharterPublished.TOPIC and (text := _charter_in(entry.bytes)) is not None:
                texts[text] = None
            if entry.position % 1_000 == 0 or entry.position == manifest.last:
                progress(entry.position - manifest.first + 1, manifest.last - manifest.first + 1)
    return list(texts)


def _verified_tiles(bundle: zipfile.ZipFile, manifest: Manifest, signed: Checkpoint) -> dict[tuple[int, int], bytes]:
    """The tiles, each of them below the one above it, and the uppermost below the root."""
    tiles = {(each.level or 0, each.number): _read(bundle, str(each)) for each in _tiles(manifest)}
    for (level, number), content in tiles.items():
        if len(content) != HASH_SIZE * width_of(level, number, manifest.size):
            raise Malformed(f"tile {number} of level {level} has {len(content)} bytes")
        if len(content) == WIDTH * HASH_SIZE:
            at = number % WIDTH * HASH_SIZE
            if tiles[level + 1, number // WIDTH][at : at + HASH_SIZE] != tile_root(content):
                raise BadProof(f"tile {number} of level {level} does not belong to the tile above it")
    if root(signed.size, nodes_of(lambda level, number: tiles[level, number])) != signed.root:
        raise BadProof("the tiles do not make the root that was signed")
    return tiles


def _verify_entries(
    bundle: zipfile.ZipFile, manifest: Manifest, tiles: dict[tuple[int, int], bytes]
) -> Collection[str]:
    """The texts of charters that the entries published."""
    position, texts = manifest.first, set()
    with bundle.open("entries.jsonl") as lines:
        while line := lines.readline(_LARGEST):
            tile, at = divmod(position - 1, WIDTH)
            known = tiles[0, tile][at * HASH_SIZE : (at + 1) * HASH_SIZE] if position <= manifest.last else b""
            if not line.endswith(b"\n") or leaf_hash(line[:-1]) != known:
                raise BadProof(f"the entry at {position} is not the one that was signed")
            if (text := _charter_in(line[:-1])) is not None:
                texts.add(text)
            position += 1
    if position != manifest.last + 1:
        raise BadProof(f"the entries end before {position}")
    return texts


def _charter_in(entry: bytes) -> str | None:
    """The text of a charter, if the entry published one."""
    envelope = read_envelope(entry)
    if envelope.type != CharterPublished.TOPIC:
        return None
    assert isinstance(envelope.event, CharterPublished)
    return envelope.event.text
