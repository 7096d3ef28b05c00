"""The command line: `resonance`. Exit status 0 is yes, 1 no (a check failed, a rule refused), 2 could not be done."""

from __future__ import annotations

from api.cli.data import charter, import_file, token
from api.cli.frame import group
from api.cli.history import audit, rebuild, replay, status
from api.cli.processes import clock, demo, migrate, project, serve

__all__ = ["group", "main"]

for command in (migrate, demo, serve, project, clock, import_file, charter, token, replay, rebuild, status, audit):
    group.add_command(command)


def main() -> None:
    """The console script."""
    group()
