"""The read models: what is known, by subject. Each module declares its tables and handlers."""

from __future__ import annotations

from collections.abc import Sequence

from projections.facts import ReadModel
from projections.models import (
    assessments,
    case_teams,
    charters,
    cycles,
    duties,
    indicators,
    people,
    plans,
    reports,
    responsibility,
    warnings,
)

MODELS: Sequence[ReadModel] = (
    charters.MODEL,
    responsibility.MODEL,
    people.MODEL,
    indicators.MODEL,
    warnings.MODEL,
    plans.MODEL,
    duties.MODEL,
    reports.MODEL,
    cycles.MODEL,
    assessments.MODEL,
    case_teams.MODEL,
)
