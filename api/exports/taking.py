"""The trail taken away: what a search of the log finds, up to a bound, as rows, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from api.trail import PAGE, Order, Search, page_of
from api.wiring import Resonance
from workflow.entry import read_envelope
from workflow.ledger.cosigning import cosigned_note
from workflow.ledger.tree import leaf_hash
from workflow.log import Entry, LogRecorder

COLUMNS = (
    "position",
    "recorded_at",
    "effective",
    "type",
    "actor",
    "approver",
    "reason",
    "tags",
    "data",
    "rule_version",
    "command_id",
    "correlation_id",
    "causation_id",
    "id",
    "leaf_hash",
)
"""What each event says of itself, personal details sealed as they are kept. `leaf_hash` is that of the whole entry in
the ledger's tree: by it, a receipt or a tile proves the row."""


@dataclass
class Taking:
    """The entries of a search, at most so many of them, looked for in so many pages of the log at most.

    When all were read, `rows` says how many there were, and `left_off` how many more were found. It is exact unless
    the log was not read to the end: `whole` says whether it was.
    """

    log: LogRecorder
    search: Search
    order: Order = "newest"
    most: int | None = None
    most_pages: int | None = None
    rows: int = field(init=False, default=0)
    left_off: int = field(init=False, default=0)
    whole: bool = field(init=False, default=True)

    def __iter__(self) -> Iterator[Entry]:
        start: int | None = None
        pages = 0
        while True:
            found, start = page_of(self.log, self.search, self.order, start, PAGE)
            for entry in found:
                if self.most is None or self.rows < self.most:
                    self.rows += 1
                    yield entry
                else:
                    self.left_off += 1
            pages += 1
            if start is None:
                return
            if pages == self.most_pages:
                self.whole = False
                return


class About(msgspec.Struct, kw_only=True):
    """What a file says of itself: of which log it is, up to which position, what was asked for, and who took it away.

    `checkpoint` is the last signed note with its cosignatures, "" while nothing was signed.
    """

    log: str
    position: int
    asked: Mapping[str, Sequence[str]]
    exported_by: str
    role: str
    exported_at: datetime
    checkpoint: str
    signed: int


def about(app: Resonance, position: int, asked: Mapping[str, Sequence[str]], actor: str, role: str) -> About:
    signed = app.ledger.latest()
    return About(
        log=app.log.source,
        position=position,
        asked=asked,
        exported_by=actor,
        role=role,
        exported_at=app.now(),
        checkpoint="" if signed is None else cosigned_note(app.ledger, signed),
        signed=0 if signed is None else signed.size,
    )


def row_of(entry: Entry) -> list[int | str]:
    """The cells of an entry, in the order of COLUMNS."""
    envelope = read_envelope(entry.bytes)
    return [
        entry.position,
        envelope.time,
        envelope.effectivedate,
        envelope.type,
        envelope.actor,
        envelope.approver,
        envelope.reason,
        envelope.tags,
        bytes(envelope.data).decode(),
        envelope.ruleversion,
        envelope.commandid,
        envelope.correlationid,
        envelope.causationid,
        envelope.id,
        leaf_hash(entry.bytes).hex(),
    ]
