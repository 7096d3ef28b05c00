"""A shell in which commands of the command line are run, one installation each."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from api.cli import group
from workflow.database import Database

EVENTS = 2339
"""How many the demonstration has."""

OPENING = ["--effective", "2024-01-01", "--actor", "A", "--approver", "B", "--reason", "first"]
APPLY = ["charter", "apply", "procuratorate", *OPENING]


class Answer(NamedTuple):
    status: int
    said: str
    complained: str

    @property
    def json(self) -> Any:
        return json.loads(self.said)


class Shell:
    """Runs commands in one installation."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        for name in [name for name in os.environ if name.startswith("RESONANCE_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("RESONANCE_VAR", str(folder))
        self.folder, self.monkeypatch = folder, monkeypatch
        self.database = Database.parse(f"sqlite:///{folder}/log.sqlite")

    def __call__(self, *arguments: object) -> Answer:
        result = CliRunner().invoke(group, [str(each) for each in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    def json(self, *arguments: object) -> Any:
        """What a command answers that succeeds."""
        answer = self(*arguments, "--json")
        assert answer.status == 0, answer
        return answer.json

    def falsify(self, file: str, statement: str) -> None:
        with sqlite3.connect(self.folder / file) as connection:
            assert connection.execute(statement).rowcount == 1
        connection.close()
