"""Searching the log, also backwards: its index goes by tags and types, and what else is wanted is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from eventsourcing.dcb.api import DCBQuery

from workflow.log import Entry, LogRecorder

PAGE = 1_000
MOST_SCANNED = 5_000
"""Entries that are looked through for one page. A page may so be short, and the next one goes on from there."""

Wanted = Callable[[Entry], bool]
"""Whether an entry is among those that are looked for."""

Found = tuple[list[Entry], int | None]
"""Some entries, and the position at which the next page begins to look; None if there is nothing further."""


class Search(NamedTuple):
    """What is looked for: what the index of the log finds, after a position and up to another, as far as it is
    wanted."""

    query: DCBQuery
    after: int
    upto: int
    wanted: Wanted


Order = Literal["newest", "oldest"]


def page_of(log: LogRecorder, search: Search, order: Order, start: int | None, limit: int) -> Found:
    """The first entries of a search in an order, or those that follow on `start`, which the page before gave."""
    query, after, upto, wanted = search
    if order == "newest":
        return newest(log, query, start, upto, wanted, limit, after)
    return oldest(log, query, max(after, start or 0), upto, wanted, limit)


def oldest(log: LogRecorder, query: DCBQuery, after: int | None, upto: int, wanted: Wanted, limit: int) -> Found:
    """Entries after a position and up to another, in the order of the log."""
    found: list[Entry] = []
    start, scanned = after or 0, 0
    while start < upto and scanned < MOST_SCANNED:
        _, entries = log.select(query, after=start, limit=PAGE)
        entries = [entry for entry in entries if entry.position <= upto]
        for entry in entries:
            if wanted(entry):
                found.append(entry)
            if len(found) == limit:
                return found, entry.position
        if len(entries) < PAGE:
            return found, None
        start, scanned = entries[-1].position, scanned + len(entries)
    return found, start if start < upto else None


def newest(
    log: LogRecorder, query: DCBQuery, before: int | None, upto: int, wanted: Wanted, limit: int, after: int = 0
) -> Found:
    """Entries up to a position, before another and after a third, the last one first.

    The log is read in windows of positions, from the end backwards: wider ones while little is found in them, narrower
    ones while more is found than one page holds. A window no wider than a page is always read whole.
    """
    end = min(upto, before - 1) if before is not None else upto
    found: list[Entry] = []
    width, scanned = PAGE, 0
    while end > after and scanned < MOST_SCANNED:
        start = max(after, end - width)
        _, entries = log.select(query, after=start, limit=PAGE)
        entries = [entry for entry in entries if entry.position <= end]
        if len(entries) == PAGE and width > PAGE:
            width = max(PAGE, width // 8)
            continue
        for entry in reversed(entries):
            if wanted(entry):
                found.append(entry)
            if len(found) == limit:
                return found, entry.position
        end, scanned, width = start, scanned + len(entries), width * 4
    return found, end + 1 if end > after else None
