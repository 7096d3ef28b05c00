"""The command line: `resonance`. Exit status 0 is yes, 1 no (a check failed, a rule refused), 2 could not be done."""

from __future__ import annotations

from api.cli.data import charter, import_file, token
from api.cli.evidence import keygen, ledger, receipt, verify, witness
from api.cli.exports import export
from api.cli.frame import group
from api.cli.history import audit, rebuild, replay, status
from api.cli.processes import clock, demo, migrate, project, serve

__all__ = ["group", "main"]

COMMANDS = (
    *(demo, migrate, serve, project, clock, ledger, witness),
    *(import_file, charter, token, keygen),
    *(status, replay, rebuild, audit, receipt, verify, export),
)

for command in COMMANDS:
    group.add_command(command)


def main() -> None:
    """The console script."""
    group()
