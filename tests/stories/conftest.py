"""What stories may ask for: the demonstration organisation, founded, in an institution of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings
from api.wiring import bootstrap
from tests.api.office import Clock
from tests.stories.demonstration import FOUNDED, Organisation, nine_o_clock


@pytest.fixture
def organisation(database_url: str, tmp_path: Path) -> Iterator[Organisation]:
    """The demonstration organisation on 1 January 2024, once on each kind of database."""
    clock = Clock()
    clock.at = nine_o_clock(FOUNDED)
    settings = Settings.read({"RESONANCE_DATABASE_URL": database_url, "RESONANCE_VAR": str(tmp_path)})
    with bootstrap(settings, now=clock) as wired:
        wired.migrate()
        organisation = Organisation(wired, clock)
        organisation.found()
        yield organisation
