"""Ids, and the tags that are made from them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.entry import is_tag
from workflow.ids import KINDS, PersonId, PostId, UnitId, id_fields, is_id, tag, tags_of


@dataclass
class Appointed:
    person: PersonId
    name: str
    post: PostId
    deputy: PersonId | None = None
    units: tuple[UnitId, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)


@pytest.mark.parametrize("text", ["P007", "a", "0", "G3-HEAD", "a.b_c-d", "x" * 80])
def test_an_id_is_letters_digits_dots_dashes_and_underscores(text):
    assert is_id(text)
    assert tag("person", text) == f"person:{text}"


@pytest.mark.parametrize(
    "text", ["", " ", "-a", ".a", "_a", "a b", "a:b", "a/b", "a\n", "张三", "é", "x" * 81, "\u0661", "a\x00"]
)
def test_anything_else_is_no_id_and_makes_no_tag(text):
    assert not is_id(text)
    with pytest.raises(ValueError, match="person id"):
        tag("person", text)


def test_the_tags_of_a_thing_are_those_of_its_ids_in_their_order():
    assert tags_of(Appointed(PersonId("P1"), "王芳", PostId("X1"))) == ["person:P1", "post:X1"]


def test_a_field_may_hold_several_ids_or_none_and_each_tag_is_there_once():
    appointed = Appointed(PersonId("P1"), "", PostId("X1"), PersonId("P1"), (UnitId("U2"), UnitId("U1"), UnitId("U2")))
    assert tags_of(appointed) == ["person:P1", "post:X1", "unit:U2", "unit:U1"]
    assert id_fields(Appointed) == (
        ("person", "person", False),
        ("post", "post", False),
        ("deputy", "person", False),
        ("units", "unit", True),
    )


def test_a_malformed_id_makes_no_tags():
    with pytest.raises(ValueError, match="well-formed unit id"):
        tags_of(Appointed(PersonId("P1"), "", PostId("X1"), units=(UnitId("U1"), UnitId("no unit"))))


def test_every_kind_of_id_has_a_name_of_its_own():
    assert len(set(KINDS.values())) == len(KINDS)


@given(st.sampled_from(sorted(KINDS.values())), st.text(max_size=12) | st.from_regex(r"[a-zA-Z0-9._-]+"))
def test_every_tag_can_be_taken_apart_again_and_is_fit_for_the_log(kind, value):
    if is_id(value):
        made = tag(kind, value)
        assert is_tag(made)
        assert made.split(":", 1) == [kind, value]
