"""docs/tour.md: each command of the tour is run on the demonstration, and must answer what is written there.

`…` stands for whatever comes there: on a line by itself for any lines, within a line for anything.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from flask import Flask

from api.app import create_app
from api.demo.procuratorate.demonstration import PROCURATORATE
from api.settings import Settings
from api.wiring import bootstrap
from tests.api.shell import Shell

TOUR = Path(__file__).parent.parent.parent / "docs/tour.md"
PRETTY = " | python3 -m json.tool --no-ensure-ascii"


class Command(NamedTuple):
    """What is typed, and what the tour says that is answered."""

    line: int
    typed: str
    answer: str


def commands(text: str) -> Iterator[Command]:
    """The commands of the tour in their order; a line that ends with a backslash goes on."""
    for block in re.finditer(r"^```console\n(.*?)^```$", text, re.M | re.S):
        line = text.count("\n", 0, block.start()) + 2
        for part in re.split(r"^\$ ", block[1], flags=re.M)[1:]:
            typed, _, answer = re.sub(r"\\\n\s*", "", part).partition("\n")
            yield Command(line, typed, answer)
            line += part.count("\n")


class Visitor:
    """Types the commands, one after the other, with what they set aside for later."""

    def __init__(self, shell: Shell, app: Flask, told: dict[str, str]) -> None:
        self._shell = shell
        self._client = app.test_client()
        self._variables = told

    def type(self, typed: str) -> str:
        name, equals, rest = typed.partition("=$(")
        if equals and name.isidentifier():
            self._variables[name] = json.loads(self.type(rest.partition(" | ")[0]))["token"]
            return ""
        pretty = typed.endswith(PRETTY)
        words = shlex.split(re.sub(r"\$(\w+)", lambda m: self._variables[m[1]], typed.removesuffix(PRETTY)))
        if words[0] in ("cp", "python3"):
            return subprocess.run(words, check=True, capture_output=True, text=True).stdout
        if words[0].startswith("RESONANCE_VAR="):
            with pytest.MonkeyPatch.context() as elsewhere:
                elsewhere.setenv("RESONANCE_VAR", words[0].partition("=")[2])
                return self._resonance(words[2:])
        if words[0] == "resonance":
            return self._resonance(words[1:])
        assert words[0] == "curl", typed
        body = self._curl(words[1:])
        return json.dumps(json.loads(body), indent=4, ensure_ascii=False) + "\n" if pretty else body

    def _resonance(self, words: list[str]) -> str:
        ran = self._shell(*words)
        return ran.said + ran.complained

    def _curl(self, words: list[str]) -> str:
        given: dict[str, Any] = {"method": "GET", "headers": []}
        url, out = "", ""
        while words:
            word = words.pop(0)
            if word == "-H":
                given["headers"].append(tuple(words.pop(0).split(": ", 1)))
            elif word == "-d":
                given |= {"method": "POST", "data": words.pop(0).encode()}
            elif word == "-o":
                out = words.pop(0)
            elif not word.startswith("-"):
                url = word
        parts = urlsplit(url)
        response = self._client.open(f"{parts.path}?{parts.query}", **given)
        if out:
            Path(out).write_bytes(response.data)
            return ""
        return response.get_data(as_text=True)


def as_pattern(answer: str) -> re.Pattern[str]:
    lines = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*?") + r"\n"
        for line in answer.splitlines()
    ]
    return re.compile("".join(lines))


@pytest.fixture
def visitor(demo: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """A visitor of the demonstration, who was told its logins, and whose ledger was signed."""
    demo.json("keygen")
    demo.json("ledger", "--once")
    monkeypatch.chdir(tmp_path)
    with bootstrap(Settings.read({"RESONANCE_VAR": str(demo.folder)})) as wired:
        persons = PROCURATORATE.persons
        told = {"base": "http://127.0.0.1:8000"}
        for user, role in PROCURATORATE.logins.items():
            told[role] = wired.tokens.issue(user, role, persons.get(user)).token
        yield Visitor(demo, create_app(resonance=wired), told)


def test_the_tour_is_true(visitor: Visitor):
    wrong = []
    for command in commands(TOUR.read_text("utf-8")):
        said = visitor.type(command.typed)
        if not as_pattern(command.answer).fullmatch(said):
            wrong.append(f"docs/tour.md:{command.line}: {command.typed}\n{said}")
    assert not wrong, "\n\n".join(wrong)
