"""docs/rules.md: every test that it names is there, and every key of the charter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workflow.charter.loader import shipped

ROOT = Path(__file__).parent.parent
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/rules.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| Rule ")
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_rule_has_its_charter_key_its_test_and_its_source(row: list[str]):
    rule, keys, tests, source = row
    assert rule
    assert source in ("report", "practice", "system")
    for test in re.findall(r"`([^`]+)`", tests):
        file, _, name = test.partition("::")
        assert re.search(rf"^ *def {re.escape(name)}\(", (ROOT / file).read_text("utf-8"), re.M), test
    assert tests.startswith("`")
    for key in re.findall(r"`([^`]+)`", keys):
        section, *path = key.split(".")
        text = shipped("procuratorate")
        assert re.search(rf"^\[+{re.escape(section)}\b", text, re.M), key
        assert not path or re.search(rf"\b{re.escape(path[-1])}\b", text), key
