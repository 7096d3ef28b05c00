"""On which line of a TOML text a key stands, well enough to point there: a wrong guess harms nothing."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]
"""A place in the parsed text: keys of tables, and indices of lists."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*=")


def line_numbers(text: str) -> dict[Path, int]:
    """Line numbers, from 1, of the tables' headers and of the keys directly below them."""
    numbers: dict[Path, int] = {}
    lengths: dict[Path, int] = {}  # how many items of each array of tables were seen
    table: Path = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            names = _names(header[2])
            if header[1] == "[[":
                array = (*_inside(names[:-1], lengths), names[-1])
                lengths[array] = lengths.get(array, 0) + 1
                numbers.setdefault(array, number)
            table = _inside(names, lengths)
            numbers.setdefault(table, number)
        elif key := _KEY.match(line):
            numbers.setdefault((*table, *_names(key[1])), number)
    return numbers


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip(" \t\"'") for part in dotted.split("."))


def _inside(names: tuple[str, ...], lengths: dict[Path, int]) -> Path:
    """The path of a table, where the name of an array of tables means its last item so far."""
    path: Path = ()
    for name in names:
        path = (*path, name)
        if path in lengths:
            path = (*path, lengths[path] - 1)
    return path
