"""The log on an empty database of either kind, raw access to its tables, and other processes that use it too."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.workflow.log import crew as crew_module
from tests.workflow.log.crew import CREW
from workflow.database import Database
from workflow.log import LogRecorder, open_log


@pytest.fixture
def database(database_url: str) -> Database:
    return Database.parse(database_url)


@pytest.fixture
def log(database: Database) -> Iterator[LogRecorder]:
    opened = open_log(database)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def crew() -> Iterator[ProcessPoolExecutor]:
    """`CREW` other processes, which can wait for each other."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        CREW, mp_context=context, initializer=crew_module.join, initargs=(context.Barrier(CREW),)
    ) as executor:
        yield executor
