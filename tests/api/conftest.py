"""What tests of the HTTP interface may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings
from api.wiring import bootstrap
from tests.api.office import Clock, Office


def _office(url: str, folder: Path) -> Iterator[Office]:
    clock = Clock()
    with bootstrap(Settings.read({"RESONANCE_DATABASE_URL": url, "RESONANCE_VAR": str(folder)}), now=clock) as wired:
        wired.migrate()
        yield Office(wired, clock)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office without any history, once on each kind of database."""
    yield from _office(database_url, tmp_path)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    """The same on SQLite only: for what is above the database."""
    yield from _office(f"sqlite:///{tmp_path}/log.sqlite", tmp_path)
