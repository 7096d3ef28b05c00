"""What the command line writes into files is noted as a look, as what is shown over HTTP is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from api.looks import as_asked
from api.wiring import Resonance

SHELL = "shell"
"""The role of whoever works on the command line."""


def note_export(
    app: Resonance,
    files: Sequence[Path],
    actor: str,
    what: str,
    asked: Mapping[str, Sequence[str]],
    shown: int,
    position: int,
) -> None:
    """Note that files were written; if that cannot be noted, they go."""
    try:
        app.looks.note(app.now(), actor, SHELL, what, as_asked(asked.items()), shown, position)
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)
        raise
