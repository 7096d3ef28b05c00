"""Reading a charter's TOML text: every problem at once, each with its place and what is allowed there."""

from __future__ import annotations

import hashlib
import re
import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from workflow.charter.lines import line_numbers
from workflow.charter.model import Charter
from workflow.charter.walk import Problem, Walk

MAX_BYTES = 58_000
"""The most bytes of a charter's text as a JSON string: it is adopted as one event, and an entry has 60,000.
"""

SHIPPED = ("hospital", "procuratorate")


class CharterError(Exception):
    """A text that is no charter. `problems` are all that were found, in the order of the text's sections."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load(path: Path | str) -> Charter:
    """The charter in a file. Raises CharterError, also for a file that cannot be read."""
    return parse(read_text(path), Path(path).name)


def read_text(path: Path | str) -> str:
    """The text of a charter file, UTF-8 with or without a byte order mark. Raises CharterError."""
    source = Path(path).name
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CharterError(Problem(source, None, "", f"bytes that are not UTF-8 ({error})", "UTF-8")) from None
    except (OSError, ValueError) as error:
        raise CharterError(Problem(source, None, "", f"no readable file ({error})", "a TOML file")) from None


def shipped(name: str) -> str:
    """The text of a charter that comes with Resonance. Raises KeyError for a name not in SHIPPED."""
    if name not in SHIPPED:
        raise KeyError(name)
    return files("workflow.charter").joinpath("shipped", f"{name}.toml").read_text("utf-8")


def digest(text: str) -> str:
    """`sha256:` and the hex digest of the text's UTF-8 bytes. Raises CharterError for a text without any."""
    try:
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise CharterError(Problem("charter", None, "", f"a lone surrogate ({error})", "UTF-8")) from None


def parse(text: str, source: str) -> Charter:
    """The charter that `text` is. `source` names it in problems. Raises CharterError, and nothing else."""
    _check_size(text, source)
    walk = Walk(_toml(text, source), source, line_numbers(text))
    charter = walk.charter()
    if charter is None:
        raise CharterError(*walk.problems)
    return charter


def _check_size(text: str, source: str) -> None:
    try:
        size = len(msgspec.json.encode(text))
    except UnicodeEncodeError as error:
        raise CharterError(Problem(source, None, "", f"a lone surrogate ({error})", "UTF-8")) from None
    if size > MAX_BYTES:
        raise CharterError(Problem(source, None, "", f"{size:,} bytes", f"at most {MAX_BYTES:,} as a JSON string"))


def _toml(text: str, source: str) -> dict[str, Any]:
    """Fractions become Decimal, never float: a threshold of 0.95 means 0.95."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        # Not only TOMLDecodeError: numbers beyond int or Decimal, and tables nested a thousand deep.
        place = re.search(r"at line (\d+)", str(error))
        found = f"a syntax error: {error}" if str(error) else f"a syntax error: {type(error).__name__}"
        line = int(place[1]) if place else None
        raise CharterError(Problem(source, line, "", found, "a TOML 1.0 document")) from None
