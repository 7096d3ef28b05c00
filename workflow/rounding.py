"""Points as people give them, and exact numbers rounded once and last: half up, to so many decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def half_up(number: Fraction, decimals: int) -> Decimal:
    """`number`, which is not negative, with exactly so many decimals."""
    scaled = number * 10**decimals
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-decimals)


def are_points(points: Decimal, at_most: Decimal) -> bool:
    """Whether points are 0 to `at_most`, with at most two decimals."""
    exponent = points.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -2 and 0 <= points <= at_most
