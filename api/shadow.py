"""A shadow re-run: what recorded decisions would have been under another charter. Nothing is recorded."""

from __future__ import annotations

from datetime import date

import msgspec
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from api.wiring import Resonance
from workflow.charter.library import learn
from workflow.charter.loader import digest
from workflow.entry import read_envelope
from workflow.shadow import ColourChange, Shadow

MOST = 1_000
"""Differences that are listed at most; all of them are counted."""


class ShadowRun(msgspec.Struct, kw_only=True):
    """What would have differed under a charter: `looked_at` readings, of which `differ` would have another colour or
    another rule, by `recorded → shadow` colour in `counts`. `colours` lists them by reading, `left_off` were too many.
    `position` is the last event that was looked at."""

    charter: str
    version: str
    digest: str
    position: int
    looked_at: int
    differ: int
    counts: dict[str, int]
    colours: list[ColourChange]
    left_off: int


def shadow_run(resonance: Resonance, text: str, since: date | None = None) -> ShadowRun:
    """Judge all readings of periods that ended on `since` or later under the charter of `text`. Raises CharterError."""
    charter = learn(text)
    resonance.today()  # which reads the texts that were published since the last look
    shadow = Shadow(charter, digest(text))
    query = DCBQuery([DCBQueryItem([kind.TOPIC for kind in shadow.listens_to()])])
    head, entries = resonance.log.select(query)
    for entry in entries:
        shadow.follow(read_envelope(entry.bytes).event)
    colours = shadow.colours(since)
    counts: dict[str, int] = {}
    for each in colours:
        way = f"{each.colour} → {each.shadow_colour}"
        counts[way] = counts.get(way, 0) + 1
    return ShadowRun(
        charter=charter.id,
        version=charter.version,
        digest=digest(text),
        position=head.position,
        looked_at=shadow.looked_at(since),
        differ=len(colours),
        counts=dict(sorted(counts.items())),
        colours=colours[:MOST],
        left_off=max(0, len(colours) - MOST),
    )
