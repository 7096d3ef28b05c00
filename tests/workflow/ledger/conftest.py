"""A ledger beside an empty log, on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workflow.database import Database
from workflow.ledger.keeper import Keeper
from workflow.ledger.notes import ED25519, SignerKey
from workflow.ledger.store import LedgerStore
from workflow.log import LogRecorder, open_log

KEY = SignerKey("log.example", ED25519, b"\x01" * 32)


@pytest.fixture
def database(database_url: str) -> Database:
    return Database.parse(database_url)


@pytest.fixture
def log(database: Database) -> Iterator[LogRecorder]:
    opened = open_log(database)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> Iterator[LedgerStore]:
    opened = LedgerStore(database.engine("ledger"))
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def keeper(store: LedgerStore, log: LogRecorder) -> Keeper:
    return Keeper(store, log, KEY)
