"""Colours: each rule at its boundaries, and what holds for every value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.workflow.indicators.known import CHARTER, START, TEXT, definition
from workflow.charter.loader import digest
from workflow.indicators.colour import (
    attainment,
    colour_of_missing,
    judge,
    limit_of,
    rejudge,
    target_to_date,
    warns,
    worse,
)
from workflow.indicators.events import Definition, Judgement
from workflow.periods import Period

numbers = st.decimals(0, 10**12 - 1, places=6) | st.decimals(0, 200, places=2) | st.integers(0, 5).map(Decimal)
pace = definition("I06")
fewer = replace(pace, direction="lower", profile="each")
defined = st.sampled_from([definition(id.id) for id in CHARTER.indicators] + [pace, fewer])


def judged(value: Decimal | str, target: Decimal | str | None, by: Definition) -> Judgement:
    asked = None if target is None else Decimal(target)
    return judge(Decimal(value), asked, by, START, CHARTER, digest(TEXT))


@pytest.mark.parametrize(
    ("value", "target", "direction", "expected"),
    [
        ("95", "100", "higher", "0.9500"),
        ("25", "32", "lower", "1.2800"),
        ("1", "3", "higher", "0.3333"),
        ("2", "3", "higher", "0.6667"),
        ("0.00005", "1", "higher", "0.0000"),  # a half goes to the even neighbour
        ("0.00015", "1", "higher", "0.0002"),
        ("0", "0", "higher", "1.0000"),
        ("0", "0", "lower", "1.0000"),
        ("0", "5", "higher", "0.0000"),
        ("5", "0", "lower", "0.0000"),
        ("5", "0", "higher", None),
        ("0", "5", "lower", None),
    ],
)
def test_attainment_is_value_by_target_or_target_by_value(
    value: str, target: str, direction: str, expected: str | None
) -> None:
    got = attainment(Decimal(value), Decimal(target), direction)
    assert str(got) == str(expected)


@pytest.mark.parametrize(
    ("value", "colour", "by"),
    [
        ("38.1", "green", "green >=0.95"),
        ("38", "green", "green >=0.95"),
        ("37.999999", "yellow", "yellow >=0.80"),
        ("32", "yellow", "yellow >=0.80"),
        ("31.999999", "red", "red <0.80"),
        ("0", "red", "red <0.80"),
    ],
)
def test_more_is_better_green_from_95_percent_of_the_target_yellow_from_80(value: str, colour: str, by: str) -> None:
    judgement = judged(value, "40", pace)
    assert (judgement.colour, judgement.rule, judgement.decided_by) == (colour, "attainment", by)


@pytest.mark.parametrize(
    ("value", "colour"),
    [("0", "green"), ("100", "green"), ("100.01", "yellow"), ("118.75", "yellow"), ("118.76", "red")],
)
def test_less_is_better_green_while_the_target_is_95_percent_of_the_value_yellow_while_80(
    value: str, colour: str
) -> None:
    assert judged(value, "95", fewer).colour == colour


def test_a_colour_is_decided_before_anything_is_rounded() -> None:
    judgement = judged("94.999999", "100", pace)
    assert (judgement.attainment, judgement.colour) == (Decimal("0.9500"), "yellow")


@pytest.mark.parametrize(
    ("value", "colour", "by"),
    [
        ("98", "green", "green not <98"),
        ("97.999999", "yellow", "yellow <98"),
        ("93", "yellow", "yellow <98"),
        ("92.999999", "red", "red <93"),
    ],
)
def test_limits_on_the_value_go_before_the_attainment(value: str, colour: str, by: str) -> None:
    judgement = judged(value, "98", definition("I01"))
    assert (judgement.colour, judgement.rule, judgement.decided_by) == (colour, "limits", by)


@pytest.mark.parametrize(("value", "colour"), [("28", "green"), ("28.1", "yellow"), ("32", "yellow"), ("32.1", "red")])
def test_limits_of_an_indicator_where_less_is_better_face_the_other_way(value: str, colour: str) -> None:
    assert judged(value, "25", definition("I07")).colour == colour


@pytest.mark.parametrize(("value", "colour", "by"), [("0", "green", "green not >=1"), ("1", "red", "red >=1")])
def test_limits_go_before_the_count_rule(value: str, colour: str, by: str) -> None:
    judgement = judged(value, "0", definition("I03"))
    assert (judgement.colour, judgement.rule, judgement.decided_by) == (colour, "limits", by)


@pytest.mark.parametrize(
    ("value", "colour", "by"),
    [("0", "green", "green <=0"), ("1", "yellow", "yellow <=1"), ("2", "red", "red >1"), ("99", "red", "red >1")],
)
def test_where_the_target_is_0_the_count_decides(value: str, colour: str, by: str) -> None:
    for counted in (replace(definition("I03"), red=""), fewer):
        judgement = judged(value, "0", counted)
        assert (judgement.colour, judgement.rule, judgement.decided_by) == (colour, "count", by)


def test_where_more_is_better_and_nothing_is_asked_yet_all_is_green() -> None:
    assert {judged(value, "0", pace).colour for value in ("0", "1", "100")} == {"green"}


@pytest.mark.parametrize(
    ("value", "by"),
    [("79.9", "outside 80–90"), ("80", "within 80–90"), ("90", "within 80–90"), ("90.1", "outside 80–90")],
)
def test_a_reference_range_judges_nothing(value: str, by: str) -> None:
    judgement = judged(value, None, definition("I08"))
    assert (judgement.colour, judgement.rule, judgement.decided_by) == ("none", "reference", by)
    assert judgement.attainment is None
    assert not warns(judgement.colour)


@pytest.mark.parametrize("value", ["0", "50", "1000"])
def test_an_indicator_for_reference_only_is_not_judged_whatever_its_limits(value: str) -> None:
    for id in ("I01", "I03", "I06"):
        judgement = judged(value, "98", replace(definition(id), mode="reference_only"))
        assert (judgement.colour, judgement.rule) == ("none", "reference")


def test_an_indicator_that_only_warns_is_judged_as_one_that_is_scored() -> None:
    assert judged("50", "98", replace(definition("I01"), mode="warning_only")).colour == "red"


def test_without_limits_count_rule_and_target_there_is_no_colour() -> None:
    with pytest.raises(ValueError, match="needs a target"):
        judged("5", None, pace)


@given(defined, numbers, numbers, numbers)
def test_a_better_value_never_gets_a_worse_colour(
    by: Definition, target: Decimal, one: Decimal, other: Decimal
) -> None:
    assume(by.direction != "reference")
    better, poorer = (
        (max(one, other), min(one, other)) if by.direction == "higher" else (min(one, other), max(one, other))
    )
    assert not worse(judged(better, target, by).colour, judged(poorer, target, by).colour)


@given(defined, numbers, numbers)
def test_a_judgement_can_be_made_again_from_what_it_records(by: Definition, target: Decimal, value: Decimal) -> None:
    judgement = judged(value, None if by.direction == "reference" else target, by)
    assert rejudge(judgement, CHARTER) == judgement


@given(numbers, numbers, st.sampled_from([pace, fewer]))
def test_the_arithmetic_of_the_thread_does_not_matter(value: Decimal, target: Decimal, by: Definition) -> None:
    before = judged(value, target, by)
    with localcontext(prec=2):
        assert judged(value, target, by) == before


@pytest.mark.parametrize(
    ("profile", "period", "expected"),
    [
        ("each", "2025-01", "20"),
        ("linear", "2025-01", "1.6667"),
        ("linear", "2025-02", "3.3333"),
        ("linear", "2025-12", "20.0000"),
        ("linear", "2025-Q1", "5.0000"),
        ("quarterly", "2025-02", "0.0000"),
        ("quarterly", "2025-03", "5.0000"),
        ("quarterly", "2025-05", "5.0000"),
        ("quarterly", "2025-Q4", "20.0000"),
        ("seasonal", "2025-01", "0.0000"),
        ("seasonal", "2025-02", "4.0000"),
        ("seasonal", "2025-Q2", "8.0000"),
        ("seasonal", "2025-12", "20.0000"),
    ],
)
def test_the_target_to_date_follows_the_profile(profile: str, period: str, expected: str) -> None:
    weights = tuple(map(Decimal, (0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1))) if profile == "seasonal" else ()
    by = replace(pace, profile=profile, weights=weights)
    assert str(target_to_date(by, Decimal(20), Period.parse(period))) == expected


def test_without_a_target_there_is_none_to_date() -> None:
    assert target_to_date(definition("I08"), None, Period.parse("2025-01")) is None


@given(
    st.sampled_from(["linear", "quarterly", "seasonal"]),
    st.lists(st.integers(0, 9), min_size=12, max_size=12).filter(any),
    numbers,
)
def test_the_target_to_date_never_falls_and_is_the_whole_at_the_end_of_the_year(
    profile: str, weights: list[int], target: Decimal
) -> None:
    by = replace(pace, profile=profile, weights=tuple(map(Decimal, weights)))
    course = [target_to_date(by, target, Period("monthly", 2025, month)) for month in range(1, 13)]
    known = [each for each in course if each is not None]
    assert len(known) == 12
    assert known == sorted(known)
    assert abs(known[-1] - target) <= Decimal("0.00005")


@dataclass
class Written:
    text: str
    reached: str
    missed: str


@pytest.mark.parametrize(
    "limit",
    [
        Written("<98", "97.9", "98"),
        Written("<=98", "98", "98.1"),
        Written(">1.5", "1.6", "1.5"),
        Written(">=1", "1", "0"),
    ],
)
def test_a_limit_is_read_as_a_charter_writes_it(limit: Written) -> None:
    read = limit_of(limit.text)
    assert read is not None
    assert str(read) == limit.text
    assert read.reached_by(Decimal(limit.reached))
    assert not read.reached_by(Decimal(limit.missed))


@pytest.mark.parametrize("text", ["98", "=98", "< 98 ", "<1e3", "<", "<98<", "≤98", "<NaN"])
def test_what_is_no_limit_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="is no limit"):
        limit_of(text)


def test_a_missing_reading_is_yellow_from_the_first_working_day_after_it_was_due_and_red_from_the_third() -> None:
    due = date(2025, 6, 5)  # a Thursday
    days = {5: "none", 6: "yellow", 8: "yellow", 9: "yellow", 10: "red", 30: "red"}
    by = definition("I01")
    assert {day: colour_of_missing(by, due, date(2025, 6, day), CHARTER) for day in days} == days
    assert colour_of_missing(replace(by, mode="reference_only"), due, date(2025, 6, 30), CHARTER) == "none"


def test_the_order_of_colours() -> None:
    assert worse("red", "yellow")
    assert worse("yellow", "green")
    assert worse("yellow", "none")
    assert not worse("green", "none")
    assert not worse("red", "red")
    assert [colour for colour in ("none", "green", "yellow", "red") if warns(colour)] == ["yellow", "red"]


def test_a_judgement_names_the_rules_it_was_made_by() -> None:
    judgement = judged("38", "40", pace)
    assert (judgement.charter, judgement.charter_digest) == (CHARTER.version, digest(TEXT))
    assert (judgement.definition, judgement.definition_from) == (pace, START)
    assert (judgement.value, judgement.target, judgement.attainment) == (Decimal(38), Decimal(40), Decimal("0.95"))
