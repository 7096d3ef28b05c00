"""Writing a whole generation that nobody reads yet: in one transaction, each row once if possible, indexes last.

For a long log a process of its own does the writing, so that it goes on beside the reading and folding of events.
"""

from __future__ import annotations

import marshal
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection, Pipe
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from projections.facts import Facts, FactTable, ReadModel, Row
from projections.store import CHECKPOINT, REFUSED_BY_DATABASE, as_csv, end_sql, ended_rows, insert_sql
from projections.tables import quoted
from workflow.database import Database

Statement = tuple[str, str, Sequence[Any] | bytes]
"""How (`one`, `many`, `copy` or `commit`), the SQL, and the parameters, rows or text to copy."""


class BulkRefused(Exception):
    """The database does not take a value. Which event it comes from cannot be told any more."""


class Bulk:
    """Writes the facts of a generation at `part` of a database. It is not there before `finish` has returned."""

    def __init__(self, database: Database, part: str, aside: bool) -> None:
        """`aside`: in a process of its own. Rows are then written some time after they were given."""
        self._engine = database.engine(part)
        self._sqlite = self._engine.dialect.name == "sqlite"
        self._writing: _Here | _Aside = _Aside(database, part) if aside else _Here(self._engine)
        self._ended: dict[FactTable, list[Row]] = {}
        if self._sqlite:
            # An unfinished build is thrown away, never rolled back.
            self._do("one", "PRAGMA journal_mode = OFF")

    def create(self, models: Iterable[ReadModel]) -> None:
        """Create empty tables."""
        self._define(CreateTable(CHECKPOINT))
        for model in models:
            for table in model.tables:
                self._define(CreateTable(table.table))
                if not self._sqlite:  # where rows are stored as they come, an index can be made afterwards
                    self._do("one", f"ALTER TABLE {quoted(table.name)} DROP CONSTRAINT {quoted(f'{table.name}_pkey')}")

    def insert(self, table: FactTable, rows: Sequence[Any]) -> None:
        if self._sqlite:
            self._do("many", insert_sql(table, self._sqlite), rows)
            return
        try:
            text = as_csv(rows)
        except (TypeError, ValueError, OverflowError) as error:
            raise BulkRefused(str(error)) from error
        self._do("copy", insert_sql(table, self._sqlite), text)

    def write(self, facts: Facts, upto: int) -> None:
        """Write the rows opened up to a position. What is closed after it was written is noted at the end."""
        for table, new, ended in facts.unwritten(upto):
            if ended:
                self._ended.setdefault(table, []).extend(ended_rows(table, ended))
            if new:
                self.insert(table, new)
        facts.wrote(upto)

    def finish(self, models: Iterable[ReadModel], positions: Mapping[str, int], now: datetime) -> None:
        """Create the indexes, note how far each read model goes, and commit. Raises BulkRefused."""
        for model in models:
            for table in model.tables:
                if not self._sqlite:
                    key = ", ".join(map(quoted, table.primary))
                    self._do("one", f"ALTER TABLE {quoted(table.name)} ADD PRIMARY KEY ({key})")
                if table in self._ended:
                    self._do("many", end_sql(table, self._sqlite), self._ended[table])
                for index in table.indexes:
                    self._define(CreateIndex(index))
            row = (model.name, model.version, positions[model.name], "live", None, None, now.isoformat())
            marks = ", ".join(["?" if self._sqlite else "%s"] * len(row))
            self._do("one", f"INSERT INTO checkpoint VALUES ({marks})", row)
        self._do("commit", "")
        if self._sqlite:
            self._do("one", "PRAGMA journal_mode = WAL")
        else:
            tables = [CHECKPOINT.name, *(table.name for model in models for table in model.tables)]
            self._do("one", f"ANALYZE {', '.join(map(quoted, tables))}")  # not the log, which is in the same database
            self._do("commit", "")
        self._writing.finish()

    def close(self) -> None:
        self._writing.close()
        self._engine.dispose()

    def _define(self, statement: ExecutableDDLElement) -> None:
        self._do("one", str(statement.compile(self._engine)))

    def _do(self, how: str, sql: str, rows: Sequence[Any] | bytes = ()) -> None:
        self._writing.do((how, sql, rows))


class _Here:
    """Statements are executed at once."""

    def __init__(self, engine: Engine) -> None:
        self._pooled = engine.raw_connection()

    def do(self, statement: Statement) -> None:
        try:
            _execute(self._pooled.driver_connection, statement)
        except (*REFUSED_BY_DATABASE, OverflowError) as error:
            raise BulkRefused(str(error)) from error

    def finish(self) -> None:
        pass

    def close(self) -> None:
        self._pooled.close()


class _Aside:
    """Statements are executed one after the other in another process."""

    def __init__(self, database: Database, part: str) -> None:
        # A fresh interpreter: a fork would bring along the locks of threads and the connections to databases, and
        # multiprocessing would run the caller's main module once more.
        self._pipe, theirs = Pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from projections.bulk import work_off; work_off({theirs.fileno()})"],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(os.path.abspath(each) for each in sys.path)},
        )
        theirs.close()
        self._pipe.send((database, part))

    def do(self, statement: Statement) -> None:
        try:
            message = marshal.dumps(statement, 2)  # type: ignore[arg-type]  # it refuses what no database keeps
        except ValueError as error:
            raise BulkRefused(str(error)) from error
        try:
            self._pipe.send_bytes(message)
        except ConnectionError:
            self.finish()

    def finish(self) -> None:
        with suppress(ConnectionError):
            self._pipe.send_bytes(b"")
        try:
            error = self._pipe.recv()
        except (EOFError, ConnectionError):
            raise RuntimeError(f"the writing process ended with {self._process.wait()}") from None
        if error is not None:
            raise error

    def close(self) -> None:
        self._pipe.close()
        self._process.wait()


def work_off(descriptor: int) -> None:
    """The process that writes. It ends with an answer, an error or None, or silently when the other one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other one decides
    pipe: Connection[Any, Any] = Connection(descriptor)
    database, part = pipe.recv()
    here = _Here(database.engine(part))
    answer: Exception | None = None
    with suppress(EOFError, ConnectionError):
        while given := pipe.recv_bytes():
            try:
                here.do(marshal.loads(given))
            except Exception as error:
                answer = error
                break
        here.close()
        pipe.send(answer)


def _execute(driver: Any, statement: Statement) -> None:
    how, sql, rows = statement
    if how == "commit":
        driver.commit()
    elif how == "one":
        driver.execute(sql, rows)
    elif how == "many":
        driver.cursor().executemany(sql, rows)
    else:
        with driver.cursor() as cursor, cursor.copy(sql) as copy:
            copy.write(rows)
