"""What the tests of views share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of an institution that does not exist yet, on SQLite."""
    return f"sqlite:///{tmp_path}/log.sqlite"
