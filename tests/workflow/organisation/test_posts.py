"""Posts stand in units of the right kind, and end only when nobody holds them."""

from __future__ import annotations

from datetime import date

from tests.given import TODAY, given
from tests.workflow.organisation.happened import BUSINESS, PARTY, appointed, person, post, unit
from workflow.ids import PostId, UnitId
from workflow.organisation.events import PostAbolished, PostDutiesSet, UnitDissolved
from workflow.organisation.posts import AbolishPost, EstablishPost, SetPostDuties

JULY = date(2025, 7, 1)
AUGUST = date(2025, 8, 1)

DEPUTY = post("DCP-D1", "DCP", "deputy_chief")


def establish(
    id: str = "G6-HEAD",
    unit: str = "G6",
    kind: str = "department_head",
    title: str = "主任",
    seats: int | None = None,
    effective: date = TODAY,
) -> EstablishPost:
    return EstablishPost(
        post=PostId(id), unit=UnitId(unit), kind=kind, title_zh=title, seats=seats, effective=effective
    )


def abolish(id: str, effective: date = TODAY) -> AbolishPost:
    return AbolishPost(post=PostId(id), effective=effective)


def set_duties(*units: str, post: str = "DCP-D1", effective: date = TODAY) -> SetPostDuties:
    return SetPostDuties(post=PostId(post), units=tuple(UnitId(unit) for unit in units), effective=effective)


def duties(*units: str, effective: date = TODAY) -> PostDutiesSet:
    return PostDutiesSet(PostId("DCP-D1"), tuple(UnitId(unit) for unit in units), effective)


def test_a_post_has_the_seats_that_its_kind_has_unless_others_are_given():
    answer = given(*BUSINESS).when(establish())
    assert [fact.seats for fact in answer.facts] == [1]  # type: ignore[attr-defined]
    answer = given(*BUSINESS).when(establish(seats=3))
    assert [fact.seats for fact in answer.facts] == [3]  # type: ignore[attr-defined]
    given(*BUSINESS).when(establish(seats=0)).refused("post.seats")


def test_a_post_stands_only_in_a_unit_of_a_kind_that_has_such_posts():
    given(*BUSINESS, *PARTY).when(establish(unit="PG6")).refused("post.unit_kind")


def test_a_post_of_a_kind_the_charter_does_not_know_is_refused():
    given(*BUSINESS).when(establish(kind="nurse")).refused("post.kind")


def test_a_post_id_is_not_used_twice():
    given(*BUSINESS, post("G6-HEAD", "G6", "handler")).when(establish()).refused("post.exists")


def test_a_post_needs_a_title():
    given(*BUSINESS).when(establish(title=" ")).refused("post.untitled")


def test_a_post_is_there_only_while_its_unit_is():
    given(*BUSINESS).when(establish(unit="G9")).refused("unit.unknown")
    given(unit("G6", "department", "DCP", AUGUST)).when(establish(effective=JULY)).refused("unit.not_yet")
    gone = (*BUSINESS, UnitDissolved(UnitId("G6"), AUGUST))
    given(*gone).when(establish(effective=JULY)).refused("unit.dissolved")


def test_a_post_is_abolished():
    given(*BUSINESS, post("G6-H1", "G6", "handler")).when(abolish("G6-H1")).then(
        PostAbolished(PostId("G6-H1"), UnitId("G6"), TODAY)
    )


def test_a_post_is_not_abolished_while_somebody_holds_it():
    held = (post("G6-H1", "G6", "handler"), person("P1"))
    given(*BUSINESS, *held, appointed("A1", "P1", "G6-H1", AUGUST)).when(abolish("G6-H1", JULY)).refused("post.held")
    given(*BUSINESS, *held, appointed("A1", "P1", "G6-H1", until=JULY)).when(abolish("G6-H1", JULY)).then(
        PostAbolished(PostId("G6-H1"), UnitId("G6"), JULY)
    )


def test_a_post_is_not_abolished_twice_nor_before_it_is_there():
    handler = post("G6-H1", "G6", "handler", since=AUGUST)
    given(*BUSINESS, handler).when(abolish("G6-H1", JULY)).refused("post.not_yet")
    gone = PostAbolished(PostId("G6-H1"), UnitId("G6"), AUGUST)
    given(*BUSINESS, handler, gone).when(abolish("G6-H1", AUGUST)).refused("post.abolished")
    given(*BUSINESS).when(abolish("G6-H1")).refused("post.unknown")


def test_an_overseer_answers_for_the_units_that_are_set():
    given(*BUSINESS, DEPUTY).when(set_duties("G6", "G7")).then(duties("G6", "G7"))
    given(*BUSINESS, DEPUTY, duties("G6", "G7")).when(set_duties()).then(duties())


def test_only_an_overseers_post_answers_for_other_units():
    given(*BUSINESS, post("G6-HEAD", "G6", "department_head")).when(set_duties("G7", post="G6-HEAD")).refused(
        "post.not_overseer"
    )


def test_duties_name_units_that_are_there_each_once():
    given(*BUSINESS, DEPUTY).when(set_duties("G6", "G9")).refused("unit.unknown")
    given(*BUSINESS, DEPUTY).when(set_duties("G6", "G6")).refused("post.duty_twice")


def test_duties_are_not_set_before_those_set_last_nor_to_the_same():
    given(*BUSINESS, DEPUTY, duties("G6", effective=AUGUST)).when(set_duties("G7", effective=JULY)).refused(
        "post.order"
    )
    given(*BUSINESS, DEPUTY, duties("G6", "G7")).when(set_duties("G7", "G6")).refused("post.same_duties")
