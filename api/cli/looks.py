"""What the command line writes into files is noted as a look before a byte is written, as what HTTP shows is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.looks import as_asked
from api.wiring import Resonance

SHELL = "shell"
"""The role of whoever works on the command line."""


def note_export(
    app: Resonance, actor: str, what: str, asked: Mapping[str, Sequence[str]], shown: int, position: int
) -> None:
    """Note what is going to be written into files. Whoever is killed then has looked at less than is noted."""
    app.looks.note(app.now(), actor, SHELL, what, as_asked(asked.items()), shown, position)
