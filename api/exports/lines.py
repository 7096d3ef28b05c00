"""The log as lines: the stored CloudEvents, byte for byte, each on a line (JSON Lines)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workflow.log import LogRecorder


def write_lines(
    path: Path,
    log: LogRecorder,
    first: int,
    last: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write the entries from `first` to `last`; how many there were."""
    written = 0
    with path.open("wb") as file:
        for entry in log.entries(first - 1, last):
            file.write(entry.bytes + b"\n")
            written += 1
            if written % 1_000 == 0:
                progress(written, last - first + 1)
    return written
