"""How the invented readings of an indicator run: drawn from ranges of values, the same every time."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import NamedTuple

YELLOW_SHARE, RED_SHARE = 0.06, 0.012

Range = tuple[str, str]
"""From one value to another, ends included, in steps of the last place they are written with."""


class Ranges(NamedTuple):
    """The values that are green, yellow and red."""

    green: Range
    yellow: Range
    red: Range


def drawn(ranges: Ranges, chance: random.Random) -> str:
    """A value: most are green, some yellow, few red."""
    share = chance.random()
    if share < RED_SHARE:
        low, high = ranges.red
    else:
        low, high = ranges.yellow if share < RED_SHARE + YELLOW_SHARE else ranges.green
    unit = Decimal(1).scaleb(int(Decimal(low).as_tuple().exponent))
    steps = int((Decimal(high) - Decimal(low)) / unit) + 1
    return str(Decimal(low) + int(chance.random() * steps) * unit)
