"""Nothing local is in the code: what one organisation calls its units, posts and people stands in its charter alone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from workflow.charter import SHIPPED, Charter, parse, shipped

ROOT = Path(__file__).parent.parent
SOURCES = [
    file
    for part in ("workflow", "projections", "api")
    for file in sorted((ROOT / part).rglob("*.py"))
    if "demo" not in file.relative_to(ROOT).parts
]

TELLING = re.compile(
    "communis|prosecut|procurat|physician|patient|nurse|检察|党|纪委|医院|病区|患者|护士|支部|"
    r"\b(?:party|ward|wards|hospital|vanguard)\b"
)
"""What tells of one organisation wherever it stands: in a name, a text or a comment. A petitioner does not: that is our
word for whoever outside brings a matter, in a hospital somebody who complains."""

ALLOWED = {
    # general concepts of the glossary, which our own model has whatever an organisation is
    "institution": "the whole that a log belongs to",
    "department": "the unit on the one side of a grid; what stands on the other is its group",
    "service": "being in service, or a service in the technical sense",
    # words of roles, which are the code's own six
    "admin": "a role",
    "clerk": "who records; the role is the recorder",
    "administrator": "who runs the installation",
    # plain words that some charter takes for an id
    "integrity": "that of a database, whose errors are called so, and of the log",
    "full": "a plain word",
    "member": "a rank of posts, which the model has",
    "handler": "what handles an event",
    "line": "a line of the chain, which the model has",
    "learning": "what somebody does who is led by a mentor",
    "quality": "a quality of the charter's section of that name",
    "business": "the roles that do business here, unlike those that run the installation",
    "safe": "a plain word",
    "kind": "a plain word",
}
"""Ids of the shipped charters that the code may say, and why."""

SHIPPED_NAMES = {("workflow/charter/loader.py", name) for name in SHIPPED}
"""Where the charters that are shipped are called by their names."""


@cache
def charters() -> tuple[Charter, ...]:
    return tuple(parse(shipped(name), name) for name in SHIPPED)


def ids_of(charter: Charter) -> set[str]:
    """What a charter calls its kinds of units, posts and people, its lines, levels, brands and qualities."""
    sections = (
        *(charter.lines, charter.unit_kinds, charter.post_kinds, charter.personnel_classes, charter.membership_kinds),
        *(charter.chain, charter.ex_officio, charter.honours),
        charter.brands.levels if charter.brands else (),
        charter.qualities.items if charter.qualities else (),
    )
    return {each.id for section in sections for each in section}


LOCAL = sorted({id for charter in charters() for id in ids_of(charter)})


@cache
def words_of(file: Path) -> dict[str, int]:
    """Each word and each name of a file, names with their parts, and the line where it first stands."""
    found: dict[str, int] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        for name in re.findall(r"[a-z]+(?:_[a-z]+)*", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", line).lower()):
            for word in (name, *name.split("_")):
                found.setdefault(word, number)
    return found


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_word_of_one_organisation_is_in_the_code(file: Path):
    where = str(file.relative_to(ROOT))
    told = [
        f"{where}:{number}: {word}"
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        for word in TELLING.findall(re.sub(r"\brepetition", "", line.lower()))
        if not any((where, name) in SHIPPED_NAMES and word in name for name in SHIPPED)
    ]
    words = words_of(file)
    told += [f"{where}:{words[id]}: {id}" for id in LOCAL if id in words and id not in ALLOWED and id not in SHIPPED]
    assert told == []


def test_each_word_that_is_allowed_is_some_charters_and_is_said():
    said = {word for file in SOURCES for word in words_of(file)}
    assert [word for word in ALLOWED if word not in LOCAL or word not in said] == []


@pytest.mark.parametrize("text", ["the party group", "检察官", "a Prosecutor", "wards", "Hospital"])
def test_the_words_that_tell_are_found(text: str):
    assert TELLING.search(text.lower())


@pytest.mark.parametrize("text", ["afterwards", "upward", "parties", "counterparties"])
def test_words_that_only_look_like_them_are_not(text: str):
    assert not TELLING.search(text)
