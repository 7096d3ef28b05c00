"""What an audit found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Whether all is well, how much was looked at, and the first counter-example."""

    ok: bool
    checked: int
    first_bad: int | None = None
    detail: str = ""
