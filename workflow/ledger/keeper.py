"""The keeper of the ledger: lets the tree grow with the log, and signs a checkpoint for what it covers."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import structlog
from eventsourcing.persistence import PersistenceError
from psycopg_pool import PoolTimeout
from sqlalchemy.exc import DBAPIError

from workflow.entry import microseconds
from workflow.ledger.growing import Growing
from workflow.ledger.notes import Checkpoint, Note, SignerKey
from workflow.ledger.store import LedgerMoved, LedgerStore, Signed
from workflow.ledger.tiles import WIDTH
from workflow.log import LogRecorder

BATCH = 100 * WIDTH
"""Entries that are covered at once, at most."""

PAUSE = 0.5
"""Seconds between two checkpoints while events arrive."""
LONGEST_PAUSE = 30.0
"""Seconds between two attempts while a database does not answer: doubled each time, up to so many."""

UNREACHABLE = (DBAPIError, PersistenceError, PoolTimeout, sqlite3.Error, psycopg.Error)

_logger = structlog.get_logger(__name__)


class LogBehindLedger(Exception):
    """The log ends before the ledger does: an older one was put in its place, or its end was cut off."""


class Keeper:
    """Keeps the ledger of one log. `origin` names the log in its checkpoints.

    Never signs two roots of one size: tiles, head and checkpoint are one transaction, which begins by asking that the
    ledger still stands where it stood when its tiles were read. Nobody sees a note that was not written.
    """

    def __init__(
        self,
        store: LedgerStore,
        log: LogRecorder,
        signer: SignerKey,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._log = log
        self._signer = signer
        self._now = now

    def step(self, most: int = BATCH) -> Signed | None:
        """Cover what the log holds beyond the ledger, at most so many entries; None if there was nothing.

        Raises LogBehindLedger, LedgerMoved.
        """
        before, head = self._store.size(), self._log.head().position
        if head < before:
            raise LogBehindLedger(f"the log holds {head} entries, the ledger covers {before}")
        if head == before:
            return None
        growing = Growing(before, self._store.edge(before))
        growing.add(entry.bytes for entry in self._log.entries(before, min(head, before + most)))
        checkpoint = Checkpoint(self._log.source, growing.size, growing.root())
        text = checkpoint.text()
        note = Note(text, (self._signer.sign(text),)).write()
        signed = Signed(checkpoint.size, checkpoint.root, note, microseconds(self._now()))
        self._store.grow(before, growing.changed, signed, str(self._signer.verifier))
        return signed

    def once(self, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Cover all that is in the log, and stop."""
        head = self._log.head().position
        while signed := self.step():
            progress(min(signed.size, head), head)

    def run(self, stop: threading.Event, after: Callable[[], object] = lambda: None) -> None:
        """Follow the log until `stop` is set, with a checkpoint every `PAUSE` seconds while events arrive.

        `after` is called when there is a new checkpoint, and about once a second when there is none. Goes on beside
        another keeper, and when a database does not answer for a while. Raises LogBehindLedger.
        """
        pause = PAUSE
        while not stop.is_set():
            try:
                grown = self.step() is not None
                after()
                if grown:
                    stop.wait(PAUSE)
                else:
                    self._log.wait(self._store.size(), timeout=1.0, stopped=stop.is_set)
                pause = PAUSE
            except LedgerMoved:
                pass  # the other one has covered what was there
            except UNREACHABLE as error:
                _logger.warning("nothing was signed, to be tried again", error=repr(error), pause=pause)
                stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
