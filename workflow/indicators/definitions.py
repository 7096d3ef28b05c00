"""Definitions of indicators: made from a charter's, and held to what holds for a charter's own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from workflow.charter.checks import flaws_of_item
from workflow.charter.coherence import flaws_of_counts
from workflow.charter.measurement import Indicator
from workflow.charter.model import Charter
from workflow.ids import IndicatorId, UnitId
from workflow.indicators.colour import limit_of
from workflow.indicators.events import Definition
from workflow.slices import Refused


def definition_of(indicator: Indicator) -> Definition:
    """The definition that a charter gives of an indicator."""
    reference = indicator.reference
    return Definition(
        indicator_set=indicator.set,
        name_zh=indicator.words.zh,
        name_en=indicator.words.en,
        measure=indicator.measure,
        direction=indicator.direction,
        profile=indicator.profile,
        frequency=indicator.frequency,
        mode=indicator.mode,
        weight=indicator.weight,
        target=indicator.target,
        reference_low=reference.low if reference else None,
        reference_high=reference.high if reference else None,
        yellow=str(indicator.yellow or ""),
        red=str(indicator.red or ""),
        count_rule=indicator.count_rule,
        weights=indicator.seasonal_weights,
        scope=(*indicator.scope.units, *indicator.scope.unit_kinds),
        counts=indicator.counts.what if indicator.counts else "",
        kinds=indicator.counts.kinds if indicator.counts else (),
    )


def refuse_unsound(definition: Definition, charter: Charter) -> None:
    """Raises Refused("indicator.definition") for what `charter` could not say of an indicator of its own."""
    try:
        indicator = msgspec.convert(_as_in_a_charter(definition), Indicator)
        charter.indicator_set(indicator.set)
        charter.measure(indicator.measure)
    except KeyError as unknown:
        raise _unsound(f"the charter has no {unknown.args[0]}") from None
    except ValueError as error:  # msgspec's ValidationError is one
        raise _unsound(str(error)) from None
    if not definition.scope:
        raise _unsound("it concerns no unit and no kind of unit")
    for key, found, allowed in flaws_of_counts(charter, indicator.counts):
        raise _unsound(f"counts.{key}: found {found}; allowed: {allowed}")
    for item in (indicator, indicator.reference):
        for key, found, allowed in flaws_of_item(item) if item is not None else ():
            raise _unsound(f"{key}: found {found}; allowed: {allowed}")


def refuse_out_of_scope(indicator: IndicatorId, definition: Definition, unit: UnitId, unit_kind: str) -> None:
    """Raises Refused unless the indicator concerns the unit, by its id or by its kind."""
    if unit not in definition.scope and unit_kind not in definition.scope:
        raise Refused("indicator.scope", f"The indicator {indicator} does not concern the unit {unit}.", "unit")


def plain(number: Decimal, code: str, field: str) -> Decimal:
    """`number` without an exponent. Raises Refused(code) unless it is from 0 to below 10^12 with at most six decimals.

    That is what a charter's own numbers may be: sums and products of a few of them stay exact.
    """
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -6 or number < 0 or number.adjusted() >= 12:
        sentence = f"{number} is not a number from 0 to below 1,000,000,000,000 with at most six decimals."
        raise Refused(code, sentence, field)
    return Decimal(f"{number.copy_abs():f}")


def _as_in_a_charter(definition: Definition) -> dict[str, Any]:
    """The table that a charter would have for the indicator. Raises ValueError and Refused."""
    numbers = (definition.weight, definition.target, definition.reference_low, definition.reference_high)
    for number in (*numbers, *definition.weights):
        if number is not None:
            plain(number, "indicator.definition", "definition")
    low, high = definition.reference_low, definition.reference_high
    return {
        "id": "indicator",
        "set": definition.indicator_set,
        "words": {"zh": definition.name_zh, "en": definition.name_en},
        "measure": definition.measure,
        "direction": definition.direction,
        "profile": definition.profile,
        "frequency": definition.frequency,
        "mode": definition.mode,
        "weight": definition.weight,
        "scope": {"units": definition.scope},
        "target": definition.target,
        "reference": None if low is None and high is None else {"low": low, "high": high},
        "yellow": _limit(definition.yellow),
        "red": _limit(definition.red),
        "count_rule": definition.count_rule,
        "seasonal_weights": definition.weights,
        "counts": {"what": definition.counts, "kinds": definition.kinds} if definition.counts else None,
    }


def _limit(text: str) -> dict[str, Any] | None:
    limit = limit_of(text)
    return None if limit is None else {"comparator": limit.comparator, "value": limit.value}


def _unsound(why: str) -> Refused:
    return Refused("indicator.definition", f"An indicator cannot be defined so: {why}.", "definition")
