"""Whatever is done to a charter's text, reading it gives a charter or a CharterError, never another exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.charter import SHIPPED, Charter, CharterError, parse, shipped

LINES = {name: shipped(name).split("\n") for name in SHIPPED}
VALUES = [
    *("true", "-1", "0", "1.5", "99999", "nan", "-inf", "1e400", "0x" + "f" * 300, "1979-05-27", "07:32:00"),
    *('""', '"x"', '"<1"', '"\\u0000"', "[]", "[[]]", "[{}]", '["x", 1]', "{}", '{ id = "x" }', "1979-05-27T07:32:00Z"),
]


def read(text: str) -> None:
    try:
        outcome: Charter | CharterError = parse(text, "fuzz")
    except CharterError as error:
        outcome = error
    if isinstance(outcome, CharterError):
        assert outcome.problems
        assert all(problem.found and problem.allowed for problem in outcome.problems)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SHIPPED), st.data())
def test_any_value_at_any_key(name, data):
    """Other values of right TOML, so that the reading goes deep."""
    lines = list(LINES[name])
    keyed = [n for n, line in enumerate(lines) if " = " in line]
    for n in data.draw(st.lists(st.sampled_from(keyed), min_size=1, max_size=6)):
        lines[n] = lines[n].split(" = ")[0] + " = " + data.draw(st.sampled_from(VALUES))
    read("\n".join(lines))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SHIPPED), st.data())
def test_lines_dropped_doubled_and_moved(name, data):
    lines = list(LINES[name])
    places = st.integers(0, len(lines) - 1)
    for n in data.draw(st.lists(places, min_size=1, max_size=8)):
        line = lines[min(n, len(lines) - 1)]
        match data.draw(st.sampled_from(("drop", "double", "move"))):
            case "drop":
                del lines[min(n, len(lines) - 1)]
            case "double":
                lines.insert(n, line)
            case _:
                lines.insert(data.draw(places), lines.pop(min(n, len(lines) - 1)))
    read("\n".join(lines))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SHIPPED), st.integers(0, 20_000), st.integers(0, 40), st.text(max_size=20))
def test_any_text_in_any_place(name, start, length, inserted):
    text = shipped(name)
    read(text[:start] + inserted + text[start + length :])


@pytest.mark.parametrize("name", SHIPPED)
def test_a_line_left_out(name):
    for n in range(0, len(LINES[name]), 9):
        read("\n".join(LINES[name][:n] + LINES[name][n + 1 :]))
