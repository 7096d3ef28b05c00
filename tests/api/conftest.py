"""What tests of the HTTP interface may ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.demo.loading import Demonstration, SimulatedClock
from api.settings import Settings
from api.wiring import bootstrap
from projections.models import MODELS
from projections.projector import Projector
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


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demonstration organisation, loaded and projected. For looking at only: `demonstration_copy`
    may be changed."""
    folder: Path = tmp_path_factory.mktemp("demonstration")
    clock = SimulatedClock()
    with bootstrap(Settings.read({"RESONANCE_VAR": str(folder)}), now=clock) as wired:
        wired.migrate()
        Demonstration(wired, clock).load()
        Projector(wired.settings.database, wired.log, MODELS).once()
    return folder


@pytest.fixture
def demonstration_copy(demonstration: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demonstration, tmp_path / "demonstration"))
