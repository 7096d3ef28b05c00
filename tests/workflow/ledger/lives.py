"""What other processes do in the tests of the ledger."""

from __future__ import annotations

import os
import signal
from typing import Any

from sqlalchemy import event

from tests.workflow.ledger.conftest import signing_of
from workflow.database import Database
from workflow.ledger.keeper import Keeper
from workflow.ledger.signing import SigningKeys
from workflow.ledger.store import LedgerMoved, LedgerStore
from workflow.log import open_log


def cover(database: Database, most: int) -> int:
    """Cover the log, so many entries at once, beside others who do; how many checkpoints were signed here."""
    log, store = open_log(database), LedgerStore(database.engine("ledger"))
    keeper, signed = Keeper(store, log, signing_of(database)), 0
    while True:
        try:
            if keeper.step(most) is None:
                return signed
            signed += 1
        except LedgerMoved:
            pass


def cover_until(database: Database, step: int) -> None:
    """Cover the log, but die at the `step`-th thing that is done to the databases of the ledger and its keys."""
    log, store, keys = open_log(database), LedgerStore(database.engine("ledger")), database.engine("keys")
    done = 0

    def die_at(*_: Any, **__: Any) -> None:
        nonlocal done
        done += 1
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(store.engine, moment, die_at)
        event.listen(keys, moment, die_at)
    Keeper(store, log, SigningKeys(keys)).step()
