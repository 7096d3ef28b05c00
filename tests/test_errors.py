"""docs/errors.md lists every code with which a command is refused, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LISTED = re.findall(r"^\| `([a-z_.]+)` \|", (ROOT / "docs/errors.md").read_text("utf-8"), re.M)


@cache
def patterns() -> list[str]:
    """What stands as the code of a refusal in the source: a regular expression, where a part of it is filled in."""
    found = {each for file in sorted((ROOT / "workflow").rglob("*.py")) for each in _codes(ast.parse(file.read_text()))}
    return sorted(found)


def _codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") == "one":
            continue  # the latter looks up an item of a section
        for number, code in enumerate(node.args):  # a function that refuses may be given its code
            if isinstance(code, ast.Constant) and re.fullmatch(r"(?!workflow)[a-z_]+\.[a-z_]+", str(code.value)):
                yield re.escape(str(code.value))
            elif isinstance(code, ast.JoinedStr) and number == 0 and getattr(node.func, "id", "") == "Refused":
                yield "".join(
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+" for part in code.values
                )


@cache
def asserted() -> set[str]:
    """The codes that tests expect of a refused command."""
    sources = [file.read_text("utf-8") for file in sorted((ROOT / "tests").rglob("*.py"))]
    return {code for source in sources for code in re.findall(r"\.refused\(\"([a-z_.]+)\"\)", source)}


def test_each_code_is_listed_once():
    assert len(LISTED) == len(set(LISTED))
    assert sorted(LISTED) == LISTED


@pytest.mark.parametrize("pattern", patterns())
def test_a_code_of_the_source_is_listed(pattern: str):
    assert any(re.fullmatch(pattern, code) for code in LISTED), pattern


@pytest.mark.parametrize("code", sorted(asserted() - {"bell.cracked", "seat.taken", "seat.second"}))
def test_a_code_that_a_test_expects_is_listed(code: str):
    assert code in LISTED


@pytest.mark.parametrize("code", LISTED)
def test_a_code_that_is_listed_is_in_the_source(code: str):
    telling = [pattern for pattern in patterns() if re.search(r"[a-z]{3}", pattern.replace("[a-z_]+", ""))]
    assert code in asserted() or any(re.fullmatch(pattern, code) for pattern in telling)
