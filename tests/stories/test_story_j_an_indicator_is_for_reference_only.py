"""Story (j): a case indicator moves from `scored` to `reference_only`; what was scored before stays."""

from __future__ import annotations

from typing import Any

from tests.stories.assessing import (
    everything_is_decided_as_it_had_to_be,
    grades,
    opened,
    published,
    quarter_is_reported,
    scored,
)
from tests.stories.demonstration import Organisation


def test_an_indicator_for_reference_counts_no_more(organisation: Organisation):
    quarter_is_reported(organisation, "G3", "2025-Q2")
    organisation.on("2025-07-10")
    second = g3_is_assessed(organisation, "2025-Q2")
    before = organisation.look(second)
    i07_becomes_reference_only(organisation)
    quarter_is_reported(organisation, "G3", "2025-Q3")
    organisation.on("2025-10-13")
    third = g3_is_assessed(organisation, "2025-Q3")
    assert counted(organisation, second)["I07"] == ["2025-04", "2025-05", "2025-06"]
    assert "I07" not in counted(organisation, third)
    assert set(counted(organisation, second)) - {"I07"} == set(counted(organisation, third))
    after = organisation.look(second)
    assert (after["scores"], after["results"]) == (before["scores"], before["results"])
    everything_is_decided_as_it_had_to_be(organisation)
    organisation.look_again()


def g3_is_assessed(at: Organisation, quarter: str) -> str:
    one, subjects = opened(at, "departments", "G3", quarter)
    assert subjects == ["G3"]
    scored(at, one, "G3", "9")
    published(at, one)
    assert grades(at, one) == {"G3": "excellent"}
    return one


def counted(at: Organisation, one: str) -> dict[str, list[str]]:
    """The periods of the readings that counted, by indicator."""
    score: Any = at.look(f"{one}/subjects/G3")["score"]
    return {each["indicator"]: [reading[0] for reading in each["readings"]] for each in score["counted"]}


def i07_becomes_reference_only(at: Organisation) -> None:
    at.on("2025-07-14")
    definition = at.look("/v1/indicators/I07")["item"]["definition"] | {"mode": "reference_only"}
    body = {"definition": definition, "effective": at.today, "reason": "The national ranking was withdrawn."}
    at.done("/v1/indicators/I07/amend", body, role="assessor", second="supervisor")
    assert at.look("/v1/indicators/I07")["item"]["definition"]["mode"] == "reference_only"
