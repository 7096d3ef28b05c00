"""A lease: one process at a time does this work for an institution, and whoever dies leaves it to the next."""

from __future__ import annotations

import fcntl
import os
from types import TracebackType

import psycopg

from workflow.database import Database


class LeaseTaken(Exception):
    """Another process does this work."""


class Lease:
    """The right to do one kind of `work`: a lock on a file beside the log, or an advisory lock of a PostgreSQL session.

    The operating system, or the server, gives it back when its holder dies. Facts do not depend on it (a checkpoint
    that moved stops the second one), it only keeps two from doing the same work in vain.
    """

    def __init__(self, database: Database, work: str) -> None:
        self._database = database
        self._work = work
        self._file: int | None = None
        self._session: psycopg.Connection[tuple[bool]] | None = None

    def take(self) -> bool:
        """Take the lease if nobody has it; whether it is ours now."""
        if self._database.path is not None:
            return self._take_file(os.fspath(self._database.path.with_name(f"{self._work}.lock")))
        return self._take_session(f"resonance {self._work} {self._database.schema}")

    def _take_file(self, path: str) -> bool:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def _take_session(self, name: str) -> bool:
        session: psycopg.Connection[tuple[bool]] = psycopg.connect(self._database.url, autocommit=True)
        row = session.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name]).fetchone()
        if row is None or not row[0]:
            session.close()
            return False
        self._session = session
        return True

    def give_back(self) -> None:
        if self._file is not None:
            os.close(self._file)
        if self._session is not None:
            self._session.close()
        self._file = self._session = None

    def __enter__(self) -> Lease:
        """Raises LeaseTaken."""
        if not self.take():
            raise LeaseTaken(f"another process holds the {self._work} lease")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()
