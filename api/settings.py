"""Settings: what an installation says about itself, in environment variables `RESONANCE_*`."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from workflow.database import BadDatabaseURL, Database
from workflow.ledger.cosigning import KnownWitness

Environment = Literal["development", "production"]

PREFIX = "RESONANCE_"


class BadSettings(ValueError):
    """Settings that cannot be used; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """`var` is the folder of what is not in a database; `keys` is the database of personal keys, kept apart from the
    log's if it is another one; `bind` is where `serve` listens; `witnesses` cosign the ledger."""

    var: Path
    database: Database
    keys: Database
    env: Environment = "development"
    bind: str = "127.0.0.1:8000"
    witnesses: Sequence[KnownWitness] = ()

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Raises BadSettings, which names everything that is wrong, not only the first of it."""
        problems = _unknown(environment)

        def setting(name: str, default: str, parse: Callable[[str], Any]) -> Any:
            text = environment.get(PREFIX + name, "").strip() or default
            try:
                return parse(text)
            except ValueError as error:
                problems.append(f"{PREFIX}{name}: {error}")
                return None

        var = setting("VAR", "var", Path)
        url = setting("DATABASE_URL", f"sqlite:///{var}/log.sqlite", _url)
        keys = setting("KEYS_URL", url or f"sqlite:///{var}/log.sqlite", _url)
        env = setting("ENV", "development", _environment)
        bind = setting("BIND", "127.0.0.1:8000", _bind)
        witnesses = setting("WITNESSES", "", _witnesses)
        if problems:
            raise BadSettings(problems)
        return cls(var, Database.parse(url), Database.parse(keys), env, bind, witnesses)


KNOWN = ("VAR", "DATABASE_URL", "KEYS_URL", "ENV", "BIND", "WITNESSES")


def _unknown(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each variable with our prefix that nothing reads: most of them are slips of the pen."""
    sentences = []
    for name in sorted(environment):
        if name.startswith(PREFIX) and (short := name.removeprefix(PREFIX)) not in KNOWN:
            close = difflib.get_close_matches(short, KNOWN, n=1)
            meant = f"did you mean {PREFIX}{close[0]}?" if close else f"known are {', '.join(KNOWN)}"
            sentences.append(f"{name}: there is no such setting; {meant}")
    return sentences


def _url(text: str) -> str:
    try:
        Database.parse(text)
    except BadDatabaseURL as error:
        raise ValueError(str(error)) from None
    return text


def _witnesses(text: str) -> Sequence[KnownWitness]:
    return [KnownWitness.parse(each) for each in text.split(",") if each.strip()]


def _environment(text: str) -> str:
    if text not in get_args(Environment):
        raise ValueError(f"{text!r} is neither {' nor '.join(get_args(Environment))}")
    return text


def _bind(text: str) -> str:
    found = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})", text)
    if found is None or int(found[2]) > 65535:
        raise ValueError(f"{text!r} is no HOST:PORT")
    return text
