"""A shadow re-run: what recorded decisions would have been under another charter. Nothing is recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Generic, Protocol, TypeVar

import msgspec
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from api.wiring import Resonance
from workflow.charter.library import learn
from workflow.charter.loader import digest
from workflow.entry import read_envelope
from workflow.shadow.grades import GradeChange
from workflow.shadow.readings import ColourChange
from workflow.shadow.shadow import Shadow

MOST = 1_000
"""Differences that are listed at most; all of them are counted."""


class Change(Protocol):
    @property
    def way(self) -> str: ...


C = TypeVar("C", bound=Change)


class Differences(msgspec.Struct, Generic[C], kw_only=True):
    """Of one kind of decision: `looked_at` were recorded, `differ` would have been different, by `recorded → shadow` in
    `counts`. `rows` lists them, `left_off` were too many."""

    looked_at: int
    differ: int
    counts: dict[str, int]
    rows: list[C]
    left_off: int


class ShadowRun(msgspec.Struct, kw_only=True):
    """What would have differed under a charter: the colours of readings, and the grades of assessments. `position` is
    the last event that was looked at."""

    charter: str
    version: str
    digest: str
    position: int
    colours: Differences[ColourChange]
    grades: Differences[GradeChange]


def shadow_run(resonance: Resonance, text: str, since: date | None = None) -> ShadowRun:
    """Decide again, under the charter of `text`, what is of periods that ended on `since` or later. Raises
    CharterError."""
    charter = learn(text)
    shadow = Shadow(charter, digest(text))
    query = DCBQuery([DCBQueryItem([kind.TOPIC for kind in shadow.listens_to()])])
    head, entries = resonance.log.select(query)
    for entry in entries:
        shadow.follow(read_envelope(entry.bytes).event)
    return ShadowRun(
        charter=charter.id,
        version=charter.version,
        digest=digest(text),
        position=head.position,
        colours=_differences(shadow.colours.looked_at(since), shadow.colours.changes(since)),
        grades=_differences(shadow.grades.looked_at(since), shadow.grades.changes(since)),
    )


def _differences(looked_at: int, changes: Sequence[C]) -> Differences[C]:
    return Differences(
        looked_at=looked_at,
        differ=len(changes),
        counts=dict(sorted(Counter(each.way for each in changes).items())),
        rows=list(changes[:MOST]),
        left_off=max(0, len(changes) - MOST),
    )
