"""A ledger beside an empty log, on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workflow.database import Database
from workflow.ledger.keeper import Keeper
from workflow.ledger.notes import ED25519, Checkpoint, Signature, SignerKey, VerifierKey
from workflow.ledger.signing import SigningKeys
from workflow.ledger.store import LedgerStore
from workflow.log import LogRecorder, open_log

SEED = b"\x01" * 32
KEY = SignerKey("log.example", ED25519, SEED)


class Thief:
    """Signs whatever there is, as somebody does who has the key, and not what is remembered beside it."""

    def __init__(self, key: SignerKey) -> None:
        self._key = key

    def last(self) -> None:
        return None

    def sign(self, checkpoint: Checkpoint) -> tuple[Signature, VerifierKey]:
        return self._key.sign(checkpoint.text()), self._key.verifier


def signing_of(database: Database) -> SigningKeys:
    """The key store of a log, which holds `KEY`."""
    return SigningKeys(database.engine("keys"))


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
def signing(database: Database) -> SigningKeys:
    keys = signing_of(database)
    keys.migrate()
    keys.make(KEY.verifier.name, seed=SEED)
    return keys


@pytest.fixture
def keeper(store: LedgerStore, log: LogRecorder, signing: SigningKeys) -> Keeper:
    return Keeper(store, log, signing)
