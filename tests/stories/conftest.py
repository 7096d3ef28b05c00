"""What stories may ask for: the demonstration organisation, founded, in an institution of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.demonstration import Organisation, founded


@pytest.fixture
def organisation(database_url: str, tmp_path: Path) -> Iterator[Organisation]:
    """The demonstration organisation on 1 January 2024, once on each kind of database."""
    with founded(database_url, tmp_path) as organisation:
        yield organisation
