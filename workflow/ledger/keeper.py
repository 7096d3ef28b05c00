"""The keeper of the ledger: lets the tree grow with the log, and signs a checkpoint for what it covers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

import structlog

from workflow.database import FAILURES
from workflow.entry import microseconds
from workflow.ledger.growing import Growing
from workflow.ledger.notes import Checkpoint, Note, Signature, VerifierKey
from workflow.ledger.signing import SignedOtherwise
from workflow.ledger.store import LedgerMoved, LedgerStore, Signed
from workflow.ledger.tiles import WIDTH
from workflow.log import LogRecorder

BATCH = 100 * WIDTH
"""Entries that are covered at once, at most."""

PAUSE = 0.5
"""Seconds between two checkpoints while events arrive."""
LONGEST_PAUSE = 30.0
"""Seconds between two attempts while a database does not answer: doubled each time, up to so many."""

_logger = structlog.get_logger(__name__)


class NotAsSigned(Exception):
    """The log or its ledger is not what was signed: an older one was put in its place, or what it holds was changed."""


class Signing(Protocol):
    """Signs checkpoints, and remembers the last one: `SigningKeys`."""

    def last(self) -> Checkpoint | None: ...

    def sign(self, checkpoint: Checkpoint) -> tuple[Signature, VerifierKey]: ...


class Keeper:
    """Keeps the ledger of one log, and signs with `signing` what it covers.

    Never signs two roots of one size. First it is written down with the key what is signed; then tiles, head and
    checkpoint are written in one transaction, which begins by asking that the ledger still stands where it stood when
    its tiles were read. Whoever finds that more was signed than the ledger covers, because one was killed in between or
    the ledger was put back, covers just that much and comes to the same root, or goes no further. Nobody sees a note
    that was not written.
    """

    def __init__(
        self,
        store: LedgerStore,
        log: LogRecorder,
        signing: Signing,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._log = log
        self._signing = signing
        self._now = now

    def step(self, most: int = BATCH) -> Signed | None:
        """Cover what the log holds beyond the ledger, at most so many entries; None if there was nothing.

        Raises NotAsSigned, LedgerMoved, NoSigningKey.
        """
        last, (before, newest), head = self._signing.last(), self._store.signed(), self._log.head().position
        if before != newest:
            raise NotAsSigned(
                f"the ledger says that it covers {before} entries, and its last checkpoint is of {newest}"
            )
        covered = max(before, last.size if last else 0)
        if head < covered:
            raise NotAsSigned(f"the log holds {head} entries, and {covered} were signed")
        if head == before:
            return None
        growing = Growing(before, self._store.edge(before))
        self._must_be_signed(growing)
        upto = covered if covered > before else min(head, before + most)
        growing.add(entry.bytes for entry in self._log.entries(before, upto))
        checkpoint = Checkpoint(self._log.source, growing.size, growing.root())
        if last is not None and last.size == checkpoint.size and last != checkpoint:
            raise NotAsSigned(f"the first {last.size} entries are not those that were signed")
        try:
            signature, key = self._signing.sign(checkpoint)
        except SignedOtherwise as error:
            raise LedgerMoved(str(error)) from None
        note = Note(checkpoint.text(), (signature,)).write()
        signed = Signed(checkpoint.size, checkpoint.root, note, microseconds(self._now()))
        self._store.grow(before, growing.filled | growing.edge, signed, str(key))
        return signed

    def _must_be_signed(self, growing: Growing) -> None:
        """Raises NotAsSigned if the tiles that the tree grows from do not make the root that was signed."""
        kept = self._store.latest(growing.size)
        if growing.size and (kept is None or (kept.size, kept.root) != (growing.size, growing.root())):
            raise NotAsSigned(f"the tiles of the ledger do not make the tree that was signed at {growing.size} entries")

    def once(self, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Cover all that is in the log, and stop."""
        head = self._log.head().position
        while True:
            try:
                if (signed := self.step()) is None:
                    return
            except LedgerMoved:
                continue  # another one has covered what was there
            progress(min(signed.size, head), head)

    def run(self, stop: threading.Event) -> None:
        """Follow the log until `stop` is set, with a checkpoint every `PAUSE` seconds while events arrive.

        Goes on beside another keeper, and when a database does not answer for a while. Raises NotAsSigned.
        """
        pause = PAUSE
        while not stop.is_set():
            try:
                if self.step() is not None:
                    stop.wait(PAUSE)
                else:
                    self._log.wait(self._store.size(), timeout=1.0, stopped=stop.is_set)
                pause = PAUSE
            except LedgerMoved:
                pass  # the other one has covered what was there
            except FAILURES as error:
                _logger.warning("nothing was signed, to be tried again", error=repr(error), pause=pause)
                stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
