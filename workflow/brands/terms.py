"""What a year's cycle comes to by the charter: its score, when it is checked, and until when it holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from workflow.brands.tree import Place
from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.model import Charter
from workflow.charter.recognition import BrandRule
from workflow.rounding import half_up
from workflow.slices import Refused


def rule_of(charter: Charter) -> BrandRule:
    """Raises Refused if the charter has no brands."""
    if charter.brands is None:
        raise Refused("brand.charter", "The charter knows no brands.", "brand")
    return charter.brands


def score_of(totals: Sequence[Decimal]) -> Decimal:
    """The mean of the reviews, to two places, half up."""
    return half_up(sum(map(Fraction, totals), Fraction(0)) / len(totals), 2)


class Term(NamedTuple):
    """By when a brand is checked in mid-term, if it is; from when on that is yellow; before which day it holds."""

    check_due: date | None
    yellow_from: date | None
    until: date | None


def term_of(charter: Charter, year: int, effective: date, parent: Place | None) -> Term:
    """The term of a brand that is listed for a year from a day on. A child of the same year holds no longer than its
    parent."""
    rule, calendar = rule_of(charter), Calendar(charter)
    named = date(year, rule.check.month, rule.check.day)
    due: date | None = calendar.add(named - ONE_DAY, 1)
    if due is not None and due <= effective:
        due = None
    last = rule.renewed_by
    until = None if last is None else date(year + 1, last.month, last.day) + ONE_DAY
    if parent is not None and parent.year >= year and parent.span.until is not None:
        until = parent.span.until if until is None else min(until, parent.span.until)
    return Term(due, None if due is None else calendar.add(due, -rule.check.yellow_working_days), until)


def mending_yellow(charter: Charter, mend_by: date) -> date:
    """From when on what is to be mended is yellow."""
    return Calendar(charter).add(mend_by, -rule_of(charter).check.yellow_working_days)
