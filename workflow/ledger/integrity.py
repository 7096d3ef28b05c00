"""Integrity, the first question of an audit: is the log what was signed?

Every entry is hashed again, and the tree with its tiles is built anew; every kept checkpoint must be signed over it.
What lies beside an entry (columns, tags) must be what the entry says. What this proves, and what not, is in
docs/trust.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import islice, takewhile

import msgspec

from workflow.entry import instant_text
from workflow.finding import Finding
from workflow.ledger.growing import Growing
from workflow.ledger.notes import COSIGNATURE, BadNote, Checkpoint, VerifierKey, parse_note, verify_note
from workflow.ledger.store import LedgerStore
from workflow.ledger.strict import Malformed
from workflow.ledger.tiles import HEIGHT, WIDTH, width_of
from workflow.ledger.tree import HASH_SIZE
from workflow.log import LogRecorder, StoredRow

_AT_ONCE = 1_024
"""Rows that are looked at together."""

_NOWHERE = b"\0"
"""What no entry holds: it stands for what a type without a name, or a time that is none, would put there."""


def integrity(
    log: LogRecorder,
    store: LedgerStore,
    keys: Sequence[VerifierKey],
    since: Sequence[Checkpoint] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
    last: Checkpoint | None = None,
) -> Finding:
    """Look at the whole log as it is now; may run while events are recorded.

    `keys` are those whose signature counts, `since` are checkpoints that were kept elsewhere and verified, `last` is
    what is written down with the key as signed last: the log must be what they were signed over too. `checked` counts
    entries.
    """
    (says, newest), head = store.signed(), log.head().position
    covered, faults = max(says, newest), Faults()
    if says < newest:
        faults.note(says + 1, f"the ledger says that it covers {says} entries, and keeps a checkpoint of {newest}")
    rows = _Rows(log, head, faults, progress)
    marks = merge(
        _own(store, keys, log.source, covered, faults),
        ((each, True) for each in _fitting([last] if last else [], log.source, head, faults)),
        ((each, False) for each in _fitting(since, log.source, head, faults)),
        key=lambda mark: mark[0].size,
    )
    _Tree(store, covered, faults).build(rows, marks)
    rows.rest()
    _compare_tags(log, rows, faults)
    _compare_cosignatures(store, keys, covered, faults)
    if head < covered:
        faults.note(head + 1, f"the ledger covers {covered} entries, and the log ends at {head}")
    uncovered = max(0, head - covered)
    return faults.finding(rows.seen, f"{uncovered} of them are covered by no checkpoint yet" if uncovered else "")


class Faults:
    """The earliest of all that is wrong."""

    def __init__(self) -> None:
        self._first: tuple[int, str] | None = None

    def note(self, position: int, detail: str) -> None:
        if self._first is None or position < self._first[0]:
            self._first = position, detail

    def finding(self, checked: int, remark: str) -> Finding:
        if self._first is None:
            return Finding(True, checked, detail=remark)
        return Finding(False, checked, *self._first)


class _Rows:
    """The rows of the log up to `head`, each looked at for itself as it is taken."""

    def __init__(self, log: LogRecorder, head: int, faults: Faults, progress: Callable[[int, int], None]) -> None:
        self._rows = islice(log.rows(), head)
        self._frames = {kind: name.encode() + b'","tags":"' for kind, name in log.type_names().items()}
        self._head = head
        self._faults = faults
        self._progress = progress
        self._time, self._text = -1, b""
        self._command: bytes | None = None
        self._number = 0
        self.seen = 0
        self.tags = [0] * (head // _AT_ONCE + 1)
        """For each `_AT_ONCE` positions the sum of the hashes of their tags, as the entries tell them. A sum, because
        order does not matter; nobody who does not know this process's hash secret can make other tags with the same."""

    def take(self, count: int) -> list[bytes]:
        """The next entries, at most so many."""
        entries, sums, top = [], self.tags, self._head
        for row in islice(self._rows, count):
            position, kind, recorded_at, command_id, entry = row
            if recorded_at != self._time:
                if recorded_at < self._time:
                    self._faults.note(position, "it is recorded before the one before it")
                self._time, self._text = recorded_at, _beginning(recorded_at)
            if command_id is not None:
                self._command, self._number = msgspec.json.encode(command_id)[1:-1], 0
            self._number += 1
            self.seen += 1
            frame = self._text + self._frames.get(kind, _NOWHERE)
            told = b"{" if self._command is None else b'"id":"%b.%d"' % (self._command, self._number)
            start = len(frame)
            if position == self.seen and entry.startswith(frame) and told in entry:
                tags = entry[start : entry.find(b'"', start)].decode(errors="replace").split()
            else:
                self._look_closer(row, frame, told)
                tags = _told_tags(entry)
            if position <= top:
                place = position // _AT_ONCE
                for tag in tags:
                    sums[place] += hash((tag, kind, position))
            entries.append(entry)
        if entries:
            self._progress(self.seen, self._head)
        return entries

    def rest(self) -> None:
        while self.take(_AT_ONCE):
            pass

    def _look_closer(self, row: StoredRow, frame: bytes, told: bytes) -> None:
        """Say what is wrong with a row."""
        position, *_, entry = row
        if position != self.seen:
            self._faults.note(self.seen, f"there is no entry at {self.seen}; the next is at {position}")
            self.seen = position
        if not entry.startswith(frame):
            self._faults.note(position, "the type or the recorded time beside the entry are not those in it")
        if told not in entry:
            self._faults.note(position, "the command id beside the entry is not that in it")


def _beginning(recorded_at: int) -> bytes:
    """How an entry begins that was recorded then."""
    try:
        return f'{{"time":"{instant_text(recorded_at)}","type":"'.encode()
    except (OverflowError, ValueError):  # beyond what is an instant
        return _NOWHERE


class _Tree:
    """The tree that the entries make, compared with the ledger's tiles and with what was signed."""

    def __init__(self, store: LedgerStore, covered: int, faults: Faults) -> None:
        self._store = store
        self._covered = covered
        self._faults = faults
        self._growing = Growing(0, {})
        self._signed = {True: 0, False: 0}
        self._suspect: tuple[int, str] | None = None

    def build(self, rows: _Rows, marks: Iterator[tuple[Checkpoint, bool]]) -> None:
        """`marks` are checkpoints by size, and whether the ledger itself keeps them."""
        for mark, own in marks:
            self._grow(rows, mark.size)
            if self._growing.size == mark.size:
                self._compare_root(mark, own)
        self._grow(rows, self._covered)
        self._compare_tiles(self._growing.edge)
        if self._suspect is not None:
            self._faults.note(*self._suspect)

    def _grow(self, rows: _Rows, size: int) -> None:
        while self._growing.size < size and (entries := rows.take(min(_AT_ONCE, size - self._growing.size))):
            self._growing.add(entries)
            self._compare_tiles(self._growing.filled)
            self._growing.filled.clear()

    def _compare_tiles(self, tiles: Mapping[tuple[int, int], bytes]) -> None:
        for (level, number), tile in tiles.items():
            tile = tile[: width_of(level, number, self._covered) * HASH_SIZE]  # what is beyond was never written
            kept = self._store.tile(level, number)[: len(tile)]
            if kept != tile and self._suspect is None:
                self._suspect = self._where(level, number, kept, tile)

    def _where(self, level: int, number: int, kept: bytes, tile: bytes) -> tuple[int, str]:
        hashes = range(0, len(tile), HASH_SIZE)
        place = next(at for at in hashes if kept[at : at + HASH_SIZE] != tile[at : at + HASH_SIZE]) // HASH_SIZE
        first = ((number * WIDTH + place) << HEIGHT * level) + 1
        return first, f"the ledger's tile {number} of level {level} is not made of the entries from {first} on"

    def _compare_root(self, mark: Checkpoint, own: bool) -> None:
        if mark.root == self._growing.root():
            self._signed[own] = mark.size
            return
        self._compare_tiles(self._growing.edge)
        if own and self._suspect is not None and self._signed[own] < self._suspect[0] <= mark.size:
            self._faults.note(self._suspect[0], f"the entry is not the one that was signed at size {mark.size}")
        else:
            first = self._signed[own] + 1
            detail = f"the entries from {first} to {mark.size} are not those that were signed at size {mark.size}"
            self._faults.note(first, detail)


def _own(
    store: LedgerStore, keys: Sequence[VerifierKey], origin: str, covered: int, faults: Faults
) -> Iterator[tuple[Checkpoint, bool]]:
    """The checkpoints that the ledger keeps, as they were signed; what is not signed so is a fault."""
    last, signers = 0, [key for key in keys if key.kind != COSIGNATURE]
    for kept in store.checkpoints():
        if kept.size > covered:
            break
        try:
            note, _ = verify_note(kept.note.encode(), signers)
            checkpoint = Checkpoint.parse(note.text)
        except (BadNote, Malformed) as error:
            faults.note(kept.size, f"the checkpoint of size {kept.size}: {error}")
            continue
        if checkpoint != Checkpoint(origin, kept.size, kept.root):
            faults.note(kept.size, f"the checkpoint of size {kept.size} is not the one that was signed")
            continue
        last = kept.size
        yield checkpoint, True
    if last < covered:
        faults.note(covered, f"the ledger covers {covered} entries, and its last checkpoint is that of {last}")


def _fitting(given: Sequence[Checkpoint], origin: str, head: int, faults: Faults) -> Iterator[Checkpoint]:
    """Those that the log can be compared with, by size; what cannot be one of this log is a fault."""
    for checkpoint in sorted(given, key=lambda each: each.size):
        if checkpoint.origin != origin:
            faults.note(0, f"a checkpoint was given that is of another log, {checkpoint.origin}")
        elif checkpoint.size > head:
            faults.note(head + 1, f"a checkpoint was signed of {checkpoint.size} entries, and the log ends at {head}")
        elif checkpoint.size:
            yield checkpoint


def _compare_cosignatures(store: LedgerStore, keys: Sequence[VerifierKey], covered: int, faults: Faults) -> None:
    """What witnesses signed must stand under a checkpoint, and be a signature; of a witness whose key is known, its."""
    for each in store.cosigned():
        if each.size > covered:
            break
        try:
            if each.note is None:
                raise BadNote("there is no such checkpoint")
            content = f"{parse_note(each.note.encode()).text}\n{each.line}".encode()
            if [signature.name for signature in parse_note(content).signatures] != [each.witness]:
                raise BadNote("it is another's")
            if known := [key for key in keys if key.name == each.witness and key.kind == COSIGNATURE]:
                verify_note(content, known)
        except BadNote as error:
            faults.note(each.size, f"what {each.witness} signed under the checkpoint of size {each.size}: {error}")


def _compare_tags(log: LogRecorder, rows: _Rows, faults: Faults) -> None:
    """The tags beside the entries must be those in them; positions beyond what was looked at are not asked about."""
    for position in log.strays():
        faults.note(max(position, 1), f"something is kept for the position {position}, at which there is no entry")
        if position < 1:
            return
    kept = [0] * len(rows.tags)
    upto = min(rows.seen, len(kept) * _AT_ONCE - 1)
    for row in log.tag_rows(upto):
        kept[row[2] // _AT_ONCE] += hash(row)
    for place, (one, other) in enumerate(zip(kept, rows.tags, strict=True)):
        if one != other:
            faults.note(*_first_tag_fault(log, place * _AT_ONCE, upto))
            return


def _first_tag_fault(log: LogRecorder, low: int, upto: int) -> tuple[int, str]:
    """Where the tags of the positions from `low` on are wrong first."""
    high = min(low + _AT_ONCE - 1, upto)
    kept: dict[int, set[tuple[str, int]]] = {}
    for tag, kind, position in log.tag_rows(high):
        if position >= low:
            kept.setdefault(position, set()).add((tag, kind))
    told: dict[int, set[tuple[str, int]]] = {}
    for position, kind, _, _, entry in takewhile(lambda row: row[0] <= high, log.rows(max(low - 1, 0))):
        told[position] = {(tag, kind) for tag in _told_tags(entry)}
    first = min(place for place in kept.keys() | told.keys() if kept.get(place, set()) != told.get(place, set()))
    wrong = sorted(tag for tag, _ in kept.get(first, set()) ^ told.get(first, set()))
    return first, f"the tags beside the entry are not those in it: {', '.join(wrong)}"


def _told_tags(entry: bytes) -> list[str]:
    """The tags that an entry tells: the third member of its frame, where nothing is escaped."""
    told = entry.split(b'"', 12)
    return told[11].decode(errors="replace").split() if len(told) > 11 else []
