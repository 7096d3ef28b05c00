"""Exact numbers, rounded once and last: half up, to so many decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def half_up(number: Fraction, decimals: int) -> Decimal:
    """`number`, which is not negative, with exactly so many decimals."""
    scaled = number * 10**decimals
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-decimals)
