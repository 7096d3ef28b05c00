"""Definitions: every indicator of a shipped charter is sound, and what a charter could not say is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.workflow.indicators.known import CHARTER, START, definition
from workflow.charter.library import learn
from workflow.charter.loader import shipped
from workflow.entry import decode
from workflow.ids import IndicatorId
from workflow.indicators.colour import judge, target_to_date
from workflow.indicators.definitions import definition_of, plain, refuse_unsound
from workflow.indicators.events import IndicatorAdopted
from workflow.periods import Period
from workflow.slices import Refused


@pytest.mark.parametrize("name", ["procuratorate", "hospital"])
def test_every_indicator_of_a_shipped_charter_is_sound_and_can_be_judged(name: str) -> None:
    charter = learn(shipped(name))
    assert charter.indicators
    for indicator in charter.indicators:
        defined = definition_of(indicator)
        refuse_unsound(defined, charter)
        period = Period.containing(START, indicator.frequency)
        judge(Decimal(5), target_to_date(defined, defined.target, period), defined, START, charter, "")


@pytest.mark.parametrize("id", ["I01", "I03", "I06", "I08", "C1"])
def test_a_definition_is_stored_and_read_as_it_was(id: str) -> None:
    fact = IndicatorAdopted(IndicatorId(id), definition(id), START)
    stored = msgspec.json.Encoder(decimal_format="string").encode(fact)
    assert decode(fact.TOPIC, fact.VERSION, stored) == fact


@pytest.mark.parametrize(
    ("id", "changes", "names"),
    [
        ("I01", {"direction": "sideways"}, "direction"),
        ("I01", {"profile": "monthly"}, "profile"),
        ("I01", {"frequency": "weekly"}, "frequency"),
        ("I01", {"mode": "off"}, "mode"),
        ("I01", {"indicator_set": "nowhere"}, "indicator_sets.nowhere"),
        ("I01", {"measure": "furlongs"}, "measures.furlongs"),
        ("I01", {"name_en": ""}, "words.en"),
        ("I01", {"weight": Decimal(-1)}, "-1"),
        ("I01", {"weight": Decimal("NaN")}, "NaN"),
        ("I01", {"weight": Decimal("1E+30")}, "1E+30"),
        ("I01", {"target": None}, "target"),
        ("I01", {"scope": ()}, "no unit"),
        ("I01", {"yellow": "98"}, "no limit"),
        ("I01", {"yellow": ">98"}, "yellow"),
        ("I01", {"red": "<99"}, "red"),
        ("I01", {"reference_low": Decimal(1), "reference_high": Decimal(2)}, "reference"),
        ("I01", {"reference_low": Decimal(1)}, "reference"),
        ("I01", {"count_rule": True}, "count_rule"),
        ("I01", {"weights": (Decimal(1),) * 12}, "seasonal_weights"),
        ("I06", {"profile": "seasonal"}, "seasonal_weights"),
        ("I06", {"profile": "seasonal", "weights": (Decimal(0),) * 12}, "seasonal_weights"),
        ("I08", {"mode": "scored"}, "mode"),
        ("I08", {"reference_high": Decimal(70)}, "high"),
    ],
)
def test_what_a_charter_could_not_say_of_an_indicator_is_refused(id: str, changes: dict[str, Any], names: str) -> None:
    with pytest.raises(Refused) as refused:
        refuse_unsound(replace(definition(id), **changes), CHARTER)
    assert refused.value.code == "indicator.definition"
    assert names in refused.value.sentence


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("98.50", "98.50"),
        ("1E+2", "100"),
        ("0.000001", "0.000001"),
        ("999999999999", "999999999999"),
    ],
)
def test_a_number_is_kept_as_it_was_written_but_without_an_exponent(number: str, text: str) -> None:
    assert str(plain(Decimal(number), "number", "number")) == text


@pytest.mark.parametrize(
    "number", ["-1", "-0.1", "0.0000001", "1000000000000", "1E+12", "1E+999999", "1E-999999", "NaN", "sNaN", "Infinity"]
)
def test_a_number_that_is_too_long_or_none_at_all_is_refused(number: str) -> None:
    with pytest.raises(Refused, match=r"number\.odd"):
        plain(Decimal(number), "number.odd", "number")
