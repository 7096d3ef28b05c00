"""Two at once: of two umbrellas one is listed, and nobody is listed below what is retired at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.workflow.brands.known import TWO, B, S, U, apply, list_, retire, review
from tests.workflow.brands.lived import FIRST, house, of_a_year
from tests.workflow.clock.house import Institution
from tests.workflow.desk import Meddled
from tests.workflow.duties.known import ORGAN
from workflow.brands.tree import BrandTree
from workflow.ids import BrandId
from workflow.slices import Command, Context, Refused
from workflow.writer import Writer

OTHER = BrandId("V")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Institution]:
    place = house(tmp_path)
    yield place
    place.close()


def while_another(place: Institution, meddle: Callable[[], object], command: Command) -> None:
    """Somebody decides; before it is recorded, something else is."""
    first = iter([meddle])
    log = Meddled(place.log, before=lambda: next(first, lambda: None)())
    writer = Writer(log, place.writer.keys, place.writer.journal)  # type: ignore[arg-type]  # it stands in for a log
    writer.handle(command, Context(actor="C2", command_id="second", today=FIRST, reason="So decided."))


def reviewed(place: Institution, brand: BrandId, like: BrandId) -> None:
    fact = apply(like)
    place.do(apply(brand, unit=fact.unit, level=fact.level, parent=fact.parent, effective=FIRST))
    for reviewer in (TWO, ORGAN):
        place.do(review(brand, reviewer=reviewer, effective=FIRST))


def standing(place: Institution) -> set[str]:
    tree = BrandTree()
    for fact in place.facts():
        if type(fact) in BrandTree.listens_to():
            tree.note(fact)
    return set(tree.on(FIRST))


def test_of_two_umbrellas_that_are_listed_at_once_one_is_refused(place: Institution):
    reviewed(place, U, U)
    reviewed(place, OTHER, U)
    with pytest.raises(Refused, match=r"brand\.too_many"):
        while_another(place, lambda: place.do(list_(U)), list_(OTHER))
    assert standing(place) == {U}


def test_nobody_is_listed_below_a_brand_that_is_retired_at_the_same_moment(place: Institution):
    for brand in (U, S):
        for command in of_a_year(brand, 2025, FIRST):
            place.do(command)
    reviewed(place, B, B)
    with pytest.raises(Refused, match=r"brand\.parent_not_listed"):
        while_another(place, lambda: place.do(retire(S), reason="Over."), list_(B))
    assert standing(place) == {U}


def test_nobody_retires_a_brand_below_which_another_is_listed_at_the_same_moment(place: Institution):
    for brand in (U, S):
        for command in of_a_year(brand, 2025, FIRST):
            place.do(command)
    reviewed(place, B, B)
    with pytest.raises(Refused, match=r"brand\.children"):
        while_another(place, lambda: place.do(list_(B)), retire(S))
    assert standing(place) == {U, S, B}
