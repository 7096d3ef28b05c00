"""What was recorded in the demonstration, in its order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.loaded import envelopes, installation
from workflow.entry import Envelope


@pytest.fixture(scope="session")
def history(demonstration: Path) -> list[Envelope]:
    with installation(demonstration) as (wired, _):
        return envelopes(wired)
