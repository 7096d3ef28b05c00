"""What tests of the HTTP interface may ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from api.demo.demonstration import Demonstration
from api.demo.loading import Loading
from api.demo.organisations import DEMONSTRATIONS
from api.settings import Settings
from api.simulation import SimulatedClock
from api.wiring import bootstrap
from projections.models import MODELS
from projections.projector import Projector
from tests.api import casework
from tests.api.office import Clock, Office
from tests.api.shell import APPLY, Shell


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


@pytest.fixture
def desk_with_team(desk: Office) -> Office:
    """One with a case team; THIRD has tokens as a supervisor, a recorder and a leader, and is not recused yet."""
    casework.peopled(desk)
    casework.worked(desk)
    for name, role in (("third", "supervisor"), ("clerk", "recorder"), ("leader-third", "leader")):
        casework.token_of(desk, name, role, casework.THIRD)
    desk.project()
    return desk


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demonstration organisation, loaded and projected. For looking at only: `demonstration_copy`
    may be changed."""
    return _loaded(DEMONSTRATIONS["procuratorate"], tmp_path_factory.mktemp("demonstration"))


@pytest.fixture(scope="session")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of the hospital: for looking at only."""
    return _loaded(DEMONSTRATIONS["hospital"], tmp_path_factory.mktemp("hospital"))


def _loaded(demonstration: Demonstration, folder: Path) -> Path:
    clock = SimulatedClock(demonstration.zone, demonstration.first_day)
    with bootstrap(Settings.read({"RESONANCE_VAR": str(folder)}), now=clock) as wired:
        wired.migrate()
        Loading(demonstration, wired, clock).load()
        Projector(wired.settings.database, wired.log, MODELS).once()
    return folder


@pytest.fixture
def demonstration_copy(demonstration: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demonstration, tmp_path / "var"))


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """The command line of an installation that is not there yet."""
    yield from _shell(monkeypatch, tmp_path / "var")


@pytest.fixture
def ready(shell: Shell) -> Shell:
    """A migrated one, with a charter."""
    shell.json("migrate")
    shell.json(*APPLY)
    return shell


@pytest.fixture
def demo(demonstration_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """That of the demonstration organisation, with facts."""
    yield from _shell(monkeypatch, demonstration_copy)


def _shell(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Shell]:
    yield Shell(monkeypatch, folder)
    # What a command says of itself goes to a standard error of its own, which is closed by now.
    structlog.reset_defaults()
